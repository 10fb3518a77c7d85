//! How messages between the page and its workers are packed.

use gloo_worker::Codec;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// `bincode`, the same bytes as of [`gloo_worker::Bincode`]. That one goes through a message twice, first to count its
/// bytes, and the program then holds all that writes a message twice as well: a twentieth of the worker.
#[derive(Debug)]
pub struct Packed;

impl Codec for Packed {
    fn encode<I: Serialize>(input: I) -> JsValue {
        let mut bytes = Vec::new();
        bincode::serialize_into(&mut bytes, &input).expect("messages keep serde's default form");
        Uint8Array::from(bytes.as_slice()).into()
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        let bytes = Uint8Array::from(input).to_vec();
        bincode::deserialize(&bytes).expect("both sides are of one build")
    }
}
