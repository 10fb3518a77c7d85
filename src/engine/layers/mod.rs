//! Every layer: what it is ([`LayerSpec`]) and what it does ([`Layer`]).
//!
//! Index letters in this folder: `n c h w` input sample, channel, row, column; `o oh ow` output
//! channel, row, column; `kh kw` position in the window.

mod activation;
mod activity_regularization;
mod affine;
mod augmentation;
mod average_pooling2d;
mod axes;
mod batch_normalization;
#[cfg(test)]
mod check;
mod conv2d;
mod convolution;
mod curves;
mod data_format;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod elu;
mod flatten;
mod gaussian_noise;
mod global_average_pooling2d;
mod global_max_pooling2d;
mod layer_normalization;
mod leaky_relu;
mod max_pooling2d;
mod padding;
mod pair;
mod placed;
mod pointwise;
mod pooled_convolution;
mod prelu;
mod random_flip;
mod random_rotation;
mod random_translation;
mod random_zoom;
mod relu;
mod reshape;
#[cfg(test)]
mod same_bits;
mod separable_conv2d;
mod softmax;
mod spatial_dropout2d;
mod zero_padding2d;

pub use activation::{Activation, ActivationSpec, softmax};
pub use activity_regularization::ActivityRegularizationSpec;
pub use affine::{AffineReader, FillMode, Interpolation};
pub use average_pooling2d::AveragePooling2dSpec;
pub use axes::Axes;
pub use batch_normalization::BatchNormalizationSpec;
pub use conv2d::Conv2dSpec;
pub use data_format::DataFormat;
pub use dense::DenseSpec;
pub use depthwise_conv2d::DepthwiseConv2dSpec;
pub use dropout::DropoutSpec;
pub use elu::EluSpec;
pub use flatten::FlattenSpec;
pub use gaussian_noise::GaussianNoiseSpec;
pub use global_average_pooling2d::GlobalAveragePooling2dSpec;
pub use global_max_pooling2d::GlobalMaxPooling2dSpec;
pub use layer_normalization::LayerNormalizationSpec;
pub use leaky_relu::LeakyReluSpec;
pub use max_pooling2d::MaxPooling2dSpec;
pub use padding::Padding;
pub use placed::{Placed, build_all};
pub use prelu::PreluSpec;
pub use random_flip::{FlipMode, RandomFlipSpec};
pub use random_rotation::RandomRotationSpec;
pub use random_translation::RandomTranslationSpec;
pub use random_zoom::RandomZoomSpec;
pub use relu::ReluSpec;
pub use reshape::ReshapeSpec;
pub use separable_conv2d::SeparableConv2dSpec;
pub use softmax::SoftmaxSpec;
pub use spatial_dropout2d::SpatialDropout2dSpec;
pub use zero_padding2d::ZeroPadding2dSpec;

use serde::{Deserialize, Serialize};

use crate::engine::argument::ArgumentError;
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::{Shape, Tensor};

/// One block of numbers of a layer: `kernel`, `bias`, `moving_mean`.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamSpec {
    /// Keras's name of it.
    pub name: &'static str,
    /// Extents in Keras's order: `[in, out]` for Dense, `[kh, kw, in, out]` for Conv2D.
    pub extents: Vec<usize>,
    /// How it begins.
    pub initializer: InitializerSpec,
    /// Adds a penalty on it to the loss, if it is trainable.
    pub regularizer: Option<RegularizerSpec>,
    /// Changes it after every step, if it is trainable.
    pub constraint: Option<ConstraintSpec>,
    /// Whether training changes it: not so for statistics and frozen layers.
    pub trainable: bool,
}

impl ParamSpec {
    /// The number of values.
    pub fn size(&self) -> usize {
        crate::tensor::product(&self.extents)
    }

    /// Checks the arguments of initializer, regularizer and constraint, and that they fit its axes.
    pub(in crate::engine) fn validate(&self) -> Result<(), LayerError> {
        let rank = self.extents.len();
        let (min, max) = self.initializer.ranks();
        if !(min..=max).contains(&rank) {
            return Err(LayerError::OutOfRange {
                argument: format!("{} ({}): rank", self.name, self.initializer.class_name()),
                min: min as f32,
                max: if max == usize::MAX { f32::MAX } else { max as f32 },
                got: rank as f32,
            });
        }
        self.initializer.validate()?;
        if let Some(regularizer) = &self.regularizer {
            regularizer.validate()?;
            regularizer.takes(&self.extents)?;
        }
        self.constraint.as_ref().map_or(Ok(()), |constraint| constraint.validate(rank))?;
        Ok(())
    }
}

/// What a forward pass is for.
///
/// Dropout's mask for a sample is drawn from the stream `(seed, layer, step, position in the
/// batch)`, so that a batch split among workers gets the same masks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Inference: dropout is the identity and nothing is cached.
    Infer,
    /// Training: layers remember what `backward` needs.
    Train {
        /// The run's seed.
        seed: u64,
        /// Optimizer steps made so far in this run.
        step: u64,
        /// Position in the whole batch of this pass's first sample.
        first_sample: u64,
    },
}

impl Pass {
    /// Whether `backward` may follow.
    pub fn is_training(self) -> bool {
        matches!(self, Pass::Train { .. })
    }

    /// The same pass for a part of the batch that begins at `first_sample`.
    #[must_use]
    pub fn at(self, begin: usize) -> Self {
        match self {
            Pass::Infer => Pass::Infer,
            Pass::Train { seed, step, .. } => Pass::Train { seed, step, first_sample: begin as u64 },
        }
    }
}

/// A built layer. Its parameters live in the model's flat block and are handed in.
///
/// After [`crate::engine::spec::ModelSpec::validate`] shapes are facts: methods panic on others.
pub trait Layer: Send {
    /// Computes the output of a batch; in [`Pass::Train`] remembers what `backward` needs.
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor;

    /// Adds this layer's parameter gradients into `grads` and returns the gradient of the input,
    /// or `None` when `wants_grad_input` is false (the first layer's input needs none).
    ///
    /// # Panics
    /// If no `forward` in [`Pass::Train`] came before.
    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants_grad_input: bool,
    ) -> Option<Tensor>;

    /// Whether a training pass left something behind for `backward`.
    fn has_cache(&self) -> bool;

    /// Called once when a training batch has gone through, forward and backward: the place to
    /// change parameters that are not trained by gradients, such as moving statistics.
    fn after_batch(&mut self, _params: &mut [f32]) {}
}

/// What a layer's spec answers.
pub trait LayerDef {
    /// Keras's class name, which is also the saved name: `Conv2D`.
    fn class_name(&self) -> &'static str;

    /// The shape of one output sample.
    ///
    /// # Errors
    /// If this layer cannot take `input`, or one of its own arguments is out of range.
    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError>;

    /// The parameters in Keras's order, given a legal input shape.
    fn params(&self, input: &Shape) -> Vec<ParamSpec>;

    /// The penalty on the layer's output, divided by the length of the batch, if there is one.
    fn activity_regularizer(&self) -> Option<RegularizerSpec> {
        None
    }

    /// Builds the layer for a legal input shape. `layer` is its position in the model.
    fn build(&self, input: &Shape, layer: usize) -> Box<dyn Layer>;

    /// Whether, in training, a sample's output depends on the other samples of its batch. A model
    /// with such a layer computes a training batch at once instead of in chunks.
    fn couples_samples(&self) -> bool {
        false
    }
}

/// Why a layer's spec cannot be built. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum LayerError {
    /// A count that must be at least 1 is 0.
    #[error("{argument} must be at least 1, got 0")]
    Zero {
        /// Keras's argument name.
        argument: String,
    },
    /// A fraction outside its range.
    #[error("{argument} must be between {min} and {max}, got {got}")]
    OutOfRange {
        /// Keras's argument name.
        argument: String,
        /// Smallest legal value.
        min: f32,
        /// Largest legal value.
        max: f32,
        /// What was given.
        got: f32,
    },
    /// The layer needs another number of axes.
    #[error("expected an input with {expected} axes, got {got}")]
    WrongRank {
        /// Axes without the batch axis.
        expected: usize,
        /// What it was given.
        got: Shape,
    },
    /// An axis that samples do not have.
    #[error("axis {axis} is no axis of a sample of {got}")]
    NoSuchAxis {
        /// As Keras counts: the batch is 0, the last is −1.
        axis: isize,
        /// The input.
        got: Shape,
    },
    /// One axis is named twice.
    #[error("axis {axis} is named twice")]
    RepeatedAxis {
        /// As Keras counts from the front.
        axis: isize,
    },
    /// A mask that cannot be stretched over the input.
    #[error(
        "noise_shape must hold null or 1 for the batch and, for each axis of the input {input}, null, 1 or its extent"
    )]
    NoiseShape {
        /// The input.
        input: Shape,
    },
    /// Nothing is left: with `valid` padding the window is larger than its input.
    #[error(
        "window {window_height}x{window_width} is larger than its input {height}x{width} and padding is valid: nothing is left"
    )]
    WindowTooLarge {
        /// Rows of the window.
        window_height: usize,
        /// Columns of the window.
        window_width: usize,
        /// Rows of the input.
        height: usize,
        /// Columns of the input.
        width: usize,
    },
    /// A count that must be a multiple of another argument is not.
    #[error("{argument} must be a multiple of {divisor}, got {argument} = {got} and {divisor} = {by}")]
    NotAMultiple {
        /// Keras's name of the count.
        argument: String,
        /// Keras's name of the divisor.
        divisor: String,
        /// The count.
        got: usize,
        /// The divisor.
        by: usize,
    },
    /// The input's channels do not fall into so many groups.
    #[error("{channels} input channels cannot be split into {groups} equal groups")]
    ChannelsNotAMultiple {
        /// Channels of the input.
        channels: usize,
        /// How many groups were asked for.
        groups: usize,
    },
    /// Keras knows no convolution that both moves by more than 1 and has gaps.
    #[error("strides {strides:?} and dilation_rate {dilation_rate:?} cannot both be larger than 1")]
    StridesAndDilation {
        /// Rows and columns the window moves by.
        strides: [usize; 2],
        /// Rows and columns from one window position to the next.
        dilation_rate: [usize; 2],
    },
    /// The penalty on outputs would have to know how many samples a batch has.
    #[error(
        "OrthogonalRegularizer of rows cannot penalize outputs, whose rows are samples; use mode columns"
    )]
    RowsOfBatch,
    /// An extent that is neither a count nor -1.
    #[error("an extent in {argument} must be at least 1, or -1 for whatever is left, got {got}")]
    BadExtent {
        /// Keras's argument name.
        argument: String,
        /// The extent.
        got: i64,
    },
    /// More than one extent is to be whatever is left.
    #[error("only one extent in {argument} may be -1")]
    SeveralUnknown {
        /// Keras's argument name.
        argument: String,
    },
    /// The input's values do not fill the target.
    #[error("{input} cannot be reshaped to {target:?}: it has {size} values", size = input.size())]
    CannotReshape {
        /// What it was given.
        input: Shape,
        /// What it should become.
        target: Vec<i64>,
    },
}

/// Checks that `got` lies in 0..1.
fn in_unit_range(argument: &str, got: f32) -> Result<(), LayerError> {
    in_range(argument, got, 0.0, 1.0)
}

/// Checks that `got` is at least 0.
fn not_negative(argument: &str, got: f32) -> Result<(), LayerError> {
    in_range(argument, got, 0.0, f32::MAX)
}

fn in_range(argument: &str, got: f32, min: f32, max: f32) -> Result<(), LayerError> {
    if (min..=max).contains(&got) {
        Ok(())
    } else {
        Err(LayerError::OutOfRange { argument: argument.to_owned(), min, max, got })
    }
}

impl From<ArgumentError> for LayerError {
    fn from(ArgumentError { argument, min, max, got }: ArgumentError) -> Self {
        Self::OutOfRange { argument, min: min as f32, max: max as f32, got: got as f32 }
    }
}

/// Makes the serde enum of a family, its palette and its dispatch from one list.
macro_rules! layer_kinds {
    ($($kind:ident($spec:ty) = $name:literal),* $(,)?) => {
        /// The description of one layer: data that can be saved, compared and shown in a form.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum LayerSpec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl LayerSpec {
            /// One of each kind, with its default arguments.
            pub fn palette() -> Vec<LayerSpec> {
                vec![$(LayerSpec::$kind(<$spec>::default())),*]
            }

            fn def(&self) -> &dyn LayerDef {
                match self { $(LayerSpec::$kind(spec) => spec),* }
            }
        }

        $(impl From<$spec> for LayerSpec {
            fn from(spec: $spec) -> Self { LayerSpec::$kind(spec) }
        })*
    };
}

layer_kinds! {
    Dense(DenseSpec) = "Dense",
    Conv2d(Conv2dSpec) = "Conv2D",
    DepthwiseConv2d(DepthwiseConv2dSpec) = "DepthwiseConv2D",
    SeparableConv2d(SeparableConv2dSpec) = "SeparableConv2D",
    MaxPooling2d(MaxPooling2dSpec) = "MaxPooling2D",
    AveragePooling2d(AveragePooling2dSpec) = "AveragePooling2D",
    GlobalMaxPooling2d(GlobalMaxPooling2dSpec) = "GlobalMaxPooling2D",
    GlobalAveragePooling2d(GlobalAveragePooling2dSpec) = "GlobalAveragePooling2D",
    ZeroPadding2d(ZeroPadding2dSpec) = "ZeroPadding2D",
    Flatten(FlattenSpec) = "Flatten",
    Reshape(ReshapeSpec) = "Reshape",
    Activation(ActivationSpec) = "Activation",
    Softmax(SoftmaxSpec) = "Softmax",
    Relu(ReluSpec) = "ReLU",
    LeakyRelu(LeakyReluSpec) = "LeakyReLU",
    Prelu(PreluSpec) = "PReLU",
    Elu(EluSpec) = "ELU",
    ActivityRegularization(ActivityRegularizationSpec) = "ActivityRegularization",
    Dropout(DropoutSpec) = "Dropout",
    SpatialDropout2d(SpatialDropout2dSpec) = "SpatialDropout2D",
    GaussianNoise(GaussianNoiseSpec) = "GaussianNoise",
    BatchNormalization(BatchNormalizationSpec) = "BatchNormalization",
    LayerNormalization(LayerNormalizationSpec) = "LayerNormalization",
    RandomTranslation(RandomTranslationSpec) = "RandomTranslation",
    RandomRotation(RandomRotationSpec) = "RandomRotation",
    RandomZoom(RandomZoomSpec) = "RandomZoom",
    RandomFlip(RandomFlipSpec) = "RandomFlip",
}

impl LayerDef for LayerSpec {
    fn class_name(&self) -> &'static str {
        self.def().class_name()
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.def().output_shape(input)
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        self.def().params(input)
    }

    fn activity_regularizer(&self) -> Option<RegularizerSpec> {
        self.def().activity_regularizer()
    }

    fn build(&self, input: &Shape, layer: usize) -> Box<dyn Layer> {
        self.def().build(input, layer)
    }

    fn couples_samples(&self) -> bool {
        self.def().couples_samples()
    }
}
