//! Keras's shorter and older ways of saying things, turned into the one form that specs are saved in.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::names::Family;
use super::notes::{Became, Fate, KerasNote, fate, fate_in};
use crate::engine::spec::RunSpec;
use crate::formats::json_tree::{Budget, TooMuch, entry_bytes};

/// What was left out, and the memory that more of it may take.
struct Notes<'b> {
    found: Vec<KerasNote>,
    budget: &'b mut Budget,
}

impl Notes<'_> {
    fn push(&mut self, note: KerasNote) -> Result<(), TooMuch> {
        self.budget.take(note.bytes())?;
        self.found.push(note);
        Ok(())
    }
}

/// Turns `run` into the saved form as far as it is understood; the rest is left for the reader to refuse.
///
/// # Errors
/// If that takes more memory than there is.
pub fn normalize(run: &mut Value, budget: &mut Budget) -> Result<Vec<KerasNote>, TooMuch> {
    let mut notes = Notes { found: Vec::new(), budget };
    drop_comments(run);
    if let Some(model) = run.get_mut("model") {
        normalize_model(model, &mut notes)?;
    }
    for section in ["compile", "fit"] {
        let known = arguments_of(section);
        if let Some(Value::Object(arguments)) = run.get_mut(section) {
            if let Some(callback @ (Value::Object(_) | Value::String(_))) = arguments.get_mut("callbacks") {
                *callback = Value::Array(vec![callback.take()]);
            }
            let fate = |argument: &str, value: &Value| fate_in(section, argument, value);
            leave_out(arguments, section, section, &known, fate, &mut notes)?;
        }
    }
    add_defaults(run);
    walk(run, None, &mut String::new(), &mut notes)?;
    Ok(notes.found)
}

/// Keras's defaults where the lessons begin with others.
fn add_defaults(run: &mut Value) {
    let Some(run) = run.as_object_mut() else { return };
    let defaults = [
        ("fit", "batch_size", Value::from(32)),
        ("fit", "epochs", Value::from(1)),
        ("compile", "optimizer", Value::from("RMSprop")),
        ("compile", "metrics", Value::Array(Vec::new())),
    ];
    for (section, argument, value) in defaults {
        let is_known = match argument {
            "optimizer" => Family::Optimizer.resolve("RMSprop").is_some(),
            _ => arguments_of(section).contains_key(argument),
        };
        if !is_known {
            continue;
        }
        let section = run.entry(section).or_insert_with(|| Value::Object(Map::new()));
        if let Some(arguments) = section.as_object_mut() {
            arguments.entry(argument).or_insert(value);
        }
    }
}

/// JSON has no comments; the key `//` holds them, as in npm's `package.json`.
fn drop_comments(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("//");
            members.values_mut().for_each(drop_comments);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_comments),
        _ => {}
    }
}

/// The arguments of a part of a run, as far as it has defaults.
fn arguments_of(section: &str) -> Map<String, Value> {
    let run = serde_json::to_value(RunSpec::new(crate::engine::presets::Preset::default().spec()));
    run.ok().and_then(|run| run.get(section)?.as_object().cloned()).unwrap_or_default()
}

/// A Sequential as Keras saves it, and the input's shape where Keras 2 had it.
fn normalize_model(model: &mut Value, notes: &mut Notes) -> Result<(), TooMuch> {
    if model.get("class_name").and_then(Value::as_str) == Some("Sequential")
        && let Some(config @ Value::Object(_)) = model.get_mut("config").map(Value::take)
    {
        *model = config;
        if let Some(model) = model.as_object_mut() {
            for key in ["trainable", "dtype", "build_input_shape"] {
                model.remove(key);
            }
        }
    }
    let Some(model) = model.as_object_mut() else { return Ok(()) };
    let mut moved = None;
    if let Some(Value::Array(layers)) = model.get_mut("layers") {
        if let Some(shape) = layers.first_mut().and_then(take_input_layer_shape) {
            layers.remove(0);
            moved = Some(shape);
        } else if let Some((owner, arguments)) = layers.first_mut().and_then(arguments_mut)
            && let Some((argument, shape)) = take_input_shape(arguments)
        {
            notes.push(KerasNote {
                path: format!("model.layers[0].{owner}.{argument}"),
                owner,
                argument: argument.to_owned(),
                what: Became::Moved { to: "model.input_shape".to_owned() },
            })?;
            moved = Some(shape);
        }
    }
    if let Some(shape) = moved {
        model.entry("input_shape").or_insert(shape);
    }
    Ok(())
}

/// The class and the arguments of a layer in either form.
fn arguments_mut(layer: &mut Value) -> Option<(String, &mut Map<String, Value>)> {
    let object = layer.as_object_mut()?;
    if let Some(name) = object.get("class_name").and_then(Value::as_str).map(str::to_owned) {
        return Some((name, object.get_mut("config")?.as_object_mut()?));
    }
    let (name, arguments) = object.iter_mut().next()?;
    Some((name.clone(), arguments.as_object_mut()?))
}

/// Takes the shape of one sample out if this is an `InputLayer` or an `Input`.
fn take_input_layer_shape(layer: &mut Value) -> Option<Value> {
    let (name, arguments) = arguments_mut(layer)?;
    if !matches!(name.as_str(), "InputLayer" | "Input") {
        return None;
    }
    let key = ["batch_shape", "batch_input_shape"].into_iter().find(|key| arguments.contains_key(*key));
    let batched = key.and_then(|key| arguments.get_mut(key)).filter(|shape| is_batched(shape));
    let batched = batched.map(Value::take);
    batched.and_then(without_batch).or_else(|| arguments.get_mut("shape").map(Value::take))
}

fn take_input_shape(arguments: &mut Map<String, Value>) -> Option<(&'static str, Value)> {
    if let Some(shape) = arguments.remove("input_shape") {
        return Some(("input_shape", shape));
    }
    if let Some(shape) = arguments.remove("batch_input_shape") {
        return Some(("batch_input_shape", without_batch(shape)?));
    }
    arguments.remove("input_dim").map(|size| ("input_dim", Value::Array(vec![size])))
}

fn is_batched(shape: &Value) -> bool {
    shape.as_array().is_some_and(|extents| !extents.is_empty())
}

/// `[null, 28, 28, 1]` without its first extent.
fn without_batch(mut shape: Value) -> Option<Value> {
    let extents = shape.as_array_mut().filter(|extents| !extents.is_empty())?;
    extents.remove(0);
    Some(shape)
}

/// Normalizes what stands at `path` and below. The path is as before when it comes back.
fn walk(
    value: &mut Value,
    family: Option<Family>,
    path: &mut String,
    notes: &mut Notes,
) -> Result<(), TooMuch> {
    unwrap_class_name(value);
    if let Some(family) = family {
        name_kind(value, family, path, notes)?;
    }
    let len = path.len();
    match value {
        Value::Object(members) => {
            for (key, child) in members {
                if len > 0 {
                    path.push('.');
                }
                path.push_str(key);
                if let (Value::String(text), "padding" | "data_format") = (&mut *child, key.as_str()) {
                    text.make_ascii_lowercase();
                }
                walk(child, Family::of_key(key), path, notes)?;
                path.truncate(len);
            }
        }
        Value::Array(elements) => {
            for (idx, element) in elements.iter_mut().enumerate() {
                let _ = write!(path, "[{idx}]");
                walk(element, family, path, notes)?;
                path.truncate(len);
            }
        }
        _ => {}
    }
    Ok(())
}

/// `{"class_name": "Dense", "config": {"units": 3}}` → `{"Dense": {"units": 3}}`
fn unwrap_class_name(value: &mut Value) {
    let Some(object) = value.as_object_mut() else { return };
    let Some(name) = object.get("class_name").and_then(Value::as_str).map(str::to_owned) else { return };
    let config = match object.remove("config") {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(config) => config,
    };
    *value = Value::Object(Map::from_iter([(name, config)]));
}

/// Gives a member of a family its saved name, and all its arguments a place.
fn name_kind(value: &mut Value, family: Family, path: &str, notes: &mut Notes) -> Result<(), TooMuch> {
    match value {
        // Keras logs a metric under the very name it is given.
        Value::String(_) if family == Family::Metric => {}
        Value::String(given) => {
            if let Some(name) = family.resolve(given) {
                *value = if let Some(Value::String(name)) = family.default_value(name) {
                    Value::String(name)
                } else {
                    // Of a few letters.
                    notes.budget.take(entry_bytes(1) + name.len())?;
                    Value::Object(one(name, Value::Object(Map::new())))
                };
            }
        }
        Value::Null if family == Family::Activation => *value = Value::String("linear".to_owned()),
        Value::Object(object) if object.len() == 1 => {
            let Some((given, mut arguments)) = std::mem::take(object).into_iter().next() else {
                return Ok(());
            };
            let Some(name) = family.resolve(&given) else {
                *object = Map::from_iter([(given, arguments)]);
                return Ok(());
            };
            if arguments.is_null() {
                arguments = Value::Object(Map::new());
            }
            let known = family.arguments(name);
            if let (Value::Object(arguments), Some(known)) = (&mut arguments, &known) {
                let fate = |argument: &str, value: &Value| fate(family, name, argument, value);
                leave_out(arguments, &format!("{path}.{name}"), name, known, fate, notes)?;
            }
            let is_bare = known.is_none()
                && arguments
                    .as_object()
                    .is_some_and(|arguments| arguments.is_empty() || seed_only(arguments));
            *value =
                if is_bare { Value::String(name.to_owned()) } else { Value::Object(one(name, arguments)) };
        }
        _ => {}
    }
    Ok(())
}

/// Keras's initializers without arguments still carry a seed, which the run has for all.
fn seed_only(arguments: &Map<String, Value>) -> bool {
    arguments.iter().all(|(key, value)| key == "seed" && value.is_null())
}

fn one(name: &str, arguments: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), arguments)])
}

/// Where Keras takes `None` for its default, and we have that default itself.
const NONE_IS_DEFAULT: [&str; 6] =
    ["data_format", "batch_size", "validation_split", "callbacks", "metrics", "weighted_metrics"];

/// Takes out arguments that are not `known` and whose fate is, and says so.
fn leave_out(
    arguments: &mut Map<String, Value>,
    path: &str,
    owner: &str,
    known: &Map<String, Value>,
    fate: impl Fn(&str, &Value) -> Option<Fate>,
    notes: &mut Notes,
) -> Result<(), TooMuch> {
    arguments.retain(|argument, value| !(value.is_null() && NONE_IS_DEFAULT.contains(&argument.as_str())));
    let is_left_out =
        |(key, value): &(&String, &Value)| !known.contains_key(*key) && fate(key, value).is_some();
    let left_out: Vec<String> = arguments.iter().filter(is_left_out).map(|(key, _)| key.clone()).collect();
    for argument in left_out {
        let Some(fate) = arguments.get(&argument).and_then(|value| fate(&argument, value)) else { continue };
        let value = arguments.remove(&argument);
        if let (Fate::Renamed(to), Some(value)) = (fate, value) {
            arguments.entry(to).or_insert(value);
        }
        if let Some(what) = fate.became() {
            let path = [path, ".", argument.as_str()].concat();
            notes.push(KerasNote { path, owner: owner.to_owned(), argument, what })?;
        }
    }
    Ok(())
}
