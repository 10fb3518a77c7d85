//! Samples of everything that can go wrong.

use svertka::data::{DataError, DatasetId, ManifestError, ShardError, Split};
use svertka::engine::argument::ArgumentError;
use svertka::engine::callbacks::{CallbackError, TemplateError};
use svertka::engine::event::Monitor;
use svertka::engine::layers::LayerError;
use svertka::engine::losses::TargetError;
use svertka::engine::optimizers::{OptimizerError, ScheduledRateError};
use svertka::engine::spec::SpecError;
use svertka::engine::trainer::LearningRateError;
use svertka::formats::{ArrayError, FormatError, ModelFormat, Unsupported};
use svertka::protocol::{Contender, WorkerError};
use svertka::tensor::Shape;

use crate::{assert_holds_every_variant, readers};

fn text(text: &str) -> String {
    text.to_owned()
}

fn contender(dataset: Option<DatasetId>) -> Contender {
    let (input, output) = (Shape::from([28, 28, 1]), Shape::from([10]));
    Contender { name: text("сеть"), input, output, dataset }
}

/// One of every kind.
pub fn worker_errors() -> Vec<WorkerError> {
    let mut samples = vec![
        WorkerError::NoModel,
        WorkerError::OtherRun,
        WorkerError::WrongParams { expected: 61_706, got: 0 },
        WorkerError::OutOfMemory { needed: 5 << 30, got: 1 << 31 },
        WorkerError::WrongPixels { expected: Shape::from([28, 28, 1]), got: 783 },
        WorkerError::Incomparable(Box::new([contender(Some(DatasetId::Mnist)), contender(None)])),
    ];
    samples.extend(spec_errors().into_iter().map(WorkerError::Spec));
    samples.extend(data_errors().into_iter().map(WorkerError::Data));
    assert_holds_every_variant!(
        samples,
        WorkerError { Spec, Data, OtherRun, NoModel, WrongParams, OutOfMemory, WrongPixels, Incomparable }
    );
    samples
}

/// Why a learning rate stays as it is.
pub fn learning_rate_errors() -> Vec<LearningRateError> {
    let (argument, max) = (text("learning_rate"), f32::MAX.into());
    let samples = vec![
        LearningRateError::Scheduled(ScheduledRateError { schedule: text("CosineDecay") }),
        LearningRateError::Argument(ArgumentError { argument, min: 0.0, max, got: f64::NEG_INFINITY }),
    ];
    assert_holds_every_variant!(samples, LearningRateError { Scheduled, Argument });
    samples
}

fn spec_errors() -> Vec<SpecError> {
    let (expected, got) = (Shape::from([28, 28, 1]), Shape::from([0]));
    let mut samples = vec![
        SpecError::NoLayers,
        SpecError::EmptyInput { got: got.clone() },
        SpecError::TooLarge { layer: 1, class_name: text("Dense") },
        SpecError::TooManyParams { layer: 4, class_name: text("Dense") },
        SpecError::WrongInput { expected: expected.clone(), got: got.clone() },
        SpecError::WrongOutput { expected: expected.clone(), got: got.clone() },
        SpecError::Targets(TargetError::WrongShape { loss: text("Huber"), expected, got }),
        SpecError::Targets(TargetError::ClassOutOfRange { loss: text("Huber"), num_classes: 3, got: -1 }),
        SpecError::Targets(TargetError::WrongAxis { loss: text("Huber"), axes: 2, got: 5 }),
        SpecError::Targets(TargetError::WrongWeights { rows: 3, got: 2 }),
        SpecError::NoTrainingSamples { samples: 5, validation_samples: 5 },
        SpecError::NoneOfTheseClasses { samples: 5 },
        SpecError::TwoWeightings,
        SpecError::Argument(ArgumentError {
            argument: text("epochs"),
            min: 1.0,
            max: f64::INFINITY,
            got: 0.0,
        }),
    ];
    samples.extend(optimizer_errors().into_iter().map(SpecError::Optimizer));
    let in_layer = |error| SpecError::Layer { layer: 2, class_name: text("Conv2D"), error };
    samples.extend(layer_errors().into_iter().map(in_layer));
    let in_callback = |error| SpecError::Callback { callback: 1, class_name: text("CSVLogger"), error };
    samples.extend(callback_errors().into_iter().map(in_callback));
    assert_holds_every_variant!(
        samples,
        SpecError {
            NoLayers,
            EmptyInput,
            Layer,
            TooLarge,
            TooManyParams,
            WrongInput,
            WrongOutput,
            Targets,
            NoTrainingSamples,
            NoneOfTheseClasses,
            TwoWeightings,
            Callback,
            Argument,
            Optimizer,
        }
    );
    samples
}

fn optimizer_errors() -> Vec<OptimizerError> {
    let out_of_range = ArgumentError { argument: text("rho"), min: 0.0, max: 1.0, got: 1.5 };
    let samples = vec![
        OptimizerError::Argument(out_of_range),
        OptimizerError::SeveralClips { clipnorm: Some(1.0), clipvalue: None, global_clipnorm: Some(0.5) },
        OptimizerError::ValueCount { boundaries: 2, values: 2 },
    ];
    assert_holds_every_variant!(samples, OptimizerError { Argument, SeveralClips, ValueCount });
    samples
}

fn callback_errors() -> Vec<CallbackError> {
    let samples = vec![
        CallbackError::Argument(ArgumentError { argument: text("factor"), min: 0.0, max: 1.0, got: 1.0 }),
        CallbackError::UnknownDirection { monitor: Monitor::named("val_acc") },
        CallbackError::WrongSuffix { filepath: text("model"), expected: vec![text(".keras"), text(".h5")] },
        CallbackError::Template(TemplateError::LoneBrace { template: text("{"), at: 0 }),
        CallbackError::NotOneCharacter { argument: text("separator"), got: String::new() },
        CallbackError::Empty { argument: text("backup_dir") },
        CallbackError::ValueCount { boundaries: 2, values: 2 },
        CallbackError::ScheduledLearningRate,
    ];
    assert_holds_every_variant!(
        samples,
        CallbackError {
            Argument,
            UnknownDirection,
            WrongSuffix,
            Template,
            NotOneCharacter,
            Empty,
            ValueCount,
            ScheduledLearningRate,
        }
    );
    samples
}

fn layer_errors() -> Vec<LayerError> {
    let samples = vec![
        LayerError::Zero { argument: text("filters") },
        LayerError::OutOfRange { argument: text("rate"), min: 0.0, max: 1.0, got: 1.5 },
        LayerError::WrongRank { expected: 3, got: Shape::from([10]) },
        LayerError::NoSuchAxis { axis: -3, got: Shape::from([4, 5]) },
        LayerError::RepeatedAxis { axis: 2 },
        LayerError::NoiseShape { input: Shape::from([4, 5]) },
        LayerError::WindowTooLarge { window_height: 5, window_width: 5, height: 4, width: 4 },
        LayerError::NotAMultiple { argument: text("filters"), divisor: text("groups"), got: 5, by: 2 },
        LayerError::RowsOfBatch,
        LayerError::ChannelsNotAMultiple { channels: 3, groups: 2 },
        LayerError::StridesAndDilation { strides: [2, 1], dilation_rate: [1, 3] },
        LayerError::BadExtent { argument: text("target_shape"), got: -2 },
        LayerError::SeveralUnknown { argument: text("target_shape") },
        LayerError::CannotReshape { input: Shape::from([3, 4]), target: vec![5, -1] },
    ];
    assert_holds_every_variant!(
        samples,
        LayerError {
            Zero,
            OutOfRange,
            WrongRank,
            NoSuchAxis,
            RepeatedAxis,
            NoiseShape,
            WindowTooLarge,
            NotAMultiple,
            RowsOfBatch,
            ChannelsNotAMultiple,
            StridesAndDilation,
            BadExtent,
            SeveralUnknown,
            CannotReshape,
        }
    );
    samples
}

/// One of every kind.
pub fn format_errors() -> Vec<FormatError> {
    let name = || text("conv2d/kernel");
    let mut samples = vec![
        FormatError::TooLong { max: 1 << 20, got: 2_000_000 },
        FormatError::Json { line: 1, column: 2, detail: text("EOF") },
        FormatError::OtherFormat { expected: text("svertka-model"), got: text("other") },
        FormatError::NewerVersion { expected: 1, got: 2 },
        FormatError::Safetensors { detail: text("too short") },
        FormatError::MissingTensor { name: name() },
        FormatError::UnknownTensor { name: name() },
        FormatError::WrongExtents { name: name(), expected: vec![3, 3, 1, 6], got: vec![] },
        FormatError::WrongType { name: name(), got: text("F16") },
        FormatError::NotFinite { name: name() },
        FormatError::UnknownFile { name: name() },
        FormatError::OneWay { format: ModelFormat::Onnx, writing: false },
        FormatError::NeedsModel { format: ModelFormat::Npz },
    ];
    samples.extend(spec_errors().into_iter().map(FormatError::Spec));
    samples.extend(readers::hdf5_errors().into_iter().map(FormatError::Hdf5));
    samples.extend(readers::archive_errors().into_iter().map(FormatError::Archive));
    samples.extend(readers::keras_file_errors().into_iter().map(FormatError::KerasFile));
    samples.extend(array_errors().into_iter().map(FormatError::Array));
    let unsupported =
        |reason| FormatError::Unsupported { format: ModelFormat::Onnx, part: text("conv2d_1"), reason };
    samples.extend(reasons().into_iter().map(unsupported));
    assert_holds_every_variant!(
        samples,
        FormatError {
            TooLong,
            Json,
            OtherFormat,
            NewerVersion,
            Spec,
            Safetensors,
            MissingTensor,
            UnknownTensor,
            WrongExtents,
            WrongType,
            NotFinite,
            Hdf5,
            Archive,
            KerasFile,
            UnknownFile,
            OneWay,
            NeedsModel,
            Array,
            Unsupported,
        }
    );
    samples
}

fn array_errors() -> Vec<ArrayError> {
    let samples = vec![
        ArrayError::NotNpy,
        ArrayError::NotNpz { detail: text("no") },
        ArrayError::BadHeader,
        ArrayError::OtherType { got: text("|O") },
        ArrayError::WrongLength { expected: 2, got: 1 },
        ArrayError::TooLarge { max: u64::MAX },
    ];
    assert_holds_every_variant!(
        samples,
        ArrayError { NotNpy, NotNpz, BadHeader, OtherType, WrongLength, TooLarge }
    );
    samples
}

fn reasons() -> Vec<Unsupported> {
    let samples = vec![
        Unsupported::NoEquivalent { class_name: text("RandomRotation") },
        Unsupported::Argument { argument: text("padding"), value: text("'same'") },
        Unsupported::OtherInput { expected: 784, got: text("[2]") },
    ];
    assert_holds_every_variant!(samples, Unsupported { NoEquivalent, Argument, OtherInput });
    samples
}

/// One of every kind.
pub fn data_errors() -> Vec<DataError> {
    let file = || text("mnist/train-00.bin");
    let mut samples = vec![
        DataError::Missing { file: file() },
        DataError::Unreadable { file: file(), detail: text("no") },
        DataError::NoAnswer { file: file(), detail: text("no") },
        DataError::Offline { file: file() },
        DataError::WrongDataset { file: file(), expected: DatasetId::Mnist, got: DatasetId::FashionMnist },
        DataError::Gzip { file: file(), detail: text("no") },
        DataError::NotEnoughSamples { split: Split::Test, requested: 2, available: 1 },
    ];
    samples.extend(manifest_errors().into_iter().map(|error| DataError::Manifest { file: file(), error }));
    samples.extend(shard_errors().into_iter().map(|error| DataError::Shard { file: file(), error }));
    assert_holds_every_variant!(
        samples,
        DataError {
            Missing,
            Unreadable,
            NoAnswer,
            Offline,
            Manifest,
            WrongDataset,
            Gzip,
            Shard,
            NotEnoughSamples,
        }
    );
    samples
}

fn manifest_errors() -> Vec<ManifestError> {
    let file = || text("train-00.bin");
    let samples = vec![
        ManifestError::Syntax { detail: text("no") },
        ManifestError::UnknownVersion { expected: 1, got: 2 },
        ManifestError::BadImageShape { shape: [0, 28, 1] },
        ManifestError::BadNumClasses { got: 1 },
        ManifestError::BadFileName { file: text("../x") },
        ManifestError::BadChecksum { file: file(), sha256: text("x") },
        ManifestError::BadShardSize { file: file(), count: 0, bytes: 0 },
        ManifestError::Gap { file: file(), expected: 1, got: 2 },
        ManifestError::WrongCount { split: Split::Train, expected: 1, got: 2 },
        ManifestError::TooManyShards { split: Split::Train, got: 1_001 },
    ];
    assert_holds_every_variant!(
        samples,
        ManifestError {
            Syntax,
            UnknownVersion,
            BadImageShape,
            BadNumClasses,
            BadFileName,
            BadChecksum,
            BadShardSize,
            Gap,
            WrongCount,
            TooManyShards,
        }
    );
    samples
}

fn shard_errors() -> Vec<ShardError> {
    let samples = vec![
        ShardError::Truncated { expected: 2, got: 1 },
        ShardError::TrailingBytes { expected: 1, got: 2 },
        ShardError::WrongChecksum { expected: text("a"), got: text("b") },
        ShardError::BadMagic { got: [1, 2, 3, 4] },
        ShardError::UnknownVersion { expected: 1, got: 2 },
        ShardError::BadSize { count: 0, shape: [28, 28, 1] },
        ShardError::WrongShape { expected: [28, 28, 1], got: [1, 1, 1] },
        ShardError::WrongCount { expected: 1, got: 2 },
        ShardError::LabelOutOfRange { index: 1, label: 10, num_classes: 10 },
    ];
    assert_holds_every_variant!(
        samples,
        ShardError {
            Truncated,
            TrailingBytes,
            WrongChecksum,
            BadMagic,
            UnknownVersion,
            BadSize,
            WrongShape,
            WrongCount,
            LabelOutOfRange,
        }
    );
    samples
}
