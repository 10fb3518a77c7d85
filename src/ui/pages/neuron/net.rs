//! A stack of dense layers on two inputs, computed by the engine: as a whole, and layer by layer for one point.

use super::points::Sample;
use crate::data::{Batch, Targets};
use crate::engine::layers::{Activation, ActivationSpec, DenseSpec, LayerSpec, Pass};
use crate::engine::losses::{
    BinaryCrossentropySpec, CategoricalCrossentropySpec, LossSpec, MeanSquaredErrorSpec,
};
use crate::engine::model::Sequential;
use crate::engine::optimizers::{OptimizerSpec, SgdSpec};
use crate::engine::spec::ModelSpec;
use crate::tensor::{Shape, Tensor};
use crate::ui::one_layer;
use crate::ui::pages::losses::measured;

/// What is minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossKind {
    /// `MeanSquaredError`
    Squared,
    /// `BinaryCrossentropy` of one output, `CategoricalCrossentropy` of several.
    Crossentropy,
}

/// The stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Net {
    /// How many values come in, and how many leave each layer; the first is 2.
    pub sizes: Vec<usize>,
    /// Of each layer.
    pub activations: Vec<Activation>,
    /// What is minimized.
    pub loss: LossKind,
}

/// One layer on the way of one point.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerTrace {
    /// What came in.
    pub input: Vec<f32>,
    /// The sums, before the activation.
    pub sums: Vec<f32>,
    /// What left.
    pub output: Vec<f32>,
    /// The loss's gradient with respect to the output.
    pub of_output: Vec<f32>,
    /// With respect to the sums.
    pub of_sums: Vec<f32>,
    /// With respect to kernel and bias, one after the other.
    pub of_params: Vec<f32>,
    /// With respect to the input.
    pub of_input: Vec<f32>,
}

/// The way of one point, forward and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// From the input to the output.
    pub layers: Vec<LayerTrace>,
    /// What should have come out.
    pub target: Vec<f32>,
    /// Its loss.
    pub loss: f32,
}

impl Net {
    /// How many outputs.
    pub fn outputs(&self) -> usize {
        self.sizes[self.sizes.len() - 1]
    }

    /// How many classes: two for one output.
    pub fn classes(&self) -> usize {
        self.outputs().max(2)
    }

    /// The engine's model.
    pub fn spec(&self) -> ModelSpec {
        let layer = |(units, activation): (&usize, &Activation)| {
            DenseSpec { units: *units, activation: *activation, ..DenseSpec::default() }.into()
        };
        let layers = self.sizes[1..].iter().zip(&self.activations).map(layer).collect();
        ModelSpec { name: String::new(), input_shape: Shape::from([self.sizes[0]]), layers }
    }

    /// The engine's loss.
    pub fn loss(&self) -> LossSpec {
        match self.loss {
            LossKind::Squared => MeanSquaredErrorSpec::default().into(),
            LossKind::Crossentropy if self.outputs() == 1 => BinaryCrossentropySpec::default().into(),
            LossKind::Crossentropy => CategoricalCrossentropySpec::default().into(),
        }
    }

    /// How many parameters.
    pub fn num_params(&self) -> usize {
        self.offset(self.sizes.len() - 1)
    }

    /// Where a layer's parameters begin.
    pub fn offset(&self, layer: usize) -> usize {
        self.sizes.windows(2).take(layer).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }

    /// The place of the weight from unit `from` to unit `to` of a layer; after the last `from` comes the bias.
    pub fn place(&self, layer: usize, from: usize, to: usize) -> usize {
        self.offset(layer) + from * self.sizes[layer + 1] + to
    }

    /// The layer, the unit it comes from and the unit it goes to; a bias comes from after the last.
    pub fn part(&self, place: usize) -> (usize, usize, usize) {
        let mut layer = 0;
        while layer + 2 < self.sizes.len() && self.offset(layer + 1) <= place {
            layer += 1;
        }
        let within = place - self.offset(layer);
        (layer, within / self.sizes[layer + 1], within % self.sizes[layer + 1])
    }

    /// `GlorotUniform` kernels and biases of 0.
    ///
    /// # Panics
    /// Never: every layer has a unit.
    pub fn initial(&self, seed: u64) -> Vec<f32> {
        Sequential::new(&self.spec(), seed).expect("every layer has a unit").params().to_vec()
    }

    /// The target row of a point.
    pub fn target(&self, target: f32) -> Vec<f32> {
        if self.outputs() == 1 {
            return vec![target];
        }
        let class = (target.round().max(0.0) as usize).min(self.outputs() - 1);
        (0..self.outputs()).map(|idx| f32::from(u8::from(idx == class))).collect()
    }

    fn built(&self, params: &[f32]) -> Sequential {
        Sequential::with_params(&self.spec(), params.to_vec()).expect("every layer has a unit")
    }

    fn batch(&self, samples: &[Sample]) -> Batch {
        let input = samples.iter().flat_map(|sample| sample.x).collect();
        let targets = samples.iter().flat_map(|sample| self.target(sample.target)).collect();
        let targets = Tensor::new(&[samples.len(), self.outputs()], targets);
        Batch::new(Tensor::new(&[samples.len(), self.sizes[0]], input), Targets::Values(targets))
    }

    /// What comes out for each point, a row of outputs after the other.
    pub fn predict(&self, params: &[f32], points: &[[f32; 2]]) -> Vec<f32> {
        if points.is_empty() {
            return Vec::new();
        }
        let input = Tensor::new(&[points.len(), self.sizes[0]], points.as_flattened().to_vec());
        self.built(params).predict(&input).into_values()
    }

    /// The mean loss of some points and the share of right answers.
    pub fn evaluate(&self, params: &[f32], samples: &[Sample]) -> Option<(f64, f64)> {
        if samples.is_empty() {
            return None;
        }
        let (batch, loss) = (self.batch(samples), self.loss());
        let result = self.built(params).evaluate_batch(&batch, loss);
        let outputs = result.outputs.values.values();
        let is_right = |(row, sample): (&[f32], &Sample)| self.answer(row) == sample.class();
        let right = outputs.chunks(self.outputs()).zip(samples).filter(|pair| is_right(*pair)).count();
        Some((loss.reduce(&result.losses, result.divisor), right as f64 / samples.len() as f64))
    }

    /// The class that a row of outputs stands for.
    pub fn answer(&self, row: &[f32]) -> usize {
        if row.len() == 1 {
            return usize::from(row[0] > 0.5);
        }
        let mut best = 0;
        for (idx, value) in row.iter().enumerate() {
            if *value > row[best] {
                best = idx;
            }
        }
        best
    }

    /// The gradient of the mean loss of some points with respect to every parameter.
    pub fn gradient(&self, params: &[f32], samples: &[Sample]) -> Vec<f32> {
        if samples.is_empty() {
            return vec![0.0; params.len()];
        }
        let mut model = self.built(params);
        let pass = Pass::Train { seed: 0, step: 0, first_sample: 0 };
        model.loss_and_gradients(&self.batch(samples), self.loss(), pass);
        model.grads().to_vec()
    }

    /// The parameters after some steps of SGD on these points.
    pub fn stepped(&self, params: &[f32], samples: &[Sample], learning_rate: f32, steps: usize) -> Vec<f32> {
        if samples.is_empty() {
            return params.to_vec();
        }
        let (mut model, batch, loss) = (self.built(params), self.batch(samples), self.loss());
        let spec = OptimizerSpec::from(SgdSpec::default()).with_learning_rate(learning_rate);
        let mut optimizer = spec.build(&model.optimized_params());
        for step in 0..steps {
            let pass = Pass::Train { seed: 0, step: step as u64, first_sample: 0 };
            model.loss_and_gradients(&batch, loss, pass);
            let (params, grads) = model.params_and_grads();
            optimizer.step(params, grads);
        }
        model.params().to_vec()
    }

    /// One point forward and back, layer by layer.
    ///
    /// # Panics
    /// Never: the layers take what the ones before give.
    pub fn trace(&self, params: &[f32], sample: Sample) -> Trace {
        let mut input = sample.x.to_vec();
        let mut layers = Vec::new();
        for layer in 0..self.activations.len() {
            let (dense, own) = self.dense(layer, params);
            let shape = Shape::from([input.len()]);
            let (shape, sums) = one_layer::forward(&dense, &shape, &input, own).expect("a row goes in");
            let activation = activation(self.activations[layer]);
            let (_, output) = one_layer::forward(&activation, &shape, &sums, &[]).expect("a row goes in");
            let next = output.clone();
            layers.push(LayerTrace {
                input,
                sums,
                output,
                of_output: Vec::new(),
                of_sums: Vec::new(),
                of_params: Vec::new(),
                of_input: Vec::new(),
            });
            input = next;
        }
        let target = self.target(sample.target);
        let last = layers.len() - 1;
        let (losses, mut of_output) =
            measured(self.loss(), &layers[last].output, None, &target, target.len());
        let mut loss = losses[0];
        // As in Keras, a cross-entropy looks at the logits behind a final sigmoid or softmax.
        let has_logits = matches!(self.activations[last], Activation::Sigmoid | Activation::Softmax);
        let mut of_logits = None;
        if self.loss == LossKind::Crossentropy && has_logits {
            let logits = Some(&layers[last].sums[..]);
            let (losses, grad) = measured(self.loss(), &layers[last].output, logits, &target, target.len());
            (loss, of_logits) = (losses[0], Some(grad));
        }
        for (idx, layer) in layers.iter_mut().enumerate().rev() {
            let (dense, own) = self.dense(idx, params);
            let row = Shape::from([layer.sums.len()]);
            let activation = activation(self.activations[idx]);
            let of_sums = of_logits.take().unwrap_or_else(|| {
                let back = one_layer::backward(&activation, &row, &layer.sums, &[], &of_output);
                back.expect("it went forward").input
            });
            let shape = Shape::from([layer.input.len()]);
            let back = one_layer::backward(&dense, &shape, &layer.input, own, &of_sums);
            let back = back.expect("it went forward");
            let before = back.input.clone();
            layer.of_output = std::mem::replace(&mut of_output, before);
            (layer.of_sums, layer.of_params, layer.of_input) = (of_sums, back.params, back.input);
        }
        Trace { layers, target, loss }
    }

    /// A layer without its activation, and its parameters.
    fn dense<'a>(&self, layer: usize, params: &'a [f32]) -> (LayerSpec, &'a [f32]) {
        let spec = DenseSpec { units: self.sizes[layer + 1], ..DenseSpec::default() };
        (spec.into(), &params[self.offset(layer)..self.offset(layer + 1)])
    }
}

fn activation(activation: Activation) -> LayerSpec {
    ActivationSpec { activation }.into()
}

/// A function's value and slope at some numbers, each alone.
///
/// # Panics
/// Never: an activation takes anything.
pub fn activation_curve(kind: Activation, at: &[f32]) -> Vec<(f32, f32)> {
    let (spec, shape) = (activation(kind), Shape::from([1]));
    let point = |z: &f32| {
        let (_, value) = one_layer::forward(&spec, &shape, &[*z], &[]).expect("an activation takes anything");
        let slope = one_layer::backward(&spec, &shape, &[*z], &[], &[1.0]).expect("it went forward");
        (value[0], slope.input[0])
    };
    at.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::neuron::Points;

    fn nets() -> Vec<Net> {
        let mut nets = Vec::new();
        for outputs in [1, 3] {
            for loss in [LossKind::Squared, LossKind::Crossentropy] {
                let last = if outputs == 1 { Activation::Sigmoid } else { Activation::Softmax };
                let activations = vec![Activation::Tanh, Activation::Gelu, last];
                nets.push(Net { sizes: vec![2, 4, 3, outputs], activations, loss });
            }
        }
        nets
    }

    #[test]
    fn layer_by_layer_gives_what_the_model_gives() {
        for net in nets() {
            let params = net.initial(5);
            assert_eq!(params.len(), net.num_params());
            for sample in Points::Blobs.samples(1, net.classes()).into_iter().take(6) {
                let trace = net.trace(&params, sample);
                let output = net.predict(&params, &[sample.x]);
                for (own, whole) in trace.layers[2].output.iter().zip(&output) {
                    assert!((own - whole).abs() < 1e-6, "{own} {whole}");
                }
                let (loss, _) = net.evaluate(&params, &[sample]).unwrap();
                assert!((f64::from(trace.loss) - loss).abs() < 1e-6);
                let whole = net.gradient(&params, &[sample]);
                let parts: Vec<f32> = trace.layers.iter().flat_map(|layer| layer.of_params.clone()).collect();
                for (part, whole) in parts.iter().zip(&whole) {
                    assert!((part - whole).abs() < 1e-6, "{net:?}: {part} {whole}");
                }
            }
        }
    }

    #[test]
    fn every_place_is_found_by_its_part() {
        for net in nets() {
            for place in 0..net.num_params() {
                let (layer, from, to) = net.part(place);
                assert_eq!(net.place(layer, from, to), place);
                assert!(from <= net.sizes[layer] && to < net.sizes[layer + 1]);
            }
        }
    }

    #[test]
    fn a_step_goes_against_the_gradient_and_many_learn() {
        for net in nets() {
            let samples = Points::Blobs.samples(1, net.classes());
            let params = net.initial(3);
            let gradient = net.gradient(&params, &samples);
            let next = net.stepped(&params, &samples, 0.5, 1);
            for ((next, before), gradient) in next.iter().zip(&params).zip(&gradient) {
                assert!((next - (before - 0.5 * gradient)).abs() < 1e-6);
            }
            let later = net.stepped(&params, &samples, 0.5, 1500);
            let (before, _) = net.evaluate(&params, &samples).unwrap();
            let (after, right) = net.evaluate(&later, &samples).unwrap();
            assert!(after < before && right > 0.85, "{net:?}: {after} {right}");
        }
    }

    #[test]
    fn curves_are_those_of_every_activation() {
        for kind in Activation::ALL {
            assert_eq!(activation_curve(kind, &[-1.0, 0.5]).len(), 2);
        }
        assert_eq!(activation_curve(Activation::Relu, &[2.0, -1.0]), [(2.0, 1.0), (0.0, 0.0)]);
    }
}
