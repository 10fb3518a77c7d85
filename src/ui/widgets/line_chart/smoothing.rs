//! Smoothing as TensorBoard does it: an exponential moving average without its bias towards 0.
//!
//! `m ← w·m + (1 − w)·y` beginning with 0, shown as `m / (1 − wⁿ)` after n values. Source: TensorBoard's
//! `line_chart_data_loader`/`resmoothDataset`, which also leaves out values that are not finite.

/// The greatest weight: with 1 nothing would ever move.
pub const MOST_SMOOTHING: f64 = 0.99;

/// The points with averaged y; what is not finite stays as it is and is not averaged.
pub fn smoothed(points: &[(f64, f64)], weight: f64) -> Vec<(f64, f64)> {
    let weight = weight.clamp(0.0, MOST_SMOOTHING);
    let (mut mean, mut bias) = (0.0, 1.0);
    let average = |(x, y): &(f64, f64)| {
        if !y.is_finite() {
            return (*x, *y);
        }
        mean = weight * mean + (1.0 - weight) * y;
        bias *= weight;
        (*x, mean / (1.0 - bias))
    };
    points.iter().map(average).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ys(points: &[f64], weight: f64) -> Vec<f64> {
        let points: Vec<_> = points.iter().map(|y| (0.0, *y)).collect();
        smoothed(&points, weight).into_iter().map(|point| point.1).collect()
    }

    #[test]
    fn the_first_value_stays_and_later_ones_are_drawn_to_those_before() {
        // 1; (0.5·0.5·1 + 0.5·3) / 0.75 = 7/3; (0.5·(0.25 + 1.5) + 0.5·5) / 0.875 = 27/7.
        let got = ys(&[1.0, 3.0, 5.0], 0.5);
        let expected = [1.0, 7.0 / 3.0, 27.0 / 7.0];
        assert!(got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-12), "{got:?}");
    }

    #[test]
    fn what_never_changes_is_not_changed() {
        assert!(ys(&[0.1; 50], 0.9).iter().all(|y| (y - 0.1).abs() < 1e-12));
        assert_eq!(ys(&[1.0, 2.0], 0.0), [1.0, 2.0]);
    }

    #[test]
    fn what_is_not_finite_stays_and_spoils_nothing() {
        let got = ys(&[1.0, f64::NAN, 1.0, f64::INFINITY, 1.0], 0.6);
        assert!(got[1].is_nan() && got[3] == f64::INFINITY);
        assert!([got[0], got[2], got[4]].iter().all(|y| (y - 1.0).abs() < 1e-12));
    }
}
