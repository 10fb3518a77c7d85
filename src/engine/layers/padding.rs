//! How a window meets the border of its image: what convolution and pooling share.

use serde::{Deserialize, Serialize};

use super::LayerError;
use crate::tensor::kernels::Window;

/// How a window meets the border, as Keras means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// No padding: the window stays inside, the output shrinks.
    #[default]
    Valid,
    /// Padding so that the output has `ceil(n / stride)` cells; the odd one goes after.
    Same,
}

impl Padding {
    /// `(output length, cells padded before, cells padded after)` along one axis of `length`
    /// cells with a window of `window` cells that moves by `stride`; `None` if nothing is left.
    ///
    /// `valid`: `floor((n - k)/s) + 1`. `same`: `ceil(n/s)` with
    /// `total = max((ceil(n/s) - 1)*s + k - n, 0)`, `before = total / 2`, as in Keras.
    pub fn along(self, length: usize, window: usize, stride: usize) -> Option<(usize, usize, usize)> {
        match self {
            Padding::Valid => Some((length.checked_sub(window)? / stride + 1, 0, 0)),
            Padding::Same => {
                let output = length.div_ceil(stride);
                let total = ((output.max(1) - 1) * stride).saturating_add(window).saturating_sub(length);
                Some((output, total / 2, total - total / 2))
            }
        }
    }

    /// The way a window of `size` cells takes over an image `[height, width, channels]`;
    /// `size_argument` is what Keras calls its size.
    ///
    /// # Errors
    /// If a count is 0, or nothing is left.
    pub(super) fn window(
        self,
        image: [usize; 3],
        size_argument: &str,
        size: [usize; 2],
        strides: [usize; 2],
        dilation: [usize; 2],
    ) -> Result<Window, LayerError> {
        for (argument, counts) in [(size_argument, size), ("strides", strides), ("dilation_rate", dilation)] {
            if counts.contains(&0) {
                return Err(LayerError::Zero { argument: argument.to_owned() });
            }
        }
        let [height, width, _] = image;
        // What a window with gaps spans.
        let span =
            [0, 1].map(|axis: usize| (size[axis] - 1).saturating_mul(dilation[axis]).saturating_add(1));
        let rows = self.along(height, span[0], strides[0]);
        let columns = self.along(width, span[1], strides[1]);
        let (Some((oh, top, _)), Some((ow, left, _))) = (rows, columns) else {
            return Err(LayerError::WindowTooLarge {
                window_height: span[0],
                window_width: span[1],
                height,
                width,
            });
        };
        Ok(Window { input: image, output: [oh, ow], size, strides, dilation, before: [top, left] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_is_that_of_keras() {
        for (length, window, stride, expected) in [
            (4, 3, 2, (2, 0, 1)),
            (5, 3, 2, (3, 1, 1)),
            (6, 2, 1, (6, 0, 1)),
            (28, 3, 2, (14, 0, 1)),
            (28, 5, 2, (14, 1, 2)),
            (28, 5, 1, (28, 2, 2)),
            (5, 1, 3, (2, 0, 0)),
            (1, 4, 1, (1, 1, 2)),
        ] {
            let got = Padding::Same.along(length, window, stride);
            assert_eq!(got, Some(expected), "n={length} k={window} s={stride}");
        }
    }

    #[test]
    fn valid_padding_drops_what_does_not_fit() {
        assert_eq!(Padding::Valid.along(28, 5, 1), Some((24, 0, 0)));
        assert_eq!(Padding::Valid.along(7, 3, 3), Some((2, 0, 0)));
        assert_eq!(Padding::Valid.along(3, 3, 5), Some((1, 0, 0)));
        assert_eq!(Padding::Valid.along(2, 3, 1), None);
    }

    #[test]
    fn what_cannot_move_is_refused() {
        let window = |size, strides, dilation| {
            Padding::Valid.window([4, 6, 1], "kernel_size", size, strides, dilation)
        };
        let zero = |argument: &str| Err(LayerError::Zero { argument: argument.to_owned() });
        assert_eq!(window([0, 3], [1, 1], [1, 1]), zero("kernel_size"));
        assert_eq!(window([3, 3], [1, 0], [1, 1]), zero("strides"));
        assert_eq!(window([3, 3], [1, 1], [0, 1]), zero("dilation_rate"));
        let too_large =
            Err(LayerError::WindowTooLarge { window_height: 5, window_width: 3, height: 4, width: 6 });
        assert_eq!(window([5, 3], [1, 1], [1, 1]), too_large);
        assert_eq!(window([3, 3], [1, 1], [2, 1]), too_large);
        assert!(window([3, 3], [1, 1], [usize::MAX, 1]).is_err());
    }
}
