//! What `svertka fit` takes, and the run that it describes.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use super::files::{DataArgs, NetworkArgs, read_run_file};
use super::model_files::{self, run_of};
use super::report::LogArgs;
use crate::data::{Manifest, Shuffle};
use crate::engine::callbacks::{CallbackSpec, EarlyStoppingSpec, TerminateOnNanSpec};
use crate::engine::event::Monitor;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::engine::spec::{FitSpec, RunSpec};
use crate::formats::run_json::{KerasNote, RunFile};

/// Arguments of `svertka fit`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, clap::Args)]
pub struct FitArgs {
    #[command(flatten)]
    pub(super) network: NetworkArgs,
    #[command(flatten)]
    pub(super) data: DataArgs,
    /// Weights to begin with: .safetensors, .keras, .weights.h5, .h5 or .npz; otherwise the seed draws them. Where no
    /// network is named, layers and compile are the file's
    #[arg(long, value_name = "FILE")]
    pub(super) init: Option<PathBuf>,
    /// Go on where the training of --init stopped: with its optimizer's state and learning rate
    #[arg(long, requires = "init")]
    pub(super) resume: bool,
    /// Images from the start of the training file, validation included; otherwise all
    #[arg(long, value_name = "COUNT")]
    samples: Option<usize>,
    /// How many of these, the last ones, are kept for validation after each epoch; otherwise none
    #[arg(long, value_name = "COUNT")]
    validation_samples: Option<usize>,
    /// Test images to judge the trained network by; otherwise all, and none with 0
    #[arg(long, value_name = "COUNT")]
    test_samples: Option<usize>,
    /// Passes over the training images; otherwise 5
    #[arg(long)]
    epochs: Option<usize>,
    /// Images per step; otherwise 64
    #[arg(long)]
    batch_size: Option<usize>,
    /// Of initial weights, order and dropout: the same seed gives the same weights, here and in the browser;
    /// otherwise 1
    #[arg(long)]
    seed: Option<u64>,
    /// The same order of images in every epoch
    #[arg(long)]
    no_shuffle: bool,
    /// Turns gradients into steps; otherwise adam
    #[arg(long, value_parser = optimizer_parser())]
    optimizer: Option<OptimizerSpec>,
    /// Step size, also with --resume; otherwise Keras's default, 0.01 for sgd and 0.001 for the others
    #[arg(long, allow_negative_numbers = true)]
    pub(super) learning_rate: Option<f32>,
    /// How much of the last step goes on, 0 to 1; with sgd
    #[arg(long, allow_negative_numbers = true)]
    momentum: Option<f32>,
    /// Nesterov's momentum; with sgd
    #[arg(long)]
    nesterov: bool,
    #[command(flatten)]
    early_stopping: EarlyStoppingArgs,
    /// File for the trained model. Its ending says its kind: .keras, .weights.h5, .h5, .npz, .onnx, .ipynb, .py; any other
    /// is .safetensors, and the same name with .json is written beside it. Otherwise nothing is saved
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Print the run as JSON, to begin a run.json with, and do nothing else
    #[arg(long)]
    pub(super) print_run: bool,
    /// Tell of every step, too: the loss of its batch alone, and the running means of the epoch
    #[arg(long)]
    pub(super) log_steps: bool,
    #[command(flatten)]
    pub(super) log: LogArgs,
}

/// Keras's `EarlyStopping`.
#[derive(Debug, clap::Args)]
struct EarlyStoppingArgs {
    /// End training after this many epochs without improvement
    #[arg(long, value_name = "EPOCHS")]
    early_stopping_patience: Option<usize>,
    /// An improvement must exceed this
    #[arg(long, value_name = "DELTA", default_value_t = 0.0, requires = "early_stopping_patience")]
    early_stopping_min_delta: f64,
    /// What must improve
    #[arg(long, value_name = "NAME", default_value = "val_loss", value_parser = monitor_parser(), requires = "early_stopping_patience")]
    early_stopping_monitor: Monitor,
    /// Keep the weights of the best epoch, not those of the last
    #[arg(long, requires = "early_stopping_patience")]
    restore_best_weights: bool,
}

fn optimizer_parser() -> impl TypedValueParser<Value = OptimizerSpec> {
    let name = |optimizer: &OptimizerSpec| optimizer.class_name().to_ascii_lowercase();
    let names: Vec<String> = OptimizerSpec::palette().iter().map(name).collect();
    PossibleValuesParser::new(names).map(move |chosen| {
        let all = OptimizerSpec::palette().into_iter();
        all.into_iter().find(|spec| name(spec) == chosen).expect("only these names are let through")
    })
}

fn monitor_parser() -> impl TypedValueParser<Value = Monitor> {
    PossibleValuesParser::new(Monitor::ALL.map(|monitor| monitor.to_string())).map(|chosen| {
        let all = Monitor::ALL.into_iter();
        all.into_iter().find(|m| m.to_string() == chosen).expect("only these names are let through")
    })
}

impl FitArgs {
    /// The run that the arguments describe, before the data's size is known, and what of its file was
    /// left out.
    ///
    /// # Errors
    /// If its file cannot be read, or the arguments contradict each other.
    pub fn run(&self) -> Result<(RunSpec, Vec<KerasNote>), CliError> {
        let RunFile { mut run, notes } = match &self.network.run {
            Some(path) => read_run_file(path)?,
            None => RunFile { run: self.run_of_options()?, notes: Vec::new() },
        };
        run.fit.epochs = self.epochs.unwrap_or(run.fit.epochs);
        run.fit.batch_size = self.batch_size.unwrap_or(run.fit.batch_size);
        run.seed = self.seed.unwrap_or(run.seed);
        if self.no_shuffle {
            run.fit.shuffle = Shuffle::Off;
        }
        if let Some(dataset) = self.data.dataset {
            run.data.dataset = dataset;
        }
        run.data.samples = self.samples.unwrap_or(run.data.samples);
        run.data.validation_samples = self.validation_samples.unwrap_or(run.data.validation_samples);
        run.data.test_samples = self.test_samples.unwrap_or(run.data.test_samples);
        run.compile.optimizer = self.optimizer(&run.compile.optimizer)?;
        run.fit.callbacks.extend(self.early_stopping());
        Ok((run, notes))
    }

    /// A ready network's own run, or one with a network alone, on all images. A diverging run is ended: its weights
    /// could not be loaded again.
    fn run_of_options(&self) -> Result<RunSpec, CliError> {
        if let Some(run) = self.network.preset.and_then(Preset::own_run) {
            return Ok(run);
        }
        let mut run = match &self.init {
            Some(path) if !self.network.is_named() => {
                let made = run_of(&model_files::open(path, None)?.saved);
                RunSpec { compile: made.compile, ..RunSpec::new(made.model) }
            }
            _ => RunSpec::new(self.network.spec()?),
        };
        run.data.samples = usize::MAX;
        run.data.validation_samples = 0;
        run.data.test_samples = usize::MAX;
        run.fit = FitSpec {
            callbacks: vec![CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default())],
            ..FitSpec::default()
        };
        Ok(run)
    }

    /// `run` with numbers of images where all were meant, and checked as far as that goes without them.
    ///
    /// # Errors
    /// If something is to be watched that is not measured.
    pub fn with_images(&self, mut run: RunSpec, manifest: &Manifest) -> Result<RunSpec, CliError> {
        let all = |samples: &mut usize, count| {
            if *samples == usize::MAX {
                *samples = count;
            }
        };
        all(&mut run.data.samples, manifest.train.count);
        all(&mut run.data.test_samples, manifest.test.count);
        let monitor = &self.early_stopping.early_stopping_monitor;
        if self.early_stopping.early_stopping_patience.is_some()
            && monitor.is_validation()
            && run.data.num_train(&run.fit) == run.data.samples
        {
            return Err(CliError::NothingToMonitor { monitor: monitor.clone() });
        }
        Ok(run)
    }

    fn optimizer(&self, of_run: &OptimizerSpec) -> Result<OptimizerSpec, CliError> {
        let mut optimizer = self.optimizer.clone().unwrap_or_else(|| of_run.clone());
        if let Some(learning_rate) = self.learning_rate {
            optimizer = optimizer.with_learning_rate(learning_rate);
        }
        let only_sgd = self.momentum.map(|_| "--momentum").or(self.nesterov.then_some("--nesterov"));
        match (&mut optimizer, only_sgd) {
            (OptimizerSpec::Sgd(sgd), _) => {
                sgd.momentum = self.momentum.unwrap_or(sgd.momentum);
                sgd.nesterov |= self.nesterov;
            }
            (_, None) => {}
            (_, Some(argument)) => {
                let got = optimizer.class_name().to_ascii_lowercase();
                return Err(CliError::OtherOptimizer { argument, expected: "sgd", got });
            }
        }
        Ok(optimizer)
    }

    fn early_stopping(&self) -> Option<CallbackSpec> {
        let args = &self.early_stopping;
        Some(CallbackSpec::EarlyStopping(EarlyStoppingSpec {
            patience: args.early_stopping_patience?,
            monitor: args.early_stopping_monitor.clone(),
            min_delta: args.early_stopping_min_delta,
            restore_best_weights: args.restore_best_weights,
            ..EarlyStoppingSpec::default()
        }))
    }
}
