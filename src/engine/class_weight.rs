//! Keras's `class_weight`: how much the samples of a class count, as a weight of each sample.
//!
//! Source: Keras 3.15 `trainers/data_adapters/data_adapter_utils.py`.

use crate::data::{Batch, Targets};
use crate::engine::fit_spec::FitSpec;

/// Gives each sample of `batch` the weight of its class; a class that is not named counts 1.
///
/// Targets of several values are taken for probabilities of classes, the first largest one being the
/// class; a single value is rounded to one.
pub fn weight_classes(batch: &mut Batch, fit: &FitSpec) {
    let weight = |class: i64| u32::try_from(class).map_or(1.0, |class| fit.weight_of(class));
    let weights = match &batch.targets {
        Targets::Classes(classes) => classes.iter().map(|class| fit.weight_of(*class)).collect(),
        Targets::Values(values) => {
            let size = values.values().len() / values.batch().max(1);
            values.values().chunks(size.max(1)).map(|row| weight(class_of(row))).collect()
        }
    };
    batch.weights = Some(weights);
}

fn class_of(target: &[f32]) -> i64 {
    match target {
        // Halves to the even neighbor, as NumPy does.
        [single] => single.round_ties_even() as i64,
        row => {
            let first_largest = |best: usize, idx: usize| if row[idx] > row[best] { idx } else { best };
            (0..row.len()).reduce(first_largest).unwrap_or(0) as i64
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tensor::Tensor;

    fn weights(targets: Targets) -> Vec<f32> {
        let input = Tensor::zeros(&[targets.len(), 1]);
        let mut batch = Batch::new(input, targets);
        let class_weight = Some(BTreeMap::from([(0, 0.5), (2, 3.0)]));
        weight_classes(&mut batch, &FitSpec { class_weight, ..FitSpec::default() });
        batch.weights.unwrap().into_vec()
    }

    #[test]
    fn a_sample_counts_as_its_class_does() {
        assert_eq!(weights(Targets::Classes(vec![2, 1, 0].into())), [3.0, 1.0, 0.5]);
    }

    #[test]
    fn the_largest_value_of_a_row_is_its_class() {
        let one_hot = Tensor::new(&[3, 3], vec![0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.4, 0.2, 0.4]);
        assert_eq!(weights(Targets::Values(one_hot)), [3.0, 1.0, 0.5]);
    }

    #[test]
    fn a_single_value_is_rounded_to_its_class() {
        let column = Tensor::new(&[4, 1], vec![2.0, 0.5, 1.5, -2.0]);
        assert_eq!(weights(Targets::Values(column)), [3.0, 0.5, 3.0, 1.0]);
        assert_eq!(weights(Targets::Values(Tensor::new(&[2], vec![1.0, 2.4]))), [1.0, 3.0]);
    }
}
