//! `svertka fit`: trains a network, judges it by the test images and saves it.

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use super::evaluate::Evaluation;
use super::files::{DataArgs, DataFolder, ModelPaths, NetworkArgs};
use super::report::{LogArgs, Report};
use super::{json, text};
use crate::data::{Shuffle, Split};
use crate::engine::callbacks::{CallbackSpec, EarlyStoppingSpec, TerminateOnNanSpec};
use crate::engine::event::{Monitor, StopReason, TrainEvent};
use crate::engine::losses::LossSpec;
use crate::engine::model::Sequential;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, RunSpec};
use crate::engine::trainer::{Step, Trainer};
use crate::tensor::Shape;

/// Arguments of `svertka fit`.
#[derive(Debug, clap::Args)]
pub struct FitArgs {
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Images from the start of the training file, validation included; otherwise all
    #[arg(long, value_name = "COUNT")]
    samples: Option<usize>,
    /// How many of these, the last ones, are kept for validation after each epoch
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    validation_samples: usize,
    /// Test images to judge the trained network by; otherwise all, and none with 0
    #[arg(long, value_name = "COUNT")]
    test_samples: Option<usize>,
    /// Passes over the training images
    #[arg(long, default_value_t = FitSpec::default().epochs)]
    epochs: usize,
    /// Images per step
    #[arg(long, default_value_t = FitSpec::default().batch_size)]
    batch_size: usize,
    /// Of initial weights, order and dropout: the same seed gives the same weights, here and in the browser
    #[arg(long, default_value_t = RunSpec::DEFAULT_SEED)]
    seed: u64,
    /// The same order of images in every epoch
    #[arg(long)]
    no_shuffle: bool,
    /// Turns gradients into steps
    #[arg(long, default_value = "adam", value_parser = optimizer_parser())]
    optimizer: OptimizerSpec,
    /// Step size; otherwise Keras's default, 0.01 for sgd and 0.001 for the others
    #[arg(long, allow_negative_numbers = true)]
    learning_rate: Option<f32>,
    /// How much of the last step goes on, 0 to 1; with sgd
    #[arg(long, allow_negative_numbers = true)]
    momentum: Option<f32>,
    /// Nesterov's momentum; with sgd
    #[arg(long)]
    nesterov: bool,
    #[command(flatten)]
    early_stopping: EarlyStoppingArgs,
    /// File for the weights; model.json, or the same name with .json, is written beside it. Otherwise
    /// nothing is saved
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    log: LogArgs,
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

/// Trains, judges and saves.
///
/// # Errors
/// If the arguments contradict each other, a file is missing or damaged, or training diverged.
pub fn run(args: &FitArgs) -> Result<(), CliError> {
    let paths = args.out.as_deref().map(ModelPaths::new).transpose()?;
    let data = DataFolder::open(&args.data)?;
    let job = args.job(&data)?;
    let train = Arc::new(data.load(Split::Train, job.data.samples)?);
    let test = data.load(Split::Test, job.data.test_samples)?;
    let model = Sequential::new(&job.model, job.seed)?;
    let (mut model, epochs) = fit(model, &job, train, &args.log)?;
    if let Some(paths) = &paths {
        paths.save(&job, epochs, model.params())?;
        let (weights, json) = (paths.weights.display(), paths.model.display());
        args.log.tell(|| format!("Saved {weights} and {json}"), || json::saved(paths))?;
    }
    if !test.is_empty() {
        let evaluation = Evaluation::new(&mut model, &test, &data, job.compile.loss);
        args.log.tell(|| text::evaluation(&evaluation), || json::evaluation(&evaluation))?;
    }
    Ok(())
}

/// The trained model, and how many epochs it took.
fn fit(
    model: Sequential,
    job: &RunSpec,
    images: Arc<crate::data::LabeledImages>,
    log: &LogArgs,
) -> Result<(Sequential, usize), CliError> {
    let mut epochs = 0;
    let mut trainer = Trainer::new(model, job, images);
    let mut report = Report::new(log, job);
    while let Step::Continue(event) = trainer.step() {
        report.on_event(&event)?;
        match event {
            TrainEvent::EpochEnd { epoch, .. } => epochs = epoch + 1,
            TrainEvent::TrainEnd { reason: StopReason::Diverged { epoch, batch }, .. } => {
                return Err(CliError::Diverged { epoch: epoch + 1, batch: batch + 1 });
            }
            _ => (),
        }
    }
    Ok((trainer.into_model(), epochs))
}

impl FitArgs {
    /// The run that the arguments describe.
    fn job(&self, data: &DataFolder) -> Result<RunSpec, CliError> {
        let job = RunSpec {
            data: DataSpec {
                dataset: data.manifest.id,
                samples: self.samples.unwrap_or(data.manifest.train.count),
                validation_samples: self.validation_samples,
                test_samples: self.test_samples.unwrap_or(data.manifest.test.count),
            },
            compile: CompileSpec { optimizer: self.optimizer()?, loss: LossSpec::default() },
            fit: FitSpec {
                batch_size: self.batch_size,
                epochs: self.epochs,
                shuffle: if self.no_shuffle { Shuffle::Off } else { Shuffle::All },
                callbacks: self.callbacks()?,
                ..FitSpec::default()
            },
            seed: self.seed,
            ..RunSpec::new(self.network.spec()?)
        };
        job.validate(&Shape::from(data.manifest.image_shape), data.manifest.classes.len())?;
        Ok(job)
    }

    fn optimizer(&self) -> Result<OptimizerSpec, CliError> {
        let mut optimizer = self.optimizer.clone();
        if let Some(learning_rate) = self.learning_rate {
            optimizer = optimizer.with_learning_rate(learning_rate);
        }
        let only_sgd = self.momentum.map(|_| "--momentum").or(self.nesterov.then_some("--nesterov"));
        match (&mut optimizer, only_sgd) {
            (OptimizerSpec::Sgd(sgd), _) => {
                sgd.momentum = self.momentum.unwrap_or(sgd.momentum);
                sgd.nesterov = self.nesterov;
            }
            (_, None) => {}
            (_, Some(argument)) => {
                let got = optimizer.class_name().to_ascii_lowercase();
                return Err(CliError::OtherOptimizer { argument, expected: "sgd", got });
            }
        }
        Ok(optimizer)
    }

    /// A diverging run is always ended: its weights could not be loaded again.
    fn callbacks(&self) -> Result<Vec<CallbackSpec>, CliError> {
        let mut callbacks = vec![CallbackSpec::TerminateOnNan(TerminateOnNanSpec {})];
        let args = &self.early_stopping;
        if let Some(patience) = args.early_stopping_patience {
            let monitor = args.early_stopping_monitor.clone();
            if monitor.is_validation() && self.validation_samples == 0 {
                return Err(CliError::NothingToMonitor { monitor });
            }
            callbacks.push(CallbackSpec::EarlyStopping(EarlyStoppingSpec {
                monitor,
                patience,
                min_delta: args.early_stopping_min_delta,
                restore_best_weights: args.restore_best_weights,
                ..EarlyStoppingSpec::default()
            }));
        }
        Ok(callbacks)
    }
}
