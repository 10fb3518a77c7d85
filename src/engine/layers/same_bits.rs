//! One training pass through every kind of layer gives the same bits on every target: run natively
//! and, as a WebAssembly test, in a browser.

use super::{
    Activation, ActivationSpec, AveragePooling2dSpec, Conv2dSpec, DataFormat, DenseSpec, DepthwiseConv2dSpec,
    DropoutSpec, FlattenSpec, GlobalAveragePooling2dSpec, GlobalMaxPooling2dSpec, LayerDef, LayerSpec,
    MaxPooling2dSpec, Padding, Pass, ReshapeSpec, SeparableConv2dSpec, ZeroPadding2dSpec,
};
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Shape, Tensor};

/// The checksum of every output and gradient. It changes with the meaning of a layer, of the seed
/// or of a kernel; a new processor, browser or compiler must not change it.
const CHECKSUM: u32 = 0x75e6_0af4;

fn network() -> Vec<LayerSpec> {
    let conv = Conv2dSpec { filters: 5, padding: Padding::Same, ..Conv2dSpec::default() };
    vec![
        Conv2dSpec { activation: Activation::Relu, ..conv.clone() }.into(),
        MaxPooling2dSpec::default().into(),
        Conv2dSpec { activation: Activation::Tanh, strides: [2, 1], ..conv }.into(),
        DropoutSpec { rate: 0.25, ..DropoutSpec::default() }.into(),
        FlattenSpec::default().into(),
        DenseSpec { units: 13, activation: Activation::Sigmoid, ..DenseSpec::default() }.into(),
        DenseSpec { units: 10, ..DenseSpec::default() }.into(),
        ActivationSpec { activation: Activation::Softmax }.into(),
    ]
}

/// As [`CHECKSUM`], of [`convolutions`].
const CONVOLUTIONS: u32 = 0x5aa9_d46f;

fn convolutions() -> Vec<LayerSpec> {
    let channels_first = DataFormat::ChannelsFirst;
    vec![
        ZeroPadding2dSpec { padding: [[1, 2], [0, 1]], ..ZeroPadding2dSpec::default() }.into(),
        DepthwiseConv2dSpec { depth_multiplier: 3, strides: [2, 1], ..DepthwiseConv2dSpec::default() }.into(),
        AveragePooling2dSpec {
            strides: Some([1, 2]),
            padding: Padding::Same,
            ..AveragePooling2dSpec::default()
        }
        .into(),
        SeparableConv2dSpec { filters: 8, activation: Activation::Tanh, ..SeparableConv2dSpec::default() }
            .into(),
        Conv2dSpec { filters: 6, groups: 2, dilation_rate: [2, 1], ..Conv2dSpec::default() }.into(),
        ReshapeSpec { target_shape: vec![3, -1, 2] }.into(),
        Conv2dSpec { filters: 4, kernel_size: [2, 1], data_format: channels_first, ..Conv2dSpec::default() }
            .into(),
        GlobalAveragePooling2dSpec { keepdims: true, data_format: channels_first }.into(),
        GlobalMaxPooling2dSpec { data_format: channels_first, ..GlobalMaxPooling2dSpec::default() }.into(),
    ]
}

/// FNV-1a over the bits of `values`.
fn add(checksum: &mut u32, values: &[f32]) {
    for value in values {
        *checksum = (*checksum ^ value.to_bits()).wrapping_mul(16_777_619);
    }
}

fn checksum(network: &[LayerSpec], mut shape: Shape) -> u32 {
    let mut rng = Rng::new(5, Purpose::Shuffle, 0, 0);
    let mut x = Tensor::zeros(&shape.with_batch(7));
    x.values_mut().fill_with(|| rng.unit());
    let mut checksum = 2_166_136_261;

    let mut built = Vec::new();
    for (layer, spec) in network.iter().enumerate() {
        let mut params = Vec::new();
        for (idx, param) in spec.params(&shape).iter().enumerate() {
            let mut values = vec![0.0; param.size()];
            param.initializer.fill(
                &param.extents,
                &mut values,
                &mut Rng::new(5, Purpose::Init, layer as u64, idx as u64),
            );
            params.extend(values);
        }
        let mut layer = spec.build(&shape, layer);
        x = layer.forward(&x, &params, Pass::Train { seed: 5, step: 1, first_sample: 0 });
        add(&mut checksum, x.values());
        shape = x.sample_shape();
        built.push((layer, params));
    }
    for (layer, params) in built.iter_mut().rev() {
        let mut grads = vec![0.0; params.len()];
        x = layer.backward(&x, params, &mut grads, true).expect("the gradient was asked for");
        add(&mut checksum, &grads);
        add(&mut checksum, x.values());
    }
    checksum
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn a_training_pass_gives_the_same_bits_on_every_target() {
    let checksum = checksum(&network(), Shape::from([14, 13, 2]));
    assert_eq!(checksum, CHECKSUM, "got {checksum:#010x}");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_other_convolutions_and_poolings_give_the_same_bits_on_every_target() {
    let checksum = checksum(&convolutions(), Shape::from([14, 13, 2]));
    assert_eq!(checksum, CONVOLUTIONS, "got {checksum:#010x}");
}
