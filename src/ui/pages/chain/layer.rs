//! One layer of the stack, with the arguments that matter here.

use crate::engine::layers::{
    Activation, AveragePooling2dSpec, Conv2dSpec, LayerSpec, MaxPooling2dSpec, Padding,
};

/// A layer in Keras's arguments; windows are square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainLayer {
    /// `Conv2D` with a bias of zeros.
    Conv {
        /// Maps that come out.
        filters: usize,
        /// Rows and columns of the window.
        kernel_size: usize,
        /// Cells that it moves by.
        strides: usize,
        /// How it meets the border.
        padding: Padding,
        /// Cells from one weight to the next.
        dilation_rate: usize,
        /// Applied last.
        activation: Activation,
    },
    /// `MaxPooling2D`.
    Max(Pool),
    /// `AveragePooling2D`.
    Average(Pool),
}

/// What both kinds of pooling have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Rows and columns of the window.
    pub pool_size: usize,
    /// Cells that it moves by.
    pub strides: usize,
    /// How it meets the border.
    pub padding: Padding,
}

impl ChainLayer {
    /// Maps of one layer, at most.
    pub const MAX_FILTERS: usize = 8;
    /// Rows and columns of a kernel, at most.
    pub const MAX_KERNEL: usize = 7;
    /// Rows and columns of a pooling window, at most.
    pub const MAX_POOL: usize = 4;
    /// The largest stride and dilation.
    pub const MAX_STEP: usize = 4;
    /// The activations on offer.
    pub const ACTIVATIONS: [Activation; 4] =
        [Activation::Linear, Activation::Relu, Activation::Tanh, Activation::Sigmoid];

    /// What is added when a convolution is asked for.
    pub fn conv() -> ChainLayer {
        ChainLayer::Conv {
            filters: 4,
            kernel_size: 3,
            strides: 1,
            padding: Padding::Valid,
            dilation_rate: 1,
            activation: Activation::Relu,
        }
    }

    /// What is added when a maximum is asked for.
    pub fn max() -> ChainLayer {
        ChainLayer::Max(Pool { pool_size: 2, strides: 2, padding: Padding::Valid })
    }

    /// What is added when a mean is asked for.
    pub fn average() -> ChainLayer {
        ChainLayer::Average(Pool { pool_size: 2, strides: 2, padding: Padding::Valid })
    }

    /// The engine's layer.
    pub fn spec(&self) -> LayerSpec {
        match *self {
            ChainLayer::Conv { filters, kernel_size, strides, padding, dilation_rate, activation } => {
                Conv2dSpec {
                    filters,
                    kernel_size: [kernel_size; 2],
                    strides: [strides; 2],
                    padding,
                    dilation_rate: [dilation_rate; 2],
                    activation,
                    ..Conv2dSpec::default()
                }
                .into()
            }
            ChainLayer::Max(Pool { pool_size, strides, padding }) => MaxPooling2dSpec {
                pool_size: [pool_size; 2],
                strides: Some([strides; 2]),
                padding,
                ..MaxPooling2dSpec::default()
            }
            .into(),
            ChainLayer::Average(Pool { pool_size, strides, padding }) => AveragePooling2dSpec {
                pool_size: [pool_size; 2],
                strides: Some([strides; 2]),
                padding,
                ..AveragePooling2dSpec::default()
            }
            .into(),
        }
    }

    /// The form in the address: `conv-4-3-1-valid-1-relu`, `max-2-2-valid`.
    pub fn to_text(self) -> String {
        match self {
            ChainLayer::Conv { filters, kernel_size, strides, padding, dilation_rate, activation } => {
                let (padding, activation) = (padding_name(padding), activation_name(activation));
                format!("conv-{filters}-{kernel_size}-{strides}-{padding}-{dilation_rate}-{activation}")
            }
            ChainLayer::Max(pool) => format!("max-{}", pool.to_text()),
            ChainLayer::Average(pool) => format!("average-{}", pool.to_text()),
        }
    }

    /// Reads [`ChainLayer::to_text`]; nothing unless every number is within what is offered.
    pub fn from_text(text: &str) -> Option<ChainLayer> {
        let parts: Vec<&str> = text.split('-').collect();
        let number =
            |text: &str, most: usize| text.parse().ok().filter(|number: &usize| (1..=most).contains(number));
        Some(match parts[..] {
            ["conv", filters, kernel_size, strides, padding, dilation_rate, activation] => ChainLayer::Conv {
                filters: number(filters, ChainLayer::MAX_FILTERS)?,
                kernel_size: number(kernel_size, ChainLayer::MAX_KERNEL)?,
                strides: number(strides, ChainLayer::MAX_STEP)?,
                padding: padding_of(padding)?,
                dilation_rate: number(dilation_rate, ChainLayer::MAX_STEP)?,
                activation: activation_of(activation)?,
            },
            [kind @ ("max" | "average"), pool_size, strides, padding] => {
                let pool = Pool {
                    pool_size: number(pool_size, ChainLayer::MAX_POOL)?,
                    strides: number(strides, ChainLayer::MAX_STEP)?,
                    padding: padding_of(padding)?,
                };
                if kind == "max" { ChainLayer::Max(pool) } else { ChainLayer::Average(pool) }
            }
            _ => return None,
        })
    }
}

impl Pool {
    fn to_text(self) -> String {
        format!("{}-{}-{}", self.pool_size, self.strides, padding_name(self.padding))
    }
}

/// Keras's name of a padding.
pub fn padding_name(padding: Padding) -> &'static str {
    match padding {
        Padding::Valid => "valid",
        Padding::Same => "same",
    }
}

/// The padding of that name.
pub fn padding_of(name: &str) -> Option<Padding> {
    [Padding::Valid, Padding::Same].into_iter().find(|padding| padding_name(*padding) == name)
}

/// Keras's name of an activation on offer.
pub fn activation_name(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "relu",
        Activation::Tanh => "tanh",
        Activation::Sigmoid => "sigmoid",
        _ => "linear",
    }
}

/// The activation of that name.
pub fn activation_of(name: &str) -> Option<Activation> {
    ChainLayer::ACTIVATIONS.into_iter().find(|activation| activation_name(*activation) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_survive_the_address_and_hostile_ones_are_refused() {
        for layer in [ChainLayer::conv(), ChainLayer::max(), ChainLayer::average()] {
            assert_eq!(ChainLayer::from_text(&layer.to_text()), Some(layer));
        }
        for text in [
            "",
            "conv",
            "conv-9-3-1-valid-1-relu",
            "conv-4-0-1-valid-1-relu",
            "conv-4-3-1-full-1-relu",
            "conv-4-3-1-valid-1-softmax",
            "max-5-2-valid",
            "max-2-99999999999999999999-valid",
            "dense-3",
        ] {
            assert_eq!(ChainLayer::from_text(text), None, "{text}");
        }
    }
}
