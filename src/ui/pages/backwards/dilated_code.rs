//! The dilated convolution and the stack as CSV and as a Python program, in Keras and in plain NumPy.

use super::code::{HEAD, push_csv};
use super::dilated::DilatedState;
use super::stack::Stack;
use crate::ui::convolution::Axis;
use crate::ui::widgets::number_grid::NumberGrid;

/// One line per number of every array; rows and columns count from 1. `ways` is what the stack sees along a row.
pub fn dilated_to_csv(state: &DilatedState) -> String {
    let ways: Vec<f32> = state.setup.stack.ways().into_iter().map(|count| count as f32).collect();
    let ways = NumberGrid::new(ways.len(), ways);
    let mut out = String::from(HEAD);
    for (name, grid) in [
        ("input", &state.setup.input),
        ("kernel", &state.setup.kernel),
        ("output", &state.output),
        ("dense_kernel", &state.dense_kernel),
        ("dense_output", &state.dense_output),
        ("ways", &ways),
    ] {
        push_csv(&mut out, name, grid);
    }
    out
}

/// A program that computes the dilated convolution in Keras, as a dense one and in NumPy, compares them, and asks
/// Keras what a cell of the stack's result sees.
pub fn dilated_to_python(state: &DilatedState) -> String {
    let setup = &state.setup;
    let [input, kernel] = [&setup.input, &setup.kernel].map(NumberGrid::to_python);
    let (rows, cols) = (setup.input.rows, setup.input.cols);
    let (rate, padding) = (setup.dilation_rate, setup.padding_name());
    let [tall, wide] = state.axes.map(Axis::effective);
    let [(above, below), (left, right)] = state.axes.map(|axis| (axis.before(), axis.after()));
    let [out_rows, out_cols] = state.cells();
    let Stack { kernel_size, .. } = setup.stack;
    let (rates, side) = (setup.stack.rates_text().replace(',', ", "), setup.stack.side());
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

image = np.array({input}, dtype="float32")
kernel = np.array({kernel}, dtype="float32")


def convolve(weights, dilation_rate):
    layer = keras.layers.Conv2D(1, weights.shape, strides=1, padding="{padding}",
                                dilation_rate=dilation_rate, use_bias=False)
    layer.build((None, {rows}, {cols}, 1))
    layer.set_weights([weights[:, :, None, None]])
    return keras.ops.convert_to_numpy(layer(image[None, :, :, None]))[0, :, :, 0]


# Keras: each weight lies {rate} cells from the next
result = convolve(kernel, {rate})

# The same filter without gaps: zeros stand in them
dense_kernel = np.zeros(({tall}, {wide}), dtype="float32")
dense_kernel[::{rate}, ::{rate}] = kernel
dense = convolve(dense_kernel, 1)
np.testing.assert_allclose(dense, result, rtol=1e-5, atol=1e-5)

# The same in NumPy: of what the window spans, the numbers that are {rate} cells apart
padded = np.pad(image, (({above}, {below}), ({left}, {right})))
by_hand = np.empty(({out_rows}, {out_cols}), dtype="float32")
for i, j in np.ndindex(by_hand.shape):
    by_hand[i, j] = np.sum(padded[i:i + {tall}:{rate}, j:j + {wide}:{rate}] * kernel)
np.testing.assert_allclose(by_hand, result, rtol=1e-5, atol=1e-5)
print(result)

# A stack of layers: what one cell of its result sees
rates = [{rates}]
side = 1 + ({kernel_size} - 1) * sum(rates)
stack = keras.Sequential([keras.Input(({side}, {side}, 1))])
for rate in rates:
    stack.add(keras.layers.Conv2D(1, {kernel_size}, dilation_rate=rate, use_bias=False,
                                  kernel_initializer="ones"))
x = tf.zeros((1, side, side, 1))
with tf.GradientTape() as tape:
    tape.watch(x)
    cell = stack(x)
# Where all weights are 1, the gradient counts the ways from a pixel to the cell
ways = tape.gradient(cell, x).numpy()[0, :, :, 0]
print(f"{{side}} x {{side}}, {{stack.count_params()}} weights, {{np.count_nonzero(ways)}} of {{ways.size}} pixels seen")
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_line_and_arguments_keras_names() {
        let state = DilatedState::first();
        // 7 × 7, 3 × 3 three times, 5 × 5, the 15 cells that the stack sees along a row, and the head.
        assert_eq!(dilated_to_csv(&state).lines().count(), 49 + 27 + 25 + 15 + 1);
        let python = dilated_to_python(&state);
        for part in ["dilation_rate=dilation_rate", "result = convolve(kernel, 2)", "rates = [1, 2, 4]"] {
            assert!(python.contains(part), "{part} in {python}");
        }
    }
}
