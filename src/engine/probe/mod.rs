//! What a built model saw: questions about one image, and about a sample of images.
//!
//! [`Probe`] holds the layers of a model one by one, so that each layer's output can be asked for, and takes
//! gradients of a class's score in inference: dropout and augmentation hand on what they are given, batch
//! normalization uses its moving statistics. That is what `model(x, training=False)` under TensorFlow's
//! `GradientTape` gives. Nothing here changes a parameter.
//!
//! What takes long is a struct with a `step`, so that the caller can do other work in between, or stop:
//! [`Occlusion`], [`UnitCounts`], [`Pca`], [`Tsne`].

mod maps;
mod network;
mod occlusion;
mod pca;
mod tsne;
mod units;

pub use maps::{ClassMap, Saliency, convolutions, grad_cam, saliency};
pub use network::{Probe, Score, Seen, channels_last};
pub use occlusion::Occlusion;
pub use pca::{Pca, PcaResult};
pub use tsne::{Tsne, TsneArguments, joint_probabilities, kl_divergence};
pub use units::{UnitCounts, UnitZeros};

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
