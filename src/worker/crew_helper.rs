//! A helper: the same program as the training worker, started by it under another name.
//!
//! It holds a replica of the model and computes whatever comes, with the parameters that come
//! with it. A message is a list of bytes, which sets up a run, or a buffer, which is a task; see
//! [`super::crew_wire`]. It answers with a text when it is there or dies, and with buffers otherwise.

use std::cell::RefCell;

use gloo_worker::Codec;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::block::{Block, transfer, with_room};
use super::crew_wire::{
    Kind, put_batch_result, put_chunk_result, put_head, take_batch_task, take_chunk_task, take_head,
};
use super::packed::Packed;
use super::words::{Sink, count};
use crate::engine::losses::LossSpec;
use crate::engine::model::Sequential;
use crate::engine::spec::ModelSpec;

/// Helpers' names begin so.
pub const NAME: &str = "crew-";
/// What a helper says once it can be told to compute.
pub const READY: &str = "ready";

/// A training or an evaluation as a helper knows it.
struct Replica {
    run: u32,
    model: Sequential,
    loss: LossSpec,
}

thread_local! {
    static REPLICA: RefCell<Option<Replica>> = const { RefCell::new(None) };
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Whether this worker was started to help another.
pub fn is_helper() -> bool {
    scope().name().starts_with(NAME)
}

/// The message that sets up a run.
pub fn setup(run: u32, model: &ModelSpec, loss: LossSpec) -> JsValue {
    Packed::encode((run, model, loss))
}

/// Begins to wait for tasks.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Should even this fail, the silence will tell.
        drop(scope().post_message(&JsValue::from_str(&info.to_string())));
    }));
    let hear = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        let data = event.data();
        if data.is_instance_of::<Uint8Array>() {
            REPLICA.set(Some(build(data)));
        } else {
            REPLICA.with_borrow_mut(|replica| compute(replica.as_mut(), data.unchecked_into()));
        }
    });
    scope().set_onmessage(Some(hear.into_js_value().unchecked_ref()));
    drop(scope().post_message(&JsValue::from_str(READY)));
}

fn build(setup: JsValue) -> Replica {
    let (run, model, loss): (u32, ModelSpec, LossSpec) = Packed::decode(setup);
    let params = vec![0.0; model.num_params().expect("the training worker has built this model")];
    let model = Sequential::with_params(&model, params).expect("the training worker has built this model");
    Replica { run, model, loss }
}

fn compute(replica: Option<&mut Replica>, buffer: ArrayBuffer) {
    let mut block = Block::of(&buffer);
    let (run, kind) = take_head(&mut block);
    // What belongs to another run is not waited for.
    let Some(Replica { model, loss, .. }) = replica.filter(|replica| replica.run == run) else { return };
    match kind {
        Kind::Chunks => {
            let task = take_chunk_task(&mut block, model.params_mut());
            let result = model.compute(&task, *loss);
            answer(buffer, |sink| {
                put_head(sink, run, kind);
                put_chunk_result(sink, &result);
            });
            for piece in result.pieces {
                model.recycle(piece.grads);
            }
        }
        Kind::Batches => {
            let task = take_batch_task(&mut block, model.params_mut());
            let result = task.compute(model, *loss);
            answer(buffer, |sink| {
                put_head(sink, run, kind);
                put_batch_result(sink, &result);
            });
        }
    }
}

/// The task's buffer goes back with the answer.
fn answer(buffer: ArrayBuffer, write: impl Fn(&mut dyn Sink)) {
    let buffer = with_room(Some(buffer), count(&write));
    write(&mut Block::of(&buffer));
    drop(scope().post_message_with_transfer(&buffer, &transfer(&buffer)));
}
