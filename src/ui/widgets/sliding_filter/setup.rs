//! The settings of a sliding filter, which live in the page's address.

use crate::ui::digits::SIDE;
use crate::ui::routes::Query;
use crate::ui::widgets::kernel_editor::Kernel;
use crate::ui::widgets::size_formula::{Axis, PadChoice};

use super::state::SlidingFilterState;

/// What the reader has chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    /// The digit, 0..=9.
    pub class: usize,
    /// The weights.
    pub kernel: Kernel,
    /// The padding.
    pub padding: PadChoice,
    /// The stride, 1..=4.
    pub stride: usize,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { class: 5, kernel: Kernel::default(), padding: PadChoice::Valid, stride: 1 }
    }
}

/// Where the window stands at first: in the middle of the map, where there is ink.
const FIRST_SHARE: f64 = 0.45;

impl Setup {
    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (Setup, Vec<&'static str>) {
        let mut setup = Setup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        let within = |text: &str, least: usize, most: usize| {
            text.parse().ok().filter(|number| (least..=most).contains(number))
        };
        read("digit", &mut |text| within(text, 0, 9).map(|class| setup.class = class));
        read("stride", &mut |text| within(text, 1, 4).map(|stride| setup.stride = stride));
        read("padding", &mut |text| PadChoice::from_name(text).map(|padding| setup.padding = padding));
        read("kernel", &mut |text| Kernel::from_text(text).map(|kernel| setup.kernel = kernel));
        (setup, bad)
    }

    /// The address's form, with the window's position.
    pub fn to_query(self, position: usize) -> Query {
        Query::default()
            .with("digit", &self.class)
            .with("kernel", &self.kernel.to_text())
            .with("padding", &self.padding.name())
            .with("stride", &self.stride)
            .with("at", &position)
    }

    /// The position in the address, or a place where the first picture has something to show.
    pub fn position(self, query: &Query) -> usize {
        let output = self.axis().output();
        let first = ((output as f64 * FIRST_SHARE) as usize) * output + output / 2;
        query.parse("at").unwrap_or(first).min((output * output).saturating_sub(1))
    }

    /// The image's axes.
    pub fn axis(self) -> Axis {
        Axis { length: SIDE, stride: self.stride, padding: self.padding }
    }

    /// Everything that follows.
    pub fn computed(self) -> SlidingFilterState {
        SlidingFilterState::new(self.class, self.kernel, self.axis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        let setup = Setup { class: 8, padding: PadChoice::Cells(3), stride: 4, ..Setup::default() };
        let query = setup.to_query(17);
        assert_eq!(Setup::from_query(&query), (setup, vec![]));
        assert_eq!(setup.position(&query), 17);
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let query =
            Location::parse("#/convolution?digit=12&stride=0&padding=9&kernel=x&at=99999&other=1").query;
        let (setup, bad) = Setup::from_query(&query);
        assert_eq!(setup, Setup::default());
        assert_eq!(bad, ["digit", "stride", "padding", "kernel"]);
        assert_eq!(setup.position(&query), 575);
    }

    #[test]
    fn the_first_picture_has_ink_under_the_window() {
        let (setup, _) = Setup::from_query(&Query::default());
        let products = setup.computed().products(setup.position(&Query::default()));
        assert!(products.window.iter().sum::<f32>() > 1.0);
        assert!(products.sum.abs() > 0.5);
    }
}
