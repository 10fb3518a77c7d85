//! The only messages between the page and its workers: the one that trains, and the one that reads and writes
//! files.
//!
//! Every message carries the [`RunId`] of the conversation it belongs to: the page begins one with
//! a request, the worker answers with events of the same id, and whoever receives drops ids it no
//! longer waits for. Types here keep serde's default enum form, since the binary codec cannot read
//! the others back.

mod batches;
mod checkpoint;
mod crew;
mod device;
mod error;
mod evaluation;
mod files;
mod images;
mod inspect;
mod snapshot;

pub use batches::{BatchBlock, EndedBatch};
pub use checkpoint::CheckpointFile;
pub use crew::{Crew, CrewLimit};
pub use device::{Build, Quantity};
pub use error::WorkerError;
pub use evaluation::{Answers, Contender, EvaluationReport, OtherModel};
pub use files::{FilesEvent, FilesRequest, Reading};
pub use images::{ImageSet, LabelSet};
pub use inspect::{Embedding, Finding, Inspection, LayerOutput, LayerUnits, Question};
pub use snapshot::{Progress, Snapshot};

use serde::{Deserialize, Serialize};

use crate::data::{DataError, DatasetId, Split};
use crate::engine::callbacks::CallbackState;
use crate::engine::event::TrainEvent;
use crate::engine::spec::{DataSpec, ModelSpec, RunSpec};
use crate::engine::trainer::LearningRateError;
use crate::engine::watch::{HistogramsEvent, WatchSpec};
use crate::formats::SavedModel;
use crate::formats::tensorboard::Appended;

/// Names one conversation between the page and the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct RunId(pub u32);

/// What the page asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WorkerRequest {
    /// Asks for a sign of life: [`WorkerEvent::Pong`].
    Ping {
        /// Conversation.
        run: RunId,
    },
    /// Fetches the shards that `data` needs: [`WorkerEvent::LoadProgress`], [`WorkerEvent::Loaded`].
    Load {
        /// Conversation.
        run: RunId,
        /// Which images.
        data: DataSpec,
    },
    /// Loads what is missing and begins training, from fresh weights or where a run was interrupted; ends
    /// any run before it.
    Start {
        /// Conversation; the following six carry the same id.
        run: RunId,
        /// Data, model and training.
        job: Box<RunSpec>,
        /// Whether it begins paused, to be stepped by hand.
        paused: bool,
        /// How many workers share the work; as many as pay, if nothing is said. They change nothing
        /// but the time it takes.
        workers: Option<usize>,
        /// Where an earlier run of the same job was.
        from: Option<Box<Snapshot>>,
        /// The network as its TensorBoard is told of it, if one watches:
        /// [`graph`](crate::formats::tensorboard::graph).
        graph: Option<String>,
    },
    /// What is measured from now on, in this run and in later ones; changes nothing but what is told.
    Watch {
        /// Conversation.
        run: RunId,
        /// What.
        watch: WatchSpec,
    },
    /// Changes the learning rate from the next step on: [`TrainEvent::LearningRateSet`], or
    /// [`WorkerEvent::LearningRateRefused`].
    SetLearningRate {
        /// Conversation.
        run: RunId,
        /// Per step.
        learning_rate: f32,
    },
    /// Rests after the current batch.
    Pause {
        /// Conversation.
        run: RunId,
    },
    /// Goes on after a pause.
    Resume {
        /// Conversation.
        run: RunId,
    },
    /// Does one batch, or the validation after an epoch's last one, and rests again.
    StepOnce {
        /// Conversation.
        run: RunId,
    },
    /// Ends training; the weights stay as they are.
    Stop {
        /// Conversation.
        run: RunId,
    },
    /// Evaluates the current model on the test images of `data`, classes that it leaves out excepted:
    /// [`WorkerEvent::Evaluated`].
    Evaluate {
        /// Conversation.
        run: RunId,
        /// Which images.
        data: DataSpec,
        /// A second model, to be evaluated on the same images.
        other: Option<Box<OtherModel>>,
    },
    /// Class probabilities of images: [`WorkerEvent::Predicted`].
    Predict {
        /// Conversation.
        run: RunId,
        /// Bytes 0..255, image after image, shaped as the current model's input.
        pixels: Vec<u8>,
    },
    /// Asks what the current model saw: [`WorkerEvent::Found`], while it trains too.
    Inspect {
        /// Conversation.
        run: RunId,
        /// The question.
        inspection: Box<Inspection>,
    },
    /// Calls a question off; nothing more is answered.
    EndInspection {
        /// The question's conversation.
        run: RunId,
    },
    /// Measures how fast this device computes: [`WorkerEvent::Measured`] for each quantity.
    Measure {
        /// Conversation.
        run: RunId,
    },
    /// Single images of a dataset: [`WorkerEvent::Images`].
    Images {
        /// Conversation.
        run: RunId,
        /// Which dataset.
        dataset: DatasetId,
        /// Which file.
        split: Split,
        /// Positions in that file.
        indices: Vec<u32>,
    },
    /// The classes of a dataset's images alone: [`WorkerEvent::Labels`].
    Labels {
        /// Conversation.
        run: RunId,
        /// Which dataset.
        dataset: DatasetId,
        /// Images from the start of the training file.
        train: usize,
        /// Images from the start of the test file.
        test: usize,
    },
    /// The current model as a file would hold it: [`WorkerEvent::Exported`].
    Export {
        /// Conversation.
        run: RunId,
        /// Whether with the optimizer's variables, which may be twice the model.
        optimizer: bool,
    },
    /// Makes a model that was kept or read from a file the current one: [`WorkerEvent::ModelReady`].
    Import {
        /// Conversation.
        run: RunId,
        /// The model.
        saved: Box<SavedModel>,
    },
    /// Gives a new worker the weights that a dead one had: [`WorkerEvent::ModelReady`].
    Restore {
        /// Conversation.
        run: RunId,
        /// From the last [`WorkerEvent::Snapshot`].
        snapshot: Box<Snapshot>,
    },
}

/// Where a training run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// Fetching and checking images.
    Loading,
    /// Training.
    Running,
    /// Resting until it is resumed or stepped.
    Paused,
    /// Over; the last [`TrainEvent::TrainEnd`] says why.
    Ended,
}

/// How far the fetching of shards is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LoadProgress {
    /// Compressed bytes received, those from the cache included.
    pub received_bytes: u64,
    /// Compressed bytes needed.
    pub total_bytes: u64,
    /// Of the bytes received, how many came from the cache.
    pub cached_bytes: u64,
}

/// What the worker tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WorkerEvent {
    /// The worker runs. The first event of all, with the run id 0.
    Ready {
        /// Conversation.
        run: RunId,
        /// Which of the two programs it is.
        build: Build,
    },
    /// It is alive.
    Pong {
        /// Conversation.
        run: RunId,
    },
    /// Shards are arriving.
    LoadProgress {
        /// Conversation.
        run: RunId,
        /// How far.
        progress: LoadProgress,
    },
    /// A shard could not be fetched and is tried again.
    Retrying {
        /// Conversation.
        run: RunId,
        /// What went wrong.
        error: DataError,
        /// The attempt that follows, from 2.
        attempt: u32,
        /// Until then, in milliseconds.
        wait_ms: u32,
    },
    /// All images of a [`WorkerRequest::Load`] are there.
    Loaded {
        /// Conversation.
        run: RunId,
        /// Images of the training file in memory.
        train: usize,
        /// Images of the test file in memory.
        test: usize,
    },
    /// Training moved on.
    Train {
        /// Conversation.
        run: RunId,
        /// What happened since the last one; of the batches only the last.
        events: Vec<TrainEvent>,
        /// Time spent training since the start, without pauses, in milliseconds.
        running_ms: f64,
    },
    /// The learning rate stays as it is.
    LearningRateRefused {
        /// Conversation.
        run: RunId,
        /// Why.
        error: LearningRateError,
    },
    /// Files that `ModelCheckpoint` has saved. They follow the events that tell of them, within about a
    /// second; of a file that was written several times meanwhile, the last one comes.
    Checkpoints {
        /// Conversation.
        run: RunId,
        /// In the order in which they were written.
        files: Vec<CheckpointFile>,
    },
    /// What `TensorBoard` adds to the ends of its files. It follows the events that tell of it.
    EventFiles {
        /// Conversation.
        run: RunId,
        /// One for each file.
        appended: Vec<Appended>,
    },
    /// What the run's callbacks remember; follows the events of [`WorkerEvent::Train`] that changed it.
    Callbacks {
        /// Conversation.
        run: RunId,
        /// In the order of the job's callbacks.
        states: Vec<CallbackState>,
    },
    /// What was measured since the last one: every batch, and what the page asked for. A
    /// [`WorkerEvent::Train`] with the events of the same time follows at once.
    Curves {
        /// Conversation.
        run: RunId,
        /// Every batch.
        batches: Vec<BatchBlock>,
        /// Of every end of an epoch.
        histograms: Vec<HistogramsEvent>,
    },
    /// Training rests, runs or is over.
    State {
        /// Conversation.
        run: RunId,
        /// Where it stands.
        state: RunState,
    },
    /// Another number of workers computes.
    Crew {
        /// Conversation.
        run: RunId,
        /// How many.
        crew: Crew,
    },
    /// An epoch is complete or training is over: the weights, for safe keeping. Where several epochs end
    /// within one delivery, those of the best and of the last one come.
    Snapshot {
        /// Conversation.
        run: RunId,
        /// The model.
        snapshot: Box<Snapshot>,
    },
    /// All that belongs together has been told: what happened since the last delivery, and the weights that it led to.
    /// Only from here on do they count; a worker that dies before has not told them.
    Delivered {
        /// Conversation.
        run: RunId,
    },
    /// One quantity of a [`WorkerRequest::Measure`] is known.
    Measured {
        /// Conversation.
        run: RunId,
        /// Which one.
        quantity: Quantity,
        /// So many in a second.
        per_second: f64,
        /// How many quantities there will be.
        total: usize,
    },
    /// Evaluation moved on.
    EvaluationProgress {
        /// Conversation.
        run: RunId,
        /// Batches done.
        done: usize,
        /// All batches.
        total: usize,
    },
    /// Evaluation is over.
    Evaluated {
        /// Conversation.
        run: RunId,
        /// The result.
        report: Box<EvaluationReport>,
    },
    /// Class probabilities, row after row.
    Predicted {
        /// Conversation.
        run: RunId,
        /// Values per row.
        classes: usize,
        /// 0..1.
        probabilities: Vec<f32>,
    },
    /// Something was found. A question that a later one of its kind has overtaken falls silent.
    Found {
        /// Conversation.
        run: RunId,
        /// What.
        finding: Box<Finding>,
        /// Time spent on this question so far, in milliseconds: while a training is at work no more than a tenth
        /// of the time that has gone by.
        spent_ms: f64,
        /// Whether nothing more follows.
        is_last: bool,
    },
    /// Images asked for.
    Images {
        /// Conversation.
        run: RunId,
        /// The images.
        images: Box<ImageSet>,
    },
    /// Classes asked for.
    Labels {
        /// Conversation.
        run: RunId,
        /// The classes.
        labels: Box<LabelSet>,
    },
    /// The current model.
    Exported {
        /// Conversation.
        run: RunId,
        /// The model.
        saved: Box<SavedModel>,
    },
    /// There is a current model that did not come from training here.
    ModelReady {
        /// Conversation.
        run: RunId,
        /// What it is.
        model: Box<ModelSpec>,
        /// How it was trained, where the file says so.
        job: Option<Box<RunSpec>>,
        /// Completed epochs, where the file says so.
        epochs: Option<usize>,
    },
    /// A request could not be met.
    Failed {
        /// Conversation.
        run: RunId,
        /// Why.
        error: WorkerError,
    },
    /// The worker has met a bug and is dead.
    Died {
        /// Conversation.
        run: RunId,
        /// For the bug report.
        message: String,
    },
}

impl WorkerRequest {
    /// The conversation this belongs to.
    pub fn run(&self) -> RunId {
        match self {
            Self::Ping { run }
            | Self::Load { run, .. }
            | Self::Start { run, .. }
            | Self::Watch { run, .. }
            | Self::SetLearningRate { run, .. }
            | Self::Pause { run }
            | Self::Resume { run }
            | Self::StepOnce { run }
            | Self::Stop { run }
            | Self::Evaluate { run, .. }
            | Self::Predict { run, .. }
            | Self::Inspect { run, .. }
            | Self::EndInspection { run }
            | Self::Measure { run }
            | Self::Images { run, .. }
            | Self::Labels { run, .. }
            | Self::Export { run, .. }
            | Self::Import { run, .. }
            | Self::Restore { run, .. } => *run,
        }
    }
}

impl WorkerEvent {
    /// The conversation this belongs to.
    pub fn run(&self) -> RunId {
        match self {
            Self::Ready { run, .. }
            | Self::Pong { run }
            | Self::LoadProgress { run, .. }
            | Self::Retrying { run, .. }
            | Self::Loaded { run, .. }
            | Self::Train { run, .. }
            | Self::LearningRateRefused { run, .. }
            | Self::Checkpoints { run, .. }
            | Self::EventFiles { run, .. }
            | Self::Callbacks { run, .. }
            | Self::Curves { run, .. }
            | Self::State { run, .. }
            | Self::Crew { run, .. }
            | Self::Snapshot { run, .. }
            | Self::Delivered { run }
            | Self::Measured { run, .. }
            | Self::EvaluationProgress { run, .. }
            | Self::Evaluated { run, .. }
            | Self::Predicted { run, .. }
            | Self::Found { run, .. }
            | Self::Images { run, .. }
            | Self::Labels { run, .. }
            | Self::Exported { run, .. }
            | Self::ModelReady { run, .. }
            | Self::Failed { run, .. }
            | Self::Died { run, .. } => *run,
        }
    }
}
