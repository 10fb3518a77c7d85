//! [`Probe`]: a model's layers one by one, their outputs, and gradients of one number of its output.

use std::ops::Range;

use crate::engine::layers::{ActivationSpec, DataFormat, Layer, LayerDef, LayerSpec, ParamSpec, Pass};
use crate::engine::logits::split_at_logits;
use crate::engine::spec::{ModelSpec, SpecError};
use crate::tensor::{Shape, Tensor};

/// The pass in which the layers of a probe remember what a gradient needs. Nothing in them is random.
const REMEMBER: Pass = Pass::Train { seed: 0, step: 0, first_sample: 0 };

/// Which number stands for a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Score {
    /// What softmax or sigmoid is given: the class's own evidence, untouched by the other classes. Simonyan et
    /// al. (2014) and Selvaraju et al. (2017) differentiate this one. Without such an activation at the end it is
    /// the output itself.
    #[default]
    Logit,
    /// The model's output, as in `model(x)[:, class]` under a `GradientTape`.
    Probability,
}

/// What every layer made of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The output of each layer of the spec.
    pub outputs: Vec<Tensor>,
    /// What the softmax or sigmoid at the end was given, if there is one.
    pub logits: Option<Tensor>,
}

/// A model taken apart.
pub struct Probe {
    spec: ModelSpec,
    shapes: Vec<Shape>,
    /// Up to the logits, one for each layer of the spec.
    body: Vec<Box<dyn Layer>>,
    /// Where the parameters of each of the body lie.
    ranges: Vec<Range<usize>>,
    /// From the softmax or sigmoid at the end on.
    tail: Vec<Box<dyn Layer>>,
    params: Vec<f32>,
    /// Takes the gradients of parameters, which nobody reads.
    unread: Vec<f32>,
}

impl Probe {
    /// Takes the model apart, over given parameters in model order.
    ///
    /// # Errors
    /// If the spec is not valid.
    ///
    /// # Panics
    /// If there are not as many parameters as the spec has.
    pub fn new(spec: &ModelSpec, params: Vec<f32>) -> Result<Self, SpecError> {
        let shapes = spec.shapes()?;
        assert_eq!(params.len(), spec.num_params()?, "parameters of another model");
        let still: Vec<LayerSpec> = spec.layers.iter().map(in_inference).collect();
        let (body, tail) = split_at_logits(&still);
        let ranges = ranges(spec, &shapes);
        let output = &shapes[shapes.len() - 1];
        Ok(Self {
            body: body.iter().enumerate().map(|(idx, layer)| layer.build(&shapes[idx], idx)).collect(),
            tail: tail.iter().map(|layer| layer.build(output, spec.layers.len())).collect(),
            ranges,
            unread: vec![0.0; params.len()],
            spec: spec.clone(),
            shapes,
            params,
        })
    }

    /// What was taken apart.
    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// The input's shape, followed by each layer's output shape.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// All parameters in model order.
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// The number of values of one output.
    pub fn classes(&self) -> usize {
        self.shapes[self.shapes.len() - 1].size()
    }

    /// The position of the layer whose output the last layer with a kernel is given: what the classes are read
    /// from. None if that is the image itself.
    pub fn penultimate(&self) -> Option<usize> {
        let has_kernel = |layer: usize| self.ranges.get(layer).is_some_and(|range| !range.is_empty());
        (0..self.spec.layers.len()).rev().find(|layer| has_kernel(*layer))?.checked_sub(1)
    }

    /// Every layer's output for a batch in inference.
    ///
    /// # Shapes
    /// `input [n, ...input_shape]`
    ///
    /// # Panics
    /// If `input` is not shaped as the spec says.
    pub fn see(&mut self, input: &Tensor) -> Seen {
        self.forward(input, Pass::Infer)
    }

    /// The outputs of one layer for a batch in inference; later layers compute nothing.
    ///
    /// # Panics
    /// If `input` is not shaped as the spec says, or there is no such layer.
    pub fn output_of(&mut self, layer: usize, input: &Tensor) -> Tensor {
        self.check(input);
        let mut output = input.clone();
        for (idx, built) in self.body.iter_mut().enumerate().take(layer + 1) {
            output = built.forward(&output, &self.params[self.ranges[idx].clone()], Pass::Infer);
        }
        let after = (layer + 2).saturating_sub(self.body.len()).min(self.tail.len());
        self.tail
            .iter_mut()
            .take(after)
            .fold(output, |values, built| built.forward(&values, &[], Pass::Infer))
    }

    /// The model's outputs for a batch in inference.
    ///
    /// # Panics
    /// If `input` is not shaped as the spec says.
    pub fn predict(&mut self, input: &Tensor) -> Tensor {
        self.output_of(self.spec.layers.len() - 1, input)
    }

    /// Every layer's output for a batch in a training pass: dropout drops, noise is added, batch normalization
    /// takes the statistics of this batch. Moves no statistics.
    ///
    /// # Panics
    /// If `input` is not shaped as the spec says.
    pub fn see_in_training(&self, input: &Tensor, seed: u64, step: u64) -> Vec<Tensor> {
        self.check(input);
        let pass = Pass::Train { seed, step, first_sample: 0 };
        let mut outputs: Vec<Tensor> = Vec::with_capacity(self.spec.layers.len());
        for (idx, layer) in self.spec.layers.iter().enumerate() {
            let mut built = layer.build(&self.shapes[idx], idx);
            let params = &self.params[self.ranges[idx].clone()];
            outputs.push(built.forward(outputs.last().unwrap_or(input), params, pass));
        }
        outputs
    }

    /// The gradient of the class's score with respect to the output of layer `at`, or to the input, for a batch
    /// of one; beside it that output.
    ///
    /// # Panics
    /// If `input` is not one sample shaped as the spec says, or there is no such class, or `at` lies behind the
    /// softmax or sigmoid at the end.
    pub fn gradient(
        &mut self,
        input: &Tensor,
        class: usize,
        score: Score,
        at: Option<usize>,
    ) -> (Tensor, Tensor) {
        assert_eq!(input.batch(), 1, "a gradient of one sample");
        assert!(class < self.classes(), "class {class} of {}", self.classes());
        assert!(at.is_none_or(|at| at < self.body.len()), "a layer in front of the end");
        let seen = self.forward(input, REMEMBER);
        let mut grad = Tensor::zeros(&self.shapes[self.shapes.len() - 1].with_batch(1));
        grad.values_mut()[class] = 1.0;
        if score == Score::Probability {
            for built in self.tail.iter_mut().rev() {
                grad = built.backward(&grad, &[], &mut [], true).expect("the gradient was asked for");
            }
        }
        let first = at.map_or(0, |at| at + 1);
        for idx in (first..self.body.len()).rev() {
            let range = self.ranges[idx].clone();
            let unread = &mut self.unread[range.clone()];
            // Sums that grow from question to question would end as infinities.
            unread.fill(0.0);
            let before = self.body[idx].backward(&grad, &self.params[range], unread, true);
            grad = before.expect("the gradient was asked for");
        }
        let output = match at {
            None => input.clone(),
            Some(at) if at + 1 == self.body.len() => seen.logits.unwrap_or_else(|| seen.outputs[at].clone()),
            Some(at) => seen.outputs[at].clone(),
        };
        (grad, output)
    }

    fn check(&self, input: &Tensor) {
        assert_eq!(input.sample_extents(), self.spec.input_shape.0, "the model was built for another input");
    }

    fn forward(&mut self, input: &Tensor, pass: Pass) -> Seen {
        self.check(input);
        let mut outputs: Vec<Tensor> = Vec::with_capacity(self.spec.layers.len());
        for (idx, built) in self.body.iter_mut().enumerate() {
            let params = &self.params[self.ranges[idx].clone()];
            let output = built.forward(outputs.last().unwrap_or(input), params, pass);
            outputs.push(output);
        }
        let mut logits = None;
        for (idx, built) in self.tail.iter_mut().enumerate() {
            let last = outputs.last().expect("a valid spec has layers");
            let output = built.forward(last, &[], pass);
            if idx == 0 {
                // The first of the tail gives the output of the layer that it was taken off.
                logits = outputs.pop();
            }
            outputs.push(output);
        }
        Seen { outputs, logits }
    }
}

/// Where the channels of a layer's output are.
pub(super) fn data_format(layer: &LayerSpec) -> DataFormat {
    match layer {
        LayerSpec::Conv2d(layer) => layer.data_format,
        LayerSpec::DepthwiseConv2d(layer) => layer.data_format,
        LayerSpec::SeparableConv2d(layer) => layer.data_format,
        LayerSpec::MaxPooling2d(layer) => layer.data_format,
        LayerSpec::AveragePooling2d(layer) => layer.data_format,
        LayerSpec::ZeroPadding2d(layer) => layer.data_format,
        LayerSpec::SpatialDropout2d(layer) => layer.data_format,
        _ => DataFormat::ChannelsLast,
    }
}

/// One sample's output of a layer with its channels last, and `[rows, columns, channels]`. What has no rows and columns
/// is one row of numbers; further axes are rows.
pub fn channels_last(layer: &LayerSpec, output: &Shape, values: &[f32]) -> ([usize; 3], Vec<f32>) {
    let shape = match (output.image(), data_format(layer)) {
        (Some((h, w, c)), DataFormat::ChannelsLast) => [h, w, c],
        (Some((c, h, w)), DataFormat::ChannelsFirst) => {
            let area = h * w;
            let moved = (0..values.len()).map(|idx| values[idx % c * area + idx / c]).collect();
            return ([h, w, c], moved);
        }
        (None, _) => {
            let columns = output.0.last().copied().unwrap_or(1).max(1);
            [values.len() / columns, columns, 1]
        }
    };
    (shape, values.to_vec())
}

/// Where each layer's parameters lie in the flat block.
fn ranges(spec: &ModelSpec, shapes: &[Shape]) -> Vec<Range<usize>> {
    let mut end = 0;
    let range = |(layer, input): (&LayerSpec, &Shape)| {
        let begin = end;
        end += layer.params(input).iter().map(ParamSpec::size).sum::<usize>();
        begin..end
    };
    spec.layers.iter().zip(shapes).map(range).collect()
}

/// The layer that computes in every pass what this one computes in inference.
fn in_inference(layer: &LayerSpec) -> LayerSpec {
    match layer {
        LayerSpec::Dropout(_)
        | LayerSpec::SpatialDropout2d(_)
        | LayerSpec::GaussianNoise(_)
        | LayerSpec::ActivityRegularization(_)
        | LayerSpec::RandomTranslation(_)
        | LayerSpec::RandomRotation(_)
        | LayerSpec::RandomZoom(_)
        | LayerSpec::RandomFlip(_) => ActivationSpec::default().into(),
        LayerSpec::BatchNormalization(normalization) => {
            let mut still = normalization.clone();
            still.trainable = false;
            still.into()
        }
        other => other.clone(),
    }
}
