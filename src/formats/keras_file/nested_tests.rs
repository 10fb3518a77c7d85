use super::*;
use crate::engine::layers::{BatchNormalizationSpec, DenseSpec, LayerSpec};
use crate::formats::keras_file::tree::{floats, put};
use crate::tensor::Shape;

fn dense(units: usize) -> LayerSpec {
    DenseSpec { units, ..DenseSpec::default() }.into()
}

fn model(layers: Vec<LayerSpec>) -> ModelSpec {
    ModelSpec { name: "net".to_owned(), input_shape: Shape::from([4]), layers }
}

/// A file with a dense layer at each place, of these inputs and units.
fn file(layers: &[(&str, usize, usize)]) -> Group {
    let mut root = Group::default();
    for (place, inputs, units) in layers {
        let path = |number| place.split('/').chain(["vars", number]).collect::<Vec<_>>();
        put(&mut root, &path("0"), floats(&[*inputs, *units], &vec![0.5; inputs * units]));
        put(&mut root, &path("1"), floats(&[*units], &vec![0.5; *units]));
    }
    root
}

fn found(root: &Group, model: &ModelSpec) -> Vec<String> {
    places(root, model).iter().map(|place| place.join("/")).collect()
}

#[test]
fn models_within_models_are_found_in_the_only_order_that_fits() {
    let root = file(&[
        ("layers/dense_10", 5, 2),
        ("layers/dense_2", 4, 5),
        ("layers/functional/layers/sequential/layers/dense", 3, 4),
        ("layers/functional/layers/dense", 4, 3),
    ]);
    let model = model(vec![dense(3), dense(4), dense(5), dense(2)]);
    let expected = [
        "layers/functional/layers/dense",
        "layers/functional/layers/sequential/layers/dense",
        "layers/dense_2",
        "layers/dense_10",
    ];
    assert_eq!(found(&root, &model), expected);
    assert!(weights::check(&root, &model, &places(&root, &model)).is_ok());
}

#[test]
fn an_activation_lies_below_its_layer_whatever_its_class() {
    let mut root = file(&[("layers/dense", 4, 4), ("layers/dense_1", 4, 4)]);
    for number in ["0", "1", "2", "3"] {
        put(&mut root, &["layers", "dense", "activation", "vars", number], floats(&[4], &[0.5; 4]));
    }
    let norm = || LayerSpec::from(BatchNormalizationSpec::default());
    let expected = ["layers/dense", "layers/dense/activation", "layers/dense_1"];
    assert_eq!(found(&root, &model(vec![dense(4), norm(), dense(4)])), expected);
    // Elsewhere in the model it is not that layer's.
    let other = model(vec![dense(4), dense(4), norm()]);
    assert_eq!(places(&root, &other), weights::places(&other));
}

#[test]
fn of_two_orders_none_is_taken() {
    let root = file(&[("layers/dense", 4, 4), ("layers/sequential/layers/dense", 4, 4)]);
    let model = model(vec![dense(4), dense(4)]);
    assert_eq!(places(&root, &model), weights::places(&model));
    assert!(weights::check(&root, &model, &places(&root, &model)).is_err());
}

#[test]
fn another_models_weights_are_nowhere() {
    let root = file(&[("layers/dense", 4, 3), ("layers/sequential/layers/dense", 3, 2)]);
    for layers in [vec![dense(3)], vec![dense(3), dense(5)], vec![dense(3), dense(2), dense(2)]] {
        let model = model(layers);
        assert_eq!(places(&root, &model), weights::places(&model));
    }
    assert_eq!(found(&root, &model(vec![dense(3), dense(2)])).len(), 2);
}

#[test]
fn a_file_of_very_many_orders_is_given_up() {
    // Whatever comes first, 24 dense layers in groups of their own fit; the last one never does.
    let names: Vec<String> = (0..24).map(|idx| format!("layers/model{idx}x/layers/dense")).collect();
    let mut layers: Vec<(&str, usize, usize)> = names.iter().map(|name| (name.as_str(), 4, 4)).collect();
    layers.push(("layers/dense", 4, 9));
    let model = model(vec![dense(4); 25]);
    assert_eq!(places(&file(&layers), &model), weights::places(&model));
}
