//! [`MetricSpec`]: what `compile(metrics=…)` takes.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::auc::{Auc, Curve, SummationMethod};
use super::counts::{Counts, Of};
use super::f_score::{Average, FScore};
use super::means::{Finish, Judge, LossMean, Mean};
use super::thresholds::Thresholds;
use super::{Metric, Seen};
use crate::data::Targets;
use crate::engine::argument::{ArgumentError, check};
use crate::engine::losses::{
    BinaryCrossentropySpec, CategoricalCrossentropySpec, CosineSimilaritySpec, LossSpec,
    SparseCategoricalCrossentropySpec, TargetError,
};
use crate::tensor::Shape;

/// Makes the argument structs: every one has Keras's `name`, under which the metric is logged.
macro_rules! arguments {
    ($($(#[$doc:meta])* $spec:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty = $default:expr,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $spec {
            /// The name in the logs; Keras's own when there is none.
            pub name: Option<String>,
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        impl Default for $spec {
            fn default() -> Self {
                Self { name: None, $($field: $default,)* }
            }
        }
    )*};
}

arguments! {
    /// A metric without arguments.
    PlainMetricSpec {}
    /// `BinaryAccuracy`.
    BinaryAccuracySpec {
        /// Larger outputs count as 1.
        threshold: f32 = 0.5,
    }
    /// `TopKCategoricalAccuracy`.
    TopKSpec {
        /// How many of the largest outputs may hold the right class.
        k: usize = 5,
    }
    /// `SparseTopKCategoricalAccuracy`.
    SparseTopKSpec {
        /// How many of the largest outputs may hold the right class.
        k: usize = 5,
        /// Whether the outputs are classes, the likeliest first, instead of a number for each class.
        from_sorted_ids: bool = false,
    }
    /// `CosineSimilarity`.
    CosineSimilarityMetricSpec {
        /// The axis a vector lies along.
        axis: i32 = -1,
    }
    /// `Precision` and `Recall`.
    CountsSpec {
        /// Larger outputs count as predicted; empty stands for 0.5.
        thresholds: Thresholds = Thresholds::default(),
        /// Only so many of the largest outputs of a row can be predicted.
        top_k: Option<usize> = None,
        /// Only this class counts.
        class_id: Option<usize> = None,
    }
    /// `F1Score`.
    F1ScoreSpec {
        /// Without one, each class has its score.
        average: Option<Average> = None,
        /// Larger outputs count as predicted; without one, the largest of each row.
        threshold: Option<f32> = None,
    }
    /// `FBetaScore`.
    FBetaScoreSpec {
        /// As in `F1Score`.
        average: Option<Average> = None,
        /// How much more recall weighs than precision.
        beta: f32 = 1.0,
        /// As in `F1Score`.
        threshold: Option<f32> = None,
    }
    /// `AUC`.
    AucSpec {
        /// Points of the curve.
        num_thresholds: usize = 200,
        /// Which curve.
        curve: Curve = Curve::Roc,
        /// Its height between two points.
        summation_method: SummationMethod = SummationMethod::Interpolation,
        /// Where the curve has points besides 0 and 1, instead of `num_thresholds` even ones.
        thresholds: Thresholds = Thresholds::default(),
        /// The mean over a curve for each output instead of one for all.
        multi_label: bool = false,
        /// With `multi_label`, how many outputs there are; it changes nothing.
        num_labels: Option<usize> = None,
        /// How much each output counts; empty is all alike.
        label_weights: Thresholds = Thresholds::default(),
        /// Whether the outputs are logits.
        from_logits: bool = false,
    }
    /// `BinaryCrossentropy`, as in losses.
    BinaryCrossentropyMetricSpec {
        /// Whether the outputs are logits.
        from_logits: bool = false,
        /// 0..1
        label_smoothing: f32 = 0.0,
    }
    /// `CategoricalCrossentropy`, as in losses.
    CrossentropyMetricSpec {
        /// Whether the outputs are logits.
        from_logits: bool = false,
        /// 0..1
        label_smoothing: f32 = 0.0,
        /// Where the classes lie.
        axis: i32 = -1,
    }
    /// `SparseCategoricalCrossentropy`, as in losses.
    SparseCrossentropyMetricSpec {
        /// Whether the outputs are logits.
        from_logits: bool = false,
        /// Rows of this class give 0, and as a weighted metric do not count.
        ignore_class: Option<i32> = None,
        /// Where the classes lie: the last axis.
        axis: i32 = -1,
    }
}

/// Makes the enum of the family and its names from one list.
macro_rules! metric_kinds {
    ($($kind:ident($spec:ty) = $name:literal, $snake:literal $(| $other:literal)*;)*) => {
        /// The description of a metric, with Keras's arguments and defaults.
        ///
        /// In JSON `{"Precision": {"class_id": 1}}`; Keras's short forms `"accuracy"`, `"mse"` are read
        /// too and name the metric.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(remote = "Self")]
        pub enum MetricSpec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl MetricSpec {
            /// One of each kind, with Keras's default arguments.
            pub fn palette() -> Vec<MetricSpec> {
                vec![$(MetricSpec::$kind(<$spec>::default())),*]
            }

            /// The classes' names.
            const NAMES: &[&str] = &[$($name),*];

            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(MetricSpec::$kind(_) => $name),* }
            }

            /// The name it is logged under, before several of one name are told apart.
            pub fn name(&self) -> &str {
                match self { $(MetricSpec::$kind(spec) => spec.name.as_deref().unwrap_or($snake)),* }
            }

            /// The metric Keras's `compile` takes `name` for, logged under that name.
            pub fn named(name: &str) -> Option<MetricSpec> {
                let given = || Some(name.to_owned());
                match name {
                    $($name | $snake $(| $other)* => {
                        Some(MetricSpec::$kind(<$spec>::default_named(given())))
                    })*
                    _ => None,
                }
            }
        }
    };
}

macro_rules! default_named {
    ($($spec:ty),*) => {$(
        impl $spec {
            fn default_named(name: Option<String>) -> Self {
                let mut spec = Self::default();
                spec.name = name;
                spec
            }
        }
    )*};
}

default_named!(
    PlainMetricSpec,
    BinaryAccuracySpec,
    TopKSpec,
    SparseTopKSpec,
    CosineSimilarityMetricSpec,
    CountsSpec,
    F1ScoreSpec,
    FBetaScoreSpec,
    AucSpec,
    BinaryCrossentropyMetricSpec,
    CrossentropyMetricSpec,
    SparseCrossentropyMetricSpec
);

metric_kinds! {
    Accuracy(PlainMetricSpec) = "Accuracy", "accuracy" | "acc";
    BinaryAccuracy(BinaryAccuracySpec) = "BinaryAccuracy", "binary_accuracy";
    CategoricalAccuracy(PlainMetricSpec) = "CategoricalAccuracy", "categorical_accuracy";
    SparseCategoricalAccuracy(PlainMetricSpec) = "SparseCategoricalAccuracy", "sparse_categorical_accuracy";
    TopKCategoricalAccuracy(TopKSpec) = "TopKCategoricalAccuracy", "top_k_categorical_accuracy";
    SparseTopKCategoricalAccuracy(SparseTopKSpec) =
        "SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy";
    Precision(CountsSpec) = "Precision", "precision";
    Recall(CountsSpec) = "Recall", "recall";
    F1Score(F1ScoreSpec) = "F1Score", "f1_score";
    FBetaScore(FBetaScoreSpec) = "FBetaScore", "fbeta_score" | "f_beta_score";
    Auc(AucSpec) = "AUC", "auc";
    MeanSquaredError(PlainMetricSpec) = "MeanSquaredError", "mean_squared_error" | "mse" | "MSE";
    RootMeanSquaredError(PlainMetricSpec) = "RootMeanSquaredError", "root_mean_squared_error";
    MeanAbsoluteError(PlainMetricSpec) = "MeanAbsoluteError", "mean_absolute_error" | "mae" | "MAE";
    MeanAbsolutePercentageError(PlainMetricSpec) =
        "MeanAbsolutePercentageError", "mean_absolute_percentage_error" | "mape" | "MAPE";
    MeanSquaredLogarithmicError(PlainMetricSpec) =
        "MeanSquaredLogarithmicError", "mean_squared_logarithmic_error" | "msle" | "MSLE";
    CosineSimilarity(CosineSimilarityMetricSpec) = "CosineSimilarity", "cosine_similarity";
    LogCoshError(PlainMetricSpec) = "LogCoshError", "logcosh" | "log_cosh_error";
    Hinge(PlainMetricSpec) = "Hinge", "hinge";
    SquaredHinge(PlainMetricSpec) = "SquaredHinge", "squared_hinge";
    CategoricalHinge(PlainMetricSpec) = "CategoricalHinge", "categorical_hinge";
    KlDivergence(PlainMetricSpec) = "KLDivergence", "kl_divergence";
    Poisson(PlainMetricSpec) = "Poisson", "poisson";
    CategoricalCrossentropy(CrossentropyMetricSpec) = "CategoricalCrossentropy", "categorical_crossentropy";
    BinaryCrossentropy(BinaryCrossentropyMetricSpec) =
        "BinaryCrossentropy", "binary_crossentropy" | "bce" | "BCE";
    SparseCategoricalCrossentropy(SparseCrossentropyMetricSpec) =
        "SparseCategoricalCrossentropy", "sparse_categorical_crossentropy";
}

impl MetricSpec {
    /// `accuracy`, as Keras resolves it.
    pub fn accuracy() -> Self {
        Self::Accuracy(PlainMetricSpec::default())
    }

    /// Checks ranges.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self) -> Result<(), ArgumentError> {
        match self {
            Self::TopKCategoricalAccuracy(spec) => check("k", spec.k as f32, 1.0, f32::MAX),
            Self::SparseTopKCategoricalAccuracy(spec) => check("k", spec.k as f32, 1.0, f32::MAX),
            Self::Precision(spec) | Self::Recall(spec) => {
                spec.thresholds.0.iter().try_for_each(|one| check("thresholds", *one, 0.0, 1.0))?;
                spec.top_k.map_or(Ok(()), |k| check("top_k", k as f32, 1.0, f32::MAX))
            }
            Self::FBetaScore(spec) => check("beta", spec.beta, f32::MIN_POSITIVE, f32::MAX),
            Self::Auc(spec) => {
                spec.thresholds.0.iter().try_for_each(|one| check("thresholds", *one, 0.0, 1.0))?;
                let mut weights = spec.label_weights.0.iter();
                weights.try_for_each(|one| check("label_weights", *one, 0.0, f32::MAX))?;
                if !spec.multi_label {
                    // Keras refuses it where it means nothing.
                    check("num_labels", spec.num_labels.unwrap_or(0) as f32, 0.0, 0.0)?;
                }
                check("num_thresholds", spec.num_thresholds as f32, 2.0, 1e6)
            }
            Self::CategoricalCrossentropy(spec) => check("label_smoothing", spec.label_smoothing, 0.0, 1.0),
            Self::BinaryCrossentropy(spec) => check("label_smoothing", spec.label_smoothing, 0.0, 1.0),
            _ => Ok(()),
        }
    }

    /// Whether Keras names it by its class and a number: it is of one that knows no name until then.
    pub(super) fn is_numbered(&self) -> bool {
        match self {
            Self::Precision(spec) | Self::Recall(spec) => spec.name.is_none(),
            Self::Auc(spec) => spec.name.is_none(),
            _ => false,
        }
    }

    /// Whether larger values are better: what `mode='auto'` of callbacks goes by.
    pub fn larger_is_better(&self) -> bool {
        matches!(
            self,
            Self::Accuracy(_)
                | Self::BinaryAccuracy(_)
                | Self::CategoricalAccuracy(_)
                | Self::SparseCategoricalAccuracy(_)
                | Self::TopKCategoricalAccuracy(_)
                | Self::SparseTopKCategoricalAccuracy(_)
                | Self::Precision(_)
                | Self::Recall(_)
                | Self::F1Score(_)
                | Self::FBetaScore(_)
                | Self::Auc(_)
                | Self::CosineSimilarity(_)
        )
    }

    /// Checks that the metric can compare `targets` with outputs of shape `output`.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check_targets(
        &self,
        output: &Shape,
        targets: &Targets,
        batch_size: usize,
    ) -> Result<(), TargetError> {
        // Measured unasked, so it must not be what stops a run: it gives 0 where nothing fits.
        if matches!(self, Self::Accuracy(_)) {
            return Ok(());
        }
        if let Self::Auc(spec) = self {
            let weights = Some(spec.label_weights.0.len()).filter(|count| *count > 0);
            let labels = output.0.last().copied();
            if let Some(wanted) = spec.num_labels.or(weights).filter(|count| Some(*count) != labels) {
                let (loss, expected) = (self.class_name().to_owned(), Shape::from([wanted]));
                return Err(TargetError::WrongShape { loss, expected, got: output.clone() });
            }
        }
        let takes_like = match self.loss() {
            Some((loss, _)) => loss,
            None if self.resolved(output, targets).is_sparse() => {
                SparseCategoricalCrossentropySpec::default().into()
            }
            None => CategoricalCrossentropySpec::default().into(),
        };
        match takes_like.check_targets(output, targets, batch_size) {
            // A class that is not there is predicted wrong.
            Err(TargetError::ClassOutOfRange { .. }) if self.is_sparse() => Ok(()),
            checked => checked.map_err(|error| error.of(self.class_name())),
        }
    }

    fn is_sparse(&self) -> bool {
        matches!(self, Self::SparseCategoricalAccuracy(_) | Self::SparseTopKCategoricalAccuracy(_))
    }

    /// What `accuracy` stands for: binary where there is one output, sparse where targets are classes.
    fn resolved(&self, output: &Shape, targets: &Targets) -> Self {
        let Self::Accuracy(spec) = self else { return self.clone() };
        let last = |shape: &Shape| shape.0.last().copied();
        let target = targets.sample_shape();
        if last(output) == Some(1) {
            let name = spec.name.clone();
            Self::BinaryAccuracy(BinaryAccuracySpec { name, ..BinaryAccuracySpec::default() })
        } else if target.rank() < output.rank() || last(&target) == Some(1) {
            Self::SparseCategoricalAccuracy(spec.clone())
        } else {
            Self::CategoricalAccuracy(spec.clone())
        }
    }

    /// The loss it is the mean of, if it is that of one.
    fn loss(&self) -> Option<(LossSpec, Finish)> {
        let like = |name: &str| LossSpec::named(name).map(|loss| (loss, Finish::Same));
        match self {
            Self::RootMeanSquaredError(_) => LossSpec::named("mse").map(|loss| (loss, Finish::SquareRoot)),
            Self::CosineSimilarity(spec) => {
                let loss = CosineSimilaritySpec { axis: spec.axis, ..Default::default() };
                Some((loss.into(), Finish::Negated))
            }
            Self::LogCoshError(_) => like("log_cosh"),
            Self::CategoricalCrossentropy(spec) => {
                let CrossentropyMetricSpec { from_logits, label_smoothing, axis, .. } = *spec;
                let loss =
                    CategoricalCrossentropySpec { from_logits, label_smoothing, axis, ..Default::default() };
                Some((loss.into(), Finish::Same))
            }
            Self::BinaryCrossentropy(spec) => {
                let BinaryCrossentropyMetricSpec { from_logits, label_smoothing, .. } = *spec;
                let loss = BinaryCrossentropySpec { from_logits, label_smoothing, ..Default::default() };
                Some((loss.into(), Finish::Same))
            }
            Self::SparseCategoricalCrossentropy(spec) => {
                let SparseCrossentropyMetricSpec { from_logits, ignore_class, axis, .. } = *spec;
                let loss = SparseCategoricalCrossentropySpec {
                    from_logits,
                    ignore_class,
                    axis,
                    ..Default::default()
                };
                Some((loss.into(), Finish::Same))
            }
            other => like(other.class_name()),
        }
    }

    /// Builds it for what it is shown first.
    pub(super) fn build(&self, first: &Seen) -> Box<dyn Metric> {
        let judge = |judge| -> Box<dyn Metric> { Box::new(Mean::of(judge)) };
        let counts = |of, spec: &CountsSpec| -> Box<dyn Metric> {
            Box::new(Counts::new(of, &spec.thresholds.0, spec.top_k, spec.class_id))
        };
        let score = |beta, average, threshold| -> Box<dyn Metric> {
            Box::new(FScore { beta, average, threshold, counts: Vec::new() })
        };
        match self.resolved(&first.outputs.values.sample_shape(), first.targets) {
            Self::BinaryAccuracy(spec) => judge(Judge::Binary(spec.threshold)),
            Self::CategoricalAccuracy(_) | Self::Accuracy(_) => judge(Judge::Categorical),
            Self::SparseCategoricalAccuracy(_) => judge(Judge::Sparse),
            Self::TopKCategoricalAccuracy(spec) => judge(Judge::TopK(spec.k)),
            Self::SparseTopKCategoricalAccuracy(spec) if spec.from_sorted_ids => {
                judge(Judge::AmongFirst(spec.k))
            }
            Self::SparseTopKCategoricalAccuracy(spec) => judge(Judge::SparseTopK(spec.k)),
            Self::Precision(spec) => counts(Of::Predicted, &spec),
            Self::Recall(spec) => counts(Of::True, &spec),
            Self::F1Score(spec) => score(1.0, spec.average, spec.threshold),
            Self::FBetaScore(spec) => score(spec.beta, spec.average, spec.threshold),
            Self::Auc(spec) => Box::new(Auc::new(spec)),
            other => {
                let (loss, finish) = other.loss().expect("every other metric is the mean of a loss");
                Box::new(Mean::of(LossMean { loss, finish }))
            }
        }
    }
}

impl Serialize for MetricSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MetricSpec::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for MetricSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(NameOrSpec)
        } else {
            MetricSpec::deserialize(deserializer)
        }
    }
}

/// Reads `"mse"` as well as `{"MeanSquaredError": {}}`.
struct NameOrSpec;

impl<'de> de::Visitor<'de> for NameOrSpec {
    type Value = MetricSpec;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a metric, or a metric with its arguments")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<MetricSpec, E> {
        MetricSpec::named(name).ok_or_else(|| E::unknown_variant(name, MetricSpec::NAMES))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<MetricSpec, A::Error> {
        MetricSpec::deserialize(de::value::MapAccessDeserializer::new(map))
    }
}
