//! The settings, which live in the page's address.

use crate::engine::layers::{Conv2dSpec, LayerSpec, Padding};
use crate::ui::pages::chain::{padding_name, padding_of};
use crate::ui::routes::Query;
use crate::ui::widgets::number_grid::NumberGrid;

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The gradients of a convolution.
    Gradients,
    /// The transposed convolution.
    Transposed,
}

/// What the reader has chosen. Windows move alike along both axes.
#[derive(Clone, Debug, PartialEq)]
pub struct BackSetup {
    /// What is shown.
    pub view: View,
    /// What goes into the layer.
    pub input: NumberGrid,
    /// Its weights, at most [`BackSetup::MAX_KERNEL`] to a side.
    pub kernel: NumberGrid,
    /// The gradient of the output; ones if none is given.
    pub sent: Option<NumberGrid>,
    /// Cells that the window moves by, 1..=[`BackSetup::MAX_STEP`].
    pub strides: usize,
    /// Cells from one weight to the next, in the same range; the transposed convolution has none.
    pub dilation_rate: usize,
    /// The padding.
    pub padding: Padding,
}

impl Default for BackSetup {
    fn default() -> BackSetup {
        let rows = [[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 2.0]];
        BackSetup {
            view: View::Gradients,
            input: NumberGrid::new(4, rows.concat()),
            kernel: NumberGrid::new(2, vec![1.0, -1.0, 2.0, 0.5]),
            sent: None,
            strides: 1,
            dilation_rate: 1,
            padding: Padding::Valid,
        }
    }
}

impl BackSetup {
    /// Rows and columns of a kernel, at most.
    pub const MAX_KERNEL: usize = 5;
    /// The largest stride and dilation.
    pub const MAX_STEP: usize = 4;

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (BackSetup, Vec<&'static str>) {
        let mut setup = BackSetup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        let step =
            |text: &str| text.parse().ok().filter(|step: &usize| (1..=BackSetup::MAX_STEP).contains(step));
        read("view", &mut |text| {
            setup.view = match text {
                "gradients" => View::Gradients,
                "transposed" => View::Transposed,
                _ => return None,
            };
            Some(())
        });
        read("input", &mut |text| NumberGrid::from_text(text).map(|grid| setup.input = grid));
        read("kernel", &mut |text| {
            let kernel = NumberGrid::from_text(text);
            let fits = |kernel: &NumberGrid| kernel.rows.max(kernel.cols) <= BackSetup::MAX_KERNEL;
            kernel.filter(fits).map(|kernel| setup.kernel = kernel)
        });
        read("sent", &mut |text| {
            setup.sent = if text == "ones" { None } else { Some(NumberGrid::from_text(text)?) };
            Some(())
        });
        read("strides", &mut |text| step(text).map(|step| setup.strides = step));
        read("dilation_rate", &mut |text| step(text).map(|step| setup.dilation_rate = step));
        read("padding", &mut |text| padding_of(text).map(|padding| setup.padding = padding));
        (setup, bad)
    }

    /// The address's form, with the window's position and the weight that is looked at.
    pub fn to_query(&self, position: usize, weight: usize) -> Query {
        let sent = self.sent.as_ref().map_or("ones".into(), NumberGrid::to_text);
        Query::default()
            .with("view", &self.view_name())
            .with("input", &self.input.to_text())
            .with("kernel", &self.kernel.to_text())
            .with("sent", &sent)
            .with("strides", &self.strides)
            .with("dilation_rate", &self.dilation_rate)
            .with("padding", &self.padding_name())
            .with("weight", &weight)
            .with("at", &position)
    }

    /// The view's name in the address.
    pub fn view_name(&self) -> &'static str {
        match self.view {
            View::Gradients => "gradients",
            View::Transposed => "transposed",
        }
    }

    /// `valid` or `same`.
    pub fn padding_name(&self) -> &'static str {
        padding_name(self.padding)
    }

    /// The engine's layer.
    pub fn spec(&self) -> LayerSpec {
        Conv2dSpec {
            filters: 1,
            kernel_size: [self.kernel.rows, self.kernel.cols],
            strides: [self.strides; 2],
            dilation_rate: [self.dilation_rate; 2],
            padding: self.padding,
            use_bias: false,
            ..Conv2dSpec::default()
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        let setup = BackSetup {
            view: View::Transposed,
            sent: Some(NumberGrid::new(2, vec![1.0, -2.0])),
            strides: 2,
            dilation_rate: 3,
            padding: Padding::Same,
            ..BackSetup::default()
        };
        assert_eq!(BackSetup::from_query(&setup.to_query(3, 1)), (setup, vec![]));
        let setup = BackSetup::default();
        assert_eq!(BackSetup::from_query(&setup.to_query(0, 0)), (setup, vec![]));
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let text =
            "#/backwards?view=up&input=1,2~3&kernel=1,2,3,4,5,6&sent=x&strides=0&dilation_rate=5&padding=no";
        let (setup, bad) = BackSetup::from_query(&Location::parse(text).query);
        assert_eq!(setup, BackSetup::default());
        assert_eq!(bad, ["view", "input", "kernel", "sent", "strides", "dilation_rate", "padding"]);
    }
}
