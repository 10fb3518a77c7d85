//! The chain against the engine's whole model, and what a cell is made of against what changes it.

use super::*;
use crate::engine::layers::{ActivationSpec, DepthwiseConv2dSpec, Padding};
use crate::tensor::Tensor;
use crate::tensor::rng::{Purpose, Rng};
use crate::ui::convolution::Source;
use crate::ui::pages::chain::Pool;

/// Stacks of every kind of layer, on images small enough to be changed pixel by pixel.
fn random_layers(rng: &mut Rng, is_linear: bool) -> Vec<ChainLayer> {
    let mut below = |limit: u32| rng.below(limit) as usize;
    (0..=below(4))
        .map(|_| {
            let padding = [Padding::Valid, Padding::Same][below(2)];
            let pool = Pool { pool_size: 1 + below(3), strides: 1 + below(3), padding };
            let (strides, dilation_rate) = if below(2) == 0 { (1 + below(2), 1) } else { (1, 1 + below(3)) };
            match below(3) {
                0 if !is_linear => ChainLayer::Max(pool),
                0 | 1 => ChainLayer::Average(pool),
                _ => ChainLayer::Conv {
                    filters: 1 + below(3),
                    kernel_size: 1 + below(3),
                    strides,
                    padding,
                    dilation_rate,
                    activation: if is_linear { Activation::Linear } else { Activation::Relu },
                },
            }
        })
        .collect()
}

#[test]
fn the_last_map_has_the_bits_of_the_engines_whole_model() {
    let mut rng = Rng::new(3, Purpose::Init, 0, 0);
    let mut computed = 0;
    for seed in 0..300 {
        let layers = random_layers(&mut rng, false);
        let source = if seed % 5 == 0 { Source::Landscape } else { Source::Digit(seed as usize % 10) };
        let kernels = [Kernels::Presets, Kernels::Random][seed as usize % 2];
        let setup = ChainSetup { source, layers, kernels, seed, ..ChainSetup::default() };
        let Ok(state) = ChainState::new(&setup, None) else { continue };
        computed += 1;
        let input_shape = Shape::from(state.maps[0].shape);
        let image = Tensor::new(&input_shape.with_batch(1), state.maps[0].values.clone());
        let spec = ModelSpec { name: "chain".into(), input_shape, layers: state.layers.clone() };
        let mut model = Sequential::with_params(&spec, state.params.concat()).unwrap();
        let expected = model.predict(&image).into_values();
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&state.maps.last().unwrap().values), bits(&expected), "{setup:?}");
    }
    assert!(computed > 200, "{computed}");
}

#[test]
fn a_cell_changes_with_the_pixels_that_it_is_said_to_see_and_with_no_others() {
    let mut rng = Rng::new(11, Purpose::Init, 0, 0);
    let mut looked = 0;
    for _ in 0..60 {
        let specs: Vec<LayerSpec> = random_layers(&mut rng, true).iter().map(ChainLayer::spec).collect();
        let shape = [9, 8, 1];
        let mut input = Shape::from(shape);
        let mut params = Vec::new();
        let mut fits = true;
        for spec in &specs {
            // Ones everywhere: nothing cancels, so that every pixel that counts is felt.
            params.push(vec![1.0; one_layer::num_params(spec, &input)]);
            let Ok(next) = spec.output_shape(&input) else {
                fits = false;
                break;
            };
            input = next;
        }
        if !fits {
            continue;
        }
        let run = |image: Vec<f32>| ChainState::run(shape, image, specs.clone(), params.clone()).unwrap();
        let zero = run(vec![0.0; 72]);
        let level = specs.len();
        let [rows, cols, _] = zero.maps[level].shape;
        let cell = rng.below((rows * cols) as u32) as usize;
        let trace = zero.trace(Look { level, channel: 0, cell });
        let seen = |pixel: usize| trace[0][0].contains(&(pixel / 8)) && trace[0][1].contains(&(pixel % 8));
        for pixel in 0..72 {
            let mut image = vec![0.0; 72];
            image[pixel] = 1.0;
            let changed = run(image).maps[level].at(0, cell) > zero.maps[level].at(0, cell);
            assert_eq!(changed, seen(pixel), "pixel {pixel}, cell {cell}, {specs:?}");
        }
        looked += 1;
    }
    assert!(looked > 30, "{looked}");
}

#[test]
fn a_stack_that_does_not_fit_names_the_layer() {
    let layers = vec![ChainLayer::max(), ChainLayer::from_text("conv-1-7-1-valid-4-relu").unwrap()];
    let setup = ChainSetup { layers, ..ChainSetup::default() };
    assert_eq!(ChainState::new(&setup, None).unwrap_err().layer, 1);
}

#[test]
fn softmax_looks_at_all_channels_and_other_activations_at_their_own() {
    let seen = |layer: LayerSpec| channels_before(&layer, &[1], 4);
    for activation in [Activation::Softmax, Activation::LogSoftmax, Activation::Relu] {
        let all: Vec<usize> = (0..4).collect();
        let is_over_all = activation != Activation::Relu;
        let alone = seen(ActivationSpec { activation }.into());
        assert_eq!(alone, if is_over_all { all.clone() } else { vec![1] }, "{activation:?}");
        let grouped = seen(Conv2dSpec { filters: 4, groups: 4, activation, ..Conv2dSpec::default() }.into());
        assert_eq!(grouped, if is_over_all { all.clone() } else { vec![1] }, "{activation:?}");
        let depthwise = seen(DepthwiseConv2dSpec { activation, ..DepthwiseConv2dSpec::default() }.into());
        assert_eq!(depthwise, if is_over_all { all } else { vec![1] }, "{activation:?}");
    }
}
