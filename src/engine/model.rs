//! [`Sequential`]: built layers over one flat block of parameters.

use std::ops::Range;

use crate::engine::layers::{
    Activation, ActivationSpec, Layer, LayerDef, LayerSpec, ParamSpec, Pass, SoftmaxSpec,
};
use crate::engine::losses::{LossSpec, clipped_crossentropy, softmax_crossentropy};
use crate::engine::metrics::argmax_rows;
use crate::engine::optimizers::OptimizedParam;
use crate::engine::spec::{ModelSpec, NamedParam, SpecError};
use crate::tensor::Tensor;
use crate::tensor::rng::{Purpose, Rng};

/// A built model.
///
/// A softmax at the end is taken off and fused with the loss, as Keras's TensorFlow backend does;
/// [`Sequential::predict`] applies it again. So is a sigmoid: that backend keeps the logits behind
/// either, and categorical cross-entropy then takes the softmax of them.
pub struct Sequential {
    spec: ModelSpec,
    layers: Vec<Box<dyn Layer>>,
    /// Where each layer's parameters lie in `params` and `grads`.
    ranges: Vec<Range<usize>>,
    params: Vec<f32>,
    grads: Vec<f32>,
    /// Gradients of one chunk of a batch, before they are added to `grads`.
    chunk_grads: Vec<f32>,
    /// What was taken off the end.
    fused: Option<Activation>,
}

/// Samples of a batch that are computed together. Small enough that a chunk of the largest preset
/// takes a fraction of 100 ms in a browser, so that Stop acts in time; not tuned for speed yet.
pub const CHUNK_SIZE: usize = 32;

/// Which part of a batch a chunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Position in the batch of the chunk's first sample.
    pub begin: usize,
    /// Samples in the whole batch.
    pub batch_len: usize,
}

/// What one batch gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BatchResult {
    /// Each sample's loss.
    pub losses: Vec<f32>,
    /// Each sample's predicted class.
    pub predicted: Vec<u8>,
}

impl BatchResult {
    /// Adds the next chunk's results.
    pub fn append(&mut self, next: Self) {
        self.losses.extend(next.losses);
        self.predicted.extend(next.predicted);
    }
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
        let (built_specs, fused) = without_fused_activation(&spec.layers);
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
        Ok(Self {
            spec: spec.clone(),
            layers,
            ranges,
            grads: vec![0.0; end],
            chunk_grads: vec![0.0; end],
            params,
            fused,
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

    /// The outputs of a batch in inference: probabilities where the model ends in softmax.
    ///
    /// # Shapes
    /// `input [n, ...input_shape]`, result `[n, ...output_shape]`.
    ///
    /// # Panics
    /// If `input` is not shaped as the spec says.
    pub fn predict(&mut self, input: &Tensor) -> Tensor {
        let output = self.forward(input, Pass::Infer);
        self.activated(output)
    }

    /// Losses and predictions of a batch in inference.
    ///
    /// # Panics
    /// As [`Sequential::loss_and_gradients`].
    pub fn evaluate_batch(&mut self, input: &Tensor, labels: &[u8], loss: LossSpec) -> BatchResult {
        let output = self.forward(input, Pass::Infer);
        let (losses, _) = self.loss(loss, &output, labels, labels.len());
        BatchResult { losses, predicted: argmax_rows(&self.activated(output)) }
    }

    /// Forward and backward of a whole batch in chunks of [`Sequential::chunk_size`]; leaves the
    /// gradient of the mean loss in [`Sequential::grads`] and moves moving statistics.
    ///
    /// # Panics
    /// As [`Sequential::add_chunk`].
    pub fn loss_and_gradients(
        &mut self,
        input: &Tensor,
        labels: &[u8],
        loss: LossSpec,
        pass: Pass,
    ) -> BatchResult {
        let sample_size = self.spec.input_shape.size();
        let chunk_size = self.chunk_size(labels.len());
        let mut whole = BatchResult::default();
        let chunks = input.values().chunks(chunk_size * sample_size).zip(labels.chunks(chunk_size));
        for (idx, (values, chunk_labels)) in chunks.enumerate() {
            let extents = self.spec.input_shape.with_batch(chunk_labels.len());
            let chunk = Chunk { begin: idx * chunk_size, batch_len: labels.len() };
            let result = self.add_chunk(
                &Tensor::new(&extents, values.to_vec()),
                chunk_labels,
                loss,
                pass.at(chunk.begin),
                chunk,
            );
            whole.append(result);
        }
        whole
    }

    /// Forward and backward of one chunk of a batch. The first chunk replaces
    /// [`Sequential::grads`], each later one is summed by itself and then added.
    ///
    /// Chunks have a fixed size, so the order of summation does not depend on who computes them.
    /// After the last one layers have their [`Layer::after_batch`].
    ///
    /// # Panics
    /// If `input` or `labels` do not fit the spec, or `pass` is not a training pass.
    pub fn add_chunk(
        &mut self,
        input: &Tensor,
        labels: &[u8],
        loss: LossSpec,
        pass: Pass,
        chunk: Chunk,
    ) -> BatchResult {
        assert!(pass.is_training(), "gradients need a training pass");
        let output = self.forward(input, pass);
        let (losses, grad) = self.loss(loss, &output, labels, chunk.batch_len);
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
        if chunk.begin + losses.len() == chunk.batch_len {
            for (layer, range) in self.layers.iter_mut().zip(&self.ranges) {
                layer.after_batch(&mut self.params[range.clone()]);
            }
        }
        BatchResult { losses, predicted: argmax_rows(&self.activated(output)) }
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

    fn forward(&mut self, input: &Tensor, pass: Pass) -> Tensor {
        assert_eq!(input.sample_shape(), self.spec.input_shape, "the model was built for another input");
        let mut layers = self.layers.iter_mut().zip(&self.ranges);
        let (first, range) = layers.next().expect("a valid spec has layers");
        let mut output = first.forward(input, &self.params[range.clone()], pass);
        for (layer, range) in layers {
            output = layer.forward(&output, &self.params[range.clone()], pass);
        }
        output
    }

    /// Applies what was taken off the end.
    fn activated(&self, mut output: Tensor) -> Tensor {
        if let Some(activation) = self.fused {
            let last_axis = output.extents()[output.extents().len() - 1];
            activation.apply(output.values_mut(), last_axis);
        }
        output
    }

    fn loss(&self, loss: LossSpec, output: &Tensor, labels: &[u8], batch_len: usize) -> (Vec<f32>, Tensor) {
        match loss {
            LossSpec::CategoricalCrossentropy if self.fused.is_some() => {
                softmax_crossentropy(output, labels, batch_len)
            }
            LossSpec::CategoricalCrossentropy => clipped_crossentropy(output, labels, batch_len),
        }
    }
}

/// The layers with a softmax or sigmoid at the very end replaced by the identity, and which it was.
fn without_fused_activation(layers: &[LayerSpec]) -> (Vec<LayerSpec>, Option<Activation>) {
    let mut layers = layers.to_vec();
    let activation = match layers.last_mut() {
        Some(LayerSpec::Dense(dense)) => &mut dense.activation,
        Some(LayerSpec::Conv2d(conv)) => &mut conv.activation,
        Some(LayerSpec::Activation(layer)) => &mut layer.activation,
        Some(last @ LayerSpec::Softmax(_)) if *last == SoftmaxSpec::default().into() => {
            *last = ActivationSpec::default().into();
            return (layers, Some(Activation::Softmax));
        }
        Some(_) | None => return (layers, None),
    };
    let fused = Some(*activation).filter(|a| matches!(a, Activation::Softmax | Activation::Sigmoid));
    if fused.is_some() {
        *activation = Activation::Linear;
    }
    (layers, fused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{ActivationSpec, DenseSpec, DropoutSpec, FlattenSpec};
    use crate::tensor::Shape;

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
    const LOSS: LossSpec = LossSpec::CategoricalCrossentropy;

    #[test]
    fn gradients_of_the_whole_model_agree_with_differences() {
        for activation in [Activation::Softmax, Activation::Sigmoid] {
            let mut model = Sequential::new(&small(activation), 5).unwrap();
            model.loss_and_gradients(&input(), &[2, 0], LOSS, PASS);
            let grads = model.grads().to_vec();
            for (idx, analytic) in grads.iter().enumerate() {
                let w = model.params()[idx];
                let mut loss_at = |w: f32| {
                    model.params_mut()[idx] = w;
                    let losses = model.evaluate_batch(&input(), &[2, 0], LOSS).losses;
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
                .map(|model| model.loss_and_gradients(&input(), &[1, 1], LOSS, PASS));
            assert_eq!(results[0], results[1]);
            assert_eq!(inside.grads(), apart.grads());
        }
    }

    /// As Keras's TensorFlow backend does it, which knows the logits behind a sigmoid too.
    #[test]
    fn a_sigmoid_at_the_end_is_fused_as_if_it_were_a_softmax() {
        let mut softmax = Sequential::new(&small(Activation::Softmax), 5).unwrap();
        let mut sigmoid = Sequential::new(&small(Activation::Sigmoid), 5).unwrap();
        let results = [&mut softmax, &mut sigmoid]
            .map(|model| model.loss_and_gradients(&input(), &[1, 2], LOSS, PASS).losses);
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
        let result =
            model.loss_and_gradients(&Tensor::new(&[n, 2, 3, 1], values.clone()), &labels, LOSS, PASS);
        assert_eq!((result.losses.len(), result.predicted.len()), (n, n));
        let in_chunks = model.grads().to_vec();
        let mut sums = vec![0.0; in_chunks.len()];
        for (values, label) in values.chunks(6).zip(&labels) {
            model.loss_and_gradients(&Tensor::new(&[1, 2, 3, 1], values.to_vec()), &[*label], LOSS, PASS);
            sums.iter_mut().zip(model.grads()).for_each(|(sum, g)| *sum += f64::from(*g) / n as f64);
        }
        for (chunked, sum) in in_chunks.iter().zip(sums) {
            assert!((f64::from(*chunked) - sum).abs() < 1e-6, "{chunked} {sum}");
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
        model.loss_and_gradients(&input(), &[0, 1], LOSS, PASS);
        assert!(model.grads().iter().any(|g| *g != 0.0));
    }
}
