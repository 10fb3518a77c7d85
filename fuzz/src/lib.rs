//! What every target does with the bytes it is given: read them, and watch the memory.

#[path = "../readers.rs"]
pub mod readers;

use std::sync::LazyLock;

use svertka::engine::spec::RunSpec;

static KNOWN: LazyLock<RunSpec> = LazyLock::new(readers::known);

/// Reads `bytes` with the reader called `name`.
///
/// # Panics
/// If the reader does, or if it takes more memory than it may: libFuzzer keeps the bytes then.
pub fn check(name: &str, bytes: &[u8]) {
    // Made before anything is measured.
    let known = &*KNOWN;
    readers::check(name, known, bytes);
}
