//! What callbacks did and what the reader changed, as marks on the curves.

use super::run_curves::RunCurves;
use crate::engine::callbacks::{
    CallbackAction, EarlyStoppingAction, LearningRateSchedulerAction, ModelCheckpointAction,
    ReduceLrOnPlateauAction,
};
use crate::engine::event::TrainEvent;
use crate::ui::widgets::line_chart::ChartMark;

/// Something that a callback did, or the reader.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The batch in it, from 0, that had just ended; `None` at the end of the epoch.
    pub batch: Option<usize>,
    /// The event that told of it.
    pub event: TrainEvent,
}

/// Whether a callback did more than judge: it changed the run, kept something or ended it.
pub fn is_mark(action: &CallbackAction) -> bool {
    match action {
        CallbackAction::EarlyStopping(action) => {
            matches!(action, EarlyStoppingAction::Stopped { .. } | EarlyStoppingAction::Restored { .. })
        }
        CallbackAction::ReduceLrOnPlateau(action) => {
            matches!(action, ReduceLrOnPlateauAction::Reduced { .. })
        }
        CallbackAction::ModelCheckpoint(action) => {
            matches!(action, ModelCheckpointAction::Save { .. } | ModelCheckpointAction::Failed { .. })
        }
        CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { before, after }) => {
            before != after
        }
        CallbackAction::TerminateOnNan { .. } => true,
        CallbackAction::TensorBoard(_)
        | CallbackAction::CsvLogger(_)
        | CallbackAction::BackupAndRestore(_) => false,
    }
}

impl Mark {
    /// Where it lies on an axis of epochs.
    pub fn x(&self, steps_per_epoch: usize) -> f64 {
        if let TrainEvent::LearningRateSet { epoch, batch, .. } = &self.event {
            // Between two batches: where the one before it has ended.
            let steps = steps_per_epoch.max(1);
            return *epoch as f64 + (*batch).min(steps) as f64 / steps as f64;
        }
        let share = self.batch.map_or(1.0, |batch| (batch + 1) as f64 / steps_per_epoch.max(1) as f64);
        self.epoch as f64 + share
    }
}

/// The marks with their numbers, from 1; those at one place share theirs: `2–4`.
pub fn chart_marks(curves: &RunCurves, steps_per_epoch: usize) -> Vec<ChartMark> {
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (idx, mark) in curves.marks.iter().enumerate() {
        let x = mark.x(steps_per_epoch);
        match all.last_mut() {
            Some((last, _, to)) if (*last - x).abs() < 1e-9 => *to = curves.forgotten_marks + idx + 1,
            _ => all.push((x, curves.forgotten_marks + idx + 1, curves.forgotten_marks + idx + 1)),
        }
    }
    let label = |from: usize, to: usize| if from == to { from.to_string() } else { format!("{from}–{to}") };
    all.into_iter().map(|(x, from, to)| ChartMark { x, label: label(from, to) }).collect()
}
