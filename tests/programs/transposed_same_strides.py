import keras
import numpy as np

image = np.array([[1, -2, 3, 0.5, 2],
    [0, 1.5, -1, 4, 1],
    [2, 2, 0, -3, 1],
    [-1, 0, 5, 1, 0.25]], dtype="float32")
kernel = np.array([[1, -2, 0.5],
    [3, 0.25, -1]], dtype="float32")

# Keras
layer = keras.layers.Conv2DTranspose(1, (2, 3), strides=2, padding="same",
                                     use_bias=False)
layer.build((None, 4, 5, 1))
layer.set_weights([kernel.reshape(2, 3, 1, 1)])
result = keras.ops.convert_to_numpy(layer(image.reshape(1, 4, 5, 1)))[0, :, :, 0]

# The same in NumPy: zeros between the cells and around them, then the kernel turned by half a turn
stuffed = np.zeros((9, 12), dtype="float32")
for i, j in np.ndindex(image.shape):
    stuffed[1 + i * 2, 2 + j * 2] = image[i, j]
by_hand = np.empty((9 - 2 + 1, 12 - 3 + 1), dtype="float32")
for i, j in np.ndindex(by_hand.shape):
    by_hand[i, j] = np.sum(stuffed[i:i + 2, j:j + 3] * kernel[::-1, ::-1])

np.testing.assert_allclose(by_hand, result, rtol=1e-5, atol=1e-5)
print(result)
