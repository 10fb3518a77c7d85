//! [`BestEpoch`]: which epoch of a run was the best, by the value that its callbacks watch.

use crate::engine::callbacks::{CallbackSpec, Direction};
use crate::engine::event::{Logs, Monitor};
use crate::engine::spec::RunSpec;

/// The best epoch so far. Earlier ones win ties; what is no number is never the best.
#[derive(Debug, Clone, PartialEq)]
pub struct BestEpoch {
    monitor: Monitor,
    direction: Direction,
    best: Option<(usize, f64)>,
}

impl BestEpoch {
    /// What `run` is judged by: what its first EarlyStopping or ModelCheckpoint watches, else `val_loss`,
    /// without validation `loss`.
    pub fn of(run: &RunSpec) -> Self {
        let directions = run.callback_context().directions;
        let watched = run.fit.callbacks.iter().find_map(|callback| {
            let (monitor, mode) = match callback {
                CallbackSpec::EarlyStopping(spec) => (&spec.monitor, spec.mode),
                CallbackSpec::ModelCheckpoint(spec) => (&spec.monitor, spec.mode),
                _ => return None,
            };
            Some((monitor.clone(), mode.direction(monitor, &directions).ok()?))
        });
        let is_validated = run.data.num_train(&run.fit) < run.data.samples;
        let loss = if is_validated { Monitor::VAL_LOSS } else { Monitor::LOSS };
        let (monitor, direction) = watched.unwrap_or((loss, Direction::Down));
        Self { monitor, direction, best: None }
    }

    /// The best of all these epochs.
    pub fn among<'a>(run: &RunSpec, epochs: impl IntoIterator<Item = &'a Logs>) -> Self {
        let mut best = Self::of(run);
        for (epoch, logs) in epochs.into_iter().enumerate() {
            best.offer(epoch, logs);
        }
        best
    }

    /// The value that decides.
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// Which values are better.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The best epoch, from 0, and its value.
    pub fn get(&self) -> Option<(usize, f64)> {
        self.best
    }

    /// Judges an epoch; whether it is the best so far.
    pub fn offer(&mut self, epoch: usize, logs: &Logs) -> bool {
        let Some(value) = logs.get(&self.monitor).filter(|value| !value.is_nan()) else { return false };
        let is_best = self.best.is_none_or(|(_, best)| match self.direction {
            Direction::Down => value < best,
            Direction::Up => value > best,
        });
        if is_best {
            self.best = Some((epoch, value));
        }
        is_best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::EarlyStoppingSpec;
    use crate::engine::presets::Preset;

    fn judged(run: &RunSpec, monitor: &Monitor, values: &[f64]) -> Option<(usize, f64)> {
        let epochs: Vec<Logs> = values.iter().map(|value| Logs::from([(monitor.clone(), *value)])).collect();
        BestEpoch::among(run, &epochs).get()
    }

    #[test]
    fn the_first_of_the_least_validation_losses_is_the_best() {
        let run = RunSpec::new(Preset::Mlp.spec());
        assert_eq!(judged(&run, &Monitor::VAL_LOSS, &[f64::NAN, 0.5, 0.25, 0.25, 0.75]), Some((2, 0.25)));
        assert_eq!(judged(&run, &Monitor::LOSS, &[0.5]), None);
    }

    #[test]
    fn without_validation_the_loss_decides() {
        let mut run = RunSpec::new(Preset::Mlp.spec());
        run.data.validation_samples = 0;
        assert_eq!(judged(&run, &Monitor::LOSS, &[0.5, 0.25]), Some((1, 0.25)));
    }

    #[test]
    fn a_callback_says_what_counts_and_in_which_direction() {
        let mut run = RunSpec::new(Preset::Mlp.spec());
        let monitor = Monitor::VAL_ACCURACY;
        let spec = EarlyStoppingSpec { monitor: monitor.clone(), ..EarlyStoppingSpec::default() };
        run.fit.callbacks = vec![CallbackSpec::EarlyStopping(spec)];
        assert_eq!(judged(&run, &monitor, &[0.5, 0.75, 0.25]), Some((1, 0.75)));
    }
}
