//! A [`RunSpec`] in the address and back: every argument by its own name, so that a link pins the
//! whole run.
//!
//! What has a field of its own is written always; of the rest of optimizer, loss, metrics and fit only what
//! is not as always, as JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::field::Field;
use super::job::{default_job, preset, set_optimizer};
use super::model_text::{self, model_from_text, model_to_text};
use super::old_links::read_early_stopping;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, RunSpec};
use crate::ui::arguments::{Family, compact, expand, to_value};
use crate::ui::callbacks::{callbacks_from_text, callbacks_to_text};
use crate::ui::routes::Query;

const DATASET: &str = "dataset";
const CLASS_COUNTS: &str = "class_counts";
const PRESET: &str = "preset";
const MODEL: &str = "model";
const OPTIMIZER: &str = "optimizer";
const OPTIMIZER_REST: &str = "optimizer_arguments";
const NESTEROV: &str = "nesterov";
const LOSS: &str = "loss";
const METRICS: &str = "metrics";
const FIT: &str = "fit";
const CALLBACKS: &str = "callbacks";

/// Arguments of `fit` that are written elsewhere.
const FIT_ELSEWHERE: [&str; 3] = ["batch_size", "epochs", "callbacks"];
/// Metrics of a run, at most.
const MAX_METRICS: usize = 32;
/// Bytes of a value, at most.
const MAX_BYTES: usize = 4_000;

/// The job's place in the address.
pub fn to_query(job: &RunSpec) -> Query {
    let mut query = Query::default().with(DATASET, &job.data.dataset);
    if let Some(counts) = &job.data.class_counts {
        query = query.with(CLASS_COUNTS, &to_value(counts));
    }
    query = match preset(&job.model) {
        Some(preset) => query.with(PRESET, &preset.id()),
        None => query.with(MODEL, &model_to_text(&job.model)),
    };
    query = query.with(OPTIMIZER, &job.compile.optimizer.class_name());
    if let OptimizerSpec::Sgd(sgd) = &job.compile.optimizer {
        query = query.with(NESTEROV, &sgd.nesterov);
    }
    if let Some(rest) = optimizer_rest(&job.compile.optimizer) {
        query = query.with(OPTIMIZER_REST, &rest);
    }
    let usual = CompileSpec::default();
    if job.compile.loss != usual.loss {
        query = query.with(LOSS, &compact(Family::Loss, &to_value(&job.compile.loss)));
    }
    if job.compile.metrics != usual.metrics {
        let metrics = job.compile.metrics.iter().map(|metric| compact(Family::Metric, &to_value(metric)));
        query = query.with(METRICS, &Value::from(metrics.collect::<Vec<_>>()));
    }
    if let Some(rest) = fit_rest(&job.fit) {
        query = query.with(FIT, &rest);
    }
    if job.fit.callbacks != default_job().fit.callbacks {
        query = query.with(CALLBACKS, &callbacks_to_text(&job.fit.callbacks));
    }
    for field in Field::ALL {
        if let Some(value) = field.get(job) {
            query = query.with(field.name(), &value);
        }
    }
    query
}

/// Arguments of an optimizer that differ from their defaults and have no field of their own.
fn optimizer_rest(optimizer: &OptimizerSpec) -> Option<Value> {
    let Value::Object(mut only) = expand(compact(Family::Optimizer, &to_value(optimizer))) else {
        return None;
    };
    let Some(Value::Object(arguments)) = only.get_mut(optimizer.class_name()) else { return None };
    let has_field = |name: &str, value: &Value| match name {
        "learning_rate" => value.is_number(),
        "momentum" | "nesterov" => matches!(optimizer, OptimizerSpec::Sgd(_)),
        _ => false,
    };
    arguments.retain(|name, value| !has_field(name, value));
    (!arguments.is_empty()).then(|| Value::Object(std::mem::take(arguments)))
}

/// What differs from the defaults of `fit` and is not written elsewhere.
fn fit_rest(fit: &FitSpec) -> Option<Value> {
    let (Value::Object(mut fit), usual) = (to_value(fit), to_value(&FitSpec::default())) else { return None };
    fit.retain(|name, value| !FIT_ELSEWHERE.contains(&name.as_str()) && usual.get(name) != Some(value));
    (!fit.is_empty()).then_some(Value::Object(fit))
}

/// Which part of the job's address is longer than is read again, if one is: such a job must not be written there.
pub fn too_long(job: &RunSpec) -> Option<&'static str> {
    let query = to_query(job);
    let limits = [MODEL, OPTIMIZER_REST, LOSS, METRICS, FIT]
        .map(|name| (name, if name == MODEL { model_text::MAX_BYTES } else { MAX_BYTES }));
    let is_long = |(name, max): &(&'static str, usize)| {
        let is_many = *name == METRICS && job.compile.metrics.len() > MAX_METRICS;
        is_many || query.get(name).is_some_and(|text| text.len() > *max)
    };
    limits.into_iter().find(is_long).map(|(name, _)| name)
}

/// An object in an address.
fn object(text: &str) -> Option<Map<String, Value>> {
    let value = (text.len() <= MAX_BYTES).then(|| serde_json::from_str(text).ok())??;
    if let Value::Object(members) = value { Some(members) } else { None }
}

/// The optimizer with some of its arguments changed; nothing if it has no such arguments.
fn with_arguments(optimizer: &OptimizerSpec, text: &str) -> Option<OptimizerSpec> {
    let mut spec = to_value(optimizer);
    let arguments = spec.get_mut(optimizer.class_name())?.as_object_mut()?;
    for (name, value) in object(text)? {
        *arguments.get_mut(&name)? = value;
    }
    serde_json::from_value(spec).ok()
}

fn read_loss(text: &str, compile: &mut CompileSpec) -> Option<()> {
    let value = (text.len() <= MAX_BYTES).then(|| serde_json::from_str(text).ok())??;
    compile.loss = serde_json::from_value(expand(value)).ok()?;
    Some(())
}

fn read_metrics(text: &str, compile: &mut CompileSpec) -> Option<()> {
    let all: Vec<Value> = (text.len() <= MAX_BYTES).then(|| serde_json::from_str(text).ok())??;
    if all.len() > MAX_METRICS {
        return None;
    }
    compile.metrics = all.into_iter().map(serde_json::from_value).collect::<Result<_, _>>().ok()?;
    Some(())
}

fn read_fit(text: &str, fit: &mut FitSpec) -> Option<()> {
    let mut spec = to_value(fit);
    let arguments = spec.as_object_mut()?;
    for (name, value) in object(text)? {
        if FIT_ELSEWHERE.contains(&name.as_str()) {
            return None;
        }
        *arguments.get_mut(&name)? = value;
    }
    *fit = serde_json::from_value(spec).ok()?;
    Some(())
}

fn read_class_counts(text: &str, data: &mut DataSpec) -> Option<()> {
    let counts: BTreeMap<u32, usize> =
        (text.len() <= MAX_BYTES).then(|| serde_json::from_str(text).ok())??;
    let are_known = counts.keys().all(|class| (*class as usize) < data.dataset.classes().len());
    // Classes that are all left out are kept, so that the form can say what is wrong with them.
    are_known.then(|| data.class_counts = Some(counts))
}

/// The job in an address, and the names of those of its values that make no sense. What is missing
/// or makes no sense has its default; unknown names are ignored.
pub fn from_query(query: &Query) -> (RunSpec, Vec<&'static str>) {
    let mut job = default_job();
    let mut bad = Vec::new();
    let mut read = |name: &'static str, take: &mut dyn FnMut(&str) -> bool| {
        if query.get(name).is_some_and(|text| !take(text)) {
            bad.push(name);
        }
    };
    read(DATASET, &mut |text| text.parse().map(|dataset| job.data.dataset = dataset).is_ok());
    read(CLASS_COUNTS, &mut |text| read_class_counts(text, &mut job.data).is_some());
    read(PRESET, &mut |text| Preset::from_id(text).map(|preset| job.model = preset.spec()).is_some());
    read(MODEL, &mut |text| model_from_text(text).map(|model| job.model = model).is_some());
    read(OPTIMIZER, &mut |text| {
        set_optimizer(&mut job, text);
        job.compile.optimizer.class_name() == text
    });
    read(OPTIMIZER_REST, &mut |text| {
        let changed = with_arguments(&job.compile.optimizer, text);
        changed.map(|optimizer| job.compile.optimizer = optimizer).is_some()
    });
    read(LOSS, &mut |text| read_loss(text, &mut job.compile).is_some());
    read(METRICS, &mut |text| read_metrics(text, &mut job.compile).is_some());
    read(FIT, &mut |text| read_fit(text, &mut job.fit).is_some());
    read(NESTEROV, &mut |text| match (&mut job.compile.optimizer, text.parse()) {
        (OptimizerSpec::Sgd(sgd), Ok(on)) => {
            sgd.nesterov = on;
            true
        }
        (_, Ok(_)) => true,
        (_, Err(_)) => false,
    });
    read(CALLBACKS, &mut |text| {
        callbacks_from_text(text).map(|callbacks| job.fit.callbacks = callbacks).is_ok()
    });
    for field in Field::ALL {
        read(field.name(), &mut |text| match text.parse::<f64>() {
            // A number out of bounds is kept, so that its field can say what is wrong with it.
            Ok(value) if is_storable(field, value) => {
                field.set(&mut job, value);
                true
            }
            _ => false,
        });
    }
    if query.get(CALLBACKS).is_none() {
        bad.extend(read_early_stopping(query, &mut job.fit.callbacks));
    }
    (job, bad)
}

fn is_storable(field: Field, value: f64) -> bool {
    let is_whole = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    value.is_finite() && (field.bounds().decimals > 0 || is_whole)
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
