//! A training run in the worker: begun, paused, stepped, stopped.

use std::sync::Arc;

use super::clock::{now_ms, slice_end_ms, yield_now};
use super::coalesce::{Coalescer, Delivery};
use super::crew::Crew;
use super::crew_run::CrewRun;
use super::loader;
use super::session::{Context, Kept, Session};
use crate::engine::event::TrainEvent;
use crate::engine::model::Sequential;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::{Step, Trainer};
use crate::protocol::{RunId, RunState, Snapshot, WorkerError, WorkerEvent};
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
    events: Coalescer,
    running_ms: f64,
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
        Kept { model: self.job.model.clone(), params, job: Some(self.job.clone()), epochs }
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

    fn snapshot(&mut self) -> Snapshot {
        let params = self.trainer.model().params().to_vec();
        Snapshot { job: self.job.clone(), epochs: self.epochs, params }
    }

    /// Delivers what was collected, at once or when it is due.
    fn deliver(&mut self, context: &Context, at_once: bool) {
        let now = now_ms();
        let delivery = if at_once { self.events.take(now) } else { self.events.take_if_due(now) };
        let Some(Delivery { events, snapshot }) = delivery else { return };
        let run = self.run;
        context.send(WorkerEvent::Train { run, events, running_ms: self.running_ms });
        if let Some(snapshot) = snapshot {
            context.send(WorkerEvent::Snapshot { run, snapshot: Box::new(snapshot) });
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
                pause = Pause::Helpers;
                break;
            }
            match self.trainer.step_part() {
                Some(Step::Continue(event)) => {
                    if let TrainEvent::EpochEnd { epoch, .. } = event {
                        self.epochs = epoch + 1;
                        let snapshot = self.snapshot();
                        self.events.keep(snapshot);
                    }
                    self.step_done |=
                        matches!(event, TrainEvent::BatchEnd { .. } | TrainEvent::EpochEnd { .. });
                    self.events.push(event);
                }
                Some(Step::Done) => {
                    self.state = RunState::Ended;
                    let snapshot = self.snapshot();
                    self.events.keep(snapshot);
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

/// Loads, builds and begins a run, then works on it until it is over or paused.
pub async fn start(context: Context, run: RunId, job: RunSpec, paused: bool, workers: Option<usize>) {
    end_current(&context);
    {
        let mut session = context.session.borrow_mut();
        (session.starting, session.measuring) = (Some(run), None);
    }
    let prepared = prepare(&context, run, &job).await;
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
                epochs: 0,
                events: Coalescer::default(),
                running_ms: 0.0,
                help: CrewRun::begin(&context, run, &job, workers),
                driver: 0,
                job,
            };
            training.enter(&context, if paused { RunState::Paused } else { RunState::Running });
            context.session.borrow_mut().training = Some(training);
            drive(context, run).await;
        }
    }
}

async fn prepare(context: &Context, run: RunId, job: &RunSpec) -> Result<Trainer, WorkerError> {
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
        Arc::clone(&loaded.train)
    };
    let model = Sequential::new(&job.model, job.seed)?;
    Ok(Trainer::new(model, job, images))
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
        session.kept = Some(training.kept());
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
