//! Numbers, tensors and samples as 4-byte words.
//!
//! Whole numbers in two words, lower half first; a tensor as its number of axes, its extents and its
//! values; what there may be none of after a word that says so.

use crate::data::{Batch, Targets};
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

/// Writes a whole number.
pub(super) fn put(sink: &mut dyn Sink, number: u64) {
    sink.words(&[number as u32, (number >> 32) as u32]);
}

/// Writes a tensor.
pub(super) fn put_tensor(sink: &mut dyn Sink, tensor: &Tensor) {
    put(sink, tensor.extents().len() as u64);
    tensor.extents().iter().for_each(|extent| put(sink, *extent as u64));
    sink.floats(tensor.values());
}

/// Writes values and how many there are.
pub(super) fn put_floats(sink: &mut dyn Sink, values: &[f32]) {
    put(sink, values.len() as u64);
    sink.floats(values);
}

/// Reads a whole number.
pub(super) fn take(source: &mut dyn Source) -> u64 {
    let mut words = [0; 2];
    source.words(&mut words);
    u64::from(words[0]) | u64::from(words[1]) << 32
}

/// Reads a whole number that counts something in memory.
pub(super) fn take_count(source: &mut dyn Source) -> usize {
    take(source) as usize
}

/// Reads as many values as were written.
pub(super) fn take_floats(source: &mut dyn Source) -> Buffer<f32> {
    let mut values = Buffer::zeros(take_count(source));
    source.floats(&mut values);
    values
}

/// Reads a tensor.
pub(super) fn take_tensor(source: &mut dyn Source) -> Tensor {
    let rank = take_count(source);
    let extents: Vec<usize> = (0..rank).map(|_| take_count(source)).collect();
    let mut tensor = Tensor::zeros(&extents);
    source.floats(tensor.values_mut());
    tensor
}

/// Writes samples.
pub(super) fn put_samples(sink: &mut dyn Sink, samples: &Batch) {
    put_tensor(sink, &samples.input);
    match &samples.targets {
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
    put(sink, u64::from(samples.weights.is_some()));
    if let Some(weights) = &samples.weights {
        put_floats(sink, weights);
    }
}

/// Reads samples.
pub(super) fn take_samples(source: &mut dyn Source) -> Batch {
    let input = take_tensor(source);
    let targets = if take(source) == 0 {
        let mut classes = Buffer::zeros(take_count(source));
        source.words(&mut classes);
        Targets::Classes(classes)
    } else {
        Targets::Values(take_tensor(source))
    };
    let weights = (take(source) == 1).then(|| take_floats(source));
    Batch { input, targets, weights }
}

/// Writes what a model gave.
pub(super) fn put_outputs(sink: &mut dyn Sink, outputs: &Outputs) {
    put_tensor(sink, &outputs.values);
    put(sink, u64::from(outputs.logits.is_some()));
    if let Some(logits) = &outputs.logits {
        put_tensor(sink, logits);
    }
}

/// Reads what a model gave.
pub(super) fn take_outputs(source: &mut dyn Source) -> Outputs {
    let values = take_tensor(source);
    let logits = (take(source) == 1).then(|| take_tensor(source));
    Outputs { values, logits }
}

/// What tests of messages need.
#[cfg(test)]
pub(super) mod test_support {
    use super::*;

    /// A message in memory.
    pub(in crate::worker) struct Words(pub(in crate::worker) Vec<u32>);

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

    /// What `write` writes, as long as was counted.
    pub(in crate::worker) fn written(write: impl Fn(&mut dyn Sink)) -> Words {
        let mut words = Words(Vec::new());
        write(&mut words);
        assert_eq!(count(write), words.0.len());
        words
    }

    /// Values that are all different.
    pub(in crate::worker) fn tensor(extents: &[usize]) -> Tensor {
        let values = (0..extents.iter().product()).map(|idx: usize| idx as f32 - 0.5).collect();
        Tensor::new(extents, values)
    }
}
