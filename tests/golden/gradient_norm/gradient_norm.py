"""Writes gradient_norm.json: TensorFlow's global norm of the whole gradient of a small Keras model.

The weights, the inputs and the classes follow from a formula that src/engine/watch_tests.rs has too.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf


def numbers(length, step, modulus):
    return (np.float32(np.arange(length) * step % modulus) / np.float32(modulus)) - np.float32(0.5)


def global_norm(l2):
    regularizer = keras.regularizers.L2(l2) if l2 is not None else None
    model = keras.Sequential([
        keras.Input((2, 2)),
        keras.layers.Flatten(),
        keras.layers.Dense(5, activation="relu", kernel_regularizer=regularizer),
        keras.layers.Dense(3, activation="softmax"),
    ])
    block = numbers(sum(weight.shape.num_elements() for weight in model.weights), 7, 23)
    weights, begin = [], 0
    for weight in model.weights:
        size = weight.shape.num_elements()
        weights.append(block[begin:begin + size].reshape(weight.shape))
        begin += size
    model.set_weights(weights)
    x = numbers(24, 5, 17).reshape(6, 2, 2)
    y = np.array([0, 1, 2, 0, 1, 2])
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(y, model(x, training=True))
        if model.losses:
            loss += tf.add_n(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    return float(tf.linalg.global_norm(gradients).numpy())


cases = [{"l2": l2, "global_norm": global_norm(l2)} for l2 in (None, 0.5)]
made_with = f"keras {keras.__version__}, tensorflow {tf.__version__}, float32, cpu"
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"made_with": made_with, "cases": cases}, indent=1) + "\n")
