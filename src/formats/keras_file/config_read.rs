//! What Keras saves of a model and its training, read by way of [`run_json`], which knows the classes, their
//! arguments, and older names of either.

use serde_json::{Map, Value, json};

use super::chain::{self, Chain, ChainLayer};
use super::weights::Places;
use super::{KerasFileError, compile_read, plain};
use crate::engine::layers::LayerSpec;
use crate::engine::spec::{CompileSpec, ModelSpec, RunSpec, snake_case};
use crate::formats::FormatError;
use crate::formats::json_tree::{Budget, tree_and_copies_bytes, value_bytes};
use crate::formats::run_json::{self, Became, KerasNote, RunFile, RunJsonError};
use crate::tensor::Shape;

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

/// Parses one of the texts in a file, as long as there is memory for it and its tree of values: it is taken from the
/// `budget`.
///
/// # Errors
/// If it is no JSON, or too much.
pub fn parse(name: &str, text: &[u8], budget: &mut Budget) -> Result<Value, KerasFileError> {
    budget.take(tree_and_copies_bytes(text)).map_err(RunJsonError::from)?;
    serde_json::from_slice(text).map_err(|error| KerasFileError::Json {
        name: name.to_owned(),
        line: error.line(),
        column: error.column(),
        detail: error.to_string(),
    })
}

/// Reads a model `{"class_name", "config"}` and what its `compile` was given. `is_old` says that Keras 2 wrote
/// them, `budget` what may be made of them; they are given back to it.
///
/// # Errors
/// The first thing in the model that is not known here. Of training that is no error: a note says what was not
/// understood. A metric is left out alone; without its loss or optimizer the model has no job.
pub fn read(
    model: Value,
    compile: Option<Value>,
    is_old: bool,
    budget: &mut Budget,
) -> Result<ReadConfig, FormatError> {
    let tree = value_bytes(&model);
    let mut config = read_network(model, is_old, budget)?;
    // Of the chain its places and names are left.
    budget.give_back(tree + config.tops.len() * chain::GIVEN_BACK);
    config.model.validate()?;
    if let Some(compile) = compile {
        let tree = value_bytes(&compile);
        add_job(&mut config, compile, budget)?;
        budget.give_back(tree);
    }
    Ok(config)
}

/// The layers of a `Sequential` that says nothing else, whether they can follow each other or not.
///
/// # Errors
/// As of a whole model.
pub fn read_layers(words: Value, budget: &mut Budget) -> Result<Vec<LayerSpec>, FormatError> {
    read_network(words, false, budget).map(|config| config.model.layers)
}

/// What `compile` was given, if it is understood.
///
/// # Errors
/// If it takes more memory than there is.
pub fn read_compile(words: Value, budget: &mut Budget) -> Result<Option<CompileSpec>, FormatError> {
    let model = ModelSpec { name: String::new(), input_shape: Shape::from([1]), layers: Vec::new() };
    let mut config =
        ReadConfig { model, job: None, notes: Vec::new(), places: Places::new(), tops: Vec::new() };
    add_job(&mut config, words, budget)?;
    Ok(config.job.map(|job| job.compile))
}

/// A model that was not checked yet, without its job.
fn read_network(mut model: Value, is_old: bool, budget: &mut Budget) -> Result<ReadConfig, FormatError> {
    plain::unwrap(&mut model);
    let mut chain = chain::read(model, budget)?;
    let mut notes = Vec::new();
    for (idx, layer) in chain.layers.iter_mut().enumerate() {
        if let Some(note) = clean(layer, idx, is_old)? {
            take(budget, note.bytes())?;
            notes.push(note);
        }
    }
    let shape = input_shape(&mut chain)?;
    let count = chain.layers.len();
    let (mut layers, mut places, mut tops) =
        (Vec::with_capacity(count), Places::with_capacity(count), Vec::with_capacity(count));
    for layer in chain.layers {
        layers.push(layer.object);
        places.push(layer.place);
        tops.push(layer.top);
    }
    let members =
        [("name", Value::String(chain.name)), ("input_shape", shape), ("layers", Value::Array(layers))];
    let run = object([("model", object(members))]);
    let alone = run_json::read_value(run, budget).map_err(KerasFileError::from)?;
    notes.extend(alone.notes);
    Ok(ReadConfig { model: alone.run.model, job: None, notes, places, tops })
}

/// Takes memory from a budget.
///
/// # Errors
/// If there is less.
pub fn take(budget: &mut Budget, bytes: usize) -> Result<(), FormatError> {
    budget.take(bytes).map_err(|error| KerasFileError::from(RunJsonError::from(error)).into())
}

/// Whether an error says that something takes too much memory.
pub fn is_too_long(error: &FormatError) -> bool {
    matches!(error, FormatError::KerasFile(KerasFileError::Config(RunJsonError::TooLong { .. })))
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// What is read is checked as that of any model: this one was read already, and its notes are known.
fn any_model() -> Value {
    json!({ "input_shape": [1], "layers": [] })
}

/// The job of a model, from what `compile` was given, without the metrics that are not known; or a note.
fn add_job(config: &mut ReadConfig, mut compile: Value, budget: &mut Budget) -> Result<(), FormatError> {
    plain::unwrap(&mut compile);
    let Some(mut compile) = compile_read::arguments(compile) else { return Ok(()) };
    // For there may be another attempt; and the job has the model once more.
    let model = config.model.layers.len().saturating_mul(size_of::<LayerSpec>());
    let copy = compile.values().map(value_bytes).sum::<usize>();
    take(budget, 2 * copy + model)?;
    let mut read = |compile: &Map<String, Value>| -> Result<RunFile, String> {
        let run = object([("model", any_model()), ("compile", Value::Object(compile.clone()))]);
        let file = run_json::read_value(run, budget).map_err(|error| path_of(&error))?;
        file.run.compile.validate().map_err(|_| "compile".to_owned())?;
        Ok(file)
    };
    let mut left_out = Vec::new();
    let mut result = read(&compile);
    if result.is_err() {
        left_out = take_unknown_metrics(&mut compile);
        if !left_out.is_empty() {
            result = read(&compile);
        }
    }
    take(budget, left_out.iter().map(KerasNote::bytes).sum())?;
    match result {
        Ok(file) => {
            // Of what is left out as a whole one note is enough.
            config.notes.extend(left_out);
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
    Ok(())
}

/// Takes out the metrics that are not known, or have an argument that is not, and says so of each.
fn take_unknown_metrics(compile: &mut Map<String, Value>) -> Vec<KerasNote> {
    let mut notes = Vec::new();
    for key in ["metrics", "weighted_metrics"] {
        let Some(Value::Array(metrics)) = compile.get_mut(key) else { continue };
        for (idx, metric) in std::mem::take(metrics).into_iter().enumerate() {
            let compile = object([(key, Value::Array(vec![metric.clone()]))]);
            let run = object([("model", any_model()), ("compile", compile)]);
            // The copy has its place in the budget already.
            let alone = run_json::read_value(run, &mut Budget::new(usize::MAX));
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

/// One sample's extents, taken out of the chain.
fn input_shape(chain: &mut Chain) -> Result<Value, KerasFileError> {
    let mut shape = chain.batch_shape.take().ok_or(KerasFileError::NoInputShape)?;
    let Some(extents) = shape.as_array_mut().filter(|extents| extents.len() > 1) else {
        return Err(KerasFileError::NoInputShape);
    };
    if extents[1..].iter().any(Value::is_null) {
        return Err(KerasFileError::OpenInputShape { got: shape.to_string() });
    }
    extents.remove(0);
    Ok(shape)
}

/// Arguments of older versions that repeat what is said elsewhere: of these layers, under these names.
const REPEATED: &[(&[&str], &[&str])] = &[
    (
        &["DepthwiseConv2D", "SeparableConv2D"],
        &["groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"],
    ),
    (&["DepthwiseConv2D"], &["filters"]),
];

/// Takes out of a layer's arguments what every layer has and means nothing here, and says so of a name.
fn clean(layer: &mut ChainLayer, idx: usize, is_old: bool) -> Result<Option<KerasNote>, KerasFileError> {
    let class = layer.class_name().to_owned();
    let Some(config) = layer.config() else { return Ok(None) };
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
    let single = config.get_mut("axis").and_then(Value::as_array_mut).filter(|axes| axes.len() == 1);
    if let Some(axis) = single.and_then(Vec::pop) {
        config.insert("axis".to_owned(), axis);
    }
    if is_old && config.get("activation").and_then(Value::as_str) == Some("hard_sigmoid") {
        let (argument, value) = ("activation".to_owned(), "hard_sigmoid".to_owned());
        return Err(KerasFileError::OtherInKeras2 { layer: name, argument, value });
    }
    Ok((!is_automatic(&name, &class)).then(|| KerasNote {
        path: format!("model.layers[{idx}].{class}.name"),
        owner: class,
        argument: "name".to_owned(),
        what: Became::WithoutEffect,
    }))
}

/// Whether Keras itself would give the name: `conv2d`, `conv2d_12`.
fn is_automatic(name: &str, class: &str) -> bool {
    let Some(rest) = name.strip_prefix(&snake_case(class)) else { return name == class };
    rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
#[path = "config_read_tests.rs"]
mod tests;
