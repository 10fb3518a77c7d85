//! Questions about what a model saw, and what was found.

use serde::{Deserialize, Serialize};

use crate::data::DatasetId;

/// One question about the current model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The image it is about: bytes 0..255, shaped as the model's input, channels last. Empty where the question is
    /// about a sample of images.
    pub image: Vec<u8>,
    /// What is asked.
    pub question: Question,
}

/// What can be asked. Of each kind the worker works on the latest question alone; those before it end unanswered.
/// A class that is not named, or that the model does not have, is the one that the model takes the image for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The scores: one [`Finding::Verdict`].
    Verdict,
    /// Every layer's output: one [`Finding::Layer`] for each, in order.
    Layers,
    /// The gradient of a class's score with respect to the image: one [`Finding::Saliency`].
    Saliency {
        /// Which class.
        class: Option<u32>,
        /// Of the model's output, not of what softmax is given.
        of_probability: bool,
    },
    /// Grad-CAM: one [`Finding::Map`], or [`Finding::NoMap`].
    GradCam {
        /// Which class.
        class: Option<u32>,
        /// On the output of which layer; the last that convolves if it is not named.
        layer: Option<u32>,
    },
    /// The probability with a window laid over the image: a [`Finding::Covered`] now and then, the last is whole;
    /// [`Finding::NoMap`] if the input has no rows and columns.
    Occlusion {
        /// Which class.
        class: Option<u32>,
        /// Side of the window in pixels.
        window: u32,
        /// From one window to the next, in pixels.
        stride: u32,
        /// What the window shows, 0..255.
        fill: u8,
    },
    /// Training and inference on the same image: one [`Finding::Modes`] for each layer.
    Modes {
        /// Of the random numbers: another step drops other units.
        step: u32,
    },
    /// How often units of ReLU layers are zero over the first test images: a [`Finding::Units`] now and then.
    Units {
        /// Whose images.
        dataset: DatasetId,
        /// How many.
        samples: u32,
    },
    /// The penultimate layer's outputs for the first test images as points in the plane: a [`Finding::Points`] now
    /// and then, the last is the result.
    Points {
        /// Whose images.
        dataset: DatasetId,
        /// How many; 2..=1000.
        samples: u32,
        /// How they are laid out.
        method: Embedding,
        /// Points of an earlier state, x and y in turn: the new ones are turned or begin like them. Empty for none.
        from: Vec<f32>,
    },
}

/// How rows of many numbers become points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Embedding {
    /// The two leading principal components.
    Pca,
    /// t-SNE.
    Tsne {
        /// About how many neighbors count.
        perplexity: f32,
        /// At most.
        iterations: u32,
    },
}

impl Question {
    /// Which kind: of each there is one at a time.
    pub fn kind(&self) -> u8 {
        match self {
            Self::Verdict => 0,
            Self::Layers => 1,
            Self::Saliency { .. } => 2,
            Self::GradCam { .. } => 3,
            Self::Occlusion { .. } => 4,
            Self::Modes { .. } => 5,
            Self::Units { .. } => 6,
            Self::Points { .. } => 7,
        }
    }

    /// The sample of images it is about, and how many of them.
    pub fn sample(&self) -> Option<(DatasetId, u32)> {
        match self {
            Self::Units { dataset, samples } | Self::Points { dataset, samples, .. } => {
                Some((*dataset, *samples))
            }
            _ => None,
        }
    }
}

/// The output of one layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerOutput {
    /// The layer's position in the model.
    pub layer: u32,
    /// Rows, columns, channels; an output without rows and columns is one row of numbers, and one channel.
    pub shape: [usize; 3],
    /// Channels last.
    pub values: Vec<f32>,
    /// A convolution's kernel, `[kh, kw, in, out]`; empty for other layers.
    pub kernel: Vec<f32>,
    /// Its extents, zeros for other layers.
    pub kernel_shape: [usize; 4],
}

/// The units of one ReLU layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerUnits {
    /// The layer's position in the model.
    pub layer: u32,
    /// Share of zeros of each unit over all images, and over all places of a channel, 0..1.
    pub zeros: Vec<f32>,
    /// The units that were zero for every image.
    pub dead: Vec<u32>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Finding {
    /// The scores of the classes.
    Verdict {
        /// What the softmax or sigmoid at the end was given; empty if there is none.
        logits: Vec<f32>,
        /// The model's output.
        outputs: Vec<f32>,
    },
    /// One layer.
    Layer(LayerOutput),
    /// A gradient.
    Saliency {
        /// Of which class.
        class: u32,
        /// Rows, columns, channels.
        shape: [usize; 3],
        /// In the image's order; per unit of a value that goes from 0 to 1.
        signed: Vec<f32>,
    },
    /// A map of a layer's rows and columns.
    Map {
        /// Of which class.
        class: u32,
        /// On which layer.
        layer: u32,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
        /// At least 0.
        values: Vec<f32>,
        /// Of each channel.
        weights: Vec<f32>,
    },
    /// Nothing there has rows and columns.
    NoMap,
    /// Probabilities with a covered part.
    Covered {
        /// Of which class.
        class: u32,
        /// With nothing covered, 0..1.
        base: f32,
        /// First rows of the windows.
        rows: Vec<u32>,
        /// First columns of the windows.
        columns: Vec<u32>,
        /// Of the windows so far, row by row of windows, 0..1.
        values: Vec<f32>,
        /// For each pixel by how much it fell, −1..1.
        drops: Vec<f32>,
    },
    /// One layer in both modes.
    Modes {
        /// The layer's position in the model.
        layer: u32,
        /// As [`LayerOutput::shape`].
        shape: [usize; 3],
        /// Dropout hands on, batch normalization uses moving statistics.
        inference: Vec<f32>,
        /// Dropout drops, batch normalization uses those of the batch.
        training: Vec<f32>,
        /// Images in that batch, this one the first.
        batch: u32,
    },
    /// Zeros of ReLU layers.
    Units {
        /// Images so far.
        images: u32,
        /// The layers.
        layers: Vec<LayerUnits>,
    },
    /// Points in the plane.
    Points {
        /// Completed epochs of the model, where they are known.
        epochs: Option<usize>,
        /// The layer whose outputs they are; the image itself if there is none.
        layer: Option<u32>,
        /// Numbers of each output.
        dims: u32,
        /// Iterations of t-SNE so far; 0 for principal components.
        iteration: u32,
        /// The loss of t-SNE, where it is known.
        loss: Option<f64>,
        /// Shares of the variance along the principal components, 0..1.
        ratios: [f64; 2],
        /// x and y in turn, in file order.
        points: Vec<f32>,
        /// True classes.
        labels: Vec<u8>,
    },
}
