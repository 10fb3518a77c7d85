//! The network and its training: specs in, events out.
//!
//! `layers, losses, optimizers, initializers, metrics → spec → model → event → callbacks → trainer → probe`:
//! each imports only from what stands before it. Nothing here reads a clock, a file, the network
//! or global random state; time and seed are arguments.

pub mod callbacks;
pub mod event;
pub mod initializers;
pub mod layers;
pub mod losses;
pub mod metrics;
pub mod model;
pub mod optimizers;
pub mod presets;
pub mod spec;
pub mod trainer;
