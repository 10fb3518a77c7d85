//! [`check_layer`]: everything a layer promises, checked from outside.
//!
//! Gradients are compared with central differences of `loss = Σ y·r`, `r` fixed and random,
//! summed in f64. The step ε is 1e-2 and what is divided by is the step actually taken in f32:
//! a smaller ε is *worse*, because an output's rounding is divided by it.

// The same file serves the unit tests of this crate and, through `#[path]`, `tests/every_layer.rs`.
use svertka::engine::layers::{Activation, Layer, LayerDef, LayerSpec, Pass};
use svertka::tensor::rng::{Purpose, Rng};
use svertka::tensor::{Shape, Tensor};

const BATCH: usize = 2;
const EPSILON: f32 = 1e-2;
/// Of the gradient; below [`FLOOR`] of the floor instead.
const TOLERANCE: f64 = 5e-3;
const FLOOR: f64 = 1e-2;
/// Between neighboring input values, and between the smallest and zero twice: a maximum or a ReLU
/// does not change sides while a value moves by ε. All kinks of activations are multiples of it.
const GAP: f32 = 2.5 * EPSILON;
const TRAIN: Pass = Pass::Train { seed: 11, step: 3, first_sample: 5 };

/// Checks `spec` on a small batch of inputs of the given shape.
///
/// # Panics
/// With what was expected and found when a promise is broken.
pub fn check_layer(spec: &LayerSpec, input_shape: &Shape) {
    round_trips(spec);
    let output_shape = match spec.output_shape(input_shape) {
        Ok(shape) => shape,
        Err(error) => panic!("{spec:?} refuses {input_shape}: {error}"),
    };
    let case = Case::away_from_kinks(spec, input_shape);
    assert_eq!(
        case.forward(TRAIN).extents(),
        &output_shape.with_batch(BATCH)[..],
        "{spec:?} gives another shape than it says"
    );
    two_builds_agree(spec, input_shape);
    infer_leaves_no_cache(&case);
    gradients(&case);
}

/// The spec survives a file and a message between page and worker, which gloo-worker writes with
/// bincode.
fn round_trips(spec: &LayerSpec) {
    let json = serde_json::to_string(spec).expect("a spec becomes JSON");
    assert_eq!(
        serde_json::from_str::<LayerSpec>(&json).expect("JSON becomes a spec"),
        *spec,
        "through {json}"
    );
    let wire = bincode::serialize(spec).expect("a spec becomes a message");
    assert_eq!(bincode::deserialize::<LayerSpec>(&wire).expect("a message becomes a spec"), *spec);
}

/// One layer with parameters, a batch of inputs, and the weights `r` of the loss.
struct Case<'a> {
    spec: &'a LayerSpec,
    shape: &'a Shape,
    params: Vec<f32>,
    input: Tensor,
    loss_weights: Vec<f32>,
}

impl<'a> Case<'a> {
    /// Tries seeds until no activation inside the layer is near a kink.
    fn away_from_kinks(spec: &'a LayerSpec, shape: &'a Shape) -> Self {
        (0..10_000).map(|seed| Self::draw(spec, shape, seed)).find(Case::is_smooth).unwrap_or_else(|| {
            panic!("no inputs of {shape} keep {spec:?} away from its kinks; check a smaller shape")
        })
    }

    fn draw(spec: &'a LayerSpec, shape: &'a Shape, seed: u64) -> Self {
        let mut rng = Rng::new(seed, Purpose::Init, 0, 0);
        let mut params = Vec::new();
        for param in spec.params(shape) {
            // A variance is positive.
            let low = if param.name == "moving_variance" { 0.5 } else { -1.0 };
            params.extend((0..param.size()).map(|_| rng.uniform(low, 1.0)));
        }
        // Every value once, evenly spaced around zero, in random order.
        let len = BATCH * shape.size();
        let gap = gap(spec);
        let mut input: Vec<f32> = (0..len).map(|i| (i as f32 + 0.5 - len as f32 / 2.0) * gap).collect();
        if len % 2 == 1 {
            for x in &mut input {
                *x += gap / 2.0;
            }
        }
        rng.shuffle(&mut input);
        let input = Tensor::new(&shape.with_batch(BATCH), input);
        let mut case = Self { spec, shape, params, input, loss_weights: Vec::new() };
        let outputs = case.forward(TRAIN).values().len();
        case.loss_weights = (0..outputs).map(|_| rng.uniform(-1.0, 1.0)).collect();
        case
    }

    fn is_smooth(&self) -> bool {
        let Some((linear, activation)) = before_activation(self.spec) else { return true };
        if activation.kinks().is_empty() {
            return true;
        }
        // A parameter's step moves an output by ε times the largest input, an input's step by ε
        // times the largest parameter, a bias by ε.
        let largest = |values: &[f32]| values.iter().fold(1.0f32, |max, v| max.max(v.abs()));
        let margin = 1.5 * EPSILON * largest(self.input.values()).max(largest(&self.params));
        let values = linear.build(self.shape, 0).forward(&self.input, &self.params, Pass::Infer);
        let is_far = |value: &f32| activation.kinks().iter().all(|kink| (value - kink).abs() > margin);
        values.values().iter().all(is_far)
    }

    fn layer(&self) -> Box<dyn Layer> {
        self.spec.build(self.shape, 4)
    }

    fn forward(&self, pass: Pass) -> Tensor {
        self.layer().forward(&self.input, &self.params, pass)
    }

    fn loss(&self, input: &Tensor, params: &[f32]) -> f64 {
        let output = self.layer().forward(input, params, TRAIN);
        output.values().iter().zip(&self.loss_weights).map(|(y, r)| f64::from(*y) * f64::from(*r)).sum()
    }
}

/// TensorFlow's gradient of a moved image is the gradient moved back, which is near the slope and not equal to
/// it; `affine.rs` holds it to TensorFlow's numbers.
fn reads_gradients_back(spec: &LayerSpec) -> bool {
    matches!(spec, LayerSpec::RandomTranslation(_) | LayerSpec::RandomRotation(_) | LayerSpec::RandomZoom(_))
}

/// Normalization is nearly straight only where ε is small beside the deviation.
fn gap(spec: &LayerSpec) -> f32 {
    match spec {
        LayerSpec::BatchNormalization(_) | LayerSpec::LayerNormalization(_) => 1.0,
        _ => GAP,
    }
}

/// The same layer without the activation at its end, if it has one on sums of its own.
fn before_activation(spec: &LayerSpec) -> Option<(LayerSpec, Activation)> {
    let mut linear = spec.clone();
    let activation = match &mut linear {
        LayerSpec::Dense(spec) => &mut spec.activation,
        LayerSpec::Conv2d(spec) => &mut spec.activation,
        LayerSpec::DepthwiseConv2d(spec) => &mut spec.activation,
        LayerSpec::SeparableConv2d(spec) => &mut spec.activation,
        // The others look at the inputs themselves, which are far enough apart.
        _ => return None,
    };
    let activation = std::mem::take(activation);
    Some((linear, activation))
}

/// The number of parameters is the one said, and one seed gives the same bits twice.
fn two_builds_agree(spec: &LayerSpec, shape: &Shape) {
    let run = || {
        let mut params = Vec::new();
        for (idx, param) in spec.params(shape).iter().enumerate() {
            let mut values = vec![f32::NAN; param.size()];
            let mut rng = Rng::new(7, Purpose::Init, 4, idx as u64);
            param.initializer.fill(&param.extents, &mut values, &mut rng);
            params.extend(values);
        }
        let case = Case { params, ..Case::draw(spec, shape, 0) };
        let mut layer = case.layer();
        let output = layer.forward(&case.input, &case.params, TRAIN);
        let mut grads = vec![0.0; case.params.len()];
        let grad_input = layer.backward(&output, &case.params, &mut grads, true).map(Tensor::into_values);
        let all = [case.params, output.into_values(), grads, grad_input.unwrap_or_default()].concat();
        assert!(all.iter().all(|value| value.is_finite()), "{spec:?} gives numbers that are not finite");
        all.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    assert_eq!(run(), run(), "two builds of {spec:?} differ");
}

fn infer_leaves_no_cache(case: &Case) {
    let mut layer = case.layer();
    for pass in [Pass::Infer, TRAIN, Pass::Infer] {
        layer.forward(&case.input, &case.params, pass);
        assert!(!layer.has_cache() || pass != Pass::Infer, "{:?} keeps a cache after inference", case.spec);
    }
    layer.forward(&case.input, &case.params, TRAIN);
    layer.backward(&ones(case), &case.params, &mut vec![0.0; case.params.len()], true);
    assert!(!layer.has_cache(), "{:?} keeps its cache after backward", case.spec);
}

fn ones(case: &Case) -> Tensor {
    let mut ones = case.forward(TRAIN);
    ones.values_mut().fill(1.0);
    ones
}

/// Gradients of the input and of every parameter; those of parameters are added to what is there.
fn gradients(case: &Case) {
    const ALREADY_THERE: f32 = 0.25;
    let spec = case.spec;
    let mut layer = case.layer();
    let output = layer.forward(&case.input, &case.params, TRAIN);
    let grad_output = Tensor::new(output.extents(), case.loss_weights.clone());
    let mut grads = vec![ALREADY_THERE; case.params.len()];
    let grad_input = layer.backward(&grad_output, &case.params, &mut grads, true);
    let grad_input = grad_input.unwrap_or_else(|| panic!("{spec:?} gives no gradient of its input"));
    assert_eq!(grad_input.extents(), case.input.extents(), "the input's gradient of {spec:?}");

    layer.forward(&case.input, &case.params, TRAIN);
    let mut alone = vec![ALREADY_THERE; case.params.len()];
    layer.backward(&grad_output, &case.params, &mut alone, false);
    assert_eq!(alone, grads, "parameter gradients of {spec:?} depend on whether the input's is wanted");

    if !reads_gradients_back(spec) {
        compare(spec, "input", case.input.values(), grad_input.values(), |values| {
            case.loss(&Tensor::new(case.input.extents(), values.to_vec()), &case.params)
        });
    }
    // What is not trained, such as statistics, needs no gradient.
    let is_trained = spec.params(case.shape).into_iter().flat_map(|p| vec![p.trainable; p.size()]);
    let trained: Vec<usize> = is_trained.enumerate().filter(|(_, is)| *is).map(|(idx, _)| idx).collect();
    let pick = |values: &[f32]| trained.iter().map(|idx| values[*idx]).collect::<Vec<_>>();
    let grads: Vec<f32> = pick(&grads).iter().map(|grad| grad - ALREADY_THERE).collect();
    compare(spec, "parameter", &pick(&case.params), &grads, |values| {
        let mut params = case.params.clone();
        trained.iter().zip(values).for_each(|(idx, value)| params[*idx] = *value);
        case.loss(&case.input, &params)
    });
}

fn compare(spec: &LayerSpec, what: &str, at: &[f32], grads: &[f32], loss: impl Fn(&[f32]) -> f64) {
    let mut values = at.to_vec();
    for (idx, grad) in grads.iter().enumerate() {
        let (above, below) = (at[idx] + EPSILON, at[idx] - EPSILON);
        values[idx] = above;
        let loss_above = loss(&values);
        values[idx] = below;
        let loss_below = loss(&values);
        values[idx] = at[idx];
        let slope = (loss_above - loss_below) / (f64::from(above) - f64::from(below));
        let grad = f64::from(*grad);
        let error = (slope - grad).abs() / slope.abs().max(grad.abs()).max(FLOOR);
        assert!(
            error <= TOLERANCE,
            "{spec:?}: {what} {idx}: gradient {grad}, slope {slope}, error {error:.1e}"
        );
    }
}
