//! One axis of a sliding window: sizes, padding, and what no window reaches.

use crate::engine::layers::Padding;

use super::limit;

/// How the reader pads the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadChoice {
    /// Keras `valid`: none.
    Valid,
    /// Keras `same`: as much as makes the result `ceil(n/s)` long.
    Same,
    /// This many cells on each side, as a `ZeroPadding2D` before a `valid` convolution.
    Cells(usize),
}

impl PadChoice {
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
        match name {
            "valid" => Some(PadChoice::Valid),
            "same" => Some(PadChoice::Same),
            cells => cells.parse().ok().filter(|cells| limit::PADDING.contains(cells)).map(PadChoice::Cells),
        }
    }

    /// Zeros on every side that the reader asked for by number.
    pub fn cells(self) -> usize {
        if let PadChoice::Cells(cells) = self { cells } else { 0 }
    }

    /// What the convolution itself is told.
    pub fn keras(self) -> Padding {
        if self == PadChoice::Same { Padding::Same } else { Padding::Valid }
    }
}

/// A window of `window` weights that moves by `stride` over `length` cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Cells of the image.
    pub length: usize,
    /// Weights of the filter, at least 1.
    pub window: usize,
    /// Cells between two positions of the window, at least 1.
    pub stride: usize,
    /// Cells from one weight to the next, at least 1.
    pub dilation: usize,
    /// How the image is padded.
    pub padding: PadChoice,
}

impl Axis {
    /// Output length and cells padded before and after; explicit padding is `valid` on a longer axis.
    fn along(self) -> (usize, usize, usize) {
        let cells = self.padding.cells();
        let keras = self.padding.keras();
        let (output, before, after) =
            keras.along(self.length + 2 * cells, self.effective(), self.stride).unwrap_or((0, 0, 0));
        (output, before + cells, after + cells)
    }

    /// Cells that the window spans: `F + (F − 1)(d − 1)`.
    pub fn effective(self) -> usize {
        self.window + (self.window - 1) * (self.dilation - 1)
    }

    /// Positions of the window: the result's length; 0 where the window does not fit.
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
    pub fn remainder(self) -> usize {
        match self.output() {
            0 => 0,
            output => self.padded() - ((output - 1) * self.stride + self.effective()),
        }
    }

    /// The cell of the padded axis that a weight meets at a position of the window.
    pub fn met(self, position: usize, weight: usize) -> usize {
        position * self.stride + weight * self.dilation
    }

    /// For every cell of the padded axis, whether some weight ever meets it.
    pub fn reached(self) -> Vec<bool> {
        let mut reached = vec![false; self.padded()];
        for position in 0..self.output() {
            for weight in 0..self.window {
                reached[self.met(position, weight)] = true;
            }
        }
        reached
    }

    /// The positions of the window at which some weight meets a cell of the padded axis, each with
    /// that weight.
    pub fn meetings(self, cell: usize) -> impl Iterator<Item = (usize, usize)> {
        (0..self.output()).filter_map(move |position| {
            let offset = cell.checked_sub(position * self.stride)?;
            let weight = offset / self.dilation;
            (offset.is_multiple_of(self.dilation) && weight < self.window).then_some((position, weight))
        })
    }

    /// The position whose window is centred nearest to a cell of the padded axis.
    pub fn over(self, cell: usize) -> usize {
        let middle = self.effective() / 2;
        let position = (cell.saturating_sub(middle) + self.stride / 2) / self.stride;
        position.min(self.output().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(padding: PadChoice, stride: usize) -> Axis {
        Axis { length: 28, window: 5, stride, dilation: 1, padding }
    }

    #[test]
    fn sizes_follow_the_lectures_formula() {
        for padding in 0..=4 {
            for stride in 1..=4 {
                let axis = axis(PadChoice::Cells(padding), stride);
                assert_eq!(axis.output(), (28 - 5 + 2 * padding) / stride + 1);
                assert_eq!(axis.remainder(), (28 - 5 + 2 * padding) % stride, "{axis:?}");
            }
        }
        assert_eq!(axis(PadChoice::Valid, 2).output(), 12);
    }

    #[test]
    fn same_gives_the_odd_cell_to_the_end_and_leaves_no_remainder() {
        let amounts: Vec<_> = (1..=4)
            .map(|stride| axis(PadChoice::Same, stride))
            .map(|axis| (axis.output(), axis.before(), axis.after(), axis.remainder()))
            .collect();
        assert_eq!(amounts, [(28, 2, 2, 0), (14, 1, 2, 0), (10, 2, 2, 0), (7, 0, 1, 0)]);
    }

    #[test]
    fn meetings_are_those_of_the_windows() {
        for (window, stride, dilation, padding) in [
            (3, 1, 1, PadChoice::Valid),
            (3, 2, 1, PadChoice::Same),
            (2, 5, 1, PadChoice::Cells(1)),
            (3, 1, 3, PadChoice::Same),
            (4, 3, 2, PadChoice::Cells(2)),
        ] {
            let axis = Axis { length: 11, window, stride, dilation, padding };
            let reached = axis.reached();
            for (cell, reached) in reached.iter().enumerate() {
                let expected: Vec<_> = (0..axis.output())
                    .flat_map(|position| (0..window).map(move |weight| (position, weight)))
                    .filter(|(position, weight)| axis.met(*position, *weight) == cell)
                    .collect();
                assert_eq!(axis.meetings(cell).collect::<Vec<_>>(), expected, "{axis:?} {cell}");
                assert_eq!(*reached, !expected.is_empty());
            }
        }
    }

    #[test]
    fn a_window_that_does_not_fit_has_no_position() {
        let axis = Axis { length: 4, window: 3, stride: 1, dilation: 3, padding: PadChoice::Valid };
        assert_eq!((axis.effective(), axis.output(), axis.remainder(), axis.padded()), (7, 0, 0, 4));
    }

    #[test]
    fn choices_are_found_by_name() {
        for choice in [PadChoice::Valid, PadChoice::Same, PadChoice::Cells(0), PadChoice::Cells(10)] {
            assert_eq!(PadChoice::from_name(&choice.name()), Some(choice));
        }
        assert_eq!(PadChoice::from_name("11"), None);
        assert_eq!(PadChoice::from_name("Same"), None);
    }
}
