//! [`SaveFreq`]: after every epoch or every so many batches.

use serde::{Deserialize, Serialize};

use super::CallbackError;
use super::memory::{count, number};
use crate::engine::argument::ArgumentError;
use crate::engine::loose::{Loose, LooseError};

/// When a model is saved. In JSON `"epoch"` or a number of batches, as in Keras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Loose", into = "Loose")]
pub enum SaveFreq {
    /// After every epoch.
    #[default]
    Epoch,
    /// After this many batches, counted across epochs; at least 1.
    Batches(usize),
}

impl SaveFreq {
    pub(super) fn validate(self) -> Result<(), CallbackError> {
        match self {
            SaveFreq::Batches(0) => {
                let argument = "save_freq".to_owned();
                Err(ArgumentError { argument, min: 1.0, max: f64::INFINITY, got: 0.0 }.into())
            }
            SaveFreq::Epoch | SaveFreq::Batches(_) => Ok(()),
        }
    }
}

const EPOCH: &str = "epoch";

impl From<SaveFreq> for Loose {
    fn from(save_freq: SaveFreq) -> Self {
        match save_freq {
            SaveFreq::Epoch => Loose::Text(EPOCH.to_owned()),
            SaveFreq::Batches(batches) => Loose::Int(batches),
        }
    }
}

impl TryFrom<Loose> for SaveFreq {
    type Error = LooseError;

    fn try_from(loose: Loose) -> Result<Self, LooseError> {
        match loose {
            Loose::Text(text) if text == EPOCH => Ok(SaveFreq::Epoch),
            Loose::Int(batches) => Ok(SaveFreq::Batches(batches)),
            got => Err(LooseError { expected: "\"epoch\" or a number of batches", got }),
        }
    }
}

/// Counts batches for [`SaveFreq::Batches`], as Keras does: a batch number that does not grow begins
/// a new epoch.
#[derive(Debug, Clone)]
pub(super) struct BatchCounter {
    save_freq: SaveFreq,
    since_saved: usize,
    last: Option<usize>,
}

impl BatchCounter {
    pub fn new(save_freq: SaveFreq) -> Self {
        Self { save_freq, since_saved: 0, last: None }
    }

    /// Batches since the last save, where batches are counted.
    pub fn since_saved(&self) -> Option<usize> {
        (self.save_freq != SaveFreq::Epoch).then_some(self.since_saved)
    }

    /// For [`super::CallbackMemory`].
    pub fn memory(&self) -> [Option<f64>; 2] {
        [number(self.since_saved), self.last.and_then(number)]
    }

    /// Goes on counting where another was.
    pub fn recall(&mut self, [since_saved, last]: [Option<f64>; 2]) {
        (self.since_saved, self.last) = (count(since_saved), last.map(|last| count(Some(last))));
    }

    /// Whether it is time to save after `batch`, from 0.
    pub fn is_due(&mut self, batch: usize) -> bool {
        let SaveFreq::Batches(batches) = self.save_freq else { return false };
        self.since_saved += match self.last {
            Some(last) if batch > last => batch - last,
            _ => batch + 1,
        };
        self.last = Some(batch);
        let is_due = self.since_saved >= batches;
        if is_due {
            self.since_saved = 0;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_counted_across_epochs() {
        let mut counter = BatchCounter::new(SaveFreq::Batches(4));
        let due: Vec<bool> = (0..9).map(|step| counter.is_due(step % 3)).collect();
        assert_eq!(due, [false, false, false, true, false, false, false, true, false]);
    }

    #[test]
    fn json_says_epoch_or_a_number() {
        for (save_freq, json) in [(SaveFreq::Epoch, "\"epoch\""), (SaveFreq::Batches(5), "5")] {
            assert_eq!(serde_json::to_string(&save_freq).unwrap(), json);
            assert_eq!(serde_json::from_str::<SaveFreq>(json).unwrap(), save_freq);
        }
        assert!(serde_json::from_str::<SaveFreq>("\"batch\"").is_err());
    }
}
