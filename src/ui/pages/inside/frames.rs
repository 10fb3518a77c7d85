//! Points of several epochs, and the arithmetic of softmax: plain numbers that the page shows.

use std::fmt::Write as _;

use crate::protocol::Finding;
use crate::tensor::math;

/// Points after some epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Completed epochs, where they are known.
    pub epochs: Option<usize>,
    /// The layer whose outputs they are; the image itself if there is none.
    pub layer: Option<u32>,
    /// Numbers of each output.
    pub dims: u32,
    /// Iterations of t-SNE; 0 for principal components.
    pub iteration: u32,
    /// The loss of t-SNE.
    pub loss: Option<f64>,
    /// Shares of the variance, 0..1.
    pub ratios: [f64; 2],
    /// Each image's place.
    pub points: Vec<[f32; 2]>,
    /// True classes.
    pub labels: Vec<u8>,
}

impl Frame {
    /// Of a finding about points.
    pub fn of(finding: &Finding) -> Option<Frame> {
        let Finding::Points { epochs, layer, dims, iteration, loss, ratios, points, labels } = finding else {
            return None;
        };
        let points = points.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
        let (labels, ratios) = (labels.clone(), *ratios);
        Some(Frame {
            epochs: *epochs,
            layer: *layer,
            dims: *dims,
            iteration: *iteration,
            loss: *loss,
            ratios,
            points,
            labels,
        })
    }
}

/// The frames of one model and one method, one for each epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frames {
    /// The earliest first.
    pub all: Vec<Frame>,
}

impl Frames {
    /// More are not kept: the oldest go.
    pub const MOST: usize = 200;

    /// Keeps a frame; one of the same epoch takes the other's place. Another sample, layer or method begins anew, and so
    /// does an earlier epoch: the training was begun anew.
    pub fn keep(&mut self, frame: Frame) {
        let is_same = |last: &Frame| {
            last.labels == frame.labels
                && (last.layer, last.dims) == (frame.layer, frame.dims)
                && (last.iteration == 0) == (frame.iteration == 0)
        };
        if self.all.last().is_some_and(|last| !is_same(last) || last.epochs > frame.epochs) {
            self.all.clear();
        }
        self.all.pop_if(|last| last.epochs == frame.epochs);
        self.all.push(frame);
        if self.all.len() > Self::MOST {
            self.all.remove(0);
        }
    }

    /// The last points, x and y in turn, for the next frame to begin at.
    pub fn last_points(&self) -> Vec<f32> {
        self.all.last().map_or_else(Vec::new, |frame| frame.points.concat())
    }

    /// Least and greatest x, then y, over all frames, so that nothing but the points moves.
    pub fn bounds(&self) -> [[f32; 2]; 2] {
        let mut bounds = [[f32::INFINITY, f32::NEG_INFINITY]; 2];
        for point in self.all.iter().flat_map(|frame| &frame.points) {
            for (bounds, x) in bounds.iter_mut().zip(point) {
                *bounds = [bounds[0].min(*x), bounds[1].max(*x)];
            }
        }
        bounds
    }

    /// Every frame as CSV.
    pub fn to_csv(&self) -> String {
        let mut out = String::from("epochs,image,class,x,y\n");
        for frame in &self.all {
            let epochs = frame.epochs.map_or_else(String::new, |epochs| epochs.to_string());
            for (idx, (point, label)) in frame.points.iter().zip(&frame.labels).enumerate() {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{epochs},{idx},{label},{},{}", point[0], point[1]);
            }
        }
        out
    }
}

/// One class of a softmax.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoftmaxRow {
    /// What softmax is given.
    pub logit: f32,
    /// Less the largest of them.
    pub shifted: f32,
    /// e to that power.
    pub power: f32,
    /// Over the sum of all powers.
    pub probability: f32,
}

/// The arithmetic, and the sum of the powers; as the engine does it.
pub fn softmax_rows(logits: &[f32]) -> (Vec<SoftmaxRow>, f32) {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|logit| math::exp(logit - max)).collect();
    let sum: f32 = powers.iter().sum();
    let row = |(logit, power): (&f32, &f32)| SoftmaxRow {
        logit: *logit,
        shifted: logit - max,
        power: *power,
        probability: power / sum,
    };
    (logits.iter().zip(&powers).map(row).collect(), sum)
}

/// The position of the largest number; the first on ties.
pub fn largest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |best, idx| if values[idx] > values[best] { idx } else { best })
}
