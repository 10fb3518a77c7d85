//! The numbers of one position.

use crate::ui::widgets::kernel_editor::Kernel;
use crate::ui::widgets::size_formula::WINDOW;

/// Pixels under the window, weights, products and sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Products {
    /// The pixels, row by row, 0..1; zeros where the window hangs over the edge.
    pub window: [f32; WINDOW * WINDOW],
    /// The weights.
    pub kernel: Kernel,
    /// Pixel times weight.
    pub products: [f32; WINDOW * WINDOW],
    /// Their sum, added row by row.
    pub sum: f32,
}

impl Products {
    /// Multiplies and adds.
    pub fn new(window: [f32; WINDOW * WINDOW], kernel: Kernel) -> Products {
        let products: [f32; WINDOW * WINDOW] = std::array::from_fn(|idx| window[idx] * kernel.0[idx]);
        Products { window, kernel, products, sum: products.iter().sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::kernel_editor::Preset;

    #[test]
    fn the_mean_of_ones_is_one() {
        let products = Products::new([1.0; 25], Kernel(Preset::Blur.weights()));
        assert!((products.sum - 1.0).abs() < 1e-6);
    }
}
