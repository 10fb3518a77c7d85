//! Limits on a gradient's size, in Keras's form.

use std::ops::Range;

/// A limit above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Clipping {
    /// `g·c/max(‖g‖, c)` for each parameter array.
    Norm(f32),
    /// `g·c·min(1/‖G‖, 1/c)` with the norm of the whole gradient.
    GlobalNorm(f32),
    /// Each number between `−c` and `c`.
    Value(f32),
}

impl Clipping {
    /// Clips the gradients that lie at `ranges`, one parameter array each.
    pub(super) fn apply<'a>(self, grads: &mut [f32], ranges: impl Iterator<Item = &'a Range<usize>> + Clone) {
        match self {
            Self::Norm(limit) => {
                for range in ranges {
                    let grads = &mut grads[range.clone()];
                    let norm = norm(sum_of_squares(grads));
                    // Not `max`, which would pass over a NaN.
                    let divisor = if norm < limit { limit } else { norm };
                    for g in grads {
                        *g = *g * limit / divisor;
                    }
                }
            }
            Self::GlobalNorm(limit) => {
                let norm = norm(ranges.clone().map(|range| sum_of_squares(&grads[range.clone()])).sum());
                // As in Keras, nothing of a gradient that is not finite is of use.
                let scale = if norm.is_finite() { limit * (1.0 / norm).min(1.0 / limit) } else { f32::NAN };
                for range in ranges {
                    for g in &mut grads[range.clone()] {
                        *g *= scale;
                    }
                }
            }
            Self::Value(limit) => {
                for range in ranges {
                    for g in &mut grads[range.clone()] {
                        *g = g.clamp(-limit, limit);
                    }
                }
            }
        }
    }
}

fn sum_of_squares(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value) * f64::from(*value)).sum()
}

fn norm(sum_of_squares: f64) -> f32 {
    (sum_of_squares as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_are_limited_each_or_together() {
        let (grads, ranges) = ([3.0, 4.0, 12.0], [0..2, 2..3]);
        let clipped = |clipping: Clipping| {
            let mut clipped = grads;
            clipping.apply(&mut clipped, ranges.iter());
            clipped
        };
        assert_eq!(clipped(Clipping::Norm(5.0)), [3.0, 4.0, 5.0]);
        assert_eq!(clipped(Clipping::GlobalNorm(6.5)), [1.5, 2.0, 6.0]);
        assert_eq!(clipped(Clipping::GlobalNorm(20.0)), grads);
        assert_eq!(clipped(Clipping::Value(3.5)), [3.0, 3.5, 3.5]);
    }

    #[test]
    fn a_gradient_that_is_not_finite_stays_so() {
        let mut grads = [f32::NAN, 1.0];
        Clipping::Norm(0.5).apply(&mut grads, std::iter::once(&(0..2)));
        assert!(grads.iter().all(|g| g.is_nan()));
        let mut grads = [f32::INFINITY, 1.0];
        Clipping::GlobalNorm(0.5).apply(&mut grads, std::iter::once(&(0..2)));
        assert!(grads.iter().all(|g| g.is_nan()));
    }
}
