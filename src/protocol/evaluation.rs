//! What a model made of the test images, and a second model to compare it with.

use serde::{Deserialize, Serialize};

use crate::data::DatasetId;
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;

/// What the current model, and perhaps a second one, made of the test images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluationReport {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Locale keys of the classes.
    pub classes: Vec<String>,
    /// Positions of the images in the test file, rising.
    pub indices: Vec<u32>,
    /// True class of each image.
    pub labels: Vec<u8>,
    /// The current model's.
    pub answers: Answers,
    /// The second model's, if one was asked for.
    pub other: Option<Answers>,
}

/// One model's answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// Mean loss.
    pub loss: f64,
    /// Predicted class of each image.
    pub predicted: Vec<u8>,
    /// Probability of every class, image after image, 0..1.
    pub probabilities: Vec<f32>,
}

/// A model that is only compared with the current one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OtherModel {
    /// What the page calls it.
    pub name: String,
    /// What it is.
    pub model: ModelSpec,
    /// All parameters in model order.
    pub params: Vec<f32>,
    /// What it was trained on, if that is known.
    pub dataset: Option<DatasetId>,
}

/// One of two models that cannot be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contender {
    /// Its name.
    pub name: String,
    /// Shape of its images.
    pub input: Shape,
    /// Shape of its output.
    pub output: Shape,
    /// What it was trained on, if that is known.
    pub dataset: Option<DatasetId>,
}

impl Contender {
    /// Whether both take the same images and, as far as is known, tell the same classes.
    pub fn matches(&self, other: &Contender) -> bool {
        let is_same_data = match (self.dataset, other.dataset) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        self.input == other.input && self.output == other.output && is_same_data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_match_by_input_output_and_known_classes() {
        let digits = Contender {
            name: "a".into(),
            input: Shape::from([28, 28, 1]),
            output: Shape::from([10]),
            dataset: Some(DatasetId::Mnist),
        };
        let unknown = Contender { dataset: None, ..digits.clone() };
        let clothes = Contender { dataset: Some(DatasetId::FashionMnist), ..digits.clone() };
        assert!(digits.matches(&digits) && digits.matches(&unknown) && unknown.matches(&clothes));
        assert!(!digits.matches(&clothes));
        assert!(!digits.matches(&Contender { input: Shape::from([28, 28, 3]), ..digits.clone() }));
        assert!(!digits.matches(&Contender { output: Shape::from([2]), ..digits.clone() }));
    }
}
