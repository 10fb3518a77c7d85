//! What `compile` was given, as Keras saves it: `compile_config` of a `.keras` file and `training_config` of a
//! `.h5` file, in the words of a run.

use serde_json::{Map, Value, json};

use crate::formats::run_json::Family;

/// The section `compile` of a run; none if there is no optimizer, so that the model was not compiled.
pub fn arguments(compile: Value) -> Option<Map<String, Value>> {
    let Value::Object(mut given) = compile else { return None };
    // Keras 2 has the optimizer under another name.
    let optimizer = given.remove("optimizer").or_else(|| given.remove("optimizer_config"))?;
    let mut section = Map::new();
    section.insert("optimizer".to_owned(), self::optimizer(optimizer));
    let mut take = |key: &str| given.remove(key).unwrap_or(Value::Null);
    section.insert("loss".to_owned(), single(take("loss"), loss));
    section.insert("loss_weights".to_owned(), single(take("loss_weights"), |weight| weight));
    for key in ["metrics", "weighted_metrics"] {
        let mut all = Vec::new();
        flatten(take(key), &mut all);
        section.insert(key.to_owned(), Value::Array(all));
    }
    Some(section)
}

/// The only one of a list or of a dictionary of outputs.
fn single(value: Value, of: impl Fn(Value) -> Value) -> Value {
    match value {
        Value::Array(mut items) if items.len() == 1 => of(items.remove(0)),
        Value::Object(mut items) if items.len() == 1 && !items.contains_key("class_name") => {
            of(items.values_mut().next().map(Value::take).unwrap_or_default())
        }
        other => of(other),
    }
}

/// Metrics stand in lists within lists, one for each output, or under the outputs' names.
fn flatten(value: Value, found: &mut Vec<Value>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.into_iter().for_each(|item| flatten(item, found)),
        Value::Object(items) if !items.contains_key("class_name") => {
            items.into_iter().for_each(|(_, item)| flatten(item, found));
        }
        other => found.push(metric(other)),
    }
}

fn config(object: &mut Value) -> Option<&mut Map<String, Value>> {
    object.get_mut("config").and_then(Value::as_object_mut)
}

fn optimizer(mut optimizer: Value) -> Value {
    // The last of Keras 2 had its own optimizers registered as a user's are; those have no such argument.
    let class = optimizer.get("class_name").and_then(Value::as_str);
    let own = class.and_then(|class| class.strip_prefix("Custom>")).map(Value::from);
    if let Some(own) = own.filter(|_| optimizer.pointer("/config/is_legacy_optimizer").is_some()) {
        optimizer["class_name"] = own;
    }
    if let Some(config) = config(&mut optimizer) {
        for key in ["name", "jit_compile", "is_legacy_optimizer"] {
            config.remove(key);
        }
        if let Some(decay) = config.remove("decay").and_then(|decay| decay.as_f64()) {
            decayed(config, decay);
        }
        if let Some(rate) = config.get_mut("learning_rate").and_then(self::config) {
            rate.remove("name");
        }
    }
    optimizer
}

/// Keras 2's `decay` divides the learning rate by `1 + decay·steps`; nobody gave it where it is 0.
fn decayed(config: &mut Map<String, Value>, decay: f64) {
    let rate = config.get("learning_rate").and_then(Value::as_f64);
    let Some(rate) = rate.filter(|_| decay != 0.0) else { return };
    let schedule = json!({
        "class_name": "InverseTimeDecay",
        "config": { "initial_learning_rate": rate, "decay_steps": 1, "decay_rate": decay },
    });
    config.insert("learning_rate".to_owned(), schedule);
}

fn loss(mut loss: Value) -> Value {
    if let Some(config) = config(&mut loss) {
        for key in ["name", "fn", "dtype"] {
            config.remove(key);
        }
        if config.get("reduction").and_then(Value::as_str) == Some("auto") {
            config.remove("reduction");
        }
        if config.get("reduction") == Some(&Value::Null) {
            config.insert("reduction".to_owned(), Value::from("none"));
        }
    }
    with_class_of_function(loss, Family::Loss)
}

/// The class is that of what computes it, where it is a function that Keras has made a metric of.
fn metric(mut metric: Value) -> Value {
    let class = metric.get("class_name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(config) = config(&mut metric) {
        config.remove("dtype");
        let function = config.remove("fn");
        if class == "MeanMetricWrapper"
            && let Some(function) = function
            && let Some(object) = metric.as_object_mut()
        {
            object.insert("class_name".to_owned(), function);
        }
    }
    with_class_of_function(metric, Family::Metric)
}

/// `categorical_accuracy` as a class is `CategoricalAccuracy`.
fn with_class_of_function(mut value: Value, family: Family) -> Value {
    let class = value.get("class_name").and_then(Value::as_str).and_then(|name| family.resolve(name));
    if let (Some(class), Some(object)) = (class, value.as_object_mut()) {
        object.insert("class_name".to_owned(), Value::from(class));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_output_has_one_loss_and_a_list_of_metrics() {
        let section = arguments(json!({
            "optimizer_config": { "class_name": "Custom>Adam", "config": {
                "name": "Adam", "learning_rate": 0.5, "decay": 0.0, "is_legacy_optimizer": false } },
            "loss": ["mse"],
            "loss_weights": { "dense": 0.5 },
            "metrics": [["accuracy", { "class_name": "MeanMetricWrapper",
                "config": { "name": "acc2", "dtype": "float32", "fn": "categorical_accuracy" } }]],
            "weighted_metrics": null,
            "run_eagerly": false,
            "steps_per_execution": 1,
        }));
        let expected = json!({
            "optimizer": { "class_name": "Adam", "config": { "learning_rate": 0.5 } },
            "loss": "mse",
            "loss_weights": 0.5,
            "metrics": ["accuracy", { "class_name": "CategoricalAccuracy", "config": { "name": "acc2" } }],
            "weighted_metrics": [],
        });
        assert_eq!(section.map(Value::Object), Some(expected));
        assert_eq!(arguments(json!({})), None);
        assert_eq!(arguments(Value::Null), None);
    }

    #[test]
    fn the_decay_of_keras_2_is_a_schedule() {
        let optimizer = super::optimizer(json!({
            "class_name": "SGD", "config": { "learning_rate": 0.5, "decay": 0.25, "momentum": 0.0 } }));
        let schedule = json!({ "class_name": "InverseTimeDecay",
            "config": { "initial_learning_rate": 0.5, "decay_steps": 1, "decay_rate": 0.25 } });
        assert_eq!(optimizer["config"], json!({ "learning_rate": schedule, "momentum": 0.0 }));
    }

    #[test]
    fn a_loss_says_how_it_is_reduced_in_words_of_today() {
        let loss = |reduction: Value| {
            let config = json!({ "name": "l", "fn": "huber", "reduction": reduction });
            super::loss(json!({ "class_name": "Huber", "config": config }))["config"].clone()
        };
        assert_eq!(loss(json!("auto")), json!({}));
        assert_eq!(loss(Value::Null), json!({ "reduction": "none" }));
        assert_eq!(loss(json!("sum")), json!({ "reduction": "sum" }));
    }
}
