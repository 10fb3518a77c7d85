//! TensorBoard's event files, as Keras's callback lays them out.
//!
//! A file is a row of records: the length as 8 bytes, its checksum, an event, its checksum. The first event
//! says `brain.Event:2`, every other one is a value under a tag at a step. Below the callback's `log_dir`
//! there is one file in `train` and, where something is validated, one in `validation`; a run that goes on
//! writes new ones beside them, and TensorBoard shows them as one.
//!
//! What is written is what `tf.summary` writes: values are tensors that name the plugin which shows them,
//! `scalars`, `histograms`, `images`, or `graph_keras_model` for the layers as Keras's JSON. The graph of
//! TensorFlow's operations and the profile of a batch are left out: there are none here.
//!
//! Events are Protocol Buffers, their sums CRC-32C and their pictures PNG; crates that do nothing else write
//! all three. Source: `tensorflow/core/lib/io/record_writer.cc` and TensorFlow's and TensorBoard's `.proto`
//! files; Keras 3.15 `callbacks/tensorboard.py`, run with TensorFlow 2.21.

mod event_files;
mod message;
mod picture;
#[cfg(test)]
mod read;
mod record;
mod value;

#[cfg(test)]
mod golden_tests;

pub use event_files::{Appended, EventFiles, graph};
