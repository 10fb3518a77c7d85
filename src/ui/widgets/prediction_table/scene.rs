//! The table's rows as data.

use super::state::Predictions;

/// One image and its probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictionRow {
    /// Position in the test file, from 0.
    pub index: u32,
    /// The image's bytes.
    pub pixels: Vec<u8>,
    /// True class.
    pub label: u8,
    /// The class with the largest probability; the first one on ties.
    pub predicted: u8,
    /// 0..1, class after class.
    pub probabilities: Vec<f32>,
}

/// The rows in file order.
pub fn prediction_scene(predictions: &Predictions) -> Vec<PredictionRow> {
    let images = &predictions.images;
    let size = images.shape.iter().product::<usize>().max(1);
    let probabilities = predictions.probabilities.chunks_exact(predictions.num_classes.max(1));
    let mut rows = Vec::new();
    for (idx, (pixels, probabilities)) in images.pixels.chunks_exact(size).zip(probabilities).enumerate() {
        let (Some(index), Some(label)) = (images.indices.get(idx), images.labels.get(idx)) else { break };
        rows.push(PredictionRow {
            index: *index,
            pixels: pixels.to_vec(),
            label: *label,
            predicted: largest(probabilities) as u8,
            probabilities: probabilities.to_vec(),
        });
    }
    rows
}

fn largest(row: &[f32]) -> usize {
    let mut best = 0;
    for (class, probability) in row.iter().enumerate() {
        if *probability > row[best] {
            best = class;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DatasetId, Split};
    use crate::protocol::ImageSet;
    use crate::ui::worker_model::{ModelStamp, Origin};

    #[test]
    fn every_row_has_its_image_and_its_largest_class() {
        let stamp =
            ModelStamp { name: "mlp".into(), origin: Origin::Files, epochs: None, model: 1, revision: 0 };
        let images = ImageSet {
            dataset: DatasetId::Mnist,
            split: Split::Test,
            shape: [1, 1, 1],
            indices: vec![0, 1],
            pixels: vec![10, 20],
            labels: vec![2, 0],
        };
        let probabilities = vec![0.1, 0.2, 0.7, 0.4, 0.4, 0.2];
        let rows = prediction_scene(&Predictions { stamp, images, num_classes: 3, probabilities });
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].predicted, rows[1].predicted), (2, 0));
        assert_eq!((&rows[1].pixels[..], rows[1].label), (&[20][..], 0));
    }
}
