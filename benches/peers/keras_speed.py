"""Native Keras on one thread: images per CPU second on the three workloads.

    python keras_speed.py ROUNDS SECONDS FILE
"""

import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")

import keras
import numpy as np
import tensorflow as tf
from turns import turn, write

BATCH, IMAGES, WARM_UP = 64, 9_984, 40
CONVOLUTIONS = {"W1": [], "W2": [(32, 3, "valid"), (64, 3, "valid")], "W3": [(6, 5, "same"), (16, 5, "valid")]}
UNITS = {"W1": [128], "W2": [128], "W3": [120, 84]}


def build(workload):
    layers = [keras.Input((28, 28, 1))]
    for filters, size, padding in CONVOLUTIONS[workload]:
        layers.append(keras.layers.Conv2D(filters, size, padding=padding, activation="relu"))
        layers.append(keras.layers.MaxPooling2D(2))
    layers.append(keras.layers.Flatten())
    layers.extend(keras.layers.Dense(units, activation="relu") for units in UNITS[workload])
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


def measure(workload, rounds, seconds):
    rng = np.random.default_rng(1)
    x = rng.integers(0, 256, (IMAGES, 28, 28, 1)).astype(np.float32) / 255
    y = rng.integers(0, 10, IMAGES)
    model = build(workload)
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH).repeat()
    steps = max(1, int(IMAGES / BATCH / 4))

    def train():
        model.fit(data, steps_per_epoch=steps, shuffle=False, verbose=0)
        return steps * BATCH

    def infer():
        model.predict(x[: IMAGES // 4], batch_size=BATCH, verbose=0)
        return IMAGES // 4

    def infer_one():
        model(x[:1], training=False)
        return 1

    for kind, work in {"training": train, "inference": infer, "one image": infer_one}.items():
        for _ in range(3 if kind != "one image" else WARM_UP):
            work()
        turns = [turn(work, seconds) for _ in range(rounds)]
        print(f"bench: Keras, {workload} {kind}", file=sys.stderr)
        yield {"workload": workload, "kind": kind, "contestant": "keras", "workers": 1, "rounds": turns}


def main(rounds, seconds, file):
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    rows = [row for workload in UNITS for row in measure(workload, int(rounds), float(seconds))]
    version = f"{keras.__version__}, native, one thread (TensorFlow {tf.__version__})"
    write(file, "keras", "Keras", version, rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
