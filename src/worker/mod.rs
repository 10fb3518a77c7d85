//! The training worker: owns the data, the model and the trainer, and slices its work.
//!
//! Work is done in slices of about 30 ms; between two slices the worker returns to its event loop
//! by a macrotask, so that a Stop that has come in meanwhile is heard.
//!
//! It may have helpers, workers of its own that compute parts of its batches and of its inference; see
//! `crew.rs` and `docs/workers.md`. Files of models are read and written by another program, [`files`].

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
mod crew_link;
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
pub mod files;
#[cfg(feature = "worker")]
mod inference;
#[cfg(feature = "worker")]
mod inspect;
mod inspector;
#[cfg(feature = "worker")]
mod lab;
#[cfg(feature = "worker")]
mod loader;
#[cfg(feature = "worker")]
mod manifest;
#[cfg(feature = "worker")]
mod packed;
#[cfg(feature = "worker")]
mod patience;
mod points;
mod probe_budget;
#[cfg(any(test, feature = "worker"))]
mod room;
#[cfg(feature = "worker")]
mod session;
#[cfg(feature = "worker")]
mod training;
mod words;

pub use coalesce::{Coalescer, Delivery};
pub use crew_size::{crew_size, most_batches, num_batches, shares};
pub use crew_wire::{
    Kind, put_batch_result, put_batch_task, put_chunk_result, put_chunk_task, put_head, take_batch_result,
    take_batch_task, take_chunk_result, take_chunk_task, take_head,
};
pub use inspector::{Images, Inspector, Piece};
#[cfg(feature = "worker")]
pub use lab::{Lab, start};
#[cfg(feature = "worker")]
pub use packed::Packed;
pub use probe_budget::{ALONE_MS, BESIDE_MS, ProbeBudget, SHARE};
pub use words::{Sink, Source, count};
