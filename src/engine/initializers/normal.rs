//! Draws from the normal distribution, with the same bits on every target.

use crate::tensor::math;
use crate::tensor::rng::Rng;

/// Keras's truncated normal distribution leaves out what lies further from the mean.
pub(super) const TRUNCATION: f32 = 2.0;

/// One draw with mean 0 and standard deviation 1.
///
/// Of each pair the polar method gives (Marsaglia and Bray 1964) the second is thrown away:
/// parameters are drawn once per model, and keeping it would need a state.
pub(super) fn standard_normal(rng: &mut Rng) -> f32 {
    loop {
        let (x, y) = (rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0));
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * math::ln(square) / square).sqrt();
        }
    }
}

/// As [`standard_normal`], drawn again until it is within ±2; the standard deviation is then
/// 0.8796.
pub(super) fn truncated_normal(rng: &mut Rng) -> f32 {
    loop {
        let value = standard_normal(rng);
        if value.abs() <= TRUNCATION {
            return value;
        }
    }
}
