//! What Keras saves of a model and its training, read by way of [`run_json`], which knows the classes, their
//! arguments, and older names of either.

use serde_json::{Map, Value, json};

use super::chain::{self, Chain, ChainLayer};
use super::weights::Places;
use super::{KerasFileError, compile_read, plain};
use crate::engine::spec::{ModelSpec, RunSpec, snake_case};
use crate::formats::FormatError;
use crate::formats::run_json::{self, Became, KerasNote, RunJsonError};

/// A model as a file describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadConfig {
    /// The network, which can be built.
    pub model: ModelSpec,
    /// How it is trained, if that is known; the rest has defaults.
    pub job: Option<RunSpec>,
    /// What was understood and left out.
    pub notes: Vec<KerasNote>,
    /// Where the weights of each layer lie in a `.weights.h5` file.
    pub places: Places,
    /// For each layer the model's own layer that it is, or is in: position and name.
    pub tops: Vec<(usize, String)>,
}

/// Parses one of the texts in a file.
///
/// # Errors
/// If it is no JSON.
pub fn parse(name: &str, text: &str) -> Result<Value, KerasFileError> {
    serde_json::from_str(text).map_err(|error| KerasFileError::Json {
        name: name.to_owned(),
        line: error.line(),
        column: error.column(),
        detail: error.to_string(),
    })
}

/// Reads a model `{"class_name", "config"}` and what its `compile` was given. `is_old` says that Keras 2 wrote
/// them.
///
/// # Errors
/// The first thing in the model that is not known here. Of training that is no error: a note says what was not
/// understood. A metric is left out alone; without its loss or optimizer the model has no job.
pub fn read(mut model: Value, compile: Option<Value>, is_old: bool) -> Result<ReadConfig, FormatError> {
    plain::unwrap(&mut model);
    let mut chain = chain::read(&model)?;
    let mut notes = Vec::new();
    for (idx, layer) in chain.layers.iter_mut().enumerate() {
        clean(layer, idx, is_old, &mut notes)?;
    }
    let network = json!({
        "name": chain.name,
        "input_shape": input_shape(&chain)?,
        "layers": chain.layers.iter().map(|layer| layer.object.clone()).collect::<Vec<_>>(),
    });
    let places = chain.layers.iter().map(|layer| layer.place.clone()).collect();
    let tops = chain.layers.iter().map(|layer| layer.top.clone()).collect();
    let alone = run_json::read_value(json!({ "model": network })).map_err(KerasFileError::from)?;
    let spec = alone.run.model;
    spec.validate()?;
    notes.extend(alone.notes);
    let mut config = ReadConfig { model: spec, job: None, notes, places, tops };
    let compile = compile.and_then(|mut compile| {
        plain::unwrap(&mut compile);
        compile_read::arguments(compile)
    });
    if let Some(compile) = compile {
        add_job(&mut config, compile);
    }
    Ok(config)
}

/// The job of a model, from what `compile` was given, without the metrics that are not known; or a note.
fn add_job(config: &mut ReadConfig, mut compile: Map<String, Value>) {
    // The model was read already, and its notes are known.
    let saved = serde_json::to_value(&config.model).unwrap_or_default();
    let read = |compile: &Map<String, Value>| {
        let file =
            run_json::read_value(json!({ "model": saved, "compile": compile })).map_err(|e| path_of(&e))?;
        file.run.compile.validate().map_err(|_| "compile".to_owned())?;
        Ok(file)
    };
    let result = read(&compile).or_else(|path: String| {
        let left_out = take_unknown_metrics(&mut compile);
        let result = if left_out.is_empty() { Err(path) } else { read(&compile) };
        // Of what is left out as a whole one note is enough.
        if result.is_ok() {
            config.notes.extend(left_out);
        }
        result
    });
    match result {
        Ok(file) => {
            config.notes.extend(file.notes);
            config.job = Some(RunSpec { model: config.model.clone(), ..file.run });
        }
        Err(path) => {
            let argument = path.split(['.', '[']).nth(1).unwrap_or("optimizer").to_owned();
            config.notes.push(KerasNote {
                path,
                owner: "compile".to_owned(),
                argument,
                what: Became::NotCompiled,
            });
        }
    }
}

/// Takes out the metrics that are not known, or have an argument that is not, and says so of each.
fn take_unknown_metrics(compile: &mut Map<String, Value>) -> Vec<KerasNote> {
    let mut notes = Vec::new();
    let model = json!({ "input_shape": [1], "layers": [] });
    for key in ["metrics", "weighted_metrics"] {
        let Some(Value::Array(metrics)) = compile.get_mut(key) else { continue };
        for (idx, metric) in std::mem::take(metrics).into_iter().enumerate() {
            let alone = run_json::read_value(json!({ "model": model, "compile": { key: [metric] } }));
            if alone.is_ok_and(|file| file.run.compile.validate().is_ok()) {
                metrics.push(metric);
                continue;
            }
            let class = metric.get("class_name").unwrap_or(&metric).as_str().unwrap_or("metric");
            let (path, argument) = (format!("compile.{key}[{idx}]"), class.to_owned());
            let what = Became::NotBuilt { instead: None };
            notes.push(KerasNote { path, owner: key.to_owned(), argument, what });
        }
    }
    notes
}

/// Where an error stands.
fn path_of(error: &RunJsonError) -> String {
    match error {
        RunJsonError::UnknownKeys { keys } => keys.first().map_or("compile", |key| &key.path).to_owned(),
        RunJsonError::UnknownName { path, .. }
        | RunJsonError::Missing { path, .. }
        | RunJsonError::WrongType { path, .. }
        | RunJsonError::Refused { path, .. } => path.clone(),
        RunJsonError::TooLong { .. } | RunJsonError::Json { .. } | RunJsonError::OtherVersion { .. } => {
            "compile".to_owned()
        }
    }
}

/// One sample's extents.
fn input_shape(chain: &Chain) -> Result<Value, KerasFileError> {
    let shape = chain.batch_shape.as_ref().ok_or(KerasFileError::NoInputShape)?;
    let extents = shape.as_array().and_then(|shape| shape.get(1..)).unwrap_or_default();
    if extents.is_empty() {
        return Err(KerasFileError::NoInputShape);
    }
    if extents.iter().any(Value::is_null) {
        return Err(KerasFileError::OpenInputShape { got: shape.to_string() });
    }
    Ok(Value::Array(extents.to_vec()))
}

/// Arguments of older versions that repeat what is said elsewhere: of these layers, under these names.
const REPEATED: &[(&[&str], &[&str])] = &[
    (
        &["DepthwiseConv2D", "SeparableConv2D"],
        &["groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"],
    ),
    (&["DepthwiseConv2D"], &["filters"]),
];

/// Takes out of a layer's arguments what every layer has and means nothing here.
fn clean(
    layer: &mut ChainLayer,
    idx: usize,
    is_old: bool,
    notes: &mut Vec<KerasNote>,
) -> Result<(), KerasFileError> {
    let class = layer.class_name().to_owned();
    let Some(config) = layer.config() else { return Ok(()) };
    let name = config.remove("name");
    let name = name.as_ref().and_then(Value::as_str).unwrap_or(&class).to_owned();
    let numbers = config.remove("dtype");
    match numbers.as_ref().and_then(Value::as_str) {
        None | Some("float32") => {}
        Some(got) => return Err(KerasFileError::OtherNumbers { layer: name, got: got.to_owned() }),
    }
    // They are more weights, and other ones.
    let is_given =
        |key: &str| config.get(key).is_some_and(|it| !matches!(it, Value::Null | Value::Bool(false)));
    if let Some(argument) = ["renorm", "lora_rank"].into_iter().find(|key| is_given(key)) {
        return Err(KerasFileError::NotBuilt { layer: name, argument: argument.to_owned() });
    }
    for key in ["batch_input_shape", "input_shape", "input_dim", "batch_shape"] {
        config.remove(key);
    }
    let unused = [("autocast", Value::Bool(true)), ("trainable", Value::Bool(true))];
    config.retain(|key, value| !unused.iter().any(|(name, usual)| key == name && value == usual));
    config.remove("renorm_momentum");
    let repeated = REPEATED.iter().filter(|(classes, _)| classes.contains(&class.as_str()));
    repeated.flat_map(|(_, keys)| keys.iter()).for_each(|key| {
        config.remove(*key);
    });
    let single = config.get("axis").and_then(Value::as_array).filter(|axes| axes.len() == 1);
    if let Some(axis) = single.map(|axes| axes[0].clone()) {
        config.insert("axis".to_owned(), axis);
    }
    if is_old && config.get("activation").and_then(Value::as_str) == Some("hard_sigmoid") {
        let (argument, value) = ("activation".to_owned(), "hard_sigmoid".to_owned());
        return Err(KerasFileError::OtherInKeras2 { layer: name, argument, value });
    }
    if !is_automatic(&name, &class) {
        notes.push(KerasNote {
            path: format!("model.layers[{idx}].{class}.name"),
            owner: class,
            argument: "name".to_owned(),
            what: Became::WithoutEffect,
        });
    }
    Ok(())
}

/// Whether Keras itself would give the name: `conv2d`, `conv2d_12`.
fn is_automatic(name: &str, class: &str) -> bool {
    let Some(rest) = name.strip_prefix(&snake_case(class)) else { return name == class };
    rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
#[path = "config_read_tests.rs"]
mod tests;
