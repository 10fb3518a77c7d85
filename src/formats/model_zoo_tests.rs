//! The zoo has what it promises.

use std::collections::BTreeSet;

use svertka::engine::model::Sequential;
use svertka::tensor::Tensor;

use super::*;

#[test]
fn every_model_is_valid_and_has_a_name_of_its_own() {
    let models = zoo();
    let wrong: Vec<String> = models
        .iter()
        .filter_map(|model| Some(format!("{}: {}", model.name, model.validate().err()?)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let names: BTreeSet<&str> = models.iter().map(|model| &*model.name).collect();
    assert_eq!(names.len(), models.len());
}

#[test]
fn every_argument_of_every_layer_has_another_value_than_its_default_somewhere() {
    let layers: Vec<Value> = zoo()
        .iter()
        .flat_map(|model| &model.layers)
        .map(|layer| serde_json::to_value(layer).unwrap())
        .collect();
    let mut missing = Vec::new();
    for default in LayerSpec::palette() {
        let default = serde_json::to_value(&default).unwrap();
        let (class_name, arguments) = default.as_object().unwrap().iter().next().unwrap();
        for (argument, value) in arguments.as_object().unwrap() {
            let is_other = |layer: &Value| layer.get(class_name).is_some_and(|got| got[argument] != *value);
            if !layers.iter().any(is_other) {
                missing.push(format!("{class_name}.{argument}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_initializer_regularizer_and_constraint_is_somewhere() {
    let all: Vec<String> = zoo().iter().map(|model| serde_json::to_string(model).unwrap()).collect();
    let initializers = InitializerSpec::palette();
    let regularizers = RegularizerSpec::palette();
    let constraints = ConstraintSpec::palette();
    let names = (initializers.iter().map(InitializerSpec::class_name))
        .chain(regularizers.iter().map(RegularizerSpec::class_name))
        .chain(constraints.iter().map(ConstraintSpec::class_name));
    let missing: Vec<&str> =
        names.filter(|name| !all.iter().any(|text| text.contains(&format!("\"{name}\"")))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_model_predicts_numbers_that_can_be_compared() {
    for model in zoo() {
        let saved = filled(&model);
        let inputs = Tensor::new(&model.input_shape.with_batch(2), samples(&model, 2));
        let outputs = Sequential::with_params(&model, saved.params).unwrap().predict(&inputs);
        let largest = outputs.values().iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
        assert!(largest < 100.0 && outputs.values().iter().all(|value| value.is_finite()), "{}", model.name);
    }
}
