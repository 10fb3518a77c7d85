"""Makes the files of this folder with Keras 3.15.1 on TensorFlow: python make.py

Each case is a file that Keras saved and `<case>.json`, which says what Keras gave for `inputs` and, where the
model was compiled, its optimizer's variables and what it gives after `more` further steps.
"""

import json
import os
import zipfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras
import numpy as np
from keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))
MORE = 2


def numbers(shape, seed):
    """Numbers that the tests make again: (((73·i + 31·seed) mod 199)/100 − 1)."""
    count = int(np.prod(shape))
    values = (73 * np.arange(count) + 31 * seed) % 199 / 100 - 1
    return values.astype("float32").reshape(shape)


def classes(count, outputs, seed):
    return ((7 * np.arange(count) + seed) % outputs).astype("int32")


def batch(model, seed, count=6):
    x = numbers((count, *model.input_shape[1:]), seed)
    return x, classes(count, model.output_shape[-1], seed)


def spread_weights(model):
    """Weights unlike those that layers begin with, so that none can be mistaken for another."""
    for index, weight in enumerate(model.weights):
        values = numbers(weight.shape, 100 + index) * 0.4
        if "variance" in weight.name:
            values = np.abs(values) + 0.5
        weight.assign(values)


def record(name, model, file, steps=3):
    case = {"file": file, "input_shape": list(model.input_shape[1:]), "outputs": list(model.output_shape[1:])}
    if model.compiled:
        for step in range(steps):
            model.train_on_batch(*batch(model, step))
    path = os.path.join(HERE, file)
    if file.endswith(".weights.h5"):
        model.save_weights(path)
    else:
        model.save(path)
    inputs = numbers((3, *model.input_shape[1:]), 7)
    case["predictions"] = model.predict(inputs, verbose=0).astype("float64").ravel().round(9).tolist()
    case["params"], case["next_seed"] = int(model.count_params()), steps
    if model.compiled:
        variables = [np.asarray(variable).ravel().astype("float64") for variable in model.optimizer.variables]
        case["variables"] = [variable.tolist() for variable in variables]
        for step in range(MORE):
            model.train_on_batch(*batch(model, steps + step))
        case["after"] = model.predict(inputs, verbose=0).astype("float64").ravel().round(9).tolist()
    with open(os.path.join(HERE, f"{name}.json"), "w", encoding="utf-8") as out:
        json.dump(case, out, separators=(",", ":"))
        out.write("\n")
    print(name, os.path.getsize(path))


def all_layers():
    initializers = keras.initializers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.RandomFlip("horizontal", seed=3),
            layers.RandomTranslation(0.1, (0.0, 0.2), fill_mode="constant"),
            layers.RandomRotation(0.1, interpolation="nearest"),
            layers.RandomZoom(0.1),
            layers.ZeroPadding2D(((1, 0), (2, 1))),
            layers.Conv2D(
                4,
                3,
                strides=(1, 2),
                padding="same",
                activation="relu",
                kernel_initializer=initializers.VarianceScaling(2.0, "fan_out", "uniform", seed=4),
                kernel_regularizer=keras.regularizers.L1L2(1e-4, 1e-3),
                kernel_constraint=keras.constraints.MaxNorm(3, axis=[0, 1, 2]),
                bias_initializer=initializers.Constant(0.5),
            ),
            layers.Conv2D(4, (2, 1), dilation_rate=2, groups=2, use_bias=False, activation="leaky_relu"),
            layers.DepthwiseConv2D(3, depth_multiplier=2, activation="gelu", depthwise_regularizer="l2"),
            layers.BatchNormalization(momentum=0.9, beta_constraint="non_neg"),
            layers.SeparableConv2D(3, 2, depth_multiplier=2, padding="same", activation="silu"),
            layers.PReLU(alpha_initializer="he_normal", shared_axes=[1, 2]),
            layers.LayerNormalization(axis=[2, 3], epsilon=1e-5, name="norm_of_mine"),
            layers.GaussianNoise(0.1, seed=5),
            layers.SpatialDropout2D(0.1),
            layers.MaxPooling2D((2, 1), padding="same"),
            layers.AveragePooling2D(2, strides=1),
            layers.ReLU(max_value=0.8, negative_slope=0.1, threshold=0.05),
            layers.LeakyReLU(0.2),
            layers.ELU(0.7),
            layers.Softmax(axis=[1, 2]),
            layers.Flatten(),
            layers.Dropout(0.2, noise_shape=(None, 1), seed=1),
            layers.Reshape((-1, 3)),
            layers.ActivityRegularization(l1=0.01, l2=0.02),
            layers.BatchNormalization(axis=1, scale=False, center=True),
            layers.Activation("softsign"),
            layers.Flatten(),
            layers.Dense(5, use_bias=False, activation="tanh", trainable=False),
            layers.Dense(4, activation="softmax", kernel_initializer=initializers.Orthogonal(seed=2)),
        ],
        name="every_layer",
    )
    spread_weights(model)
    record("layers", model, "layers.keras")


def pooled():
    pooling = [layers.GlobalMaxPooling2D(keepdims=True), layers.GlobalAveragePooling2D()]
    model = keras.Sequential([keras.Input((5, 4, 3)), layers.Conv2D(2, 2, padding="same"), *pooling])
    spread_weights(model)
    record("pooled", model, "pooled.keras")


def dense(optimizer, loss="sparse_categorical_crossentropy", **arguments):
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, activation="tanh"), layers.Dense(2, activation="softmax")]
    )
    spread_weights(model)
    model.compile(optimizer, loss, **arguments)
    return model


def optimizers():
    make = keras.optimizers
    cases = {
        "sgd": make.SGD(0.1, weight_decay=0.01),
        "sgd_momentum": make.SGD(0.1, momentum=0.8, nesterov=True, clipvalue=0.05),
        "rmsprop": make.RMSprop(0.01, rho=0.8, momentum=0.5, centered=True),
        "adagrad": make.Adagrad(0.05, initial_accumulator_value=0.2),
        "nadam": make.Nadam(0.02),
        "adam_amsgrad": make.Adam(0.02, amsgrad=True, global_clipnorm=0.1),
        "adamw": make.AdamW(0.02, weight_decay=0.05, beta_1=0.8),
        "adam_ema": make.Adam(0.02, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=4),
        "adam_accumulation": make.Adam(0.02, gradient_accumulation_steps=2),
        "adam_schedule": make.Adam(make.schedules.CosineDecay(0.05, 10, warmup_target=0.1, warmup_steps=2)),
    }
    for name, optimizer in cases.items():
        record(name, dense(optimizer), f"{name}.keras")


def compiled():
    # Every metric and a loss with arguments, by class, by function and by name.
    metrics = keras.metrics
    model = dense(
        keras.optimizers.Adam(keras.optimizers.schedules.PiecewiseConstantDecay([2, 4], [0.1, 0.05, 0.01])),
        keras.losses.SparseCategoricalCrossentropy(ignore_class=5, reduction="sum"),
        loss_weights=[0.5],
        metrics=["accuracy", metrics.SparseTopKCategoricalAccuracy(1, name="first"), keras.losses.sparse_categorical_crossentropy],
        weighted_metrics=[metrics.SparseCategoricalCrossentropy(from_logits=True)],
    )
    record("compiled", model, "compiled.keras")


def convolution():
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(3, 3, activation="relu", kernel_constraint=keras.constraints.MaxNorm(0.9, axis=[0, 1, 2])),
            layers.MaxPooling2D(),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", kernel_regularizer="l2"),
        ]
    )
    spread_weights(model)
    model.layers[0].kernel.assign(numbers((3, 3, 1, 3), 3) * 0.2)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    record("convolution", model, "convolution.keras")
    record("convolution_weights", model, "convolution.weights.h5", steps=0)
    record("convolution_h5", model, "convolution.h5", steps=0)


def graphs():
    inner = keras.Sequential(
        [keras.Input((4, 4, 2)), layers.Conv2D(2, 2), layers.BatchNormalization(), layers.Conv2D(2, 2, trainable=False)]
    )
    inputs = keras.Input((5, 5, 1))
    x = layers.Conv2D(2, 2)(inputs)
    x = inner(x)
    x = layers.Conv2D(2, 1, activation="relu")(x)
    x = layers.Flatten()(x)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
    spread_weights(model)
    model.compile("sgd", "sparse_categorical_crossentropy")
    record("graph", model, "graph.keras")
    record("graph_h5", model, "graph.h5", steps=0)
    # No chain: two layers take one's output.
    inputs = keras.Input((4,))
    x = layers.Dense(3, name="first")(inputs)
    model = keras.Model(inputs, layers.Add()([layers.Dense(3)(x), x]))
    model.save(os.path.join(HERE, "branches.keras"))
    # Half the digits.
    keras.Sequential([keras.Input((4,)), layers.Dense(3, dtype="float16")]).save(os.path.join(HERE, "half.keras"))


def nested_weights():
    """Groups within groups, which the model that they are read into does not remember."""
    model = keras.models.load_model(os.path.join(HERE, "graph.keras"))
    record("graph_weights", model, "graph.weights.h5", steps=0)
    alpha = layers.PReLU(shared_axes=[1, 2])
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Conv2D(2, 2, activation=alpha),
            layers.Flatten(),
            layers.Dense(3, activation=layers.PReLU()),
            layers.Dense(2, activation="softmax"),
        ]
    )
    spread_weights(model)
    model.compile("adam", "sparse_categorical_crossentropy")
    record("activations", model, "activations.keras")
    record("activations_weights", model, "activations.weights.h5", steps=0)


def called():
    """Keras 3 saves a call's `training`, which it gives where nobody does, and does not keep to it."""
    inputs = keras.Input((6,))
    x = layers.Dense(5)(inputs)
    x = layers.BatchNormalization()(x, training=False)
    x = layers.Dropout(0.5)(x)
    x = layers.GaussianNoise(0.3)(x)
    x = layers.GaussianNoise(0.2)(x, training=True)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
    spread_weights(model)
    record("called", model, "called.keras")
    record("called_h5", model, "called.h5")


def deflated():
    """As whoever packs a file again makes it."""
    with zipfile.ZipFile(os.path.join(HERE, "sgd.keras")) as stored:
        with zipfile.ZipFile(os.path.join(HERE, "deflated.keras"), "w", zipfile.ZIP_DEFLATED) as packed:
            for name in reversed(stored.namelist()):
                packed.writestr(zipfile.ZipInfo(name), stored.read(name), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    keras.utils.set_random_seed(1)
    all_layers()
    pooled()
    optimizers()
    compiled()
    convolution()
    graphs()
    nested_weights()
    called()
    deflated()
