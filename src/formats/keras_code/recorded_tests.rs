//! Programs that real Keras ran: what it made of them is what is read here.
//!
//! `tests/golden/keras_code/record.py` runs them. After a change of the writer, write the programs anew with
//! `SVERTKA_WRITE_PROGRAMS=1 cargo test --lib keras_code::recorded`, then record.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};

use super::recorded_cases::programs;
use super::{KerasProgram, read_program, signatures};
use crate::engine::callbacks::{CallbackSpec, EpochScheduleSpec};
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::json_tree::Budget;
use crate::formats::run_json::{self, Family};
use crate::formats::summary_text;

/// What functions of the epoch were told at first.
const RATE: f64 = 0.125;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/keras_code").join(name)
}

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

pub(super) fn read_run(run: &Value) -> RunSpec {
    run_json::read_value(run.clone(), &mut Budget::new(usize::MAX))
        .unwrap_or_else(|error| panic!("{error}\n{run}"))
        .run
}

/// The run that Keras's own words say.
fn run_of(recorded: &Value) -> RunSpec {
    let mut run = json!({ "model": recorded["model"] });
    for section in ["compile", "fit"] {
        if let Some(arguments) = recorded.get(section) {
            run[section] = arguments.clone();
        }
    }
    let metrics = run.pointer_mut("/compile/metrics").and_then(Value::as_array_mut);
    for metric in metrics.into_iter().flatten().filter(|metric| *metric == "accuracy") {
        *metric = json!({ "Accuracy": {} });
    }
    // A function of the epoch is recorded by its values, which are compared apart.
    let callbacks = run.pointer_mut("/fit/callbacks").and_then(Value::as_array_mut);
    for callback in callbacks.into_iter().flatten() {
        if callback["class_name"] == "LearningRateScheduler" {
            callback["config"]["schedule"] = json!({ "Constant": { "learning_rate": 0.0 } });
        }
        if callback["config"]["verbose"].is_boolean() {
            callback["config"]["verbose"] = json!(u8::from(callback["config"]["verbose"] == true));
        }
    }
    if let Some(verbose) = run.pointer_mut("/fit/verbose").filter(|verbose| verbose.is_boolean()) {
        *verbose = json!(u8::from(*verbose == true));
    }
    read_run(&run)
}

/// Takes names that Keras gives out of themselves, so that what was said can be compared.
fn without_names(run: &RunSpec) -> Value {
    fn change(value: &mut Value) {
        match value {
            Value::Object(members) => {
                // A seed that Keras draws for itself, and a name it makes up.
                members.remove("seed");
                members.remove("reset_below_baseline");
                // Keras saves what strides that were not given come to.
                if let (Some(pool_size), Some(Value::Null)) =
                    (members.get("pool_size").cloned(), members.get("strides"))
                {
                    members.insert("strides".to_owned(), pool_size);
                }
                members.values_mut().for_each(change);
            }
            Value::Array(items) => items.iter_mut().for_each(change),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(&serde_json::to_string(run).unwrap()).unwrap();
    value["model"]["name"] = Value::Null;
    for section in ["metrics", "weighted_metrics"] {
        for metric in value["compile"][section].as_array_mut().into_iter().flatten() {
            for (class, arguments) in metric.as_object_mut().into_iter().flatten() {
                let own = Family::Metric.arguments(class).unwrap_or_default();
                let name = arguments["name"].as_str().unwrap_or_default().to_owned();
                if own.contains_key("name") && Family::Metric.resolve(&name) == Some(class) {
                    arguments["name"] = Value::Null;
                }
            }
        }
    }
    value["data"] = Value::Null;
    change(&mut value);
    value
}

/// Keras's rates for each function of the epoch, and what is read.
fn check_rates(name: &str, program: &KerasProgram, recorded: &Value) {
    let callbacks = program.fit.iter().flat_map(|fit| &fit.callbacks);
    let schedules: Vec<&EpochScheduleSpec> = callbacks
        .filter_map(|callback| match callback {
            CallbackSpec::LearningRateScheduler(spec) => Some(&spec.schedule),
            _ => None,
        })
        .collect();
    let recorded = recorded.pointer("/fit/callbacks").and_then(Value::as_array);
    let recorded: Vec<&Value> =
        recorded.into_iter().flatten().filter(|one| one["class_name"] == "LearningRateScheduler").collect();
    assert_eq!(schedules.len(), recorded.len(), "{name}");
    for (schedule, recorded) in schedules.iter().zip(recorded) {
        let mut rate = RATE;
        for (epoch, expected) in recorded["config"]["schedule"].as_array().unwrap().iter().enumerate() {
            rate = schedule.at(epoch, rate);
            let expected = expected.as_f64().unwrap();
            assert!(
                (rate - expected).abs() <= 1e-6 * expected.abs(),
                "{name}: epoch {epoch}: {rate} {expected}"
            );
        }
    }
}

fn check(name: &str, text: &str, recorded: &Value) {
    let mut program = read_program(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    check_rates(name, &program, recorded);
    let mut expected = run_of(recorded);
    for callbacks in
        [&mut expected.fit.callbacks].into_iter().chain(program.fit.iter_mut().map(|fit| &mut fit.callbacks))
    {
        for callback in callbacks {
            if let CallbackSpec::LearningRateScheduler(spec) = callback {
                spec.schedule = EpochScheduleSpec::Constant { learning_rate: 0.0 };
            }
        }
    }
    let shapes = program.model.shapes().unwrap();
    let shapes: Vec<Vec<usize>> = shapes[1..].iter().map(|shape| shape.0.clone()).collect();
    assert_eq!(json!(shapes), recorded["shapes"], "{name}");
    assert_eq!(json!(program.model.num_params().unwrap()), recorded["params"], "{name}");
    assert_eq!(program.compile.is_some(), recorded.get("compile").is_some(), "{name}");
    assert_eq!(program.fit.is_some(), recorded.get("fit").is_some(), "{name}");
    let got = without_names(&program.applied_to(&expected));
    let expected = without_names(&expected);
    for section in ["model", "compile", "fit"] {
        for (key, value) in expected[section].as_object().unwrap() {
            assert_eq!(got[section][key], *value, "{name}: {section}.{key}");
        }
    }
}

/// Keras's table; a model's automatic name is numbered by what was made before it.
fn check_summary(name: &str, model: &ModelSpec, recorded: &Value) {
    let expected = recorded["summary"].as_str().unwrap();
    let got = summary_text(model).unwrap();
    assert_eq!(got.trim_end(), expected.trim_end(), "{name}");
}

#[test]
fn recorded_programs_are_those_that_are_written_and_keras_makes_the_same_of_them() {
    let folder = folder("programs");
    for (name, text, model) in programs() {
        let file = folder.join(format!("{name}.py"));
        if env::var_os("SVERTKA_WRITE_PROGRAMS").is_some() {
            fs::write(&file, &text).unwrap();
            continue;
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "{name}.py is another program");
        let recorded = read_json(&file.with_extension("json"));
        check(name, &text, &recorded);
        check_summary(name, &model, &recorded);
    }
}

#[test]
fn every_kind_is_in_a_recorded_program() {
    let all: String = programs().into_iter().map(|(_, text, _)| text).collect();
    for family in [Family::Layer, Family::Optimizer, Family::Schedule, Family::Callback] {
        // What `fit` prints is not written by a callback of the list.
        for name in family.names().iter().filter(|name| **name != "ProgbarLogger") {
            let called = format!("{name}(");
            let short = format!("\"{}\"", name.to_ascii_lowercase());
            assert!(all.contains(&called) || all.contains(&short), "{family:?} {name}");
        }
    }
}

#[test]
fn snippets_are_read_as_keras_reads_them() {
    let mut count = 0;
    for entry in fs::read_dir(folder("snippets")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "py") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            check(name, &fs::read_to_string(&path).unwrap(), &read_json(&path.with_extension("json")));
            count += 1;
        }
    }
    assert!(count >= 8, "{count} snippets");
}

/// An argument that is left out has Keras's default here too.
#[test]
fn defaults_are_those_of_keras() {
    let mut count = 0;
    for family in Family::OF_CLASSES {
        for name in family.names() {
            let Some(parameters) = signatures::of_kind(family, name) else { continue };
            let own = family.arguments(name).unwrap_or_default();
            for parameter in parameters {
                let (Some(default), Some(own)) = (parameter.default, own.get(parameter.name)) else {
                    continue;
                };
                if parameter.name == "name" {
                    continue;
                }
                let text = format!("{family:?} {name}.{}: {own} is not {default}", parameter.name);
                let default: Value = match default {
                    "None" => Value::Null,
                    "True" => json!(true),
                    "False" => json!(false),
                    quoted if quoted.starts_with('\'') => json!(quoted.trim_matches('\'')),
                    tuple if tuple.starts_with('(') => {
                        serde_json::from_str(&tuple.replace('(', "[").replace(')', "]")).unwrap()
                    }
                    number => serde_json::from_str(number).unwrap(),
                };
                let is_same = match (own, &default) {
                    (Value::Number(own), Value::Number(default)) => own.as_f64() == default.as_f64(),
                    // Where Keras asks its settings, or has no activation, or nothing to list.
                    (Value::String(own), Value::Null) => own == "channels_last" || own == "linear",
                    (Value::Array(own), Value::Null) => own.is_empty(),
                    (Value::Array(own), Value::Number(_)) => own == std::slice::from_ref(&default),
                    (Value::Array(own), Value::Array(_)) if parameter.name == "padding" => {
                        *own == [json!([1, 1]), json!([1, 1])]
                    }
                    (Value::Object(kind), Value::String(default)) => {
                        Family::Initializer.resolve(default) == kind.keys().next().map(String::as_str)
                    }
                    (own, default) => own == default,
                };
                assert!(is_same, "{text}");
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count} defaults");
}
