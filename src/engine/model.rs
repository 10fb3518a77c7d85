//! [`Sequential`]: built layers over one flat block of parameters.

use std::ops::Range;

use crate::data::Batch;
use crate::engine::layers::{Activation, ActivationSpec, Layer, LayerDef, LayerSpec, ParamSpec, Pass};
use crate::engine::losses::{LossSpec, Outputs};
use crate::engine::optimizers::OptimizedParam;
use crate::engine::spec::{ModelSpec, NamedParam, SpecError};
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Shape, Tensor};

/// A built model.
///
/// A softmax or sigmoid at the end is split off: Keras's TensorFlow backend keeps the logits behind
/// either, and every cross-entropy is computed from those. Layers after it that change nothing, as
/// dropout in inference, do not hide the logits.
pub struct Sequential {
    spec: ModelSpec,
    layers: Vec<Box<dyn Layer>>,
    /// Where each layer's parameters lie in `params` and `grads`.
    ranges: Vec<Range<usize>>,
    params: Vec<f32>,
    grads: Vec<f32>,
    /// Gradients of one chunk of a batch, before they are added to `grads`.
    chunk_grads: Vec<f32>,
    /// What follows the logits: the softmax or sigmoid at the end. None of these has parameters.
    tail: Vec<Box<dyn Layer>>,
    /// Whether the logits are seen through the tail in training too; in inference they are.
    shows_logits_in_training: bool,
    output_shape: Shape,
}

/// Samples of a batch that are computed together. Small enough that a chunk of the largest preset
/// takes a fraction of 100 ms in a browser, so that Stop acts in time; not tuned for speed yet.
pub const CHUNK_SIZE: usize = 32;

/// Which part of a batch a chunk is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chunk {
    /// Position in the batch of the chunk's first sample.
    pub begin: usize,
    /// Samples in the whole batch.
    pub batch_len: usize,
    /// [`Sequential::divisor`] of the whole batch.
    pub divisor: f32,
}

/// What one batch or a chunk of it gave.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchResult {
    /// Each row's loss times its weight; vectors have one row per sample.
    pub losses: Vec<f32>,
    /// What the model gave.
    pub outputs: Outputs,
    /// [`Sequential::divisor`] of the whole batch.
    pub divisor: f32,
}

impl Sequential {
    /// Builds `spec` with initial parameters drawn from `seed`.
    ///
    /// # Errors
    /// If the spec is not valid.
    pub fn new(spec: &ModelSpec, seed: u64) -> Result<Self, SpecError> {
        let mut params = Vec::new();
        let shapes = spec.shapes()?;
        for (layer, layer_spec) in spec.layers.iter().enumerate() {
            for (idx, param) in layer_spec.params(&shapes[layer]).iter().enumerate() {
                let begin = params.len();
                params.resize(begin + param.size(), 0.0);
                let mut rng = Rng::new(seed, Purpose::Init, layer as u64, idx as u64);
                param.initializer.fill(&param.extents, &mut params[begin..], &mut rng);
            }
        }
        Self::with_params(spec, params)
    }

    /// Builds `spec` over given parameters in model order.
    ///
    /// # Errors
    /// If the spec is not valid.
    ///
    /// # Panics
    /// If there are not as many parameters as the spec has; files check that before.
    pub fn with_params(spec: &ModelSpec, params: Vec<f32>) -> Result<Self, SpecError> {
        let shapes = spec.shapes()?;
        let (built_specs, tail_specs) = split_at_logits(&spec.layers);
        let mut ranges = Vec::with_capacity(built_specs.len());
        let mut end = 0;
        for (layer, input) in built_specs.iter().zip(&shapes) {
            let begin = end;
            end += layer.params(input).iter().map(ParamSpec::size).sum::<usize>();
            ranges.push(begin..end);
        }
        assert_eq!(params.len(), end, "{} parameters for a model of {end}", params.len());
        let build = |(idx, layer): (usize, &LayerSpec)| layer.build(&shapes[idx], idx);
        let layers = built_specs.iter().enumerate().map(build).collect();
        let output_shape = shapes[shapes.len() - 1].clone();
        let tail_begin = spec.layers.len() - tail_specs.len();
        let tail = tail_specs.iter().enumerate();
        Ok(Self {
            tail: tail.map(|(idx, layer)| layer.build(&output_shape, tail_begin + idx)).collect(),
            shows_logits_in_training: tail_specs.iter().skip(1).all(|layer| is_identity(layer, true)),
            output_shape,
            spec: spec.clone(),
            layers,
            ranges,
            grads: vec![0.0; end],
            chunk_grads: vec![0.0; end],
            params,
        })
    }

    /// What this model was built from.
    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// All parameters in model order.
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// All parameters in model order, to change.
    pub fn params_mut(&mut self) -> &mut [f32] {
        &mut self.params
    }

    /// What an optimizer must know of the parameters.
    pub fn optimized_params(&self) -> Vec<OptimizedParam> {
        let params = self.spec.params().expect("a built model's spec is valid");
        let describe = |param: NamedParam| OptimizedParam {
            range: param.offset..param.offset + param.spec.size(),
            is_kernel: param.spec.name.ends_with("kernel"),
            extents: param.spec.extents,
            trainable: param.spec.trainable,
        };
        params.into_iter().map(describe).collect()
    }

    /// The gradients of the last [`Sequential::loss_and_gradients`], laid out as the parameters.
    pub fn grads(&self) -> &[f32] {
        &self.grads
    }

    /// Parameters to change and the gradients to change them by.
    pub fn params_and_grads(&mut self) -> (&mut [f32], &[f32]) {
        (&mut self.params, &self.grads)
    }

    /// Samples of a training batch of `batch_len` that are computed together: [`CHUNK_SIZE`], or
    /// all of them when a layer couples them.
    pub fn chunk_size(&self, batch_len: usize) -> usize {
        let couples = self.spec.layers.iter().any(LayerDef::couples_samples);
        if couples { batch_len.max(1) } else { CHUNK_SIZE }
    }

    /// The shape of one output.
    pub fn output_shape(&self) -> &Shape {
        &self.output_shape
    }

    /// What the sum of a whole batch's losses is divided by.
    pub fn divisor(&self, loss: LossSpec, batch: &Batch) -> f32 {
        loss.divisor(&self.output_shape, &batch.targets, batch.weights.as_deref())
    }

    /// The outputs of a batch in inference: probabilities where the model ends in softmax.
    ///
    /// # Shapes
    /// `input [n, ...input_shape]`, result `[n, ...output_shape]`.
    ///
    /// # Panics
    /// If `input` is not shaped as the spec says.
    pub fn predict(&mut self, input: &Tensor) -> Tensor {
        self.forward(input, Pass::Infer).values
    }

    /// Losses and predictions of a batch in inference.
    ///
    /// # Panics
    /// As [`Sequential::loss_and_gradients`].
    pub fn evaluate_batch(&mut self, batch: &Batch, loss: LossSpec) -> BatchResult {
        let divisor = self.divisor(loss, batch);
        let outputs = self.forward(&batch.input, Pass::Infer);
        let losses = loss.compute(&outputs, &batch.targets, batch.weights.as_deref(), divisor).values;
        BatchResult { losses, outputs, divisor }
    }

    /// Forward and backward of a whole batch in chunks of [`Sequential::chunk_size`]; leaves the
    /// gradient of the reduced loss in [`Sequential::grads`] and moves moving statistics. Returns
    /// each row's loss.
    ///
    /// # Panics
    /// As [`Sequential::add_chunk`].
    pub fn loss_and_gradients(&mut self, batch: &Batch, loss: LossSpec, pass: Pass) -> Vec<f32> {
        let divisor = self.divisor(loss, batch);
        let chunk_size = self.chunk_size(batch.len());
        let mut losses = Vec::new();
        for begin in (0..batch.len()).step_by(chunk_size) {
            let part = batch.slice(begin, (begin + chunk_size).min(batch.len()));
            let chunk = Chunk { begin, batch_len: batch.len(), divisor };
            losses.extend(self.add_chunk(&part, loss, pass.at(begin), chunk).losses);
        }
        losses
    }

    /// Forward and backward of one chunk of a batch. The first chunk replaces
    /// [`Sequential::grads`], each later one is summed by itself and then added.
    ///
    /// Chunks have a fixed size, so the order of summation does not depend on who computes them.
    /// After the last one layers have their [`Layer::after_batch`].
    ///
    /// # Panics
    /// If the input or the targets do not fit the spec, or `pass` is not a training pass.
    pub fn add_chunk(&mut self, part: &Batch, loss: LossSpec, pass: Pass, chunk: Chunk) -> BatchResult {
        assert!(pass.is_training(), "gradients need a training pass");
        let outputs = self.forward(&part.input, pass);
        let losses = loss.compute(&outputs, &part.targets, part.weights.as_deref(), chunk.divisor);
        let mut grad = losses.grad;
        if !losses.of_logits {
            for layer in self.tail.iter_mut().rev() {
                grad = layer.backward(&grad, &[], &mut [], true).expect("the gradient was asked for");
            }
        }
        let mut grads =
            std::mem::take(if chunk.begin == 0 { &mut self.grads } else { &mut self.chunk_grads });
        grads.fill(0.0);
        self.backward(grad, &mut grads);
        if chunk.begin == 0 {
            self.grads = grads;
        } else {
            self.grads.iter_mut().zip(&grads).for_each(|(sum, grad)| *sum += grad);
            self.chunk_grads = grads;
        }
        if chunk.begin + part.len() == chunk.batch_len {
            for (layer, range) in self.layers.iter_mut().zip(&self.ranges) {
                layer.after_batch(&mut self.params[range.clone()]);
            }
        }
        BatchResult { losses: losses.values, outputs, divisor: chunk.divisor }
    }

    fn backward(&mut self, mut grad: Tensor, grads: &mut [f32]) {
        let first_with_params = self.ranges.iter().position(|range| !range.is_empty());
        for (idx, layer) in self.layers.iter_mut().enumerate().rev() {
            // Below the first layer with parameters nobody asks for a gradient.
            let wants_grad_input = first_with_params.is_some_and(|first| idx > first);
            let range = self.ranges[idx].clone();
            match layer.backward(&grad, &self.params[range.clone()], &mut grads[range], wants_grad_input) {
                Some(next) if wants_grad_input => grad = next,
                _ => break,
            }
        }
    }

    fn forward(&mut self, input: &Tensor, pass: Pass) -> Outputs {
        assert_eq!(input.sample_shape(), self.spec.input_shape, "the model was built for another input");
        let mut layers = self.layers.iter_mut().zip(&self.ranges);
        let (first, range) = layers.next().expect("a valid spec has layers");
        let mut output = first.forward(input, &self.params[range.clone()], pass);
        for (layer, range) in layers {
            output = layer.forward(&output, &self.params[range.clone()], pass);
        }
        let Some((first, rest)) = self.tail.split_first_mut() else {
            return Outputs { values: output, logits: None };
        };
        let mut values = first.forward(&output, &[], pass);
        for layer in rest {
            values = layer.forward(&values, &[], pass);
        }
        let shows_logits = self.shows_logits_in_training || !pass.is_training();
        Outputs { values, logits: shows_logits.then_some(output) }
    }
}

/// The layers up to the logits behind a final softmax or sigmoid, which become linear, and those
/// from there on; the latter are none if there is no such activation.
fn split_at_logits(layers: &[LayerSpec]) -> (Vec<LayerSpec>, Vec<LayerSpec>) {
    let mut layers = layers.to_vec();
    let end = layers.iter().rposition(|layer| !is_identity(layer, false)).unwrap_or(0);
    let has_logits = |activation| matches!(activation, Activation::Softmax | Activation::Sigmoid);
    let take = |activation: &mut Activation| {
        has_logits(*activation).then(|| ActivationSpec { activation: std::mem::take(activation) }.into())
    };
    let taken_off: Option<LayerSpec> = match layers.get_mut(end) {
        Some(LayerSpec::Dense(dense)) => take(&mut dense.activation),
        Some(LayerSpec::Conv2d(conv)) => take(&mut conv.activation),
        Some(LayerSpec::DepthwiseConv2d(conv)) => take(&mut conv.activation),
        Some(LayerSpec::SeparableConv2d(conv)) => take(&mut conv.activation),
        Some(LayerSpec::Activation(layer)) => take(&mut layer.activation),
        // Over several axes at once Keras computes softmax by itself and keeps no logits.
        Some(last) => match last {
            LayerSpec::Softmax(softmax) if softmax.axis.0.len() == 1 => {
                Some(std::mem::replace(last, ActivationSpec::default().into()))
            }
            _ => None,
        },
        None => None,
    };
    let Some(taken_off) = taken_off else { return (layers, Vec::new()) };
    let after = layers.split_off(end + 1);
    (layers, std::iter::once(taken_off).chain(after).collect())
}

/// Whether a layer hands on what it is given. Keras then returns the very same tensor.
fn is_identity(layer: &LayerSpec, in_training: bool) -> bool {
    match layer {
        LayerSpec::Activation(layer) => layer.activation == Activation::Linear,
        LayerSpec::Dropout(layer) => !in_training || layer.rate == 0.0,
        LayerSpec::SpatialDropout2d(layer) => !in_training || layer.rate == 0.0,
        LayerSpec::GaussianNoise(layer) => !in_training || layer.stddev == 0.0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Targets;
    use crate::engine::layers::{ActivationSpec, DenseSpec, DropoutSpec, FlattenSpec, SoftmaxSpec};

    fn spec(layers: Vec<LayerSpec>) -> ModelSpec {
        ModelSpec { name: "test".to_owned(), input_shape: Shape::from([2, 3, 1]), layers }
    }

    fn dense(units: usize, activation: Activation) -> LayerSpec {
        DenseSpec { units, activation, ..DenseSpec::default() }.into()
    }

    fn small(activation: Activation) -> ModelSpec {
        spec(vec![FlattenSpec::default().into(), dense(4, Activation::Tanh), dense(3, activation)])
    }

    fn input() -> Tensor {
        Tensor::new(&[2, 2, 3, 1], (0..12).map(|i| (i as f32 * 0.7).sin()).collect())
    }

    const PASS: Pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };

    fn loss() -> LossSpec {
        LossSpec::default()
    }

    fn batch(labels: &[u8]) -> Batch {
        Batch::new(input(), Targets::from(labels))
    }

    #[test]
    fn gradients_of_the_whole_model_agree_with_differences() {
        for activation in [Activation::Softmax, Activation::Sigmoid] {
            let mut model = Sequential::new(&small(activation), 5).unwrap();
            model.loss_and_gradients(&batch(&[2, 0]), loss(), PASS);
            let grads = model.grads().to_vec();
            for (idx, analytic) in grads.iter().enumerate() {
                let w = model.params()[idx];
                let mut loss_at = |w: f32| {
                    model.params_mut()[idx] = w;
                    let losses = model.evaluate_batch(&batch(&[2, 0]), loss()).losses;
                    losses.iter().map(|l| f64::from(*l)).sum::<f64>() / 2.0
                };
                let (up, down) = (w + 1e-2, w - 1e-2);
                let numeric = (loss_at(up) - loss_at(down)) / f64::from(up - down);
                loss_at(w);
                assert!(
                    (numeric - f64::from(*analytic)).abs() < 1e-3,
                    "{activation:?} {idx}: {numeric} {analytic}"
                );
            }
        }
    }

    #[test]
    fn a_softmax_layer_at_the_end_is_fused_like_an_activation() {
        let mut inside = Sequential::new(&small(Activation::Softmax), 5).unwrap();
        for layer in
            [ActivationSpec { activation: Activation::Softmax }.into(), SoftmaxSpec::default().into()]
        {
            let mut layers = small(Activation::Linear).layers;
            layers.push(layer);
            let mut apart = Sequential::new(&spec(layers), 5).unwrap();
            assert_eq!(inside.predict(&input()), apart.predict(&input()));
            let results = [&mut inside, &mut apart]
                .map(|model| model.loss_and_gradients(&batch(&[1, 1]), loss(), PASS));
            assert_eq!(results[0], results[1]);
            assert_eq!(inside.grads(), apart.grads());
        }
    }

    /// As Keras's TensorFlow backend does it, which knows the logits behind a sigmoid too.
    #[test]
    fn a_sigmoid_at_the_end_is_fused_as_if_it_were_a_softmax() {
        let mut softmax = Sequential::new(&small(Activation::Softmax), 5).unwrap();
        let mut sigmoid = Sequential::new(&small(Activation::Sigmoid), 5).unwrap();
        let results =
            [&mut softmax, &mut sigmoid].map(|model| model.loss_and_gradients(&batch(&[1, 2]), loss(), PASS));
        assert_eq!(results[0], results[1]);
        assert_eq!(softmax.grads(), sigmoid.grads());
        assert_ne!(softmax.predict(&input()), sigmoid.predict(&input()));
    }

    #[test]
    fn chunks_add_up_to_the_batch() {
        let mut model = Sequential::new(&small(Activation::Softmax), 5).unwrap();
        let n = 2 * CHUNK_SIZE + 5;
        let values: Vec<f32> = (0..n * 6).map(|i| (i as f32 * 0.37).sin()).collect();
        let labels: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
        let whole = Batch::new(Tensor::new(&[n, 2, 3, 1], values), Targets::from(&labels[..]));
        assert_eq!(model.loss_and_gradients(&whole, loss(), PASS).len(), n);
        let in_chunks = model.grads().to_vec();
        let mut sums = vec![0.0; in_chunks.len()];
        for idx in 0..n {
            model.loss_and_gradients(&whole.slice(idx, idx + 1), loss(), PASS);
            sums.iter_mut().zip(model.grads()).for_each(|(sum, g)| *sum += f64::from(*g) / n as f64);
        }
        for (chunked, sum) in in_chunks.iter().zip(sums) {
            assert!((f64::from(*chunked) - sum).abs() < 1e-6, "{chunked} {sum}");
        }
    }

    /// As Keras 3.15.1 on TensorFlow: fit's loss of a dropped-out softmax is clipped, evaluate's not.
    #[test]
    fn dropout_hides_the_logits_in_training_only() {
        let layers = |rate| {
            vec![
                FlattenSpec::default().into(),
                dense(3, Activation::Softmax),
                DropoutSpec { rate, ..DropoutSpec::default() }.into(),
            ]
        };
        for (rate, in_training) in [(0.1, false), (0.0, true)] {
            let mut model = Sequential::new(&spec(layers(rate)), 5).unwrap();
            assert!(model.forward(&input(), Pass::Infer).logits.is_some());
            assert_eq!(model.forward(&input(), PASS).logits.is_some(), in_training);
            model.loss_and_gradients(&batch(&[0, 1]), loss(), PASS);
            assert!(model.grads().iter().any(|g| *g != 0.0));
        }
    }

    #[test]
    fn predictions_are_probabilities() {
        let output = Sequential::new(&small(Activation::Softmax), 5).unwrap().predict(&input());
        for row in output.values().chunks(3) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_parameters() {
        let params = |seed| Sequential::new(&small(Activation::Softmax), seed).unwrap().params().to_vec();
        assert_eq!(params(5), params(5));
        assert_ne!(params(5), params(6));
    }

    #[test]
    fn layers_without_parameters_below_the_first_one_need_no_gradient() {
        let layers = vec![
            DropoutSpec { rate: 0.5, ..DropoutSpec::default() }.into(),
            FlattenSpec::default().into(),
            dense(3, Activation::Softmax),
        ];
        let mut model = Sequential::new(&spec(layers), 5).unwrap();
        model.loss_and_gradients(&batch(&[0, 1]), loss(), PASS);
        assert!(model.grads().iter().any(|g| *g != 0.0));
    }
}
