//! The invariants of the architecture page (`src/lib.rs`), read from the sources.
//!
//! Rules are data at the head of each module; a failure names file, line and rule. The rules are
//! tested themselves: snippets that break one must be caught.
#![cfg(not(target_arch = "wasm32"))]

mod folders;
mod imports;
mod locales;
mod manifest;
mod serde_use;
mod source;
mod words;

use source::{Source, Violation};

/// Fails with one line per violation.
fn report(violations: &[Violation]) {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "{} found:\n{}", violations.len(), lines.join("\n"));
}

/// Asserts that `rule` catches a snippet at a path.
fn assert_caught(rule: fn(&Source) -> Vec<Violation>, path: &str, snippet: &str) {
    assert!(!rule(&Source::parse(path, snippet)).is_empty(), "not caught in {path}: {snippet}");
}

/// Asserts that `rule` lets a snippet at a path pass.
fn assert_passes(rule: fn(&Source) -> Vec<Violation>, path: &str, snippet: &str) {
    report(&rule(&Source::parse(path, snippet)));
}
