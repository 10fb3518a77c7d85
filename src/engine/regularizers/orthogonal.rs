//! Keras's `OrthogonalRegularizer`: the mean of `|cos|` of the angles between the rows, or columns,
//! of a matrix, times `factor`: `factor·Σ_{i<j} |n_i·n_j| / (s·(s−1)/2)`, where `n_i` is row `i` of
//! length 1 and `s` their number.
//!
//! As in Keras on TensorFlow, a row of zeros has no direction and its gradient is no number.

use serde::{Deserialize, Serialize};

use super::Penalty;
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::Buffer;

/// What is to stand at right angles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrthogonalMode {
    /// The rows: a dense kernel's are what its inputs are mapped to.
    #[default]
    Rows,
    /// The columns: a dense kernel's are the units' weights.
    Columns,
}

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrthogonalRegularizerSpec {
    /// Factor of the mean, at least 0.
    pub factor: f32,
    /// What is to stand at right angles.
    pub mode: OrthogonalMode,
}

impl Default for OrthogonalRegularizerSpec {
    fn default() -> Self {
        Self { factor: 0.01, mode: OrthogonalMode::Rows }
    }
}

/// Keras's `1 / epsilon`, the most a row is multiplied by.
const LARGEST_SCALE: f64 = 1e7;

/// The rows or columns of a matrix, each of length 1 unless it was almost 0.
struct Directions {
    /// One after the other.
    units: Buffer<f64>,
    /// How many values each has.
    len: usize,
    /// Of each, `1 / length` in the matrix.
    scales: Buffer<f64>,
}

impl OrthogonalRegularizerSpec {
    /// Where value `k` of vector `i` lies.
    fn position(self, extents: &[usize], i: usize, k: usize) -> usize {
        match self.mode {
            OrthogonalMode::Rows => i * extents[1] + k,
            OrthogonalMode::Columns => k * extents[1] + i,
        }
    }

    /// How many vectors there are, and how many values each has.
    fn sizes(self, extents: &[usize]) -> (usize, usize) {
        match self.mode {
            OrthogonalMode::Rows => (extents[0], extents[1]),
            OrthogonalMode::Columns => (extents[1], extents[0]),
        }
    }

    fn directions(self, extents: &[usize], values: &[f32]) -> Directions {
        let (count, len) = self.sizes(extents);
        let positions = (0..count).flat_map(|i| (0..len).map(move |k| self.position(extents, i, k)));
        let mut units = Buffer::collect(count * len, positions.map(|at| f64::from(values[at])));
        let mut scales = Buffer::with_capacity(count);
        for vector in units.chunks_exact_mut(len) {
            let scale = 1.0 / dot(vector, vector).sqrt();
            for x in vector.iter_mut() {
                *x *= scale.min(LARGEST_SCALE);
            }
            scales.push(scale);
        }
        Directions { units, len, scales }
    }

    /// What the sum over all pairs, both ways, is multiplied by.
    fn share(self, count: usize) -> f64 {
        let count = count as f64;
        f64::from(self.factor) * 0.5 / (count * (count - 1.0) / 2.0)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Penalty for OrthogonalRegularizerSpec {
    fn value(&self, extents: &[usize], values: &[f32]) -> f32 {
        let Directions { units, len, scales } = self.directions(extents, values);
        let mut sum = 0.0;
        for (i, unit) in units.chunks_exact(len).enumerate() {
            sum += units.chunks_exact(len).take(i).map(|other| 2.0 * dot(unit, other).abs()).sum::<f64>();
        }
        (self.share(scales.len()) * sum) as f32
    }

    fn add_gradient(&self, extents: &[usize], values: &[f32], factor: f32, grads: &mut [f32]) {
        let Directions { units, len, scales } = self.directions(extents, values);
        let share = 2.0 * self.share(scales.len()) * f64::from(factor);
        // The gradients of `units`. Each pair adds to those of both.
        let mut sums = Buffer::<f64>::zeros(units.len());
        for (i, unit) in units.chunks_exact(len).enumerate() {
            let (before, from_here) = sums.split_at_mut(i * len);
            for (other, sum_of_other) in units.chunks_exact(len).zip(before.chunks_exact_mut(len)) {
                let cosine = dot(unit, other);
                let slope = if cosine == 0.0 { 0.0 } else { share * cosine.signum() };
                from_here.iter_mut().zip(other).for_each(|(sum, x)| *sum += slope * x);
                sum_of_other.iter_mut().zip(unit).for_each(|(sum, x)| *sum += slope * x);
            }
        }
        for (i, (unit, sum)) in units.chunks_exact(len).zip(sums.chunks_exact(len)).enumerate() {
            let scale = scales[i];
            // A scale cut to the largest is a constant; only that of zeros, infinite, gives no number.
            let along = if scale <= LARGEST_SCALE { dot(sum, unit) } else { 0.0 * scale };
            for (k, (sum, x)) in sum.iter().zip(unit).enumerate() {
                let change = scale.min(LARGEST_SCALE) * (sum - along * x);
                grads[self.position(extents, i, k)] += change as f32;
            }
        }
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("factor", self.factor, 0.0, f32::MAX)
    }

    fn takes(&self, extents: &[usize]) -> Result<(), ArgumentError> {
        check("OrthogonalRegularizer: rank", extents.len() as f32, 2.0, 2.0)?;
        // A single row stands at no angle, and Keras divides 0 by 0.
        let argument = match self.mode {
            OrthogonalMode::Rows => "OrthogonalRegularizer: rows",
            OrthogonalMode::Columns => "OrthogonalRegularizer: columns",
        };
        check(argument, self.sizes(extents).0 as f32, 2.0, f32::MAX)
    }

    fn counts_rows(&self) -> bool {
        self.mode == OrthogonalMode::Rows
    }

    fn couples_samples(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_angles_cost_nothing_and_one_direction_costs_all() {
        let spec = OrthogonalRegularizerSpec { factor: 0.5, ..OrthogonalRegularizerSpec::default() };
        assert_eq!(spec.value(&[2, 2], &[3.0, 0.0, 0.0, -2.0]), 0.0);
        assert_eq!(spec.value(&[2, 2], &[3.0, 0.0, -1.0, 0.0]), 0.5);
    }

    #[test]
    fn gradients_are_those_of_the_value() {
        let values = [0.3, -1.2, 0.8, 1.0, 0.4, -0.7];
        for mode in [OrthogonalMode::Rows, OrthogonalMode::Columns] {
            let spec = OrthogonalRegularizerSpec { factor: 2.0, mode };
            let mut grads = [0.0; 6];
            spec.add_gradient(&[2, 3], &values, 1.0, &mut grads);
            for (idx, grad) in grads.iter().enumerate() {
                let moved = |by| {
                    let mut values = values;
                    values[idx] += by;
                    spec.value(&[2, 3], &values)
                };
                let slope = (moved(1e-2) - moved(-1e-2)) / 2e-2;
                assert!((slope - grad).abs() < 2e-3, "{mode:?} {idx}: {slope} {grad}");
            }
        }
    }

    /// Keras multiplies a row shorter than 1e-7 by 1e7, whatever its length; that of zeros divides by 0.
    #[test]
    fn a_row_of_zeros_has_no_gradient_and_a_tiny_one_is_not_turned() {
        let spec = OrthogonalRegularizerSpec { factor: 1.0, ..OrthogonalRegularizerSpec::default() };
        let mut grads = [0.0; 4];
        spec.add_gradient(&[2, 2], &[1e-9, 0.0, 0.6, 0.8], 1.0, &mut grads);
        assert!((grads[0] - 6e6).abs() < 1.0 && (grads[1] - 8e6).abs() < 1.0, "{grads:?}");
        let mut grads = [0.0; 4];
        spec.add_gradient(&[2, 2], &[0.0, 0.0, 0.6, 0.8], 1.0, &mut grads);
        assert!(grads[0].is_nan() && grads[1].is_nan(), "{grads:?}");
        assert_eq!(grads[2..], [0.0, 0.0]);
    }

    #[test]
    fn only_matrices_of_two_rows_are_taken() {
        let spec = OrthogonalRegularizerSpec::default();
        assert!(spec.takes(&[2, 1]).is_ok());
        assert!(spec.takes(&[1, 2]).is_err());
        assert!(spec.takes(&[3, 3, 1, 2]).is_err());
        assert!(spec.takes(&[4]).is_err());
    }
}
