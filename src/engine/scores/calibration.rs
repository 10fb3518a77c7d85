//! How far the probability of the predicted class can be believed.
//!
//! Samples are put into bins of equal width by the probability of the class that was predicted; in each bin
//! the mean probability stands against the share that was right. The expected calibration error is
//!
//! ```text
//! ECE = Σ over bins of count/n · |right/count − mean probability|
//! ```
//!
//! Source: scikit-learn's `calibration_curve(strategy="uniform")` on (right or not, probability); Guo et al.,
//! *On calibration of modern neural networks* (2017), equation 3.

/// One bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Probabilities above this, 0..1; the first bin holds 0 too.
    pub from: f64,
    /// Up to this and including it, 0..1.
    pub to: f64,
    /// Its samples.
    pub count: usize,
    /// Of these, how many were predicted right.
    pub right: usize,
    /// The sum of their probabilities.
    sum: f64,
}

impl Bin {
    /// The mean probability, 0..1; `None` without samples.
    pub fn mean_probability(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    /// The share that was right, 0..1; `None` without samples.
    pub fn accuracy(&self) -> Option<f64> {
        (self.count > 0).then(|| self.right as f64 / self.count as f64)
    }

    /// How much more were right than the probabilities promised, −1..1; below 0 the model is too sure.
    pub fn gap(&self) -> Option<f64> {
        Some(self.accuracy()? - self.mean_probability()?)
    }
}

/// All bins, the lowest probabilities first.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The bins, those without samples too.
    pub bins: Vec<Bin>,
}

impl Calibration {
    /// Sorts `answers`, the probability of the predicted class with whether it was right, into so many bins.
    ///
    /// # Panics
    /// If there are no bins.
    pub fn new(num_bins: usize, answers: impl IntoIterator<Item = (f64, bool)>) -> Self {
        assert!(num_bins > 0, "at least one bin");
        let step = 1.0 / num_bins as f64;
        // NumPy's `linspace`: multiples of the step, and the end exactly.
        let edge = |idx: usize| if idx == num_bins { 1.0 } else { idx as f64 * step };
        let bin = |idx| Bin { from: edge(idx), to: edge(idx + 1), count: 0, right: 0, sum: 0.0 };
        let mut bins: Vec<Bin> = (0..num_bins).map(bin).collect();
        for (probability, is_right) in answers {
            // A value on an edge belongs below it.
            let at = bins[1..].partition_point(|bin| bin.from < probability);
            let bin = &mut bins[at];
            bin.count += 1;
            bin.right += usize::from(is_right);
            bin.sum += probability;
        }
        Self { bins }
    }

    /// The points of the curve: mean probability and share right of each bin with samples.
    pub fn curve(&self) -> Vec<(f64, f64)> {
        self.bins.iter().filter_map(|bin| Some((bin.mean_probability()?, bin.accuracy()?))).collect()
    }

    /// The expected calibration error, 0..1; `None` without samples.
    pub fn expected_error(&self) -> Option<f64> {
        let total: usize = self.bins.iter().map(|bin| bin.count).sum();
        let gaps = self.bins.iter().filter_map(|bin| Some(bin.count as f64 * bin.gap()?.abs()));
        (total > 0).then(|| gaps.sum::<f64>() / total as f64)
    }

    /// How much more were right than the probabilities promised over all samples, −1..1; below 0 the model is
    /// too sure.
    pub fn mean_gap(&self) -> Option<f64> {
        let total: usize = self.bins.iter().map(|bin| bin.count).sum();
        let gaps = self.bins.iter().filter_map(|bin| Some(bin.count as f64 * bin.gap()?));
        (total > 0).then(|| gaps.sum::<f64>() / total as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_an_edge_belongs_below_it() {
        let counts = |values: &[f64]| -> Vec<usize> {
            let calibration = Calibration::new(4, values.iter().map(|value| (*value, true)));
            calibration.bins.iter().map(|bin| bin.count).collect()
        };
        assert_eq!(counts(&[0.0, 0.25, 0.5, 1.0]), [2, 1, 0, 1]);
        assert_eq!(counts(&[0.250_000_1, 0.75]), [0, 1, 1, 0]);
        assert_eq!(
            counts(&[f64::NAN]),
            [1, 0, 0, 0],
            "a model that has diverged is told of and breaks nothing"
        );
    }

    #[test]
    fn the_error_is_the_mean_distance_from_the_diagonal() {
        let answers = [(0.75, true), (0.75, false), (1.0, true), (1.0, true)];
        let calibration = Calibration::new(10, answers);
        assert_eq!(calibration.curve(), [(0.75, 0.5), (1.0, 1.0)]);
        assert_eq!((calibration.expected_error(), calibration.mean_gap()), (Some(0.125), Some(-0.125)));
        assert_eq!(Calibration::new(10, []).expected_error(), None);
    }
}
