//! Matrix products that look whether the first operand is worth multiplying as a whole: as
//! [`super::gemm`], or, where most of it is zero, as [`super::sparse`]. The bits are the same.

use std::cell::RefCell;

use super::{gemm, sparse};

/// Columns of the product below which a list of entries costs more than it saves.
const MIN_COLUMNS: usize = 16;

thread_local! {
    /// The entries by row and by column, kept between calls so that none allocates.
    static ENTRIES: RefCell<(sparse::Rows, sparse::Rows)> = RefCell::default();
}

/// `c[m,n] += a[m,k]·b[k,n]`.
///
/// # Panics
/// If a slice is not as long as its extents say.
pub fn nn(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    if n < MIN_COLUMNS || !sparse::is_worth_it(a) || !sparse::is_finite(b) {
        return gemm::nn(m, n, k, a, b, c);
    }
    gemm::check(m, n, k, a, b, c);
    ENTRIES.with_borrow_mut(|(rows, _)| {
        rows.fill(a, k);
        for (i, sums) in c.chunks_exact_mut(n).enumerate() {
            sparse::add(rows.row(i), b, n, 0, sums);
        }
    });
}

/// `c[m,n] += aᵀ·b` with `a` stored as `[k,m]` and `b` as `[k,n]`.
///
/// # Panics
/// If a slice is not as long as its extents say.
pub fn tn(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    if n < MIN_COLUMNS || !sparse::is_worth_it(a) || !sparse::is_finite(b) {
        return gemm::tn(m, n, k, a, b, c);
    }
    gemm::check(m, n, k, a, b, c);
    ENTRIES.with_borrow_mut(|(rows, columns)| {
        rows.fill(a, m);
        columns.fill_columns(rows, m, |p| p * n);
        for (i, sums) in c.chunks_exact_mut(n).enumerate() {
            sparse::add(columns.row(i), b, 1, 0, sums);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::rng::{Purpose, Rng};

    type Product = fn(usize, usize, usize, &[f32], &[f32], &mut [f32]);

    const PRODUCTS: [(Product, Product); 2] = [(nn, gemm::naive::nn), (tn, gemm::naive::tn)];

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn any_share_of_zeros_gives_the_bits_of_the_naive_loop() {
        let mut rng = Rng::new(2, Purpose::Init, 0, 0);
        for [m, n, k] in [[5, 1, 9], [3, 16, 40], [64, 128, 33], [7, 49, 20]] {
            for share in [0.0, 0.1, 0.3, 0.5, 0.9, 1.0] {
                let mut draw = |len: usize, share: f32| -> Vec<f32> {
                    let mut value =
                        || if rng.uniform(0.0, 1.0) < share { rng.uniform(-1.0, 1.0) } else { 0.0 };
                    (0..len).map(|_| value()).collect()
                };
                let (a, b, c) = (draw(m * k, share), draw(k * n, 1.0), draw(m * n, 1.0));
                for (fast, naive) in PRODUCTS {
                    let (mut got, mut expected) = (c.clone(), c.clone());
                    fast(m, n, k, &a, &b, &mut got);
                    naive(m, n, k, &a, &b, &mut expected);
                    assert_eq!(bits(&got), bits(&expected), "{m}x{n}x{k}, {share}");
                }
            }
        }
    }

    #[test]
    fn zero_times_infinity_is_not_left_out() {
        let (m, n, k) = (2, 16, 4);
        let mut b = vec![1.0; k * n];
        b[n] = f32::INFINITY;
        for (fast, _) in PRODUCTS {
            let mut c = vec![0.0; m * n];
            fast(m, n, k, &[0.0; 8], &b, &mut c);
            assert!(c[0].is_nan() && c[n].is_nan() && c[1] == 0.0);
        }
    }

    #[test]
    #[should_panic(expected = "operands of a 1x16x2 product")]
    fn operands_that_do_not_fit_are_refused() {
        nn(1, 16, 2, &[0.0; 3], &[0.0; 32], &mut [0.0; 16]);
    }
}
