//! The training worker: owns the data, the model and the trainer, and slices its work.
//!
//! Work is done in slices of about 30 ms; between two slices the worker returns to its event loop
//! by a macrotask, so that a Stop that has come in meanwhile is heard.
//!
//! It may have helpers, workers of its own that compute chunks of its batches; see
//! `crew.rs` and `docs/workers.md`.

#[cfg(feature = "worker")]
mod block;
#[cfg(feature = "worker")]
mod clock;
mod coalesce;
#[cfg(feature = "worker")]
mod crew;
#[cfg(feature = "worker")]
mod crew_helper;
#[cfg(feature = "worker")]
mod crew_run;
mod crew_size;
mod crew_wire;
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
pub use crew_size::{crew_size, shares};
pub use crew_wire::{Sink, Source, count, put_result, put_run, put_task, take_result, take_run, take_task};
#[cfg(feature = "worker")]
pub use lab::{Lab, start};
