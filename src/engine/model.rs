//! [`Sequential`]: built layers over one flat block of parameters.

use std::ops::Range;

use crate::data::Batch;
use crate::engine::layers::{Activation, ActivationSpec, Layer, LayerDef, LayerSpec, ParamSpec, Pass};
use crate::engine::losses::{LossSpec, Outputs};
use crate::engine::optimizers::OptimizedParam;
use crate::engine::penalties::Penalties;
use crate::engine::regularizers::RegularizerSpec;
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
    penalties: Penalties,
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
    /// What regularizers add to the loss of the whole batch; 0 before its last chunk.
    pub penalty: f32,
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
        let penalties = Penalties::new(spec, spec.params()?);
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
            penalties,
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

    /// Changes parameters as their constraints say; follows every step of the optimizer.
    pub fn constrain(&mut self) {
        self.penalties.constrain(&mut self.params);
    }

    /// Samples of a training batch of `batch_len` that are computed together: [`CHUNK_SIZE`], or
    /// all of them when a layer couples them.
    pub fn chunk_size(&self, batch_len: usize) -> usize {
        let couples = self.spec.layers.iter().any(|layer| {
            layer.couples_samples()
                || layer.activity_regularizer().is_some_and(RegularizerSpec::couples_samples)
        });
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
        self.penalties.begin_batch();
        let outputs = self.forward(&batch.input, Pass::Infer);
        let losses = loss.compute(&outputs, &batch.targets, batch.weights.as_deref(), divisor).values;
        let penalty = self.penalties.value(&self.params, batch.len());
        BatchResult { losses, outputs, divisor, penalty }
    }

    /// Forward and backward of a whole batch in chunks of [`Sequential::chunk_size`]; leaves the
    /// gradient of the reduced loss and the penalties in [`Sequential::grads`] and moves moving statistics. Returns
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
    /// After the last one the gradients of penalties on parameters are added and layers have their
    /// [`Layer::after_batch`].
    ///
    /// # Panics
    /// If the input or the targets do not fit the spec, or `pass` is not a training pass.
    pub fn add_chunk(&mut self, part: &Batch, loss: LossSpec, pass: Pass, chunk: Chunk) -> BatchResult {
        assert!(pass.is_training(), "gradients need a training pass");
        if chunk.begin == 0 {
            self.penalties.begin_batch();
        }
        let outputs = self.forward(&part.input, pass);
        let losses = loss.compute(&outputs, &part.targets, part.weights.as_deref(), chunk.divisor);
        let grad = self.backward_tail(losses.grad, losses.of_logits, chunk.batch_len);
        let mut grads =
            std::mem::take(if chunk.begin == 0 { &mut self.grads } else { &mut self.chunk_grads });
        grads.fill(0.0);
        self.backward(grad, &mut grads, chunk.batch_len);
        if chunk.begin == 0 {
            self.grads = grads;
        } else {
            self.grads.iter_mut().zip(&grads).for_each(|(sum, grad)| *sum += grad);
            self.chunk_grads = grads;
        }
        let mut penalty = 0.0;
        if chunk.begin + part.len() == chunk.batch_len {
            self.penalties.add_gradients(&self.params, &mut self.grads);
            penalty = self.penalties.value(&self.params, chunk.batch_len);
            for (layer, range) in self.layers.iter_mut().zip(&self.ranges) {
                layer.after_batch(&mut self.params[range.clone()]);
            }
        }
        BatchResult { losses: losses.values, outputs, divisor: chunk.divisor, penalty }
    }

    /// The gradient of the logits, given that of the output or, where the loss knows it, of the
    /// logits themselves.
    fn backward_tail(&mut self, mut grad: Tensor, of_logits: bool, batch_len: usize) -> Tensor {
        let Some((first, rest)) = self.tail.split_first_mut() else { return grad };
        let back = |layer: &mut Box<dyn Layer>, grad: &Tensor| {
            layer.backward(grad, &[], &mut [], true).expect("the gradient was asked for")
        };
        // What the first of the tail gives is the output of the last layer before it.
        let last = self.layers.len() - 1;
        if !of_logits {
            for layer in rest.iter_mut().rev() {
                grad = back(layer, &grad);
            }
            self.penalties.add_activity_gradient(last, batch_len, &mut grad);
            return back(first, &grad);
        }
        if self.penalties.has_activity(last) {
            let mut of_penalty = Tensor::zeros(grad.extents());
            self.penalties.add_activity_gradient(last, batch_len, &mut of_penalty);
            let of_penalty = back(first, &of_penalty);
            grad.values_mut().iter_mut().zip(of_penalty.values()).for_each(|(g, p)| *g += p);
        }
        grad
    }

    fn backward(&mut self, mut grad: Tensor, grads: &mut [f32], batch_len: usize) {
        let first_with_params = self.ranges.iter().position(|range| !range.is_empty());
        for (idx, layer) in self.layers.iter_mut().enumerate().rev() {
            // Below the first layer with parameters nobody asks for a gradient.
            let wants_grad_input = first_with_params.is_some_and(|first| idx > first);
            let range = self.ranges[idx].clone();
            self.penalties.add_activity_gradient(idx, batch_len, &mut grad);
            match layer.backward(&grad, &self.params[range.clone()], &mut grads[range], wants_grad_input) {
                Some(next) if wants_grad_input => grad = next,
                _ => break,
            }
        }
    }

    fn forward(&mut self, input: &Tensor, pass: Pass) -> Outputs {
        assert_eq!(input.sample_shape(), self.spec.input_shape, "the model was built for another input");
        let last = self.layers.len() - 1;
        let mut layers = self.layers.iter_mut().zip(&self.ranges).enumerate();
        let (_, (first, range)) = layers.next().expect("a valid spec has layers");
        let mut output = first.forward(input, &self.params[range.clone()], pass);
        for (idx, (layer, range)) in layers {
            self.penalties.observe(idx - 1, &output, pass.is_training());
            output = layer.forward(&output, &self.params[range.clone()], pass);
        }
        let Some((first, rest)) = self.tail.split_first_mut() else {
            self.penalties.observe(last, &output, pass.is_training());
            return Outputs { values: output, logits: None };
        };
        let mut values = first.forward(&output, &[], pass);
        self.penalties.observe(last, &values, pass.is_training());
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
#[path = "model_tests.rs"]
mod tests;
