//! The worker's clock and its way back to the event loop.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort, WorkerGlobalScope};

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

/// Seconds since 1970; whoever sets the clock sets it back, too.
pub fn wall_seconds() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// What the browser says of the cores; 1 if it says nothing.
pub fn cores() -> usize {
    (scope().navigator().hardware_concurrency() as usize).max(1)
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
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        WAITING.with_borrow_mut(|waiting| waiting.push_back(resolve));
        PORT.with(|port| match port {
            // Without a message nobody would ever wake up, so a failure must not pass in silence.
            Ok(port) => port.post_message(&JsValue::NULL).expect("null can be posted to an open port"),
            Err(error) => panic!("no message channel: {error:?}"),
        });
    });
    drop(JsFuture::from(promise).await);
}

thread_local! {
    /// Who waits for the event loop, longest first; each message wakes one.
    static WAITING: RefCell<VecDeque<Function>> = const { RefCell::new(VecDeque::new()) };

    /// Where messages to oneself are put in.
    static PORT: Result<MessagePort, JsValue> = open_channel();
}

fn open_channel() -> Result<MessagePort, JsValue> {
    let channel = MessageChannel::new()?;
    let wake_one = Closure::<dyn Fn()>::new(|| {
        let next = WAITING.with_borrow_mut(VecDeque::pop_front);
        if let Some(resolve) = next {
            // Resolving a promise cannot fail.
            drop(resolve.call0(&JsValue::NULL));
        }
    });
    channel.port1().set_onmessage(Some(wake_one.into_js_value().unchecked_ref()));
    Ok(channel.port2())
}

/// Waits `ms` milliseconds.
pub async fn sleep(ms: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        drop(scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32));
    });
    drop(JsFuture::from(promise).await);
}
