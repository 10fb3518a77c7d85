//! What the training worker and its helpers write into the buffers that they hand to each other.
//!
//! A message is one block of 4-byte words, so that it can be transferred without a copy and the same
//! block can carry the answer: whole numbers in two words, lower half first; a tensor as its number
//! of axes, its extents and its values. Both ends are the same program, so that nothing is versioned.

use crate::data::{Batch, Targets};
use crate::engine::chunk::{ChunkResult, ChunkTask, Cut, Piece, TaskResult, branches};
use crate::engine::losses::Outputs;
use crate::tensor::{Buffer, Tensor};

/// Where words are written.
pub trait Sink {
    /// Writes words.
    fn words(&mut self, words: &[u32]);

    /// Writes values.
    fn floats(&mut self, values: &[f32]);
}

/// Where words are read.
pub trait Source {
    /// Reads as many words as there is room for.
    fn words(&mut self, words: &mut [u32]);

    /// Reads as many values as there is room for.
    fn floats(&mut self, values: &mut [f32]);
}

/// Counts what would be written.
#[derive(Default)]
struct Count(usize);

impl Sink for Count {
    fn words(&mut self, words: &[u32]) {
        self.0 += words.len();
    }

    fn floats(&mut self, values: &[f32]) {
        self.0 += values.len();
    }
}

/// The words that `write` writes.
pub fn count(write: impl FnOnce(&mut dyn Sink)) -> usize {
    let mut count = Count::default();
    write(&mut count);
    count.0
}

fn put(sink: &mut dyn Sink, number: u64) {
    sink.words(&[number as u32, (number >> 32) as u32]);
}

fn put_tensor(sink: &mut dyn Sink, tensor: &Tensor) {
    put(sink, tensor.extents().len() as u64);
    tensor.extents().iter().for_each(|extent| put(sink, *extent as u64));
    sink.floats(tensor.values());
}

fn put_floats(sink: &mut dyn Sink, values: &[f32]) {
    put(sink, values.len() as u64);
    sink.floats(values);
}

fn take(source: &mut dyn Source) -> u64 {
    let mut words = [0; 2];
    source.words(&mut words);
    u64::from(words[0]) | u64::from(words[1]) << 32
}

fn take_count(source: &mut dyn Source) -> usize {
    take(source) as usize
}

fn take_floats(source: &mut dyn Source) -> Buffer<f32> {
    let mut values = Buffer::zeros(take_count(source));
    source.floats(&mut values);
    values
}

fn take_tensor(source: &mut dyn Source) -> Tensor {
    let rank = take_count(source);
    let extents: Vec<usize> = (0..rank).map(|_| take_count(source)).collect();
    let mut tensor = Tensor::zeros(&extents);
    source.floats(tensor.values_mut());
    tensor
}

/// Writes which training a message belongs to; always first.
pub fn put_run(sink: &mut dyn Sink, run: u32) {
    put(sink, u64::from(run));
}

/// Reads which training a message belongs to.
pub fn take_run(source: &mut dyn Source) -> u32 {
    take(source) as u32
}

/// Writes chunks to be computed, and the parameters to compute them with.
pub fn put_task(sink: &mut dyn Sink, params: &[f32], task: &ChunkTask) {
    sink.floats(params);
    let Cut { chunk_size, batch_len, divisor, seed, step } = task.cut;
    for number in [task.chunks.start, task.chunks.end, chunk_size, batch_len] {
        put(sink, number as u64);
    }
    sink.floats(&[divisor]);
    put(sink, seed);
    put(sink, step);
    put_tensor(sink, &task.samples.input);
    match &task.samples.targets {
        Targets::Classes(classes) => {
            put(sink, 0);
            put(sink, classes.len() as u64);
            sink.words(classes);
        }
        Targets::Values(values) => {
            put(sink, 1);
            put_tensor(sink, values);
        }
    }
    put(sink, u64::from(task.samples.weights.is_some()));
    if let Some(weights) = &task.samples.weights {
        put_floats(sink, weights);
    }
}

/// Reads chunks to be computed, and the parameters into `params`.
pub fn take_task(source: &mut dyn Source, params: &mut [f32]) -> ChunkTask {
    source.floats(params);
    let [begin, end, chunk_size, batch_len] = [(); 4].map(|()| take_count(source));
    let mut divisor = [0.0];
    source.floats(&mut divisor);
    let [divisor] = divisor;
    let [seed, step] = [(); 2].map(|()| take(source));
    let input = take_tensor(source);
    let targets = if take(source) == 0 {
        let mut classes = Buffer::zeros(take_count(source));
        source.words(&mut classes);
        Targets::Classes(classes)
    } else {
        Targets::Values(take_tensor(source))
    };
    let weights = (take(source) == 1).then(|| take_floats(source));
    let cut = Cut { chunk_size, batch_len, divisor, seed, step };
    ChunkTask { chunks: begin..end, cut, samples: Batch { input, targets, weights } }
}

/// Writes what chunks gave.
pub fn put_result(sink: &mut dyn Sink, result: &TaskResult) {
    put(sink, result.step);
    put(sink, result.chunks.start as u64);
    put(sink, result.chunks.end as u64);
    for ChunkResult { losses, outputs, activity } in &result.results {
        put_floats(sink, losses);
        put(sink, activity.to_bits());
        put_tensor(sink, &outputs.values);
        put(sink, u64::from(outputs.logits.is_some()));
        if let Some(logits) = &outputs.logits {
            put_tensor(sink, logits);
        }
    }
    result.pieces.iter().for_each(|piece| sink.floats(&piece.grads));
}

/// Reads what chunks gave; gradients go into buffers of the parameters' length from `buffer`.
pub fn take_result(source: &mut dyn Source, mut buffer: impl FnMut() -> Vec<f32>) -> TaskResult {
    let step = take(source);
    let chunks = take_count(source)..take_count(source);
    let result = |_| {
        let losses = take_floats(source);
        let activity = f64::from_bits(take(source));
        let values = take_tensor(source);
        let logits = (take(source) == 1).then(|| take_tensor(source));
        ChunkResult { losses, outputs: Outputs { values, logits }, activity }
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Words(Vec<u32>);

    impl Sink for Words {
        fn words(&mut self, words: &[u32]) {
            self.0.extend(words);
        }

        fn floats(&mut self, values: &[f32]) {
            self.0.extend(values.iter().map(|value| value.to_bits()));
        }
    }

    impl Source for Words {
        fn words(&mut self, words: &mut [u32]) {
            let rest = self.0.split_off(words.len());
            words.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        }

        fn floats(&mut self, values: &mut [f32]) {
            let rest = self.0.split_off(values.len());
            let bits = std::mem::replace(&mut self.0, rest);
            values.iter_mut().zip(bits).for_each(|(to, bits)| *to = f32::from_bits(bits));
        }
    }

    fn written(write: impl Fn(&mut dyn Sink)) -> Words {
        let mut words = Words(Vec::new());
        write(&mut words);
        assert_eq!(count(write), words.0.len());
        words
    }

    fn tensor(extents: &[usize]) -> Tensor {
        let values = (0..extents.iter().product()).map(|idx: usize| idx as f32 - 0.5).collect();
        Tensor::new(extents, values)
    }

    #[test]
    fn a_task_comes_out_as_it_went_in() {
        let cut = Cut { chunk_size: 2, batch_len: 9, divisor: 8.5, seed: u64::MAX - 1, step: 1 << 33 };
        let classes = Targets::Classes(vec![0, u32::MAX, 7].into());
        for (targets, weights) in
            [(classes, Some(vec![0.5, 1.0, 2.0].into())), (Targets::Values(tensor(&[3, 2, 2])), None)]
        {
            let samples = Batch { input: tensor(&[3, 4, 1]), targets, weights };
            let task = ChunkTask { chunks: 3..5, cut, samples };
            let params = [1.0, -0.0, f32::MIN_POSITIVE];
            let mut words = written(|sink| {
                put_run(sink, 7);
                put_task(sink, &params, &task);
            });
            assert_eq!(take_run(&mut words), 7);
            let mut read = [0.0; 3];
            assert_eq!(take_task(&mut words, &mut read), task);
            assert_eq!(read.map(f32::to_bits), params.map(f32::to_bits));
            assert!(words.0.is_empty());
        }
    }

    #[test]
    fn a_result_comes_out_as_it_went_in() {
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
        let mut words = written(|sink| put_result(sink, &result));
        assert_eq!(take_result(&mut words, || vec![9.0; 4]), result);
        assert!(words.0.is_empty());
    }
}
