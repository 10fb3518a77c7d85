//! t-SNE (van der Maaten and Hinton 2008): points in the plane whose neighborhoods are those of rows of numbers.
//!
//! `p[j|i] ∝ exp(-β[i]·‖x[i] - x[j]‖²)`, `β[i]` searched for so that the perplexity `2^H(p[·|i])` is the wanted one;
//! `p[ij] = (p[j|i] + p[i|j])/2n`; `q[ij] ∝ 1/(1 + ‖y[i] - y[j]‖²)`. The loss is `KL = Σ p·ln(p/q)`, its gradient
//! `4·Σ (p - q)·(y[i] - y[j])/(1 + ‖y[i] - y[j]‖²)`. All pairs are computed, in 64 bits: scikit-learn's
//! `TSNE(method="exact")`, whose descent, early exaggeration, gains and ends this follows.

use crate::tensor::math;

/// scikit-learn's `MACHINE_EPSILON`.
const EPSILON: f64 = f64::EPSILON;
/// Of the search for `β`, in nats of entropy.
const PERPLEXITY_TOLERANCE: f64 = 1e-5;
const SEARCH_STEPS: usize = 100;
/// Iterations with early exaggeration.
const EXPLORATION: usize = 250;
/// How often the loss is computed and an end looked for.
const CHECK: usize = 50;
/// Iterations without progress after which it ends.
const PATIENCE: usize = 300;
const MIN_GRAD_NORM: f64 = 1e-7;
const MIN_GAIN: f64 = 0.01;

/// scikit-learn's arguments of the same names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TsneArguments {
    /// About how many neighbors count; below the number of points.
    pub perplexity: f64,
    /// What the probabilities are multiplied by in the first 250 iterations.
    pub early_exaggeration: f64,
    /// None is scikit-learn's `"auto"`: `max(n/early_exaggeration/4, 50)`.
    pub learning_rate: Option<f64>,
    /// Iterations at most.
    pub max_iter: usize,
}

impl Default for TsneArguments {
    fn default() -> Self {
        Self { perplexity: 30.0, early_exaggeration: 12.0, learning_rate: None, max_iter: 1_000 }
    }
}

/// The work.
pub struct Tsne {
    arguments: TsneArguments,
    learning_rate: f64,
    rows: Vec<f32>,
    dims: usize,
    n: usize,
    /// `p[j|i]` of the rows done, then `p[ij]`.
    p: Vec<f64>,
    rows_done: usize,
    y: Vec<[f64; 2]>,
    update: Vec<[f64; 2]>,
    gains: Vec<[f64; 2]>,
    iteration: usize,
    loss: Option<f64>,
    best: (f64, usize),
    /// Whether it is in the phase of early exaggeration.
    explores: bool,
    /// Whether an end was found before its time, in this phase.
    is_over: bool,
}

impl Tsne {
    /// For rows of `dims` numbers, beginning at `y`: scikit-learn begins at the principal components divided by the
    /// first one's standard deviation, times 1e-4.
    ///
    /// # Panics
    /// If `rows` is no whole number of rows, or there are other than so many points.
    pub fn new(rows: Vec<f32>, dims: usize, y: Vec<[f64; 2]>, arguments: TsneArguments) -> Self {
        assert_eq!(rows.len(), y.len() * dims, "a point for each row");
        let n = y.len();
        let auto = (n as f64 / arguments.early_exaggeration / 4.0).max(50.0);
        Self {
            learning_rate: arguments.learning_rate.unwrap_or(auto),
            arguments,
            rows,
            dims,
            n,
            p: vec![0.0; n * n],
            rows_done: 0,
            update: vec![[0.0; 2]; n],
            gains: vec![[1.0; 2]; n],
            y,
            iteration: 0,
            loss: None,
            best: (f64::MAX, 0),
            explores: true,
            is_over: false,
        }
    }

    /// The beginning that scikit-learn makes of principal components.
    pub fn beginning(components: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let n = components.len().max(1) as f64;
        let mean = components.iter().map(|point| point[0]).sum::<f64>() / n;
        let variance = components.iter().map(|point| (point[0] - mean) * (point[0] - mean)).sum::<f64>() / n;
        let scale = if variance > 0.0 { 1e-4 / variance.sqrt() } else { 0.0 };
        components.iter().map(|point| point.map(|x| x * scale)).collect()
    }

    /// Iterations made.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// KL when it was last computed; times the exaggeration while that lasts.
    pub fn loss(&self) -> Option<f64> {
        self.loss
    }

    /// The points.
    pub fn points(&self) -> &[[f64; 2]] {
        &self.y
    }

    /// One row's neighbors, or one iteration; whether there is more to do.
    pub fn step(&mut self) -> bool {
        if self.n < 2 {
            return false;
        }
        if self.rows_done < self.n {
            self.search(self.rows_done);
            self.rows_done += 1;
            if self.rows_done == self.n {
                join(&mut self.p, self.n);
            }
            return true;
        }
        if self.explores && (self.is_over || self.iteration == EXPLORATION) {
            self.begin_second();
        }
        if self.is_over || self.iteration >= self.arguments.max_iter {
            return false;
        }
        self.descend();
        (self.explores || !self.is_over) && self.iteration < self.arguments.max_iter
    }

    fn begin_second(&mut self) {
        self.explores = false;
        self.update.fill([0.0; 2]);
        self.gains.fill([1.0; 2]);
        self.best = (f64::MAX, self.iteration);
        self.is_over = false;
    }

    fn search(&mut self, i: usize) {
        let row = |idx: usize| &self.rows[idx * self.dims..(idx + 1) * self.dims];
        let square = |(a, b): (&f32, &f32)| {
            let difference = f64::from(*a) - f64::from(*b);
            difference * difference
        };
        let distance = |j: usize| row(i).iter().zip(row(j)).map(square).sum::<f64>();
        let distances: Vec<f64> = (0..self.n).map(distance).collect();
        let row = conditional(&distances, i, self.arguments.perplexity);
        self.p[i * self.n..(i + 1) * self.n].copy_from_slice(&row);
    }

    fn descend(&mut self) {
        let (momentum, exaggeration) =
            if self.explores { (0.5, self.arguments.early_exaggeration) } else { (0.8, 1.0) };
        let checks = (self.iteration + 1).is_multiple_of(CHECK);
        let is_last = self.iteration + 1 == self.arguments.max_iter;
        let (loss, mut grad) = kl_divergence(&self.y, &self.p, exaggeration, checks || is_last);
        self.loss = loss.or(self.loss);
        let mut norm = 0.0;
        for (idx, grad) in grad.iter_mut().enumerate() {
            let states = self.y[idx].iter_mut().zip(&mut self.update[idx]).zip(&mut self.gains[idx]);
            for (grad, ((y, update), gain)) in grad.iter_mut().zip(states) {
                *gain = if *update * *grad < 0.0 { *gain + 0.2 } else { *gain * 0.8 }.max(MIN_GAIN);
                *grad *= *gain;
                *update = momentum * *update - self.learning_rate * *grad;
                *y += *update;
                norm += *grad * *grad;
            }
        }
        if checks && let Some(loss) = loss {
            if loss < self.best.0 {
                self.best = (loss, self.iteration);
            } else if self.iteration - self.best.1 > PATIENCE {
                self.is_over = true;
            }
            self.is_over |= norm.sqrt() <= MIN_GRAD_NORM;
        }
        self.iteration += 1;
    }
}

/// `p[ij]` of all pairs, row by row, from squared distances: scikit-learn's `_joint_probabilities`.
///
/// # Panics
/// If there are not `n·n` distances.
pub fn joint_probabilities(distances: &[f64], n: usize, perplexity: f64) -> Vec<f64> {
    assert_eq!(distances.len(), n * n, "a distance for each pair");
    let rows = distances.chunks_exact(n).enumerate();
    let mut p: Vec<f64> = rows.flat_map(|(i, row)| conditional(row, i, perplexity)).collect();
    join(&mut p, n);
    p
}

/// `p[j|i]` of one row. scikit-learn keeps distances in 32 bits and computes in 64.
fn conditional(distances: &[f64], i: usize, perplexity: f64) -> Vec<f64> {
    let wanted = math::ln_f64(perplexity);
    let distances: Vec<f64> = distances.iter().map(|distance| f64::from(*distance as f32)).collect();
    let (mut beta, mut min, mut max) = (1.0, f64::NEG_INFINITY, f64::INFINITY);
    let mut p = vec![0.0; distances.len()];
    for _ in 0..SEARCH_STEPS {
        let mut sum = 0.0;
        for (j, distance) in distances.iter().enumerate() {
            p[j] = if j == i { 0.0 } else { math::exp_f64(-distance * beta) };
            sum += p[j];
        }
        if sum == 0.0 {
            sum = 1e-8;
        }
        let mut weighted = 0.0;
        for (p, distance) in p.iter_mut().zip(&distances) {
            *p /= sum;
            weighted += distance * *p;
        }
        let excess = math::ln_f64(sum) + beta * weighted - wanted;
        if excess.abs() <= PERPLEXITY_TOLERANCE {
            break;
        }
        if excess > 0.0 {
            min = beta;
            beta = if max.is_infinite() { beta * 2.0 } else { f64::midpoint(beta, max) };
        } else {
            max = beta;
            beta = if min.is_infinite() { beta / 2.0 } else { f64::midpoint(beta, min) };
        }
    }
    p
}

/// Makes both directions of each pair one.
fn join(p: &mut [f64], n: usize) {
    for i in 0..n {
        for j in 0..=i {
            let both = p[i * n + j] + p[j * n + i];
            (p[i * n + j], p[j * n + i]) = (both, both);
        }
    }
    let sum = p.iter().sum::<f64>().max(EPSILON);
    for p in p.iter_mut() {
        *p = (*p / sum).max(EPSILON);
    }
    for i in 0..n {
        p[i * n + i] = 0.0;
    }
}

/// The loss, if it is wanted, and its gradient for every point; the probabilities count times `exaggeration`.
///
/// # Panics
/// If there are not `n·n` probabilities for `n` points.
pub fn kl_divergence(
    y: &[[f64; 2]],
    p: &[f64],
    exaggeration: f64,
    wants_loss: bool,
) -> (Option<f64>, Vec<[f64; 2]>) {
    let n = y.len();
    assert_eq!(p.len(), n * n, "a probability for each pair");
    let closeness = |a: [f64; 2], b: [f64; 2]| {
        let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
        1.0 / (1.0 + dx * dx + dy * dy)
    };
    let mut sum = 0.0;
    for i in 1..n {
        for j in 0..i {
            sum += closeness(y[i], y[j]);
        }
    }
    let mut grad = vec![[0.0; 2]; n];
    let mut loss = 0.0;
    for i in 1..n {
        for j in 0..i {
            let close = closeness(y[i], y[j]);
            let q = (close / (2.0 * sum)).max(EPSILON);
            let p = p[i * n + j] * exaggeration;
            if wants_loss {
                loss += 2.0 * p * math::ln_f64(p.max(EPSILON) / q);
            }
            let force = 4.0 * (p - q) * close;
            for axis in 0..2 {
                let part = force * (y[i][axis] - y[j][axis]);
                grad[i][axis] += part;
                grad[j][axis] -= part;
            }
        }
    }
    (wants_loss.then_some(loss), grad)
}
