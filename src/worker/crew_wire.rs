//! What the training worker and its helpers write into the buffers that they hand to each other.
//!
//! A message is one block of 4-byte words, so that it can be transferred without a copy and the same
//! block can carry the answer. Both ends are the same program, so that nothing is versioned.

use super::words::{
    Sink, Source, put, put_floats, put_outputs, put_samples, take, take_count, take_floats, take_outputs,
    take_samples,
};
use crate::engine::chunk::{ChunkResult, ChunkTask, Cut, Piece, TaskResult, branches};
use crate::engine::model::BatchResult;
use crate::engine::shared_inference::{InferenceResult, InferenceTask};

/// What a task asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chunks of a training batch: [`ChunkTask`], [`TaskResult`].
    Chunks,
    /// Batches of an inference: [`InferenceTask`], [`InferenceResult`].
    Batches,
}

/// Writes which run of helpers a message belongs to, and what it is about; always first.
pub fn put_head(sink: &mut dyn Sink, run: u32, kind: Kind) {
    put(sink, u64::from(run));
    put(sink, u64::from(kind == Kind::Batches));
}

/// Reads which run of helpers a message belongs to, and what it is about.
pub fn take_head(source: &mut dyn Source) -> (u32, Kind) {
    let run = take(source) as u32;
    (run, if take(source) == 0 { Kind::Chunks } else { Kind::Batches })
}

/// Writes chunks to be computed, and the parameters to compute them with.
pub fn put_chunk_task(sink: &mut dyn Sink, params: &[f32], task: &ChunkTask) {
    sink.floats(params);
    let Cut { chunk_size, batch_len, divisor, seed, step } = task.cut;
    for number in [task.chunks.start, task.chunks.end, chunk_size, batch_len] {
        put(sink, number as u64);
    }
    sink.floats(&[divisor]);
    put(sink, seed);
    put(sink, step);
    put_samples(sink, &task.samples);
}

/// Reads chunks to be computed, and the parameters into `params`.
pub fn take_chunk_task(source: &mut dyn Source, params: &mut [f32]) -> ChunkTask {
    source.floats(params);
    let [begin, end, chunk_size, batch_len] = [(); 4].map(|()| take_count(source));
    let mut divisor = [0.0];
    source.floats(&mut divisor);
    let [divisor] = divisor;
    let [seed, step] = [(); 2].map(|()| take(source));
    let samples = take_samples(source);
    let cut = Cut { chunk_size, batch_len, divisor, seed, step };
    ChunkTask { chunks: begin..end, cut, samples }
}

/// Writes what chunks gave.
pub fn put_chunk_result(sink: &mut dyn Sink, result: &TaskResult) {
    put(sink, result.step);
    put(sink, result.chunks.start as u64);
    put(sink, result.chunks.end as u64);
    for ChunkResult { losses, outputs, activity } in &result.results {
        put_floats(sink, losses);
        put(sink, activity.to_bits());
        put_outputs(sink, outputs);
    }
    result.pieces.iter().for_each(|piece| sink.floats(&piece.grads));
}

/// Reads what chunks gave; gradients go into buffers of the parameters' length from `buffer`.
pub fn take_chunk_result(source: &mut dyn Source, mut buffer: impl FnMut() -> Vec<f32>) -> TaskResult {
    let step = take(source);
    let chunks = take_count(source)..take_count(source);
    let result = |_| {
        let losses = take_floats(source);
        let activity = f64::from_bits(take(source));
        ChunkResult { losses, outputs: take_outputs(source), activity }
    };
    let results = chunks.clone().map(result).collect();
    let piece = |chunks| {
        let mut grads = buffer();
        source.floats(&mut grads);
        Piece { chunks, grads }
    };
    let pieces = branches(chunks.clone()).map(piece).collect();
    TaskResult { step, chunks, results, pieces }
}

/// Writes batches to be computed, and the parameters to compute them with.
pub fn put_batch_task(sink: &mut dyn Sink, params: &[f32], task: &InferenceTask) {
    sink.floats(params);
    put(sink, task.id);
    for number in [task.batches.start, task.batches.end, task.batch_size] {
        put(sink, number as u64);
    }
    put(sink, u64::from(task.wants_losses));
    put_samples(sink, &task.samples);
}

/// Reads batches to be computed, and the parameters into `params`.
pub fn take_batch_task(source: &mut dyn Source, params: &mut [f32]) -> InferenceTask {
    source.floats(params);
    let id = take(source);
    let [begin, end, batch_size] = [(); 3].map(|()| take_count(source));
    let wants_losses = take(source) == 1;
    InferenceTask { id, batches: begin..end, batch_size, wants_losses, samples: take_samples(source) }
}

/// Writes what batches gave.
pub fn put_batch_result(sink: &mut dyn Sink, result: &InferenceResult) {
    put(sink, result.id);
    put(sink, result.batches.start as u64);
    put(sink, result.batches.end as u64);
    for BatchResult { losses, outputs, divisor, penalty } in &result.results {
        put_floats(sink, losses);
        put_outputs(sink, outputs);
        sink.floats(&[*divisor, *penalty]);
    }
}

/// Reads what batches gave.
pub fn take_batch_result(source: &mut dyn Source) -> InferenceResult {
    let id = take(source);
    let batches = take_count(source)..take_count(source);
    let result = |_| {
        let (losses, outputs) = (take_floats(source), take_outputs(source));
        let mut numbers = [0.0; 2];
        source.floats(&mut numbers);
        let [divisor, penalty] = numbers;
        BatchResult { losses, outputs, divisor, penalty }
    };
    let results = batches.clone().map(result).collect();
    InferenceResult { id, batches, results }
}

#[cfg(test)]
mod tests {
    use super::super::words::test_support::{tensor, written};
    use super::*;
    use crate::data::{Batch, Targets};
    use crate::engine::losses::Outputs;

    /// Samples of every kind.
    fn samples() -> [Batch; 2] {
        let classes = Targets::Classes(vec![0, u32::MAX, 7].into());
        let weighted = (classes, Some(vec![0.5, 1.0, 2.0].into()));
        [weighted, (Targets::Values(tensor(&[3, 2, 2])), None)].map(|(targets, weights)| Batch {
            input: tensor(&[3, 4, 1]),
            targets,
            weights,
        })
    }

    const PARAMS: [f32; 3] = [1.0, -0.0, f32::MIN_POSITIVE];

    #[test]
    fn a_head_comes_out_as_it_went_in() {
        for kind in [Kind::Chunks, Kind::Batches] {
            let mut words = written(|sink| put_head(sink, u32::MAX, kind));
            assert_eq!(take_head(&mut words), (u32::MAX, kind));
            assert!(words.0.is_empty());
        }
    }

    #[test]
    fn a_task_of_chunks_comes_out_as_it_went_in() {
        let cut = Cut { chunk_size: 2, batch_len: 9, divisor: 8.5, seed: u64::MAX - 1, step: 1 << 33 };
        for samples in samples() {
            let task = ChunkTask { chunks: 3..5, cut, samples };
            let mut words = written(|sink| put_chunk_task(sink, &PARAMS, &task));
            let mut read = [0.0; 3];
            assert_eq!(take_chunk_task(&mut words, &mut read), task);
            assert_eq!(read.map(f32::to_bits), PARAMS.map(f32::to_bits));
            assert!(words.0.is_empty());
        }
    }

    #[test]
    fn a_task_of_batches_comes_out_as_it_went_in() {
        for (samples, wants_losses) in samples().into_iter().zip([true, false]) {
            let task = InferenceTask { id: 1 << 33, batches: 3..5, batch_size: 2, wants_losses, samples };
            let mut words = written(|sink| put_batch_task(sink, &PARAMS, &task));
            let mut read = [0.0; 3];
            assert_eq!(take_batch_task(&mut words, &mut read), task);
            assert_eq!(read.map(f32::to_bits), PARAMS.map(f32::to_bits));
            assert!(words.0.is_empty());
        }
    }

    #[test]
    fn a_result_of_batches_comes_out_as_it_went_in() {
        let result = |losses: &[f32], logits| BatchResult {
            losses: losses.to_vec().into(),
            outputs: Outputs { values: tensor(&[2, 3]), logits },
            divisor: 2.0,
            penalty: -0.0,
        };
        let results = vec![result(&[0.25, f32::INFINITY], Some(tensor(&[2, 3]))), result(&[], None)];
        let result = InferenceResult { id: 1 << 40, batches: 3..5, results };
        let mut words = written(|sink| put_batch_result(sink, &result));
        assert_eq!(take_batch_result(&mut words), result);
        assert!(words.0.is_empty());
    }

    #[test]
    fn a_result_of_chunks_comes_out_as_it_went_in() {
        let result = |logits| ChunkResult {
            losses: vec![0.25, f32::INFINITY].into(),
            outputs: Outputs { values: tensor(&[2, 3]), logits },
            activity: -1.0e-300,
        };
        let piece = |chunks, grad| Piece { chunks, grads: vec![grad; 4] };
        let result = TaskResult {
            step: 1 << 40,
            chunks: 3..6,
            results: vec![result(None), result(Some(tensor(&[2, 3]))), result(None)],
            pieces: vec![piece(3..4, 1.0), piece(4..6, 2.0)],
        };
        let mut words = written(|sink| put_chunk_result(sink, &result));
        assert_eq!(take_chunk_result(&mut words, || vec![9.0; 4]), result);
        assert!(words.0.is_empty());
    }
}
