//! Every loss of the family: gradients, JSON and wire forms.

use super::*;
use crate::data::Targets;
use crate::tensor::{Shape, Tensor};

fn wire(spec: LossSpec) -> LossSpec {
    serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap()
}

#[test]
fn json_and_keras_names_are_read() {
    for spec in LossSpec::palette() {
        assert_eq!(wire(spec), spec);
        let json = serde_json::to_string(&spec.class_name()).unwrap();
        assert_eq!(serde_json::from_str::<LossSpec>(&json).unwrap(), spec);
    }
    let read = |json: &str| serde_json::from_str::<LossSpec>(json).unwrap();
    assert_eq!(read("\"mse\""), MeanSquaredErrorSpec::default().into());
    assert_eq!(read("\"kl_divergence\""), KlDivergenceSpec::default().into());
    assert_eq!(read(r#"{"Huber": {"delta": 2.0}}"#), HuberSpec { delta: 2.0, ..HuberSpec::default() }.into());
    let smooth =
        CategoricalCrossentropySpec { label_smoothing: 0.1, ..CategoricalCrossentropySpec::default() };
    assert_eq!(read(r#"{"CategoricalCrossentropy": {"label_smoothing": 0.1}}"#), smooth.into());
    let error = serde_json::from_str::<LossSpec>("\"msee\"").unwrap_err().to_string();
    assert!(error.starts_with("unknown variant `msee`"), "{error}");
}

#[test]
fn arguments_out_of_range_are_named() {
    let spec = BinaryCrossentropySpec { label_smoothing: 1.5, ..BinaryCrossentropySpec::default() };
    assert_eq!(LossSpec::from(spec).validate().unwrap_err().argument, "label_smoothing");
}

/// Smaller than for layers: logarithms are strongly curved, and a loss is a short sum.
const STEP: f32 = 3e-3;

/// Two samples of two rows of three values, weights per row.
fn check_gradient(spec: LossSpec, logits: bool) {
    let values = [0.3_f32, 0.61, 0.52, 0.82, 0.23, 0.44, 0.71, 0.35, 0.93, 0.15, 0.57, 0.86];
    let extents = [2, 2, 3];
    let targets = if spec.def().takes() == Takes::Classes {
        Tensor::new(&[2, 2], vec![2.0, 0.0, 1.0, 1.0])
    } else {
        // They sum to 1 along the axis: TensorFlow's gradient by logits is that of such targets.
        let values = match spec.def().axis() {
            1 => [0.9, 0.05, 0.1, 0.1, 0.95, 0.9, 0.2, 0.45, 0.3, 0.8, 0.55, 0.7],
            _ => [0.9, 0.06, 0.04, 0.4, 0.35, 0.25, 0.2, 0.75, 0.05, 0.5, 0.25, 0.25],
        };
        Tensor::new(&extents, values.to_vec())
    };
    let targets = Targets::Values(targets);
    let weights: Vec<f32> =
        (0..spec.rows(&Shape::from([2, 3]), &targets) * 2).map(|idx| 0.5 + idx as f32).collect();
    spec.check_targets(&Shape::from([2, 3]), &targets, 2).unwrap();
    let divisor = spec.divisor(&Shape::from([2, 3]), &targets, Some(&weights));
    let run = |values: &[f32]| {
        let tensor = Tensor::new(&extents, values.to_vec());
        let outputs = Outputs { logits: logits.then(|| tensor.clone()), values: tensor };
        spec.compute(&outputs, &targets, Some(&weights), divisor)
    };
    let total = |values: &[f32]| {
        run(values).values.iter().map(|loss| f64::from(*loss)).sum::<f64>() / f64::from(divisor)
    };
    let grad = run(&values).grad;
    assert_eq!(grad.extents(), extents);
    for (idx, analytic) in grad.values().iter().enumerate() {
        let (mut up, mut down) = (values, values);
        up[idx] += STEP;
        down[idx] -= STEP;
        let numeric = (total(&up) - total(&down)) / f64::from(up[idx] - down[idx]);
        let allowed = 5e-3 * numeric.abs().max(0.2);
        assert!((numeric - f64::from(*analytic)).abs() < allowed, "{spec:?} {idx}: {numeric} {analytic}");
    }
}

#[test]
fn gradients_agree_with_differences() {
    let mut all = LossSpec::palette();
    for reduction in Reduction::ALL {
        all.push(MeanSquaredErrorSpec { reduction }.into());
    }
    all.push(CategoricalCrossentropySpec { label_smoothing: 0.2, ..Default::default() }.into());
    // Without smoothing: Keras shares out by the last axis, so that targets along another one no longer sum to 1.
    all.push(CategoricalCrossentropySpec { axis: 1, ..Default::default() }.into());
    all.push(BinaryCrossentropySpec { label_smoothing: 0.2, axis: 1, ..Default::default() }.into());
    all.push(SparseCategoricalCrossentropySpec { ignore_class: Some(1), ..Default::default() }.into());
    all.push(CosineSimilaritySpec { axis: 1, ..Default::default() }.into());
    all.push(HuberSpec { delta: 0.3, ..Default::default() }.into());
    for spec in all {
        check_gradient(spec, false);
        if spec.def().looks_for_logits() {
            check_gradient(spec, true);
        }
    }
}

#[test]
fn a_target_that_broadcasts_and_outputs_that_do_get_their_gradient() {
    let mse = LossSpec::from(MeanSquaredErrorSpec::default());
    let outputs = Outputs { values: Tensor::new(&[2, 1], vec![1.0, 2.0]), logits: None };
    let targets = Targets::Values(Tensor::new(&[2, 2], vec![0.0, 1.0, 4.0, 2.0]));
    let losses = mse.compute(&outputs, &targets, None, 2.0);
    assert_eq!(losses.values[..], [0.5, 2.0]);
    assert_eq!(losses.grad, Tensor::new(&[2, 1], vec![0.5, -1.0]));
}

#[test]
fn ignored_rows_do_not_count() {
    let spec = SparseCategoricalCrossentropySpec { ignore_class: Some(-1), ..Default::default() };
    let spec = LossSpec::from(spec);
    let outputs = Outputs { values: Tensor::new(&[2, 2], vec![0.25, 0.75, 0.5, 0.5]), logits: None };
    let targets = Targets::Values(Tensor::new(&[2], vec![-1.0, 0.0]));
    let divisor = spec.divisor(&Shape::from([2]), &targets, None);
    let losses = spec.compute(&outputs, &targets, None, divisor);
    assert_eq!(divisor, 1.0);
    assert_eq!(losses.values[0], 0.0);
    assert!((losses.values[1] - 0.5_f32.ln().abs()).abs() < 1e-6);
    assert_eq!(losses.grad.values()[..2], [0.0, 0.0]);
}
