//! The form's view of a [`RunSpec`]: how much data, which network, and what is wrong with the whole.
//! The spec itself stays the only truth.

use super::faults::{CLASSES, CallbackFault, callback_faults};
use super::field::Field;
use super::fit_field::FitField;
use crate::engine::callbacks::{CallbackSpec, TerminateOnNanSpec};
use crate::engine::layers::LayerSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::engine::spec::{DataSpec, FitSpec, ModelSpec, RunSpec, SpecError};
use crate::tensor::Shape;

/// All images: a tenth of the training file validates.
pub const FULL_SET: DataSpec = DataSpec {
    dataset: crate::data::DatasetId::Mnist,
    samples: 60_000,
    validation_samples: 6_000,
    test_samples: 10_000,
    class_counts: None,
};

/// How much of a dataset is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subset {
    /// The first images, for a result within a minute.
    Quick,
    /// Every image.
    Full,
    /// Sizes chosen one by one.
    Custom,
}

impl Subset {
    /// Which of them these sizes are.
    pub fn of(data: &DataSpec) -> Subset {
        let sizes = |data: &DataSpec| (data.samples, data.validation_samples, data.test_samples);
        if sizes(data) == sizes(&DataSpec::default()) {
            Subset::Quick
        } else if sizes(data) == sizes(&FULL_SET) {
            Subset::Full
        } else {
            Subset::Custom
        }
    }

    /// The name of the choice.
    pub fn name(self) -> &'static str {
        match self {
            Subset::Quick => "quick",
            Subset::Full => "full",
            Subset::Custom => "custom",
        }
    }

    /// Takes these sizes; own sizes stay as they are, and so do the classes.
    pub fn apply(self, data: &mut DataSpec) {
        let sizes = match self {
            Subset::Quick => DataSpec::default(),
            Subset::Full => FULL_SET,
            Subset::Custom => return,
        };
        *data = DataSpec { dataset: data.dataset, class_counts: data.class_counts.take(), ..sizes };
    }
}

/// What the form shows at first: the quick subset, LeNet-5, Adam, and a guard against divergence.
pub fn default_job() -> RunSpec {
    let guard = CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default());
    let fit = FitSpec { callbacks: vec![guard], ..FitSpec::default() };
    RunSpec { fit, ..RunSpec::new(Preset::default().spec()) }
}

/// Which preset a network is, if any.
pub fn preset(model: &ModelSpec) -> Option<Preset> {
    let is_same =
        |preset: ModelSpec| preset.layers == model.layers && preset.input_shape == model.input_shape;
    Preset::ALL.into_iter().find(|preset| is_same(preset.spec()))
}

/// A network with the name that it deserves: a preset's, or Keras's own for one that was built.
pub fn model_named(input_shape: Shape, layers: Vec<LayerSpec>) -> ModelSpec {
    let model = ModelSpec { name: "sequential".to_owned(), input_shape, layers };
    preset(&model).map_or(model, Preset::spec)
}

/// Takes the optimizer of that class name with its default arguments; keeps it if it is that one.
pub fn set_optimizer(job: &mut RunSpec, class_name: &str) {
    let chosen = OptimizerSpec::palette().into_iter().find(|it| it.class_name() == class_name);
    if let Some(chosen) = chosen
        && job.compile.optimizer.class_name() != class_name
    {
        job.compile.optimizer = chosen;
    }
}

/// What is wrong with a job: why it cannot be started, or what will not come of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// A number is out of its bounds.
    OutOfBounds(Field),
    /// An argument of fit is out of its bounds.
    FitOutOfBounds(FitField),
    /// `validation_split` leaves nothing to train on.
    Split(SpecError),
    /// The spec does not fit together.
    Spec(SpecError),
    /// A callback does not do.
    Callback {
        /// Position in the list.
        callback: usize,
        /// Keras's class name.
        class_name: &'static str,
        /// Why.
        fault: CallbackFault,
    },
}

impl Problem {
    /// Whether the job can be started all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Problem::Callback { fault, .. } if fault.is_warning())
    }

    /// The field to mend.
    pub fn field(&self) -> Option<Field> {
        match self {
            Problem::OutOfBounds(field) => Some(*field),
            Problem::Spec(SpecError::NoTrainingSamples { .. }) => Some(Field::ValidationSamples),
            _ => None,
        }
    }

    /// The argument of fit to mend.
    pub fn fit_field(&self) -> Option<FitField> {
        match self {
            Problem::FitOutOfBounds(field) => Some(*field),
            Problem::Split(_) => Some(FitField::ValidationSplit),
            Problem::Spec(SpecError::Argument(error)) => FitField::named(&error.argument),
            _ => None,
        }
    }
}

/// Everything that is wrong with a job, for images of 28 × 28 in ten classes.
pub fn problems(job: &RunSpec) -> Vec<Problem> {
    let out = |field: &Field| field.get(job).is_some_and(|value| !field.bounds().allows(value));
    let mut found: Vec<Problem> = Field::ALL.into_iter().filter(out).map(Problem::OutOfBounds).collect();
    let fit = FitField::all(CLASSES as u32).filter(|field| field.is_wrong(&job.fit));
    found.extend(fit.map(Problem::FitOutOfBounds));
    if found.is_empty() {
        found.extend(match job.validate(&Shape::from([28, 28, 1]), CLASSES) {
            Err(error @ SpecError::NoTrainingSamples { .. }) if job.data.validation_samples == 0 => {
                Some(Problem::Split(error))
            }
            // Callbacks are judged below, every one of them.
            Ok(()) | Err(SpecError::Callback { .. }) => None,
            Err(error) => Some(Problem::Spec(error)),
        });
    }
    let class_name = |callback: usize| job.fit.callbacks[callback].class_name();
    let faults = callback_faults(job).into_iter();
    found.extend(faults.map(|(callback, fault)| {
        let class_name = class_name(callback);
        Problem::Callback { callback, class_name, fault }
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::{EarlyStoppingSpec, ReduceLrOnPlateauSpec};
    use crate::engine::event::Monitor;

    #[test]
    fn the_default_job_is_faultless() {
        assert_eq!(problems(&default_job()), []);
        assert_eq!(Subset::of(&default_job().data), Subset::Quick);
        assert_eq!(preset(&default_job().model), Some(Preset::Lenet5));
    }

    #[test]
    fn what_does_not_fit_together_is_a_problem() {
        let mut job = default_job();
        job.data.validation_samples = 7_000;
        assert_eq!(problems(&job)[0].field(), Some(Field::ValidationSamples));
        job.data.validation_samples = 0;
        assert_eq!(problems(&job), []);
        job.fit.callbacks.push(CallbackSpec::EarlyStopping(EarlyStoppingSpec::default()));
        let fault = CallbackFault::NotValidated(Monitor::VAL_LOSS);
        let missing = Problem::Callback { callback: 1, class_name: "EarlyStopping", fault };
        assert!(missing.is_warning(), "Keras warns and goes on");
        assert_eq!(problems(&job), std::slice::from_ref(&missing));
        job.fit.batch_size = 0;
        let bounds = Problem::OutOfBounds(Field::BatchSize);
        assert!(!bounds.is_warning());
        assert_eq!(problems(&job), [bounds, missing]);
    }

    #[test]
    fn what_is_wrong_with_fit_is_said_at_its_field() {
        let at = |change: fn(&mut RunSpec)| {
            let mut job = default_job();
            change(&mut job);
            problems(&job).iter().map(Problem::fit_field).collect::<Vec<_>>()
        };
        assert_eq!(at(|job| job.fit.initial_epoch = 6), [Some(FitField::InitialEpoch)]);
        assert_eq!(at(|job| job.fit.steps_per_epoch = Some(0)), [Some(FitField::StepsPerEpoch)]);
        assert_eq!(at(|job| job.fit.validation_split = 0.999_9), [], "there are samples of their own");
        let split = |job: &mut RunSpec| {
            (job.data.samples, job.data.validation_samples, job.fit.validation_split) = (2, 0, 0.9);
        };
        assert_eq!(at(split), [Some(FitField::ValidationSplit)]);
    }

    #[test]
    fn every_callback_that_does_not_do_is_named_beside_other_problems() {
        let mut job = default_job();
        let plateau = ReduceLrOnPlateauSpec { factor: 2.0, ..ReduceLrOnPlateauSpec::default() };
        job.fit.callbacks = vec![CallbackSpec::ReduceLrOnPlateau(plateau); 2];
        job.fit.epochs = 0;
        let found = problems(&job);
        assert_eq!(found[0], Problem::OutOfBounds(Field::Epochs));
        let positions = found[1..].iter().map(|problem| match problem {
            Problem::Callback { callback, .. } => *callback,
            other => panic!("{other:?}"),
        });
        assert!(positions.eq([0, 1]));
    }

    #[test]
    fn a_network_is_named_after_its_layers() {
        let lenet = Preset::Lenet5.spec();
        assert_eq!(model_named(lenet.input_shape.clone(), lenet.layers.clone()), lenet);
        let own = model_named(lenet.input_shape.clone(), lenet.layers[..7].to_vec());
        assert_eq!((own.name.as_str(), preset(&own)), ("sequential", None));
        assert_eq!(preset(&ModelSpec { name: "mine".to_owned(), ..lenet }), Some(Preset::Lenet5));
    }

    #[test]
    fn one_click_takes_every_image() {
        let mut data = DataSpec::default();
        Subset::Full.apply(&mut data);
        assert_eq!((data.samples, data.test_samples), (60_000, 10_000));
        assert_eq!(Subset::of(&data), Subset::Full);
        data.class_counts = Some([(5, 100)].into());
        Subset::Quick.apply(&mut data);
        assert_eq!((Subset::of(&data), data.class_counts), (Subset::Quick, Some([(5, 100)].into())));
        let mut data = FULL_SET;
        data.samples = 5_000;
        assert_eq!(Subset::of(&data), Subset::Custom);
    }
}
