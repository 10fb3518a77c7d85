//! [`Crew`]: helpers that compute parts of what the training worker has to do.
//!
//! The training worker starts them itself, as workers of its own. Of a training batch it hands each a
//! share of the chunks before it computes its own; of an inference, so many batches at a time as long
//! as there are any. Parameters and samples go down and what came of them comes back in one buffer per
//! helper, which is transferred to and fro. A helper that dies or falls silent loses its share to the
//! training worker, and nothing else changes: results do not depend on who computes.

use std::ops::Range;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use wasm_bindgen::JsValue;

use super::block::Block;
use super::crew_helper::setup;
use super::crew_link::{Helper, Inbox, Said, State};
use super::crew_size::{most_batches, num_batches, shares};
use super::crew_wire::{
    Kind, put_batch_task, put_chunk_task, put_head, take_batch_result, take_chunk_result, take_head,
};
use crate::data::Samples;
use crate::engine::chunk::TaskResult;
use crate::engine::losses::LossSpec;
use crate::engine::model::Sequential;
use crate::engine::shared_batch::SharedBatch;
use crate::engine::shared_inference::{InferenceResult, SharedInference};
use crate::engine::spec::ModelSpec;

/// The helpers of a training worker. They outlive a training, so that the next one begins at once.
#[derive(Default)]
pub struct Crew {
    helpers: Vec<Helper>,
    last_id: u32,
    inbox: Rc<Inbox>,
    /// Which training or evaluation this is; what belongs to an earlier one is dropped.
    run: u32,
    /// What sets up a helper for it.
    setup: JsValue,
    /// Batches of an inference that a helper gets at once, at most.
    most_batches: usize,
    /// Helpers of this run that are gone.
    lost: usize,
}

/// What helpers help with at the moment.
pub enum Work<'a> {
    /// A training batch.
    Batch(&'a mut SharedBatch),
    /// An inference on samples.
    Inference(&'a mut SharedInference, &'a dyn Samples),
}

impl Work<'_> {
    fn hand_in(&mut self, result: TaskResult) -> Result<(), TaskResult> {
        match self {
            Self::Batch(batch) => batch.hand_in(result),
            Self::Inference(..) => Err(result),
        }
    }

    fn hand_in_inferred(&mut self, result: InferenceResult) {
        if let Self::Inference(inference, _) = self {
            // What was taken back meanwhile is computed here.
            drop(inference.hand_in(result));
        }
    }

    fn take_back(&mut self, parts: &Range<usize>) {
        match self {
            Self::Batch(batch) => batch.take_back(parts),
            Self::Inference(inference, _) => inference.take_back(parts),
        }
    }

    /// Whether nothing can be done before a helper hands in its share.
    pub fn is_waiting(&self) -> bool {
        match self {
            Self::Batch(batch) => batch.is_waiting(),
            Self::Inference(inference, _) => inference.is_waiting(),
        }
    }
}

impl Crew {
    /// Begins a run with the helpers that are there; gives its number. `batch_size` is that of
    /// inference.
    pub fn begin(&mut self, model: &ModelSpec, loss: LossSpec, batch_size: usize) -> u32 {
        self.run += 1;
        self.setup = setup(self.run, model, loss);
        self.most_batches = most_batches(model, batch_size).expect("the model was built");
        self.lost = 0;
        for helper in self.helpers.iter_mut().filter(|helper| helper.state != State::Starting) {
            helper.set_up(&self.setup);
            if let State::Busy(parts) = &mut helper.state {
                // They are of an earlier run's work; nothing of this one's is lent to it.
                *parts = 0..0;
            }
        }
        // Whoever waits in an earlier run must see that it is over.
        self.inbox.wake();
        self.run
    }

    /// Sees to it that there are so many helpers. How many could not be started.
    pub fn resize(&mut self, helpers: usize) -> usize {
        for helper in self.helpers.drain(helpers.min(self.helpers.len())..) {
            helper.end();
        }
        while self.helpers.len() < helpers {
            self.last_id += 1;
            let Ok(helper) = Helper::start(self.last_id, &self.inbox) else { break };
            self.helpers.push(helper);
        }
        helpers - self.helpers.len()
    }

    /// Which run this is.
    pub fn run(&self) -> u32 {
        self.run
    }

    /// Helpers that compute.
    pub fn ready(&self) -> usize {
        self.helpers.iter().filter(|helper| helper.state != State::Starting).count()
    }

    /// Helpers of this run that are gone.
    pub fn lost(&self) -> usize {
        self.lost
    }

    /// Hands out shares of a batch that begins, or more batches of an inference; whether anything was
    /// handed out.
    pub fn share(&mut self, params: &[f32], work: &mut Work) -> bool {
        let (run, workers, most) = (self.run, 1 + self.ready(), self.most_batches);
        let idle = self.helpers.iter_mut().filter(|helper| helper.state == State::Idle);
        match work {
            // A helper that comes while a batch is computed waits for the next one.
            Work::Batch(batch) if !batch.is_untouched() => false,
            Work::Batch(batch) => {
                let idle: Vec<&mut Helper> = idle.collect();
                let shares = shares(batch.cut().num_chunks(), idle.len());
                for (helper, chunks) in idle.into_iter().zip(shares) {
                    let task = batch.lend(chunks.clone());
                    let is_sent = helper.send(chunks.clone(), |sink| {
                        put_head(sink, run, Kind::Chunks);
                        put_chunk_task(sink, params, &task);
                    });
                    if !is_sent {
                        batch.take_back(&chunks);
                    }
                }
                !batch.is_untouched()
            }
            Work::Inference(inference, samples) => {
                let mut is_shared = false;
                for helper in idle {
                    let free = inference.free();
                    let num = num_batches(inference.num_free(), workers, most).min(free.len());
                    if num == 0 {
                        break;
                    }
                    let batches = free.start..free.start + num;
                    let task = inference.lend(batches.clone(), *samples);
                    let is_sent = helper.send(batches.clone(), |sink| {
                        put_head(sink, run, Kind::Batches);
                        put_batch_task(sink, params, &task);
                    });
                    if !is_sent {
                        inference.take_back(&batches);
                    }
                    is_shared |= is_sent;
                }
                is_shared
            }
        }
    }

    /// Takes in what helpers said since the last time; whether their number changed.
    pub fn hear(&mut self, model: &mut Sequential, mut work: Option<&mut Work>) -> bool {
        let before = (self.ready(), self.lost);
        while let Some((id, said)) = self.inbox.pop() {
            // One that was let go may still have said something.
            let Some(place) = self.helpers.iter().position(|helper| helper.id == id) else { continue };
            match said {
                Said::Ready => {
                    let helper = &mut self.helpers[place];
                    helper.state = State::Idle;
                    helper.set_up(&self.setup);
                }
                Said::Result(buffer) => {
                    self.take_in(&buffer, model, work.as_deref_mut());
                    let helper = &mut self.helpers[place];
                    (helper.state, helper.buffer) = (State::Idle, Some(buffer));
                }
                Said::Died => self.lose(place, work.as_deref_mut()),
            }
        }
        before != (self.ready(), self.lost)
    }

    fn take_in(&self, buffer: &ArrayBuffer, model: &mut Sequential, work: Option<&mut Work>) {
        let mut block = Block::of(buffer);
        let (run, kind) = take_head(&mut block);
        if run != self.run {
            return;
        }
        match kind {
            Kind::Chunks => {
                let result = take_chunk_result(&mut block, || model.buffer());
                let refused = match work {
                    Some(work) => work.hand_in(result).err(),
                    None => Some(result),
                };
                for piece in refused.into_iter().flat_map(|result| result.pieces) {
                    model.recycle(piece.grads);
                }
            }
            Kind::Batches => {
                if let Some(work) = work {
                    work.hand_in_inferred(take_batch_result(&mut block));
                }
            }
        }
    }

    /// Lets go of all helpers that owe something; whoever waits for news is told.
    pub fn lose_busy(&mut self, work: &mut Work) {
        while let Some(place) = self.helpers.iter().position(|it| matches!(it.state, State::Busy(_))) {
            self.lose(place, Some(work));
        }
        self.inbox.wake();
    }

    fn lose(&mut self, place: usize, work: Option<&mut Work>) {
        let helper = self.helpers.remove(place);
        helper.end();
        self.lost += 1;
        if let (State::Busy(parts), Some(work)) = (helper.state, work) {
            work.take_back(&parts);
        }
    }

    /// What is waited on for helpers to say something; does not borrow the crew.
    pub fn news(&self) -> impl Future<Output = ()> + 'static {
        self.inbox.news()
    }
}
