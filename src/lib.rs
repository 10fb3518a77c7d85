//! Svertka (свёртка = convolution): a teaching laboratory for neural networks in the browser.
//!
//! Data flows front to back, and a file imports only from what stands above it:
//!
//! ```text
//! shard → tensor → model spec → engine → events → worker → UI
//! ```
#![warn(missing_docs)]

// So that test support reads the same inside this crate and in `tests/`.
#[cfg(test)]
extern crate self as svertka;

#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod engine;
pub mod formats;
pub mod protocol;
pub mod tensor;
pub mod ui;
pub mod worker;
