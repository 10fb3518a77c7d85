//! `svertka evaluate`: judges a saved model by the test images, or by arrays.

use super::error::CliError;
use super::files::{DataArgs, DataFolder, TrainedArgs};
use super::report::LogArgs;
use super::{json, text};
use crate::data::{Arrays, DatasetId, LabeledImages, Samples, Split};
use crate::engine::evaluator::{EVALUATION_BATCH, Evaluator};
use crate::engine::event::{Logs, Monitor};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::Confusion;
use crate::engine::model::Sequential;
use crate::engine::spec::{RunSpec, SpecError};
use crate::tensor::Shape;

/// Arguments of `svertka evaluate`.
#[derive(Debug, clap::Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    trained: TrainedArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Test images, from the first on; otherwise all
    #[arg(long, value_name = "COUNT")]
    test_samples: Option<usize>,
    #[command(flatten)]
    log: LogArgs,
}

/// A judged model.
pub struct Evaluation {
    /// By which images.
    pub dataset: DatasetId,
    /// Class names.
    pub classes: Vec<String>,
    /// Mean loss.
    pub loss: f64,
    /// True and predicted classes.
    pub confusion: Confusion,
}

impl Evaluation {
    /// Judges `model` by all of `images`, whose shape and classes it must have.
    pub fn new(model: &mut Sequential, images: &LabeledImages, data: &DataFolder, loss: LossSpec) -> Self {
        let mut evaluator = Evaluator::new(0..images.len(), EVALUATION_BATCH);
        while evaluator.step(model, images, loss) {}
        let classes = data.manifest.classes.len();
        Self {
            dataset: data.manifest.id,
            classes: (0..classes).map(|class| data.class_name(class).to_owned()).collect(),
            loss: evaluator.measures().loss(),
            confusion: Confusion::new(classes, images.labels(), evaluator.predicted()),
        }
    }

    /// The fraction predicted right, 0..1; not a number without images.
    pub fn accuracy(&self) -> f64 {
        self.confusion.accuracy().unwrap_or(f64::NAN)
    }
}

/// Judges a saved model.
///
/// # Errors
/// If a file cannot be read, or the model is made for other images.
pub fn run(args: &EvaluateArgs) -> Result<(), CliError> {
    let (run, mut model) = args.trained.open()?;
    if let Some(file) = args.data.arrays()? {
        let arrays = file.first_part(&["test", "val", "train"], wants_classes(&run))?;
        check_arrays(&run, &arrays)?;
        return tell_arrays(&mut model, &run, &arrays, &args.log);
    }
    let data = DataFolder::open(&args.data, args.data.dataset.unwrap_or_default())?;
    check_ends(&model, &data)?;
    let samples = args.test_samples.unwrap_or(data.manifest.test.count);
    let images = data.load(Split::Test, samples)?;
    let evaluation = Evaluation::new(&mut model, &images, &data, LossSpec::default());
    args.log.tell(
        || text::evaluation(&evaluation) + "\n" + &text::evaluation_tables(&evaluation),
        || json::evaluation(&evaluation),
    )?;
    Ok(())
}

/// Checks that `model` takes the images of `data` and knows as many classes.
///
/// # Errors
/// If not.
pub fn check_ends(model: &Sequential, data: &DataFolder) -> Result<(), CliError> {
    let run = RunSpec::new(model.spec().clone());
    Ok(run.validate(&Shape::from(data.manifest.image_shape), data.manifest.classes.len())?)
}

/// Whether whole targets of a run are classes.
pub fn wants_classes(run: &RunSpec) -> bool {
    matches!(run.compile.loss, LossSpec::SparseCategoricalCrossentropy(_))
}

/// Checks that a run's model takes `arrays` and that its loss takes their targets.
///
/// # Errors
/// If not.
pub fn check_arrays(run: &RunSpec, arrays: &Arrays) -> Result<(), CliError> {
    run.validate_training()?;
    // Here the data is at fault, and not the arguments.
    run.validate_samples(arrays).map_err(|error| match error {
        SpecError::Targets(error) => error.into(),
        error => error.into(),
    })
}

/// Judges `model` by arrays and tells.
///
/// # Errors
/// If nobody reads the output any more.
pub fn tell_arrays(
    model: &mut Sequential,
    run: &RunSpec,
    arrays: &Arrays,
    log: &LogArgs,
) -> Result<(), CliError> {
    let mut evaluator = Evaluator::new(0..arrays.len(), run.fit.validation_batch())
        .measuring(run.compile.measures())
        .weighing(run.compile.loss_weights);
    while evaluator.step(model, arrays, run.compile.loss) {}
    let logs = evaluator.measures().logs();
    let logs = Logs(logs.into_iter().map(|(name, value)| (Monitor(name), value)).collect());
    log.tell(|| text::judged(arrays.len(), &logs), || json::judged(arrays.len(), &logs))?;
    Ok(())
}
