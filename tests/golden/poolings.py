"""500 random settings of one pooling on whole numbers, for the page that takes it apart: the pooled map, and
where a gradient of 1 for each of its cells goes.

That of a mean is read from what the layer gives for a single 1 at each place, since it is linear: where a window is
longer than its row and padded on both sides, TensorFlow 2.21's own gradient divides by another number of cells
than its mean does (setting 308: by 4 instead of 3)."""

import random

import common
import numpy as np
import tensorflow as tf
from keras import layers

CASES = 500


def make():
    draw = random.Random(21)
    common.write("poolings", {"kind": "poolings", "cases": [case(draw) for _ in range(CASES)]})


def case(draw):
    kind = draw.choice(["MaxPooling2D", "AveragePooling2D"])
    padding = draw.choice(["valid", "same"])
    pool_size = [draw.randint(1, 5), draw.randint(1, 5)]
    strides = draw.choice([None, [draw.randint(1, 6), draw.randint(1, 6)]])
    shape = [draw.randint(1 if padding == "same" else size, 11) for size in pool_size]
    # Few different numbers, so that many are equal.
    values = [draw.randint(-4, 4) for _ in range(shape[0] * shape[1])]
    image = tf.constant(np.array(values, "float32").reshape([1] + shape + [1]))
    layer = getattr(layers, kind)(pool_size=pool_size, strides=strides, padding=padding)
    output = layer(image)
    gradient = of_maximum(layer, image) if kind == "MaxPooling2D" else of_mean(layer, shape)
    return {
        "setting": {"kind": kind, "pool_size": pool_size, "strides": strides, "padding": padding},
        "shape": shape,
        "values": values,
        "output_shape": list(output.shape[1:3]),
        "output": [float(value) for value in output.numpy().reshape(-1)],
        "gradient": [float(value) for value in gradient],
    }


def of_maximum(layer, image):
    with tf.GradientTape() as tape:
        tape.watch(image)
        output = layer(image)
    return tape.gradient(output, image, output_gradients=tf.ones_like(output)).numpy().reshape(-1)


def of_mean(layer, shape):
    ones = np.eye(shape[0] * shape[1], dtype="float32").reshape([-1] + shape + [1])
    return layer(ones).numpy().sum(axis=(1, 2, 3))
