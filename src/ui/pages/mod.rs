//! The pages, one folder each; [`Route`](super::routes::Route) lists their addresses.

pub mod backwards;
pub mod callbacks;
pub mod chain;
pub mod convolution;
pub mod device;
pub mod evaluation;
pub mod files;
pub mod home;
pub mod inside;
pub mod losses;
pub mod network;
pub mod neuron;
pub mod optimizers;
pub mod pooling;
pub mod runs;
pub mod training;
