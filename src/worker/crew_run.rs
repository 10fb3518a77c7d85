//! [`CrewRun`]: one training's use of the [`Crew`].

use wasm_bindgen_futures::spawn_local;

use super::clock::{cores, now_ms, sleep, yield_now};
use super::crew::Crew;
use super::crew_size::crew_size;
use super::session::Context;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::Trainer;
use crate::protocol::{self, CrewLimit, RunId, WorkerEvent};

/// Between two looks at who is silent, in milliseconds.
const LOOK_MS: u32 = 500;
/// A helper is given up when it has been waited for so long, in milliseconds, …
const PATIENCE_MS: f64 = 2_000.0;
/// … and for so many times as long as the training worker needed for its own share.
const PATIENCE: f64 = 10.0;

/// A training's helpers, and since when they are waited for.
pub struct CrewRun {
    /// Workers that this training may have, itself included.
    expected: usize,
    limit: Option<CrewLimit>,
    /// When the batch in progress was begun, and when its own share was done.
    begun_ms: f64,
    waits_since_ms: Option<f64>,
}

impl CrewRun {
    /// Sees to it that there are as many helpers as this training can use.
    pub fn begin(context: &Context, run: RunId, job: &RunSpec, wanted: Option<usize>) -> Self {
        let crew = &mut context.session.borrow_mut().crew;
        let batch_len = job.fit.batch_size.min(job.data.num_train(&job.fit));
        let (mut expected, mut limit) =
            crew_size(&job.model, batch_len, wanted, cores()).expect("the model was built");
        let missing = crew.begin(job, expected - 1);
        if missing > 0 {
            (expected, limit) = (expected - missing, Some(CrewLimit::Browser));
        }
        let help = Self { expected, limit, begun_ms: 0.0, waits_since_ms: None };
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
        let has_changed = match trainer.shared_batch() {
            Some((model, batch)) => crew.hear(model, Some(batch)),
            None => crew.hear(trainer.model(), None),
        };
        if has_changed {
            self.tell(context, run, crew);
        }
    }

    /// Shares out a batch that begins; whether nothing can be done before a helper hands in its share.
    pub fn share(&mut self, crew: &mut Crew, trainer: &mut Trainer) -> bool {
        if crew.ready() == 0 {
            return false;
        }
        let Some((model, batch)) = trainer.shared_batch() else { return false };
        if crew.share(model.params(), batch) {
            self.begun_ms = now_ms();
        }
        let is_waiting = batch.is_waiting();
        self.waits_since_ms = is_waiting.then(|| self.waits_since_ms.unwrap_or_else(now_ms));
        is_waiting
    }

    /// Begins to count anew: while a training rests nobody waits for helpers.
    pub fn rest(&mut self) {
        (self.begun_ms, self.waits_since_ms) = (now_ms(), None);
    }

    /// Whether helpers have been waited for too long.
    fn is_out_of_patience(&self) -> bool {
        self.waits_since_ms
            .is_some_and(|since| now_ms() - since > PATIENCE_MS.max((since - self.begun_ms) * PATIENCE))
    }
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
        if help.is_out_of_patience()
            && let Some((_, batch)) = trainer.shared_batch()
        {
            session.crew.lose_busy(batch);
            help.waits_since_ms = None;
            help.tell(&context, run, &session.crew);
        }
    }
}
