//! What our files say beyond Keras: the whole run and how far it came, under a key that Keras does not look at.
//!
//! It is believed only where the rest of the file says the same of model and training, so that who changes a
//! file elsewhere gets what they wrote.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::config::{ConfigWriter, model_name};
use super::config_read::{self, ReadConfig};
use crate::engine::callbacks::CallbackSpec;
use crate::engine::layers::LayerSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::spec::{CompileSpec, ModelSpec, RunSpec};
use crate::formats::json_tree::{Budget, tree_bytes};
use crate::formats::{FormatError, SavedModel};

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

/// What `metadata.json` says of it; all else is passed over.
#[derive(Deserialize)]
struct Metadata {
    svertka: Option<Own>,
}

impl Own {
    /// Of a model.
    pub fn of(saved: &SavedModel) -> Self {
        let (model, job) = (saved.model.clone(), saved.job.clone());
        Self { version: VERSION, model, job, epochs: saved.epochs }
    }

    /// From JSON, if it is a description of this version.
    pub fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok().filter(|own: &Self| own.version == VERSION)
    }

    /// From the JSON of `metadata.json`, likewise.
    pub fn read_metadata(text: &[u8]) -> Option<Self> {
        let metadata: Metadata = serde_json::from_slice(text).ok()?;
        metadata.svertka.filter(|own| own.version == VERSION)
    }

    /// Puts this description in the place of what was `read`, if what Keras's words for it are read as says the same; and
    /// gives the number of epochs. `compile` writes the words for its training. Of the two descriptions the other one is
    /// given back to the budget; this one took `taken` of it.
    ///
    /// # Errors
    /// If that takes more memory than there is.
    pub fn take_over(
        self,
        read: &mut ReadConfig,
        writer: ConfigWriter,
        compile: impl FnOnce(&ModelSpec, &CompileSpec) -> Result<Value, FormatError>,
        (budget, taken): (&mut Budget, usize),
    ) -> Result<Option<usize>, FormatError> {
        if !self.says_the_same(read, writer, compile, budget)? {
            budget.give_back(taken);
            return Ok(None);
        }
        let jobs = usize::from(read.job.is_some());
        budget.give_back(taken + (1 + jobs) * read.model.layers.len() * size_of::<LayerSpec>());
        (read.model, read.job) = (self.model, self.job);
        config_read::take(budget, lists_bytes(&read.model, read.job.as_ref()))?;
        read.notes.clear();
        Ok(self.epochs)
    }

    fn says_the_same(
        &self,
        read: &ReadConfig,
        writer: ConfigWriter,
        compile: impl FnOnce(&ModelSpec, &CompileSpec) -> Result<Value, FormatError>,
        budget: &mut Budget,
    ) -> Result<bool, FormatError> {
        let model = &self.model;
        let is_same = model_name(model) == read.model.name
            && model.input_shape == read.model.input_shape
            && model.validate().is_ok()
            && has_words_of(&model.layers, &read.model.layers, writer, budget)?;
        if !is_same {
            return Ok(false);
        }
        let again = match &self.job {
            None => None,
            Some(job) => {
                let before = budget.taken();
                config_read::take(budget, words_bytes(&job.compile))?;
                let Ok(words) = compile(model, &job.compile) else { return Ok(false) };
                let again = config_read::read_compile(words, budget)?;
                budget.give_back(budget.taken() - before);
                again
            }
        };
        let found = read.job.as_ref().map(|job| &job.compile);
        Ok(again.as_ref().map(without_rate) == found.map(without_rate))
    }
}

/// What the lists of a run take.
fn lists_bytes(model: &ModelSpec, job: Option<&RunSpec>) -> usize {
    let mut total = model.layers.capacity() * size_of::<LayerSpec>();
    if let Some(job) = job {
        let metrics = job.compile.metrics.capacity() + job.compile.weighted_metrics.capacity();
        total += job.model.layers.capacity() * size_of::<LayerSpec>();
        total += metrics * size_of::<MetricSpec>() + job.fit.callbacks.capacity() * size_of::<CallbackSpec>();
    }
    total
}

/// The learning rate in the file is that of now, which callbacks may have changed.
fn without_rate(compile: &CompileSpec) -> CompileSpec {
    let optimizer = compile.optimizer.clone();
    let optimizer = match optimizer.learning_rate().number() {
        Some(_) => optimizer.with_learning_rate(0.0),
        None => optimizer,
    };
    CompileSpec { optimizer, ..compile.clone() }
}

/// What the words for a spec may take: twice its tree, as they have more names.
fn words_bytes(spec: &impl Serialize) -> usize {
    serde_json::to_string(spec).map_or(usize::MAX, |text| tree_bytes(text.as_bytes()).saturating_mul(2))
}

/// Whether Keras's words for layers are read as those that were `found`: some layers at a time, as the words for all of
/// them take many times what they do.
fn has_words_of(
    layers: &[LayerSpec],
    found: &[LayerSpec],
    writer: ConfigWriter,
    budget: &mut Budget,
) -> Result<bool, FormatError> {
    const AT_ONCE: usize = 50;
    let mut rest = found;
    for layers in layers.chunks(AT_ONCE) {
        let before = budget.taken();
        config_read::take(budget, layers.iter().map(words_bytes).fold(0, usize::saturating_add))?;
        let Ok(words) = writer.some_layers(layers) else { return Ok(false) };
        let again = match config_read::read_layers(words, budget) {
            Err(error) if config_read::is_too_long(&error) => return Err(error),
            Err(_) => return Ok(false),
            Ok(again) => again,
        };
        budget.give_back(budget.taken() - before);
        let Some(behind) = rest.strip_prefix(again.as_slice()) else { return Ok(false) };
        rest = behind;
    }
    Ok(rest.is_empty())
}
