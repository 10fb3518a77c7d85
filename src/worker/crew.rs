//! [`Crew`]: helpers that compute chunks of the training worker's batches.
//!
//! The training worker starts them itself, as workers of its own, and hands each a share of every
//! batch before it computes its own share. Parameters go down and gradients come back in one buffer
//! per helper, which is transferred to and fro. A helper that dies or falls silent loses its share to
//! the training worker, and nothing else changes: results do not depend on who computes.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::ops::Range;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::ArrayBuffer;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions};

use super::block::{Block, transfer, with_room};
use super::clock::scope;
use super::crew_helper::{NAME, READY, setup};
use super::crew_size::shares;
use super::crew_wire::{count, put_run, put_task, take_result, take_run};
use crate::engine::model::Sequential;
use crate::engine::shared_batch::SharedBatch;
use crate::engine::spec::RunSpec;

/// The helpers of a training worker. They outlive a training, so that the next one begins at once.
#[derive(Default)]
pub struct Crew {
    helpers: Vec<Helper>,
    last_id: u32,
    inbox: Rc<Inbox>,
    /// Which training this is; what belongs to an earlier one is dropped.
    run: u32,
    /// What sets up a helper for it.
    setup: String,
    /// Helpers of this training that are gone.
    lost: usize,
}

/// What helpers said that was not heard yet.
#[derive(Default)]
struct Inbox {
    said: RefCell<VecDeque<(u32, Said)>>,
    /// How often somebody was to be woken.
    wakes: Cell<u32>,
    waker: Cell<Option<Waker>>,
}

enum Said {
    Ready,
    Result(ArrayBuffer),
    Died,
}

struct Helper {
    id: u32,
    worker: Worker,
    state: State,
    /// Is with whoever computes.
    buffer: Option<ArrayBuffer>,
    /// What the browser calls; dropped with the worker.
    _hear: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn(ErrorEvent)>,
}

#[derive(PartialEq)]
enum State {
    /// Its program is being loaded.
    Starting,
    Idle,
    Busy(Range<usize>),
}

impl Crew {
    /// Begins a training with so many helpers; those that are missing are started. How many could
    /// not be started.
    pub fn begin(&mut self, job: &RunSpec, helpers: usize) -> usize {
        self.run += 1;
        self.setup = setup(self.run, &job.model, job.compile.loss);
        self.lost = 0;
        for helper in self.helpers.drain(helpers.min(self.helpers.len())..) {
            helper.worker.terminate();
        }
        for helper in self.helpers.iter_mut().filter(|helper| helper.state != State::Starting) {
            drop(helper.worker.post_message(&JsValue::from_str(&self.setup)));
            if let State::Busy(chunks) = &mut helper.state {
                // They are of an earlier training's batch; nothing of this one's is lent to it.
                *chunks = 0..0;
            }
        }
        while self.helpers.len() < helpers {
            self.last_id += 1;
            let Ok(helper) = Helper::start(self.last_id, &self.inbox) else { break };
            self.helpers.push(helper);
        }
        helpers - self.helpers.len()
    }

    /// Helpers that compute.
    pub fn ready(&self) -> usize {
        self.helpers.iter().filter(|helper| helper.state != State::Starting).count()
    }

    /// Helpers of this training that are gone.
    pub fn lost(&self) -> usize {
        self.lost
    }

    /// Hands out shares of a batch that begins; whether anything was handed out.
    pub fn share(&mut self, params: &[f32], batch: &mut SharedBatch) -> bool {
        // A helper that comes while a batch is computed waits for the next one.
        if !batch.is_untouched() {
            return false;
        }
        let idle = self.helpers.iter_mut().filter(|helper| helper.state == State::Idle);
        let idle: Vec<&mut Helper> = idle.collect();
        let shares = shares(batch.cut().num_chunks(), idle.len());
        for (helper, share) in idle.into_iter().zip(shares) {
            helper.send(self.run, params, batch, share);
        }
        !batch.is_untouched()
    }

    /// Takes in what helpers said since the last time; whether their number changed.
    pub fn hear(&mut self, model: &mut Sequential, mut batch: Option<&mut SharedBatch>) -> bool {
        let before = (self.ready(), self.lost);
        loop {
            let said = self.inbox.said.borrow_mut().pop_front();
            let Some((id, said)) = said else { break };
            // One that was let go may still have said something.
            let Some(place) = self.helpers.iter().position(|helper| helper.id == id) else { continue };
            match said {
                Said::Ready => {
                    let helper = &mut self.helpers[place];
                    helper.state = State::Idle;
                    drop(helper.worker.post_message(&JsValue::from_str(&self.setup)));
                }
                Said::Result(buffer) => {
                    self.take_in(&buffer, model, batch.as_deref_mut());
                    let helper = &mut self.helpers[place];
                    (helper.state, helper.buffer) = (State::Idle, Some(buffer));
                }
                Said::Died => self.lose(place, batch.as_deref_mut()),
            }
        }
        before != (self.ready(), self.lost)
    }

    fn take_in(&self, buffer: &ArrayBuffer, model: &mut Sequential, batch: Option<&mut SharedBatch>) {
        let mut block = Block::of(buffer);
        if take_run(&mut block) != self.run {
            return;
        }
        let result = take_result(&mut block, || model.buffer());
        let refused = match batch {
            Some(batch) => batch.hand_in(result).err(),
            None => Some(result),
        };
        for piece in refused.into_iter().flat_map(|result| result.pieces) {
            model.recycle(piece.grads);
        }
    }

    /// Lets go of all helpers that owe something; whoever waits for news is told.
    pub fn lose_busy(&mut self, batch: &mut SharedBatch) {
        while let Some(place) = self.helpers.iter().position(|it| matches!(it.state, State::Busy(_))) {
            self.lose(place, Some(batch));
        }
        self.inbox.wake();
    }

    fn lose(&mut self, place: usize, batch: Option<&mut SharedBatch>) {
        let helper = self.helpers.remove(place);
        helper.worker.terminate();
        self.lost += 1;
        if let (State::Busy(chunks), Some(batch)) = (helper.state, batch) {
            batch.take_back(&chunks);
        }
    }

    /// What is waited on for helpers to say something; does not borrow the crew.
    pub fn news(&self) -> impl Future<Output = ()> + 'static {
        let inbox = Rc::clone(&self.inbox);
        let before = inbox.wakes.get();
        poll_fn(move |context| {
            if inbox.wakes.get() != before || !inbox.said.borrow().is_empty() {
                return Poll::Ready(());
            }
            inbox.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
    }
}

impl Inbox {
    fn push(&self, id: u32, said: Said) {
        self.said.borrow_mut().push_back((id, said));
        self.wake();
    }

    fn wake(&self) {
        self.wakes.set(self.wakes.get() + 1);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Helper {
    fn start(id: u32, inbox: &Rc<Inbox>) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_name(&format!("{NAME}{id}"));
        // Fails where a worker cannot have workers of its own.
        let worker = Worker::new_with_options(&scope().location().href(), &options)?;
        let to = Rc::clone(inbox);
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let said = match data.as_string() {
                None => Said::Result(data.unchecked_into()),
                Some(text) if text == READY => Said::Ready,
                Some(_) => Said::Died,
            };
            to.push(id, said);
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let to = Rc::clone(inbox);
        let fail = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            // Otherwise the page would take it for an error of the training worker.
            event.prevent_default();
            to.push(id, Said::Died);
        });
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Ok(Self { id, worker, state: State::Starting, buffer: None, _hear: hear, _fail: fail })
    }

    /// Lends chunks to it. If it cannot be reached, they come back at once.
    fn send(&mut self, run: u32, params: &[f32], batch: &mut SharedBatch, chunks: Range<usize>) {
        let task = batch.lend(chunks.clone());
        let words = count(|sink| {
            put_run(sink, run);
            put_task(sink, params, &task);
        });
        let buffer = with_room(self.buffer.take(), words);
        let mut block = Block::of(&buffer);
        put_run(&mut block, run);
        put_task(&mut block, params, &task);
        if self.worker.post_message_with_transfer(&buffer, &transfer(&buffer)).is_ok() {
            self.state = State::Busy(chunks);
        } else {
            batch.take_back(&chunks);
        }
    }
}
