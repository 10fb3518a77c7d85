//! [`CrewRun`]: one training's use of the [`Crew`].

use wasm_bindgen_futures::spawn_local;

use super::clock::{cores, sleep, yield_now};
use super::crew::{Crew, Work};
use super::crew_size::crew_size;
use super::patience::Patience;
use super::session::Context;
use crate::engine::model::Sequential;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::Trainer;
use crate::protocol::{self, CrewLimit, RunId, WorkerEvent};

/// Between two looks at who is silent, in milliseconds.
pub const LOOK_MS: u32 = 500;
/// Between two looks at who has done its share of an inference, in milliseconds: shorter than a slice
/// of work, since a helper has nothing to do until then.
pub const HEAR_MS: f64 = 8.0;

/// A training's helpers, and since when they are waited for.
pub struct CrewRun {
    /// Workers that this training may have, itself included.
    expected: usize,
    limit: Option<CrewLimit>,
    patience: Patience,
    /// Whether helpers come back for more.
    is_inferring: bool,
}

impl CrewRun {
    /// Sees to it that there are as many helpers as this training can use.
    pub fn begin(context: &Context, run: RunId, job: &RunSpec, wanted: Option<usize>) -> Self {
        let crew = &mut context.session.borrow_mut().crew;
        let batch_len = job.fit.batch_size.min(job.data.num_train(&job.fit));
        let (mut expected, mut limit) =
            crew_size(&job.model, batch_len, wanted, cores()).expect("the model was built");
        let missing = crew.resize(expected - 1);
        crew.begin(&job.model, job.compile.loss, job.fit.validation_batch());
        if missing > 0 {
            (expected, limit) = (expected - missing, Some(CrewLimit::Browser));
        }
        let help = Self { expected, limit, patience: Patience::default(), is_inferring: false };
        help.tell(context, run, crew);
        if expected > 1 {
            spawn_local(watch(context.clone(), run));
        }
        help
    }

    fn tell(&self, context: &Context, run: RunId, crew: &Crew) {
        let (expected, limit, lost) = (self.expected - crew.lost(), self.limit, crew.lost());
        let crew = protocol::Crew { workers: 1 + crew.ready(), expected, limit, lost };
        context.send(WorkerEvent::Crew { run, crew });
    }

    /// Takes in what helpers have said.
    pub fn hear(&mut self, context: &Context, run: RunId, crew: &mut Crew, trainer: &mut Trainer) {
        if with_work(trainer, |model, work| crew.hear(model, work)) {
            self.tell(context, run, crew);
        }
    }

    /// Shares out what begins; whether nothing can be done before a helper hands in its share.
    pub fn share(&mut self, crew: &mut Crew, trainer: &mut Trainer) -> bool {
        self.is_inferring = false;
        if crew.ready() == 0 {
            return false;
        }
        with_work(trainer, |model, work| {
            let Some(work) = work else { return false };
            self.is_inferring = matches!(work, Work::Inference(..));
            if crew.share(model.params(), work) {
                self.patience.begin();
            }
            let is_waiting = work.is_waiting();
            self.patience.wait(is_waiting);
            is_waiting
        })
    }

    /// How long helpers may not be heard, in milliseconds.
    pub fn slice_ms(&self) -> f64 {
        if self.is_inferring { HEAR_MS } else { f64::INFINITY }
    }

    /// Begins to count anew: while a training rests nobody waits for helpers.
    pub fn rest(&mut self) {
        self.patience.rest();
    }
}

/// What helpers can help with now, with the model that it is for.
fn with_work<R>(trainer: &mut Trainer, act: impl FnOnce(&mut Sequential, Option<&mut Work>) -> R) -> R {
    if let Some((model, batch)) = trainer.shared_batch() {
        return act(model, Some(&mut Work::Batch(batch)));
    }
    if let Some((model, inference, samples)) = trainer.shared_validation() {
        return act(model, Some(&mut Work::Inference(inference, samples)));
    }
    act(trainer.model(), None)
}

/// Gives up helpers that fall silent while the training is waiting for them.
async fn watch(context: Context, run: RunId) {
    loop {
        sleep(LOOK_MS).await;
        // After a sleep of the whole machine the answer may be there, but not heard yet.
        yield_now().await;
        let mut session = context.session.borrow_mut();
        let session = &mut *session;
        let Some(training) = session.training.as_mut().filter(|training| training.is(run)) else { return };
        let is_working = training.is_working();
        let (help, trainer) = training.help();
        // What came in a pause was not heard yet.
        help.hear(&context, run, &mut session.crew, trainer);
        if !is_working {
            help.rest();
        }
        if help.patience.is_over() {
            with_work(trainer, |_, work| work.into_iter().for_each(|work| session.crew.lose_busy(work)));
            help.patience.wait(false);
            help.tell(&context, run, &session.crew);
        }
    }
}
