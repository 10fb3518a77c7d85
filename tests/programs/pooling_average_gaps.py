import keras
import numpy as np
import tensorflow as tf

image = np.array([[1, 2, 3, 4, 5, 6, 7],
    [8, 9, 10, 11, 12, 13, 14],
    [15, 16, 17, 18, 19, 20, 21],
    [22, 23, 24, 25, 26, 27, 28],
    [29, 30, 31, 32, 33, 34, 35]], dtype="float32")

# Keras, on TensorFlow
layer = keras.layers.AveragePooling2D(pool_size=(2, 2), strides=(3, 3), padding="valid")
x = tf.constant(image.reshape(1, 5, 7, 1))
with tf.GradientTape() as tape:
    tape.watch(x)
    y = layer(x)
    total = tf.reduce_sum(y)
pooled = y.numpy()[0, :, :, 0]
gradient = tape.gradient(total, x).numpy()[0, :, :, 0]

# The same in NumPy: cells outside the map take no part
(pool_rows, pool_cols), (row_step, col_step) = (2, 2), (3, 3)
above, left = (0, 0)
by_hand = np.empty((2, 2), dtype="float32")
for i in range(by_hand.shape[0]):
    for j in range(by_hand.shape[1]):
        top, side = i * row_step - above, j * col_step - left
        window = image[max(top, 0):top + pool_rows, max(side, 0):side + pool_cols]
        by_hand[i, j] = np.mean(window)

np.testing.assert_allclose(by_hand, pooled, rtol=1e-6)
print(pooled)
print(gradient)
