//! `exp`, `ln` and their like that give the same bits on every target.
//!
//! The platform's own functions differ between browsers and operating systems in the last bit,
//! and training amplifies that. These go through `libm`, which is plain Rust arithmetic.

/// e to the power `x`.
#[inline]
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// e to the power `x`, for learning rates.
#[inline]
pub fn exp_f64(x: f64) -> f64 {
    libm::exp(x)
}

/// `base` to the power `exponent`, for learning rates.
#[inline]
pub fn pow_f64(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// `e^x - 1`, exact where `x` is small.
#[inline]
pub fn exp_m1(x: f32) -> f32 {
    libm::expm1f(x)
}

/// The natural logarithm of `x`.
#[inline]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}

/// The natural logarithm of `x`, for sums over many probabilities.
#[inline]
pub fn ln_f64(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)`, exact where `x` is small.
#[inline]
pub fn ln_1p(x: f32) -> f32 {
    libm::log1pf(x)
}

/// The hyperbolic tangent of `x`.
#[inline]
pub fn tanh(x: f32) -> f32 {
    libm::tanhf(x)
}

/// The error function `2/√π · ∫ e^(-t²)` from 0 to `x`.
#[inline]
pub fn erf(x: f32) -> f32 {
    libm::erff(x)
}

/// `1 - erf(x)`, exact where it is small; for probabilities of the normal distribution.
#[inline]
pub fn erfc_f64(x: f64) -> f64 {
    libm::erfc(x)
}

/// `base` to the power `exponent`.
#[inline]
pub fn pow(base: f32, exponent: f32) -> f32 {
    libm::powf(base, exponent)
}

/// The cosine of an angle in radians.
#[inline]
pub fn cos(x: f32) -> f32 {
    libm::cosf(x)
}

/// The sine of an angle in radians.
#[inline]
pub fn sin(x: f32) -> f32 {
    libm::sinf(x)
}
