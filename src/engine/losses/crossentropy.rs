//! What Keras's `compile(loss="crossentropy")` stands for: one of three, by the shapes of outputs and
//! targets. Source: Keras 3 `trainers/compile_utils.py`.

use serde::{Deserialize, Serialize};

use super::{
    BinaryCrossentropySpec, CategoricalCrossentropySpec, LossDef, LossSpec, Reduction,
    SparseCategoricalCrossentropySpec,
};

/// Binary where there is one output, sparse categorical where targets are classes, categorical else;
/// each with its default arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CrossentropySpec {}

impl CrossentropySpec {
    /// The loss for `outputs` and `targets`, both with the axis of samples in front.
    pub(super) fn resolved(outputs: &[usize], targets: &[usize]) -> LossSpec {
        let last = |extents: &[usize]| extents.last().copied();
        if last(outputs) == Some(1) {
            BinaryCrossentropySpec::default().into()
        } else if targets.len() < outputs.len() || last(targets) == Some(1) {
            SparseCategoricalCrossentropySpec::default().into()
        } else {
            CategoricalCrossentropySpec::default().into()
        }
    }
}

impl LossDef for CrossentropySpec {
    /// All three have it by default.
    fn reduction(&self) -> Reduction {
        Reduction::default()
    }

    fn row(&self, _row: &mut [f32], _target: &[f32], _are_logits: bool, _scale: f32) -> f32 {
        unreachable!("it is resolved before rows are looked at")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_choose_the_loss() {
        let chosen =
            |outputs: &[usize], targets: &[usize]| CrossentropySpec::resolved(outputs, targets).class_name();
        assert_eq!(chosen(&[8, 1], &[8, 1]), "BinaryCrossentropy");
        assert_eq!(chosen(&[8, 1], &[8]), "BinaryCrossentropy");
        assert_eq!(chosen(&[8, 3], &[8]), "SparseCategoricalCrossentropy");
        assert_eq!(chosen(&[8, 3], &[8, 1]), "SparseCategoricalCrossentropy");
        assert_eq!(chosen(&[8, 3], &[8, 3]), "CategoricalCrossentropy");
    }
}
