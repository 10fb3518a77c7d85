//! Products with a matrix of which most values are zero: `c[i,j] += Σ_p a[i,p]·b[p,j]` over the `p`
//! where `a[i,p]` is not.
//!
//! Images are mostly black, relu stops most gradients, and max pooling hands each on to one of its
//! cells. A term `0·b` changes no sum of finite numbers, so leaving it out keeps the bits of the
//! products in [`super::gemm`]; where `b` is not finite it must not be left out, and [`is_finite`]
//! tells. (The one difference is a sum of nothing but negative zeros, which keeps its sign.)
//!
//! The sums of up to 48 neighboring `j` stay in registers while the entries of a row go by, each with
//! one row of `b`: per multiply-add one load, as many as processors make beside it.

/// A value that is not zero, and the row of the other operand it is multiplied with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Entry {
    /// The row's number, or where it begins; whoever multiplies knows which.
    pub at: u32,
    /// Not zero.
    pub value: f32,
}

/// The values of a matrix that are not zero, row by row. Memory is kept when it is filled again.
#[derive(Debug, Default)]
pub struct Rows {
    entries: Vec<Entry>,
    /// Entries in use; the others are room.
    len: usize,
    ends: Vec<usize>,
}

impl Rows {
    /// Forgets all rows and makes room for `len` entries.
    pub fn begin(&mut self, len: usize) {
        // Blocks of eight are written whole.
        if self.entries.len() < len + BLOCK {
            self.entries.resize(len + BLOCK, Entry::default());
        }
        self.len = 0;
        self.ends.clear();
    }

    /// Adds what is not zero of `values` to the row that is being written; `first` is the `at` of the
    /// first of them, the others follow.
    ///
    /// # Panics
    /// If there is no room.
    pub fn push(&mut self, values: &[f32], first: usize) {
        for (values, at) in values.chunks(BLOCK).zip((first..).step_by(BLOCK)) {
            if is_zero(values) {
                continue;
            }
            let room = self.entries[self.len..].first_chunk_mut::<BLOCK>().expect("begin made room");
            let mut len = 0;
            for (value, at) in values.iter().zip(at..) {
                // Without a branch: what is zero is written too, and then written over.
                room[len % BLOCK] = Entry { at: at as u32, value: *value };
                len += usize::from(*value != 0.0);
            }
            self.len += len;
        }
    }

    /// Ends the row that is being written.
    pub fn end_row(&mut self) {
        self.ends.push(self.len);
    }

    /// Writes the rows of `matrix`, each `width` long; `at` is the column.
    pub fn fill(&mut self, matrix: &[f32], width: usize) {
        // Room for all: what differs from one batch to the next would allocate again and again.
        self.begin(matrix.len());
        for row in matrix.chunks_exact(width) {
            self.push(row, 0);
            self.end_row();
        }
    }

    /// Writes the columns of `rows`, of which there are `width`; a column's entries are in the order of
    /// the rows, and `at(i)` is what they say of the `i`-th.
    pub fn fill_columns(&mut self, rows: &Rows, width: usize, at: impl Fn(usize) -> usize) {
        self.begin(rows.entries.len());
        self.ends.resize(width, 0);
        for entry in rows.entries() {
            self.ends[entry.at as usize] += 1;
        }
        let mut begin = 0;
        for end in &mut self.ends {
            begin += std::mem::replace(end, begin);
        }
        for i in 0..rows.ends.len() {
            let at = at(i) as u32;
            for entry in rows.row(i) {
                let end = &mut self.ends[entry.at as usize];
                self.entries[*end] = Entry { at, value: entry.value };
                *end += 1;
            }
        }
        self.len = rows.len;
    }

    /// The entries of the `i`-th row.
    pub fn row(&self, i: usize) -> &[Entry] {
        let begin = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.entries[begin..self.ends[i]]
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries[..self.len]
    }
}

/// Values that are looked at together.
const BLOCK: usize = 8;

fn is_zero(values: &[f32]) -> bool {
    // Without the sign: −0 is zero too.
    values.iter().fold(0, |bits, value| bits | (value.to_bits() << 1)) == 0
}

/// How many of `values` are not zero.
pub fn count(values: &[f32]) -> usize {
    let mut counts = [0_u32; BLOCK];
    let blocks = values.chunks_exact(BLOCK);
    let rest = blocks.remainder().iter().filter(|value| **value != 0.0).count();
    for block in blocks {
        for (count, value) in counts.iter_mut().zip(block) {
            *count += u32::from(*value != 0.0);
        }
    }
    counts.iter().sum::<u32>() as usize + rest
}

/// Whether so many of `values` are zero that the others are better multiplied one by one.
///
/// A product of 64×784 by 784×128 took as long both ways when about 60 % were not zero (WebAssembly in
/// V8), with lists and checks counted.
pub fn is_worth_it(values: &[f32]) -> bool {
    count(values) * 5 <= values.len() * 2
}

/// Whether all of `values` are numbers and none is infinite.
pub fn is_finite(values: &[f32]) -> bool {
    let mut sums = [0.0_f32; 16];
    let blocks = values.chunks_exact(16);
    let rest = blocks.remainder().iter().all(|value| value.is_finite());
    for block in blocks {
        for (sum, value) in sums.iter_mut().zip(block) {
            // 0 for what is finite, NaN for what is not.
            *sum += value * 0.0;
        }
    }
    rest && sums.iter().all(|sum| *sum == 0.0)
}

/// `sums[j] += Σ value·dense[at·stride + offset + j]` over `entries` in their order.
///
/// # Panics
/// If `dense` is too short.
pub fn add(entries: &[Entry], dense: &[f32], stride: usize, offset: usize, sums: &mut [f32]) {
    add_in_blocks::<false>(entries, dense, stride, offset, sums);
}

/// As [`add`], but the entries are summed up first, from zero, and their sum is added.
///
/// # Panics
/// If `dense` is too short.
pub fn add_sum(entries: &[Entry], dense: &[f32], stride: usize, offset: usize, sums: &mut [f32]) {
    add_in_blocks::<true>(entries, dense, stride, offset, sums);
}

fn add_in_blocks<const FROM_ZERO: bool>(
    entries: &[Entry],
    dense: &[f32],
    stride: usize,
    offset: usize,
    sums: &mut [f32],
) {
    let mut at = 0;
    while at < sums.len() {
        let (sums, offset) = (&mut sums[at..], offset + at);
        at += match sums.len() {
            80.. | 48..64 => add_block::<48, FROM_ZERO>(entries, dense, stride, offset, sums),
            32.. => add_block::<32, FROM_ZERO>(entries, dense, stride, offset, sums),
            16..32 => add_block::<16, FROM_ZERO>(entries, dense, stride, offset, sums),
            8..16 => add_block::<8, FROM_ZERO>(entries, dense, stride, offset, sums),
            4..8 => add_block::<4, FROM_ZERO>(entries, dense, stride, offset, sums),
            _ => add_block::<1, FROM_ZERO>(entries, dense, stride, offset, sums),
        };
    }
}

/// [`add`] or [`add_sum`] for the first `N` sums; gives `N`.
fn add_block<const N: usize, const FROM_ZERO: bool>(
    entries: &[Entry],
    dense: &[f32],
    stride: usize,
    offset: usize,
    sums: &mut [f32],
) -> usize {
    let sums = sums.first_chunk_mut::<N>().expect("there are so many sums");
    // A copy, so that the compiler knows that nothing else sees it and keeps it in registers.
    let mut block = if FROM_ZERO { [0.0; N] } else { *sums };
    for entry in entries {
        let begin = entry.at as usize * stride + offset;
        let row = dense[begin..].first_chunk::<N>().expect("every entry has its row");
        for (sum, value) in block.iter_mut().zip(row) {
            *sum += entry.value * value;
        }
    }
    if FROM_ZERO {
        sums.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
    } else {
        *sums = block;
    }
    N
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::kernels::gemm;
    use crate::tensor::rng::{Purpose, Rng};

    /// Values of which about `share` are not zero.
    fn draw(len: usize, share: f32) -> Vec<f32> {
        let mut rng = Rng::new(5, Purpose::Init, len as u64, 0);
        (0..len).map(|_| if rng.uniform(0.0, 1.0) < share { rng.uniform(-1.0, 1.0) } else { 0.0 }).collect()
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn rows_and_columns_give_the_bits_of_the_naive_products() {
        for n in [1, 3, 4, 7, 8, 15, 16, 31, 32, 47, 48, 63, 64, 65, 80, 96, 128] {
            for share in [0.0, 0.2, 1.0] {
                let (m, k) = (5, 21);
                let (a, b, c) = (draw(m * k, share), draw(k * n, 1.0), draw(m * n, 1.0));
                let (mut rows, mut columns) = (Rows::default(), Rows::default());
                let (mut got, mut expected) = (c.clone(), c.clone());
                rows.fill(&a, k);
                for (i, sums) in got.chunks_exact_mut(n).enumerate() {
                    add(rows.row(i), &b, n, 0, sums);
                }
                gemm::naive::nn(m, n, k, &a, &b, &mut expected);
                assert_eq!(bits(&got), bits(&expected), "rows, {n} columns, {share}");

                // The same values as a matrix of k rows, which is multiplied transposed.
                let (b, c) = (draw(m * n, 1.0), draw(k * n, 1.0));
                let (mut got, mut expected) = (c.clone(), c);
                columns.fill_columns(&rows, k, |i| i * n);
                for (i, sums) in got.chunks_exact_mut(n).enumerate() {
                    add(columns.row(i), &b, 1, 0, sums);
                }
                gemm::naive::tn(k, n, m, &a, &b, &mut expected);
                assert_eq!(bits(&got), bits(&expected), "columns, {n} columns, {share}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_an_entry_and_a_negative_zero_is_none() {
        let values = [0.0, -0.0, f32::NAN, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, f32::INFINITY];
        let mut rows = Rows::default();
        rows.fill(&values, values.len());
        let at: Vec<u32> = rows.row(0).iter().map(|entry| entry.at).collect();
        assert_eq!((at, count(&values)), (vec![2, 3, 9], 3));
    }

    #[test]
    fn one_value_that_is_not_finite_is_found_wherever_it_is() {
        for len in [1, 15, 16, 40] {
            for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for at in 0..len {
                    let mut values = vec![f32::MAX; len];
                    assert!(is_finite(&values));
                    values[at] = odd;
                    assert!(!is_finite(&values), "{odd} at {at} of {len}");
                }
            }
        }
    }
}
