//! One axis of a sliding window: sizes, padding, and what no window reaches.

use crate::engine::layers::Padding;

/// Rows and columns of the filter.
pub const WINDOW: usize = 5;

/// How the reader pads the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadChoice {
    /// Keras `valid`: none.
    Valid,
    /// Keras `same`: as much as makes the result `ceil(n/s)` long.
    Same,
    /// This many cells on each side, 0..=4.
    Cells(usize),
}

impl PadChoice {
    /// Every choice, in menu order.
    pub const ALL: [PadChoice; 7] = [
        PadChoice::Valid,
        PadChoice::Same,
        PadChoice::Cells(0),
        PadChoice::Cells(1),
        PadChoice::Cells(2),
        PadChoice::Cells(3),
        PadChoice::Cells(4),
    ];

    /// The name in the address, Keras's own where it has one.
    pub fn name(self) -> String {
        match self {
            PadChoice::Valid => "valid".into(),
            PadChoice::Same => "same".into(),
            PadChoice::Cells(cells) => cells.to_string(),
        }
    }

    /// The choice of that name.
    pub fn from_name(name: &str) -> Option<PadChoice> {
        PadChoice::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

/// A window of [`WINDOW`] cells that moves by `stride` over `length` cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Cells of the image.
    pub length: usize,
    /// Cells between two positions of the window, at least 1.
    pub stride: usize,
    /// How the image is padded.
    pub padding: PadChoice,
}

impl Axis {
    /// Output length and cells padded before and after; explicit padding is `valid` on a longer axis.
    fn along(self) -> (usize, usize, usize) {
        let keras = match self.padding {
            PadChoice::Same => Padding::Same,
            PadChoice::Valid | PadChoice::Cells(_) => Padding::Valid,
        };
        let cells = if let PadChoice::Cells(cells) = self.padding { cells } else { 0 };
        let (output, before, after) =
            keras.along(self.length + 2 * cells, WINDOW, self.stride).unwrap_or((0, 0, 0));
        (output, before + cells, after + cells)
    }

    /// Positions of the window: the result's length.
    pub fn output(self) -> usize {
        self.along().0
    }

    /// Zeros above or to the left.
    pub fn before(self) -> usize {
        self.along().1
    }

    /// Zeros below or to the right.
    pub fn after(self) -> usize {
        self.along().2
    }

    /// Cells with padding.
    pub fn padded(self) -> usize {
        self.length + self.before() + self.after()
    }

    /// Cells at the end that no window reaches: the remainder of the division.
    pub fn unreached(self) -> usize {
        self.padded().saturating_sub((self.output().max(1) - 1) * self.stride + WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(padding: PadChoice, stride: usize) -> Axis {
        Axis { length: 28, stride, padding }
    }

    #[test]
    fn sizes_follow_the_lectures_formula() {
        for padding in 0..=4 {
            for stride in 1..=4 {
                let axis = axis(PadChoice::Cells(padding), stride);
                assert_eq!(axis.output(), (28 - 5 + 2 * padding) / stride + 1);
                assert_eq!(axis.unreached(), (28 - 5 + 2 * padding) % stride, "{axis:?}");
            }
        }
        assert_eq!(
            axis(PadChoice::Valid, 2),
            Axis { padding: PadChoice::Valid, ..axis(PadChoice::Cells(0), 2) }
        );
        assert_eq!(axis(PadChoice::Valid, 2).output(), 12);
    }

    #[test]
    fn same_gives_the_odd_cell_to_the_end_and_reaches_everything() {
        let amounts: Vec<_> = (1..=4)
            .map(|stride| axis(PadChoice::Same, stride))
            .map(|axis| (axis.output(), axis.before(), axis.after(), axis.unreached()))
            .collect();
        assert_eq!(amounts, [(28, 2, 2, 0), (14, 1, 2, 0), (10, 2, 2, 0), (7, 0, 1, 0)]);
    }

    #[test]
    fn choices_are_found_by_name() {
        for choice in PadChoice::ALL {
            assert_eq!(PadChoice::from_name(&choice.name()), Some(choice));
        }
        assert_eq!(PadChoice::from_name("5"), None);
    }
}
