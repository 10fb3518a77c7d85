//! Wilson's interval for a share.
//!
//! With `p = right / n` and `z` the normal distribution's 97.5 % point:
//!
//! ```text
//! (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
//! ```
//!
//! Unlike `p ± z·√(p(1 − p)/n)` it stays within 0..1 and means something even where all are right. Source:
//! E. B. Wilson, *Probable inference* (1927); statsmodels' `proportion_confint(method="wilson")`.

/// The point that a standard normal value exceeds with probability 0.025.
const Z: f64 = 1.959_963_984_540_054;

/// The ends of the 95 % interval for the share behind `right` of `total`, each 0..1; `None` without samples.
///
/// # Panics
/// If more are right than there are.
pub fn wilson(right: usize, total: usize) -> Option<[f64; 2]> {
    assert!(right <= total, "{right} right of {total}");
    if total == 0 {
        return None;
    }
    let (n, p) = (total as f64, right as f64 / total as f64);
    let scale = 1.0 + Z * Z / n;
    let center = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    // Where none or all are right these ends are exactly 0 and 1, which rounding misses by a bit.
    let low = if right == 0 { 0.0 } else { (center - half) / scale };
    let high = if right == total { 1.0 } else { (center + half) / scale };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_images_narrow_the_interval() {
        let width = |right, total| wilson(right, total).map(|[low, high]| high - low).unwrap();
        assert!(width(9_500, 10_000) < width(950, 1_000) / 3.0);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn a_faultless_model_is_not_known_to_be_faultless() {
        let [low, high] = wilson(100, 100).unwrap();
        assert!((0.96..0.97).contains(&low) && high == 1.0, "{low} {high}");
        let [low, high] = wilson(0, 100).unwrap();
        assert!(low == 0.0 && (0.03..0.04).contains(&high), "{low} {high}");
    }
}
