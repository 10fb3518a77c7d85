//! What can be added, in groups.

use crate::engine::layers::LayerSpec;

/// Layers of one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Windows with weights.
    Convolution,
    /// Windows without.
    Pooling,
    /// Every value with every other.
    Dense,
    /// The same values in another shape.
    Shape,
    /// Mean and spread are set.
    Normalization,
    /// What keeps a network from learning by heart.
    Dropout,
    /// Images are changed at random.
    Augmentation,
    /// Functions of one number.
    Activation,
}

impl Group {
    /// All, in the order of a network.
    pub const ALL: [Group; 8] = [
        Group::Convolution,
        Group::Pooling,
        Group::Shape,
        Group::Dense,
        Group::Normalization,
        Group::Dropout,
        Group::Activation,
        Group::Augmentation,
    ];

    /// Where a layer belongs.
    pub fn of(layer: &LayerSpec) -> Group {
        match layer {
            LayerSpec::Conv2d(_) | LayerSpec::DepthwiseConv2d(_) | LayerSpec::SeparableConv2d(_) => {
                Group::Convolution
            }
            LayerSpec::MaxPooling2d(_)
            | LayerSpec::AveragePooling2d(_)
            | LayerSpec::GlobalMaxPooling2d(_)
            | LayerSpec::GlobalAveragePooling2d(_) => Group::Pooling,
            LayerSpec::Dense(_) => Group::Dense,
            LayerSpec::ZeroPadding2d(_) | LayerSpec::Flatten(_) | LayerSpec::Reshape(_) => Group::Shape,
            LayerSpec::BatchNormalization(_) | LayerSpec::LayerNormalization(_) => Group::Normalization,
            LayerSpec::Dropout(_)
            | LayerSpec::SpatialDropout2d(_)
            | LayerSpec::GaussianNoise(_)
            | LayerSpec::ActivityRegularization(_) => Group::Dropout,
            LayerSpec::RandomTranslation(_)
            | LayerSpec::RandomRotation(_)
            | LayerSpec::RandomZoom(_)
            | LayerSpec::RandomFlip(_) => Group::Augmentation,
            LayerSpec::Activation(_)
            | LayerSpec::Softmax(_)
            | LayerSpec::Relu(_)
            | LayerSpec::LeakyRelu(_)
            | LayerSpec::Prelu(_)
            | LayerSpec::Elu(_) => Group::Activation,
        }
    }

    /// Its layers, with their default arguments.
    pub fn layers(self) -> Vec<LayerSpec> {
        LayerSpec::palette().into_iter().filter(|layer| Group::of(layer) == self).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_layers_and_every_layer_a_group() {
        let sizes = Group::ALL.map(|group| group.layers().len());
        assert!(sizes.iter().all(|size| *size > 0), "{sizes:?}");
        assert_eq!(sizes.iter().sum::<usize>(), LayerSpec::palette().len());
    }
}
