//! The layers of a saved model as one list: those of models within it in their place, and those of a
//! `Functional` model if its graph is a chain.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::KerasFileError;
use super::error::ChainProblem;
use crate::engine::spec::snake_case;
use crate::formats::json_tree::Budget;
use crate::formats::run_json::RunJsonError;

/// What each layer takes besides its names: in the chain, and once more when its parts are separated.
const LAYER: usize = 2 * size_of::<ChainLayer>();
/// What of that is given back when its layer is read: all but its place and its top.
pub const GIVEN_BACK: usize = LAYER - size_of::<Vec<String>>() - size_of::<(usize, String)>();
/// Of an input's shape, its batch among them.
const MAX_EXTENTS: usize = 64;

/// A layer of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainLayer {
    /// `{"class_name", "config"}`.
    pub object: Value,
    /// Where its weights lie in a `.weights.h5` file: groups from the root on.
    pub place: Vec<String>,
    /// The model's own layer that it is, or is in: position and name.
    pub top: (usize, String),
}

impl ChainLayer {
    /// Keras's name of the class.
    pub fn class_name(&self) -> &str {
        self.object.get("class_name").and_then(Value::as_str).unwrap_or_default()
    }

    /// The arguments.
    pub fn config(&mut self) -> Option<&mut Map<String, Value>> {
        self.object.get_mut("config").and_then(Value::as_object_mut)
    }
}

/// A model as a list of layers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chain {
    /// What the user calls it.
    pub name: String,
    /// One sample with the batch's extent before it, as the file has it.
    pub batch_shape: Option<Value>,
    /// First to last, without input layers.
    pub layers: Vec<ChainLayer>,
}

/// The list of a model, saved as `{"class_name", "config"}` without wrappings. `budget` is what may be made of it.
///
/// # Errors
/// If it is another model, its graph is no chain, or it takes more memory than there is.
pub fn read(mut model: Value, budget: &mut Budget) -> Result<Chain, KerasFileError> {
    let mut chain = Chain::default();
    let name = model.get("config").and_then(|config| config.get("name")).and_then(Value::as_str);
    name.unwrap_or_default().clone_into(&mut chain.name);
    let built = ["/config/build_input_shape", "/build_config/input_shape"];
    let built = built.iter().find(|at| model.pointer(at).is_some());
    let built = built.and_then(|at| model.pointer_mut(at)).map(Value::take).filter(Value::is_array);
    let frame = Frame { place: Vec::new(), top: None, is_frozen: false };
    collect(model, &frame, &mut chain, budget)?;
    chain.batch_shape = chain.batch_shape.or(built);
    Ok(chain)
}

/// What a model's layers have from the model that they are in.
struct Frame {
    place: Vec<String>,
    top: Option<(usize, String)>,
    is_frozen: bool,
}

/// The model classes whose layers are known.
pub fn is_model(class_name: &str) -> bool {
    matches!(class_name, "Sequential" | "Functional" | "Model")
}

fn class_of(object: &Value) -> &str {
    object.get("class_name").and_then(Value::as_str).unwrap_or_default()
}

/// A layer's name, or its class where it has none.
fn name_of(object: &Value) -> &str {
    let own = object.get("name").or_else(|| object.pointer("/config/name"));
    own.and_then(Value::as_str).unwrap_or_else(|| class_of(object))
}

fn collect(
    mut model: Value,
    frame: &Frame,
    chain: &mut Chain,
    budget: &mut Budget,
) -> Result<(), KerasFileError> {
    let class_name = class_of(&model).to_owned();
    let other = || KerasFileError::OtherModel { class_name: class_name.clone() };
    if !is_model(&class_name) {
        return Err(other());
    }
    let mut config = model.get_mut("config").map(Value::take).ok_or_else(other)?;
    let is_graph = config.get("output_layers").is_some();
    // Keras 1 saved the list alone.
    let layers = config.get("layers").unwrap_or(&config).as_array().ok_or_else(other)?;
    if !is_graph && class_name != "Sequential" {
        return Err(other());
    }
    // Of a model within the model they come into a list that is there already, and grows to twice its length.
    let each = if frame.top.is_some() { 2 * LAYER } else { LAYER };
    budget.take(layers.len().saturating_mul(each)).map_err(RunJsonError::from)?;
    if is_graph {
        let names: Vec<&str> = layers.iter().map(name_of).collect();
        check_order(layers, &names, &config)?;
    }
    let is_frozen = frame.is_frozen || (is_graph && config.get("trainable") == Some(&Value::Bool(false)));
    let layers = config.get_mut("layers").map(Value::take).unwrap_or(config);
    let Value::Array(layers) = layers else { return Err(other()) };
    let mut counts: HashMap<String, usize> = HashMap::new();
    if frame.top.is_none() {
        chain.layers.reserve_exact(layers.len());
    }
    for mut layer in layers {
        if class_of(&layer) == "InputLayer" {
            take_shape(&layer, chain);
            continue;
        }
        let base = snake_case(class_of(&layer));
        let count = counts.entry(base.clone()).or_default();
        let group = if *count == 0 { base } else { format!("{base}_{count}") };
        *count += 1;
        let mut place = Vec::with_capacity(frame.place.len() + 2);
        place.extend(frame.place.iter().cloned().chain(["layers".to_owned(), group]));
        let top = frame
            .top
            .clone()
            .unwrap_or_else(|| (counts.values().sum::<usize>() - 1, name_of(&layer).to_owned()));
        let names = place.iter().map(|group| size_of::<String>() + group.len()).sum::<usize>() + top.1.len();
        budget.take(names).map_err(RunJsonError::from)?;
        if is_model(class_of(&layer)) {
            let is_frozen = is_frozen || layer.pointer("/config/trainable") == Some(&Value::Bool(false));
            collect(layer, &Frame { place, top: Some(top), is_frozen }, chain, budget)?;
            continue;
        }
        take_shape(&layer, chain);
        if let Some(object) = layer.as_object_mut() {
            object.retain(|key, _| key == "class_name" || key == "config");
        }
        let mut own = ChainLayer { object: layer, place, top };
        if is_frozen && let Some(config) = own.config() {
            config.insert("trainable".to_owned(), Value::Bool(false));
        }
        let behind = take_activation(&mut own);
        if behind.is_some() {
            // In a list that was made for the others, and grows to twice its length.
            budget.take(4 * LAYER + 2 * names).map_err(RunJsonError::from)?;
        }
        chain.layers.push(own);
        chain.layers.extend(behind);
    }
    Ok(())
}

/// The layer that another one has as its activation: `Dense(4, activation=LeakyReLU(0.1))` is two of them.
fn take_activation(layer: &mut ChainLayer) -> Option<ChainLayer> {
    let (mut place, top) = (layer.place.clone(), layer.top.clone());
    let config = layer.config()?;
    let activation =
        config.get_mut("activation").filter(|activation| activation.get("class_name").is_some())?;
    let mut object = std::mem::replace(activation, Value::from("linear"));
    if config.get("trainable") == Some(&Value::Bool(false)) && object["config"].is_object() {
        object["config"]["trainable"] = Value::Bool(false);
    }
    place.push("activation".to_owned());
    Some(ChainLayer { object, place, top })
}

/// The model's input shape is that of the first layer that has one.
fn take_shape(layer: &Value, chain: &mut Chain) {
    if chain.batch_shape.is_some() || !chain.layers.is_empty() {
        return;
    }
    let Some(config) = layer.get("config") else { return };
    // No shape has as many extents; lists of thousands are not copied.
    let is_shape = |shape: &&Value| shape.as_array().is_some_and(|extents| extents.len() <= MAX_EXTENTS);
    let batched = ["batch_shape", "batch_input_shape"].iter().find_map(|key| config.get(*key));
    let alone = ["input_shape", "shape"].iter().find_map(|key| config.get(*key)).filter(is_shape);
    let alone = alone.and_then(Value::as_array);
    let with_batch = |extents: &[Value]| {
        Value::Array(std::iter::once(Value::Null).chain(extents.iter().cloned()).collect())
    };
    chain.batch_shape = batched
        .filter(is_shape)
        .cloned()
        .or_else(|| alone.map(|extents| with_batch(extents)))
        .or_else(|| {
            config.get("input_dim").filter(|it| it.is_u64()).map(|dim| with_batch(std::slice::from_ref(dim)))
        });
}

/// Checks that each layer of a graph takes the output of the one before it, and nothing else.
fn check_order(layers: &[Value], names: &[&str], config: &Value) -> Result<(), KerasFileError> {
    let problem = |at: usize, problem: ChainProblem| {
        Err(KerasFileError::NotAChain { layer: names[at].to_owned(), problem })
    };
    let mut feeds = vec![0; layers.len()];
    for (at, layer) in layers.iter().enumerate() {
        let nodes = layer.get("inbound_nodes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if class_of(layer) == "InputLayer" {
            // A second input is found where its output goes.
            continue;
        }
        let [node] = nodes else { return problem(at, ChainProblem::Uses { got: nodes.len() }) };
        if let Some(always) = always(node, layer) {
            return problem(at, always);
        }
        let mut sources = Vec::new();
        sources_of(node, names, &mut sources);
        let [source] = sources[..] else { return problem(at, ChainProblem::Inputs { got: sources.len() }) };
        feeds[source] += 1;
        if feeds[source] > 1 {
            return problem(source, ChainProblem::Outputs { got: feeds[source] });
        }
        if source + 1 != at {
            return problem(at, ChainProblem::Unknown);
        }
    }
    // What is left over feeds nothing: only the last layer may, which is then the output.
    match feeds.iter().position(|count| *count == 0) {
        Some(at) if at + 1 < layers.len() => problem(at, ChainProblem::Outputs { got: 0 }),
        _ if num_outputs(config) != 1 => problem(layers.len().saturating_sub(1), ChainProblem::Unknown),
        _ => Ok(()),
    }
}

/// One tensor is `["dense", 0, 0]`, several are a list of such.
fn num_outputs(config: &Value) -> usize {
    match config.get("output_layers") {
        Some(Value::Array(items)) if items.first().is_some_and(Value::is_array) => items.len(),
        Some(Value::Array(items)) if items.first().is_some_and(Value::is_string) => 1,
        Some(Value::Object(items)) => items.len(),
        _ => 0,
    }
}

/// The layers whose outputs a call is given: `"keras_history": ["dense", 0, 0]`, or the list alone in files of
/// Keras 2.
fn sources_of(node: &Value, names: &[&str], found: &mut Vec<usize>) {
    match node {
        Value::Object(object) => {
            let history = object.get("config").and_then(|config| config.get("keras_history"));
            match history {
                Some(history) => sources_of(history, names, found),
                None => object.values().for_each(|value| sources_of(value, names, found)),
            }
        }
        Value::Array(items) => {
            let source = match &items[..] {
                [Value::String(name), Value::Number(_), Value::Number(_), ..] => {
                    names.iter().position(|own| own == name)
                }
                _ => None,
            };
            match source {
                Some(source) => found.push(source),
                None => items.iter().for_each(|value| sources_of(value, names, found)),
            }
        }
        _ => {}
    }
}

/// What a layer always does because its call says `training=…`.
///
/// Keras 2, whose nodes are lists, keeps to that. Keras 3, whose nodes are objects, tells every layer what the
/// model is used for, whatever its call said, and writes `"training": false` where nobody said anything. (Tried with 3.0.5, 3.3.3, 3.6.0, 3.9.2, 3.12.0 and 3.15.1.)
fn always(node: &Value, layer: &Value) -> Option<ChainProblem> {
    if !node.is_array() {
        return None;
    }
    if says_training(node, true) {
        return Some(ChainProblem::AlwaysTraining);
    }
    let is_other = says_training(node, false) && differs_in_training(layer);
    is_other.then_some(ChainProblem::AlwaysInference)
}

/// Whether a call says `training=…`, whatever the model is used for.
fn says_training(node: &Value, training: bool) -> bool {
    match node {
        Value::Object(object) => object.iter().any(|(key, value)| match value {
            Value::Bool(said) => key == "training" && *said == training,
            value => says_training(value, training),
        }),
        Value::Array(items) => items.iter().any(|value| says_training(value, training)),
        _ => false,
    }
}

/// Whether a layer does something else while its model is trained, or one of those in it does.
fn differs_in_training(layer: &Value) -> bool {
    let inner = layer.pointer("/config/layers").and_then(Value::as_array);
    match class_of(layer) {
        class if is_model(class) => inner.is_some_and(|layers| layers.iter().any(differs_in_training)),
        // One that is not trained takes its moving statistics always.
        "BatchNormalization" => layer.pointer("/config/trainable") != Some(&Value::Bool(false)),
        class => class.starts_with("Random") || class.contains("Dropout") || class.contains("Noise"),
    }
}
