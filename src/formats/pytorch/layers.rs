//! Each kind of layer as modules of torch's.

use super::classes::Class;
use super::network::{Network, Order, count, flag, named, number, plain};
use super::{functions, normalization, windows};
use crate::engine::layers::{DataFormat, DenseSpec, LayerSpec};
use crate::formats::placed_layer::{PlacedLayer, permuted, sample_axes};

/// Adds `layer`.
pub fn add(network: &mut Network, layer: &PlacedLayer) {
    let rank = layer.output.rank();
    network.comment(layer.name.clone());
    match layer.spec {
        LayerSpec::Dense(spec) => {
            dense(network, layer, spec);
            functions::activation(network, spec.activation, rank);
        }
        LayerSpec::Conv2d(spec) => {
            windows::conv2d(network, layer, spec);
            functions::activation(network, spec.activation, rank);
        }
        LayerSpec::DepthwiseConv2d(spec) => {
            windows::depthwise_conv2d(network, layer, spec);
            functions::activation(network, spec.activation, rank);
        }
        LayerSpec::SeparableConv2d(spec) => {
            windows::separable_conv2d(network, layer, spec);
            functions::activation(network, spec.activation, rank);
        }
        LayerSpec::MaxPooling2d(spec) => windows::max_pooling2d(network, layer, spec),
        LayerSpec::AveragePooling2d(spec) => windows::average_pooling2d(network, layer, spec),
        LayerSpec::GlobalMaxPooling2d(spec) => {
            windows::global_pooling2d(network, "AdaptiveMaxPool2d", spec.data_format, spec.keepdims);
        }
        LayerSpec::GlobalAveragePooling2d(spec) => {
            windows::global_pooling2d(network, "AdaptiveAvgPool2d", spec.data_format, spec.keepdims);
        }
        LayerSpec::ZeroPadding2d(spec) => windows::zero_padding2d(network, spec),
        LayerSpec::Flatten(spec) => windows::flatten(network, spec.data_format, layer),
        LayerSpec::Reshape(_) => functions::reshape(network, layer),
        LayerSpec::Activation(spec) => functions::activation(network, spec.activation, rank),
        LayerSpec::Softmax(spec) => functions::softmax(network, &sample_axes(&spec.axis.0, rank)),
        LayerSpec::Relu(spec) => functions::relu(network, spec),
        LayerSpec::LeakyRelu(spec) => network.nn("LeakyReLU", vec![plain(number(spec.negative_slope))]),
        LayerSpec::Elu(spec) => network.nn("ELU", vec![plain(number(spec.alpha))]),
        LayerSpec::Prelu(_) => functions::prelu(network, layer),
        LayerSpec::BatchNormalization(spec) => normalization::batch_normalization(network, layer, spec),
        LayerSpec::LayerNormalization(spec) => normalization::layer_normalization(network, layer, spec),
        LayerSpec::Dropout(spec) => functions::dropout(network, spec.rate, spec.noise_shape.as_deref()),
        LayerSpec::SpatialDropout2d(spec) => {
            windows::spatial_dropout2d(network, spec.rate, spec.data_format);
        }
        LayerSpec::GaussianNoise(spec) => {
            network.own(Class::GaussianNoise, vec![plain(number(spec.stddev))]);
        }
        // What belongs to the loss or to the data in torch, and passes its input on in inference.
        LayerSpec::ActivityRegularization(_)
        | LayerSpec::RandomTranslation(_)
        | LayerSpec::RandomRotation(_)
        | LayerSpec::RandomZoom(_)
        | LayerSpec::RandomFlip(_) => {
            network.comment(format!("{}: left out, it acts in training alone", layer.name));
        }
    }
}

/// `[in, out]` → `[out, in]`, the columns in the order of the input.
fn dense(network: &mut Network, layer: &PlacedLayer, spec: &DenseSpec) {
    if layer.input.rank() > 1 {
        network.keep();
    }
    let Some(kernel) = layer.weight("kernel") else { return };
    let [inputs, units] = [kernel.extents[0], spec.units];
    let values = match network.order {
        Order::Flat { channels, cells } => permuted(&[cells, channels, units], &[2, 1, 0], kernel.values),
        Order::Kept | Order::ChannelsFirst => permuted(&[inputs, units], &[1, 0], kernel.values),
    };
    network.order = Order::Kept;
    let bias = layer.weight("bias");
    let mut arguments = vec![plain(count(inputs)), plain(count(units))];
    arguments.extend(bias.is_none().then(|| named("bias", flag(false))));
    network.nn("Linear", arguments);
    network.tensor("weight", vec![units, inputs], values);
    if let Some(bias) = bias {
        network.tensor("bias", bias.extents.clone(), bias.values.to_vec());
    }
}

/// The format of the first layer that has one, for images alone.
pub fn first_format(layers: &[PlacedLayer]) -> Option<DataFormat> {
    layers.iter().take_while(|layer| layer.input.rank() == 3).find_map(|layer| match layer.spec {
        LayerSpec::Conv2d(spec) => Some(spec.data_format),
        LayerSpec::DepthwiseConv2d(spec) => Some(spec.data_format),
        LayerSpec::SeparableConv2d(spec) => Some(spec.data_format),
        LayerSpec::MaxPooling2d(spec) => Some(spec.data_format),
        LayerSpec::AveragePooling2d(spec) => Some(spec.data_format),
        LayerSpec::GlobalMaxPooling2d(spec) => Some(spec.data_format),
        LayerSpec::GlobalAveragePooling2d(spec) => Some(spec.data_format),
        LayerSpec::ZeroPadding2d(spec) => Some(spec.data_format),
        LayerSpec::Flatten(spec) => Some(spec.data_format),
        LayerSpec::SpatialDropout2d(spec) => Some(spec.data_format),
        _ => None,
    })
}
