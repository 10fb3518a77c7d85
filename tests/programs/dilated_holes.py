import keras
import numpy as np
import tensorflow as tf

image = np.array([[1, -2, 3, 0.5, 2],
    [0, 1.5, -1, 4, 1],
    [2, 2, 0, -3, 1],
    [-1, 0, 5, 1, 0.25]], dtype="float32")
kernel = np.array([[1, -2, 0.5],
    [3, 0.25, -1]], dtype="float32")


def convolve(weights, dilation_rate):
    layer = keras.layers.Conv2D(1, weights.shape, strides=1, padding="same",
                                dilation_rate=dilation_rate, use_bias=False)
    layer.build((None, 4, 5, 1))
    layer.set_weights([weights[:, :, None, None]])
    return keras.ops.convert_to_numpy(layer(image[None, :, :, None]))[0, :, :, 0]


# Keras: each weight lies 4 cells from the next
result = convolve(kernel, 4)

# The same filter without gaps: zeros stand in them
dense_kernel = np.zeros((5, 9), dtype="float32")
dense_kernel[::4, ::4] = kernel
dense = convolve(dense_kernel, 1)
np.testing.assert_allclose(dense, result, rtol=1e-5, atol=1e-5)

# The same in NumPy: of what the window spans, the numbers that are 4 cells apart
padded = np.pad(image, ((2, 2), (4, 4)))
by_hand = np.empty((4, 5), dtype="float32")
for i, j in np.ndindex(by_hand.shape):
    by_hand[i, j] = np.sum(padded[i:i + 5:4, j:j + 9:4] * kernel)
np.testing.assert_allclose(by_hand, result, rtol=1e-5, atol=1e-5)
print(result)

# A stack of layers: what one cell of its result sees
rates = [1, 5]
side = 1 + (3 - 1) * sum(rates)
stack = keras.Sequential([keras.Input((13, 13, 1))])
for rate in rates:
    stack.add(keras.layers.Conv2D(1, 3, dilation_rate=rate, use_bias=False,
                                  kernel_initializer="ones"))
x = tf.zeros((1, side, side, 1))
with tf.GradientTape() as tape:
    tape.watch(x)
    cell = stack(x)
# Where all weights are 1, the gradient counts the ways from a pixel to the cell
ways = tape.gradient(cell, x).numpy()[0, :, :, 0]
print(f"{side} x {side}, {stack.count_params()} weights, {np.count_nonzero(ways)} of {ways.size} pixels seen")
