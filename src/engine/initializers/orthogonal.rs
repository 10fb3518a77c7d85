//! Keras's `Orthogonal`: `gain` times a random matrix whose columns, or rows if these are fewer,
//! are of length 1 and at right angles (Saxe, McClelland and Ganguli 2014).
//!
//! The matrix has the last axis as columns and all others as rows. It is the factor Q of a normal
//! random matrix with a positive diagonal of R, found by Gram and Schmidt's method done twice,
//! since once loses the right angles to rounding.

use serde::{Deserialize, Serialize};

use super::Initializer;
use super::normal::standard_normal;
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::rng::Rng;

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrthogonalSpec {
    /// Factor of the matrix.
    pub gain: f32,
    /// Of a stream of its own; without one, the model's.
    pub seed: Option<u64>,
}

impl Default for OrthogonalSpec {
    fn default() -> Self {
        Self { gain: 1.0, seed: None }
    }
}

impl Initializer for OrthogonalSpec {
    fn fill(&self, extents: &[usize], values: &mut [f32], rng: &mut Rng) {
        let columns = extents.last().copied().unwrap_or(1).max(1);
        let rows = values.len() / columns;
        let vectors = orthonormal(rows.min(columns), rows.max(columns), rng);
        for (idx, value) in values.iter_mut().enumerate() {
            let (row, column) = (idx / columns, idx % columns);
            let entry = if rows < columns { vectors[row][column] } else { vectors[column][row] };
            *value = (f64::from(self.gain) * entry) as f32;
        }
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("gain", self.gain, f32::MIN, f32::MAX)
    }

    fn ranks(&self) -> (usize, usize) {
        (2, usize::MAX)
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }
}

/// `count` vectors of `len` values, `count` at most `len`.
fn orthonormal(count: usize, len: usize, rng: &mut Rng) -> Vec<Vec<f64>> {
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(count);
    while vectors.len() < count {
        let mut vector: Vec<f64> = (0..len).map(|_| f64::from(standard_normal(rng))).collect();
        for _ in 0..2 {
            for other in &vectors {
                let along = dot(other, &vector);
                vector.iter_mut().zip(other).for_each(|(x, o)| *x -= along * o);
            }
        }
        let norm = dot(&vector, &vector).sqrt();
        // A draw that lies among the others is improbable, but would leave nothing but rounding.
        if norm > 1e-6 {
            for x in &mut vector {
                *x /= norm;
            }
            vectors.push(vector);
        }
    }
    vectors
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
