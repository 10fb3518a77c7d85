//! Principal components (Pearson 1901; Hotelling 1933): the two directions along which rows of numbers vary most.
//!
//! With the rows' mean taken off, the components are the leading eigenvectors of `XᵀX`. A block of directions is
//! multiplied by `XᵀX`, made orthonormal, and turned to the eigenvectors of the small matrix that `XᵀX` is within
//! the block (subspace iteration with Rayleigh and Ritz's step), until the first two stand still to the accuracy of
//! 64 bits: what a full decomposition gives, in steps that can be stopped. Variances are divided by `n - 1` and a
//! component's largest loading is positive, as in scikit-learn's `PCA`.

use crate::tensor::rng::{Purpose, Rng};

/// Directions that are followed: more than two, so that the second is found fast where the third is near it.
const BLOCK: usize = 8;
/// Steps after which equal variances are given up on: any direction between them is right.
const MOST_STEPS: usize = 3_000;

/// The work.
pub struct Pca {
    /// Without their mean, row by row.
    rows: Vec<f64>,
    num_rows: usize,
    dims: usize,
    mean: Vec<f64>,
    /// Each of length `dims`.
    block: Vec<Vec<f64>>,
    values: Vec<f64>,
    steps: usize,
    is_done: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PcaResult {
    /// Of all rows.
    pub mean: Vec<f64>,
    /// Unit vectors.
    pub components: [Vec<f64>; 2],
    /// Along each component.
    pub variances: [f64; 2],
    /// Shares of the whole variance, 0..1; 0 where nothing varies.
    pub ratios: [f64; 2],
    /// Every row's place.
    pub points: Vec<[f64; 2]>,
}

impl Pca {
    /// For rows of `dims` numbers, one after the other.
    ///
    /// # Panics
    /// If `rows` is no whole number of rows, or `dims` is 0.
    pub fn new(rows: &[f32], dims: usize) -> Self {
        assert!(dims > 0 && rows.len().is_multiple_of(dims), "{} numbers are no rows of {dims}", rows.len());
        let num_rows = rows.len() / dims;
        let mut mean = vec![0.0; dims];
        for row in rows.chunks_exact(dims) {
            for (sum, x) in mean.iter_mut().zip(row) {
                *sum += f64::from(*x);
            }
        }
        for sum in &mut mean {
            *sum /= num_rows.max(1) as f64;
        }
        let centered = rows.iter().enumerate().map(|(idx, x)| f64::from(*x) - mean[idx % dims]).collect();
        // Any beginning that no component is orthogonal to.
        let mut rng = Rng::new(0, Purpose::Init, 0, 0);
        let mut direction = || (0..dims).map(|_| f64::from(rng.uniform(-1.0, 1.0))).collect();
        let mut block: Vec<Vec<f64>> = (0..BLOCK.min(dims)).map(|_| direction()).collect();
        orthonormalize(&mut block);
        let values = vec![0.0; block.len()];
        Self { rows: centered, num_rows, dims, mean, block, values, steps: 0, is_done: false }
    }

    /// One round; whether there are more to come.
    pub fn step(&mut self) -> bool {
        if self.is_done {
            return false;
        }
        // Every row's place along each direction, then XᵀX of each.
        let mut moved = vec![vec![0.0; self.dims]; self.block.len()];
        for row in self.rows.chunks_exact(self.dims) {
            for (direction, moved) in self.block.iter().zip(&mut moved) {
                let along = dot(row, direction);
                moved.iter_mut().zip(row).for_each(|(sum, x)| *sum += along * x);
            }
        }
        let small: Vec<Vec<f64>> =
            self.block.iter().map(|a| moved.iter().map(|b| dot(a, b)).collect()).collect();
        let (values, turn) = eigen(small);
        let combine = |of: &[Vec<f64>], weights: &[f64]| {
            let mut sum = vec![0.0; of[0].len()];
            for (vector, weight) in of.iter().zip(weights) {
                sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += weight * x);
            }
            sum
        };
        let turned: Vec<Vec<f64>> = turn.iter().map(|weights| combine(&self.block, weights)).collect();
        let mut next: Vec<Vec<f64>> = turn.iter().map(|weights| combine(&moved, weights)).collect();
        // How far the first two are from eigenvectors.
        let error = |idx: usize| {
            let off = next[idx].iter().zip(&turned[idx]).map(|(m, v)| m - values[idx] * v);
            off.map(|x| x * x).sum::<f64>().sqrt()
        };
        let worst = (0..values.len().min(2)).map(error).fold(0.0, f64::max);
        self.steps += 1;
        self.is_done = worst <= 1e-12 * values[0].abs() || self.steps >= MOST_STEPS;
        self.values = values;
        if self.is_done {
            self.block = turned;
        } else {
            orthonormalize(&mut next);
            self.block = next;
        }
        !self.is_done
    }

    /// What is known after the steps made.
    pub fn result(&self) -> PcaResult {
        let divisor = self.num_rows.saturating_sub(1).max(1) as f64;
        let total = dot(&self.rows, &self.rows) / divisor;
        let component = |idx: usize| {
            let mut component = self.block.get(idx).cloned().unwrap_or_else(|| vec![0.0; self.dims]);
            let largest =
                component.iter().fold(0.0, |max: f64, x| if x.abs() > max.abs() { *x } else { max });
            if largest < 0.0 {
                for x in &mut component {
                    *x = -*x;
                }
            }
            component
        };
        let components = [component(0), component(1)];
        let variances = [0, 1].map(|idx| self.values.get(idx).map_or(0.0, |value| value.max(0.0) / divisor));
        let ratios = variances.map(|variance| if total > 0.0 { variance / total } else { 0.0 });
        let place = |row: &[f64]| [dot(row, &components[0]), dot(row, &components[1])];
        let points = self.rows.chunks_exact(self.dims).map(place).collect();
        PcaResult { mean: self.mean.clone(), components, variances, ratios, points }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Gram and Schmidt, twice over, since once leaves rounding errors; what is nothing but those becomes 0.
fn orthonormalize(vectors: &mut [Vec<f64>]) {
    for idx in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(idx);
        let vector = &mut rest[0];
        let begin = dot(vector, vector).sqrt();
        for _ in 0..2 {
            for other in before.iter() {
                let along = dot(vector, other);
                for (x, o) in vector.iter_mut().zip(other) {
                    *x -= along * o;
                }
            }
        }
        let length = dot(vector, vector).sqrt();
        let scale = if length > 1e-13 * begin { 1.0 / length } else { 0.0 };
        for x in vector.iter_mut() {
            *x *= scale;
        }
    }
}

/// Eigenvalues, the largest first, and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
fn eigen(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..n).map(|row| (0..n).map(|column| f64::from(u8::from(row == column))).collect()).collect();
    // Ten sweeps are more than any matrix of this size has needed; quadratic convergence ends them early.
    for _ in 0..30 {
        let off: f64 =
            (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))).map(|(p, q)| a[p][q] * a[p][q]).sum();
        let scale: f64 = (0..n).map(|p| a[p][p] * a[p][p]).sum();
        if off <= 1e-34 * scale || off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|x, y| a[*y][*y].total_cmp(&a[*x][*x]));
    (order.iter().map(|idx| a[*idx][*idx]).collect(), order.iter().map(|idx| vectors[*idx].clone()).collect())
}

/// Makes `a[p][q]` zero; rows of `vectors` follow.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cos = 1.0 / (t * t + 1.0).sqrt();
    let sin = t * cos;
    for row in a.iter_mut() {
        (row[p], row[q]) = (cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]);
    }
    for idx in 0..a.len() {
        let (x, y) = (a[p][idx], a[q][idx]);
        (a[p][idx], a[q][idx]) = (cos * x - sin * y, sin * x + cos * y);
        let (x, y) = (vectors[p][idx], vectors[q][idx]);
        (vectors[p][idx], vectors[q][idx]) = (cos * x - sin * y, sin * x + cos * y);
    }
}
