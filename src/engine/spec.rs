//! [`ModelSpec`] and [`RunSpec`]: the only description of a model and of a run.
//!
//! The page edits them, addresses and files carry them, the worker and the command line build
//! them. Shapes and parameter counts follow from a spec alone.

use serde::{Deserialize, Serialize};

use crate::data::{Samples, Targets};
use crate::engine::callbacks::{Context, Direction, Directions, WeightName};
pub use crate::engine::data_spec::{Choice, DataSpec};
pub use crate::engine::fit_spec::{FitSpec, ValidationFreq, Verbose};
use crate::engine::layers::{LayerDef, LayerError, LayerSpec, ParamSpec};
use crate::engine::losses::{LossSpec, LossWeight, TargetError};
use crate::engine::metrics::{Measures, MetricSpec};
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::schedules::LearningRateSpec;
pub use crate::engine::spec_error::SpecError;
use crate::tensor::Shape;

/// A Sequential model: an input shape and layers in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// What the user calls it; no meaning beyond that.
    #[serde(default)]
    pub name: String,
    /// One input sample, `[28, 28, 1]` for MNIST.
    pub input_shape: Shape,
    /// Applied first to last.
    pub layers: Vec<LayerSpec>,
}

/// One line of `model.summary()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerSummary {
    /// Keras's automatic name: `conv2d`, `conv2d_1`.
    pub name: String,
    /// Keras's class name.
    pub class_name: &'static str,
    /// One output sample.
    pub output_shape: Shape,
    /// Its parameters, trainable or not.
    pub num_params: usize,
}

/// One parameter of a model and where it lies in the flat block.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedParam {
    /// `conv2d_1/kernel`.
    pub path: String,
    /// Position of its layer in the model.
    pub layer: usize,
    /// First value in the flat block.
    pub offset: usize,
    /// Name, extents and initializer.
    pub spec: ParamSpec,
}

impl ModelSpec {
    /// Checks every layer against the output of the one before.
    ///
    /// # Errors
    /// The first layer that cannot be built and why, or that the model has no layers.
    pub fn validate(&self) -> Result<(), SpecError> {
        self.shapes().map(|_| ())
    }

    /// The input shape followed by each layer's output shape.
    ///
    /// # Errors
    /// As [`ModelSpec::validate`].
    pub fn shapes(&self) -> Result<Vec<Shape>, SpecError> {
        if self.layers.is_empty() {
            return Err(SpecError::NoLayers);
        }
        if self.input_shape.size() == 0 {
            return Err(SpecError::EmptyInput { got: self.input_shape.clone() });
        }
        let mut shapes = vec![self.input_shape.clone()];
        let mut num_params = 0;
        for (layer, spec) in self.layers.iter().enumerate() {
            let shape = spec.output_shape(&shapes[layer]).map_err(|error| SpecError::Layer {
                layer,
                class_name: spec.class_name().to_owned(),
                error,
            })?;
            let params = spec.params(&shapes[layer]);
            if shape.size() > MAX_VALUES || params.iter().any(|param| param.size() > MAX_VALUES) {
                return Err(SpecError::TooLarge { layer, class_name: spec.class_name().to_owned() });
            }
            // Where a `usize` has 32 bits, this sum never leaves it: it grows by a few `MAX_VALUES` at most.
            num_params += params.iter().map(ParamSpec::size).sum::<usize>();
            if num_params > MAX_PARAMS {
                return Err(SpecError::TooManyParams { layer, class_name: spec.class_name().to_owned() });
            }
            let checked = params.iter().try_for_each(ParamSpec::validate);
            let activity = spec.activity_regularizer().map_or(Ok(()), |regularizer| {
                regularizer.validate()?;
                // One sample stands for a batch, whose length is not known.
                regularizer.takes(&shape.with_batch(1))?;
                if regularizer.counts_rows() { Err(LayerError::RowsOfBatch) } else { Ok(()) }
            });
            checked.and(activity).map_err(|error| SpecError::Layer {
                layer,
                class_name: spec.class_name().to_owned(),
                error,
            })?;
            shapes.push(shape);
        }
        Ok(shapes)
    }

    /// Keras's automatic layer names: the class in snake case, numbered from the second on.
    pub fn layer_names(&self) -> Vec<String> {
        // A few classes at most, where layers may be thousands.
        let mut counts: Vec<(&str, usize)> = Vec::new();
        let mut number = |class_name: &'static str| {
            if let Some((_, count)) = counts.iter_mut().find(|(name, _)| *name == class_name) {
                *count += 1;
                return *count;
            }
            counts.push((class_name, 0));
            0
        };
        let named = |class_name: &'static str| match number(class_name) {
            0 => snake_case(class_name),
            before => format!("{}_{before}", snake_case(class_name)),
        };
        self.layers.iter().map(LayerDef::class_name).map(named).collect()
    }

    /// One line per layer.
    ///
    /// # Errors
    /// As [`ModelSpec::validate`].
    pub fn summary(&self) -> Result<Vec<LayerSummary>, SpecError> {
        let shapes = self.shapes()?;
        let lines =
            self.layers.iter().zip(self.layer_names()).enumerate().map(|(idx, (layer, name))| LayerSummary {
                name,
                class_name: layer.class_name(),
                output_shape: shapes[idx + 1].clone(),
                num_params: layer.params(&shapes[idx]).iter().map(ParamSpec::size).sum(),
            });
        Ok(lines.collect())
    }

    /// Every parameter in model order with its place in the flat block.
    ///
    /// # Errors
    /// As [`ModelSpec::validate`].
    pub fn params(&self) -> Result<Vec<NamedParam>, SpecError> {
        let shapes = self.shapes()?;
        let mut offset = 0;
        let mut all = Vec::new();
        for (layer, (spec, name)) in self.layers.iter().zip(self.layer_names()).enumerate() {
            for param in spec.params(&shapes[layer]) {
                let size = param.size();
                all.push(NamedParam { path: format!("{name}/{}", param.name), layer, offset, spec: param });
                offset += size;
            }
        }
        Ok(all)
    }

    /// The number of parameters, trainable or not.
    ///
    /// # Errors
    /// As [`ModelSpec::validate`].
    pub fn num_params(&self) -> Result<usize, SpecError> {
        Ok(self.params()?.iter().map(|param| param.spec.size()).sum())
    }

    /// The number of parameters that training changes: not those of frozen layers, and no statistics.
    ///
    /// # Errors
    /// As [`ModelSpec::validate`].
    pub fn num_trainable(&self) -> Result<usize, SpecError> {
        Ok(self.params()?.iter().filter(|param| param.spec.trainable).map(|param| param.spec.size()).sum())
    }
}

/// No single activation or parameter of a model may hold more values than this (256 MB), so that
/// a mistyped size is an error in words and not a dead tab.
const MAX_VALUES: usize = 1 << 26;

/// No model may have more parameters than this (1 GB): with gradients and an optimizer's memory of them a
/// browser's 4 GB are full, and counts and sums of bytes stay within 32 bits. VGG-19 has half as many.
const MAX_PARAMS: usize = 1 << 28;

/// Keras's `to_snake_case`: `MaxPooling2D` → `max_pooling2d`, `Conv2D` → `conv2d`, `PReLU` → `p_re_lu`.
pub fn snake_case(class_name: &str) -> String {
    let letters: Vec<char> = class_name.chars().collect();
    let is_lower = |idx: usize| letters.get(idx).is_some_and(char::is_ascii_lowercase);
    let mut name = String::new();
    for (idx, letter) in letters.iter().enumerate() {
        if idx > 0 && letter.is_ascii_uppercase() && (is_lower(idx - 1) || is_lower(idx + 1)) {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// What Keras's `compile` takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompileSpec {
    /// Turns gradients into steps.
    pub optimizer: OptimizerSpec,
    /// What is minimized.
    pub loss: LossSpec,
    /// What the loss counts beside penalties.
    pub loss_weights: LossWeight,
    /// What is measured besides, every sample counting alike.
    pub metrics: Vec<MetricSpec>,
    /// What is measured with samples counting by their weights.
    pub weighted_metrics: Vec<MetricSpec>,
}

impl Default for CompileSpec {
    /// Accuracy is measured, unlike in Keras: there is always something to show beside the loss.
    fn default() -> Self {
        Self {
            optimizer: OptimizerSpec::default(),
            loss: LossSpec::default(),
            loss_weights: LossWeight::default(),
            metrics: vec![MetricSpec::accuracy()],
            weighted_metrics: Vec::new(),
        }
    }
}

impl CompileSpec {
    /// Checks ranges.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self) -> Result<(), SpecError> {
        self.optimizer.validate()?;
        self.loss.validate()?;
        self.loss_weights.validate()?;
        self.metrics.iter().chain(&self.weighted_metrics).try_for_each(MetricSpec::validate)?;
        Ok(())
    }

    /// Checks that the loss and the metrics can compare `targets` with outputs of shape `output`.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check_targets(
        &self,
        output: &Shape,
        targets: &Targets,
        batch_size: usize,
    ) -> Result<(), TargetError> {
        self.loss.check_targets(output, targets, batch_size)?;
        let mut metrics = self.metrics.iter().chain(&self.weighted_metrics);
        metrics.try_for_each(|metric| metric.check_targets(output, targets, batch_size))
    }

    /// The loss and the metrics, ready for an epoch.
    pub fn measures(&self) -> Measures {
        Measures::new(&self.metrics, &self.weighted_metrics)
    }
}

/// A whole run, which page, address, worker and command line share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSpec {
    /// Of this description's layout: [`RunSpec::VERSION`].
    #[serde(default = "run_version")]
    pub version: u32,
    /// Which network.
    pub model: ModelSpec,
    /// What it minimizes and how.
    #[serde(default)]
    pub compile: CompileSpec,
    /// How long and in which order.
    #[serde(default)]
    pub fit: FitSpec,
    /// Which images.
    #[serde(default)]
    pub data: DataSpec,
    /// Of initial weights, order and dropout.
    #[serde(default = "default_seed")]
    pub seed: u64,
}

fn run_version() -> u32 {
    RunSpec::VERSION
}

fn default_seed() -> u64 {
    RunSpec::DEFAULT_SEED
}

impl RunSpec {
    /// Of the layout that is written.
    pub const VERSION: u32 = 1;
    /// Where none is chosen.
    pub const DEFAULT_SEED: u64 = 1;

    /// Training `model` with default arguments.
    pub fn new(model: ModelSpec) -> Self {
        Self {
            version: Self::VERSION,
            model,
            compile: CompileSpec::default(),
            fit: FitSpec::default(),
            data: DataSpec::default(),
            seed: Self::DEFAULT_SEED,
        }
    }

    /// What callbacks know of this run; without weights if its model cannot be built.
    pub fn callback_context(&self) -> Context {
        let name = if self.model.name.is_empty() { "sequential" } else { &self.model.name };
        let weight = |param: NamedParam| WeightName {
            path: format!("{name}/{}", param.path),
            offset: param.offset,
            extents: param.spec.extents,
        };
        let direction = |(name, larger_is_better): (&str, bool)| {
            (name.to_owned(), if larger_is_better { Direction::Up } else { Direction::Down })
        };
        Context {
            directions: Directions(self.compile.measures().directions().map(direction).collect()),
            weights: self.model.params().unwrap_or_default().into_iter().map(weight).collect(),
            is_scheduled: matches!(self.compile.optimizer.learning_rate(), LearningRateSpec::Schedule(_)),
        }
    }

    /// Checks the arguments of compile and fit.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate_training(&self) -> Result<(), SpecError> {
        self.compile.validate()?;
        self.fit.validate()?;
        let context = self.callback_context();
        for (callback, spec) in self.fit.callbacks.iter().enumerate() {
            let class_name = spec.class_name().to_owned();
            spec.validate(&context).map_err(|error| SpecError::Callback { callback, class_name, error })?;
        }
        Ok(())
    }

    /// Checks that validation leaves something to train on.
    ///
    /// # Errors
    /// [`SpecError::NoTrainingSamples`] when it does not.
    pub fn validate_split(&self) -> Result<(), SpecError> {
        self.data.validate()?;
        if self.data.num_train(&self.fit) == 0 {
            let samples = self.data.samples;
            return Err(SpecError::NoTrainingSamples { samples, validation_samples: samples });
        }
        Ok(())
    }

    /// Checks that the model, the loss and the metrics can take `samples`.
    ///
    /// # Errors
    /// What does not fit, before anything is trained.
    pub fn validate_samples(&self, samples: &dyn Samples) -> Result<(), SpecError> {
        let shapes = self.model.shapes()?;
        let (input, output) = (&shapes[0], &shapes[shapes.len() - 1]);
        if *input != samples.sample_shape() {
            return Err(SpecError::WrongInput { expected: samples.sample_shape(), got: input.clone() });
        }
        let targets = samples.targets();
        let batch_size = self.fit.batch_size.max(self.fit.validation_batch());
        self.compile.check_targets(output, &targets, batch_size)?;
        if !samples.is_empty()
            && let Some(weights) = samples.batch(&[0]).weights
        {
            self.compile.loss.check_weights(output, &targets, weights.len())?;
        }
        Ok(())
    }

    /// Checks the model, the training arguments, and that the model's ends fit `input` and `classes`.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self, input: &Shape, classes: usize) -> Result<(), SpecError> {
        let shapes = self.model.shapes()?;
        if shapes[0] != *input {
            return Err(SpecError::WrongInput { expected: input.clone(), got: shapes[0].clone() });
        }
        let output = &shapes[shapes.len() - 1];
        if *output != Shape::from([classes]) {
            return Err(SpecError::WrongOutput { expected: Shape::from([classes]), got: output.clone() });
        }
        self.data.validate_classes(classes)?;
        self.validate_split()?;
        self.validate_training()
    }

    /// Checks that the chosen classes leave something to train on, given the class of each image from the
    /// start of the training file.
    ///
    /// # Errors
    /// [`SpecError::NoneOfTheseClasses`] when they do not.
    pub fn validate_choice(&self, classes: impl IntoIterator<Item = u32>) -> Result<(), SpecError> {
        if self.data.class_counts.is_some() && self.data.choose(&self.fit, classes).train.is_empty() {
            return Err(SpecError::NoneOfTheseClasses { samples: self.data.samples });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_as_in_keras() {
        let cases = [
            ("MaxPooling2D", "max_pooling2d"),
            ("DepthwiseConv2D", "depthwise_conv2d"),
            ("LeakyReLU", "leaky_re_lu"),
            ("PReLU", "p_re_lu"),
            ("ELU", "elu"),
        ];
        for (class_name, name) in cases {
            assert_eq!(snake_case(class_name), name);
        }
    }

    #[test]
    fn a_model_of_more_parameters_than_fit_is_refused_at_the_layer_that_is_too_much() {
        use crate::engine::layers::DenseSpec;

        // 2^26 parameters each, which every layer alone may have.
        let dense = || DenseSpec { units: 1 << 13, use_bias: false, ..DenseSpec::default() }.into();
        let model = |layers: usize| ModelSpec {
            name: "sequential".to_owned(),
            input_shape: Shape::from([1 << 13]),
            layers: (0..layers).map(|_| dense()).collect(),
        };
        assert_eq!(model(4).num_params(), Ok(MAX_PARAMS));
        let expected = SpecError::TooManyParams { layer: 4, class_name: "Dense".to_owned() };
        assert_eq!(model(64).num_params(), Err(expected));
        // Also in bytes it is a number of 32 bits.
        assert!(u32::try_from(MAX_PARAMS * size_of::<f32>()).is_ok());
    }
}
