//! [`Place`]: a [`Snapshot`] taken apart for the storage, the numbers as whole blocks, the rest as a few words.

use serde::{Deserialize, Serialize};

use crate::engine::callbacks::CallbackMemory;
use crate::engine::spec::RunSpec;
use crate::protocol::{Progress, Snapshot};

/// What belongs to kept blocks: the weights come first, then the optimizer's variables, then one block
/// for each callback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Completed epochs.
    pub epochs: usize,
    /// Values in each block.
    pub lens: Vec<usize>,
    /// How training goes on; `None` where it is over.
    pub progress: Option<ProgressNote>,
}

/// [`Progress`] without its blocks. Floats are their bits: JSON knows no infinity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgressNote {
    /// The epoch to go on with, from 0.
    pub epoch: usize,
    steps: u64,
    learning_rate: u32,
    slots: usize,
    callbacks: Vec<MemoryNote>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct MemoryNote {
    values: Vec<Option<u64>>,
    names: Vec<String>,
}

impl ProgressNote {
    /// Whether its learning rate is a number to train with.
    pub(super) fn is_finite(&self) -> bool {
        f32::from_bits(self.learning_rate).is_finite()
    }
}

impl Place {
    /// Takes a snapshot apart.
    pub fn of(snapshot: &Snapshot) -> (Place, Vec<&[f32]>) {
        let mut blocks = vec![&snapshot.params[..]];
        let progress = snapshot.progress.as_ref().map(|progress| {
            blocks.extend(progress.slots.iter().map(Vec::as_slice));
            blocks.extend(progress.callbacks.iter().map(|memory| memory.params.as_slice()));
            let bits = |value: &Option<f64>| value.map(f64::to_bits);
            let note = |memory: &CallbackMemory| MemoryNote {
                values: memory.values.iter().map(bits).collect(),
                names: memory.names.clone(),
            };
            ProgressNote {
                epoch: progress.epoch,
                steps: progress.steps,
                learning_rate: progress.learning_rate.to_bits(),
                slots: progress.slots.len(),
                callbacks: progress.callbacks.iter().map(note).collect(),
            }
        });
        let lens = blocks.iter().map(|block| block.len()).collect();
        (Place { epochs: snapshot.epochs, lens, progress }, blocks)
    }

    /// Puts a snapshot together; `None` if the blocks are not those that belong to it.
    pub fn snapshot(&self, job: RunSpec, blocks: Vec<Vec<f32>>) -> Option<Snapshot> {
        if !blocks.iter().map(Vec::len).eq(self.lens.iter().copied()) {
            return None;
        }
        let mut blocks = blocks.into_iter();
        let params = blocks.next()?;
        let progress = match &self.progress {
            None => None,
            Some(note) => {
                let slots: Vec<Vec<f32>> = blocks.by_ref().take(note.slots).collect();
                let mut callbacks = Vec::with_capacity(note.callbacks.len());
                for memory in &note.callbacks {
                    let values = memory.values.iter().map(|bits| bits.map(f64::from_bits)).collect();
                    let names = memory.names.clone();
                    callbacks.push(CallbackMemory { values, names, params: blocks.next()? });
                }
                let learning_rate = f32::from_bits(note.learning_rate);
                let (epoch, steps) = (note.epoch, note.steps);
                Some(Progress { epoch, steps, learning_rate, slots, callbacks })
            }
        };
        blocks.next().is_none().then_some(Snapshot { job, epochs: self.epochs, params, progress })
    }

    /// Bytes of all blocks.
    pub fn bytes(&self) -> usize {
        self.lens.iter().sum::<usize>() * size_of::<f32>()
    }

    /// How many blocks are the optimizer's, and how many the callbacks'.
    pub fn counts(&self) -> (usize, usize) {
        self.progress.as_ref().map_or((0, 0), |note| (note.slots, note.callbacks.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::runs::samples::snapshot;

    #[test]
    fn a_snapshot_comes_back_through_json_bit_for_bit() {
        for is_over in [false, true] {
            let mut whole = snapshot(3);
            if is_over {
                whole.progress = None;
            }
            let (place, blocks) = Place::of(&whole);
            let place: Place = serde_json::from_str(&serde_json::to_string(&place).unwrap()).unwrap();
            let blocks: Vec<Vec<f32>> = blocks.into_iter().map(<[f32]>::to_vec).collect();
            assert_eq!(place.snapshot(whole.job.clone(), blocks.clone()), Some(whole.clone()));
            assert_eq!(place.snapshot(whole.job, blocks[1..].to_vec()), None);
        }
    }
}
