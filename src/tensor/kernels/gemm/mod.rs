//! Matrix products: `c += op(a)·op(b)`, where `op` is the matrix or its transpose.
//!
//! `c[i,j]` starts from the value already there and adds `a[i,p]·b[p,j]` for p = 0, 1, 2, …:
//! one running sum per cell, whatever the tile and block sizes, so [`nn`], [`tn`] and [`nt`] give
//! the bits of their twins in [`naive`]. Bits therefore do not change when a batch is
//! multiplied in pieces either, one after the other into the same `c`.
//!
//! The fast path is Goto's (Goto and van de Geijn 2008, "Anatomy of high-performance matrix
//! multiplication"): `b` is packed into panels of `NR` = 8 columns, `a` is read by rows or, when it
//! is stored transposed, packed into panels of `MR` = 4 rows, and a tile of `MR`×`NR` sums stays in
//! registers while p runs. 4×8 is the largest tile that WebAssembly's 128-bit vectors keep in the
//! registers of x86 processors; larger ones spill.
//!
//! Measured on one core of a Zen 3 server at about 3.2 GHz, on the shapes of a convolution of 64
//! filters over one image: 48 to 53 GFLOP/s in WebAssembly with simd128 (V8 in Node 20), 57 to 59
//! with `relaxed-simd` (where a tile of 3×12 made 51 to 60, and 40 where there are 16 columns), 45
//! to 46 natively with SSE2, 84 to 93 natively when compiled for AVX2; the naive loop 3. Rerun with
//! `benches/kernels.rs`. Block sizes were chosen by cache sizes and not tuned one by one.
//!
//! Two crates were measured beside it, in one WebAssembly module with simd128 (V8 in Node 20, one core of a busy Zen 5
//! server, shortest of 30 turns, GFLOP/s): `gemm` 0.19 with its simd128 kernels and `matrixmultiply` 0.3.11, which
//! the compiler turns into vectors. All three gave the same sums to three digits.
//!
//! | product | m n k | this | `gemm` | `matrixmultiply` |
//! | --- | --- | ---: | ---: | ---: |
//! | perceptron's dense layer, forward | 64 128 784 | 50.1 | 41.9 | 41.0 |
//! | its weight gradient | 784 128 64 | 49.2 | 39.3 | 41.7 |
//! | CNN's dense layer, input gradient | 64 1600 128 | 46.5 | 36.3 | 36.6 |
//! | CNN's second convolution, one image | 121 64 288 | 49.8 | 38.7 | 34.1 |
//! | its weight gradient | 288 64 121 | 48.1 | 37.5 | 36.9 |
//! | LeNet-5's second convolution | 100 16 150 | 48.8 | 38.8 | 30.3 |
//! | a layer of ten | 64 10 128 | 30.5 | 29.7 | 18.3 |

pub mod naive;
mod pack;
mod tile;

use std::cell::RefCell;

use tile::{MR, NR};

/// Steps of p per block: a panel of `b` and four rows of `a` (18 KiB) fit the first-level cache.
const KC: usize = 384;
/// Rows per block: 96 rows of `a` (at most 144 KiB) stay in the second-level cache.
const MC: usize = 96;
/// Columns per block: bounds the packed `b` to 384 KiB.
const NC: usize = 256;

type Packed = (Vec<[f32; MR]>, Vec<[f32; NR]>);

thread_local! {
    /// Packed operands `(a, b)`, kept between calls so that none allocates.
    static PACKED: RefCell<Packed> = const { RefCell::new((Vec::new(), Vec::new())) };
}

/// `c[m,n] += a[m,k]·b[k,n]`.
///
/// # Panics
/// If a slice is not as long as its extents say.
pub fn nn(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    check(m, n, k, a, b, c);
    blocks(m, n, k, false, a, c, |ps, js, panels| pack::rows(b, n, ps, js, panels));
}

/// `c[m,n] += aᵀ·b` with `a` stored as `[k,m]` and `b` as `[k,n]`.
///
/// # Panics
/// If a slice is not as long as its extents say.
pub fn tn(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    check(m, n, k, a, b, c);
    blocks(m, n, k, true, a, c, |ps, js, panels| pack::rows(b, n, ps, js, panels));
}

/// `c[m,n] += a·bᵀ` with `a` stored as `[m,k]` and `b` as `[n,k]`.
///
/// # Panics
/// If a slice is not as long as its extents say.
pub fn nt(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    check(m, n, k, a, b, c);
    blocks(m, n, k, false, a, c, |ps, js, panels| pack::columns(b, k, ps, js, panels));
}

/// Checks that the operands have the lengths that their extents say.
pub(super) fn check(m: usize, n: usize, k: usize, a: &[f32], b: &[f32], c: &[f32]) {
    assert_eq!((a.len(), b.len(), c.len()), (m * k, k * n, m * n), "operands of a {m}x{n}x{k} product");
}

type Span = std::ops::Range<usize>;

/// Walks over blocks of columns, of p and of rows, and multiplies each.
fn blocks(
    m: usize,
    n: usize,
    k: usize,
    a_is_transposed: bool,
    a: &[f32],
    c: &mut [f32],
    pack_b: impl Fn(Span, Span, &mut Vec<[f32; NR]>),
) {
    PACKED.with_borrow_mut(|(a_panels, b_panels)| {
        for js in spans(n, NC) {
            for ps in spans(k, KC) {
                pack_b(ps.clone(), js.clone(), b_panels);
                for is in spans(m, MC) {
                    let block = tile::Block { is: is.clone(), js: js.clone(), n, depth: ps.len() };
                    if a_is_transposed {
                        pack::rows(a, m, ps.clone(), is, a_panels);
                        block.multiply_panels(a_panels, b_panels, c);
                    } else {
                        block.multiply_rows(&a[ps.start..], k, b_panels, c);
                    }
                }
            }
        }
    });
}

/// Cuts `0..length` into nearly equal spans of at most `limit`.
fn spans(length: usize, limit: usize) -> impl Iterator<Item = Span> {
    let step = length.div_ceil(length.div_ceil(limit).max(1)).max(1);
    (0..length).step_by(step).map(move |start| start..(start + step).min(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::rng::{Purpose, Rng};

    type Product = fn(usize, usize, usize, &[f32], &[f32], &mut [f32]);

    fn assert_same_bits(m: usize, n: usize, k: usize) {
        let pairs: [(&str, Product, Product); 3] =
            [("nn", nn, naive::nn), ("tn", tn, naive::tn), ("nt", nt, naive::nt)];
        let mut rng = Rng::new(1, Purpose::Init, (m * 1000 + n) as u64, k as u64);
        let mut draw = |len: usize| (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect::<Vec<_>>();
        let (a, b, c) = (draw(m * k), draw(k * n), draw(m * n));
        for (name, fast, slow) in pairs {
            let (mut got, mut expected) = (c.clone(), c.clone());
            fast(m, n, k, &a, &b, &mut got);
            slow(m, n, k, &a, &b, &mut expected);
            let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&got), bits(&expected), "{name} {m}x{n}x{k}");
        }
    }

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn every_small_size_has_the_bits_of_the_naive_loop() {
        for m in 0..=12 {
            for n in 0..=12 {
                (0..=12).for_each(|k| assert_same_bits(m, n, k));
            }
        }
    }

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn odd_large_sizes_have_the_bits_of_the_naive_loop() {
        for (m, n, k) in
            [(97, 33, 385), (193, 257, 31), (5, 515, 770), (121, 64, 288), (1, 10, 1153), (301, 1, 7)]
        {
            assert_same_bits(m, n, k);
        }
    }

    #[test]
    fn spans_are_even_and_cover_all() {
        assert_eq!(spans(784, 384).collect::<Vec<_>>(), [0..262, 262..524, 524..784]);
        assert_eq!(spans(3, 4).collect::<Vec<_>>(), vec![0..3]);
        assert_eq!(spans(0, 4).count(), 0);
    }

    #[test]
    fn values_that_are_not_finite_stay_in_their_row_and_column() {
        let (m, n, k) = (6, 9, 3);
        let mut a = vec![1.0; m * k];
        a[4 * k] = f32::NAN;
        let mut c = vec![0.0; m * n];
        nn(m, n, k, &a, &vec![1.0; k * n], &mut c);
        for (idx, value) in c.iter().enumerate() {
            assert_eq!(value.is_nan(), idx / n == 4, "cell {idx}");
        }
    }
}
