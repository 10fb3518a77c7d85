//! [`Helper`]: a worker that computes for this one, and [`Inbox`], where what helpers say is put.

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
use super::crew_helper::{NAME, READY};
use super::words::{Sink, count};

/// What helpers said that was not heard yet.
#[derive(Default)]
pub struct Inbox {
    said: RefCell<VecDeque<(u32, Said)>>,
    /// How often somebody was to be woken.
    wakes: Cell<u32>,
    waker: Cell<Option<Waker>>,
}

/// What a helper says.
pub enum Said {
    /// It can be told to compute.
    Ready,
    /// What it computed.
    Result(ArrayBuffer),
    /// Nothing any more.
    Died,
}

/// A worker that computes for this one.
pub struct Helper {
    /// Tells it from all that were before.
    pub id: u32,
    /// What it does.
    pub state: State,
    /// Is with whoever computes.
    pub buffer: Option<ArrayBuffer>,
    worker: Worker,
    /// What the browser calls; dropped with the worker.
    _hear: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn(ErrorEvent)>,
}

/// What a helper does.
#[derive(PartialEq)]
pub enum State {
    /// Its program is being loaded.
    Starting,
    /// Nothing.
    Idle,
    /// It computes these parts of what is shared.
    Busy(Range<usize>),
}

impl Inbox {
    /// What was said first, which is then heard.
    pub fn pop(&self) -> Option<(u32, Said)> {
        self.said.borrow_mut().pop_front()
    }

    fn push(&self, id: u32, said: Said) {
        self.said.borrow_mut().push_back((id, said));
        self.wake();
    }

    /// Tells whoever waits for news to look.
    pub fn wake(&self) {
        self.wakes.set(self.wakes.get() + 1);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// What is waited on for helpers to say something.
    pub fn news(self: &Rc<Self>) -> impl Future<Output = ()> + 'static {
        let inbox = Rc::clone(self);
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

impl Helper {
    /// Starts one.
    ///
    /// # Errors
    /// Where a worker cannot have workers of its own, or no more.
    pub fn start(id: u32, inbox: &Rc<Inbox>) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_name(&format!("{NAME}{id}"));
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
        Ok(Self { id, state: State::Starting, buffer: None, worker, _hear: hear, _fail: fail })
    }

    /// Sends it what sets up a run.
    pub fn set_up(&self, setup: &JsValue) {
        drop(self.worker.post_message(setup));
    }

    /// Hands it the task of computing `parts`; whether it could be reached.
    pub fn send(&mut self, parts: Range<usize>, write: impl Fn(&mut dyn Sink)) -> bool {
        let buffer = with_room(self.buffer.take(), count(&write));
        write(&mut Block::of(&buffer));
        let is_sent = self.worker.post_message_with_transfer(&buffer, &transfer(&buffer)).is_ok();
        if is_sent {
            self.state = State::Busy(parts);
        }
        is_sent
    }

    /// Ends it.
    pub fn end(&self) {
        self.worker.terminate();
    }
}
