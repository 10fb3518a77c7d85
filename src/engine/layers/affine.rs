//! Images read at transformed positions: Keras's `ops.image.affine_transform`.
//!
//! The matrix `[a0, a1, a2, b0, b1, b2]` says where an output position looks:
//! `x = a0·ox + a1·oy + a2`, `y = b0·ox + b1·oy + b2`. Outside the image [`FillMode`] says what is
//! there. Source: what TensorFlow's `ImageProjectiveTransformV3` gives.

use serde::{Deserialize, Serialize};

/// What lies beyond an image's border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillMode {
    /// The image mirrored at the outer edge of its last cells: `d c b a | a b c d | d c b a`.
    #[default]
    Reflect,
    /// The image again: `a b c d | a b c d | a b c d`.
    Wrap,
    /// One value: `k k k k | a b c d | k k k k`.
    Constant,
    /// The last cells again: `a a a a | a b c d | d d d d`.
    Nearest,
}

/// How an image is read between its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The weighted mean of the four cells around.
    #[default]
    Bilinear,
    /// The closest cell.
    Nearest,
}

impl FillMode {
    /// The position in `0..=len - 1` that stands for `at`; with a constant `at` itself.
    fn inside(self, at: f32, len: usize) -> f32 {
        let last = len as f32 - 1.0;
        let mapped = match self {
            Self::Constant => return at,
            Self::Nearest => at,
            _ if len <= 1 => 0.0,
            Self::Reflect => reflect(at, len as f32),
            // TensorFlow counts how often the image was passed in steps of its last position.
            Self::Wrap if at < 0.0 => at + len as f32 * ((-at / last).trunc() + 1.0),
            Self::Wrap if at > last => at - len as f32 * (at / last).trunc(),
            Self::Wrap => at,
        };
        mapped.clamp(0.0, last)
    }
}

/// Mirrors at -1/2 and `len - 1/2`.
fn reflect(at: f32, len: f32) -> f32 {
    let period = 2.0 * len;
    if at < 0.0 {
        let at = period * (-at / period).trunc() + at;
        if at < -len { at + period } else { -at - 1.0 }
    } else if at > len - 1.0 {
        let at = at - period * (at / period).trunc();
        if at >= len { period - at - 1.0 } else { at }
    } else {
        at
    }
}

/// Reads images of one size, channels last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AffineReader {
    /// `[height, width, channels]`
    pub image: [usize; 3],
    /// What lies beyond the border.
    pub fill_mode: FillMode,
    /// How cells are mixed.
    pub interpolation: Interpolation,
    /// The constant of [`FillMode::Constant`].
    pub fill_value: f32,
}

impl AffineReader {
    /// Reads `image` into `output`, both `[h, w, c]`.
    pub fn read(&self, matrix: &[f32; 6], image: &[f32], output: &mut [f32]) {
        let channels = self.image[2];
        output.fill(0.0);
        self.each_cell(matrix, |out, cell, weight| {
            for c in 0..channels {
                let value = cell.map_or(self.fill_value, |cell| image[cell * channels + c]);
                output[out * channels + c] += weight * value;
            }
        });
    }

    /// Reads the gradient of an output back into that of its image, as TensorFlow does: through the
    /// inverse matrix and filled as the image was, 0 being the constant. Only where every cell is read
    /// once and whole is this the transpose of [`AffineReader::read`].
    pub fn read_gradient(&self, matrix: &[f32; 6], grad_output: &[f32], grad_image: &mut [f32]) {
        let reader = Self { fill_value: 0.0, ..*self };
        reader.read(&inverse(matrix), grad_output, grad_image);
    }

    /// Calls `each` with an output cell, the cell it reads (none: the constant) and the weight of it.
    fn each_cell(&self, matrix: &[f32; 6], mut each: impl FnMut(usize, Option<usize>, f32)) {
        let [height, width, _] = self.image;
        let [a0, a1, a2, b0, b1, b2] = *matrix;
        let cell = |y: f32, x: f32| {
            let is_inside = y >= 0.0 && y < height as f32 && x >= 0.0 && x < width as f32;
            is_inside.then(|| y as usize * width + x as usize)
        };
        for out in 0..height * width {
            let (ox, oy) = ((out % width) as f32, (out / width) as f32);
            let x = self.fill_mode.inside(a0 * ox + a1 * oy + a2, width);
            let y = self.fill_mode.inside(b0 * ox + b1 * oy + b2, height);
            match self.interpolation {
                Interpolation::Nearest => each(out, cell(y.round(), x.round()), 1.0),
                Interpolation::Bilinear => {
                    let (left, top) = (x.floor(), y.floor());
                    for (row, row_weight) in [(top, top + 1.0 - y), (top + 1.0, y - top)] {
                        for (column, weight) in [(left, left + 1.0 - x), (left + 1.0, x - left)] {
                            each(out, cell(row, column), row_weight * weight);
                        }
                    }
                }
            }
        }
    }
}

/// The matrix that looks back.
fn inverse(matrix: &[f32; 6]) -> [f32; 6] {
    let [a0, a1, a2, b0, b1, b2] = matrix.map(f64::from);
    let determinant = a0 * b1 - a1 * b0;
    let inverse = [b1, -a1, a1 * b2 - a2 * b1, -b0, a0, a2 * b0 - a0 * b2];
    inverse.map(|entry| (entry / determinant) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(fill_mode: FillMode, shift: f32) -> Vec<f32> {
        let interpolation = Interpolation::Bilinear;
        let reader = AffineReader { image: [1, 4, 1], fill_mode, interpolation, fill_value: 9.0 };
        let mut output = vec![0.0; 4];
        reader.read(&[1.0, 0.0, shift, 0.0, 1.0, 0.0], &[1.0, 2.0, 3.0, 4.0], &mut output);
        output
    }

    #[test]
    fn the_border_is_filled_as_asked() {
        assert_eq!(row(FillMode::Constant, -2.0), [9.0, 9.0, 1.0, 2.0]);
        assert_eq!(row(FillMode::Nearest, 2.0), [3.0, 4.0, 4.0, 4.0]);
        assert_eq!(row(FillMode::Reflect, -2.0), [2.0, 1.0, 1.0, 2.0]);
        assert_eq!(row(FillMode::Wrap, -2.0), [3.0, 4.0, 1.0, 2.0]);
        assert_eq!(row(FillMode::Nearest, 0.5), [1.5, 2.5, 3.5, 4.0]);
    }

    /// Numbers from TensorFlow 2.21: the gradient of `Σ read(x)·x` in `read(x)`, at x = 1..6.
    #[test]
    fn gradients_are_those_of_tensorflow() {
        use FillMode::{Constant, Nearest, Reflect, Wrap};
        const SHEAR: [f32; 6] = [1.1, 0.4, -0.35, -0.3, 0.9, 0.65];
        const RIGHT: [f32; 6] = [1.0, 0.0, -1.25, 0.0, 1.0, 0.0];
        let (soft, hard) = (Interpolation::Bilinear, Interpolation::Nearest);
        let cases = [
            (SHEAR, Reflect, soft, [1.518_018, 2.328_829, 3.0, 2.481_982, 4.103_604, 5.725_225]),
            (SHEAR, Wrap, soft, [4.518_018, 5.328_829, 4.0, 2.481_982, 4.103_604, 5.725_225]),
            (SHEAR, Wrap, hard, [5.0, 5.0, 4.0, 1.0, 5.0, 6.0]),
            (SHEAR, Constant, soft, [0.683_791_9, 1.678_435, 2.557_828, 2.481_982, 4.103_604, 5.725_225]),
            (SHEAR, Constant, hard, [0.0, 2.0, 3.0, 1.0, 5.0, 6.0]),
            (RIGHT, Reflect, soft, [2.25, 3.0, 2.75, 5.25, 6.0, 5.75]),
            (RIGHT, Wrap, soft, [2.25, 1.0, 1.25, 5.25, 4.0, 4.25]),
            (RIGHT, Constant, soft, [2.25, 2.25, 0.0, 5.25, 4.5, 0.0]),
            (RIGHT, Nearest, hard, [2.0, 3.0, 3.0, 5.0, 6.0, 6.0]),
        ];
        for (matrix, fill_mode, interpolation, expected) in cases {
            let reader = AffineReader { image: [2, 3, 1], fill_mode, interpolation, fill_value: 0.5 };
            let mut got = [f32::NAN; 6];
            reader.read_gradient(&matrix, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &mut got);
            let is_near = got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 2e-6);
            assert!(is_near, "{matrix:?} {fill_mode:?} {interpolation:?}: {got:?}, {expected:?}");
        }
    }

    #[test]
    fn a_position_that_is_no_number_does_not_panic() {
        for fill_mode in [FillMode::Reflect, FillMode::Wrap, FillMode::Constant, FillMode::Nearest] {
            row(fill_mode, f32::NAN);
            row(fill_mode, f32::INFINITY);
        }
    }
}
