//! The network and its training: specs in, events out.
//!
//! Nothing here reads a clock, a file, the network or global random state; time and seed are
//! arguments.

pub mod argument;
pub mod best_epoch;
pub mod callbacks;
pub mod chunk;
mod class_weight;
pub mod constraints;
pub mod data_spec;
pub mod evaluator;
pub mod event;
mod family;
pub mod fit_spec;
pub mod initializers;
pub mod layers;
mod logits;
pub mod loose;
pub mod losses;
pub mod metrics;
pub mod model;
pub mod optimizers;
mod penalties;
pub mod presets;
pub mod probe;
pub mod regularizers;
pub mod schedules;
pub mod scores;
pub mod shared_batch;
pub mod shared_inference;
mod shares;
pub mod spec;
pub mod spec_error;
pub mod trainer;
pub mod watch;
pub mod work;
