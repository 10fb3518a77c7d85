import keras
import numpy as np

image = np.array([0, 9, 3, 8, 4, 1, 0, 3, 3, 1, 9, 7,
    9, 3, 3, 3, 6, 4, 1, 0, 6, 9, 0, 8,
    8, 9, 8, 9, 0, 3, 4, 5, 0, 5, 1, 1], dtype="float32").reshape(6, 6, 1)
# One kernel for each output map: rows, columns, channels
kernels = np.array([0.85, 0.54, -0.29, -0.74, 0.88, -0.7, 0.9, 0.9, 0.66, 0.39, 0.72, -0.6,
    0.33, 0.25, -0.28, -0.41, -0.45, -0.23, -0.76, 0.48, -0.61, 0.97, -0.02, 0.34,
    0.84, -0.71, 0.54, -0.85, -0.78, 0.76, 0.98, 0.03, 0.02, -0.47, 0.09, -0.33,
    -0.79, -0.68, -0.79, -0.84, -0.91, -0.24, 0.42, 0.21, -0.13, -0.57, -0.31, -0.01,
    -0.55, -0.19, -0.99, 0.81, 0.27, -0.33, -0.42, -0.93, -0.11, -0.67, -0.92, 0.33,
    -0.79, 0.03, -0.76, 0.24, 0.58, -0.85, -0.84, -0.3, 0.98, 0.19, -0.1, 0.6,
    -0.49, -0.77, -0.43, 0.55, -0.69, -0.85, 0.58, 0.27, -0.23], dtype="float32").reshape(1, 9, 9, 1)

# Keras refuses these settings: window 9x9 is larger than its input 6x6 and padding is valid: nothing is left
try:
    model = keras.Sequential([
        keras.Input((6, 6, 1)),
        keras.layers.Conv2D(1, (9, 9), groups=1, strides=(1, 1), padding="valid",
            dilation_rate=(1, 1), activation="linear", use_bias=False),
    ])
except ValueError as error:
    print(error)
