//! The same as CSV and as Python programs, in Keras and in plain NumPy.

use super::state::BackState;
use super::transposed::TransposedState;
use crate::ui::widgets::number_grid::NumberGrid;
use std::fmt::Write as _;

pub(super) fn push_csv(out: &mut String, name: &str, grid: &NumberGrid) {
    for (idx, value) in grid.values.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name},{},{},{value}", idx / grid.cols + 1, idx % grid.cols + 1);
    }
}

pub(super) const HEAD: &str = "array,row,column,value\n";

/// One line per number of every array; rows and columns count from 1.
pub fn gradients_to_csv(state: &BackState) -> String {
    let (grad_kernel, grad_input) = state.gradients(state.sent.values.len());
    let mut out = String::from(HEAD);
    for (name, grid) in [
        ("input", &state.setup.input),
        ("kernel", &state.setup.kernel),
        ("output", &state.output),
        ("grad_output", &state.sent),
        ("grad_kernel", &grad_kernel),
        ("grad_input", &grad_input),
    ] {
        push_csv(&mut out, name, grid);
    }
    out
}

/// As [`gradients_to_csv`].
pub fn transposed_to_csv(state: &TransposedState) -> String {
    let mut out = String::from(HEAD);
    for (name, grid) in
        [("input", &state.setup.input), ("kernel", &state.setup.kernel), ("output", &state.output)]
    {
        push_csv(&mut out, name, grid);
    }
    out
}

/// A program that computes both gradients in Keras on TensorFlow and in NumPy, and compares them.
pub fn gradients_to_python(state: &BackState) -> String {
    let setup = &state.setup;
    let [input, kernel, sent] = [&setup.input, &setup.kernel, &state.sent].map(NumberGrid::to_python);
    let (rows, cols) = (setup.input.rows, setup.input.cols);
    let (kernel_rows, kernel_cols) = (setup.kernel.rows, setup.kernel.cols);
    let (strides, dilation, padding) = (setup.strides, setup.dilation_rate, setup.padding_name());
    let [above, left] = state.axes.map(|axis| axis.before);
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

image = np.array({input}, dtype="float32")
kernel = np.array({kernel}, dtype="float32")
sent = np.array({sent}, dtype="float32")

# Keras, on TensorFlow
layer = keras.layers.Conv2D(1, ({kernel_rows}, {kernel_cols}), strides={strides}, padding="{padding}",
                            dilation_rate={dilation}, use_bias=False)
layer.build((None, {rows}, {cols}, 1))
layer.set_weights([kernel.reshape({kernel_rows}, {kernel_cols}, 1, 1)])
x = tf.constant(image.reshape(1, {rows}, {cols}, 1))
with tf.GradientTape() as tape:
    tape.watch(x)
    loss = tf.reduce_sum(layer(x) * sent[None, :, :, None])
of_input, of_kernel = tape.gradient(loss, [x, layer.kernel.value])
grad_input = of_input.numpy()[0, :, :, 0]
grad_kernel = of_kernel.numpy()[:, :, 0, 0]

# The same in NumPy: every pair of a number and a weight that met
by_hand_input, by_hand_kernel = np.zeros_like(image), np.zeros_like(kernel)
for i, j in np.ndindex(sent.shape):
    for kh, kw in np.ndindex(kernel.shape):
        h = i * {strides} + kh * {dilation} - {above}
        w = j * {strides} + kw * {dilation} - {left}
        if 0 <= h < {rows} and 0 <= w < {cols}:
            by_hand_kernel[kh, kw] += sent[i, j] * image[h, w]
            by_hand_input[h, w] += sent[i, j] * kernel[kh, kw]

np.testing.assert_allclose(by_hand_input, grad_input, rtol=1e-5, atol=1e-5)
np.testing.assert_allclose(by_hand_kernel, grad_kernel, rtol=1e-5, atol=1e-5)
print(grad_kernel)
print(grad_input)
"#
    )
}

/// A program that computes the transposed convolution in Keras and in NumPy, and compares them.
pub fn transposed_to_python(state: &TransposedState) -> String {
    let setup = &state.setup;
    let [input, kernel] = [&setup.input, &setup.kernel].map(NumberGrid::to_python);
    let (rows, cols) = (setup.input.rows, setup.input.cols);
    let (kernel_rows, kernel_cols) = (setup.kernel.rows, setup.kernel.cols);
    let (strides, padding) = (setup.strides, setup.padding_name());
    let [above, left] = state.border;
    let (stuffed_rows, stuffed_cols) = (state.stuffed.rows, state.stuffed.cols);
    format!(
        r#"import keras
import numpy as np

image = np.array({input}, dtype="float32")
kernel = np.array({kernel}, dtype="float32")

# Keras
layer = keras.layers.Conv2DTranspose(1, ({kernel_rows}, {kernel_cols}), strides={strides}, padding="{padding}",
                                     use_bias=False)
layer.build((None, {rows}, {cols}, 1))
layer.set_weights([kernel.reshape({kernel_rows}, {kernel_cols}, 1, 1)])
result = keras.ops.convert_to_numpy(layer(image.reshape(1, {rows}, {cols}, 1)))[0, :, :, 0]

# The same in NumPy: zeros between the cells and around them, then the kernel turned by half a turn
stuffed = np.zeros(({stuffed_rows}, {stuffed_cols}), dtype="float32")
for i, j in np.ndindex(image.shape):
    stuffed[{above} + i * {strides}, {left} + j * {strides}] = image[i, j]
by_hand = np.empty(({stuffed_rows} - {kernel_rows} + 1, {stuffed_cols} - {kernel_cols} + 1), dtype="float32")
for i, j in np.ndindex(by_hand.shape):
    by_hand[i, j] = np.sum(stuffed[i:i + {kernel_rows}, j:j + {kernel_cols}] * kernel[::-1, ::-1])

np.testing.assert_allclose(by_hand, result, rtol=1e-5, atol=1e-5)
print(result)
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::backwards::BackSetup;

    #[test]
    fn every_number_has_its_line() {
        let state = BackState::first();
        // 4 × 4 twice, 2 × 2 twice, 3 × 3 twice, and the head.
        assert_eq!(gradients_to_csv(&state).lines().count(), 32 + 8 + 18 + 1);
        assert!(gradients_to_csv(&state).contains("\ngrad_kernel,1,1,"));
        let state = TransposedState::new(&BackSetup::default());
        assert_eq!(transposed_to_csv(&state).lines().count(), 16 + 4 + 25 + 1);
    }
}
