//! Keys that nothing here has: where they stand, and what was probably meant.

use std::fmt::Write;

use serde_ignored::Path;
use serde_json::Value;

use super::{UnknownKey, names};
use crate::engine::callbacks::CallbackSpec;
use crate::engine::layers::LayerSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::spec::RunSpec;

/// One step of a path.
pub enum Step {
    Key(String),
    Index(usize),
    /// Into the arguments of a kind.
    Kind,
}

/// The steps from the run to a key.
pub fn steps(path: &Path) -> Vec<Step> {
    let (parent, step) = match path {
        Path::Root => return Vec::new(),
        Path::Seq { parent, index } => (parent, Some(Step::Index(*index))),
        Path::Map { parent, key } => (parent, Some(Step::Key(key.clone()))),
        Path::NewtypeVariant { parent } => (parent, Some(Step::Kind)),
        Path::Some { parent } | Path::NewtypeStruct { parent } => (parent, None),
    };
    let mut steps = steps(parent);
    steps.extend(step);
    steps
}

/// What an unknown key takes: its steps, and later its path in words. Both grow by doubling.
pub fn path_bytes(path: &Path) -> usize {
    const NUMBER: usize = 24;
    let entry = 3 * (size_of::<Vec<Step>>() + size_of::<UnknownKey>());
    let (mut total, mut path) = (entry + 4 * size_of::<Step>(), path);
    loop {
        let (parent, text) = match path {
            Path::Root => return total,
            Path::Seq { parent, .. } | Path::NewtypeVariant { parent } => (parent, NUMBER),
            Path::Map { parent, key } => (parent, key.len()),
            Path::Some { parent } | Path::NewtypeStruct { parent } => (parent, 0),
        };
        total += 2 * size_of::<Step>() + 4 * text;
        path = parent;
    }
}

/// The keys that there are, as the spec itself saves them. Of long lists only the member in question is saved.
pub struct Known {
    layers: Vec<LayerSpec>,
    metrics: Vec<MetricSpec>,
    weighted_metrics: Vec<MetricSpec>,
    callbacks: Vec<CallbackSpec>,
    /// All else.
    rest: Value,
}

impl Known {
    /// Of a run that was read.
    pub fn of(mut run: RunSpec) -> Self {
        let layers = std::mem::take(&mut run.model.layers);
        let metrics = std::mem::take(&mut run.compile.metrics);
        let weighted_metrics = std::mem::take(&mut run.compile.weighted_metrics);
        let callbacks = std::mem::take(&mut run.fit.callbacks);
        let rest = serde_json::to_value(&run).unwrap_or_default();
        Self { layers, metrics, weighted_metrics, callbacks, rest }
    }

    /// The member of a list that a path leads through.
    fn member(&self, path: &[Step]) -> Option<Value> {
        let [Step::Key(section), Step::Key(list), Step::Index(idx), ..] = path else { return None };
        match (section.as_str(), list.as_str()) {
            ("model", "layers") => serde_json::to_value(self.layers.get(*idx)?),
            ("compile", "metrics") => serde_json::to_value(self.metrics.get(*idx)?),
            ("compile", "weighted_metrics") => serde_json::to_value(self.weighted_metrics.get(*idx)?),
            ("fit", "callbacks") => serde_json::to_value(self.callbacks.get(*idx)?),
            _ => return None,
        }
        .ok()
    }

    /// Words for an unknown key: its path as `given` has it, and the most similar of the keys that there are.
    pub fn explain(&self, path: &[Step], given: &Value) -> UnknownKey {
        let member = self.member(path);
        self.explain_with(path, given, member.as_ref())
    }

    fn explain_with<'v>(&'v self, path: &[Step], given: &'v Value, member: Option<&'v Value>) -> UnknownKey {
        // The steps to it.
        let skipped = if member.is_some() { 3 } else { 0 };
        let mut saved = Some(member.unwrap_or(&self.rest));
        let (mut text, mut given) = (String::new(), Some(given));
        let mut suggestion = None;
        for (number, step) in path.iter().enumerate() {
            match step {
                Step::Index(idx) => {
                    let _ = write!(text, "[{idx}]");
                }
                Step::Key(key) => {
                    push_key(&mut text, key);
                    let known = saved.and_then(Value::as_object);
                    suggestion = known
                        .and_then(|known| names::similar(key, known.keys().map(String::as_str)))
                        .map(str::to_owned);
                }
                Step::Kind => {}
            }
            let kind = given.and_then(Value::as_object).and_then(|o| o.iter().next()).map(|(name, _)| name);
            let into = |value: &'v Value| match step {
                Step::Index(idx) => value.get(idx),
                Step::Key(key) => value.get(key),
                Step::Kind => value.get(kind?),
            };
            if let (Step::Kind, Some(name)) = (step, kind) {
                push_key(&mut text, name);
            }
            given = given.and_then(into);
            if number >= skipped {
                saved = saved.and_then(into);
            }
        }
        UnknownKey { path: text, suggestion }
    }
}

fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}
