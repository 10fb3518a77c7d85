//! The schedules of `LearningRateScheduler` by name, and their arguments.

use super::argument::{Argument, ArgumentKind, RATE};
use crate::engine::callbacks::EpochScheduleSpec;
use crate::engine::schedules::{
    CosineDecayRestartsSpec, CosineDecaySpec, ExponentialDecaySpec, InverseTimeDecaySpec,
    PiecewiseConstantDecaySpec, PolynomialDecaySpec,
};

/// The names, in menu order: first the forms that a lecture writes down as a function of the epoch, then
/// Keras's own schedules.
pub const NAMES: &[&str] = &[
    "Constant",
    "StepDecay",
    "Multiply",
    "Exponential",
    "PerEpoch",
    "ExponentialDecay",
    "CosineDecay",
    "CosineDecayRestarts",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "InverseTimeDecay",
];

/// The name of a schedule.
pub fn name(schedule: &EpochScheduleSpec) -> &'static str {
    match schedule {
        EpochScheduleSpec::Constant { .. } => "Constant",
        EpochScheduleSpec::StepDecay { .. } => "StepDecay",
        EpochScheduleSpec::Multiply { .. } => "Multiply",
        EpochScheduleSpec::Exponential { .. } => "Exponential",
        EpochScheduleSpec::PerEpoch { .. } => "PerEpoch",
        EpochScheduleSpec::ExponentialDecay(_) => "ExponentialDecay",
        EpochScheduleSpec::CosineDecay(_) => "CosineDecay",
        EpochScheduleSpec::CosineDecayRestarts(_) => "CosineDecayRestarts",
        EpochScheduleSpec::PiecewiseConstantDecay(_) => "PiecewiseConstantDecay",
        EpochScheduleSpec::PolynomialDecay(_) => "PolynomialDecay",
        EpochScheduleSpec::InverseTimeDecay(_) => "InverseTimeDecay",
    }
}

/// Epochs over which a schedule falls before anything was chosen: few, since its steps are epochs here.
const EPOCHS: u64 = 10;

/// The schedule of that name, with numbers that show what it does within a few epochs.
pub fn named(name: &str) -> Option<EpochScheduleSpec> {
    let initial_learning_rate = 0.001;
    Some(match name {
        "Constant" => EpochScheduleSpec::default(),
        "StepDecay" => EpochScheduleSpec::StepDecay { initial_learning_rate, drop: 0.5, epochs_drop: 4 },
        "Multiply" => EpochScheduleSpec::Multiply { factor: 0.9, from_epoch: 4 },
        "Exponential" => EpochScheduleSpec::Exponential { initial_learning_rate, decay: 0.1 },
        "PerEpoch" => EpochScheduleSpec::PerEpoch { learning_rates: vec![0.001, 0.0005, 0.0001] },
        "ExponentialDecay" => EpochScheduleSpec::ExponentialDecay(ExponentialDecaySpec {
            initial_learning_rate: 0.001,
            decay_steps: EPOCHS,
            decay_rate: 0.5,
            ..ExponentialDecaySpec::default()
        }),
        "CosineDecay" => EpochScheduleSpec::CosineDecay(CosineDecaySpec {
            initial_learning_rate: 0.001,
            decay_steps: EPOCHS,
            ..CosineDecaySpec::default()
        }),
        "CosineDecayRestarts" => EpochScheduleSpec::CosineDecayRestarts(CosineDecayRestartsSpec {
            initial_learning_rate: 0.001,
            first_decay_steps: EPOCHS / 2,
            ..CosineDecayRestartsSpec::default()
        }),
        "PiecewiseConstantDecay" => EpochScheduleSpec::PiecewiseConstantDecay(PiecewiseConstantDecaySpec {
            boundaries: vec![EPOCHS / 2, EPOCHS],
            values: vec![0.001, 0.0005, 0.0001],
        }),
        "PolynomialDecay" => EpochScheduleSpec::PolynomialDecay(PolynomialDecaySpec {
            initial_learning_rate: 0.001,
            decay_steps: EPOCHS,
            ..PolynomialDecaySpec::default()
        }),
        "InverseTimeDecay" => EpochScheduleSpec::InverseTimeDecay(InverseTimeDecaySpec {
            initial_learning_rate: 0.001,
            decay_steps: EPOCHS,
            decay_rate: 0.5,
            ..InverseTimeDecaySpec::default()
        }),
        _ => return None,
    })
}

const fn argument(name: &'static str, kind: ArgumentKind) -> Argument {
    Argument { name, kind }
}

const INITIAL: Argument = argument("initial_learning_rate", RATE);
const STEPS: ArgumentKind = ArgumentKind::Whole { max: 1_000_000 };
const DECAY_STEPS: Argument = argument("decay_steps", STEPS);
const STAIRCASE: Argument = argument("staircase", ArgumentKind::Flag);
const ALPHA: Argument = argument("alpha", RATE);

/// The arguments of a schedule, in Keras's order.
pub fn arguments(name: &str) -> Vec<Argument> {
    match name {
        "Constant" => vec![argument("learning_rate", RATE)],
        "StepDecay" => vec![INITIAL, argument("drop", RATE), argument("epochs_drop", STEPS)],
        "Multiply" => vec![argument("factor", RATE), argument("from_epoch", STEPS)],
        "Exponential" => vec![INITIAL, argument("decay", RATE)],
        "PerEpoch" => vec![argument("learning_rates", ArgumentKind::Numbers)],
        "ExponentialDecay" | "InverseTimeDecay" => {
            vec![INITIAL, DECAY_STEPS, argument("decay_rate", RATE), STAIRCASE]
        }
        "CosineDecay" => vec![
            INITIAL,
            DECAY_STEPS,
            ALPHA,
            argument("warmup_target", ArgumentKind::Optional { min: 0.0, max: 1e6 }),
            argument("warmup_steps", STEPS),
        ],
        "CosineDecayRestarts" => vec![
            INITIAL,
            argument("first_decay_steps", STEPS),
            argument("t_mul", RATE),
            argument("m_mul", RATE),
            ALPHA,
        ],
        "PiecewiseConstantDecay" => {
            vec![argument("boundaries", ArgumentKind::Numbers), argument("values", ArgumentKind::Numbers)]
        }
        "PolynomialDecay" => vec![
            INITIAL,
            DECAY_STEPS,
            argument("end_learning_rate", RATE),
            argument("power", RATE),
            argument("cycle", ArgumentKind::Flag),
        ],
        _ => Vec::new(),
    }
}

/// The rates of the first epochs, when it was `learning_rate` before.
pub fn course(schedule: &EpochScheduleSpec, learning_rate: f64, epochs: usize) -> Vec<f64> {
    let mut rate = learning_rate;
    let next = |epoch| {
        // The optimizer holds it as a float32, and so the next epoch finds it.
        rate = f64::from(schedule.at(epoch, rate) as f32);
        rate
    };
    (0..epochs).map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::{CallbackSpec, LearningRateSchedulerSpec};
    use crate::ui::callbacks::argument::{arguments as all_arguments, value};
    use crate::ui::callbacks::rehearsal_context;

    #[test]
    fn every_name_is_a_valid_schedule_with_all_its_arguments() {
        for each in NAMES {
            let schedule = named(each).unwrap();
            assert_eq!(name(&schedule), *each);
            let json = serde_json::to_value(&schedule).unwrap();
            let keys = json[each].as_object().unwrap();
            assert_eq!(keys.len(), arguments(each).len(), "{each}: {keys:?}");
            let spec =
                CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec { schedule, verbose: 0 });
            assert_eq!(spec.validate(&rehearsal_context()), Ok(()));
            for argument in all_arguments(&spec) {
                assert!(value(&spec, argument.name).is_some(), "{each}: {}", argument.name);
            }
        }
        assert_eq!(named("Cosine"), None);
    }

    #[test]
    fn each_epoch_goes_on_from_the_rate_before() {
        let multiply = EpochScheduleSpec::Multiply { factor: 0.5, from_epoch: 1 };
        assert_eq!(course(&multiply, 1.0, 4), [1.0, 0.5, 0.25, 0.125]);
    }
}
