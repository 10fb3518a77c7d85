//! `exp` and `ln` that give the same bits on every target.
//!
//! The platform's own functions differ between browsers and operating systems in the last bit,
//! and training amplifies that. These go through `libm`, which is plain Rust arithmetic.

/// e to the power `x`.
#[inline]
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// The natural logarithm of `x`.
#[inline]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}

/// The hyperbolic tangent of `x`.
#[inline]
pub fn tanh(x: f32) -> f32 {
    libm::tanhf(x)
}
