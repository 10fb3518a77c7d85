//! Two or more runs' settings side by side: only what differs. Works on the specs' JSON, so that a new
//! argument appears by itself, under Keras's name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::engine::spec::RunSpec;

/// One argument that is not the same in all runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffRow {
    /// `fit.batch_size`, `compile.optimizer.learning_rate`, `model.layers[1].filters`.
    pub path: String,
    /// Its value in each run as Python writes it; `None` where the run has no such argument.
    pub values: Vec<Option<String>>,
}

/// Whether runs can be compared by their results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fairness {
    /// The same images are trained on and validate, in the order of the same seed.
    SameSplit,
    /// The same images, but another seed: weights and order begin differently.
    OtherSeed,
    /// Other images.
    OtherData,
}

/// What differs between runs, in the order of the spec. Their `version` and the model's name, which mean
/// nothing, do not count.
pub fn diff(jobs: &[&RunSpec]) -> Vec<DiffRow> {
    let trees: Vec<Value> = jobs.iter().map(|job| tree(job)).collect();
    let mut rows = Vec::new();
    walk("", &trees.iter().map(Some).collect::<Vec<_>>(), &mut rows);
    rows.retain(|row| row.path != "version" && row.path != "model.name");
    let rank = |row: &DiffRow| {
        let part = row.path.split(['.', '[']).next().unwrap_or_default();
        ["data", "seed", "model", "compile", "fit"].iter().position(|known| *known == part)
    };
    rows.sort_by_key(rank);
    rows
}

/// Whether the results of these runs can be compared.
pub fn fairness(jobs: &[&RunSpec]) -> Fairness {
    let Some((first, others)) = jobs.split_first() else { return Fairness::SameSplit };
    let split = |job: &RunSpec| {
        let data = &job.data;
        let first_of_validation = data.validation_samples < data.samples;
        let num_train = first_of_validation.then(|| data.num_train(&job.fit));
        (data.dataset, data.samples, num_train, data.class_counts.clone())
    };
    if others.iter().any(|job| split(job) != split(first)) {
        Fairness::OtherData
    } else if others.iter().any(|job| job.seed != first.seed) {
        Fairness::OtherSeed
    } else {
        Fairness::SameSplit
    }
}

/// Through the text: a float32 as a number of JSON would be 0.0010000000474974513.
fn tree(job: &RunSpec) -> Value {
    let text = serde_json::to_string(job).expect("specs hold nothing that JSON cannot say");
    serde_json::from_str(&text).expect("this is what was just written")
}

fn walk(path: &str, values: &[Option<&Value>], rows: &mut Vec<DiffRow>) {
    let Some((first, others)) = values.split_first() else { return };
    if others.iter().all(|value| value == first) {
        return;
    }
    let classes: Vec<Option<&str>> = values.iter().map(|value| class(*value).map(|(name, _)| name)).collect();
    if classes.iter().any(Option::is_some) {
        // Arguments of two classes have nothing in common but their names.
        if classes.iter().any(|class| *class != classes[0]) {
            return rows.push(row(path, values));
        }
        let arguments: Vec<_> = values.iter().map(|value| class(*value).map(|(_, value)| value)).collect();
        return walk(path, &arguments, rows);
    }
    if values.iter().all(|value| value.is_some_and(Value::is_object)) {
        let keys: BTreeSet<&String> = values
            .iter()
            .filter_map(|value| value.and_then(Value::as_object))
            .flat_map(|map| map.keys())
            .collect();
        for key in keys {
            let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            walk(
                &below,
                &values.iter().map(|value| value.and_then(|it| it.get(key))).collect::<Vec<_>>(),
                rows,
            );
        }
    } else if values.iter().all(|value| value.is_some_and(is_list_of_objects)) {
        let len = values.iter().filter_map(|value| value.and_then(Value::as_array)).map(Vec::len).max();
        for idx in 0..len.unwrap_or(0) {
            let below = format!("{path}[{idx}]");
            walk(
                &below,
                &values.iter().map(|value| value.and_then(|it| it.get(idx))).collect::<Vec<_>>(),
                rows,
            );
        }
    } else {
        rows.push(row(path, values));
    }
}

fn row(path: &str, values: &[Option<&Value>]) -> DiffRow {
    DiffRow { path: path.to_owned(), values: values.iter().map(|value| value.map(python)).collect() }
}

/// A layer, an optimizer and so on: its class and its arguments.
fn class(value: Option<&Value>) -> Option<(&str, &Value)> {
    let map = value?.as_object()?;
    let (name, arguments) = map.iter().next().filter(|_| map.len() == 1)?;
    name.starts_with(char::is_uppercase).then_some((name.as_str(), arguments))
}

fn is_list_of_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_object))
}

/// As Python writes it; of a class its name alone, of a nested description its JSON.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("\"{text}\""),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => class(Some(value)).map_or_else(|| value.to_string(), |(name, _)| name.to_owned()),
        Value::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::{CallbackSpec, EarlyStoppingSpec};
    use crate::engine::layers::LayerSpec;
    use crate::engine::optimizers::OptimizerSpec;
    use crate::engine::presets::Preset;
    use crate::ui::runs::samples::job;

    fn found(jobs: &[&RunSpec]) -> Vec<(String, Vec<String>)> {
        let value = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        diff(jobs).into_iter().map(|row| (row.path, row.values.into_iter().map(value).collect())).collect()
    }

    #[test]
    fn equal_runs_have_no_differences() {
        let mut renamed = job();
        renamed.model.name = "Другое имя".to_owned();
        assert_eq!(found(&[&job(), &renamed]), []);
        assert_eq!(found(&[&job()]), []);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn arguments_are_named_as_in_keras_and_numbers_have_no_noise() {
        let (a, mut b) = (job(), job());
        b.fit.batch_size = 7;
        b.compile.optimizer = a.compile.optimizer.clone().with_learning_rate(0.003);
        b.seed = u64::MAX;
        let rows = found(&[&a, &b]);
        let batch_size = a.fit.batch_size.to_string();
        let row = |path: &str, a: &str, b: &str| (path.to_owned(), vec![a.to_owned(), b.to_owned()]);
        assert_eq!(
            rows,
            [
                row("seed", "1", "18446744073709551615"),
                row("compile.optimizer.learning_rate", "0.001", "0.003"),
                row("fit.batch_size", &batch_size, "7"),
            ]
        );
    }

    #[test]
    fn another_class_is_one_row_and_a_missing_one_is_none() {
        let (a, mut b, mut c) = (job(), job(), job());
        b.compile.optimizer =
            OptimizerSpec::palette().into_iter().find(|it| it.class_name() == "SGD").unwrap();
        c.fit.callbacks.push(CallbackSpec::EarlyStopping(EarlyStoppingSpec::default()));
        let rows = found(&[&a, &b, &c]);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(
            rows[0],
            ("compile.optimizer".to_owned(), ["Adam", "SGD", "Adam"].map(str::to_owned).to_vec())
        );
        let stopping = ["–", "–", "EarlyStopping"].map(str::to_owned).to_vec();
        assert_eq!(rows[1], ("fit.callbacks[1]".to_owned(), stopping));
    }

    #[test]
    fn layers_are_compared_place_by_place() {
        let (mlp, mut wide) = (Preset::Mlp.spec(), Preset::Mlp.spec());
        for layer in &mut wide.layers {
            if let LayerSpec::Dense(dense) = layer {
                dense.units += 1;
            }
        }
        let runs = [mlp, wide].map(RunSpec::new);
        let rows = found(&[&runs[0], &runs[1]]);
        assert!(
            !rows.is_empty() && rows.iter().all(|(path, _)| path.starts_with("model.layers[")),
            "{rows:?}"
        );
        assert!(rows.iter().all(|(path, _)| path.ends_with("].units")), "{rows:?}");
    }

    #[test]
    fn runs_on_the_same_split_are_told_from_others() {
        let (a, mut b) = (job(), job());
        b.model = Preset::Mlp.spec();
        b.fit.batch_size = 7;
        b.data.test_samples = 1;
        assert_eq!(fairness(&[&a, &b]), Fairness::SameSplit);
        b.seed = 7;
        assert_eq!(fairness(&[&a, &b]), Fairness::OtherSeed);
        b.data.class_counts = Some([(5, 100)].into());
        assert_eq!(fairness(&[&a, &b]), Fairness::OtherData);
        b.data.class_counts = None;
        b.data.validation_samples = 1;
        assert_eq!(fairness(&[&a, &b]), Fairness::OtherData);
    }
}
