//! What is looked at: a window, a pixel or a weight; and what of the maps is known so far.

use std::collections::BTreeSet;

use crate::ui::convolution::{Axis, Computed, Source};
use crate::ui::scene::ColorMap;
use crate::ui::walk::Move;
use crate::ui::widgets::number_grid::scale_of;

/// What the reader looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Spot {
    /// The window where it stands, and the cell that it writes.
    #[default]
    Window,
    /// A cell of the padded image, and every output that it goes into.
    Pixel([usize; 2]),
    /// A weight, and every pixel that it multiplies.
    Weight([usize; 2]),
}

impl Spot {
    /// The form in the address.
    pub fn to_text(self) -> String {
        match self {
            Spot::Window => "window".into(),
            Spot::Pixel([row, col]) => format!("pixel-{}-{}", row + 1, col + 1),
            Spot::Weight([row, col]) => format!("weight-{}-{}", row + 1, col + 1),
        }
    }

    /// Reads [`Spot::to_text`].
    pub fn from_text(text: &str) -> Option<Spot> {
        let place = |text: &str| {
            let (row, col) = text.split_once('-')?;
            let number = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
            Some([number(row)?, number(col)?])
        };
        if let Some(text) = text.strip_prefix("pixel-") {
            return place(text).map(Spot::Pixel);
        }
        if let Some(text) = text.strip_prefix("weight-") {
            return place(text).map(Spot::Weight);
        }
        (text == "window").then_some(Spot::Window)
    }

    /// Rows and columns among which it moves.
    fn room(self, computed: &Computed) -> [usize; 2] {
        match self {
            Spot::Window => computed.output(),
            Spot::Pixel(_) => computed.axes.map(Axis::padded),
            Spot::Weight(_) => computed.setup.layer.kernel_size,
        }
    }

    /// The nearest such place that there is.
    #[must_use]
    pub fn within(self, computed: &Computed) -> Spot {
        let [rows, cols] = self.room(computed).map(|cells| cells.saturating_sub(1));
        match self {
            Spot::Window => Spot::Window,
            Spot::Pixel([row, col]) => Spot::Pixel([row.min(rows), col.min(cols)]),
            Spot::Weight([row, col]) => Spot::Weight([row.min(rows), col.min(cols)]),
        }
    }

    /// The place a step further; the window itself is moved elsewhere.
    #[must_use]
    pub fn moved(self, computed: &Computed, step: Move) -> Spot {
        let room = self.room(computed);
        let go = |[row, col]: [usize; 2]| {
            let idx = step.from(room, row * room[1] + col);
            [idx / room[1].max(1), idx % room[1].max(1)]
        };
        match self.within(computed) {
            Spot::Window => Spot::Window,
            Spot::Pixel(place) => Spot::Pixel(go(place)),
            Spot::Weight(place) => Spot::Weight(go(place)),
        }
    }
}

/// Which cells of the maps are shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// The first so many, as the window has passed them, and the one that is looked at.
    First(usize),
    /// Those that the reader has guessed.
    Guessed(BTreeSet<usize>),
}

impl Known {
    /// Whether a cell is shown while `current` is looked at.
    pub fn has(&self, idx: usize, current: usize) -> bool {
        match self {
            Known::First(count) => idx < *count || idx == current,
            Known::Guessed(cells) => cells.contains(&idx),
        }
    }
}

/// What the pictures show of a computation.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The computation.
    pub computed: &'a Computed,
    /// The filter that is looked at.
    pub filter: usize,
    /// The cell where its window stands.
    pub current: usize,
    /// What is looked at.
    pub spot: Spot,
}

impl Scope<'_> {
    /// The cells of a map that what is looked at goes into.
    pub fn fed(&self) -> Vec<[usize; 2]> {
        match self.spot {
            Spot::Pixel([row, col]) => {
                self.computed.fed(row, col).into_iter().map(|(cell, _)| cell).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The weight that is looked at, or that meets the pixel in the window as it stands.
    pub fn weight(&self) -> Option<[usize; 2]> {
        match self.spot {
            Spot::Window => None,
            Spot::Weight(weight) => Some(weight),
            Spot::Pixel([row, col]) => {
                let here = self.computed.cell(self.current);
                let fed = self.computed.fed(row, col);
                fed.into_iter().find(|(cell, _)| *cell == here).map(|(_, weight)| weight)
            }
        }
    }

    /// The cell of the padded image that a weight meets in the window as it stands.
    pub fn under(&self, weight: [usize; 2]) -> [usize; 2] {
        let cell = self.computed.cell(self.current);
        [0, 1].map(|axis| self.computed.axes[axis].met(cell[axis], weight[axis]))
    }
}

/// The colours of an input channel, and the value at their end.
pub fn look_of(computed: &Computed, channel: usize) -> (ColorMap, f32) {
    let setup = &computed.setup;
    let own_depth = match &setup.source {
        Source::Landscape => 3,
        Source::Own(picture) => picture.shape[2],
        _ => 1,
    };
    if own_depth == 3 {
        const COLOURS: [ColorMap; 3] = [ColorMap::Red, ColorMap::Green, ColorMap::Blue];
        return (if setup.shape[2] == 1 { ColorMap::Light } else { COLOURS[channel % 3] }, 1.0);
    }
    let has_sign = computed.image.iter().any(|value| *value < 0.0);
    let map = if has_sign { ColorMap::Diverging } else { ColorMap::Gray };
    (
        map,
        if setup.source.is_numbers() {
            scale_of(&computed.image)
        } else {
            scale_of(&computed.image).max(1.0)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::{PadChoice, Setup};
    use std::sync::Arc;

    fn computed(edit: impl FnOnce(&mut Setup)) -> Computed {
        let mut setup = Setup::default();
        setup.change(edit);
        Computed::new(Arc::new(setup), None)
    }

    #[test]
    fn what_is_looked_at_survives_the_address_and_stays_where_there_is_something() {
        for spot in [Spot::Window, Spot::Pixel([0, 63]), Spot::Weight([10, 2])] {
            assert_eq!(Spot::from_text(&spot.to_text()), Some(spot));
        }
        for text in ["", "pixel", "pixel-0-1", "pixel-1", "weight-1-x", "weight--1-1", "windows"] {
            assert_eq!(Spot::from_text(text), None, "{text}");
        }
        let computed = computed(|_| ());
        assert_eq!(Spot::Pixel([99, 3]).within(&computed), Spot::Pixel([27, 3]));
        assert_eq!(Spot::Weight([9, 9]).moved(&computed, Move::By(0, 1)), Spot::Weight([4, 4]));
        assert_eq!(Spot::Weight([1, 4]).moved(&computed, Move::Next), Spot::Weight([2, 0]));
    }

    #[test]
    fn a_pixel_names_the_outputs_it_feeds_and_the_weight_it_meets_now() {
        let computed = computed(|setup| setup.layer.padding = PadChoice::Cells(1));
        let scope = Scope { computed: &computed, filter: 0, current: 0, spot: Spot::Pixel([1, 2]) };
        assert_eq!(scope.fed().len(), 2 * 3);
        assert_eq!(scope.weight(), Some([1, 2]));
        assert_eq!(scope.under([1, 2]), [1, 2]);
        let far = Scope { current: computed.len() - 1, ..scope };
        assert_eq!(far.weight(), None);
    }

    #[test]
    fn guessed_cells_are_known_and_the_one_looked_at_is_not() {
        assert!(Known::First(3).has(2, 9) && Known::First(3).has(9, 9) && !Known::First(3).has(3, 9));
        let guessed = Known::Guessed(BTreeSet::from([4]));
        assert!(guessed.has(4, 0) && !guessed.has(0, 0));
    }

    #[test]
    fn colours_are_those_of_light_for_a_landscape_and_of_numbers_for_numbers() {
        let landscape = computed(|setup| {
            setup.source = Source::Landscape;
            setup.shape = [8, 8, 3];
        });
        assert_eq!(look_of(&landscape, 1), (ColorMap::Green, 1.0));
        let numbers = computed(|setup| {
            setup.source = Source::Count;
            setup.shape = [5, 5, 1];
        });
        assert_eq!(look_of(&numbers, 0), (ColorMap::Gray, 25.0));
        assert_eq!(look_of(&computed(|_| ()), 0), (ColorMap::Gray, 1.0));
    }
}
