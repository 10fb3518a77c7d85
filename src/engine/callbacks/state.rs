//! [`CallbackState`]: what a callback remembers between two events, for whoever shows it.
//!
//! It is a copy to look at; nothing that is done to it reaches the callback. Epochs and batches count
//! from 0.

use serde::{Deserialize, Serialize};

use super::Direction;

/// What one callback remembers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CallbackState {
    /// Of `EarlyStopping`.
    EarlyStopping(EarlyStoppingState),
    /// Of `ReduceLROnPlateau`.
    ReduceLrOnPlateau(ReduceLrOnPlateauState),
    /// Of `ModelCheckpoint`.
    ModelCheckpoint(ModelCheckpointState),
    /// Of `TensorBoard`.
    TensorBoard(TensorBoardState),
    /// Of `CSVLogger`.
    CsvLogger(CsvLoggerState),
    /// Of `BackupAndRestore`.
    BackupAndRestore(BackupAndRestoreState),
    /// Of those that remember nothing: what they do follows from the event alone.
    Stateless,
}

/// What `EarlyStopping` counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlyStoppingState {
    /// Which values are better.
    pub direction: Direction,
    /// The best value so far.
    pub best: Option<f64>,
    /// What a value must be beyond to be an improvement.
    pub threshold: Option<f64>,
    /// The epoch of the best value, and of the weights that are kept.
    pub best_epoch: usize,
    /// Epochs since `wait` was set back to 0.
    pub wait: usize,
    /// Epochs allowed.
    pub patience: usize,
    /// Whether it keeps the weights of [`EarlyStoppingState::best_epoch`].
    pub keeps_weights: bool,
    /// The epoch in which it ended training.
    pub stopped_epoch: Option<usize>,
}

/// What `ReduceLROnPlateau` counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReduceLrOnPlateauState {
    /// Which values are better.
    pub direction: Direction,
    /// The best value so far.
    pub best: Option<f64>,
    /// What a value must be beyond to be an improvement.
    pub threshold: Option<f64>,
    /// Epochs without improvement, since the last reduction.
    pub wait: usize,
    /// Epochs allowed.
    pub patience: usize,
    /// Epochs of cooldown that are left.
    pub cooldown: usize,
}

/// What `ModelCheckpoint` compares with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCheckpointState {
    /// Which values are better.
    pub direction: Direction,
    /// The value to beat, where only the best is saved.
    pub best: Option<f64>,
    /// Batches since the last save, where batches are counted.
    pub batches: Option<usize>,
}

/// What `TensorBoard` counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorBoardState {
    /// Training batches so far, over all epochs.
    pub train_batches: usize,
    /// Validation batches so far, over all epochs.
    pub test_batches: usize,
    /// Whether batches are being profiled.
    pub is_tracing: bool,
}

/// What `CSVLogger` fixed in the first epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsvLoggerState {
    /// The columns behind `epoch`; empty before the first epoch has ended.
    pub columns: Vec<String>,
}

/// Where `BackupAndRestore` is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupAndRestoreState {
    /// The epoch that a backup made now would go on with.
    pub epoch: usize,
    /// Batches since the last backup, where batches are counted.
    pub batches: Option<usize>,
}
