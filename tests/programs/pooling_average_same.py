import keras
import numpy as np
import tensorflow as tf

image = np.array([[-3, -1.5, -2, -7, -7],
    [-4, -9, -1, -1, -1],
    [0.25, -0.5, -8, -2, -6]], dtype="float32")

# Keras, on TensorFlow
layer = keras.layers.AveragePooling2D(pool_size=(3, 2), strides=(2, 1), padding="same")
x = tf.constant(image.reshape(1, 3, 5, 1))
with tf.GradientTape() as tape:
    tape.watch(x)
    y = layer(x)
    total = tf.reduce_sum(y)
pooled = y.numpy()[0, :, :, 0]
gradient = tape.gradient(total, x).numpy()[0, :, :, 0]

# The same in NumPy: cells outside the map take no part
(pool_rows, pool_cols), (row_step, col_step) = (3, 2), (2, 1)
above, left = (1, 0)
by_hand = np.empty((2, 5), dtype="float32")
for i in range(by_hand.shape[0]):
    for j in range(by_hand.shape[1]):
        top, side = i * row_step - above, j * col_step - left
        window = image[max(top, 0):top + pool_rows, max(side, 0):side + pool_cols]
        by_hand[i, j] = np.mean(window)

np.testing.assert_allclose(by_hand, pooled, rtol=1e-6)
print(pooled)
print(gradient)
