//! The front end.
//!
//! State and scenes (`state.rs`, `scene.rs`, and the plain files here) know no browser and are tested
//! natively; only what stands behind the feature `ui` sees Leptos.
#![allow(missing_docs, reason = "a component's name and one line suffice here")]

pub mod arguments;
pub mod callbacks;
pub mod convolution;
pub mod curves;
pub mod data_panel;
pub mod digits;
pub mod embed;
pub mod guess;
pub mod history;
pub mod ink;
pub mod inputs;
pub mod locale;
pub mod mathml;
pub mod offline;
pub mod one_layer;
pub mod pages;
pub mod playback;
pub mod plot;
pub mod python;
pub mod queue;
pub mod routes;
pub mod runs;
pub mod scene;
pub mod sheet;
pub mod svg;
pub mod theme;
pub mod walk;
pub mod watchdog;
pub mod widgets;
pub mod worker_model;

// Plain as well, but its crates come with the page alone.
#[cfg(any(test, feature = "ui"))]
pub mod animation;
#[cfg(feature = "ui")]
pub mod app;
#[cfg(feature = "ui")]
pub mod backwards;
#[cfg(feature = "ui")]
pub mod bench;
#[cfg(feature = "ui")]
pub mod bridge;
#[cfg(feature = "ui")]
pub mod browser;
#[cfg(feature = "ui")]
mod builds;
#[cfg(feature = "ui")]
pub mod canvas;
#[cfg(feature = "ui")]
pub mod chain;
#[cfg(feature = "ui")]
pub mod components;
#[cfg(feature = "ui")]
pub mod context;
#[cfg(feature = "ui")]
pub mod convolving;
#[cfg(feature = "ui")]
pub mod errors;
#[cfg(feature = "ui")]
pub mod evaluation;
#[cfg(feature = "ui")]
pub mod files;
#[cfg(feature = "ui")]
mod folder;
#[cfg(feature = "ui")]
mod format_errors;
#[cfg(feature = "ui")]
pub mod framed;
#[cfg(feature = "ui")]
mod hdf5_errors;
#[cfg(feature = "ui")]
pub mod inside;
#[cfg(feature = "ui")]
pub mod laboratory;
#[cfg(feature = "ui")]
pub mod losses;
#[cfg(feature = "ui")]
pub mod names;
#[cfg(feature = "ui")]
pub mod network;
#[cfg(feature = "ui")]
pub mod neuron;
#[cfg(feature = "ui")]
pub mod optimizers;
#[cfg(feature = "ui")]
mod parts;
#[cfg(feature = "ui")]
pub mod pooling;
#[cfg(feature = "ui")]
pub mod sources;
#[cfg(feature = "ui")]
pub mod training;
#[cfg(feature = "ui")]
mod translations;
#[cfg(feature = "ui")]
mod updates;

#[cfg(feature = "ui")]
pub use translations::i18n;
