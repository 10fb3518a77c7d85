//! [`Lanes`]: four values that are computed with as one, WebAssembly's only kind of vector.
//!
//! Plain loops over arrays become vectors too, but not wherever the optimizer meets them: a product
//! that it took apart ran at a third of the speed. Where every running sum is a vector from the
//! beginning that cannot happen. On other targets a vector is an array, which they compile to the
//! same speed as a loop.
//!
//! Products and sums are rounded one by one, so the bits are the same on every target. The one
//! exception is a worker compiled for `relaxed-simd` ([`FUSED`]), which a reader may choose for its
//! speed: there a processor that can rounds once, and the last bits are its own. On a Zen 5 server it
//! trained the perceptron 6 % and LeNet-5 4 % faster and the CNN 7 % slower (`benches/RESULTS.md`); before zeros were
//! left out it gained 17 % for both convolutional networks on a Zen 3 server. A gain above 20 % would have
//! made it the usual one.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::{
    f32x4, f32x4_add, f32x4_extract_lane, f32x4_gt, f32x4_mul, f32x4_ne, f32x4_splat, f32x4_sub, u32x4,
    u32x4_extract_lane, u32x4_splat, v128, v128_andnot, v128_any_true, v128_bitselect, v128_or,
};
use std::ops::{Add, Mul, Sub};

/// Values of a vector.
pub const WIDTH: usize = 4;

/// Whether a product may be added without being rounded first: then bits depend on the processor.
pub const FUSED: bool = cfg!(all(target_arch = "wasm32", target_feature = "relaxed-simd"));

/// Four values.
#[derive(Debug, Clone, Copy)]
pub struct Lanes(Vector);

/// Four whole numbers.
#[derive(Debug, Clone, Copy)]
pub struct Words(WordVector);

/// Of each of four lanes whether something holds.
#[derive(Debug, Clone, Copy)]
pub struct Mask(MaskVector);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type Vector = v128;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type WordVector = v128;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type MaskVector = v128;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type Vector = [f32; WIDTH];
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type WordVector = [u32; WIDTH];
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type MaskVector = [bool; WIDTH];

impl Lanes {
    /// Where the other is larger: nowhere where both are equal; a NaN is larger than every number.
    pub fn is_less(self, other: Self) -> Mask {
        other.is_greater(self).or(other.is_nan().without(self.is_nan()))
    }

    /// The larger of each two, by [`Lanes::is_less`].
    #[must_use]
    pub fn largest(self, other: Self) -> Self {
        other.where_else(self.is_less(other), self)
    }

    /// Zero where it is below that; a NaN stays one.
    #[must_use]
    pub fn relu(self) -> Self {
        let zero = Self::splat(0.0);
        self.where_else(self.is_greater(zero).or(self.is_nan()), zero)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Lanes {
    /// These four.
    pub fn load(values: [f32; WIDTH]) -> Self {
        let [v0, v1, v2, v3] = values;
        Self(f32x4(v0, v1, v2, v3))
    }

    /// The same four times.
    pub fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

    /// The four.
    pub fn store(self) -> [f32; WIDTH] {
        [
            f32x4_extract_lane::<0>(self.0),
            f32x4_extract_lane::<1>(self.0),
            f32x4_extract_lane::<2>(self.0),
            f32x4_extract_lane::<3>(self.0),
        ]
    }

    /// `self + a·b`.
    #[must_use]
    #[cfg(not(target_feature = "relaxed-simd"))]
    pub fn add_product(self, a: Self, b: Self) -> Self {
        Self(f32x4_add(self.0, f32x4_mul(a.0, b.0)))
    }

    /// `self + a·b`, rounded once where the processor can.
    #[must_use]
    #[cfg(target_feature = "relaxed-simd")]
    pub fn add_product(self, a: Self, b: Self) -> Self {
        Self(core::arch::wasm32::f32x4_relaxed_madd(a.0, b.0, self.0))
    }

    /// Where this is greater; nowhere where either is no number.
    pub fn is_greater(self, other: Self) -> Mask {
        Mask(f32x4_gt(self.0, other.0))
    }

    /// Where this is no number.
    pub fn is_nan(self) -> Mask {
        Mask(f32x4_ne(self.0, self.0))
    }

    /// This where the mask holds, the other where it does not.
    #[must_use]
    pub fn where_else(self, mask: Mask, other: Self) -> Self {
        Self(v128_bitselect(self.0, other.0, mask.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Add for Lanes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Sub for Lanes {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Mul for Lanes {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Words {
    /// These four.
    pub fn load(values: [u32; WIDTH]) -> Self {
        let [v0, v1, v2, v3] = values;
        Self(u32x4(v0, v1, v2, v3))
    }

    /// The same four times.
    pub fn splat(value: u32) -> Self {
        Self(u32x4_splat(value))
    }

    /// The four.
    pub fn store(self) -> [u32; WIDTH] {
        [
            u32x4_extract_lane::<0>(self.0),
            u32x4_extract_lane::<1>(self.0),
            u32x4_extract_lane::<2>(self.0),
            u32x4_extract_lane::<3>(self.0),
        ]
    }

    /// This where the mask holds, the other where it does not.
    #[must_use]
    pub fn where_else(self, mask: Mask, other: Self) -> Self {
        Self(v128_bitselect(self.0, other.0, mask.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Mask {
    /// Nowhere.
    pub fn none() -> Self {
        Self(u32x4_splat(0))
    }

    /// Where either holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(v128_or(self.0, other.0))
    }

    /// Where this holds and the other does not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(v128_andnot(self.0, other.0))
    }

    /// Whether it holds anywhere.
    pub fn any(self) -> bool {
        v128_any_true(self.0)
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Lanes {
    /// These four.
    pub fn load(values: [f32; WIDTH]) -> Self {
        Self(values)
    }

    /// The same four times.
    pub fn splat(value: f32) -> Self {
        Self([value; WIDTH])
    }

    /// The four.
    pub fn store(self) -> [f32; WIDTH] {
        self.0
    }

    /// `self + a·b`.
    #[must_use]
    pub fn add_product(self, a: Self, b: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + a.0[lane] * b.0[lane]))
    }

    /// Where this is greater; nowhere where either is no number.
    pub fn is_greater(self, other: Self) -> Mask {
        Mask(std::array::from_fn(|lane| self.0[lane] > other.0[lane]))
    }

    /// Where this is no number.
    pub fn is_nan(self) -> Mask {
        Mask(self.0.map(f32::is_nan))
    }

    /// This where the mask holds, the other where it does not.
    #[must_use]
    pub fn where_else(self, mask: Mask, other: Self) -> Self {
        Self(std::array::from_fn(|lane| if mask.0[lane] { self.0[lane] } else { other.0[lane] }))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Add for Lanes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Sub for Lanes {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Mul for Lanes {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Words {
    /// These four.
    pub fn load(values: [u32; WIDTH]) -> Self {
        Self(values)
    }

    /// The same four times.
    pub fn splat(value: u32) -> Self {
        Self([value; WIDTH])
    }

    /// The four.
    pub fn store(self) -> [u32; WIDTH] {
        self.0
    }

    /// This where the mask holds, the other where it does not.
    #[must_use]
    pub fn where_else(self, mask: Mask, other: Self) -> Self {
        Self(std::array::from_fn(|lane| if mask.0[lane] { self.0[lane] } else { other.0[lane] }))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Mask {
    /// Nowhere.
    pub fn none() -> Self {
        Self([false; WIDTH])
    }

    /// Where either holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] | other.0[lane]))
    }

    /// Where this holds and the other does not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] && !other.0[lane]))
    }

    /// Whether it holds anywhere.
    pub fn any(self) -> bool {
        self.0 != [false; WIDTH]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn every_lane_rounds_the_product_and_then_the_sum() {
        // Its square is 1 + 2⁻¹¹ + 2⁻²⁴, and the last term is what rounding takes away.
        let value = 1.0 + 2f32.powi(-12);
        let factors = [value, 2.0, -3.0, 0.5];
        let sums = [-1.0, 10.0, 20.0, 30.0];
        let got = Lanes::load(sums).add_product(Lanes::load(factors), Lanes::splat(value)).store();
        let expected: [f32; WIDTH] = std::array::from_fn(|lane| sums[lane] + factors[lane] * value);
        assert_eq!(got, expected);
        assert_eq!(got[0], 2f32.powi(-11));
    }

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn lanes_are_chosen_one_by_one() {
        let (a, b) = (Lanes::load([1.0, f32::NAN, 3.0, -0.0]), Lanes::load([0.0, 1.0, 3.0, 0.0]));
        let greater = a.is_greater(b);
        assert_eq!(a.where_else(greater, b).store(), [1.0, 1.0, 3.0, 0.0]);
        let (words, others) = (Words::load([1, 2, 3, u32::MAX]), Words::splat(7));
        assert_eq!(words.where_else(greater, others).store(), [1, 7, 7, 7]);
        assert_eq!(words.where_else(a.is_nan(), others).store(), [7, 2, 7, 7]);
        assert_eq!(others.where_else(Mask::none(), words).store(), [1, 2, 3, u32::MAX]);
        assert!(a.is_nan().or(Mask::none()).any() && greater.any());
        assert!(!Mask::none().or(b.is_nan()).any());
        assert!(greater.without(a.is_nan()).any() && !a.is_nan().without(a.is_nan()).any());
    }

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn the_largest_and_relu_keep_what_is_no_number() {
        let bits = |lanes: Lanes| lanes.store().map(f32::to_bits);
        let (a, b) = (Lanes::load([1.0, f32::NAN, 2.0, 0.0]), Lanes::load([2.0, 5.0, f32::NAN, -0.0]));
        let largest = a.largest(b).store();
        assert_eq!((largest[0], largest[1].is_nan(), largest[2].is_nan()), (2.0, true, true));
        assert_eq!(largest[3].to_bits(), 0.0f32.to_bits(), "the first of equals");
        let nan = Lanes::splat(f32::NAN);
        assert!(!nan.is_less(nan).any() && !nan.is_less(a).any());
        let relu = Lanes::load([-1.0, -0.0, 3.0, f32::NEG_INFINITY]).relu();
        assert_eq!(bits(relu), bits(Lanes::load([0.0, 0.0, 3.0, 0.0])));
        assert!(Lanes::splat(f32::NAN).relu().store()[0].is_nan());
    }

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn operators_work_lane_by_lane() {
        let (a, b) = (Lanes::load([1.0, 2.0, 3.0, 4.0]), Lanes::load([0.5, -1.0, 0.0, 8.0]));
        assert_eq!((a + b).store(), [1.5, 1.0, 3.0, 12.0]);
        assert_eq!((a - b).store(), [0.5, 3.0, 3.0, -4.0]);
        assert_eq!((a * b).store(), [0.5, -2.0, 0.0, 32.0]);
    }
}
