//! Every error that crosses from the worker, as a sentence in the reader's language.
//!
//! No match here has a wildcard: a new variant does not compile before it has words.

use leptos_i18n::I18nContext;

use super::i18n::{Locale, t_string};
use super::locale::Language;
use crate::data::{DataError, ManifestError, ShardError, Split};
use crate::engine::argument::ArgumentError;
use crate::engine::callbacks::{CallbackError, TemplateError};
use crate::engine::layers::LayerError;
use crate::engine::losses::TargetError;
use crate::engine::optimizers::OptimizerError;
use crate::engine::spec::SpecError;
use crate::engine::trainer::LearningRateError;
use crate::protocol::{Contender, WorkerError};

/// Finds the words for an error.
#[derive(Clone, Copy)]
pub struct ErrorText {
    /// The translation lookup.
    pub i18n: I18nContext<Locale>,
    /// For numbers.
    pub language: Language,
}

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl ErrorText {
    /// Why a request could not be met.
    pub fn worker(self, error: &WorkerError) -> String {
        match error {
            WorkerError::Spec(error) => self.spec(error),
            WorkerError::Data(error) => self.data(error),
            WorkerError::OtherRun => say!(self, errors.other_run),
            WorkerError::NoModel => say!(self, errors.no_model),
            WorkerError::WrongParams { expected, got } => {
                say!(self, errors.wrong_params, got = self.count(*got), expected = self.count(*expected))
            }
            WorkerError::OutOfMemory { needed, got } => {
                let giga = |bytes: u64| self.language.decimal(bytes as f64 / 1e9, 1);
                say!(self, errors.out_of_memory, needed = giga(*needed), got = giga(*got))
            }
            WorkerError::WrongPixels { expected, got } => {
                say!(self, errors.wrong_pixels, got = self.count(*got), expected = expected.to_string())
            }
            WorkerError::Incomparable(contenders) => self.incomparable(contenders),
        }
    }

    /// Why two models cannot be compared: by their classes, where images and outputs have the same shapes.
    fn incomparable(self, [first, second]: &[Contender; 2]) -> String {
        let (name, other_name) = (first.name.clone(), second.name.clone());
        let shapes = |it: &Contender| (it.input.to_string(), it.output.to_string());
        let ((input, output), (other_input, other_output)) = (shapes(first), shapes(second));
        match (first.dataset, second.dataset) {
            (Some(data), Some(other_data)) if (&input, &output) == (&other_input, &other_output) => {
                let (data, other_data) = (data.title(), other_data.title());
                say!(self, errors.incomparable_classes, name, data, other_name, other_data)
            }
            _ => say!(self, errors.incomparable, name, input, output, other_name, other_input, other_output),
        }
    }

    /// Why a learning rate was not set.
    pub fn learning_rate(self, error: &LearningRateError) -> String {
        match error {
            LearningRateError::Scheduled(error) => {
                say!(self, errors.scheduled_rate, schedule = error.schedule.clone())
            }
            LearningRateError::Argument(error) => self.argument(error),
        }
    }

    /// Why a job cannot be built or run.
    pub fn spec(self, error: &SpecError) -> String {
        match error {
            SpecError::NoLayers => say!(self, errors.spec.no_layers),
            SpecError::EmptyInput { got } => say!(self, errors.spec.empty_input, got = got.to_string()),
            SpecError::Layer { layer, class_name, error } => say!(
                self,
                errors.spec.layer,
                number = layer + 1,
                class_name = class_name.clone(),
                error = self.layer(error)
            ),
            SpecError::TooLarge { layer, class_name } => {
                say!(self, errors.spec.too_large, number = layer + 1, class_name = class_name.clone())
            }
            SpecError::TooManyParams { layer, class_name } => {
                say!(self, errors.spec.too_many_params, number = layer + 1, class_name = class_name.clone())
            }
            SpecError::WrongInput { expected, got } => {
                say!(self, errors.spec.wrong_input, expected = expected.to_string(), got = got.to_string())
            }
            SpecError::WrongOutput { expected, got } => {
                let (axes, expected, got) = (got.rank(), expected.to_string(), got.to_string());
                if axes == 1 {
                    say!(self, errors.spec.wrong_output, expected, got)
                } else {
                    say!(self, errors.spec.wrong_output_axes, expected, got)
                }
            }
            SpecError::NoTrainingSamples { samples, validation_samples } => {
                let (samples, validation) = (self.count(*samples), self.count(*validation_samples));
                say!(self, errors.spec.no_training_samples, samples, validation)
            }
            SpecError::NoneOfTheseClasses { samples } => {
                say!(self, errors.spec.none_of_these_classes, samples = self.count(*samples))
            }
            SpecError::Callback { callback, class_name, error } => say!(
                self,
                errors.spec.callback,
                number = callback + 1,
                class_name = class_name.clone(),
                error = self.callback(error)
            ),
            SpecError::Targets(error) => self.targets(error),
            SpecError::TwoWeightings => say!(self, errors.spec.two_weightings),
            SpecError::Argument(error) => self.argument(error),
            SpecError::Optimizer(error) => self.optimizer(error),
        }
    }

    /// Why a loss or a metric cannot take the targets.
    pub fn targets(self, error: &TargetError) -> String {
        match error {
            TargetError::WrongShape { loss, expected, got } => {
                let (loss, expected, got) = (loss.clone(), expected.to_string(), got.to_string());
                say!(self, errors.targets.wrong_shape, loss, expected, got)
            }
            TargetError::ClassOutOfRange { loss, num_classes, got } => {
                let (loss, last) = (loss.clone(), num_classes.saturating_sub(1));
                say!(self, errors.targets.class_out_of_range, loss, last, got = *got)
            }
            TargetError::WrongAxis { loss, axes, got } => {
                say!(self, errors.targets.wrong_axis, loss = loss.clone(), axes = *axes, got = *got)
            }
            TargetError::WrongWeights { rows, got } => {
                say!(self, errors.targets.wrong_weights, rows = *rows, got = *got)
            }
        }
    }

    /// Why an optimizer cannot be built.
    pub fn optimizer(self, error: &OptimizerError) -> String {
        match error {
            OptimizerError::Argument(error) => self.argument(error),
            OptimizerError::SeveralClips { clipnorm: _, clipvalue: _, global_clipnorm: _ } => {
                say!(self, errors.optimizer.several_clips)
            }
            OptimizerError::ValueCount { boundaries, values } => {
                let (expected, got) = (self.count(boundaries + 1), self.count(*values));
                say!(self, errors.optimizer.value_count, expected, got)
            }
        }
    }

    /// Which argument is out of which range.
    pub fn argument(self, error: &ArgumentError) -> String {
        let ArgumentError { argument, min, max, got } = error;
        self.range(argument, *min, *max, *got)
    }

    fn range(self, argument: &str, min: f64, max: f64, got: f64) -> String {
        let argument = argument.to_owned();
        let number = |value| self.language.short(value, 6);
        let (min, got) = (number(min), number(got));
        if max.is_infinite() || max >= f64::from(f32::MAX) {
            say!(self, errors.argument.at_least, argument, min, got)
        } else {
            say!(self, errors.argument.between, argument, min, max = number(max), got)
        }
    }

    /// Why a callback cannot be built.
    pub fn callback(self, error: &CallbackError) -> String {
        match error {
            CallbackError::Argument(error) => self.argument(error),
            CallbackError::UnknownDirection { monitor } => {
                say!(self, errors.callback.unknown_direction, monitor = monitor.to_string())
            }
            CallbackError::WrongSuffix { filepath, expected } => {
                let (filepath, expected) = (filepath.clone(), expected.join(", "));
                say!(self, errors.callback.wrong_suffix, filepath, expected)
            }
            CallbackError::Template(error) => self.template(error),
            CallbackError::NotOneCharacter { argument, got } => {
                let (argument, got) = (argument.clone(), got.clone());
                say!(self, errors.callback.not_one_character, argument, got)
            }
            CallbackError::Empty { argument } => {
                say!(self, errors.callback.empty, argument = argument.clone())
            }
            CallbackError::ValueCount { boundaries, values } => {
                say!(self, errors.optimizer.value_count, expected = boundaries + 1, got = *values)
            }
            CallbackError::ScheduledLearningRate => say!(self, errors.callback.scheduled_learning_rate),
        }
    }

    /// Why a file name cannot be filled in.
    pub fn template(self, error: &TemplateError) -> String {
        match error {
            TemplateError::UnknownKey { template, key, known } => {
                let (template, key, known) = (template.clone(), key.clone(), known.join(", "));
                say!(self, errors.callback.unknown_key, template, key, known)
            }
            TemplateError::WrongFormat { template, key, format } => {
                let (template, key, format) = (template.clone(), key.clone(), format.clone());
                say!(self, errors.callback.wrong_format, template, key, format)
            }
            TemplateError::LoneBrace { template, at } => {
                say!(self, errors.callback.lone_brace, template = template.clone(), at = at + 1)
            }
        }
    }

    /// Why a layer cannot be built.
    pub fn layer(self, error: &LayerError) -> String {
        match error {
            LayerError::Zero { argument } => say!(self, errors.layer.zero, argument = argument.clone()),
            LayerError::OutOfRange { argument, min, max, got } => {
                self.range(argument, (*min).into(), (*max).into(), (*got).into())
            }
            LayerError::WrongRank { expected: 3, got } => {
                say!(self, errors.layer.no_image, got = got.to_string())
            }
            LayerError::WrongRank { expected, got } => {
                say!(self, errors.layer.wrong_rank, expected = *expected, got = got.to_string())
            }
            LayerError::NoSuchAxis { axis, got } => {
                say!(self, errors.layer.no_such_axis, axis = *axis, got = got.to_string())
            }
            LayerError::RepeatedAxis { axis } => say!(self, errors.layer.repeated_axis, axis = *axis),
            LayerError::NoiseShape { input } => {
                say!(self, errors.layer.noise_shape, input = input.to_string())
            }
            LayerError::WindowTooLarge { window_height, window_width, height, width } => {
                let window = format!("{window_height} × {window_width}");
                let input = format!("{height} × {width}");
                say!(self, errors.layer.window_too_large, window, input)
            }
            LayerError::NotAMultiple { argument, divisor, got, by } => {
                let (argument, divisor) = (argument.clone(), divisor.clone());
                say!(self, errors.layer.not_a_multiple, argument, divisor, got = *got, by = *by)
            }
            LayerError::RowsOfBatch => say!(self, errors.layer.rows_of_batch),
            LayerError::ChannelsNotAMultiple { channels, groups } => {
                say!(self, errors.layer.channels_not_a_multiple, channels = *channels, groups = *groups)
            }
            LayerError::StridesAndDilation { strides, dilation_rate } => {
                let (strides, dilation_rate) = (extents(strides), extents(dilation_rate));
                say!(self, errors.layer.strides_and_dilation, strides, dilation_rate)
            }
            LayerError::BadExtent { argument, got } => {
                say!(self, errors.layer.bad_extent, argument = argument.clone(), got = *got)
            }
            LayerError::SeveralUnknown { argument } => {
                say!(self, errors.layer.several_unknown, argument = argument.clone())
            }
            LayerError::CannotReshape { input, target } => {
                let target: Vec<String> = target.iter().map(i64::to_string).collect();
                let (target, size) = (format!("({})", target.join(", ")), self.count(input.size()));
                say!(self, errors.layer.cannot_reshape, input = input.to_string(), target, size)
            }
        }
    }

    /// Why images cannot be had.
    pub fn data(self, error: &DataError) -> String {
        match error {
            DataError::Missing { file } => say!(self, errors.data.missing, file = file.clone()),
            DataError::Unreadable { file, detail } => {
                say!(self, errors.data.unreadable, file = file.clone(), detail = detail.clone())
            }
            DataError::NoAnswer { file, detail: _ } => say!(self, errors.data.no_answer, file = file.clone()),
            DataError::Offline { file } => say!(self, errors.data.offline, file = file.clone()),
            DataError::Manifest { file, error } => {
                say!(self, errors.data.manifest, file = file.clone(), error = self.manifest(error))
            }
            DataError::WrongDataset { file, expected, got } => {
                let (expected, got) = (expected.to_string(), got.to_string());
                say!(self, errors.data.wrong_dataset, file = file.clone(), expected, got)
            }
            DataError::Gzip { file, detail: _ } => say!(self, errors.data.gzip, file = file.clone()),
            DataError::Shard { file, error } => {
                say!(self, errors.data.shard, file = file.clone(), error = self.shard(error))
            }
            DataError::NotEnoughSamples { split, requested, available } => {
                let (requested, available) = (self.count(*requested), self.count(*available));
                match split {
                    Split::Train => say!(self, errors.data.not_enough_train, requested, available),
                    Split::Test => say!(self, errors.data.not_enough_test, requested, available),
                }
            }
        }
    }

    /// What is wrong with a manifest; goes on after the file's name and a colon.
    pub fn manifest(self, error: &ManifestError) -> String {
        match error {
            ManifestError::Syntax { detail: _ } => say!(self, errors.manifest.syntax),
            ManifestError::UnknownVersion { expected, got } => {
                say!(self, errors.manifest.unknown_version, expected = *expected, got = *got)
            }
            ManifestError::BadImageShape { shape } => {
                say!(self, errors.manifest.image_shape, shape = extents(shape))
            }
            ManifestError::BadNumClasses { got } => {
                say!(self, errors.manifest.num_classes, got = self.count(*got))
            }
            ManifestError::BadFileName { file } => say!(self, errors.manifest.file_name, name = file.clone()),
            ManifestError::BadChecksum { file, sha256: _ } => {
                say!(self, errors.manifest.checksum, name = file.clone())
            }
            ManifestError::BadShardSize { file, count, bytes } => {
                let (count, bytes) = (self.count(*count), self.count(*bytes));
                say!(self, errors.manifest.shard_size, name = file.clone(), count, bytes)
            }
            ManifestError::Gap { file, expected, got } => {
                let (expected, got) = (self.count(*expected), self.count(*got));
                say!(self, errors.manifest.gap, name = file.clone(), expected, got)
            }
            ManifestError::WrongCount { split: _, expected, got } => {
                say!(
                    self,
                    errors.manifest.wrong_count,
                    expected = self.count(*expected),
                    got = self.count(*got)
                )
            }
            ManifestError::TooManyShards { split: _, got } => {
                say!(self, errors.manifest.too_many_shards, got = self.count(*got))
            }
        }
    }

    /// What is wrong with a shard; goes on after the file's name and a colon.
    pub fn shard(self, error: &ShardError) -> String {
        match error {
            ShardError::Truncated { expected, got } => {
                say!(self, errors.shard.truncated, expected = self.count(*expected), got = self.count(*got))
            }
            ShardError::TrailingBytes { expected, got } => {
                say!(self, errors.shard.trailing, expected = self.count(*expected), got = self.count(*got))
            }
            ShardError::WrongChecksum { expected: _, got: _ } => say!(self, errors.shard.altered),
            ShardError::BadMagic { got: _ } => say!(self, errors.shard.magic),
            ShardError::UnknownVersion { expected, got } => {
                say!(self, errors.shard.version, expected = *expected, got = *got)
            }
            ShardError::BadSize { count, shape } => {
                say!(self, errors.shard.size, count = self.count(*count), shape = extents(shape))
            }
            ShardError::WrongShape { expected, got } => {
                say!(self, errors.shard.shape, expected = extents(expected), got = extents(got))
            }
            ShardError::WrongCount { expected, got } => {
                say!(self, errors.shard.count, expected = self.count(*expected), got = self.count(*got))
            }
            ShardError::LabelOutOfRange { index, label, num_classes } => {
                let classes = self.count(*num_classes);
                say!(self, errors.shard.label, index = self.count(*index), label = *label, classes)
            }
        }
    }

    pub(super) fn count(self, value: usize) -> String {
        self.language.count(value)
    }
}

/// Extents as Keras writes a shape: `(3, 3, 1, 32)`.
pub(super) fn extents(extents: &[usize]) -> String {
    let parts: Vec<String> = extents.iter().map(usize::to_string).collect();
    format!("({})", parts.join(", "))
}
