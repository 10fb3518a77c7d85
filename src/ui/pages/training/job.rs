//! The form's view of a [`RunSpec`]: how much data, which network, and what is wrong with the whole.
//! The spec itself stays the only truth.

use super::field::Field;
use crate::engine::callbacks::{CallbackSpec, EarlyStoppingSpec, TerminateOnNanSpec};
use crate::engine::event::Monitor;
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

    /// Takes these sizes; own sizes stay as they are.
    pub fn apply(self, data: &mut DataSpec) {
        let sizes = match self {
            Subset::Quick => DataSpec::default(),
            Subset::Full => FULL_SET,
            Subset::Custom => return,
        };
        *data = DataSpec { dataset: data.dataset, ..sizes };
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
    Preset::ALL.into_iter().find(|preset| preset.spec() == *model)
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

/// The job's `EarlyStopping`.
pub fn early_stopping(job: &RunSpec) -> Option<&EarlyStoppingSpec> {
    job.fit.callbacks.iter().find_map(|callback| match callback {
        CallbackSpec::EarlyStopping(spec) => Some(spec),
        _ => None,
    })
}

/// The job's `EarlyStopping`, to change.
pub fn early_stopping_mut(job: &mut RunSpec) -> Option<&mut EarlyStoppingSpec> {
    job.fit.callbacks.iter_mut().find_map(|callback| match callback {
        CallbackSpec::EarlyStopping(spec) => Some(spec),
        _ => None,
    })
}

/// Turns `EarlyStopping` on or off. It begins with a patience of 2: with Keras's 0 the first epoch
/// that is no better ends training, which hardly ever is what was wanted.
pub fn set_early_stopping(job: &mut RunSpec, on: bool) {
    if on && early_stopping(job).is_none() {
        let spec = EarlyStoppingSpec { patience: 2, ..EarlyStoppingSpec::default() };
        job.fit.callbacks.push(CallbackSpec::EarlyStopping(spec));
    } else if !on {
        job.fit.callbacks.retain(|callback| !matches!(callback, CallbackSpec::EarlyStopping(_)));
    }
}

/// Why a job cannot be started.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// A number is out of its bounds.
    OutOfBounds(Field),
    /// The spec does not fit together.
    Spec(SpecError),
    /// `EarlyStopping` watches validation images, and there are none.
    NothingToMonitor(Monitor),
}

impl Problem {
    /// The field to mend.
    pub fn field(&self) -> Option<Field> {
        match self {
            Problem::OutOfBounds(field) => Some(*field),
            Problem::Spec(SpecError::NoTrainingSamples { .. }) | Problem::NothingToMonitor(_) => {
                Some(Field::ValidationSamples)
            }
            Problem::Spec(_) => None,
        }
    }
}

/// Everything that is wrong with a job, for images of 28 × 28 in ten classes.
pub fn problems(job: &RunSpec) -> Vec<Problem> {
    let out = |field: &Field| field.get(job).is_some_and(|value| !field.bounds().allows(value));
    let mut found: Vec<Problem> = Field::ALL.into_iter().filter(out).map(Problem::OutOfBounds).collect();
    if found.is_empty() {
        found.extend(job.validate(&Shape::from([28, 28, 1]), 10).err().map(Problem::Spec));
    }
    if let Some(spec) = early_stopping(job)
        && spec.monitor.is_validation()
        && job.data.validation_samples == 0
    {
        found.push(Problem::NothingToMonitor(spec.monitor.clone()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

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
        set_early_stopping(&mut job, true);
        assert_eq!(problems(&job), [Problem::NothingToMonitor(Monitor::VAL_LOSS)]);
        job.fit.batch_size = 0;
        assert_eq!(problems(&job)[0], Problem::OutOfBounds(Field::BatchSize));
    }

    #[test]
    fn one_click_takes_every_image() {
        let mut data = DataSpec::default();
        Subset::Full.apply(&mut data);
        assert_eq!((data.samples, data.test_samples), (60_000, 10_000));
        assert_eq!(Subset::of(&data), Subset::Full);
        data.samples = 5_000;
        assert_eq!(Subset::of(&data), Subset::Custom);
    }
}
