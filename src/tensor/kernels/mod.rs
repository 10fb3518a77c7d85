//! The inner loops: slices in, slices out.
//!
//! Index letters: `n c h w` input sample, channel, row, column; `o oh ow` output channel, row,
//! column; `kh kw` position in the window. Layouts as in [`crate::tensor`]: row-major, channels last.
//!
//! Every kernel says in which order it adds. Fast kernels keep the order of their naive twin, so
//! both give the same bits, on every target: no fused multiply-add, no `unsafe`; loops over arrays of
//! fixed length, which the compiler turns into the target's vectors, or over [`lanes`], the one file
//! that names instructions. The one build that fuses is the fast worker, which a reader may choose.

pub mod average_pooling2d;
pub mod conv2d;
pub mod depthwise_conv2d;
pub mod gemm;
pub mod lanes;
pub mod lists;
pub mod max_pooling2d;
pub mod product;
pub mod sparse;
mod window;

pub use window::Window;

/// Adds `bias` to every row of `values`.
///
/// # Panics
/// If `values` is not made of rows as long as `bias`.
pub fn add_bias(values: &mut [f32], bias: &[f32]) {
    assert!(values.len().is_multiple_of(bias.len()), "a row is cut short");
    for row in values.chunks_exact_mut(bias.len()) {
        for (value, bias) in row.iter_mut().zip(bias) {
            *value += bias;
        }
    }
}

/// Adds every row of `values` to `sums`, the first row first.
///
/// # Panics
/// If `values` is not made of rows as long as `sums`.
pub fn sum_rows(values: &[f32], sums: &mut [f32]) {
    assert!(values.len().is_multiple_of(sums.len()), "a row is cut short");
    for row in values.chunks_exact(sums.len()) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bias_is_added_to_each_row_and_rows_sum_to_its_gradient() {
        let mut values = [1.0, 2.0, 3.0, 4.0];
        add_bias(&mut values, &[10.0, 20.0]);
        assert_eq!(values, [11.0, 22.0, 13.0, 24.0]);
        let mut sums = [0.5, 0.0];
        sum_rows(&values, &mut sums);
        assert_eq!(sums, [24.5, 46.0]);
    }

    #[test]
    #[should_panic(expected = "cut short")]
    fn a_row_cut_short_is_refused() {
        add_bias(&mut [1.0, 2.0, 3.0], &[1.0, 2.0]);
    }
}
