import keras
import numpy as np

image = np.array([0, 9, 3, 8, 4, 1, 0, 3, 3, 1, 9, 7,
    9, 3, 3, 3, 6, 4, 1, 0, 6, 9, 0, 8,
    8, 9, 8, 9, 0, 3, 4, 5, 0, 5, 1, 1,
    5, 1, 1, 6, 8, 0, 9, 0, 5, 7, 7, 1,
    8, 4, 0, 4, 9, 2, 9, 8, 5, 0, 0, 0,
    6, 8, 0, 6, 5, 4, 7, 3, 5, 3, 6, 9], dtype="float32").reshape(6, 6, 2)
# One kernel for each output map: rows, columns, channels
kernels = np.array([0.85, 0.54, -0.29, -0.74, 0.88, -0.7, 0.9, 0.9, 0.66, 0.39, 0.72, -0.6,
    0, -0.23, 0.81, 0.16, 0.06, 0.86, -0.67, -0.28, -0.71, 0.31, 0.22, 0.71,
    0.6, 0.23, -0.74, 0.39, -0.18, 0.26, 0.51, 0.8, 0.35, -0.43, -0.7, -0.96], dtype="float32").reshape(3, 3, 2, 2)
bias = np.array([-1, -0.25, 0.5], dtype="float32")

# Keras
model = keras.Sequential([
    keras.Input((6, 6, 2)),
    keras.layers.Conv2D(3, (3, 2), groups=1, strides=(1, 1), padding="valid",
        dilation_rate=(1, 1), activation="relu", use_bias=True),
])
model.layers[-1].set_weights([kernels.transpose(1, 2, 3, 0), bias])
keras_maps = keras.ops.convert_to_numpy(model(image[None]))[0]

# The same in NumPy: the sum of products under the window at every position
padded = np.pad(image, (*((0, 0), (0, 0)), (0, 0)))
maps = np.empty((4, 5, 3), dtype="float32")
for i, j, k in np.ndindex(maps.shape):
    top, left, first = i * 1, j * 1, 0
    window = padded[top:top + 3:1, left:left + 2:1, first:first + 2]
    maps[i, j, k] = np.sum(window * kernels[k]) + bias[k]
x = maps
maps = np.maximum(x, 0)

# Both round, by a small part of the largest sum there can be
largest = np.abs(image).max() * np.abs(kernels).sum(axis=(1, 2, 3)).max()
np.testing.assert_allclose(maps, keras_maps, rtol=1e-4, atol=1e-6 * (1 + largest))
print(maps.shape)
print(maps[..., 0])
