//! The same stack as CSV and as a Python program, in Keras and in plain NumPy.

use super::layer::{activation_name, padding_name};
use super::state::ChainState;
use crate::engine::layers::{LayerDef, LayerSpec};
use crate::ui::python::{array, boolean, pair};
use std::fmt::Write as _;

/// One line per cell of every map, the image first. Layers, maps, rows and columns count from 1; the
/// image is layer 0.
pub fn to_csv(state: &ChainState) -> String {
    let mut out = String::from("layer,class,map,row,column,value\n");
    for (level, map) in state.maps.iter().enumerate() {
        let class = if level == 0 { "Input" } else { state.layers[level - 1].class_name() };
        let [_, cols, channels] = map.shape;
        for (idx, value) in map.values.iter().enumerate() {
            let (cell, channel) = (idx / channels, idx % channels + 1);
            let (row, col) = (cell / cols + 1, cell % cols + 1);
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{level},{class},{channel},{row},{col},{value}");
        }
    }
    out
}

/// Convolution, pooling and activations in NumPy.
const BY_HAND: &str = r#"def convolved(image, kernel, bias, strides, dilation, before, output):
    rows, cols = kernel.shape[:2]
    result = np.zeros((*output, kernel.shape[3]), dtype="float32") + bias
    for i in range(output[0]):
        for j in range(output[1]):
            for kh in range(rows):
                for kw in range(cols):
                    h = i * strides[0] + kh * dilation[0] - before[0]
                    w = j * strides[1] + kw * dilation[1] - before[1]
                    if 0 <= h < image.shape[0] and 0 <= w < image.shape[1]:
                        result[i, j] += image[h, w] @ kernel[kh, kw]
    return result


def pooled(image, reduce, size, strides, before, output):
    result = np.empty((*output, image.shape[2]), dtype="float32")
    for i in range(output[0]):
        for j in range(output[1]):
            top, left = i * strides[0] - before[0], j * strides[1] - before[1]
            window = image[max(top, 0):top + size[0], max(left, 0):left + size[1]]
            result[i, j] = reduce(window, axis=(0, 1))
    return result


activations = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}
"#;

/// A program that runs the image through the stack in Keras and in NumPy and compares the two. Nothing
/// for layers of a trained network that this page does not write in NumPy.
pub fn to_python(state: &ChainState) -> Option<String> {
    let mut keras = String::new();
    let mut by_hand = String::new();
    let mut weights = String::new();
    for (idx, layer) in state.layers.iter().enumerate() {
        let [_, _, channels] = state.maps[idx].shape;
        match layer {
            LayerSpec::Conv2d(it) if it.groups == 1 => {
                let (size, strides, dilation) = (it.kernel_size, it.strides, it.dilation_rate);
                let (padding, activation) = (padding_name(it.padding), activation_name(it.activation));
                if activation == "linear" && it.activation != crate::engine::layers::Activation::Linear {
                    return None;
                }
                let _ = writeln!(
                    keras,
                    "    keras.layers.Conv2D({}, {}, strides={}, padding=\"{padding}\", dilation_rate={}, \
                     activation=\"{activation}\", use_bias={}),",
                    it.filters,
                    pair(size),
                    pair(strides),
                    pair(dilation),
                    boolean(it.use_bias),
                );
                let (kernel, bias) = state.params[idx].split_at(size[0] * size[1] * channels * it.filters);
                let shape = format!("({}, {}, {channels}, {})", size[0], size[1], it.filters);
                let _ = writeln!(weights, "kernel_{idx} = {}.reshape({shape})", array(kernel));
                let zeros = vec![0.0; it.filters];
                let _ = writeln!(weights, "bias_{idx} = {}", array(if it.use_bias { bias } else { &zeros }));
                let _ = writeln!(
                    by_hand,
                    "maps.append(activations[\"{activation}\"](convolved(maps[-1], kernel_{idx}, bias_{idx}, {}, {}, {}, {})))",
                    pair(strides),
                    pair(dilation),
                    before(state, idx),
                    output(state, idx),
                );
                let set = if it.use_bias {
                    format!("[kernel_{idx}, bias_{idx}]")
                } else {
                    format!("[kernel_{idx}]")
                };
                let _ = writeln!(weights, "model.layers[{idx}].set_weights({set})");
            }
            LayerSpec::MaxPooling2d(it) => {
                push_pool(&mut keras, "MaxPooling2D", it.pool_size, it.strides, padding_name(it.padding));
                push_pool_by_hand(&mut by_hand, state, idx, "np.max", it.pool_size, it.strides);
            }
            LayerSpec::AveragePooling2d(it) => {
                push_pool(&mut keras, "AveragePooling2D", it.pool_size, it.strides, padding_name(it.padding));
                push_pool_by_hand(&mut by_hand, state, idx, "np.mean", it.pool_size, it.strides);
            }
            _ => return None,
        }
    }
    let [rows, cols, channels] = state.maps[0].shape;
    let image = array(&state.maps[0].values);
    Some(format!(
        r"import keras
import numpy as np

image = {image}.reshape({rows}, {cols}, {channels})

# Keras
model = keras.Sequential([
    keras.Input(({rows}, {cols}, {channels})),
{keras}])
{weights}
keras_maps = [image]
for layer in model.layers:
    keras_maps.append(keras.ops.convert_to_numpy(layer(keras_maps[-1][None]))[0])


# The same in NumPy
{BY_HAND}maps = [image]
{by_hand}
for keras_map, own_map in zip(keras_maps, maps, strict=True):
    np.testing.assert_allclose(own_map, keras_map, rtol=1e-4, atol=1e-5)
print([map.shape for map in maps])
print(maps[-1][..., 0])
"
    ))
}

fn before(state: &ChainState, layer: usize) -> String {
    pair(state.geometry[layer].map(|geometry| geometry.before))
}

fn output(state: &ChainState, layer: usize) -> String {
    pair(state.geometry[layer].map(|geometry| geometry.output))
}

fn push_pool(out: &mut String, class: &str, size: [usize; 2], strides: Option<[usize; 2]>, padding: &str) {
    let (size, strides) = (pair(size), strides.map_or("None".into(), pair));
    let _ = writeln!(
        out,
        "    keras.layers.{class}(pool_size={size}, strides={strides}, padding=\"{padding}\"),"
    );
}

fn push_pool_by_hand(
    out: &mut String,
    state: &ChainState,
    layer: usize,
    reduce: &str,
    size: [usize; 2],
    strides: Option<[usize; 2]>,
) {
    let strides = pair(strides.unwrap_or(size));
    let (before, output) = (before(state, layer), output(state, layer));
    let _ = writeln!(
        out,
        "maps.append(pooled(maps[-1], {reduce}, {}, {strides}, {before}, {output}))",
        pair(size)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::chain::ChainSetup;

    #[test]
    fn every_cell_has_its_line_and_every_layer_its_call() {
        let state = ChainState::new(&ChainSetup::default(), None).unwrap();
        let cells: usize = state.maps.iter().map(|map| map.values.len()).sum();
        assert_eq!(to_csv(&state).lines().count(), cells + 1);
        let python = to_python(&state).unwrap();
        for part in [
            "keras.layers.Conv2D(4, (5, 5), strides=(1, 1), padding=\"valid\", dilation_rate=(1, 1), activation=\"relu\", use_bias=True),",
            "keras.layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding=\"valid\"),",
            "model.layers[2].set_weights([kernel_2, bias_2])",
            "maps.append(pooled(maps[-1], np.max, (2, 2), (2, 2), (0, 0), (12, 12)))",
        ] {
            assert!(python.contains(part), "{part}");
        }
    }
}
