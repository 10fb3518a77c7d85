//! The tests, each a journey.

mod acting;
mod backwards;
mod builds;
mod callbacks;
mod chain;
mod convolution;
mod data;
mod device;
mod fit;
mod keyboard;
mod layout;
mod loader;
mod network;
mod pause;
mod pooling;
mod responsiveness;
mod runs;
mod same_bits;
mod student;
mod take_away;
mod update;
mod worker_death;
mod workers;
