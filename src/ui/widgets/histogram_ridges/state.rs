//! The histograms and the scale they share.

use std::fmt::Write as _;

/// The histogram after some epochs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ridge {
    /// Completed epochs; 0 before training.
    pub epochs: usize,
    /// The least number.
    pub min: f64,
    /// The greatest number.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
    /// How many lie in each of equally wide ranges; empty when one is not finite.
    pub counts: Vec<u32>,
}

/// All of one array, by rising epochs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RidgesState {
    /// The histograms.
    pub ridges: Vec<Ridge>,
    /// How many there will be; the picture has room for them from the beginning, so that nothing below it moves with
    /// every epoch. 0 where nobody knows.
    pub planned: usize,
}

impl Ridge {
    /// Whether all numbers are finite.
    pub fn is_finite(&self) -> bool {
        !self.counts.is_empty()
    }

    /// The ranges with the share of all numbers per unit of x in each. Where all numbers are equal they have
    /// no width, and `narrowest` stands for it.
    pub fn densities(&self, narrowest: f64) -> Vec<(f64, f64, f64)> {
        let num = self.counts.len().max(1) as f64;
        let total = f64::from(self.counts.iter().sum::<u32>()).max(1.0);
        let (min, max) = if self.max - self.min < narrowest {
            let middle = f64::midpoint(self.min, self.max);
            (middle - narrowest / 2.0, middle + narrowest / 2.0)
        } else {
            (self.min, self.max)
        };
        if self.max <= self.min {
            return vec![(min, max, 1.0 / narrowest)];
        }
        let width = (max - min) / num;
        let range = |(idx, count): (usize, &u32)| {
            let low = min + idx as f64 * width;
            (low, low + width, f64::from(*count) / total / width)
        };
        self.counts.iter().enumerate().map(range).collect()
    }
}

impl RidgesState {
    /// At most `limit` of the finite ones, evenly chosen; the first and the last stay.
    pub fn shown(&self, limit: usize) -> Vec<&Ridge> {
        let finite: Vec<&Ridge> = self.ridges.iter().filter(|ridge| ridge.is_finite()).collect();
        if finite.len() <= limit || limit < 2 {
            return finite;
        }
        (0..limit).map(|idx| finite[idx * (finite.len() - 1) / (limit - 1)]).collect()
    }

    /// From the least to the greatest of all numbers, never without width.
    pub fn x_range(&self) -> (f64, f64) {
        let finite = || self.ridges.iter().filter(|ridge| ridge.is_finite());
        let low = finite().map(|ridge| ridge.min).fold(f64::INFINITY, f64::min);
        let high = finite().map(|ridge| ridge.max).fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return (0.0, 1.0);
        }
        if high - low < 1e-12 * low.abs().max(1.0) {
            let margin = low.abs().max(1.0) * 0.1;
            return (low - margin, high + margin);
        }
        (low, high)
    }

    /// Every range of every histogram as a file: epochs completed, the ends of the range, how many lie in it.
    pub fn csv(&self) -> String {
        let mut out = "epochs,left,right,count\n".to_owned();
        for ridge in &self.ridges {
            let num = ridge.counts.len() as f64;
            let edge = |idx: usize| ridge.min + (ridge.max - ridge.min) * idx as f64 / num;
            for (idx, count) in ridge.counts.iter().enumerate() {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{},{},{},{count}", ridge.epochs, edge(idx), edge(idx + 1));
            }
        }
        out
    }

    /// The last one.
    pub fn last(&self) -> Option<&Ridge> {
        self.ridges.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ridge(epochs: usize, min: f64, max: f64, counts: &[u32]) -> Ridge {
        Ridge { epochs, min, max, counts: counts.to_vec(), ..Ridge::default() }
    }

    #[test]
    fn densities_add_up_to_one_whatever_the_width() {
        for (min, max) in [(-1.0, 1.0), (0.0, 1e-3), (5.0, 5.0)] {
            let densities = ridge(1, min, max, &[1, 2, 3, 4]).densities(0.01);
            let sum: f64 = densities.iter().map(|(low, high, density)| (high - low) * density).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{min}..{max}: {sum}");
        }
    }

    #[test]
    fn all_ridges_share_one_scale_and_what_is_not_finite_has_none() {
        let state = RidgesState {
            ridges: vec![ridge(0, -0.1, 0.1, &[1]), ridge(1, -0.5, 0.3, &[1]), ridge(2, 0.0, 0.0, &[])],
            planned: 0,
        };
        assert_eq!(state.x_range(), (-0.5, 0.3));
        assert_eq!(state.shown(10).len(), 2);
        assert!(!state.last().unwrap().is_finite());
        assert_eq!(RidgesState::default().x_range(), (0.0, 1.0));
        let zeros = RidgesState { ridges: vec![ridge(0, 0.0, 0.0, &[5])], planned: 0 };
        assert_eq!(zeros.x_range(), (-0.1, 0.1));
    }

    #[test]
    fn a_file_has_every_range() {
        let state =
            RidgesState { ridges: vec![ridge(0, -1.0, 1.0, &[2, 3]), ridge(1, 0.0, 0.0, &[])], planned: 0 };
        assert_eq!(state.csv(), "epochs,left,right,count\n0,-1,0,2\n0,0,1,3\n");
    }

    #[test]
    fn of_many_epochs_some_are_shown_with_both_ends() {
        let ridges = (0..50).map(|epoch| ridge(epoch, 0.0, 1.0, &[1])).collect();
        let state = RidgesState { ridges, planned: 0 };
        let shown: Vec<_> = state.shown(5).iter().map(|ridge| ridge.epochs).collect();
        assert_eq!(shown, [0, 12, 24, 36, 49]);
    }
}
