import keras
import numpy as np
import tensorflow as tf

image = np.array([[1, 0, 2, 1, 3, 0, 1],
    [2, 1, 0, 3, 1, 2, 0],
    [0, 3, 1, 2, 0, 1, 2],
    [1, 2, 0, 1, 2, 3, 1],
    [3, 0, 2, 0, 1, 1, 0],
    [0, 1, 1, 3, 0, 2, 1],
    [2, 1, 0, 1, 2, 0, 3]], dtype="float32")
kernel = np.array([[1, 2, -1],
    [3, 1, -2],
    [-1, 2, 1]], dtype="float32")


def convolve(weights, dilation_rate):
    layer = keras.layers.Conv2D(1, weights.shape, strides=1, padding="valid",
                                dilation_rate=dilation_rate, use_bias=False)
    layer.build((None, 7, 7, 1))
    layer.set_weights([weights[:, :, None, None]])
    return keras.ops.convert_to_numpy(layer(image[None, :, :, None]))[0, :, :, 0]


# Keras: each weight lies 2 cells from the next
result = convolve(kernel, 2)

# The same filter without gaps: zeros stand in them
dense_kernel = np.zeros((5, 5), dtype="float32")
dense_kernel[::2, ::2] = kernel
dense = convolve(dense_kernel, 1)
np.testing.assert_allclose(dense, result, rtol=1e-5, atol=1e-5)

# The same in NumPy: of what the window spans, the numbers that are 2 cells apart
padded = np.pad(image, ((0, 0), (0, 0)))
by_hand = np.empty((3, 3), dtype="float32")
for i, j in np.ndindex(by_hand.shape):
    by_hand[i, j] = np.sum(padded[i:i + 5:2, j:j + 5:2] * kernel)
np.testing.assert_allclose(by_hand, result, rtol=1e-5, atol=1e-5)
print(result)

# A stack of layers: what one cell of its result sees
rates = [1, 2, 4]
side = 1 + (3 - 1) * sum(rates)
stack = keras.Sequential([keras.Input((15, 15, 1))])
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
