//! Which cells of earlier maps a cell is made of: exactly, with padding, strides, gaps and borders.

use crate::engine::layers::{LayerSpec, Padding};

/// How one layer's window moves along one axis; a layer without a window has one of a single cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Cells of the map before it.
    pub length: usize,
    /// Cells of the map after it.
    pub output: usize,
    /// Weights, or cells of the pooling window.
    pub window: usize,
    /// Cells that the window moves by.
    pub stride: usize,
    /// Cells from one weight to the next.
    pub dilation: usize,
    /// Cells padded before the first.
    pub before: usize,
}

impl Geometry {
    /// The geometry of rows (0) or columns (1) over maps of this many cells; `None` for a layer whose
    /// output is no map, or that mixes all places.
    pub fn of(spec: &LayerSpec, which: usize, length: usize) -> Option<Geometry> {
        let window = |window: [usize; 2], stride: [usize; 2], dilation: [usize; 2], padding: Padding| {
            let (window, stride, dilation) = (window[which], stride[which], dilation[which]);
            let (output, before, _) = padding.along(length, (window - 1) * dilation + 1, stride)?;
            Some(Geometry { length, output, window, stride, dilation, before })
        };
        match spec {
            LayerSpec::Conv2d(it) => window(it.kernel_size, it.strides, it.dilation_rate, it.padding),
            LayerSpec::DepthwiseConv2d(it) => {
                window(it.kernel_size, it.strides, it.dilation_rate, it.padding)
            }
            LayerSpec::SeparableConv2d(it) => {
                window(it.kernel_size, it.strides, it.dilation_rate, it.padding)
            }
            LayerSpec::MaxPooling2d(it) => {
                window(it.pool_size, it.strides.unwrap_or(it.pool_size), [1, 1], it.padding)
            }
            LayerSpec::AveragePooling2d(it) => {
                window(it.pool_size, it.strides.unwrap_or(it.pool_size), [1, 1], it.padding)
            }
            LayerSpec::Activation(_)
            | LayerSpec::Relu(_)
            | LayerSpec::LeakyRelu(_)
            | LayerSpec::Prelu(_)
            | LayerSpec::Elu(_)
            | LayerSpec::BatchNormalization(_)
            | LayerSpec::ActivityRegularization(_)
            | LayerSpec::Dropout(_)
            | LayerSpec::SpatialDropout2d(_)
            | LayerSpec::GaussianNoise(_) => {
                Some(Geometry { length, output: length, window: 1, stride: 1, dilation: 1, before: 0 })
            }
            _ => None,
        }
    }

    /// The cells before the layer that these cells after it are made of, in order; padding is none.
    pub fn back(self, cells: &[usize]) -> Vec<usize> {
        let mut reached = vec![false; self.length];
        for cell in cells {
            for tap in 0..self.window {
                let at = (cell * self.stride + tap * self.dilation).checked_sub(self.before);
                if let Some(seen) = at.and_then(|at| reached.get_mut(at)) {
                    *seen = true;
                }
            }
        }
        (0..self.length).filter(|at| reached[*at]).collect()
    }
}

/// The size of the field of view along one axis, as if the image had no border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Pixels from the first to the last that a cell sees.
    pub size: usize,
    /// Pixels from one cell's field to the next one's.
    pub step: usize,
}

impl Field {
    /// After no layer: a pixel sees itself.
    pub const PIXEL: Field = Field { size: 1, step: 1 };

    /// After one layer more: `size + (k − 1)·d·step`, `step·s`.
    #[must_use]
    pub fn after(self, geometry: Geometry) -> Field {
        let reach = (geometry.window - 1) * geometry.dilation;
        Field { size: self.size + reach * self.step, step: self.step * geometry.stride }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::chain::ChainLayer;

    fn geometry(text: &str, length: usize) -> Geometry {
        Geometry::of(&ChainLayer::from_text(text).unwrap().spec(), 0, length).unwrap()
    }

    #[test]
    fn the_lectures_stack_sees_what_the_textbook_says() {
        let (mut field, mut length) = (Field::PIXEL, 28);
        let mut seen = Vec::new();
        for text in ["conv-4-5-1-valid-1-relu", "max-2-2-valid", "conv-4-3-1-valid-1-relu", "max-2-2-valid"] {
            let geometry = geometry(text, length);
            (field, length) = (field.after(geometry), geometry.output);
            seen.push((length, field.size, field.step));
        }
        assert_eq!(seen, [(24, 5, 1), (12, 6, 2), (10, 10, 2), (5, 12, 4)]);
    }

    #[test]
    fn gaps_and_borders_are_left_out() {
        assert_eq!(geometry("conv-1-3-1-valid-2-relu", 9).back(&[1]), [1, 3, 5]);
        assert_eq!(geometry("conv-1-3-1-same-1-relu", 5).back(&[0]), [0, 1]);
        assert_eq!(geometry("conv-1-3-1-same-1-relu", 5).back(&[4]), [3, 4]);
        assert_eq!(geometry("max-2-3-valid", 8).back(&[0, 1]), [0, 1, 3, 4]);
    }
}
