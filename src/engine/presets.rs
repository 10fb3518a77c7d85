//! The networks that the lessons start from.

use crate::engine::layers::{
    Activation, Conv2dSpec, DenseSpec, FlattenSpec, LayerSpec, MaxPooling2dSpec, Padding,
};
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;

/// A ready network for 28×28 gray images in ten classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The lecture's perceptron: Flatten, Dense 128 relu, Dense 10 softmax; 101,770 parameters.
    Mlp,
    /// LeNet-5 (LeCun et al. 1998) with relu and max pooling; 61,706 parameters.
    #[default]
    Lenet5,
    /// The small network of the Keras examples, Conv2D 32 and 64 and a Dense 128; 225,034 parameters.
    KerasCnn,
}

impl Preset {
    /// All, smallest network first.
    pub const ALL: [Preset; 3] = [Self::Mlp, Self::Lenet5, Self::KerasCnn];

    /// Its name in files, addresses and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Lenet5 => "lenet5",
            Self::KerasCnn => "keras-cnn",
        }
    }

    /// The preset of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.id() == id)
    }

    /// The network.
    pub fn spec(self) -> ModelSpec {
        let mut layers = match self {
            Self::Mlp => vec![],
            Self::Lenet5 => vec![conv(6, 5, Padding::Same), pool(), conv(16, 5, Padding::Valid), pool()],
            Self::KerasCnn => vec![conv(32, 3, Padding::Valid), pool(), conv(64, 3, Padding::Valid), pool()],
        };
        layers.push(FlattenSpec::default().into());
        let hidden: &[usize] = if self == Self::Lenet5 { &[120, 84] } else { &[128] };
        layers.extend(hidden.iter().map(|units| dense(*units, Activation::Relu)));
        layers.push(dense(10, Activation::Softmax));
        ModelSpec { name: self.id().to_owned(), input_shape: Shape::from([28, 28, 1]), layers }
    }
}

fn conv(filters: usize, size: usize, padding: Padding) -> LayerSpec {
    let activation = Activation::Relu;
    Conv2dSpec { filters, kernel_size: [size; 2], padding, activation, ..Conv2dSpec::default() }.into()
}

fn pool() -> LayerSpec {
    MaxPooling2dSpec::default().into()
}

fn dense(units: usize, activation: Activation) -> LayerSpec {
    DenseSpec { units, activation, ..DenseSpec::default() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_counts_are_those_of_keras() {
        let counts = Preset::ALL.map(|preset| preset.spec().num_params().unwrap());
        assert_eq!(counts, [101_770, 61_706, 225_034]);
    }

    #[test]
    fn layer_names_are_those_of_keras() {
        let names = Preset::Lenet5.spec().layer_names();
        let expected = [
            "conv2d",
            "max_pooling2d",
            "conv2d_1",
            "max_pooling2d_1",
            "flatten",
            "dense",
            "dense_1",
            "dense_2",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn every_preset_is_found_by_its_id() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_id(preset.id()), Some(preset));
        }
    }
}
