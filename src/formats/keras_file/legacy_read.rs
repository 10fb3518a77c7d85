//! `.h5` of Keras 2 and 3, read; the layout is in `legacy.rs`.

use std::collections::BTreeMap;

use super::config::ConfigWriter;
use super::config_read::{self, ReadConfig};
use super::legacy::training_config;
use super::own::{self, Own};
use super::whole::{is_keras2, no_state};
use super::{KerasFileError, legacy_state, state, tree, weights};
use crate::engine::spec::{CompileSpec, ModelSpec, NamedParam, RunSpec};
use crate::formats::hdf5::{self, Array, Group, Node, Values};
use crate::formats::json_tree::{Budget, fair_memory, spec_bytes};
use crate::formats::{FormatError, Hdf5Error, ModelFormat, OpenedModel, SavedModel};

/// The attribute that says which layers there are.
const MODEL_CONFIG: &str = "model_config";
/// The group of a whole model's weights.
const MODEL_WEIGHTS: &str = "model_weights";
/// The attribute of a group of weights that lists its layers.
const LAYER_NAMES: &str = "layer_names";
/// The attribute of a layer's group that lists its weights.
const WEIGHT_NAMES: &str = "weight_names";

/// Whether a file says which layers there are.
pub fn is_whole(root: &Group) -> bool {
    root.attributes.iter().any(|(name, _)| name == MODEL_CONFIG)
}

/// Whether a file holds weights in Keras 2's way.
pub fn has_weights(root: &Group) -> bool {
    tree::texts_attribute(root, LAYER_NAMES).is_some()
}

/// Reads a whole model, of a file of `len` bytes.
///
/// # Errors
/// If a part is missing, or the model is not known here.
pub fn read(root: &Group, len: usize) -> Result<OpenedModel, FormatError> {
    let max = fair_memory(len);
    read_within(root, &mut Budget::new(max)).map_err(|error| match error {
        error if config_read::is_too_long(&error) => {
            Hdf5Error::TooLarge { path: "/".to_owned(), max: max as u64 }.into()
        }
        error => error,
    })
}

fn read_within(root: &Group, budget: &mut Budget) -> Result<OpenedModel, FormatError> {
    let missing = |name: &str| KerasFileError::NoPart { name: name.to_owned() };
    let text = tree::text_attribute(root, MODEL_CONFIG).ok_or_else(|| missing(MODEL_CONFIG))?;
    let (all, values) = hdf5::memory_of(root);
    config_read::take(budget, all)?;
    let model = config_read::parse(MODEL_CONFIG, text.as_bytes(), budget)?;
    let training = tree::text_attribute(root, "training_config");
    let training = match training.map(|text| config_read::parse("training_config", text.as_bytes(), budget)) {
        Some(Err(KerasFileError::Json { .. })) | None => None,
        Some(training) => Some(training?),
    };
    let group = tree::group_at(root, &[MODEL_WEIGHTS.to_owned()]).ok_or_else(|| missing(MODEL_WEIGHTS))?;
    let version = [root, group].iter().find_map(|group| tree::text_attribute(group, "keras_version"));
    let is_old = is_keras2(version);
    let mut config = config_read::read(model, training, is_old, budget)?;
    let epochs = take_own(root, &mut config, budget)?;
    // The parameters are copies of what is in the file.
    config_read::take(budget, values)?;
    let params = read_params(group, &config.model, &config.tops)?;
    let mut notes = config.notes;
    let found = config.job.as_ref().map(|job| legacy_state::read(root, job, is_old)).transpose()?;
    let optimizer = match (found, &config.job) {
        (Some(state::Found::State(state)), _) => Some(state),
        (Some(state::Found::Other), Some(job)) => {
            notes.push(no_state(job.compile.optimizer.class_name()));
            None
        }
        _ => None,
    };
    let saved = SavedModel { model: config.model, params, job: config.job, epochs, optimizer };
    Ok(OpenedModel { saved, notes })
}

/// Reads weights into a run whose model is known.
///
/// # Errors
/// If they are not of this model.
pub fn read_weights(known: &RunSpec, root: &Group) -> Result<OpenedModel, FormatError> {
    known.model.validate()?;
    let params = read_params(root, &known.model, &own_tops(&known.model))?;
    let (model, job) = (known.model.clone(), Some(known.clone()));
    let saved = SavedModel { model, params, job, epochs: None, optimizer: None };
    Ok(OpenedModel { saved, notes: Vec::new() })
}

/// Each layer is its own.
pub fn own_tops(model: &ModelSpec) -> Vec<(usize, String)> {
    model.layer_names().into_iter().enumerate().collect()
}

/// Our own description, where it says the same as the rest.
fn take_own(root: &Group, read: &mut ReadConfig, budget: &mut Budget) -> Result<Option<usize>, FormatError> {
    let Some(text) = tree::text_attribute(root, own::KEY) else { return Ok(None) };
    let specs = spec_bytes(text.as_bytes());
    config_read::take(budget, specs)?;
    let Some(own) = Own::read(text.as_bytes()) else {
        budget.give_back(specs);
        return Ok(None);
    };
    let writer = ConfigWriter::new(ModelFormat::KerasH5);
    let compile = |model: &ModelSpec, compile: &CompileSpec| training_config(model, compile, None);
    own.take_over(read, writer, compile, (budget, specs))
}

/// The parameters of a model from `model_weights`.
///
/// # Errors
/// If the file has other weights.
pub fn read_params(
    group: &Group,
    model: &ModelSpec,
    tops: &[(usize, String)],
) -> Result<Vec<f32>, FormatError> {
    let found = check_params(group, model, tops)?;
    let mut params = vec![0.0; model.num_params()?];
    for (param, array) in found {
        let range = param.offset..param.offset + param.spec.size();
        let Some(place) = params.get_mut(range) else { continue };
        match &array.values {
            Values::F32(values) => place.copy_from_slice(values),
            Values::F64(values) => place.iter_mut().zip(values).for_each(|(p, value)| *p = *value as f32),
            Values::I64(_) | Values::Text(_) => {
                return Err(FormatError::WrongType { name: param.path, got: "I64".to_owned() });
            }
        }
        if place.iter().any(|value| !value.is_finite()) {
            return Err(FormatError::NotFinite { name: param.path });
        }
    }
    Ok(params)
}

/// The parameters with their arrays: by order, as Keras does, for names depend on what else a program has made.
///
/// # Errors
/// If the file has other weights.
pub fn check_params<'g>(
    group: &'g Group,
    model: &ModelSpec,
    tops: &[(usize, String)],
) -> Result<Vec<(NamedParam, &'g Array)>, FormatError> {
    let no_names = |name: &str| KerasFileError::NoPart { name: name.to_owned() };
    let layer_names = tree::texts_attribute(group, LAYER_NAMES).ok_or_else(|| no_names(LAYER_NAMES))?;
    let groups: BTreeMap<&str, &Group> = group.members.iter().filter_map(named_group).collect();
    // Nothing is kept of more layers than the model has: a list may name the same one very often.
    let in_file = || {
        let own = layer_names.iter().filter_map(|layer| groups.get(layer).copied());
        own.filter(|own| tree::has_texts(own, WEIGHT_NAMES))
    };
    let in_model = by_top(model.params()?, tops);
    let got = in_file().count();
    if in_model.len() != got {
        return Err(KerasFileError::LayerCount { expected: in_model.len(), got }.into());
    }
    let mut found = Vec::new();
    for (params, own) in in_model.into_iter().zip(in_file()) {
        let names = tree::texts_attribute(own, WEIGHT_NAMES).unwrap_or_default();
        if let Some(name) = names.get(params.len()) {
            return Err(FormatError::UnknownTensor { name: (*name).to_owned() });
        }
        let mut names = names.iter();
        for param in params {
            let array = names.next().and_then(|name| tree::array_at(own, name));
            let Some(array) = array else { return Err(FormatError::MissingTensor { name: param.path }) };
            weights::check_extents(array, &param)?;
            found.push((param, array));
        }
    }
    Ok(found)
}

fn named_group((name, node): &(String, Node)) -> Option<(&str, &Group)> {
    match node {
        Node::Group(group) => Some((name, group)),
        Node::Array(_) => None,
    }
}

/// The parameters of each of the model's own layers that has any. Of a model within the model the trained ones
/// come first.
fn by_top(params: Vec<NamedParam>, tops: &[(usize, String)]) -> Vec<Vec<NamedParam>> {
    let mut groups: Vec<(usize, Vec<NamedParam>)> = Vec::new();
    for param in params {
        let top = tops.get(param.layer).map_or(param.layer, |(top, _)| *top);
        match groups.last_mut() {
            Some((last, group)) if *last == top => group.push(param),
            _ => groups.push((top, vec![param])),
        }
    }
    groups
        .into_iter()
        .map(|(_, mut group)| {
            let is_nested = group.iter().any(|param| param.layer != group[0].layer);
            if is_nested {
                group.sort_by_key(|param| !param.spec.trainable);
            }
            group
        })
        .collect()
}
