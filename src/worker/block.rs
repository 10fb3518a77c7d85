//! [`Block`]: a JavaScript buffer that is filled or read word by word, and given away whole.

use js_sys::{Array, ArrayBuffer, Float32Array, Uint32Array};
use wasm_bindgen::JsValue;

use super::words::{Sink, Source};

/// A place in a buffer.
pub struct Block {
    words: Uint32Array,
    floats: Float32Array,
    at: u32,
}

impl Block {
    /// The beginning of a buffer.
    pub fn of(buffer: &ArrayBuffer) -> Self {
        Self { words: Uint32Array::new(buffer), floats: Float32Array::new(buffer), at: 0 }
    }

    fn advance(&mut self, len: usize) -> (u32, u32) {
        let begin = self.at;
        self.at += len as u32;
        (begin, self.at)
    }
}

impl Sink for Block {
    fn words(&mut self, words: &[u32]) {
        let (begin, end) = self.advance(words.len());
        self.words.subarray(begin, end).copy_from(words);
    }

    fn floats(&mut self, values: &[f32]) {
        let (begin, end) = self.advance(values.len());
        self.floats.subarray(begin, end).copy_from(values);
    }
}

impl Source for Block {
    fn words(&mut self, words: &mut [u32]) {
        let (begin, end) = self.advance(words.len());
        self.words.subarray(begin, end).copy_to(words);
    }

    fn floats(&mut self, values: &mut [f32]) {
        let (begin, end) = self.advance(values.len());
        self.floats.subarray(begin, end).copy_to(values);
    }
}

/// A buffer with room for `words`: the old one, if it is large enough.
pub fn with_room(buffer: Option<ArrayBuffer>, words: usize) -> ArrayBuffer {
    let bytes = words as u32 * 4;
    buffer.filter(|buffer| buffer.byte_length() >= bytes).unwrap_or_else(|| ArrayBuffer::new(bytes))
}

/// The list of what is given away with a message: this buffer.
pub fn transfer(buffer: &ArrayBuffer) -> JsValue {
    Array::of1(buffer).into()
}
