//! The networks that the lessons start from.

use crate::data::DatasetId;
use crate::engine::callbacks::{
    CallbackSpec, EpochScheduleSpec, LearningRateSchedulerSpec, TerminateOnNanSpec,
};
use crate::engine::layers::{
    Activation, ActivationSpec, BatchNormalizationSpec, Conv2dSpec, DenseSpec, DropoutSpec, FillMode,
    FlattenSpec, FlipMode, LayerSpec, MaxPooling2dSpec, Padding, RandomFlipSpec, RandomTranslationSpec,
};
use crate::engine::schedules::CosineDecaySpec;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::tensor::Shape;

/// A ready network for 28×28 gray images in ten classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Softmax regression: Flatten, Dense 10 softmax; 7,850 parameters.
    Softmax,
    /// The lecture's perceptron: Flatten, Dense 128 relu, Dense 10 softmax; 101,770 parameters.
    Mlp,
    /// A perceptron of three layers: Dense 256 and 128 relu, Dense 10 softmax; 235,146 parameters.
    Mlp3,
    /// LeNet-5 (LeCun et al. 1998) with relu and max pooling; 61,706 parameters.
    #[default]
    Lenet5,
    /// The small network of the Keras examples, Conv2D 32 and 64 and a Dense 128; 225,034 parameters.
    KerasCnn,
    /// Batch normalization, dropout and small shifts, for digits; 315,818 parameters.
    MnistCnn,
    /// The same with another convolution and mirrored images, for clothes; 684,970 parameters.
    FashionCnn,
}

impl Preset {
    /// All: without convolutions, then with them, the simplest first.
    pub const ALL: [Preset; 7] = [
        Self::Softmax,
        Self::Mlp,
        Self::Mlp3,
        Self::Lenet5,
        Self::KerasCnn,
        Self::MnistCnn,
        Self::FashionCnn,
    ];

    /// Its name in files, addresses and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Softmax => "softmax",
            Self::Mlp => "mlp",
            Self::Mlp3 => "mlp3",
            Self::Lenet5 => "lenet5",
            Self::KerasCnn => "keras-cnn",
            Self::MnistCnn => "mnist-cnn",
            Self::FashionCnn => "fashion-cnn",
        }
    }

    /// The preset of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.id() == id)
    }

    /// The network.
    pub fn spec(self) -> ModelSpec {
        let mut layers = match self {
            Self::Softmax | Self::Mlp | Self::Mlp3 => vec![],
            Self::Lenet5 => vec![conv(6, 5, Padding::Same), pool(), conv(16, 5, Padding::Valid), pool()],
            Self::KerasCnn => vec![conv(32, 3, Padding::Valid), pool(), conv(64, 3, Padding::Valid), pool()],
            Self::MnistCnn => deep(shifted(), &[]),
            Self::FashionCnn => deep(mirrored(), &[128]),
        };
        layers.push(FlattenSpec::default().into());
        let hidden: &[usize] = match self {
            Self::Softmax | Self::MnistCnn | Self::FashionCnn => &[],
            Self::Mlp | Self::KerasCnn => &[128],
            Self::Mlp3 => &[256, 128],
            Self::Lenet5 => &[120, 84],
        };
        layers.extend(hidden.iter().map(|units| dense(*units, Activation::Relu)));
        if matches!(self, Self::MnistCnn | Self::FashionCnn) {
            // Normalization has a bias of its own.
            let units = DenseSpec { units: 128, use_bias: false, ..DenseSpec::default() };
            layers.extend(normalized(units.into()));
            layers.push(dropout(0.5));
        }
        layers.push(dense(10, Activation::Softmax));
        ModelSpec { name: self.id().to_owned(), input_shape: Shape::from([28, 28, 1]), layers }
    }

    /// The run that brings out what the network can, where the usual settings of the lessons are not enough: all
    /// images, batches of 128, and a learning rate that falls along a cosine, epoch by epoch.
    pub fn own_run(self) -> Option<RunSpec> {
        let (dataset, validation_samples) = match self {
            Self::MnistCnn => (DatasetId::Mnist, 0),
            Self::FashionCnn => (DatasetId::FashionMnist, 5_000),
            _ => return None,
        };
        let epochs = 12;
        let initial_learning_rate = 0.002;
        let cosine = CosineDecaySpec {
            initial_learning_rate,
            decay_steps: epochs as u64,
            alpha: 0.01,
            ..CosineDecaySpec::default()
        };
        let schedule = EpochScheduleSpec::CosineDecay(cosine);
        let mut run = RunSpec::new(self.spec());
        run.data.dataset = dataset;
        (run.data.samples, run.data.validation_samples, run.data.test_samples) =
            (60_000, validation_samples, 10_000);
        run.compile.optimizer = run.compile.optimizer.with_learning_rate(initial_learning_rate);
        run.fit.batch_size = 128;
        run.fit.epochs = epochs;
        run.fit.callbacks = vec![
            CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default()),
            CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec { schedule, verbose: 0 }),
        ];
        Some(run)
    }

    /// What [`own_run`](Self::own_run) reaches on the 10,000 test images with the seed 1, measured with the command
    /// line. 0..1
    pub fn test_accuracy(self) -> Option<f64> {
        match self {
            Self::MnistCnn => Some(0.9953),
            Self::FashionCnn => Some(0.9288),
            _ => None,
        }
    }
}

/// What comes before the dense layers of the two networks with batch normalization: convolutions of 32 and of 64
/// filters with their poolings, and one more for each of `rest`.
fn deep(augmentation: LayerSpec, rest: &[usize]) -> Vec<LayerSpec> {
    let mut layers = vec![augmentation];
    layers.extend(normalized(unbiased(32, Padding::Valid)));
    layers.push(pool());
    layers.extend(normalized(unbiased(64, Padding::Same)));
    layers.extend([pool(), dropout(0.25)]);
    for filters in rest {
        layers.extend(normalized(unbiased(*filters, Padding::Same)));
        layers.push(dropout(0.25));
    }
    layers
}

/// A layer, batch normalization, relu. The moving statistics follow within some dozens of steps, so that
/// they are right after the first epoch of a small subset too.
fn normalized(layer: LayerSpec) -> [LayerSpec; 3] {
    let normalization = BatchNormalizationSpec { momentum: 0.9, ..BatchNormalizationSpec::default() };
    [layer, normalization.into(), ActivationSpec { activation: Activation::Relu }.into()]
}

fn unbiased(filters: usize, padding: Padding) -> LayerSpec {
    let kernel_size = [3, 3];
    Conv2dSpec { filters, kernel_size, padding, use_bias: false, ..Conv2dSpec::default() }.into()
}

fn dropout(rate: f32) -> LayerSpec {
    DropoutSpec { rate, ..DropoutSpec::default() }.into()
}

/// A layer that shows a network the images of a dataset in ever new ways, and still as what they are.
pub fn augmentation(dataset: DatasetId) -> LayerSpec {
    match dataset {
        DatasetId::Mnist => shifted(),
        DatasetId::FashionMnist => mirrored(),
    }
}

/// By at most two pixels: the paper around a digit is empty.
fn shifted() -> LayerSpec {
    let (factor, fill_mode) = ([-0.07, 0.07], FillMode::Constant);
    RandomTranslationSpec {
        height_factor: factor,
        width_factor: factor,
        fill_mode,
        ..RandomTranslationSpec::default()
    }
    .into()
}

/// Clothes can be looked at in a mirror, digits cannot.
fn mirrored() -> LayerSpec {
    RandomFlipSpec { mode: FlipMode::Horizontal, ..RandomFlipSpec::default() }.into()
}

fn conv(filters: usize, size: usize, padding: Padding) -> LayerSpec {
    let activation = Activation::Relu;
    Conv2dSpec { filters, kernel_size: [size; 2], padding, activation, ..Conv2dSpec::default() }.into()
}

fn pool() -> LayerSpec {
    MaxPooling2dSpec::default().into()
}

fn dense(units: usize, activation: Activation) -> LayerSpec {
    DenseSpec { units, activation, ..DenseSpec::default() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_counts_are_those_of_keras() {
        let counts = Preset::ALL.map(|preset| preset.spec().num_params().unwrap());
        assert_eq!(counts, [7_850, 101_770, 235_146, 61_706, 225_034, 315_818, 684_970]);
    }

    #[test]
    fn layer_names_are_those_of_keras() {
        let names = Preset::Lenet5.spec().layer_names();
        let expected = [
            "conv2d",
            "max_pooling2d",
            "conv2d_1",
            "max_pooling2d_1",
            "flatten",
            "dense",
            "dense_1",
            "dense_2",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn runs_of_their_own_can_be_trained_and_say_what_they_reach() {
        for preset in Preset::ALL {
            let run = preset.own_run();
            assert_eq!(run.is_some(), preset.test_accuracy().is_some());
            assert!(
                run.is_none_or(|run| run.model == preset.spec() && run.validate_training().is_ok()),
                "{preset:?}"
            );
        }
    }

    #[test]
    fn every_preset_is_found_by_its_id() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_id(preset.id()), Some(preset));
        }
    }
}
