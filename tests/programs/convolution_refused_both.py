import keras
import numpy as np

image = np.array([0, 9, 3, 8, 4, 1, 0, 3, 3, 1, 9, 7,
    9, 3, 3, 3, 6, 4, 1, 0, 6, 9, 0, 8,
    8, 9, 8, 9, 0, 3, 4, 5, 0, 5, 1, 1,
    5, 1, 1, 6, 8, 0, 9, 0, 5, 7, 7, 1,
    8, 4, 0, 4, 9, 2, 9, 8, 5, 0, 0, 0,
    6, 8, 0, 6, 5, 4, 7, 3, 5, 3, 6, 9,
    8, 6, 1, 3, 3, 0, 6, 3, 1], dtype="float32").reshape(9, 9, 1)
# One kernel for each output map: rows, columns, channels
kernels = np.array([0.85, 0.54, -0.29, -0.74, 0.88, -0.7, 0.9, 0.9, 0.66, 0.39, 0.72, -0.6,
    0.33, 0.25, -0.28, -0.41, -0.45, -0.23, -0.76, 0.48, -0.61, 0.97, -0.02, 0.34,
    0.84], dtype="float32").reshape(1, 5, 5, 1)

# Keras refuses these settings: strides [2, 2] and dilation_rate [2, 2] cannot both be larger than 1
try:
    model = keras.Sequential([
        keras.Input((9, 9, 1)),
        keras.layers.Conv2D(1, (5, 5), groups=1, strides=(2, 2), padding="valid",
            dilation_rate=(2, 2), activation="linear", use_bias=False),
    ])
except ValueError as error:
    print(error)
