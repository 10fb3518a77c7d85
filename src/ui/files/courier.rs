//! [`ask`]: one request to the worker that reads and writes files, from its start to its end.
//!
//! The worker lives for this one request. A reader that falls is heard of at once, one that hangs is ended after
//! a while, and the memory of either goes with it.

use std::sync::atomic::{AtomicU32, Ordering};

use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use futures::stream::StreamExt;
use gloo_worker::Codec;
use js_sys::{Array, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::protocol::{FilesEvent, FilesRequest, RunId};
use crate::ui::browser::{sleep, worker_address};
use crate::ui::pages::files::Refusal;
use crate::worker::Packed;

/// Where the worker's loader is if the page does not say.
const LOADER: &str = "files_loader.js";
/// Until its program is there, which on a slow network takes a while, in ms.
const START_MS: u32 = 60_000;
/// For the work itself, in ms: the largest files that are taken are read in a few seconds.
const WORK_MS: u32 = 60_000;

/// What the browser tells of the worker; `None` if it fell.
type Heard = Option<FilesEvent>;

/// A worker, ended when this goes.
struct Courier {
    worker: Worker,
    /// What the browser calls; dropped with the worker.
    _hear: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn(ErrorEvent)>,
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Courier {
    fn start() -> Option<(Self, UnboundedReceiver<Heard>)> {
        let worker = Worker::new(&loader()).ok()?;
        let (to, heard) = unbounded();
        let teller = to.clone();
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            // Nobody listens any more once the answer is there.
            let _ = teller.unbounded_send(Some(Packed::decode(event.data())));
        });
        let fail = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            let _ = to.unbounded_send(None);
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Some((Self { worker, _hear: hear, _fail: fail }, heard))
    }

    /// The bytes of a file may be many, so they go over and are not copied once more.
    fn send(&self, request: &FilesRequest) -> bool {
        let packed: Uint8Array = Packed::encode(request).unchecked_into();
        let given = Array::of1(&packed.buffer());
        self.worker.post_message_with_transfer(&packed, &given).is_ok()
    }
}

/// The build writes it into the page, since its name holds a hash.
fn loader() -> String {
    let meta = document().query_selector("meta[name=svertka-files]").ok().flatten();
    worker_address(meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| LOADER.to_owned()))
}

/// Asks a worker of its own, and gives its answer.
///
/// # Errors
/// If there is none in time, or the answer is a refusal.
pub async fn ask(request: impl FnOnce(RunId) -> FilesRequest) -> Result<FilesEvent, Refusal> {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let run = RunId(LAST.fetch_add(1, Ordering::Relaxed) + 1);
    let (courier, mut heard) = Courier::start().ok_or(Refusal::Absent)?;
    let mut waiting = Some(request(run));
    loop {
        let limit = if waiting.is_some() { START_MS } else { WORK_MS };
        let event = match select(heard.next(), Box::pin(sleep(limit))).await {
            Either::Left((Some(Some(event)), _)) => event,
            // An error before the first word is that of the loader.
            _ if waiting.is_some() => return Err(Refusal::Absent),
            Either::Left(_) => return Err(Refusal::Died),
            Either::Right(_) => return Err(Refusal::Slow),
        };
        match event {
            FilesEvent::Ready { .. } => {
                if let Some(request) = waiting.take()
                    && !courier.send(&request)
                {
                    return Err(Refusal::Died);
                }
            }
            FilesEvent::Died { .. } => return Err(Refusal::Died),
            event if event.run() == run => return Ok(event),
            // Of another conversation.
            _ => {}
        }
    }
}
