//! The same pooling as CSV and as a Python program, in Keras and in plain NumPy.

use super::setup::PoolKind;
use super::state::PoolState;
use std::fmt::Write as _;

/// One line per pooled cell: where it is, what it is, which cells it is made of, where its gradient goes.
/// Rows and columns count from 1.
pub fn to_csv(state: &PoolState) -> String {
    let mut out = String::from("row,column,value,cells,from_row,from_column\n");
    for (idx, value) in state.output.values.iter().enumerate() {
        let (row, col) = state.place(idx);
        let cells = state.under(idx).len();
        let from = state.winner(idx).map_or(",".into(), |(row, col)| format!("{},{}", row + 1, col + 1));
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{},{},{value},{cells},{from}", row + 1, col + 1);
    }
    out
}

/// A program that prints the pooled map and the gradient of the map, and checks that NumPy agrees with Keras.
pub fn to_python(state: &PoolState) -> String {
    let setup = &state.setup;
    let (class, reduce) = match setup.kind {
        PoolKind::Max => ("MaxPooling2D", "np.max"),
        PoolKind::Average => ("AveragePooling2D", "np.mean"),
    };
    let pair = |[rows, cols]: [usize; 2]| format!("({rows}, {cols})");
    let strides = setup.strides.map_or("None".into(), pair);
    let before = pair(state.axes.map(|axis| axis.before));
    let (pool_size, stride, cells) = (pair(setup.pool_size), pair(setup.stride()), pair(state.cells()));
    let (rows, cols, padding) = (state.grid.rows, state.grid.cols, setup.padding_name());
    let numbers = state.grid.to_python();
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

image = np.array({numbers}, dtype="float32")

# Keras, on TensorFlow
layer = keras.layers.{class}(pool_size={pool_size}, strides={strides}, padding="{padding}")
x = tf.constant(image.reshape(1, {rows}, {cols}, 1))
with tf.GradientTape() as tape:
    tape.watch(x)
    y = layer(x)
    total = tf.reduce_sum(y)
pooled = y.numpy()[0, :, :, 0]
gradient = tape.gradient(total, x).numpy()[0, :, :, 0]

# The same in NumPy: cells outside the map take no part
(pool_rows, pool_cols), (row_step, col_step) = {pool_size}, {stride}
above, left = {before}
by_hand = np.empty({cells}, dtype="float32")
for i in range(by_hand.shape[0]):
    for j in range(by_hand.shape[1]):
        top, side = i * row_step - above, j * col_step - left
        window = image[max(top, 0):top + pool_rows, max(side, 0):side + pool_cols]
        by_hand[i, j] = {reduce}(window)

np.testing.assert_allclose(by_hand, pooled, rtol=1e-6)
print(pooled)
print(gradient)
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::pooling::PoolSetup;

    #[test]
    fn the_lectures_example_is_written_with_its_winners() {
        let state = PoolState::new(&PoolSetup::default()).unwrap();
        let csv = to_csv(&state);
        let expected = "row,column,value,cells,from_row,from_column\n\
                        1,1,20,4,1,2\n1,2,30,4,1,3\n2,1,112,4,4,1\n2,2,37,4,3,3\n";
        assert_eq!(csv, expected);
        let python = to_python(&state);
        assert!(python.contains("MaxPooling2D(pool_size=(2, 2), strides=None, padding=\"valid\")"));
        assert!(python.contains("[[12, 20, 30, 0],\n    [8, 12, 2, 0],"));
    }
}
