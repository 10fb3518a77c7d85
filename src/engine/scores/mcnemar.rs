//! McNemar's test: are two models that judged the same samples equally good?
//!
//! Only samples on which exactly one of the two is right tell them apart: `b` on which the first is, `c` on
//! which the second is. If both are equally good, each of them falls to either side like a fair coin.
//!
//! - With few of them, `b + c < 25`, the probability of a split at least as uneven is counted out:
//!   `p = min(1, 2·Σ over i ≤ min(b, c) of C(b + c, i)/2^(b + c))`.
//! - With more, `χ² = (|b − c| − 1)²/(b + c)` follows the chi-square distribution with one degree of freedom.
//!
//! Source: Q. McNemar (1947) with A. Edwards' correction for continuity; statsmodels' `mcnemar`.

use crate::tensor::math;

/// From so many telling samples on the approximation is good enough.
const ENOUGH: usize = 25;

/// On how many samples which of two models are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pairs {
    /// Both.
    pub both: usize,
    /// The first alone.
    pub only_first: usize,
    /// The second alone.
    pub only_second: usize,
    /// Neither.
    pub neither: usize,
}

impl Pairs {
    /// Counts the predictions of two models.
    ///
    /// # Panics
    /// If the lengths differ.
    pub fn new(labels: &[u8], first: &[u8], second: &[u8]) -> Self {
        assert!(labels.len() == first.len() && labels.len() == second.len(), "two predictions per label");
        let mut pairs = Self::default();
        for ((label, first), second) in labels.iter().zip(first).zip(second) {
            let count = match (first == label, second == label) {
                (true, true) => &mut pairs.both,
                (true, false) => &mut pairs.only_first,
                (false, true) => &mut pairs.only_second,
                (false, false) => &mut pairs.neither,
            };
            *count += 1;
        }
        pairs
    }

    /// Samples on which exactly one is right.
    pub fn num_telling(&self) -> usize {
        self.only_first + self.only_second
    }
}

/// How the probability was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Counted out with the binomial distribution.
    Exact,
    /// The chi-square distribution with correction for continuity.
    ChiSquare,
}

/// The outcome of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// How.
    pub method: Method,
    /// The smaller of the two counts if exact, else χ².
    pub statistic: f64,
    /// How often two equally good models differ at least so much, 0..1.
    pub p_value: f64,
}

impl McNemar {
    /// Tests two models, as exactly as their number of telling samples allows.
    pub fn new(pairs: &Pairs) -> Self {
        let (b, c) = (pairs.only_first, pairs.only_second);
        if b + c < ENOUGH { Self::exact(b, c) } else { Self::chi_square(b, c) }
    }

    fn exact(b: usize, c: usize) -> Self {
        let (few, n) = (b.min(c), b + c);
        // Below 2^25, so that every sum is exact.
        let mut ways = 1_u64;
        let mut sum = 1_u64;
        for i in 0..few as u64 {
            ways = ways * (n as u64 - i) / (i + 1);
            sum += ways;
        }
        let p_value = (2.0 * sum as f64 / (1_u64 << n) as f64).min(1.0);
        Self { method: Method::Exact, statistic: few as f64, p_value }
    }

    fn chi_square(b: usize, c: usize) -> Self {
        let distance = b.abs_diff(c) as f64 - 1.0;
        let statistic = distance * distance / (b + c) as f64;
        Self { method: Method::ChiSquare, statistic, p_value: math::erfc_f64((statistic / 2.0).sqrt()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(only_first: usize, only_second: usize) -> McNemar {
        McNemar::new(&Pairs { only_first, only_second, ..Pairs::default() })
    }

    #[test]
    fn few_samples_are_counted_out() {
        assert_eq!(test(0, 0).p_value, 1.0);
        assert_eq!(test(0, 5), McNemar { method: Method::Exact, statistic: 0.0, p_value: 0.0625 });
        assert_eq!(test(3, 3).p_value, 1.0);
        assert_eq!((test(12, 12).method, test(12, 13).method), (Method::Exact, Method::ChiSquare));
    }

    #[test]
    fn the_order_of_the_models_does_not_matter() {
        for (b, c) in [(2, 9), (40, 11), (0, 24)] {
            assert_eq!(test(b, c), test(c, b));
        }
        assert!(test(40, 11).p_value < 0.001);
    }

    #[test]
    fn pairs_are_counted_by_who_is_right() {
        let pairs = Pairs::new(&[0, 1, 2, 3, 3], &[0, 1, 0, 0, 3], &[0, 2, 2, 1, 3]);
        assert_eq!(pairs, Pairs { both: 2, only_first: 1, only_second: 1, neither: 1 });
    }
}
