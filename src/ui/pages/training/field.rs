//! [`Field`]: the numbers of a [`RunSpec`] that can be edited, within which bounds.

use super::job::{FULL_SET, default_job, set_optimizer};
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::spec::RunSpec;
pub use crate::ui::arguments::FieldBounds;

/// One editable number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Images from the training file, validation included.
    Samples,
    /// How many of them are kept for validation.
    ValidationSamples,
    /// Images from the test file.
    TestSamples,
    /// Step size, per step.
    LearningRate,
    /// How much of the last step goes on (SGD).
    Momentum,
    /// Images per step.
    BatchSize,
    /// Passes over the training images.
    Epochs,
    /// Of weights, order and dropout.
    Seed,
}

impl Field {
    /// Every field, in the order of the form.
    pub const ALL: [Field; 8] = [
        Field::Samples,
        Field::ValidationSamples,
        Field::TestSamples,
        Field::LearningRate,
        Field::Momentum,
        Field::BatchSize,
        Field::Epochs,
        Field::Seed,
    ];

    /// The argument's name in specs and addresses; where Keras has it, Keras's.
    pub fn name(self) -> &'static str {
        match self {
            Field::Samples => "samples",
            Field::ValidationSamples => "validation_samples",
            Field::TestSamples => "test_samples",
            Field::LearningRate => "learning_rate",
            Field::Momentum => "momentum",
            Field::BatchSize => "batch_size",
            Field::Epochs => "epochs",
            Field::Seed => "seed",
        }
    }

    /// What numbers it takes.
    pub fn bounds(self) -> FieldBounds {
        let whole = |min, max, step| FieldBounds { min, max, step, decimals: 0 };
        let part = |min, max, step, decimals| FieldBounds { min, max, step, decimals };
        match self {
            Field::Samples => whole(2.0, FULL_SET.samples as f64, 1_000.0),
            Field::ValidationSamples => whole(0.0, (FULL_SET.samples - 1) as f64, 500.0),
            Field::TestSamples => whole(1.0, FULL_SET.test_samples as f64, 500.0),
            Field::LearningRate => part(1e-6, 10.0, 0.0, 6),
            Field::Momentum => part(0.0, 1.0, 0.1, 3),
            Field::BatchSize => whole(1.0, 1_024.0, 16.0),
            Field::Epochs => whole(1.0, 200.0, 1.0),
            Field::Seed => whole(0.0, f64::from(u32::MAX), 1.0),
        }
    }

    /// Its value; `None` when this job has no such argument.
    pub fn get(self, job: &RunSpec) -> Option<f64> {
        Some(match self {
            Field::Samples => job.data.samples as f64,
            Field::ValidationSamples => job.data.validation_samples as f64,
            Field::TestSamples => job.data.test_samples as f64,
            Field::LearningRate => decimal(job.compile.optimizer.learning_rate().number()?),
            Field::Momentum => match &job.compile.optimizer {
                OptimizerSpec::Sgd(sgd) => decimal(sgd.momentum),
                _ => return None,
            },
            Field::BatchSize => job.fit.batch_size as f64,
            Field::Epochs => job.fit.epochs as f64,
            Field::Seed => job.seed as f64,
        })
    }

    /// Changes it, where the job has it.
    pub fn set(self, job: &mut RunSpec, value: f64) {
        let count = value as usize;
        match self {
            Field::Samples => job.data.samples = count,
            Field::ValidationSamples => job.data.validation_samples = count,
            Field::TestSamples => job.data.test_samples = count,
            Field::LearningRate => {
                let optimizer = job.compile.optimizer.clone();
                job.compile.optimizer = optimizer.with_learning_rate(value as f32);
            }
            Field::Momentum => {
                if let OptimizerSpec::Sgd(sgd) = &mut job.compile.optimizer {
                    sgd.momentum = value as f32;
                }
            }
            Field::BatchSize => job.fit.batch_size = count,
            Field::Epochs => job.fit.epochs = count,
            Field::Seed => job.seed = value as u64,
        }
    }

    /// Its value before anybody changed it, with the chosen optimizer.
    pub fn default_in(self, job: &RunSpec) -> Option<f64> {
        let mut fresh = default_job();
        set_optimizer(&mut fresh, job.compile.optimizer.class_name());
        self.get(&fresh)
    }
}

/// The decimal that a person meant by a stored f32: 0.001, not 0.0010000000475.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_what_it_wrote() {
        let mut job = default_job();
        set_optimizer(&mut job, "SGD");
        for field in Field::ALL {
            let bounds = field.bounds();
            let value = bounds.nudged(field.get(&job).unwrap(), true);
            field.set(&mut job, value);
            assert!((field.get(&job).unwrap() - value).abs() < 1e-9, "{field:?}");
            assert!(bounds.allows(field.default_in(&job).unwrap()), "{field:?}");
        }
    }

    #[test]
    fn a_field_without_an_argument_is_empty() {
        assert_eq!(Field::Momentum.get(&default_job()), None);
    }

    #[test]
    fn the_learning_rate_goes_through_round_numbers() {
        let bounds = Field::LearningRate.bounds();
        let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 1e-9, "{got} is not {wanted}");
        near(bounds.nudged(0.001, true), 0.002);
        near(bounds.nudged(0.001, false), 0.0005);
        near(bounds.nudged(f64::from(0.01_f32), true), 0.02);
        near(bounds.nudged(0.003, false), 0.002);
        near(bounds.nudged(10.0, true), 10.0);
    }
}
