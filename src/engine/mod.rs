//! The network and its training: specs in, events out.
//!
//! Nothing here reads a clock, a file, the network or global random state; time and seed are
//! arguments.

pub mod initializers;
pub mod layers;
