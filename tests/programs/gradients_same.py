import keras
import numpy as np
import tensorflow as tf

image = np.array([[1, -2, 3, 0.5, 2],
    [0, 1.5, -1, 4, 1],
    [2, 2, 0, -3, 1],
    [-1, 0, 5, 1, 0.25]], dtype="float32")
kernel = np.array([[1, -2, 0.5],
    [3, 0.25, -1]], dtype="float32")
sent = np.array([[1, 2, -1, 0.5, 3],
    [-2, 1, 0, 1, 1],
    [0.5, 0, 1, 2, -1],
    [1, 1, 2, -3, 0]], dtype="float32")

# Keras, on TensorFlow
layer = keras.layers.Conv2D(1, (2, 3), strides=1, padding="same",
                            dilation_rate=1, use_bias=False)
layer.build((None, 4, 5, 1))
layer.set_weights([kernel.reshape(2, 3, 1, 1)])
x = tf.constant(image.reshape(1, 4, 5, 1))
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
        h = i * 1 + kh * 1 - 0
        w = j * 1 + kw * 1 - 1
        if 0 <= h < 4 and 0 <= w < 5:
            by_hand_kernel[kh, kw] += sent[i, j] * image[h, w]
            by_hand_input[h, w] += sent[i, j] * kernel[kh, kw]

np.testing.assert_allclose(by_hand_input, grad_input, rtol=1e-5, atol=1e-5)
np.testing.assert_allclose(by_hand_kernel, grad_kernel, rtol=1e-5, atol=1e-5)
print(grad_kernel)
print(grad_input)
