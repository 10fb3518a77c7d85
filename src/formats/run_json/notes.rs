//! Arguments of Keras that mean nothing here, or nothing any more, and what became of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::names::Family;

/// An argument that was understood but has no place in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KerasNote {
    /// Where it stood: `model.layers[2].BatchNormalization.fused`.
    pub path: String,
    /// Keras's class it was given to: a layer, an optimizer, a callback; or `fit`, `compile`.
    pub owner: String,
    /// Its name.
    pub argument: String,
    /// What became of it.
    pub what: Became,
}

impl KerasNote {
    /// What it takes, in a list that grows by doubling.
    pub(in crate::formats) fn bytes(&self) -> usize {
        /// The name of what the argument became.
        const WORDS: usize = 64;
        3 * size_of::<Self>() + WORDS + self.path.len() + self.owner.len() + self.argument.len()
    }
}

/// What became of an argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Became {
    /// Keras 3 has it no more, and nothing took its place.
    Removed,
    /// It has another name; its value was kept.
    Renamed {
        /// The new name.
        to: String,
    },
    /// Keras 3 has something else for it; its value was not kept.
    Replaced {
        /// What to use, as it is written in Python: it is said in every language.
        by: String,
    },
    /// It belongs elsewhere, and its value was taken there.
    Moved {
        /// Where to.
        to: String,
    },
    /// Keras 3 has it and it would change numbers, but it is not built here; its value was not kept.
    NotBuilt {
        /// What does the same, if anything does, as it is written in Python.
        instead: Option<String>,
    },
    /// Without it nothing is known of how the model was compiled, and its optimizer's state belongs to nothing.
    NotCompiled,
    /// Keras has it, and it changes no number: not how fast a machine computes, or what a thing is called.
    WithoutEffect,
}

impl std::fmt::Display for KerasNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} of {} ", self.path, self.argument, self.owner)?;
        match &self.what {
            Became::Removed => write!(f, "is gone in Keras 3 and was left out"),
            Became::Renamed { to } => write!(f, "is called {to} in Keras 3; its value was taken over"),
            Became::Replaced { by } => write!(f, "is gone in Keras 3 and was left out; use {by}"),
            Became::Moved { to } => write!(f, "was taken to {to}"),
            Became::NotBuilt { instead: None } => write!(f, "exists in Keras but not here, and was left out"),
            Became::NotBuilt { instead: Some(instead) } => {
                write!(f, "exists in Keras but not here, and was left out; use {instead}")
            }
            Became::NotCompiled => {
                write!(f, "cannot be taken over, so all of compile and the optimizer's state were left out")
            }
            Became::WithoutEffect => write!(f, "has no effect on the numbers and was left out"),
        }
    }
}

/// What is known of an argument before it is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Removed,
    Renamed(&'static str),
    Replaced(&'static str),
    NotBuilt(Option<&'static str>),
    WithoutEffect,
    /// Keras saves it with this value when nobody gave it; any other value has another fate, or none.
    NotGiven(Saved),
}

/// What Keras saves for an argument that nobody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    Null,
    True,
    False,
}

impl Saved {
    fn is(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::True => *value == Value::Bool(true),
            Self::False => *value == Value::Bool(false),
        }
    }
}

impl Fate {
    /// What the user is told; nothing where nothing was given.
    pub fn became(self) -> Option<Became> {
        Some(match self {
            Self::Removed => Became::Removed,
            Self::Renamed(to) => Became::Renamed { to: to.to_owned() },
            Self::Replaced(by) => Became::Replaced { by: by.to_owned() },
            Self::NotBuilt(instead) => Became::NotBuilt { instead: instead.map(str::to_owned) },
            Self::WithoutEffect => Became::WithoutEffect,
            Self::NotGiven(_) => return None,
        })
    }

    fn is_of(self, value: &Value) -> bool {
        match self {
            Self::NotGiven(saved) => saved.is(value),
            _ => true,
        }
    }
}

const NULL: Fate = Fate::NotGiven(Saved::Null);

const EVERY_LAYER: &[(&str, Fate)] = &[
    ("name", Fate::WithoutEffect),
    ("dtype", Fate::WithoutEffect),
    ("autocast", Fate::WithoutEffect),
    // of layers that have nothing to train
    ("trainable", Fate::NotGiven(Saved::True)),
    ("trainable", Fate::WithoutEffect),
    ("lora_rank", NULL),
    ("lora_alpha", NULL),
    ("kernel_quantizer", NULL),
    ("bias_quantizer", NULL),
    ("quantization_config", NULL),
    // every layer of Keras has it; here those with parameters
    ("activity_regularizer", NULL),
    ("activity_regularizer", Fate::NotBuilt(Some("ActivityRegularization"))),
];

/// Of boxes around what pictures show, which no sample has here.
const AUGMENTATION: &[(&str, Fate)] = &[("bounding_box_format", Fate::WithoutEffect)];

/// Of embeddings, which no layer has here.
const TENSOR_BOARD: &[(&str, Fate)] = &[("embeddings_metadata", Fate::WithoutEffect)];

const LEAKY_RELU: &[(&str, Fate)] = &[("alpha", Fate::Renamed("negative_slope"))];

const EVERY_INITIALIZER: &[(&str, Fate)] = &[("input_axes", NULL), ("output_axes", NULL)];

const EVERY_METRIC: &[(&str, Fate)] = &[("dtype", Fate::WithoutEffect)];

const BATCH_NORMALIZATION: &[(&str, Fate)] = &[
    ("fused", Fate::Removed),
    ("virtual_batch_size", Fate::Removed),
    ("adjustment", Fate::Removed),
    ("renorm", Fate::NotGiven(Saved::False)),
    ("renorm", Fate::NotBuilt(None)),
    ("renorm_clipping", NULL),
    ("renorm_clipping", Fate::NotBuilt(None)),
    ("renorm_momentum", Fate::WithoutEffect),
    ("synchronized", Fate::NotGiven(Saved::False)),
    ("synchronized", Fate::WithoutEffect),
];

const EVERY_OPTIMIZER: &[(&str, Fate)] = &[
    ("lr", Fate::Renamed("learning_rate")),
    ("decay", Fate::Replaced("learning_rate=InverseTimeDecay(…)")),
    ("name", Fate::WithoutEffect),
    ("jit_compile", Fate::WithoutEffect),
    ("is_legacy_optimizer", Fate::WithoutEffect),
];

const MODEL_CHECKPOINT: &[(&str, Fate)] =
    &[("options", Fate::Removed), ("period", Fate::Replaced("save_freq"))];

const REDUCE_LR: &[(&str, Fate)] = &[("epsilon", Fate::Renamed("min_delta"))];

const COMPILE: &[(&str, Fate)] = &[
    ("run_eagerly", Fate::WithoutEffect),
    ("steps_per_execution", Fate::WithoutEffect),
    ("jit_compile", Fate::WithoutEffect),
    ("auto_scale_loss", Fate::WithoutEffect),
    ("sample_weight_mode", Fate::Removed),
];

const FIT: &[(&str, Fate)] = &[
    ("workers", Fate::Removed),
    ("max_queue_size", Fate::Removed),
    ("use_multiprocessing", Fate::Removed),
    ("nb_epoch", Fate::Renamed("epochs")),
    ("verbose", Fate::WithoutEffect),
    // the data, which are not in the file
    ("x", NULL),
    ("y", NULL),
    ("sample_weight", NULL),
    ("validation_data", NULL),
];

/// What became of `argument` of a `family`'s kind called `name`, given as `value`.
pub fn fate(family: Family, name: &str, argument: &str, value: &Value) -> Option<Fate> {
    let own = match (family, name) {
        (Family::Layer, "BatchNormalization") => BATCH_NORMALIZATION,
        (Family::Layer, "LeakyReLU") => LEAKY_RELU,
        (Family::Layer, name) if name.starts_with("Random") => AUGMENTATION,
        (Family::Callback, "TensorBoard") => TENSOR_BOARD,
        (Family::Callback, "ModelCheckpoint") => MODEL_CHECKPOINT,
        (Family::Callback, "ReduceLROnPlateau") => REDUCE_LR,
        _ => &[],
    };
    let all = match family {
        Family::Layer => EVERY_LAYER,
        Family::Optimizer => EVERY_OPTIMIZER,
        Family::Initializer => EVERY_INITIALIZER,
        Family::Metric => EVERY_METRIC,
        _ => &[("name", Fate::WithoutEffect), ("dtype", Fate::WithoutEffect)],
    };
    find(own, argument, value).or_else(|| find(all, argument, value))
}

/// What became of `argument` of the part of a run called `section`, given as `value`.
pub fn fate_in(section: &str, argument: &str, value: &Value) -> Option<Fate> {
    match section {
        "fit" => find(FIT, argument, value),
        "compile" => find(COMPILE, argument, value),
        _ => None,
    }
}

fn find(fates: &[(&str, Fate)], argument: &str, value: &Value) -> Option<Fate> {
    fates.iter().find(|(name, fate)| *name == argument && fate.is_of(value)).map(|(_, fate)| *fate)
}
