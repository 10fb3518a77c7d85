//! What arguments are for: the keys of their words in the locales' `network.argument`.

/// Hands every key to a macro: to one that lists them, and, in the page, to one that finds their words.
macro_rules! for_each_meaning {
    ($then:ident) => {
        $then! {
            activation, activity_regularizer, alpha_decay, alpha_elu, amsgrad, average, axis, axis_constraint,
            axis_normalized, axis_softmax, beta_1, beta_2, beta_elastic, beta_f, boundaries, center, centered,
            class_id, clipnorm, clipvalue, constraint, curve, cycle, data_format, decay_rate, decay_steps,
            delta, depth_multiplier, dilation_rate, distribution, ema_momentum, ema_overwrite_frequency,
            end_learning_rate, epsilon, factor_penalty, factor_rotation, fill_mode, fill_value, filters,
            first_decay_steps, from_logits, from_sorted_ids, gain, global_clipnorm,
            gradient_accumulation_steps, gradient_centralization, groups, height_factor, height_zoom,
            ignore_class, initial_accumulator_value, initial_learning_rate, initializer, interpolation, k,
            keepdims, kernel_size, l, l1, l2, label_smoothing, label_weights, learning_rate,
            loss_scale_factor, m_mul, max_norm, max_value, maxval, mean, min_norm, minval, mode_fan,
            mode_flip, mode_orthogonal, momentum, momentum_moving, multi_label, name, negative_slope,
            nesterov, noise_shape, num_labels, num_thresholds, padding, padding_zeros, pool_size, power, rate,
            rate_norm, reduction, regularizer, rho, rms_scaling, scale, scale_variance, seed, shared_axes,
            staircase, stddev, stddev_noise, strides, summation_method, t_mul, target_shape, threshold,
            threshold_relu, thresholds, top_k, trainable, units, use_bias, use_ema, value, values,
            warmup_steps, warmup_target, weight_decay, width_factor, width_zoom,
        }
    };
}
#[cfg(feature = "ui")]
pub(super) use for_each_meaning;

macro_rules! list {
    ($($key:ident,)*) => {
        /// Every key.
        pub const MEANINGS: &[&str] = &[$(stringify!($key)),*];
    };
}
for_each_meaning!(list);

/// The key of what the argument `name` of the class `owner` is for.
pub fn meaning(owner: &str, name: &str) -> Option<&'static str> {
    let key = match (owner, name) {
        ("ZeroPadding2D", "padding") => "padding_zeros",
        ("VarianceScaling", "scale") => "scale_variance",
        ("VarianceScaling", "mode") => "mode_fan",
        ("RandomFlip", "mode") => "mode_flip",
        ("OrthogonalRegularizer", "mode") => "mode_orthogonal",
        ("OrthogonalRegularizer", "factor") => "factor_penalty",
        ("RandomRotation", "factor") => "factor_rotation",
        ("RandomZoom", "height_factor") => "height_zoom",
        ("RandomZoom", "width_factor") => "width_zoom",
        ("GaussianNoise", "stddev") => "stddev_noise",
        ("ReLU", "threshold") => "threshold_relu",
        ("MaxNorm" | "MinMaxNorm", "max_value") => "max_norm",
        ("MinMaxNorm", "min_value") => "min_norm",
        ("MinMaxNorm", "rate") => "rate_norm",
        ("MaxNorm" | "MinMaxNorm" | "UnitNorm", "axis") => "axis_constraint",
        ("BatchNormalization" | "LayerNormalization", "axis") => "axis_normalized",
        ("Softmax", "axis") => "axis_softmax",
        ("BatchNormalization", "momentum") => "momentum_moving",
        ("ELU", "alpha") => "alpha_elu",
        (_, "alpha") => "alpha_decay",
        ("ElasticNet", "beta") => "beta_elastic",
        (_, "beta") => "beta_f",
        (_, "activity_regularizer") => "activity_regularizer",
        _ if name.ends_with("_initializer") => "initializer",
        _ if name.ends_with("_regularizer") => "regularizer",
        _ if name.ends_with("_constraint") => "constraint",
        _ => name,
    };
    MEANINGS.iter().find(|known| **known == key).copied()
}
