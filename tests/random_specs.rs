//! Random networks, legal and illegal: a spec that is accepted builds and gives the shape it said, and
//! one that is refused is refused in words. Nothing panics.
//!
//! Arguments are drawn by changing the JSON of the palette, so that a new layer or argument is drawn
//! before its author writes a test.

#![expect(clippy::unwrap_used, reason = "a spec that is no JSON has failed")]

use serde_json::{Value, json};
use svertka::engine::layers::LayerSpec;
use svertka::engine::model::Sequential;
use svertka::engine::spec::{ModelSpec, SpecError};
use svertka::tensor::rng::{Purpose, Rng};
use svertka::tensor::{Shape, Tensor};

/// Networks drawn; enough that every layer meets every kind of argument some times.
const DRAWS: u64 = 3_000;
const BATCH: usize = 2;
/// A legal network may still be large; those are only described, not run.
const MAX_RUN: usize = 20_000;

/// Values that arguments of any kind may be changed to.
fn words() -> Vec<Value> {
    let names = [
        "valid",
        "same",
        "channels_first",
        "channels_last",
        "relu",
        "softmax",
        "tanh",
        "L2",
        "reflect",
        "nearest",
        "horizontal",
    ];
    names.iter().map(|name| json!(name)).collect()
}

fn pick<'a, T>(rng: &mut Rng, items: &'a [T]) -> &'a T {
    &items[rng.below(items.len() as u32) as usize]
}

/// Another value of the same kind, near what makes sense and sometimes past it.
fn changed(rng: &mut Rng, value: &Value) -> Value {
    match value {
        Value::Bool(on) => json!(!on),
        Value::Number(number) if number.is_f64() => {
            json!(*pick(rng, &[-1.0, 0.0, 0.25, 0.5, 1.0, 2.0, 1e30]))
        }
        Value::Number(_) => json!(*pick(rng, &[0, 1, 1, 2, 2, 3, 4, 7, -1, 4_000_000_000_i64])),
        Value::String(_) => pick(rng, &words()).clone(),
        Value::Array(items) => items.iter().map(|item| changed(rng, item)).collect(),
        Value::Null => pick(rng, &[json!(2), json!([1, 2]), json!(0.5), json!({ "L2": {} })]).clone(),
        Value::Object(_) => value.clone(),
    }
}

/// A layer of the palette with some arguments changed; as it is when the change cannot even be read.
fn draw_layer(rng: &mut Rng) -> LayerSpec {
    let layer = pick(rng, &LayerSpec::palette()).clone();
    let mut json = serde_json::to_value(&layer).unwrap();
    let arguments = json.as_object_mut().unwrap().values_mut().next().unwrap();
    for value in arguments.as_object_mut().unwrap().values_mut() {
        if rng.unit() < 0.3 {
            *value = changed(rng, value);
        }
    }
    serde_json::from_value(json).unwrap_or(layer)
}

fn draw_model(rng: &mut Rng) -> ModelSpec {
    let shapes =
        [vec![6], vec![4, 3], vec![5, 6, 1], vec![6, 5, 2], vec![7, 7, 4], vec![2, 2, 3], vec![0, 3, 1]];
    let input_shape = Shape(pick(rng, &shapes).clone());
    let layers = (0..=rng.below(4)).map(|_| draw_layer(rng)).collect();
    ModelSpec { name: "random".to_owned(), input_shape, layers }
}

/// Runs a legal network forwards and gives what it made of a batch.
fn output_of(spec: &ModelSpec, rng: &mut Rng) -> Tensor {
    let extents = spec.input_shape.with_batch(BATCH);
    let values = (0..extents.iter().product()).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let mut model = Sequential::new(spec, 1).unwrap();
    model.predict(&Tensor::new(&extents, values))
}

#[test]
fn an_accepted_network_gives_the_shape_it_says_and_a_refused_one_says_why() {
    let (mut run, mut refused) = (0, 0);
    for draw in 0..DRAWS {
        let mut rng = Rng::new(draw, Purpose::Init, 0, 0);
        let spec = draw_model(&mut rng);
        match spec.shapes() {
            Ok(shapes) => {
                let large = |size: usize| size > MAX_RUN;
                if shapes.iter().any(|shape| large(shape.size())) || large(spec.num_params().unwrap()) {
                    continue;
                }
                let said = shapes[shapes.len() - 1].with_batch(BATCH);
                assert_eq!(output_of(&spec, &mut rng).extents(), &said[..], "{spec:?}");
                run += 1;
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                if let SpecError::Layer { layer, .. } = error {
                    assert!(layer < spec.layers.len(), "{spec:?}");
                }
                refused += 1;
            }
        }
    }
    assert!(run > DRAWS / 5 && refused > DRAWS / 5, "{run} run and {refused} refused of {DRAWS}");
}
