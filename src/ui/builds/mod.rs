//! The two programs that a worker can be: which of them this page has, which of them the reader
//! wants, and where it lies.

mod choice;

pub use choice::BuildChoice;

use js_sys::{Uint8Array, WebAssembly};
use leptos::prelude::document;

use super::browser;
use crate::protocol::Build;

/// The smallest module with a fused multiply-add: (func (result v128), thrice i32.const 0 and
/// i8x16.splat, f32x4.relaxed_madd).
const FUSED_MODULE: [u8; 40] = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
    253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
];

const NAME: &str = "build";

/// The reader's choice, kept on this device; one that this browser cannot run counts for nothing.
pub fn wanted() -> Build {
    let is_fast = browser::remembered(NAME).as_deref() == Some(name(Build::Fast)) && has_fast();
    if is_fast { Build::Fast } else { Build::Reproducible }
}

/// Keeps the reader's choice.
pub fn remember(build: Build) {
    browser::remember(NAME, name(build));
}

/// Whether this page came with the fast program, and this browser can run it.
pub fn has_fast() -> bool {
    let module = Uint8Array::from(FUSED_MODULE.as_slice());
    path(Build::Fast).is_some() && WebAssembly::validate(&module) == Ok(true)
}

/// Where the program's loader is: the build writes it into the page, since its name holds a hash.
pub fn path(build: Build) -> Option<String> {
    let meta = document().query_selector("meta[name=svertka-worker]").ok().flatten()?;
    meta.get_attribute(match build {
        Build::Reproducible => "content",
        Build::Fast => "data-fast",
    })
}

/// The name in storage, and in the page's choice.
pub fn name(build: Build) -> &'static str {
    match build {
        Build::Reproducible => "reproducible",
        Build::Fast => "fast",
    }
}
