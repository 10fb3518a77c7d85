//! [`Snapshot`]: what an interrupted run needs to go on.
//!
//! Drawing has no state of its own: the order of samples follows from seed and epoch, dropout from seed
//! and step. So weights, optimizer, place and what callbacks have counted are all there is, and a run that
//! goes on between two epochs ends with the bits of one that was never interrupted. In Keras callbacks
//! begin anew; without memories they do so here.

use super::Trainer;
use crate::data::Batches;
use crate::engine::callbacks::CallbackMemory;
use crate::engine::optimizers::WrongSlotsError;
use crate::engine::spec::RunSpec;

/// A run's state between two steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The epoch to go on with, from its first batch, as Keras does; from 0.
    pub epoch: usize,
    /// Optimizer steps done.
    pub steps: u64,
    /// The learning rate now; unused where it follows a schedule.
    pub learning_rate: f32,
    /// All parameters in model order.
    pub params: Vec<f32>,
    /// [`crate::engine::optimizers::Optimizer::slots`].
    pub slots: Vec<Vec<f32>>,
    /// What the callbacks have counted, in their order; those that have none here begin anew.
    pub callbacks: Vec<CallbackMemory>,
}

impl Snapshot {
    /// Whether it can be one of `run`, whose model has so many parameters. Of the optimizer
    /// [`Trainer::resume`] says that itself.
    pub fn is_of(&self, run: &RunSpec, num_params: usize) -> bool {
        let mut kept = self.callbacks.iter().map(|memory| memory.params.len());
        self.params.len() == num_params
            && self.epoch <= run.fit.epochs
            && kept.all(|len| len == 0 || len == num_params)
    }
}

impl Trainer {
    /// The run's state now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            epoch: self.epoch,
            steps: self.optimizer_steps,
            learning_rate: self.optimizer.learning_rate(),
            params: self.model.params().to_vec(),
            slots: self.optimizer.slots().into_iter().map(|slot| slot.values.to_vec()).collect(),
            callbacks: self.callbacks.memories(),
        }
    }

    /// Goes on from `snapshot` instead of from the beginning. Epoch 0 does not count: as in Keras, `fit`'s
    /// `initial_epoch` stands then. Before the first step the optimizer need not have variables, as where
    /// weights come from a file without them: it begins anew.
    ///
    /// # Errors
    /// If it is of another optimizer; then nothing is changed.
    ///
    /// # Panics
    /// If it is of another model; [`Snapshot::is_of`] says that before.
    pub fn resume(&mut self, snapshot: &Snapshot) -> Result<(), WrongSlotsError> {
        if snapshot.steps > 0 || !snapshot.slots.is_empty() {
            self.optimizer.set_slots(&snapshot.slots)?;
        }
        self.optimizer.set_iterations(snapshot.steps);
        // A rate that follows a schedule cannot be set and follows from the steps.
        let _ = self.optimizer.set_learning_rate(snapshot.learning_rate);
        self.model.params_mut().copy_from_slice(&snapshot.params);
        self.callbacks.recall(&snapshot.callbacks);
        self.optimizer_steps = snapshot.steps;
        let initial_epoch = self.run.fit.initial_epoch;
        self.epoch = if snapshot.epoch == 0 { initial_epoch } else { snapshot.epoch };
        self.batches = batches(&self.run, self.num_train, initial_epoch.min(self.epoch));
        // Epochs need not end where passes do, so the ones before are walked through.
        for _ in initial_epoch..self.epoch {
            self.batches.begin_epoch();
            while self.batches.has_next() {
                self.batches.advance();
            }
        }
        Ok(())
    }
}

/// The order in which a run takes its samples, from an epoch on.
pub(super) fn batches(run: &RunSpec, num_train: usize, first_epoch: usize) -> Batches {
    let fit = &run.fit;
    Batches::new(num_train, fit.batch_size, fit.steps_per_epoch, fit.shuffle, run.seed, first_epoch)
}
