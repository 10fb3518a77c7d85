//! [`Measures`]: the loss and every metric since the start of an epoch, named as Keras names them.

use std::collections::BTreeMap;

use smallvec::{SmallVec, smallvec};
use smol_str::{SmolStr, format_smolstr};

use super::{Metric, MetricSpec, Seen, Values};

/// The loss and the metrics of an epoch in progress.
#[derive(Default)]
pub struct Measures {
    loss_sum: f64,
    samples: usize,
    metrics: Vec<Named>,
}

struct Named {
    name: SmolStr,
    spec: MetricSpec,
    is_weighted: bool,
    /// Built from the first samples, whose shapes decide what `accuracy` is.
    metric: Option<Box<dyn Metric>>,
}

impl Measures {
    /// The loss, `metrics`, and `weighted` ones, which count samples by their weights. Names that
    /// occur twice are numbered: `mse`, `mse_1`; a weighted one becomes `weighted_mse` first. AUC,
    /// precision and recall without a name of their own are numbered from the start, weighted or not.
    pub fn new(metrics: &[MetricSpec], weighted: &[MetricSpec]) -> Self {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let all = metrics.iter().map(|spec| (spec, false)).chain(weighted.iter().map(|spec| (spec, true)));
        let mut unnamed: BTreeMap<&str, usize> = BTreeMap::new();
        let mut named = Vec::new();
        for (spec, is_weighted) in all {
            let mut name = spec.name().to_owned();
            if spec.is_numbered() {
                let before = unnamed.entry(spec.class_name()).or_insert(0);
                if *before > 0 {
                    name = format!("{name}_{before}");
                }
                *before += 1;
            }
            if is_weighted && seen.contains_key(&name) {
                name = format!("weighted_{name}");
            }
            let before = seen.entry(name.clone()).or_insert(0);
            let unique = if *before == 0 { name } else { format!("{name}_{before}") };
            *before += 1;
            named.push(Named { name: unique.into(), spec: spec.clone(), is_weighted, metric: None });
        }
        Self { loss_sum: 0.0, samples: 0, metrics: named }
    }

    /// Each metric's name in the logs, and whether larger values are better.
    pub fn directions(&self) -> impl Iterator<Item = (&str, bool)> {
        self.metrics.iter().map(|named| (named.name.as_str(), named.spec.larger_is_better()))
    }

    /// Adds the loss of a batch of `samples`.
    pub fn add_loss(&mut self, loss: f64, samples: usize) {
        self.loss_sum += loss * samples as f64;
        self.samples += samples;
    }

    /// Adds the outputs of a batch or a part of one.
    pub fn add_outputs(&mut self, seen: Seen) {
        let unweighted = Seen { weights: None, ..seen };
        for named in &mut self.metrics {
            let seen = if named.is_weighted { &seen } else { &unweighted };
            named.metric.get_or_insert_with(|| named.spec.build(seen)).update(seen);
        }
    }

    /// Mean loss per sample; not a number before the first batch.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.samples as f64
    }

    /// Everything by name, sorted as Keras hands logs to callbacks. A metric of several values, one
    /// for each class or threshold, is there as `f1_score_0`, `f1_score_1`, …, or as `f1_score_0_0`,
    /// `f1_score_0_1`, … where another metric has one of those names.
    pub fn logs(&self) -> SmallVec<[(SmolStr, f64); 4]> {
        let mut logs: SmallVec<[(SmolStr, f64); 4]> = smallvec![(SmolStr::new_static("loss"), self.loss())];
        let mut vectors: SmallVec<[(&SmolStr, Values); 1]> = SmallVec::new();
        for Named { name, metric, .. } in &self.metrics {
            let values = metric.as_ref().map_or(Values::new(), |metric| metric.result());
            match values.as_slice() {
                [value] => logs.push((name.clone(), *value)),
                _ => vectors.push((name, values)),
            }
        }
        for (name, values) in vectors {
            let key = |name: &SmolStr, idx: usize| format_smolstr!("{name}_{idx}");
            let mut name = name.clone();
            while (0..values.len()).any(|idx| logs.iter().any(|(taken, _)| *taken == key(&name, idx))) {
                name = format_smolstr!("{name}_0");
            }
            logs.extend(values.iter().enumerate().map(|(idx, value)| (key(&name, idx), *value)));
        }
        logs.sort_by(|a, b| a.0.cmp(&b.0));
        logs
    }

    /// The value logged under `name`.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.logs().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Targets;
    use crate::engine::losses::Outputs;
    use crate::tensor::Tensor;

    fn measured(metrics: &[&str], weighted: &[&str]) -> Vec<(SmolStr, f64)> {
        let specs = |names: &[&str]| -> Vec<MetricSpec> {
            names.iter().map(|name| MetricSpec::named(name).unwrap()).collect()
        };
        let mut measures = Measures::new(&specs(metrics), &specs(weighted));
        measures.add_loss(2.0, 3);
        measures.add_loss(6.0, 1);
        let values = Tensor::new(&[2, 2], vec![0.75, 0.25, 0.75, 0.25]);
        let outputs = Outputs { values, logits: None };
        let targets = Targets::Classes(vec![0, 1].into());
        measures.add_outputs(Seen { outputs: &outputs, targets: &targets, weights: Some(&[3.0, 1.0]) });
        measures.logs().into_vec()
    }

    #[test]
    fn names_and_means_are_those_of_keras() {
        let logs = measured(&["accuracy", "acc", "accuracy"], &["accuracy", "Recall"]);
        let expected = [
            ("Recall", 0.75),
            ("acc", 0.5),
            ("accuracy", 0.5),
            ("accuracy_1", 0.5),
            ("loss", 3.0),
            ("weighted_accuracy", 0.75),
        ];
        assert_eq!(logs, expected.map(|(name, value)| (SmolStr::from(name), value)));
    }

    /// As Keras 3.15.1 logs them in a session of their own.
    #[test]
    fn nameless_objects_are_numbered_by_their_class() {
        let read = |json: &str| serde_json::from_str::<Vec<MetricSpec>>(json).unwrap();
        let metrics =
            read(r#"[{"AUC": {}}, "AUC", {"AUC": {"num_thresholds": 20}}, {"MeanAbsoluteError": {}}]"#);
        let weighted = read(r#"[{"AUC": {}}, {"MeanAbsoluteError": {}}]"#);
        let measures = Measures::new(&metrics, &weighted);
        let names: Vec<&str> = measures.directions().map(|(name, _)| name).collect();
        let expected =
            ["auc", "AUC", "auc_1", "mean_absolute_error", "auc_2", "weighted_mean_absolute_error"];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_value_per_class_is_logged_by_its_number() {
        let names: Vec<SmolStr> = measured(&["f1_score"], &[]).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["f1_score_0", "f1_score_1", "loss"]);
    }

    /// Keras logs the two as `f1_score`, an array, and `f1_score_1`, a number.
    #[test]
    fn a_value_per_class_gives_way_to_a_metric_that_keras_numbered() {
        let metrics: Vec<MetricSpec> =
            serde_json::from_str(r#"["f1_score", {"F1Score": {"average": "macro"}}]"#).unwrap();
        let mut measures = Measures::new(&metrics, &[]);
        let outputs = Outputs { values: Tensor::new(&[2, 2], vec![0.75, 0.25, 0.75, 0.25]), logits: None };
        let targets = Targets::Classes(vec![0, 1].into());
        measures.add_outputs(Seen { outputs: &outputs, targets: &targets, weights: None });
        let logs = measures.logs();
        let names: Vec<&str> = logs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["f1_score_0_0", "f1_score_0_1", "f1_score_1", "loss"]);
        let mean = f64::midpoint(logs[0].1, logs[1].1);
        assert!((logs[2].1 - mean).abs() < 1e-6, "{logs:?}");
    }

    #[test]
    fn json_and_keras_names_are_read() {
        for spec in MetricSpec::palette() {
            let json = serde_json::to_string(&spec).unwrap();
            assert_eq!(serde_json::from_str::<MetricSpec>(&json).unwrap(), spec);
            assert!(spec.validate().is_ok());
        }
        let read = |json: &str| serde_json::from_str::<MetricSpec>(json).unwrap();
        assert_eq!(read("\"acc\"").name(), "acc");
        assert_eq!(read(r#"{"Precision": {"thresholds": 0.3, "name": "p"}}"#).name(), "p");
        assert_eq!(read(r#"{"AUC": {"curve": "PR"}}"#).name(), "auc");
    }
}
