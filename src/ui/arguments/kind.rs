//! [`Kind`]: what an argument takes, from one table by its name.

use super::bounds::FieldBounds;
use super::family::Family;

/// How the numbers of one argument stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One number.
    One,
    /// Rows and columns.
    RowsColumns,
    /// The least and the greatest.
    LeastGreatest,
    /// Above, below, left, right.
    Border,
}

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// One number or a few.
    Numbers(Layout, FieldBounds),
    /// Any number of numbers; with `gaps`, places among them may be empty.
    List {
        /// What each of them may be.
        bounds: FieldBounds,
        /// Whether `None` may stand among them.
        gaps: bool,
    },
    /// One of these names.
    Choice(&'static [&'static str]),
    /// Any name.
    Text,
    /// A spec of a family.
    Member(Family),
    /// A number or a schedule.
    Rate(FieldBounds),
}

/// The most that a size may be; whether a layer fits is checked by the layer.
const MOST: f64 = 65_536.0;
/// Steps of training, at most.
const STEPS: f64 = 1e8;
/// Enough digits for an epsilon.
const DIGITS: usize = 10;

fn whole(min: f64, max: f64) -> Kind {
    Kind::Numbers(Layout::One, FieldBounds { min, max, step: 1.0, decimals: 0 })
}

fn sizes(layout: Layout, min: f64) -> Kind {
    Kind::Numbers(layout, FieldBounds { min, max: 64.0, step: 1.0, decimals: 0 })
}

fn steps(min: f64) -> Kind {
    Kind::Numbers(Layout::One, FieldBounds { min, max: STEPS, step: 0.0, decimals: 0 })
}

fn decimal(min: f64, max: f64, step: f64) -> FieldBounds {
    FieldBounds { min, max, step, decimals: DIGITS }
}

fn number(min: f64, max: f64, step: f64) -> Kind {
    Kind::Numbers(Layout::One, decimal(min, max, step))
}

fn range(min: f64, max: f64) -> Kind {
    Kind::Numbers(Layout::LeastGreatest, decimal(min, max, 0.05))
}

fn list(bounds: FieldBounds) -> Kind {
    Kind::List { bounds, gaps: false }
}

fn axes() -> FieldBounds {
    FieldBounds { min: -8.0, max: 8.0, step: 1.0, decimals: 0 }
}

/// What the argument `name` of the class `owner` takes.
pub fn kind(owner: &str, name: &str) -> Option<Kind> {
    Some(match name {
        "use_bias"
        | "trainable"
        | "keepdims"
        | "center"
        | "rms_scaling"
        | "staircase"
        | "cycle"
        | "nesterov"
        | "centered"
        | "amsgrad"
        | "use_ema"
        | "gradient_centralization"
        | "from_logits"
        | "multi_label"
        | "from_sorted_ids" => Kind::Flag,
        "scale" if owner != "VarianceScaling" => Kind::Flag,

        "units" | "filters" => whole(1.0, MOST),
        "groups" | "depth_multiplier" | "k" | "top_k" | "num_labels" => whole(1.0, 1_024.0),
        "kernel_size" | "pool_size" | "strides" | "dilation_rate" => sizes(Layout::RowsColumns, 1.0),
        "padding" if owner == "ZeroPadding2D" => sizes(Layout::Border, 0.0),
        "target_shape" => list(FieldBounds { min: -1.0, max: MOST, step: 1.0, decimals: 0 }),
        "noise_shape" => {
            Kind::List { bounds: FieldBounds { min: 1.0, max: MOST, step: 1.0, decimals: 0 }, gaps: true }
        }
        "shared_axes" => list(axes()),
        "axis" => match owner {
            "Softmax" | "LayerNormalization" | "MaxNorm" | "MinMaxNorm" | "UnitNorm" => list(axes()),
            _ => Kind::Numbers(Layout::One, axes()),
        },
        "seed" => whole(0.0, f64::from(u32::MAX)),
        "class_id" => whole(0.0, 1_023.0),
        "ignore_class" => whole(-1.0, 1_023.0),
        "num_thresholds" => whole(2.0, 10_000.0),
        "gradient_accumulation_steps" => whole(2.0, 1_024.0),
        "ema_overwrite_frequency" | "decay_steps" | "first_decay_steps" => steps(1.0),
        "warmup_steps" => steps(0.0),
        "boundaries" => list(FieldBounds { min: 0.0, max: STEPS, step: 0.0, decimals: 0 }),

        "stddev" if owner == "GaussianNoise" => number(0.0, 1.0, 0.05),
        "rate" | "threshold" | "label_smoothing" if owner != "ReLU" => number(0.0, 1.0, 0.05),
        "momentum" | "rho" | "ema_momentum" => number(0.0, 1.0, 0.01),
        "beta_1" | "beta_2" => number(0.0, 1.0, 0.001),
        "epsilon" => number(0.0, 1.0, 0.0),
        "thresholds" => list(decimal(0.0, 1.0, 0.05)),
        "label_weights" => list(decimal(0.0, 1_000.0, 0.1)),
        "alpha" if owner.starts_with("CosineDecay") => number(0.0, 1.0, 0.05),
        "alpha" | "negative_slope" => number(0.0, 10.0, 0.05),
        "threshold" | "max_value" | "min_value" | "stddev" | "gain" | "scale" => number(0.0, 1_000.0, 0.1),
        "value" | "mean" | "minval" | "maxval" | "fill_value" => number(-1_000.0, 1_000.0, 0.1),
        "beta" if owner == "FBetaScore" => number(1e-6, 100.0, 0.1),
        "l1" | "l2" | "l" | "beta" => number(0.0, 1_000.0, 0.0),
        "factor" if owner == "OrthogonalRegularizer" => number(0.0, 1_000.0, 0.0),
        "factor" | "height_factor" | "width_factor" => range(-1.0, 1.0),
        "delta" => number(1e-9, 1_000.0, 0.0),
        "initial_learning_rate" | "end_learning_rate" | "warmup_target" | "weight_decay" => {
            number(0.0, 10.0, 0.0)
        }
        "learning_rate" => Kind::Rate(decimal(1e-6, 10.0, 0.0)),
        "values" => list(decimal(0.0, 10.0, 0.0)),
        "decay_rate" | "power" | "t_mul" | "m_mul" => number(0.0, 100.0, 0.01),
        "clipnorm" | "clipvalue" | "global_clipnorm" | "loss_scale_factor" => number(1e-6, 1e6, 0.0),
        "initial_accumulator_value" => number(0.0, 1_000.0, 0.05),

        "padding" => Kind::Choice(&["valid", "same"]),
        "data_format" => Kind::Choice(&["channels_last", "channels_first"]),
        "fill_mode" => Kind::Choice(&["reflect", "wrap", "constant", "nearest"]),
        "interpolation" => Kind::Choice(&["bilinear", "nearest"]),
        "mode" => Kind::Choice(match owner {
            "RandomFlip" => &["horizontal", "vertical", "horizontal_and_vertical"],
            "OrthogonalRegularizer" => &["rows", "columns"],
            _ => &["fan_in", "fan_out", "fan_avg"],
        }),
        "distribution" => Kind::Choice(&["truncated_normal", "untruncated_normal", "uniform"]),
        "reduction" => {
            Kind::Choice(&["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"])
        }
        "average" => Kind::Choice(&["micro", "macro", "weighted"]),
        "curve" => Kind::Choice(&["ROC", "PR"]),
        "summation_method" => Kind::Choice(&["interpolation", "majoring", "minoring"]),
        "name" => Kind::Text,

        "activation" => Kind::Member(Family::Activation),
        _ if name.ends_with("_initializer") => Kind::Member(Family::Initializer),
        _ if name.ends_with("_regularizer") => Kind::Member(Family::Regularizer),
        _ if name.ends_with("_constraint") => Kind::Member(Family::Constraint),
        _ => return None,
    })
}
