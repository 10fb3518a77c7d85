import keras
import numpy as np

image = np.array([0, 9, 3, 8, 4, 1, 0, 3, 3, 1, 9, 7,
    9, 3, 3, 3, 6, 4, 1, 0, 6, 9, 0, 8,
    8, 9, 8, 9, 0, 3, 4, 5, 0, 5, 1, 1,
    5, 1, 1, 6, 8, 0, 9, 0, 5, 7, 7, 1,
    8, 4], dtype="float32").reshape(5, 5, 2)
# One kernel for each output map: rows, columns, channels
kernels = np.array([0.85, 0.54, -0.29, -0.74, 0.88, -0.7, 0, -0.23, 0.81, 0.16, 0.06, 0.86,
    0.6, 0.23, -0.74, 0.39, -0.18, 0.26, 0.66, -0.82, -0.3, 0.63, -0.72, -0.72], dtype="float32").reshape(4, 3, 2, 1)
bias = np.array([-1, -0.25, 0.5, 1.25], dtype="float32")

# Keras
model = keras.Sequential([
    keras.Input((5, 5, 2)),
    keras.layers.ZeroPadding2D(1),
    keras.layers.DepthwiseConv2D((3, 2), depth_multiplier=2, strides=(1, 1), padding="valid",
        dilation_rate=(1, 1), activation="linear", use_bias=True),
])
model.layers[-1].set_weights([kernels.reshape(2, 2, 3, 2).transpose(2, 3, 0, 1), bias])
keras_maps = keras.ops.convert_to_numpy(model(image[None]))[0]

# The same in NumPy: the sum of products under the window at every position
padded = np.pad(image, (*((1, 1), (1, 1)), (0, 0)))
maps = np.empty((5, 6, 4), dtype="float32")
for i, j, k in np.ndindex(maps.shape):
    top, left, first = i * 1, j * 1, k // 2
    window = padded[top:top + 3:1, left:left + 2:1, first:first + 1]
    maps[i, j, k] = np.sum(window * kernels[k]) + bias[k]

# Both round, by a small part of the largest sum there can be
largest = np.abs(image).max() * np.abs(kernels).sum(axis=(1, 2, 3)).max()
np.testing.assert_allclose(maps, keras_maps, rtol=1e-4, atol=1e-6 * (1 + largest))
print(maps.shape)
print(maps[..., 0])
