//! The worker as the browser sees it.
//!
//! Messages are those of the protocol in the codec of the training worker, but sent without its library: the
//! page must be able to end a reader that hangs, and to hear at once of one that fell.

use gloo_worker::Codec;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::desk;
use crate::formats::{NamedFile, archive};
use crate::protocol::{FilesEvent, FilesRequest, RunId};
use crate::worker::Packed;
use crate::worker::block::transfer;

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Begins to answer requests.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        tell(&FilesEvent::Died { run: RunId::default(), message: info.to_string() });
    }));
    let hear = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        tell(&meet(Packed::decode(event.data())));
    });
    scope().set_onmessage(Some(hear.into_js_value().unchecked_ref()));
    tell(&FilesEvent::Ready { run: RunId::default() });
}

fn meet(request: FilesRequest) -> FilesEvent {
    let run = request.run();
    match request {
        FilesRequest::Read { reading, .. } => match desk::read(*reading) {
            Ok(opened) => FilesEvent::Opened { run, opened: Box::new(opened) },
            Err(refusal) => FilesEvent::Failed { run, error: refusal.error, fits: refusal.fits },
        },
        FilesRequest::Write { format, saved, wrapping, .. } => match desk::write(format, &saved, &wrapping) {
            Ok(file) => FilesEvent::Written { run, file },
            Err(error) => FilesEvent::Failed { run, error, fits: Vec::new() },
        },
        FilesRequest::Pack { name, files, .. } => {
            FilesEvent::Written { run, file: NamedFile { name, bytes: archive::write_zip(&files) } }
        }
    }
}

/// The bytes of a file may be many, so they go over and are not copied.
fn tell(event: &FilesEvent) {
    let packed: Uint8Array = Packed::encode(event).unchecked_into();
    // Should even this fail, the silence will tell.
    drop(scope().post_message_with_transfer(&packed, &transfer(&packed.buffer())));
}
