//! The worker's clock and its way back to the event loop.

use std::cell::RefCell;

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, WorkerGlobalScope};

/// How long one slice of work may take, in milliseconds.
const SLICE_MS: f64 = 30.0;

/// The worker's global scope.
pub fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds since the worker began; never goes back.
pub fn now_ms() -> f64 {
    scope().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// The end of the slice that begins now.
pub fn slice_end_ms() -> f64 {
    now_ms() + SLICE_MS
}

/// Waits until the event loop has delivered what came in meanwhile.
///
/// A message to oneself is a macrotask. A timer would do as well, but browsers stretch nested
/// timers to 4 ms, which would cost a tenth of the training time.
pub async fn yield_now() {
    thread_local! {
        static CHANNEL: RefCell<Option<MessageChannel>> = const { RefCell::new(None) };
    }
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        let posted = CHANNEL.with_borrow_mut(|channel| {
            if channel.is_none() {
                *channel = MessageChannel::new().ok();
            }
            let channel = channel.as_ref()?;
            let on_message = Closure::once_into_js(move || {
                // Nothing can be done about a failing resolve; there is none.
                drop(resolve.call0(&JsValue::NULL));
            });
            channel.port1().set_onmessage(Some(on_message.unchecked_ref()));
            channel.port2().post_message(&JsValue::NULL).ok()
        });
        debug_assert!(posted.is_some(), "every browser with modules has MessageChannel");
    });
    drop(JsFuture::from(promise).await);
}

/// Waits `ms` milliseconds.
pub async fn sleep(ms: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        drop(scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32));
    });
    drop(JsFuture::from(promise).await);
}
