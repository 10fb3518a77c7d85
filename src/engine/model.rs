//! [`Sequential`]: built layers over one flat block of parameters.

use crate::data::Batch;
use crate::engine::chunk::{ChunkResult, ChunkTask, Cut, GradientSum, Piece, TaskResult};
use crate::engine::layers::{self, Layer, LayerDef, Pass, Placed};
use crate::engine::logits::{is_identity, split_at_logits};
use crate::engine::losses::{LossSpec, Outputs};
use crate::engine::optimizers::OptimizedParam;
use crate::engine::penalties::Penalties;
use crate::engine::spec::{ModelSpec, NamedParam, SpecError};
use crate::engine::work;
use crate::tensor::buffer::Lease;
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Buffer, Shape, Tensor};

/// A built model.
///
/// A softmax or sigmoid at the end is split off: Keras's TensorFlow backend keeps the logits behind
/// either, and every cross-entropy is computed from those. Layers after it that change nothing, as
/// dropout in inference or a penalty on their input, do not hide the logits.
pub struct Sequential {
    spec: ModelSpec,
    layers: Vec<Placed>,
    params: Vec<f32>,
    grads: Vec<f32>,
    /// Gradients of chunks of a batch, before they are all added.
    sum: GradientSum,
    /// Buffers as long as `params` that nobody uses.
    free: Vec<Vec<f32>>,
    /// [`work::chunk_size`]; none when a layer couples the samples of a batch.
    chunk_size: Option<usize>,
    /// What follows the logits: the softmax or sigmoid at the end. None of these has parameters.
    tail: Vec<Box<dyn Layer>>,
    /// Whether the logits are seen through the tail in training too; in inference they are.
    shows_logits_in_training: bool,
    output_shape: Shape,
    penalties: Penalties,
    /// Last, so that what its layers keep is freed with it.
    _lease: Lease,
}

/// What a batch gave in inference.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchResult {
    /// Each row's loss times its weight; vectors have one row per sample.
    pub losses: Buffer<f32>,
    /// What the model gave.
    pub outputs: Outputs,
    /// [`Sequential::divisor`] of the whole batch.
    pub divisor: f32,
    /// What regularizers add to the loss.
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
        let layers = layers::build_all(&built_specs, &shapes);
        let end = layers.last().map_or(0, |layer| layer.params.end);
        assert_eq!(params.len(), end, "{} parameters for a model of {end}", params.len());
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
            grads: vec![0.0; end],
            sum: GradientSum::default(),
            free: Vec::new(),
            chunk_size: if work::couples_samples(spec) { None } else { Some(work::chunk_size(spec)?) },
            params,
            _lease: Lease::new(),
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

    /// Samples of a training batch of `batch_len` that are computed together: [`work::chunk_size`],
    /// or all of them when a layer couples them.
    pub fn chunk_size(&self, batch_len: usize) -> usize {
        self.chunk_size.unwrap_or(batch_len.max(1))
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
        self.penalties.take_activity();
        let outputs = self.forward(&batch.input, Pass::Infer);
        let losses = loss.compute(&outputs, &batch.targets, batch.weights.as_deref(), divisor).values;
        let activity = self.penalties.take_activity();
        let penalty = self.penalties.value(&self.params, batch.len(), activity);
        BatchResult { losses, outputs, divisor, penalty }
    }

    /// Forward and backward of a whole batch in chunks of [`Sequential::chunk_size`]; leaves the
    /// gradient of the reduced loss and the penalties in [`Sequential::grads`] and moves moving
    /// statistics. Gives each row's loss.
    ///
    /// # Panics
    /// If the input or the targets do not fit the spec, or `pass` is not a training pass.
    pub fn loss_and_gradients(&mut self, batch: &Batch, loss: LossSpec, pass: Pass) -> Buffer<f32> {
        let Pass::Train { seed, step, .. } = pass else { panic!("gradients need a training pass") };
        let cut = self.cut(batch, loss, seed, step);
        self.begin_batch();
        let rows = batch.len() * loss.rows(&self.output_shape, &batch.targets);
        let (mut losses, mut activity) = (Buffer::with_capacity(rows), 0.0);
        for chunk in 0..cut.num_chunks() {
            let range = cut.samples(&(chunk..chunk + 1));
            let part = batch.slice(range.start, range.end);
            let (result, piece) = self.compute_chunk(&part, loss, &cut, chunk);
            losses.extend_from_slice(&result.losses);
            activity += result.activity;
            self.gather(piece);
        }
        self.end_batch(batch.len(), activity);
        losses
    }

    /// How a training batch of this model is cut.
    pub fn cut(&self, batch: &Batch, loss: LossSpec, seed: u64, step: u64) -> Cut {
        let (batch_len, divisor) = (batch.len(), self.divisor(loss, batch));
        Cut { chunk_size: self.chunk_size(batch_len), batch_len, divisor, seed, step }
    }

    /// Forward and backward of some chunks of a batch. Changes nothing that another call could see,
    /// so that any replica with the same parameters gives the same.
    ///
    /// # Panics
    /// If the samples do not fit the spec.
    pub fn compute(&mut self, task: &ChunkTask, loss: LossSpec) -> TaskResult {
        let ChunkTask { chunks, cut, samples } = task;
        let first = cut.samples(chunks).start;
        let mut results = Vec::with_capacity(chunks.len());
        let mut sum = GradientSum::default();
        for chunk in chunks.clone() {
            let range = cut.samples(&(chunk..chunk + 1));
            let part = samples.slice(range.start - first, range.end - first);
            let (result, piece) = self.compute_chunk(&part, loss, cut, chunk);
            results.push(result);
            sum.push(piece, &mut self.free);
        }
        let pieces = sum.take_pieces().collect();
        TaskResult { step: cut.step, chunks: chunks.clone(), results, pieces }
    }

    /// Forward and backward of one chunk, whose samples are `part`.
    ///
    /// # Panics
    /// If the samples do not fit the spec.
    pub fn compute_chunk(
        &mut self,
        part: &Batch,
        loss: LossSpec,
        cut: &Cut,
        chunk: usize,
    ) -> (ChunkResult, Piece) {
        let mut grads = self.buffer();
        grads.fill(0.0);
        self.penalties.take_activity();
        let outputs = self.forward(&part.input, cut.pass(chunk));
        let losses = loss.compute(&outputs, &part.targets, part.weights.as_deref(), cut.divisor);
        let grad = self.backward_tail(losses.grad, losses.of_logits, cut.batch_len);
        self.backward(grad, &mut grads, cut.batch_len);
        let activity = self.penalties.take_activity();
        let chunks = chunk..chunk + 1;
        (ChunkResult { losses: losses.values, outputs, activity }, Piece { chunks, grads })
    }

    /// Forgets the gradients gathered before.
    pub fn begin_batch(&mut self) {
        self.free.extend(self.sum.take_pieces().map(|piece| piece.grads));
    }

    /// Adds the gradient of the chunks that follow those gathered before.
    ///
    /// # Panics
    /// If they are others.
    pub fn gather(&mut self, piece: Piece) {
        self.sum.push(piece, &mut self.free);
    }

    /// A buffer for a gradient, holding whatever was in it.
    pub fn buffer(&mut self) -> Vec<f32> {
        self.free.pop().unwrap_or_else(|| vec![0.0; self.params.len()])
    }

    /// Takes a gradient's buffer that is no longer needed.
    pub fn recycle(&mut self, grads: Vec<f32>) {
        self.free.push(grads);
    }

    /// Puts the gradients of all chunks of a batch together with those of the penalties on parameters
    /// into [`Sequential::grads`], and lets layers have their [`Layer::after_batch`]. Gives all
    /// penalties, those on the outputs of the whole batch being `activity`.
    ///
    /// # Panics
    /// If nothing was gathered.
    pub fn end_batch(&mut self, batch_len: usize, activity: f64) -> f32 {
        let sum = self.sum.finish(&mut self.free).expect("a batch has chunks");
        self.free.push(std::mem::replace(&mut self.grads, sum));
        self.penalties.add_gradients(&self.params, &mut self.grads);
        let penalty = self.penalties.value(&self.params, batch_len, activity);
        for Placed { layer, params, .. } in &mut self.layers {
            layer.after_batch(&mut self.params[params.clone()]);
        }
        penalty
    }

    /// The position in the spec of the layer that gives the logits.
    fn last(&self) -> usize {
        self.layers.last().expect("a valid spec has layers").last
    }

    /// The gradient of the logits, given that of the output or, where the loss knows it, of the
    /// logits themselves.
    fn backward_tail(&mut self, mut grad: Tensor, of_logits: bool, batch_len: usize) -> Tensor {
        if !of_logits {
            return self.backward_through_tail(grad, batch_len);
        }
        let last = self.last();
        if (last..last + self.tail.len()).any(|layer| self.penalties.has_activity(layer)) {
            let of_penalties = self.backward_through_tail(Tensor::zeros(grad.extents()), batch_len);
            grad.values_mut().iter_mut().zip(of_penalties.values()).for_each(|(g, p)| *g += p);
        }
        grad
    }

    /// The gradient of the logits through the tail, whose layers' outputs may be penalized.
    fn backward_through_tail(&mut self, mut grad: Tensor, batch_len: usize) -> Tensor {
        // What the first of the tail gives is the output of the spec's layer it was taken off.
        let last = self.last();
        for (idx, layer) in self.tail.iter_mut().enumerate().rev() {
            self.penalties.add_activity_gradient(last + idx, batch_len, &mut grad);
            grad = layer.backward(&grad, &[], &mut [], true).expect("the gradient was asked for");
        }
        grad
    }

    fn backward(&mut self, mut grad: Tensor, grads: &mut [f32], batch_len: usize) {
        for Placed { layer, params, last } in self.layers.iter_mut().rev() {
            // Below the first layer with parameters nobody asks for a gradient.
            let wants_grad_input = params.start > 0;
            self.penalties.add_activity_gradient(*last, batch_len, &mut grad);
            let grads = &mut grads[params.clone()];
            match layer.backward(&grad, &self.params[params.clone()], grads, wants_grad_input) {
                Some(next) if wants_grad_input => grad = next,
                _ => break,
            }
        }
    }

    fn forward(&mut self, input: &Tensor, pass: Pass) -> Outputs {
        assert_eq!(input.sample_extents(), self.spec.input_shape.0, "the model was built for another input");
        let last = self.last();
        let (first, layers) = self.layers.split_first_mut().expect("a valid spec has layers");
        let mut output = first.layer.forward(input, &self.params[first.params.clone()], pass);
        let mut before = first.last;
        for Placed { layer, params, last } in layers {
            self.penalties.observe(before, &output, pass.is_training());
            output = layer.forward(&output, &self.params[params.clone()], pass);
            before = *last;
        }
        let Some((first, rest)) = self.tail.split_first_mut() else {
            self.penalties.observe(last, &output, pass.is_training());
            return Outputs { values: output, logits: None };
        };
        let mut values = first.forward(&output, &[], pass);
        self.penalties.observe(last, &values, pass.is_training());
        for (layer, idx) in rest.iter_mut().zip(last + 1..) {
            values = layer.forward(&values, &[], pass);
            self.penalties.observe(idx, &values, pass.is_training());
        }
        let shows_logits = self.shows_logits_in_training || !pass.is_training();
        Outputs { values, logits: shows_logits.then_some(output) }
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
