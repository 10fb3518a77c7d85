//! What our files say beyond Keras: the whole run and how far it came, under a key that Keras does not look at.
//!
//! It is believed only where the rest of the file says the same of model and training, so that who changes a
//! file elsewhere gets what they wrote.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::config_read::ReadConfig;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::SavedModel;

/// Of `metadata.json`, and the attribute of a `.h5` file.
pub const KEY: &str = "svertka";
/// Of this description's layout.
const VERSION: u32 = 1;

/// The description.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Own {
    version: u32,
    model: ModelSpec,
    job: Option<RunSpec>,
    epochs: Option<usize>,
}

impl Own {
    /// Of a model.
    pub fn of(saved: &SavedModel) -> Self {
        let (model, job) = (saved.model.clone(), saved.job.clone());
        Self { version: VERSION, model, job, epochs: saved.epochs }
    }

    /// From JSON, if it is a description of this version.
    pub fn read(value: Value) -> Option<Self> {
        serde_json::from_value(value).ok().filter(|own: &Self| own.version == VERSION)
    }

    /// The model that is described.
    pub fn model(&self) -> &ModelSpec {
        &self.model
    }

    /// Its training, if there is one.
    pub fn job(&self) -> Option<&RunSpec> {
        self.job.as_ref()
    }

    /// Puts this description in the place of what was `read`, if `again` is what Keras's words for it are read
    /// as, and says the same; and gives the number of epochs.
    pub fn take_over(self, again: &ReadConfig, read: &mut ReadConfig) -> Option<usize> {
        let layers = |config: &ReadConfig| (config.model.input_shape.clone(), config.model.layers.clone());
        // The learning rate in the file is that of now, which callbacks may have changed.
        let compile = |config: &ReadConfig| {
            let compile = config.job.as_ref().map(|job| job.compile.clone())?;
            let rate = compile.optimizer.learning_rate().number().map(|_| 0.0);
            let optimizer = match rate {
                Some(rate) => compile.optimizer.clone().with_learning_rate(rate),
                None => compile.optimizer.clone(),
            };
            Some(crate::engine::spec::CompileSpec { optimizer, ..compile })
        };
        let names_agree = again.model.name == read.model.name;
        if !names_agree || layers(again) != layers(read) || compile(again) != compile(read) {
            return None;
        }
        (read.model, read.job) = (self.model, self.job);
        read.notes.clear();
        self.epochs
    }
}
