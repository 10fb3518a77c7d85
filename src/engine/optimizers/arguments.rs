//! The arguments that every optimizer has.

use crate::engine::argument::{ArgumentError, check};
use crate::engine::schedules::LearningRateSpec;

use super::OptimizerError;
use super::clipping::Clipping;

/// Defines an optimizer's spec: its own arguments, and those that every optimizer has.
macro_rules! optimizer_spec {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            learning_rate = $learning_rate:literal,
            weight_decay: $weight_decay_type:ty = $weight_decay:expr,
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $default:expr,)*
        }
    ) => {
        $(#[$meta])*
        pub struct $name {
            /// Step size, per step: a number not below 0, or a schedule.
            pub learning_rate: $crate::engine::schedules::LearningRateSpec,
            $($(#[$field_meta])* pub $field: $type,)*
            /// The part of every trainable parameter, biases included, that each step takes off,
            /// times the learning rate; apart from the gradient (Loshchilov and Hutter 2019).
            pub weight_decay: $weight_decay_type,
            /// Scales the gradient of each parameter array down to this norm.
            pub clipnorm: Option<f32>,
            /// Cuts each number of the gradient to this size.
            pub clipvalue: Option<f32>,
            /// Scales the whole gradient down to this norm.
            pub global_clipnorm: Option<f32>,
            /// Keeps a moving average of the parameters and takes it at the end of training.
            pub use_ema: bool,
            /// How much of the average a step keeps, 0..1.
            pub ema_momentum: f32,
            /// Takes the average every so many steps, and not at the end alone.
            pub ema_overwrite_frequency: Option<u32>,
            /// Moves once in so many batches, at least 2, by the mean of their gradients.
            pub gradient_accumulation_steps: Option<u32>,
            /// What the loss is multiplied by before its gradient is taken, and the gradient divided
            /// by afterwards, above 0: of use where small floats would vanish, which 32-bit ones do
            /// not.
            pub loss_scale_factor: Option<f32>,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    learning_rate: $learning_rate.into(),
                    $($field: $default,)*
                    weight_decay: $weight_decay,
                    clipnorm: None,
                    clipvalue: None,
                    global_clipnorm: None,
                    use_ema: false,
                    ema_momentum: 0.99,
                    ema_overwrite_frequency: None,
                    gradient_accumulation_steps: None,
                    loss_scale_factor: None,
                }
            }
        }

        impl $name {
            pub(super) fn shared(&self) -> $crate::engine::optimizers::arguments::SharedArguments {
                $crate::engine::optimizers::arguments::SharedArguments {
                    learning_rate: self.learning_rate.clone(),
                    weight_decay: self.weight_decay.into(),
                    clipnorm: self.clipnorm,
                    clipvalue: self.clipvalue,
                    global_clipnorm: self.global_clipnorm,
                    use_ema: self.use_ema,
                    ema_momentum: self.ema_momentum,
                    ema_overwrite_frequency: self.ema_overwrite_frequency,
                    gradient_accumulation_steps: self.gradient_accumulation_steps,
                    loss_scale_factor: self.loss_scale_factor,
                }
            }
        }
    };
}
pub(super) use optimizer_spec;

/// What every spec has, whatever its rule.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedArguments {
    pub(super) learning_rate: LearningRateSpec,
    pub(super) weight_decay: Option<f32>,
    pub(super) clipnorm: Option<f32>,
    pub(super) clipvalue: Option<f32>,
    pub(super) global_clipnorm: Option<f32>,
    pub(super) use_ema: bool,
    pub(super) ema_momentum: f32,
    pub(super) ema_overwrite_frequency: Option<u32>,
    pub(super) gradient_accumulation_steps: Option<u32>,
    pub(super) loss_scale_factor: Option<f32>,
}

impl SharedArguments {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        self.learning_rate.validate()?;
        let any = |argument, value: Option<f32>| {
            value.map_or(Ok(()), |value| check(argument, value, f32::MIN, f32::MAX))
        };
        any("weight_decay", self.weight_decay)?;
        // As in Keras, where a limit of 0 or less does not clip.
        any("clipnorm", self.clipnorm)?;
        any("clipvalue", self.clipvalue)?;
        any("global_clipnorm", self.global_clipnorm)?;
        let (clipnorm, clipvalue, global_clipnorm) = (self.clipnorm, self.clipvalue, self.global_clipnorm);
        if [clipnorm, clipvalue, global_clipnorm].iter().flatten().count() > 1 {
            return Err(OptimizerError::SeveralClips { clipnorm, clipvalue, global_clipnorm });
        }
        if self.use_ema {
            check("ema_momentum", self.ema_momentum, 0.0, 1.0)?;
        }
        if let Some(factor) = self.loss_scale_factor {
            check("loss_scale_factor", factor, f32::MIN_POSITIVE, f32::MAX)?;
        }
        if self.gradient_accumulation_steps == Some(1) {
            let argument = "gradient_accumulation_steps".to_owned();
            return Err(ArgumentError { argument, min: 2.0, max: f64::INFINITY, got: 1.0 }.into());
        }
        Ok(())
    }

    pub(super) fn clipping(&self) -> Option<Clipping> {
        let set = |limit: Option<f32>| limit.filter(|limit| *limit > 0.0);
        let norm = set(self.clipnorm).map(Clipping::Norm);
        norm.or(set(self.global_clipnorm).map(Clipping::GlobalNorm))
            .or(set(self.clipvalue).map(Clipping::Value))
    }
}
