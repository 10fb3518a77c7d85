//! Chunks: parts of a batch that are computed by themselves, whoever computes them.
//!
//! A batch is cut into chunks of a size that only the model decides. The gradient of a batch is the
//! sum over a binary tree whose leaves are the chunks in their order: neighbors are added, then
//! pairs of neighbors, and so on. Whoever computes several chunks that make up a whole branch may
//! add them before handing them in, and the sum has the same bits.

use std::ops::Range;

use crate::data::Batch;
use crate::engine::layers::Pass;
use crate::engine::losses::Outputs;
use crate::tensor::Buffer;

/// How a training batch is cut into chunks, and what is computed of each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// Samples of a chunk; the batch's last one may have fewer.
    pub chunk_size: usize,
    /// Samples in the whole batch.
    pub batch_len: usize,
    /// What the sum of the whole batch's losses is divided by.
    pub divisor: f32,
    /// The run's seed.
    pub seed: u64,
    /// Optimizer steps made before this batch.
    pub step: u64,
}

impl Cut {
    /// How many chunks there are.
    pub fn num_chunks(&self) -> usize {
        self.batch_len.div_ceil(self.chunk_size)
    }

    /// The samples of some chunks by their position in the batch.
    pub fn samples(&self, chunks: &Range<usize>) -> Range<usize> {
        chunks.start * self.chunk_size..(chunks.end * self.chunk_size).min(self.batch_len)
    }

    /// What the forward pass of a chunk is for.
    pub(super) fn pass(&self, chunk: usize) -> Pass {
        let first_sample = (chunk * self.chunk_size) as u64;
        Pass::Train { seed: self.seed, step: self.step, first_sample }
    }
}

/// What a chunk gave besides its gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkResult {
    /// Each row's loss times its weight; vectors have one row per sample.
    pub losses: Buffer<f32>,
    /// What the model gave.
    pub outputs: Outputs,
    /// The penalties on outputs, not yet divided by the length of the batch.
    pub activity: f64,
}

/// The sum of the gradients of one branch of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// A power of two of chunks that begins at a multiple of their number.
    pub chunks: Range<usize>,
    /// Laid out as the parameters.
    pub grads: Vec<f32>,
}

/// Neighboring chunks of a training batch, to be computed by any replica of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkTask {
    /// Which chunks of the batch.
    pub chunks: Range<usize>,
    /// How the batch is cut.
    pub cut: Cut,
    /// The samples of these chunks alone.
    pub samples: Batch,
}

/// What a [`ChunkTask`] gave.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskResult {
    /// The task's step.
    pub step: u64,
    /// The task's chunks.
    pub chunks: Range<usize>,
    /// Of each chunk, in order.
    pub results: Vec<ChunkResult>,
    /// The branches that the chunks make up, in order: [`branches`].
    pub pieces: Vec<Piece>,
}

/// The fewest whole branches of the tree that these chunks make up.
pub fn branches(chunks: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let Range { mut start, end } = chunks;
    std::iter::from_fn(move || {
        let left = end.checked_sub(start).filter(|left| *left > 0)?;
        let largest = 1 << left.ilog2();
        let len = if start == 0 { largest } else { largest.min(1 << start.trailing_zeros()) };
        start += len;
        Some(start - len..start)
    })
}

/// Adds gradients along the tree.
#[derive(Debug, Default)]
pub(super) struct GradientSum {
    /// Branches that are complete, from the largest to the smallest.
    pieces: Vec<Piece>,
}

impl GradientSum {
    /// Adds the branch that follows the last one; buffers that are no longer needed go to `free`.
    ///
    /// # Panics
    /// If it is another one.
    pub(super) fn push(&mut self, mut piece: Piece, free: &mut Vec<Vec<f32>>) {
        let follows = self.pieces.last().is_none_or(|last| last.chunks.end == piece.chunks.start);
        assert!(follows, "chunks {:?} come out of turn", piece.chunks);
        let is_other_half =
            |last: &Piece, next: &Piece| branches(last.chunks.start..next.chunks.end).nth(1).is_none();
        while let Some(last) = self.pieces.pop_if(|last| is_other_half(last, &piece)) {
            piece = join(last, piece, free);
        }
        self.pieces.push(piece);
    }

    /// The branches so far.
    pub(super) fn take_pieces(&mut self) -> std::vec::Drain<'_, Piece> {
        self.pieces.drain(..)
    }

    /// The sum over a whole batch; branches that have no other half are added from the smallest on.
    pub(super) fn finish(&mut self, free: &mut Vec<Vec<f32>>) -> Option<Vec<f32>> {
        let mut sum = self.pieces.pop()?;
        while let Some(left) = self.pieces.pop() {
            sum = join(left, sum, free);
        }
        Some(sum.grads)
    }
}

fn join(mut left: Piece, right: Piece, free: &mut Vec<Vec<f32>>) -> Piece {
    left.grads.iter_mut().zip(&right.grads).for_each(|(sum, grad)| *sum += grad);
    left.chunks.end = right.chunks.end;
    free.push(right.grads);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(chunks: Range<usize>, value: f32) -> Piece {
        Piece { chunks, grads: vec![value, 1.0] }
    }

    #[test]
    fn chunks_fall_into_the_fewest_whole_branches() {
        let of = |chunks| branches(chunks).collect::<Vec<_>>();
        assert_eq!(of(0..7), [0..4, 4..6, 6..7]);
        assert!(of(0..8).into_iter().eq(std::iter::once(0..8)));
        assert_eq!(of(1..8), [1..2, 2..4, 4..8]);
        assert_eq!(of(3..5), [3..4, 4..5]);
        assert!(of(5..5).is_empty());
    }

    /// Values whose sum depends on the order.
    #[test]
    fn the_sum_has_the_same_bits_however_the_chunks_are_shared_out() {
        let value = |idx: usize| (idx as f32 * 0.7).sin() * 10_f32.powi(idx as i32 % 5);
        for num in 1..12 {
            let sum_of = |ends: &[usize]| {
                let (mut whole, mut free) = (GradientSum::default(), Vec::new());
                let mut begin = 0;
                for end in ends {
                    let mut part = GradientSum::default();
                    (begin..*end).for_each(|idx| part.push(piece(idx..idx + 1, value(idx)), &mut free));
                    let pieces: Vec<Piece> = part.take_pieces().collect();
                    let chunks: Vec<_> = pieces.iter().map(|piece| piece.chunks.clone()).collect();
                    assert_eq!(chunks, branches(begin..*end).collect::<Vec<_>>());
                    for piece in pieces {
                        whole.push(piece, &mut free);
                    }
                    begin = *end;
                }
                whole.finish(&mut free).unwrap()
            };
            let alone = sum_of(&[num]);
            assert_eq!(alone[1], num as f32);
            for first in 1..num {
                assert_eq!(sum_of(&[first, num]), alone, "{first} of {num}");
                for second in first + 1..num {
                    assert_eq!(sum_of(&[first, second, num]), alone, "{first} and {second} of {num}");
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "out of turn")]
    fn a_branch_out_of_turn_is_a_bug() {
        let mut sum = GradientSum::default();
        sum.push(piece(0..1, 1.0), &mut Vec::new());
        sum.push(piece(2..3, 1.0), &mut Vec::new());
    }
}
