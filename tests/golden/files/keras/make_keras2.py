"""Makes the files of Keras 2 in this folder with tf_keras, Keras 2 as a package: python make_keras2.py

Cases are those of `make.py`; see there. `keras2_<optimizer>` are of the last optimizers of Keras 2,
`keras2_<optimizer>_old` of those before 2.11.
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np
import tf_keras as keras
from tf_keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))
MORE = 2


def numbers(shape, seed):
    count = int(np.prod(shape))
    values = (73 * np.arange(count) + 31 * seed) % 199 / 100 - 1
    return values.astype("float32").reshape(shape)


def batch(model, seed, count=6):
    x = numbers((count, *model.input_shape[1:]), seed)
    return x, ((7 * np.arange(count) + seed) % model.output_shape[-1]).astype("int32")


def record(name, model, file, steps=3):
    for index, weight in enumerate(model.weights):
        values = numbers(weight.shape, 100 + index) * 0.4
        weight.assign(np.abs(values) + 0.5 if "variance" in weight.name else values)
    for step in range(steps):
        model.train_on_batch(*batch(model, step))
    path = os.path.join(HERE, file)
    if file.endswith(".keras"):
        model.save(path, save_format="keras")
    else:
        model.save(path, save_format="h5")
    inputs = numbers((3, *model.input_shape[1:]), 7)
    case = {"file": file, "input_shape": list(model.input_shape[1:]), "outputs": list(model.output_shape[1:])}
    case["predictions"] = model.predict(inputs, verbose=0).astype("float64").ravel().round(9).tolist()
    case["params"], case["next_seed"] = int(model.count_params()), steps
    for step in range(MORE):
        model.train_on_batch(*batch(model, steps + step))
    case["after"] = model.predict(inputs, verbose=0).astype("float64").ravel().round(9).tolist()
    with open(os.path.join(HERE, f"{name}.json"), "w", encoding="utf-8") as out:
        json.dump(case, out, separators=(",", ":"))
        out.write("\n")
    print(name, os.path.getsize(path))


def small(optimizer):
    model = keras.Sequential(
        [
            layers.Conv2D(2, 3, activation="relu", input_shape=(5, 5, 1)),
            layers.BatchNormalization(),
            layers.LeakyReLU(alpha=0.2),
            layers.Flatten(),
            layers.Dropout(0.0),
            layers.Dense(3, activation="softmax", kernel_regularizer="l2"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer, loss, metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)])
    return model


def wide():
    """More layers, some with the arguments that only Keras 2 saves, and a model within the model."""
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            keras.Sequential([layers.DepthwiseConv2D(2), layers.SeparableConv2D(3, 2), layers.BatchNormalization()]),
            layers.ReLU(max_value=2.0),
            layers.PReLU(shared_axes=[1, 2]),
            layers.AveragePooling2D(),
            layers.GlobalAveragePooling2D(),
            layers.LayerNormalization(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    return model


if __name__ == "__main__":
    new, old = keras.optimizers, keras.optimizers.legacy
    record("keras2_adam", small(new.Adam(0.02, amsgrad=True)), "keras2_adam.h5")
    record("keras2_adam_old", small(old.Adam(0.02)), "keras2_adam_old.h5")
    record("keras2_sgd", small(new.SGD(0.1, momentum=0.9)), "keras2_sgd.h5")
    record("keras2_rmsprop_old", small(old.RMSprop(0.01)), "keras2_rmsprop_old.h5")
    record("keras2_wide", wide(), "keras2_wide.h5")
    record("keras2_zip", small(new.Adam(0.02)), "keras2_zip.keras")
