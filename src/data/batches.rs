//! [`Batches`]: which samples each step takes, as Keras's `fit` walks through them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::epoch_order;
use crate::tensor::rng::{Purpose, Rng};

/// How the order of samples changes from epoch to epoch; in JSON `true`, `false` or `"batch"`, as in
/// Keras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shuffle {
    /// `true`: a new permutation of all samples.
    #[default]
    All,
    /// `false`: as they stand.
    Off,
    /// `"batch"`: batches stay where they are, their samples change places.
    WithinBatch,
}

const WITHIN_BATCH: &str = "batch";

impl Serialize for Shuffle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (serializer.is_human_readable(), self) {
            (false, Self::Off) => serializer.serialize_u8(0),
            (false, Self::All) => serializer.serialize_u8(1),
            (false, Self::WithinBatch) => serializer.serialize_u8(2),
            (true, Self::WithinBatch) => serializer.serialize_str(WITHIN_BATCH),
            (true, other) => serializer.serialize_bool(*other == Self::All),
        }
    }
}

impl<'de> Deserialize<'de> for Shuffle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(ShuffleVisitor)
        } else {
            deserializer.deserialize_u8(ShuffleVisitor)
        }
    }
}

struct ShuffleVisitor;

impl serde::de::Visitor<'_> for ShuffleVisitor {
    type Value = Shuffle;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("true, false or \"batch\"")
    }

    fn visit_bool<E: serde::de::Error>(self, on: bool) -> Result<Shuffle, E> {
        Ok(if on { Shuffle::All } else { Shuffle::Off })
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Shuffle, E> {
        if text == WITHIN_BATCH {
            Ok(Shuffle::WithinBatch)
        } else {
            Err(E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }
    }

    fn visit_u8<E: serde::de::Error>(self, code: u8) -> Result<Shuffle, E> {
        match code {
            0 => Ok(Shuffle::Off),
            1 => Ok(Shuffle::All),
            2 => Ok(Shuffle::WithinBatch),
            _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(code.into()), &self)),
        }
    }
}

/// A walk through `len` samples in batches, epoch after epoch.
///
/// Without `steps` every epoch is one whole pass, and its last batch may be smaller. With `steps` an
/// epoch has that many batches and the next one goes on where it ended; a pass that runs out ends its
/// epoch early, and the next epoch begins a new pass. Source: Keras 3.15 `trainers/epoch_iterator.py`.
#[derive(Debug, Clone)]
pub struct Batches {
    len: usize,
    batch_size: usize,
    steps: Option<usize>,
    shuffle: Shuffle,
    seed: u64,
    /// The pass that begins next; its number chooses the order.
    next_pass: usize,
    order: Vec<u32>,
    /// Batches taken from this pass, and in this epoch.
    seen: usize,
    step: usize,
}

impl Batches {
    /// A walk whose first pass is number `first_pass`, so that a resumed run goes on in the order that
    /// it would have had.
    ///
    /// # Panics
    /// If there are no samples, or `batch_size` or `steps` is 0.
    pub fn new(
        len: usize,
        batch_size: usize,
        steps: Option<usize>,
        shuffle: Shuffle,
        seed: u64,
        first_pass: usize,
    ) -> Self {
        assert!(len > 0 && batch_size > 0 && steps != Some(0), "nothing to walk through");
        let order = Vec::new();
        Self { len, batch_size, steps, shuffle, seed, next_pass: first_pass, order, seen: 0, step: 0 }
    }

    /// Batches of one whole pass.
    pub fn batches_per_pass(&self) -> usize {
        self.len.div_ceil(self.batch_size)
    }

    /// Batches that an epoch is meant to have.
    pub fn steps_per_epoch(&self) -> usize {
        self.steps.unwrap_or_else(|| self.batches_per_pass())
    }

    /// Begins an epoch.
    pub fn begin_epoch(&mut self) {
        self.step = 0;
        let is_over = self.order.is_empty() || self.seen >= self.batches_per_pass();
        if self.steps.is_none() || is_over {
            self.begin_pass();
        }
    }

    fn begin_pass(&mut self) {
        self.seen = 0;
        self.order = epoch_order(self.len, self.seed, self.next_pass, self.shuffle == Shuffle::All);
        if self.shuffle == Shuffle::WithinBatch {
            let mut rng = Rng::new(self.seed, Purpose::Shuffle, self.next_pass as u64, 1);
            self.order.chunks_mut(self.batch_size).for_each(|batch| rng.shuffle(batch));
        }
        self.next_pass += 1;
    }

    /// Whether this epoch has another batch.
    pub fn has_next(&self) -> bool {
        self.step < self.steps_per_epoch() && self.seen < self.batches_per_pass()
    }

    /// The samples of the batch that comes next; empty when the epoch is over.
    pub fn current(&self) -> &[u32] {
        self.ahead(0)
    }

    /// The samples of the batch after that; empty when it is of another epoch.
    pub fn following(&self) -> &[u32] {
        self.ahead(1)
    }

    fn ahead(&self, batches: usize) -> &[u32] {
        let (step, seen) = (self.step + batches, self.seen + batches);
        if step >= self.steps_per_epoch() || seen >= self.batches_per_pass() {
            return &[];
        }
        let begin = seen * self.batch_size;
        &self.order[begin..(begin + self.batch_size).min(self.len)]
    }

    /// Goes on to the next batch.
    pub fn advance(&mut self) {
        self.seen += 1;
        self.step += 1;
    }

    /// Position in the epoch of the batch that comes next.
    pub fn step(&self) -> usize {
        self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(batches: &mut Batches) -> Vec<Vec<u32>> {
        batches.begin_epoch();
        let mut all = Vec::new();
        while batches.has_next() {
            all.push(batches.current().to_vec());
            let following = batches.following().to_vec();
            batches.advance();
            assert_eq!(batches.current(), following);
        }
        all
    }

    fn walk(steps: Option<usize>, shuffle: Shuffle) -> Batches {
        Batches::new(7, 3, steps, shuffle, 5, 0)
    }

    #[test]
    fn an_epoch_is_one_pass_and_its_last_batch_is_smaller() {
        let mut batches = walk(None, Shuffle::Off);
        for _ in 0..2 {
            assert_eq!(epoch(&mut batches), [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
        }
    }

    /// As Keras 3.15.1 walks through 7 samples with `steps_per_epoch=2`: the second epoch ends early.
    #[test]
    fn with_steps_the_next_epoch_goes_on_where_the_last_one_ended() {
        let mut batches = walk(Some(2), Shuffle::Off);
        assert_eq!(epoch(&mut batches), [vec![0, 1, 2], vec![3, 4, 5]]);
        assert_eq!(epoch(&mut batches), [vec![6]]);
        assert_eq!(epoch(&mut batches), [vec![0, 1, 2], vec![3, 4, 5]]);
    }

    #[test]
    fn shuffling_takes_every_sample_once_in_a_new_order_each_epoch() {
        let mut batches = walk(None, Shuffle::All);
        let orders = [0, 1].map(|_| epoch(&mut batches).concat());
        assert_ne!(orders[0], orders[1]);
        for mut order in orders {
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3, 4, 5, 6]);
        }
        let mut resumed = Batches::new(7, 3, None, Shuffle::All, 5, 1);
        let mut whole = walk(None, Shuffle::All);
        epoch(&mut whole);
        assert_eq!(epoch(&mut resumed), epoch(&mut whole));
    }

    #[test]
    fn shuffling_within_a_batch_keeps_its_samples() {
        let mut batches = Batches::new(60, 20, None, Shuffle::WithinBatch, 5, 0);
        for (idx, mut batch) in epoch(&mut batches).into_iter().enumerate() {
            let begin = 20 * idx as u32;
            assert_ne!(batch, (begin..begin + 20).collect::<Vec<_>>());
            batch.sort_unstable();
            assert_eq!(batch, (begin..begin + 20).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_saved_form_is_that_of_keras() {
        for (shuffle, text) in
            [(Shuffle::All, "true"), (Shuffle::Off, "false"), (Shuffle::WithinBatch, "\"batch\"")]
        {
            assert_eq!(serde_json::to_string(&shuffle).unwrap(), text);
            assert_eq!(serde_json::from_str::<Shuffle>(text).unwrap(), shuffle);
            let wire = bincode::serialize(&shuffle).unwrap();
            assert_eq!(bincode::deserialize::<Shuffle>(&wire).unwrap(), shuffle);
        }
        assert!(serde_json::from_str::<Shuffle>("\"epoch\"").is_err());
    }
}
