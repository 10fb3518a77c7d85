//! A training run in the worker: begun, paused, stepped, stopped.

use std::sync::Arc;

use super::clock::{now_ms, slice_end_ms, wall_seconds, yield_now};
use super::coalesce::{Coalescer, Delivery};
use super::crew::Crew;
use super::crew_run::CrewRun;
use super::loader;
use super::room::make_room;
use super::session::{Context, Kept, Session};
use crate::engine::best_epoch::BestEpoch;
use crate::engine::callbacks::{CallbackAction, ModelCheckpointAction};
use crate::engine::event::{Logs, TrainEvent};
use crate::engine::model::Sequential;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::{self, Step, Trainer};
use crate::engine::watch::WatchSpec;
use crate::formats::OptimizerState;
use crate::formats::tensorboard::EventFiles;
use crate::protocol::{CheckpointFile, EndedBatch, RunId, RunState, Snapshot, WorkerError, WorkerEvent};
use crate::tensor::Shape;

/// A run in progress.
pub struct Training {
    /// Its conversation.
    pub run: RunId,
    job: RunSpec,
    trainer: Trainer,
    state: RunState,
    /// Whether a single step of a paused run is being made, and whether its work is done.
    stepping: bool,
    step_done: bool,
    /// Completed epochs.
    epochs: usize,
    /// Which of those since the beginning here was the best.
    best: BestEpoch,
    events: Coalescer,
    event_files: EventFiles,
    /// Whether callbacks may remember something else than what was last delivered.
    callbacks_changed: bool,
    running_ms: f64,
    /// Time of training when the last batch ended, or the epoch began after it, in milliseconds.
    batch_began_ms: f64,
    /// Who helps.
    help: CrewRun,
    /// Which of several loops works on it: a pause may end before the loop has noticed it.
    driver: u32,
}

/// Why a slice of work ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pause {
    /// Its time is over, or its work is.
    Slice,
    /// There is nothing to do before a helper hands in its share.
    Helpers,
}

impl Training {
    /// The model as it is now.
    pub fn kept(&mut self) -> Kept {
        let params = self.trainer.model().params().to_vec();
        let epochs = Some(self.epochs);
        Kept { model: self.job.model.clone(), params, job: Some(self.job.clone()), epochs, optimizer: None }
    }

    /// What the optimizer has besides its arguments.
    pub fn optimizer(&self) -> OptimizerState {
        let trainer::Snapshot { steps, learning_rate, slots, .. } = self.trainer.snapshot();
        OptimizerState { steps, learning_rate, slots }
    }

    /// Whether it is not over.
    pub fn goes_on(&self) -> bool {
        self.state != RunState::Ended
    }

    /// Whether this is the run, and it may go on.
    pub fn is(&self, run: RunId) -> bool {
        self.run == run && self.goes_on()
    }

    /// Whether it goes on by itself or makes a single step.
    pub fn is_working(&self) -> bool {
        self.state == RunState::Running || (self.state == RunState::Paused && self.stepping)
    }

    /// Its helpers and what they help with.
    pub fn help(&mut self) -> (&mut CrewRun, &mut Trainer) {
        (&mut self.help, &mut self.trainer)
    }

    /// What there is when training is over.
    fn last_snapshot(&mut self) -> Snapshot {
        let params = self.trainer.model().params().to_vec();
        Snapshot { job: self.job.clone(), epochs: self.epochs, params, progress: None }
    }

    /// Keeps what an epoch has made, and what training needs to go on from there.
    fn keep_epoch(&mut self, epoch: usize, logs: &Logs) {
        self.epochs = epoch + 1;
        let is_best = self.best.offer(epoch, logs);
        let snapshot = Snapshot::between_epochs(self.job.clone(), self.trainer.snapshot());
        self.events.keep(snapshot, is_best);
    }

    /// Delivers what was collected, at once or when it is due.
    fn deliver(&mut self, context: &Context, at_once: bool) {
        let now = now_ms();
        let delivery = if at_once { self.events.take(now) } else { self.events.take_if_due(now) };
        let Some(Delivery { batches, histograms, events, snapshots, appended, files }) = delivery else {
            return;
        };
        let run = self.run;
        if !batches.is_empty() || !histograms.is_empty() {
            context.send(WorkerEvent::Curves { run, batches, histograms });
        }
        context.send(WorkerEvent::Train { run, events, running_ms: self.running_ms });
        if std::mem::take(&mut self.callbacks_changed) {
            context.send(WorkerEvent::Callbacks { run, states: self.trainer.callback_states() });
        }
        if !appended.is_empty() {
            context.send(WorkerEvent::EventFiles { run, appended });
        }
        for snapshot in snapshots {
            context.send(WorkerEvent::Snapshot { run, snapshot: Box::new(snapshot) });
        }
        if !files.is_empty() {
            context.send(WorkerEvent::Checkpoints { run, files });
        }
        context.send(WorkerEvent::Delivered { run });
    }

    /// Takes in what the trainer tells, `running_ms` being the time of training until now.
    fn hear(&mut self, event: TrainEvent, running_ms: f64) {
        self.note(&event, running_ms);
        for appended in self.event_files.on_event(&event, wall_seconds()) {
            self.events.append(appended);
        }
        match &event {
            TrainEvent::EpochEnd { epoch, logs } => self.keep_epoch(*epoch, logs),
            TrainEvent::CallbackActed {
                epoch,
                callback,
                action:
                    CallbackAction::ModelCheckpoint(ModelCheckpointAction::Save { path, weights_only, .. }),
            } => self.events.save(CheckpointFile {
                callback: *callback,
                path: path.clone(),
                epoch: *epoch,
                epochs: self.epochs,
                weights_only: *weights_only,
                params: self.trainer.model().params().to_vec(),
                optimizer: Some(self.optimizer()),
            }),
            _ => {}
        }
        // States are made for a delivery alone: a callback may act after every batch.
        self.callbacks_changed |= !matches!(
            event,
            TrainEvent::EpochBegin { .. } | TrainEvent::BatchEnd { .. } | TrainEvent::TestBatchEnd { .. }
        );
        self.step_done |= matches!(event, TrainEvent::BatchEnd { .. } | TrainEvent::EpochEnd { .. });
        self.events.push(event);
    }

    /// Takes in what has already happened; computes nothing.
    fn hear_rest(&mut self) {
        while self.trainer.has_more_to_say() {
            let Some(Step::Continue(event)) = self.trainer.step_part() else { return };
            self.hear(event, self.running_ms);
        }
        // Nothing of a single step is left, so its loop must not begin another one.
        self.stepping &= !self.step_done;
    }

    /// Collects what was measured, `running_ms` being the time of training until now.
    fn note(&mut self, event: &TrainEvent, running_ms: f64) {
        match event {
            TrainEvent::EpochBegin { .. } => self.batch_began_ms = running_ms,
            TrainEvent::BatchEnd { epoch, batch, batch_loss, logs } => {
                let spent_ms = running_ms - std::mem::replace(&mut self.batch_began_ms, running_ms);
                let measures = self.trainer.step_measures();
                let (epoch, batch, loss) = (*epoch, *batch, *batch_loss);
                self.events.note(EndedBatch { epoch, batch, loss, logs, measures, spent_ms });
            }
            _ => {}
        }
        if let Some(histograms) = self.trainer.take_histograms() {
            self.events.show(histograms);
        }
    }

    fn enter(&mut self, context: &Context, state: RunState) {
        self.state = state;
        context.send(WorkerEvent::State { run: self.run, state });
    }

    /// Works until `end_ms`, until the single step is done when one is being made, or until helpers
    /// must be waited for.
    fn work(&mut self, context: &Context, crew: &mut Crew, end_ms: f64) -> Pause {
        let begin_ms = now_ms();
        let mut pause = Pause::Slice;
        self.help.hear(context, self.run, crew, &mut self.trainer);
        loop {
            if self.help.share(crew, &mut self.trainer) {
                self.trainer.look_ahead();
                pause = Pause::Helpers;
                break;
            }
            match self.trainer.step_part() {
                Some(Step::Continue(event)) => {
                    self.hear(event, self.running_ms + now_ms() - begin_ms);
                }
                Some(Step::Done) => {
                    self.state = RunState::Ended;
                    let snapshot = self.last_snapshot();
                    self.events.keep_end(snapshot);
                    break;
                }
                None => {}
            }
            // What callbacks answered belongs to the step that they answered to.
            if self.stepping && self.step_done && !self.trainer.has_more_to_say() {
                self.stepping = false;
                break;
            }
            if now_ms() >= end_ms.min(begin_ms + self.help.slice_ms()) {
                break;
            }
        }
        self.running_ms += now_ms() - begin_ms;
        let has_ended = self.state == RunState::Ended;
        let rests = self.state == RunState::Paused && !self.stepping;
        self.deliver(context, rests || has_ended);
        if has_ended {
            self.enter(context, RunState::Ended);
        }
        pause
    }
}

/// How a run is to begin.
pub struct Begin {
    /// What it does.
    pub job: RunSpec,
    /// Where an earlier run of this job was.
    pub from: Option<Snapshot>,
    /// Whether it rests at first.
    pub paused: bool,
    /// How many workers are to share the work; as many as pay, if nothing is said.
    pub workers: Option<usize>,
    /// The network as its TensorBoard is told of it.
    pub graph: Option<String>,
}

/// Loads, builds and begins a run, then works on it until it is over or paused.
pub async fn start(context: Context, run: RunId, begin: Begin) {
    let Begin { job, from, paused, workers, graph } = begin;
    end_current(&context);
    {
        let mut session = context.session.borrow_mut();
        (session.starting, session.measuring) = (Some(run), None);
    }
    let epochs = from.as_ref().map_or(0, |from| from.epochs);
    let prepared = prepare(&context, run, &job, from).await;
    {
        let mut session = context.session.borrow_mut();
        if session.starting != Some(run) {
            // Stopped, or overtaken by a later start, while it was loading.
            return context.send(WorkerEvent::State { run, state: RunState::Ended });
        }
        session.starting = None;
    }
    match prepared {
        Err(error) => {
            context.send(WorkerEvent::Failed { run, error });
            context.send(WorkerEvent::State { run, state: RunState::Ended });
        }
        Ok(trainer) => {
            let mut training = Training {
                run,
                trainer,
                state: RunState::Running,
                stepping: false,
                step_done: false,
                epochs,
                best: BestEpoch::of(&job),
                events: Coalescer::default(),
                // Two parts of one run that begin in one second are two conversations.
                event_files: EventFiles::new(&job, graph, run.0),
                callbacks_changed: false,
                running_ms: 0.0,
                batch_began_ms: 0.0,
                help: CrewRun::begin(&context, run, &job, workers),
                driver: 0,
                job,
            };
            training.trainer.watch(context.session.borrow().watch);
            training.enter(&context, if paused { RunState::Paused } else { RunState::Running });
            context.session.borrow_mut().training = Some(training);
            drive(context, run).await;
        }
    }
}

async fn prepare(
    context: &Context,
    run: RunId,
    job: &RunSpec,
    from: Option<Snapshot>,
) -> Result<Trainer, WorkerError> {
    job.data.validate()?;
    job.validate_training()?;
    job.model.validate()?;
    context.send(WorkerEvent::State { run, state: RunState::Loading });
    loader::load(context, run, job.data.dataset, job.data.samples, job.data.test_samples).await?;
    let images = {
        let session = context.session.borrow();
        let loaded = session.datasets.get(&job.data.dataset).expect("load() has just put it there");
        let [h, w, c] = loaded.manifest.image_shape;
        job.validate(&Shape::from([h, w, c]), loaded.manifest.classes.len())?;
        job.validate_choice(loaded.train.classes())?;
        Arc::clone(&loaded.train)
    };
    make_room(job)?;
    let model = Sequential::new(&job.model, job.seed)?;
    let num_params = model.params().len();
    let mut trainer = Trainer::new(model, job, images);
    if let Some(from) = from {
        // The page keeps them together, but a file may have been changed by hand.
        let state = if from.job == *job { from.into_state() } else { None };
        let state = state.filter(|state| state.is_of(job, num_params)).ok_or(WorkerError::OtherRun)?;
        trainer.resume(&state).map_err(|_| WorkerError::OtherRun)?;
    }
    Ok(trainer)
}

/// Works in slices while the run is the current one and neither paused nor over.
async fn drive(context: Context, run: RunId) {
    let mut driver = None;
    let mut waited_ms = 0.0;
    yield_now().await;
    loop {
        let news = {
            let mut session = context.session.borrow_mut();
            let Session { training, crew, .. } = &mut *session;
            let Some(training) = training.as_mut().filter(|training| training.run == run) else { return };
            let driver = *driver.get_or_insert_with(|| {
                training.driver += 1;
                training.driver
            });
            if driver != training.driver || !training.is_working() {
                return;
            }
            // Time spent waiting for helpers is time of training, too.
            training.running_ms += waited_ms;
            let pause = training.work(&context, crew, slice_end_ms());
            (pause == Pause::Helpers).then(|| crew.news())
        };
        let (begin_ms, is_waiting) = (now_ms(), news.is_some());
        match news {
            // A helper's message is heard between two turns of the event loop, and so is a Stop.
            Some(news) => news.await,
            None => yield_now().await,
        }
        waited_ms = if is_waiting { now_ms() - begin_ms } else { 0.0 };
    }
}

/// Measures this from now on.
pub fn watch(context: &Context, watch: WatchSpec) {
    let mut session = context.session.borrow_mut();
    session.watch = watch;
    if let Some(training) = &mut session.training {
        training.trainer.watch(watch);
    }
}

/// Changes the learning rate from the next step on, whether it trains or rests.
pub fn set_learning_rate(context: &Context, run: RunId, learning_rate: f32) {
    with(context, run, |training| match training.trainer.set_learning_rate(learning_rate) {
        Ok(()) => {
            // At once: while something waits to be told, helpers are not heard.
            training.hear_rest();
            training.deliver(context, true);
        }
        Err(error) => context.send(WorkerEvent::LearningRateRefused { run, error }),
    });
}

/// Rests after what is being computed.
pub fn pause(context: &Context, run: RunId) {
    with(context, run, |training| {
        if training.state == RunState::Running {
            training.deliver(context, true);
            training.help.rest();
            training.enter(context, RunState::Paused);
        }
    });
}

/// Goes on after a pause.
pub async fn resume(context: Context, run: RunId) {
    let mut goes_on = false;
    with(&context, run, |training| {
        if training.state == RunState::Paused {
            training.help.rest();
            training.enter(&context, RunState::Running);
            // A step in progress has its own loop, which now goes on by itself.
            goes_on = !std::mem::take(&mut training.stepping);
        }
    });
    if goes_on {
        drive(context, run).await;
    }
}

/// Does one batch of a paused run, or the validation that follows an epoch's last batch.
pub async fn step_once(context: Context, run: RunId) {
    let mut begins = false;
    with(&context, run, |training| {
        if training.state == RunState::Paused && !training.stepping {
            training.help.rest();
            (training.stepping, training.step_done) = (true, false);
            begins = true;
        }
    });
    if begins {
        drive(context, run).await;
    }
}

/// Ends a run; its weights stay as they are.
pub fn stop(context: &Context, run: RunId) {
    {
        let mut session = context.session.borrow_mut();
        if session.starting == Some(run) {
            session.starting = None;
        }
    }
    let mut session = context.session.borrow_mut();
    let Session { training, crew, .. } = &mut *session;
    if let Some(training) = training.as_mut().filter(|training| training.run == run)
        && training.state != RunState::Ended
    {
        training.trainer.request_stop();
        // What follows a stop is no more than a few events.
        training.stepping = false;
        training.work(context, crew, f64::INFINITY);
    }
}

fn with(context: &Context, run: RunId, act: impl FnOnce(&mut Training)) {
    let mut session = context.session.borrow_mut();
    if let Some(training) = session.training.as_mut().filter(|training| training.run == run) {
        act(training);
    }
}

/// Ends whatever runs; its model is kept until another takes its place.
fn end_current(context: &Context) {
    let run = context.session.borrow().training.as_ref().map(|training| training.run);
    if let Some(run) = run {
        stop(context, run);
    }
    let mut session = context.session.borrow_mut();
    if let Some(mut training) = session.training.take() {
        let optimizer = Some(training.optimizer());
        session.kept = Some(Kept { optimizer, ..training.kept() });
    }
}

/// Puts a model in the place of whatever was there.
pub fn replace_model(context: &Context, kept: Kept) {
    end_current(context);
    let mut session = context.session.borrow_mut();
    // A run that is still loading its images must not take the place of the newer model.
    session.starting = None;
    session.kept = Some(kept);
}
