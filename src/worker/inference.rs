//! Inference beside training: an evaluation or a prediction, with the helpers that are there.

use std::pin::pin;

use futures::future::select;

use super::clock::{now_ms, sleep, slice_end_ms, yield_now};
use super::crew::Work;
use super::crew_run::{HEAR_MS, LOOK_MS};
use super::patience::Patience;
use super::session::{Context, Session};
use crate::data::Samples;
use crate::engine::losses::LossSpec;
use crate::engine::model::Sequential;
use crate::engine::shared_inference::{InferredBatch, SharedInference};

/// Computes all batches in slices; `see` gets them in order, and `tell` how many there were after
/// each slice.
pub async fn infer(
    context: &Context,
    model: &mut Sequential,
    samples: &dyn Samples,
    mut inference: SharedInference,
    loss: LossSpec,
    mut see: impl FnMut(InferredBatch),
    mut tell: impl FnMut(usize),
) {
    let mut help = Help::begin(&mut context.session.borrow_mut(), model, &inference, loss);
    while !inference.is_done() {
        let mut end_ms = slice_end_ms();
        if let Some(helping) = &mut help {
            let news = {
                let session = &mut *context.session.borrow_mut();
                if helping.is_over(session) {
                    help = None;
                    inference.take_back_all();
                    None
                } else {
                    end_ms = now_ms() + HEAR_MS;
                    helping.meet(session, model, Work::Inference(&mut inference, samples))
                }
            };
            if let Some(news) = news {
                // Whoever falls silent makes no news.
                select(pin!(news), pin!(sleep(LOOK_MS))).await;
                continue;
            }
        }
        while !inference.is_done() && !inference.is_waiting() {
            if let Some(batch) = inference.advance(model, samples, loss) {
                see(batch);
            }
            if now_ms() >= end_ms {
                tell(inference.batches_done());
                yield_now().await;
                break;
            }
        }
    }
}

/// The helpers of an inference, until a training takes them.
struct Help {
    run: u32,
    patience: Patience,
}

impl Help {
    /// None if there are no helpers, if they belong to a training, or if there is too little to do.
    fn begin(
        session: &mut Session,
        model: &Sequential,
        inference: &SharedInference,
        loss: LossSpec,
    ) -> Option<Self> {
        if session.is_training() || session.crew.ready() == 0 || inference.num_batches() < 2 {
            return None;
        }
        let run = session.crew.begin(model.spec(), loss, inference.batch_size());
        Some(Self { run, patience: Patience::default() })
    }

    /// Whether somebody else has the helpers, or none are left.
    fn is_over(&self, session: &Session) -> bool {
        session.crew.run() != self.run || session.crew.ready() == 0
    }

    /// Takes in what helpers said, and gives out what there is; what must be waited on, if nothing else
    /// can be done.
    fn meet(
        &mut self,
        session: &mut Session,
        model: &mut Sequential,
        mut work: Work,
    ) -> Option<impl Future<Output = ()> + 'static> {
        let crew = &mut session.crew;
        crew.hear(model, Some(&mut work));
        if crew.share(model.params(), &mut work) {
            self.patience.begin();
        }
        self.patience.wait(work.is_waiting());
        if self.patience.is_over() {
            crew.lose_busy(&mut work);
        }
        work.is_waiting().then(|| crew.news())
    }
}
