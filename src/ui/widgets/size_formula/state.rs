//! What a layer costs and sees.

use crate::ui::convolution::{Axis, Setup};

/// Counts of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Rows and columns of the window.
    pub kernel: [usize; 2],
    /// Channels that one filter looks at.
    pub depth: usize,
    /// Output maps.
    pub outputs: usize,
    /// Channels and filters of each, of a depthwise convolution.
    pub depthwise: Option<[usize; 2]>,
    /// Rows and columns of a map.
    pub cells: [usize; 2],
    /// Whether each map has a bias.
    pub has_bias: bool,
    /// Rows and columns of the input that one cell sees.
    pub sees: [usize; 2],
}

impl Counts {
    /// Of these settings.
    pub fn of(setup: &Setup) -> Counts {
        let axes = [setup.axis(0), setup.axis(1)];
        Counts {
            kernel: setup.layer.kernel_size,
            depth: setup.layer.filter_depth(setup.shape[2]),
            outputs: setup.outputs(),
            depthwise: setup.layer.depthwise.then(|| [setup.shape[2], setup.layer.filters]),
            cells: axes.map(Axis::output),
            has_bias: setup.layer.use_bias,
            sees: axes.map(Axis::effective),
        }
    }

    /// Trained numbers.
    pub fn params(self) -> usize {
        self.outputs * (self.filter() + usize::from(self.has_bias))
    }

    /// Weights of one filter.
    pub fn filter(self) -> usize {
        self.kernel[0] * self.kernel[1] * self.depth
    }

    /// Multiplications for one image.
    pub fn multiplications(self) -> usize {
        self.cells[0] * self.cells[1] * self.outputs * self.filter()
    }
}

/// Zeros before and after along an axis where they differ, as they do with `same` when an odd number is needed.
pub fn side_padding(axis: Axis) -> Option<(usize, usize)> {
    (axis.before() != axis.after()).then(|| (axis.before(), axis.after()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::{LayerSetup, PadChoice};

    #[test]
    fn counts_are_those_of_the_settings() {
        for (depthwise, groups) in [(false, 1), (false, 2), (true, 1)] {
            let mut setup = Setup::default();
            setup.change(|setup| {
                setup.shape = [12, 9, 4];
                setup.layer = LayerSetup {
                    depthwise,
                    groups,
                    filters: 4,
                    kernel_size: [3, 2],
                    dilation_rate: [2, 1],
                    use_bias: true,
                    ..setup.layer
                };
            });
            let counts = Counts::of(&setup);
            assert_eq!(counts.params(), setup.num_params());
            assert_eq!(counts.params(), setup.params().len());
            assert_eq!(counts.multiplications(), setup.multiplications());
            assert_eq!(counts.sees, [5, 2]);
        }
    }

    #[test]
    fn an_odd_number_of_zeros_is_uneven() {
        let axis = Axis { length: 28, window: 5, stride: 2, dilation: 1, padding: PadChoice::Same };
        assert_eq!(side_padding(axis), Some((1, 2)));
        assert_eq!(side_padding(Axis { stride: 1, ..axis }), None);
    }
}
