//! The tests, each a journey.

mod backwards;
mod builds;
mod chain;
mod convolution;
mod device;
mod keyboard;
mod layout;
mod loader;
mod pause;
mod pooling;
mod same_bits;
mod student;
mod take_away;
mod update;
mod worker_death;
mod workers;
