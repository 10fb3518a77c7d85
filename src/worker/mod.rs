//! The training worker: owns the data, the model and the trainer, and slices its work.
//!
//! Work is done in slices of about 30 ms; between two slices the worker returns to its event loop
//! by a macrotask, so that a Stop that has come in meanwhile is heard.

#[cfg(feature = "worker")]
mod clock;
mod coalesce;
#[cfg(feature = "worker")]
mod device;
#[cfg(feature = "worker")]
mod evaluation;
#[cfg(feature = "worker")]
mod fetch;
#[cfg(feature = "worker")]
mod lab;
#[cfg(feature = "worker")]
mod loader;
#[cfg(feature = "worker")]
mod session;
#[cfg(feature = "worker")]
mod training;

pub use coalesce::{Coalescer, Delivery};
#[cfg(feature = "worker")]
pub use lab::{Lab, start};
