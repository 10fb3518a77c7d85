//! `.h5`, Keras 2's whole model, which Keras 3 reads too.
//!
//! ```text
//! attributes   keras_version, backend, model_config, training_config (both JSON)
//! model_weights            attribute layer_names
//!   <layer>                attribute weight_names: paths below this group
//!     <layer>/kernel
//! optimizer_weights        attribute weight_names: iteration, learning_rate, then the slots
//! ```
//!
//! Layers and weights are matched by their order there, not by their names.

use serde_json::{Value, json};

use super::config::ConfigWriter;
use super::own::{self, Own};
use super::whole::KERAS_VERSION;
use super::{state, tree};
use crate::engine::spec::{CompileSpec, ModelSpec, RunSpec};
use crate::formats::hdf5::{self, Array, Group};
use crate::formats::{FormatError, ModelFormat, NamedFile, OptimizerState, SavedModel, Wrapping};

/// So many names fit into an attribute, which may take 64 KB: 16 bytes each. Keras cuts longer lists, too.
const MAX_NAMES: usize = 4_000;

/// Keras 2's whole model.
///
/// # Errors
/// If the model is not valid, or Keras cannot say a part of it.
pub fn write_h5(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    saved.check_params()?;
    let mut root = Group { attributes: attributes(saved)?, ..Group::default() };
    write_model_weights(&mut root, saved)?;
    if let (Some(job), Some(state)) = (&saved.job, &saved.optimizer) {
        write_optimizer_weights(&mut root, saved, job, state)?;
    }
    let name = format!("{}.h5", wrapping.stem);
    Ok(vec![NamedFile { name, bytes: hdf5::write(&root)? }])
}

fn attributes(saved: &SavedModel) -> Result<Vec<(String, Array)>, FormatError> {
    let writer = ConfigWriter::new(ModelFormat::KerasH5);
    let model = json!({ "class_name": "Sequential", "config": writer.sequential(&saved.model)? });
    let mut attributes = vec![
        ("keras_version".to_owned(), tree::text(KERAS_VERSION)),
        ("backend".to_owned(), tree::text("tensorflow")),
        ("model_config".to_owned(), tree::text(&model.to_string())),
    ];
    if let Some(job) = &saved.job {
        let rate = saved.optimizer.as_ref().map(|state| state.learning_rate);
        let training = training_config(&saved.model, &job.compile, rate)?;
        attributes.push(("training_config".to_owned(), tree::text(&training.to_string())));
    }
    let own = super::kinds::saved(&Own::of(saved)).to_string();
    attributes.push((own::KEY.to_owned(), tree::text(&own)));
    Ok(attributes)
}

/// What `compile` was given.
///
/// # Errors
/// If the model is not valid, or Keras cannot say a part of it.
pub fn training_config(
    model: &ModelSpec,
    compile: &CompileSpec,
    learning_rate: Option<f32>,
) -> Result<Value, FormatError> {
    let writer = ConfigWriter::new(ModelFormat::KerasH5);
    let mut config = writer.measures(model, compile)?;
    config.values_mut().for_each(without_module);
    let mut optimizer = writer.optimizer(&compile.optimizer, learning_rate)?;
    without_module(&mut optimizer);
    config.insert("optimizer_config".to_owned(), optimizer);
    Ok(Value::Object(config))
}

/// Losses, metrics and optimizers are saved by class and arguments alone there; what these hold is not.
fn without_module(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_module),
        Value::Object(object) => {
            object.remove("module");
            object.remove("registered_name");
        }
        _ => {}
    }
}

fn write_model_weights(root: &mut Group, saved: &SavedModel) -> Result<(), FormatError> {
    let names = saved.model.layer_names();
    let params = saved.model.params()?;
    let group = tree::group_for(root, &["model_weights"]);
    add_names(group, "layer_names", &names);
    group.attributes.push(("backend".to_owned(), tree::text("tensorflow")));
    group.attributes.push(("keras_version".to_owned(), tree::text(KERAS_VERSION)));
    let mut params = params.iter().peekable();
    for (layer, name) in names.iter().enumerate() {
        let own = tree::group_for(group, &[name.as_str()]);
        let mut paths = Vec::new();
        while let Some(param) = params.next_if(|param| param.layer == layer) {
            let range = param.offset..param.offset + param.spec.size();
            let values = saved.params.get(range).unwrap_or_default();
            tree::put(own, &[name.as_str(), param.spec.name], tree::floats(&param.spec.extents, values));
            paths.push(param.path.clone());
        }
        add_names(own, "weight_names", &paths);
    }
    add_names(tree::group_for(group, &["top_level_model_weights"]), "weight_names", &[]);
    Ok(())
}

fn write_optimizer_weights(
    root: &mut Group,
    saved: &SavedModel,
    job: &RunSpec,
    state: &OptimizerState,
) -> Result<(), FormatError> {
    let optimizer = &job.compile.optimizer;
    let own = optimizer.class_name().to_lowercase();
    let mut names = vec!["iteration".to_owned()];
    if state::has_rate(optimizer) {
        names.push("learning_rate".to_owned());
    }
    names.extend(state::layout(&saved.model, optimizer)?.into_iter().map(|slot| match slot.param {
        Some(param) => format!("{}_{}", param.replace('/', "_"), slot.name),
        None => slot.name.to_owned(),
    }));
    let arrays = state::write(&saved.model, optimizer, state)?;
    let group = tree::group_for(root, &["optimizer_weights"]);
    let paths: Vec<String> = names.iter().map(|name| format!("{own}/{name}")).collect();
    add_names(group, "weight_names", &paths);
    for (name, array) in names.iter().zip(arrays) {
        tree::put(group, &[own.as_str(), name.as_str()], array);
    }
    Ok(())
}

fn add_names(group: &mut Group, attribute: &str, names: &[String]) {
    if names.len() <= MAX_NAMES {
        group.attributes.push((attribute.to_owned(), tree::texts(names)));
        return;
    }
    for (piece, names) in names.chunks(MAX_NAMES).enumerate() {
        group.attributes.push((format!("{attribute}{piece}"), tree::texts(names)));
    }
}
