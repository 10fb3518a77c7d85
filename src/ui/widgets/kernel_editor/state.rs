//! A 5 × 5 kernel and its name.

use crate::ui::widgets::size_formula::WINDOW;

/// Weights in a kernel.
pub const WEIGHTS: usize = WINDOW * WINDOW;

/// A ready-made kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Sobel's derivative along a row: answers to vertical strokes.
    Vertical,
    /// The same along a column: answers to horizontal strokes.
    Horizontal,
    /// The mean of 25 pixels.
    Blur,
    /// The pixel raised above its neighbours.
    Sharpen,
    /// The pixel itself.
    Identity,
}

/// The rows of Sobel's 5 × 5 filter: a smoothing across and a difference along.
const SMOOTH: [f32; WINDOW] = [1.0, 4.0, 6.0, 4.0, 1.0];
const DIFFERENCE: [f32; WINDOW] = [-1.0, -2.0, 0.0, 2.0, 1.0];

impl Preset {
    /// Every preset, in menu order.
    pub const ALL: [Preset; 5] =
        [Preset::Vertical, Preset::Horizontal, Preset::Blur, Preset::Sharpen, Preset::Identity];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Vertical => "vertical",
            Preset::Horizontal => "horizontal",
            Preset::Blur => "blur",
            Preset::Sharpen => "sharpen",
            Preset::Identity => "identity",
        }
    }

    /// The weight in a row and a column.
    fn weight(self, row: usize, col: usize) -> f32 {
        let middle = WINDOW / 2;
        let distance = row.abs_diff(middle) + col.abs_diff(middle);
        match self {
            Preset::Vertical => SMOOTH[row] * DIFFERENCE[col],
            Preset::Horizontal => DIFFERENCE[row] * SMOOTH[col],
            Preset::Blur => 1.0 / WEIGHTS as f32,
            // A Laplacian taken off the pixel; the weights sum to one, so flat areas stay as they are.
            Preset::Sharpen => match distance {
                0 => 17.0,
                1 => -2.0,
                2 => -1.0,
                _ => 0.0,
            },
            Preset::Identity => f32::from(distance == 0),
        }
    }

    /// The weights, row by row.
    pub fn weights(self) -> [f32; WEIGHTS] {
        std::array::from_fn(|idx| self.weight(idx / WINDOW, idx % WINDOW))
    }
}

/// The weights in use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel(pub [f32; WEIGHTS]);

impl Default for Kernel {
    fn default() -> Kernel {
        Kernel(Preset::Vertical.weights())
    }
}

impl Kernel {
    /// The limit of a weight either way.
    pub const LIMIT: f32 = 99.0;

    /// The preset these weights are, if any.
    pub fn preset(&self) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.weights() == self.0)
    }

    /// The form in the address: a preset's name, or the weights with commas between.
    pub fn to_text(&self) -> String {
        if let Some(preset) = self.preset() {
            return preset.name().into();
        }
        let weights: Vec<_> = self.0.iter().map(f32::to_string).collect();
        weights.join(",")
    }

    /// Reads [`Kernel::to_text`].
    pub fn from_text(text: &str) -> Option<Kernel> {
        if let Some(preset) = Preset::ALL.into_iter().find(|preset| preset.name() == text) {
            return Some(Kernel(preset.weights()));
        }
        let weights: Vec<f32> = text.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let fits = weights.iter().all(|weight| weight.abs() <= Kernel::LIMIT);
        fits.then(|| weights.try_into().ok().map(Kernel)).flatten()
    }

    /// The greatest weight regardless of sign, 1 for an empty kernel.
    pub fn scale(&self) -> f32 {
        let greatest = self.0.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        if greatest > 0.0 { greatest } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_have_the_sums_that_make_them_what_they_are() {
        let sum = |preset: Preset| preset.weights().iter().sum::<f32>();
        assert!(sum(Preset::Vertical).abs() < 1e-6 && sum(Preset::Horizontal).abs() < 1e-6);
        for preset in [Preset::Blur, Preset::Sharpen, Preset::Identity] {
            assert!((sum(preset) - 1.0).abs() < 1e-6, "{preset:?}");
        }
    }

    #[test]
    fn kernels_survive_the_address() {
        for preset in Preset::ALL {
            let kernel = Kernel(preset.weights());
            assert_eq!(Kernel::from_text(&kernel.to_text()), Some(kernel));
        }
        let mut own = Kernel::default();
        own.0[3] = -0.25;
        assert_eq!(Kernel::from_text(&own.to_text()), Some(own));
    }

    #[test]
    fn what_is_no_kernel_is_refused() {
        for text in
            ["", "round", "1,2,3", &["1"; 26].join(","), &["nan"; 25].join(","), &["1e9"; 25].join(",")]
        {
            assert_eq!(Kernel::from_text(text), None, "{text}");
        }
    }
}
