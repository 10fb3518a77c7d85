//! A run's histograms, array by array over its epochs.

use crate::engine::watch::{HistogramsEvent, NamedHistogramEvent};
use crate::ui::widgets::histogram_ridges::{Ridge, RidgesState};

/// Of what the histograms are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum HistogramsOf {
    /// Kernels, biases and the like.
    #[default]
    Weights,
    /// What layers give.
    Activations,
}

/// The ridges of every array, by name, in model order; `planned` of each at the end of the run.
pub fn ridges(
    histograms: &[HistogramsEvent],
    of: HistogramsOf,
    planned: usize,
) -> Vec<(String, RidgesState)> {
    let all = |event: &HistogramsEvent| -> Vec<NamedHistogramEvent> {
        match of {
            HistogramsOf::Weights => event.weights.clone(),
            HistogramsOf::Activations => event.activations.clone(),
        }
    };
    let mut out: Vec<(String, RidgesState)> = Vec::new();
    for event in histograms {
        for NamedHistogramEvent { name, histogram } in all(event) {
            let ridge = Ridge {
                epochs: event.epochs,
                min: histogram.min,
                max: histogram.max,
                mean: histogram.mean,
                std: histogram.std,
                counts: histogram.counts,
            };
            match out.iter_mut().find(|(known, _)| *known == name) {
                Some((_, state)) => state.ridges.push(ridge),
                None => out.push((name, RidgesState { ridges: vec![ridge], planned })),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::watch::HistogramEvent;

    #[test]
    fn each_array_has_its_ridges_in_the_order_of_epochs() {
        let named = |name: &str, value: f32| NamedHistogramEvent {
            name: name.into(),
            histogram: HistogramEvent::of(&[0.0, value]),
        };
        let event = |epochs: usize| HistogramsEvent {
            epochs,
            weights: vec![named("dense/kernel", 1.0 + epochs as f32), named("dense/bias", 1.0)],
            activations: vec![named("dense", 5.0)],
        };
        let got = ridges(&[event(0), event(1)], HistogramsOf::Weights, 3);
        assert_eq!(got.iter().map(|(name, _)| &name[..]).collect::<Vec<_>>(), ["dense/kernel", "dense/bias"]);
        let ends: Vec<_> = got[0].1.ridges.iter().map(|ridge| (ridge.epochs, ridge.max)).collect();
        assert_eq!(ends, [(0, 1.0), (1, 2.0)]);
        assert!(got.iter().all(|(_, state)| state.planned == 3));
        assert_eq!(ridges(&[event(0)], HistogramsOf::Activations, 0).len(), 1);
    }
}
