//! [`SummaryEvent`]: what TensorBoard shows, before it becomes a file.

use serde::{Deserialize, Serialize};

/// The folder below `log_dir`, which TensorBoard shows as a curve of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryRun {
    /// `train`
    Train,
    /// `validation`
    Validation,
}

/// A value under a name at a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummaryEvent {
    /// Into which folder.
    pub run: SummaryRun,
    /// `epoch_loss`, `batch_loss`, `evaluation_loss_vs_iterations`, `sequential/dense/kernel/histogram`.
    pub tag: String,
    /// An epoch from 0, a batch from 1 or the optimizer's steps.
    pub step: u64,
    /// What.
    pub value: SummaryValue,
}

/// What a [`SummaryEvent`] holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SummaryValue {
    /// One number.
    Scalar(f64),
    /// Steps done; whoever has a clock divides them by the seconds they took.
    StepsPerSecond {
        /// Since the batch or the epoch began.
        steps: u64,
    },
    /// The model as JSON, for the plugin `graph_keras_model`.
    Model,
    /// Buckets of (left, right, count).
    Histogram(Vec<[f64; 3]>),
    /// Pictures in rows, 0 to 255; of many only the first three are kept.
    Images {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
        /// Values of a pixel: grey, colors, or colors with opacity.
        channels: usize,
        /// Picture after picture.
        pixels: Vec<Vec<u8>>,
    },
    /// The batches that were profiled end here. There is no profile of this engine.
    Trace,
}

const BUCKETS: usize = 30;
/// As TensorFlow's `max_outputs`.
const MAX_IMAGES: usize = 3;

pub(super) fn histogram(values: &[f32]) -> SummaryValue {
    SummaryValue::Histogram(buckets(values))
}

/// TensorBoard's histogram of values as (left, right, count): thirty buckets of equal width from the
/// smallest to the largest value, the last one closed. When all values are equal, they lie in the last of
/// thirty empty ranges. None when there is no value, or one that is not finite.
pub fn buckets(values: &[f32]) -> Vec<[f64; 3]> {
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        min = min.min((*value).into());
        max = max.max((*value).into());
    }
    let range = max - min;
    // Comparing passes over values that are no numbers, so they are looked for.
    if values.is_empty() || !range.is_finite() || values.iter().any(|value| value.is_nan()) {
        return Vec::new();
    }
    let mut counts = [0.0; BUCKETS];
    if range == 0.0 {
        counts[BUCKETS - 1] = values.len() as f64;
        return counts.iter().map(|count| [min, max, *count]).collect();
    }
    let width = range / BUCKETS as f64;
    for value in values {
        let bucket = ((f64::from(*value) - min) / width).floor() as usize;
        counts[bucket.min(BUCKETS - 1)] += 1.0;
    }
    let edge = |bucket: usize| if bucket == BUCKETS { max } else { min + bucket as f64 * width };
    let buckets = counts.iter().enumerate().map(|(idx, count)| [edge(idx), edge(idx + 1), *count]);
    buckets.collect()
}

/// A weight as Keras draws it: axes of length 1 go, a vector is a column, a matrix lies on its longer side,
/// and of three axes the last counts pictures. Four axes are taken for pictures, rows, columns and colors,
/// if the last one has three or four; Keras does not mean to draw such kernels, but does. Of others, and of
/// a single value, there is no picture.
pub(super) fn images(values: &[f32], extents: &[usize]) -> Option<SummaryValue> {
    let axes: Vec<usize> = extents.iter().copied().filter(|extent| *extent != 1).collect();
    let grey = |value: f32| (value * 255.5).clamp(0.0, 255.0) as u8;
    let mut channels = 1;
    let (height, width, pixels) = match axes[..] {
        [height] => (height, 1, vec![values.iter().map(|value| grey(*value)).collect()]),
        [rows, columns] if rows > columns => {
            let at = |idx: usize| grey(values[(idx % rows) * columns + idx / rows]);
            (columns, rows, vec![(0..values.len()).map(at).collect()])
        }
        [rows, columns] => (rows, columns, vec![values.iter().map(|value| grey(*value)).collect()]),
        [height, width, count] => {
            let picture = |n: usize| (0..height * width).map(|idx| grey(values[idx * count + n])).collect();
            (height, width, (0..count.min(MAX_IMAGES)).map(picture).collect())
        }
        [count, height, width, colors @ (3 | 4)] => {
            channels = colors;
            let size = height * width * channels;
            let picture = |n: usize| values[n * size..][..size].iter().map(|value| grey(*value)).collect();
            (height, width, (0..count.min(MAX_IMAGES)).map(picture).collect())
        }
        _ => return None,
    };
    Some(SummaryValue::Images { height, width, channels, pixels })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_one_bucket() {
        let values: Vec<f32> = (0..=60).map(|n| n as f32 / 60.0).collect();
        let SummaryValue::Histogram(buckets) = histogram(&values) else { panic!("a histogram") };
        assert_eq!(buckets.len(), 30);
        assert_eq!(buckets.iter().map(|bucket| bucket[2]).sum::<f64>(), 61.0);
        assert_eq!((buckets[0][0], buckets[29][1]), (0.0, 1.0));
        let SummaryValue::Histogram(equal) = histogram(&[2.0; 5]) else { panic!("a histogram") };
        assert_eq!((equal[0], equal[29]), ([2.0, 2.0, 0.0], [2.0, 2.0, 5.0]));
    }

    #[test]
    fn a_tall_matrix_is_laid_on_its_side() {
        let SummaryValue::Images { height, width, pixels, .. } =
            images(&[0.0, 1.0, 0.0, 1.0, 0.5, -1.0], &[3, 2]).unwrap()
        else {
            panic!("images")
        };
        assert_eq!((height, width), (2, 3));
        assert_eq!(pixels, [[0, 0, 127, 255, 255, 0]]);
        assert_eq!(images(&[0.0; 16], &[2, 2, 2, 2]), None);
        assert_eq!(images(&[0.5], &[1]), None);
    }

    #[test]
    fn four_axes_are_pictures_in_color() {
        let values: Vec<f32> = (0..36).map(|value| value as f32 / 255.0).collect();
        let expected = SummaryValue::Images {
            height: 3,
            width: 2,
            channels: 3,
            pixels: vec![(0..18).collect(), (18..36).collect()],
        };
        assert_eq!(images(&values, &[2, 3, 2, 3]), Some(expected));
    }
}
