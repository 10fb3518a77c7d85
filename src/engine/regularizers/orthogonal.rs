//! Keras's `OrthogonalRegularizer`: the mean of `|cos|` of the angles between the rows, or columns,
//! of a matrix, times `factor`: `factor·Σ_{i<j} |n_i·n_j| / (s·(s−1)/2)`, where `n_i` is row `i` of
//! length 1 and `s` their number.
//!
//! As in Keras on TensorFlow, a row of zeros has no direction and its gradient is no number.

use serde::{Deserialize, Serialize};

use super::Penalty;
use crate::engine::argument::{ArgumentError, check};

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

/// The rows or columns of a matrix.
struct Directions {
    /// Of each, its values.
    vectors: Vec<Vec<f64>>,
    /// Of each, `1 / length`.
    scales: Vec<f64>,
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
        let vector = |i| (0..len).map(|k| f64::from(values[self.position(extents, i, k)])).collect();
        let vectors: Vec<Vec<f64>> = (0..count).map(vector).collect();
        let scales = vectors.iter().map(|v| 1.0 / v.iter().map(|x| x * x).sum::<f64>().sqrt()).collect();
        Directions { vectors, scales }
    }

    /// What the sum over all pairs, both ways, is multiplied by.
    fn share(self, count: usize) -> f64 {
        let count = count as f64;
        f64::from(self.factor) * 0.5 / (count * (count - 1.0) / 2.0)
    }
}

impl Directions {
    fn scale(&self, i: usize) -> f64 {
        self.scales[i].min(LARGEST_SCALE)
    }

    /// The cosine of the angle between two.
    fn cosine(&self, i: usize, j: usize) -> f64 {
        let dot: f64 = self.vectors[i].iter().zip(&self.vectors[j]).map(|(a, b)| a * b).sum();
        dot * self.scale(i) * self.scale(j)
    }
}

impl Penalty for OrthogonalRegularizerSpec {
    fn value(&self, extents: &[usize], values: &[f32]) -> f32 {
        let directions = self.directions(extents, values);
        let count = directions.vectors.len();
        let pairs = (0..count).flat_map(|i| (0..i).map(move |j| (i, j)));
        let sum: f64 = pairs.map(|(i, j)| 2.0 * directions.cosine(i, j).abs()).sum();
        (self.share(count) * sum) as f32
    }

    fn add_gradient(&self, extents: &[usize], values: &[f32], factor: f32, grads: &mut [f32]) {
        let directions = self.directions(extents, values);
        let count = directions.vectors.len();
        let share = 2.0 * self.share(count) * f64::from(factor);
        for (i, vector) in directions.vectors.iter().enumerate() {
            // The gradient of the vector of length 1.
            let mut grad = vec![0.0; vector.len()];
            for j in (0..count).filter(|j| *j != i) {
                let cosine = directions.cosine(i, j);
                let sign = if cosine == 0.0 { 0.0 } else { cosine.signum() };
                let scale = share * sign * directions.scale(j);
                grad.iter_mut().zip(&directions.vectors[j]).for_each(|(g, x)| *g += scale * x);
            }
            let scale = directions.scales[i];
            let along: f64 = grad.iter().zip(vector).map(|(g, x)| g * x).sum();
            let along = if scale <= LARGEST_SCALE { along } else { 0.0 };
            for (k, (g, x)) in grad.iter().zip(vector).enumerate() {
                let change = directions.scale(i) * g - along * scale * scale * scale * x;
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

    #[test]
    fn only_matrices_of_two_rows_are_taken() {
        let spec = OrthogonalRegularizerSpec::default();
        assert!(spec.takes(&[2, 1]).is_ok());
        assert!(spec.takes(&[1, 2]).is_err());
        assert!(spec.takes(&[3, 3, 1, 2]).is_err());
        assert!(spec.takes(&[4]).is_err());
    }
}
