//! Networks that may take weights which come without a description.

use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, RunSpec};

/// Kept runs that are tried, at most: each is tried with the whole file.
const MOST_RUNS: usize = 20;

/// Where a network is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FitOrigin {
    /// The settings that the reader looked at last.
    Form,
    /// A ready-made one.
    Preset(Preset),
    /// A kept run, by its id.
    Run(String),
}

/// A network, and how it was or would be trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Where it is from.
    pub origin: FitOrigin,
    /// The run.
    pub run: RunSpec,
}

/// Every other network than `current` that may take weights, each once: that of the form, those of kept runs,
/// which come as id and settings, and the ready-made ones.
pub fn candidates<'a>(
    current: Option<&ModelSpec>,
    form: Option<&RunSpec>,
    runs: impl IntoIterator<Item = (&'a str, &'a RunSpec)>,
) -> Vec<Fit> {
    let form = form.map(|run| Fit { origin: FitOrigin::Form, run: run.clone() });
    let runs =
        runs.into_iter().map(|(id, run)| Fit { origin: FitOrigin::Run(id.to_owned()), run: run.clone() });
    let presets = Preset::ALL
        .into_iter()
        .map(|preset| Fit { origin: FitOrigin::Preset(preset), run: RunSpec::new(preset.spec()) });
    let mut found: Vec<Fit> = Vec::new();
    let mut num_runs = 0;
    for fit in form.into_iter().chain(runs).chain(presets) {
        let is_known = current.into_iter().chain(found.iter().map(|fit| &fit.run.model)).any(|known| {
            known.input_shape == fit.run.model.input_shape && known.layers == fit.run.model.layers
        });
        let is_run = matches!(fit.origin, FitOrigin::Run(_));
        if is_known || is_run && num_runs == MOST_RUNS {
            continue;
        }
        num_runs += usize::from(is_run);
        found.push(fit);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_tried_once_and_the_current_one_not_again() {
        let run = |preset: Preset| RunSpec::new(preset.spec());
        let (form, kept) = (run(Preset::Mlp), run(Preset::Softmax));
        let own = Preset::Lenet5.spec();
        let found = candidates(Some(&own), Some(&form), [("a", &kept), ("b", &kept), ("c", &form)]);
        let origins: Vec<_> = found.iter().map(|fit| fit.origin.clone()).collect();
        assert_eq!(origins[..2], [FitOrigin::Form, FitOrigin::Run("a".to_owned())]);
        assert_eq!(origins.len(), Preset::ALL.len() - 1);
        assert!(!origins.contains(&FitOrigin::Preset(Preset::Lenet5)));
        assert_eq!(candidates(None, None, []).len(), Preset::ALL.len());
    }

    #[test]
    fn many_runs_are_not_all_tried() {
        let mut runs = Vec::new();
        for size in 1..50 {
            let mut run = RunSpec::new(Preset::Mlp.spec());
            run.model.layers.truncate(size.min(2));
            run.model.input_shape = crate::tensor::Shape::from([size, 1, 1]);
            runs.push(run);
        }
        let found = candidates(None, None, runs.iter().map(|run| ("a", run)));
        assert_eq!(found.len(), MOST_RUNS + Preset::ALL.len());
    }
}
