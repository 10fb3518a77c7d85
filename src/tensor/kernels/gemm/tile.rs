//! The tile: `MR`×`NR` running sums that stay in registers.

use super::Span;
use crate::tensor::kernels::lanes::{Lanes, WIDTH};

/// Rows of a tile.
pub(super) const MR: usize = 4;
/// Columns of a tile.
pub(super) const NR: usize = VECTORS * WIDTH;
/// Vectors of a row of a tile.
const VECTORS: usize = 2;

/// A block of `c` and the span of p that is added to it.
pub(super) struct Block {
    /// Its rows.
    pub is: Span,
    /// Its columns.
    pub js: Span,
    /// Columns of the whole of `c`.
    pub n: usize,
    /// Steps of p in this block.
    pub depth: usize,
}

impl Block {
    /// Adds `a·b` with `a` stored by rows of `stride` values, from this block's first p on.
    pub fn multiply_rows(&self, a: &[f32], stride: usize, b_panels: &[[f32; NR]], c: &mut [f32]) {
        for (b, j) in b_panels.chunks_exact(self.depth).zip(self.js.clone().step_by(NR)) {
            for i in self.is.clone().step_by(MR) {
                // Past the last row the last one is read again; those sums are thrown away.
                let row = |lane: usize| &a[(i + lane).min(self.is.end - 1) * stride..][..self.depth];
                let rows = row(0).iter().zip(row(1)).zip(row(2)).zip(row(3));
                self.update(i, j, c, |sums| {
                    add(rows.map(|(((r0, r1), r2), r3)| [*r0, *r1, *r2, *r3]), b, sums);
                });
            }
        }
    }

    /// Adds `a·b` with `a` packed into panels.
    pub fn multiply_panels(&self, a_panels: &[[f32; MR]], b_panels: &[[f32; NR]], c: &mut [f32]) {
        for (b, j) in b_panels.chunks_exact(self.depth).zip(self.js.clone().step_by(NR)) {
            for (a, i) in a_panels.chunks_exact(self.depth).zip(self.is.clone().step_by(MR)) {
                self.update(i, j, c, |sums| add(a.iter().copied(), b, sums));
            }
        }
    }

    /// Loads the tile at `(i, j)`, lets `add` work on it and stores what lies inside the block.
    #[expect(clippy::inline_always, reason = "the loop over p must be compiled into each caller")]
    #[inline(always)]
    fn update(&self, i: usize, j: usize, c: &mut [f32], add: impl FnOnce(&mut [[f32; NR]; MR])) {
        let (height, width) = (MR.min(self.is.end - i), NR.min(self.js.end - j));
        let mut sums = [[0.0; NR]; MR];
        if width == NR {
            for (lane, row) in sums.iter_mut().enumerate().take(height) {
                row.copy_from_slice(&c[(i + lane) * self.n + j..][..NR]);
            }
            add(&mut sums);
            for (lane, row) in sums.iter().enumerate().take(height) {
                c[(i + lane) * self.n + j..][..NR].copy_from_slice(row);
            }
        } else {
            // Value by value: copies of a length known only at run time are calls, and a tile of a
            // narrow product has eight of them.
            for (lane, row) in sums.iter_mut().enumerate().take(height) {
                let cells = &c[(i + lane) * self.n + j..][..width];
                for (column, sum) in row.iter_mut().enumerate() {
                    *sum = cells.get(column).copied().unwrap_or(0.0);
                }
            }
            add(&mut sums);
            for (lane, row) in sums.iter().enumerate().take(height) {
                let cells = &mut c[(i + lane) * self.n + j..][..width];
                for (column, sum) in row.iter().enumerate() {
                    if let Some(cell) = cells.get_mut(column) {
                        *cell = *sum;
                    }
                }
            }
        }
    }
}

/// `sums[i][j] += a[p][i]·b[p][j]` for every p in order.
#[expect(clippy::inline_always, reason = "the sums stay in registers only if this is inlined")]
#[inline(always)]
fn add(a: impl Iterator<Item = [f32; MR]>, b: &[[f32; NR]], sums: &mut [[f32; NR]; MR]) {
    // A copy, so that the compiler knows that nothing else sees it and keeps it in registers.
    let mut tile = sums.map(|row| load(&row));
    for (a, b) in a.zip(b) {
        let b = load(b);
        for (row, a) in tile.iter_mut().zip(a) {
            let a = Lanes::splat(a);
            for (sum, b) in row.iter_mut().zip(b) {
                *sum = sum.add_product(a, b);
            }
        }
    }
    *sums = tile.map(store);
}

fn load(row: &[f32; NR]) -> [Lanes; VECTORS] {
    std::array::from_fn(|at| Lanes::load(std::array::from_fn(|lane| row[at * WIDTH + lane])))
}

fn store(row: [Lanes; VECTORS]) -> [f32; NR] {
    let vectors = row.map(Lanes::store);
    std::array::from_fn(|at| vectors[at / WIDTH][at % WIDTH])
}
