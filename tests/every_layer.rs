//! Runs [`check_layer`] over the palette, so that a new layer is checked before its author writes
//! a test.

#[path = "../src/engine/layers/check.rs"]
mod check;

use check::check_layer;
use svertka::engine::layers::{LayerDef, LayerSpec};
use svertka::tensor::Shape;

/// Small, because every value's slope is measured: one row, few and many channels, odd and even.
fn shapes() -> Vec<Shape> {
    vec![
        Shape::from([1]),
        Shape::from([9]),
        Shape::from([3, 5]),
        Shape::from([3, 3, 1]),
        Shape::from([4, 5, 2]),
        Shape::from([5, 4, 3]),
    ]
}

#[test]
fn every_layer_keeps_its_promises_on_every_shape_it_takes() {
    for spec in LayerSpec::palette() {
        let taken: Vec<Shape> =
            shapes().into_iter().filter(|shape| spec.output_shape(shape).is_ok()).collect();
        assert!(taken.len() >= 3, "{spec:?} takes only {taken:?}: add shapes for it");
        for shape in taken {
            check_layer(&spec, &shape);
        }
    }
}

#[test]
fn class_names_differ_and_are_the_saved_names() {
    let palette = LayerSpec::palette();
    for (idx, spec) in palette.iter().enumerate() {
        let saved = serde_json::to_value(spec).unwrap();
        assert!(saved.get(spec.class_name()).is_some(), "{saved} is not saved as {}", spec.class_name());
        assert!(palette[..idx].iter().all(|other| other.class_name() != spec.class_name()), "{spec:?}");
    }
}
