//! `svertka fit`: trains a network, judges it and saves it.

use std::io::{self, Write};
use std::sync::Arc;

use super::arrays::{ArraysFile, TrainingArrays};
use super::callback_files::{CallbackFiles, FileNote};
use super::convert::listed;
use super::error::CliError;
use super::evaluate::{self, Evaluation};
use super::files::DataFolder;
pub use super::fit_args::FitArgs;
use super::model_files::{self, Destination};
use super::report::Report;
use super::{json, text};
use crate::data::{LabeledImages, Samples, Split};
use crate::engine::event::{StopReason, TrainEvent};
use crate::engine::model::Sequential;
use crate::engine::spec::{RunSpec, SpecError};
use crate::engine::trainer::{Snapshot, Step, Trainer};
use crate::formats::run_json::write_run;
use crate::formats::{OptimizerState, SavedModel};
use crate::tensor::Shape;

/// What is judged in the end.
enum Test {
    Images(DataFolder, LabeledImages),
    Arrays(crate::data::Arrays),
    Nothing,
}

/// Trains, judges and saves.
///
/// # Errors
/// If the arguments contradict each other, a file is missing or damaged, or training diverged.
pub fn run(args: &FitArgs) -> Result<(), CliError> {
    let (run, notes) = args.run()?;
    let arrays = args.data.arrays()?;
    let folder = if arrays.is_none() { Some(DataFolder::open(&args.data, run.data.dataset)?) } else { None };
    let run = match &folder {
        Some(folder) => args.with_images(run, &folder.manifest)?,
        None => run,
    };
    if args.print_run {
        return Ok(writeln!(io::stdout().lock(), "{}", write_run(&run))?);
    }
    let out = args.out.as_deref().map(|path| Destination::of_file(path, None)).transpose()?;
    out.iter().try_for_each(|out| out.check(&run))?;
    for note in &notes {
        args.log.tell(|| format!("Note: {note}"), || json::note(note))?;
    }
    let (run, samples, test) = match (arrays, folder) {
        (Some(arrays), _) => from_arrays(&arrays, run)?,
        (None, Some(folder)) => from_images(folder, run)?,
        (None, None) => unreachable!("there are arrays or a folder"),
    };
    let (model, state) = begin(args, &run)?;
    let (mut model, fitted) = fit(model, state.as_ref(), &run, samples, args)?;
    if let Some(out) = &out {
        let saved = SavedModel {
            model: run.model.clone(),
            params: model.params().to_vec(),
            job: Some(run.clone()),
            epochs: Some(fitted.epochs),
            optimizer: fitted.optimizer,
        };
        let files = out.write(&saved)?;
        args.log.tell(|| format!("Saved {}", listed(&files)), || json::saved(&files))?;
        let path = files[0].clone();
        let warning = if model.params().iter().any(|value| !value.is_finite()) {
            Some(FileNote::NotFinite { path })
        } else {
            fitted.is_diverged.then_some(FileNote::Diverged { path })
        };
        if let Some(note) = warning {
            args.log.tell(|| note.text(&run).unwrap_or_default(), || note.json(&run))?;
        }
    }
    match test {
        Test::Images(folder, images) => {
            let evaluation = Evaluation::new(&mut model, &images, &folder, run.compile.loss);
            args.log.tell(|| text::evaluation(&evaluation), || json::evaluation(&evaluation))?;
        }
        Test::Arrays(arrays) => evaluate::tell_arrays(&mut model, &run, &arrays, &args.log)?,
        Test::Nothing => {}
    }
    Ok(())
}

fn from_images(folder: DataFolder, run: RunSpec) -> Result<(RunSpec, Arc<dyn Samples>, Test), CliError> {
    run.validate(&Shape::from(folder.manifest.image_shape), folder.manifest.classes.len())?;
    let train = folder.load(Split::Train, run.data.samples)?;
    run.validate_choice(train.classes())?;
    let test = folder.load(Split::Test, run.data.test_samples)?;
    let test = test.select(&run.data.choose_test(test.classes()));
    let test = if test.is_empty() { Test::Nothing } else { Test::Images(folder, test) };
    Ok((run, Arc::new(train), test))
}

fn from_arrays(file: &ArraysFile, mut run: RunSpec) -> Result<(RunSpec, Arc<dyn Samples>, Test), CliError> {
    let classes = evaluate::wants_classes(&run);
    if run.data.class_counts.is_some() {
        return Err(CliError::ClassCountsOfArrays);
    }
    let train = file.first_part(&["train"], classes)?;
    let samples = TrainingArrays::new(train, file.part("val", classes)?);
    run.data.samples = samples.len();
    run.data.validation_samples = samples.num_validation();
    run.validate_split()?;
    evaluate::check_arrays(&run, samples.train())?;
    if run.fit.class_weight.is_some() && samples.train().sample_weight().is_some() {
        return Err(SpecError::TwoWeightings.into());
    }
    if let Some(validation) = samples.validation() {
        evaluate::check_arrays(&run, validation)?;
    }
    let test = match file.part("test", classes)? {
        Some(test) => {
            evaluate::check_arrays(&run, &test)?;
            Test::Arrays(test)
        }
        None => Test::Nothing,
    };
    Ok((run, Arc::new(samples), test))
}

/// The model to begin with, and the state of its optimizer if training goes on.
fn begin(args: &FitArgs, run: &RunSpec) -> Result<(Sequential, Option<Snapshot>), CliError> {
    let Some(path) = &args.init else { return Ok((Sequential::new(&run.model, run.seed)?, None)) };
    let saved = model_files::open(path, Some(run.clone()))?.saved;
    let model = Sequential::with_params(&run.model, saved.params)?;
    if !args.resume {
        return Ok((model, None));
    }
    let state = saved.optimizer.ok_or_else(|| CliError::NoOptimizerState { path: path.clone() })?;
    let snapshot = Snapshot {
        epoch: 0,
        steps: state.steps,
        learning_rate: args.learning_rate.unwrap_or(state.learning_rate),
        params: model.params().to_vec(),
        slots: state.slots,
        callbacks: Vec::new(),
    };
    Ok((model, Some(snapshot)))
}

/// How training went.
struct Fitted {
    /// Completed ones.
    epochs: usize,
    is_diverged: bool,
    /// What the optimizer needs to go on.
    optimizer: Option<OptimizerState>,
}

/// The trained model, and how it went.
fn fit(
    model: Sequential,
    state: Option<&Snapshot>,
    run: &RunSpec,
    samples: Arc<dyn Samples>,
    args: &FitArgs,
) -> Result<(Sequential, Fitted), CliError> {
    let mut fitted = Fitted { epochs: 0, is_diverged: false, optimizer: None };
    let mut trainer = Trainer::new(model, run, samples);
    if let (Some(snapshot), Some(path)) = (state, &args.init) {
        trainer
            .resume(snapshot)
            .map_err(|error| CliError::OtherOptimizerState { path: path.clone(), error })?;
    }
    let mut report = Report::new(&args.log, args.log_steps, run);
    let mut files = CallbackFiles::new(run);
    // Who asks for a laboratory's run gets Keras's: weights that are no numbers, too, can be looked at.
    let is_laboratory = args.network.run.is_some();
    for note in files.begin(&mut trainer)? {
        report.on_note(&note)?;
    }
    while let Step::Continue(event) = trainer.step() {
        report.on_event(&event)?;
        for note in files.on_event(&event, &mut trainer)? {
            report.on_note(&note)?;
        }
        let TrainEvent::TrainEnd { reason, epochs } = event else { continue };
        fitted.epochs = epochs;
        if let StopReason::Diverged { epoch, batch } = reason {
            if !is_laboratory {
                return Err(CliError::Diverged { epoch: epoch + 1, batch: batch + 1 });
            }
            fitted.is_diverged = true;
        }
    }
    let Snapshot { steps, learning_rate, slots, .. } = trainer.snapshot();
    fitted.optimizer = Some(OptimizerState { steps, learning_rate, slots });
    Ok((trainer.into_model(), fitted))
}
