"""The models that every tool opens: together they have every layer, activation, initializer, regularizer and constraint,
and every argument of a layer at another value than its default. `missing()` names what none of them has."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SIGNATURES = ROOT / "src/formats/keras_code/signatures.txt"

ACTIVATIONS = ["celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu",
               "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink",
               "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "squareplus", "tanh", "tanh_shrink"]


def one(kind, **arguments):
    return {kind: arguments}


def dense(units=4, **arguments):
    return one("Dense", units=units, **arguments)


def conv(filters=4, kernel_size=3, **arguments):
    return one("Conv2D", filters=filters, kernel_size=kernel_size, **arguments)


END = [{"Flatten": {}}, dense(3, activation="softmax")]
SEEDED = ["RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "GlorotUniform", "GlorotNormal",
          "HeUniform", "HeNormal", "LecunUniform", "LecunNormal", "Orthogonal"]


def models():
    """Name, input shape, layers."""
    first = {"data_format": "channels_first"}
    yield "dense", [6], [
        dense(7, activation="tanh", use_bias=False, kernel_initializer={"HeNormal": {}},
              kernel_regularizer={"L1": {"l1": 0.001}}, kernel_constraint={"MaxNorm": {"max_value": 1.5, "axis": 0}}),
        dense(5, activation="sigmoid", bias_initializer={"Constant": {"value": 0.1}}, trainable=False,
              bias_regularizer={"L2": {"l2": 0.002}}, activity_regularizer={"L1L2": {"l1": 0.001, "l2": 0.002}},
              bias_constraint={"NonNeg": {}}),
        dense(5, kernel_constraint={"UnitNorm": {"axis": 1}}, kernel_initializer={"Identity": {"gain": 0.5}}),
        dense(4, kernel_constraint={"MinMaxNorm": {"min_value": 0.2, "max_value": 0.9, "rate": 0.5, "axis": 0}},
              kernel_regularizer={"OrthogonalRegularizer": {"factor": 0.02, "mode": "columns"}},
              bias_initializer="ones"),
        dense(3, activation="softmax")]
    yield "activations", [5], [*(dense(6, activation=name) for name in ACTIVATIONS),
                               *(one("Activation", activation=name) for name in ACTIVATIONS
                                 if name not in ("exponential", "softmax", "log_softmax")), dense(2)]
    yield "activations_of_images", [5, 6, 2], [
        layer for idx, name in enumerate(ACTIVATIONS)
        for layer in (conv(2, 1, activation=name), *([{"BatchNormalization": {}}] if idx % 3 == 2 else []))] + END
    yield "initializers", [6], [
        *(dense(6, kernel_initializer={kind: {"seed": idx + 1}}, activation="tanh") for idx, kind in enumerate(SEEDED)),
        dense(6, kernel_initializer={"RandomNormal": {"mean": 0.1, "stddev": 0.3, "seed": 3}}),
        dense(6, kernel_initializer={"RandomUniform": {"minval": -0.2, "maxval": 0.4, "seed": 3}}),
        dense(6, kernel_initializer={"TruncatedNormal": {"mean": 0.1, "stddev": 0.3, "seed": 3}}),
        dense(6, kernel_initializer={"VarianceScaling": {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform",
                                                         "seed": 4}}),
        dense(6, kernel_initializer={"Orthogonal": {"gain": 1.2, "seed": 4}}, bias_initializer="zeros"), dense(2)]
    yield "convolutions", [11, 12, 4], [
        conv(6, [3, 2], strides=[2, 1], padding="same", activation="relu", use_bias=False,
             kernel_regularizer={"L2": {"l2": 0.001}}),
        conv(6, 3, groups=2, padding="same", activation="elu", bias_constraint={"MaxNorm": {"max_value": 2, "axis": 0}}),
        conv(4, 3, dilation_rate=[1, 2], trainable=False, kernel_constraint={"UnitNorm": {"axis": [0, 1, 2]}}),
        conv(3, [1, 2], activation="tanh", bias_regularizer={"L1": {"l1": 0.01}},
             activity_regularizer={"L2": {"l2": 0.001}}, kernel_initializer="he_uniform", bias_initializer="ones"), *END]
    yield "convolutions_first", [4, 11, 12], [
        conv(6, [3, 2], strides=[2, 1], padding="same", activation="relu", **first),
        conv(5, 3, dilation_rate=2, padding="same", **first), conv(4, 2, **first), {"Flatten": dict(first)}, dense(3)]
    yield "depthwise", [11, 12, 3], [
        one("DepthwiseConv2D", kernel_size=[3, 2], strides=2, padding="same", depth_multiplier=2, activation="relu",
            depthwise_regularizer={"L2": {"l2": 0.001}}, depthwise_constraint={"NonNeg": {}}),
        one("DepthwiseConv2D", kernel_size=2, use_bias=False, dilation_rate=[2, 1], trainable=False,
            depthwise_initializer="he_normal"),
        one("DepthwiseConv2D", kernel_size=2, activation="tanh", bias_initializer="ones",
            bias_regularizer={"L1": {"l1": 0.01}}, bias_constraint={"NonNeg": {}},
            activity_regularizer={"L2": {"l2": 0.001}}), *END]
    yield "separable", [11, 12, 3], [
        one("SeparableConv2D", filters=4, kernel_size=[3, 2], strides=2, padding="same", depth_multiplier=2,
            activation="relu", depthwise_regularizer={"L2": {"l2": 0.001}}, pointwise_regularizer={"L1": {"l1": 0.001}},
            depthwise_constraint={"NonNeg": {}}, pointwise_constraint={"MaxNorm": {"max_value": 2, "axis": 0}}),
        one("SeparableConv2D", filters=3, kernel_size=2, use_bias=False, dilation_rate=[2, 1], trainable=False,
            depthwise_initializer="he_normal", pointwise_initializer="he_uniform"),
        one("SeparableConv2D", filters=3, kernel_size=2, activation="tanh", bias_initializer="ones",
            bias_regularizer={"L1": {"l1": 0.01}}, bias_constraint={"NonNeg": {}},
            activity_regularizer={"L2": {"l2": 0.001}}), *END]
    yield "depthwise_first", [3, 11, 12], [
        one("DepthwiseConv2D", kernel_size=3, depth_multiplier=2, activation="relu", **first),
        one("SeparableConv2D", filters=4, kernel_size=3, padding="same", **first), {"Flatten": dict(first)}, dense(3)]
    for kind in ("MaxPooling2D", "AveragePooling2D"):
        yield kind.lower(), [25, 24, 3], [
            conv(4, 2), one(kind, pool_size=[3, 2], strides=[2, 1], padding="same"), conv(3, 2),
            one(kind, pool_size=2, padding="valid"), one(kind, pool_size=[2, 3], padding="same"),
            one(kind, pool_size=2, strides=1), *END]
        yield f"{kind.lower()}_first", [3, 13, 12], [
            one(kind, pool_size=[3, 2], strides=[2, 1], padding="same", **first), one(kind, pool_size=2, **first),
            {"Flatten": dict(first)}, dense(3)]
        glob = f"Global{kind}"
        yield glob.lower(), [7, 6, 3], [conv(4, 2, activation="tanh"), {glob: {}}, dense(3)]
        yield f"{glob.lower()}_kept", [7, 6, 3], [conv(4, 2), one(glob, keepdims=True), conv(2, 1), *END]
        yield f"{glob.lower()}_first", [3, 7, 6], [one(glob, **first), dense(3)]
        yield f"{glob.lower()}_first_kept", [3, 7, 6], [one(glob, keepdims=True, **first), *END]
    yield "padding", [5, 6, 2], [
        one("ZeroPadding2D", padding=1), conv(2, 2), one("ZeroPadding2D", padding=[2, 1]), conv(3, 3, activation="relu"),
        one("ZeroPadding2D", padding=[[0, 2], [1, 0]]), {"Reshape": {"target_shape": [-1, 3]}}, dense(4),
        {"Reshape": {"target_shape": [2, -1, 2]}}, conv(2, 1), *END]
    yield "padding_first", [2, 5, 6], [one("ZeroPadding2D", padding=[[0, 2], [1, 0]], **first),
                                       one("AveragePooling2D", pool_size=2, **first), {"Flatten": dict(first)}, dense(3)]
    yield "activation_layers", [5, 6, 3], [
        conv(3, 2), {"ReLU": {}}, conv(3, 1), one("ReLU", max_value=1.5, negative_slope=0.1, threshold=0.2),
        conv(3, 1), {"LeakyReLU": {}}, one("LeakyReLU", negative_slope=0.05), conv(3, 1),
        one("PReLU", alpha_initializer={"Constant": {"value": 0.2}}, alpha_regularizer={"L2": {"l2": 0.01}},
            alpha_constraint={"NonNeg": {}}), conv(3, 1),
        one("PReLU", shared_axes=[1, 2]), {"ELU": {}}, one("ELU", alpha=0.5), one("PReLU", shared_axes=[1], trainable=False),
        one("ActivityRegularization", l1=0.001, l2=0.002), one("Softmax", axis=1), {"Softmax": {}},
        one("Activation", activation="tanh"), {"Flatten": {}}, dense(4), {"PReLU": {}}, dense(3), {"Softmax": {}}]
    yield "normalization", [5, 6, 3], [
        {"BatchNormalization": {}}, conv(4, 2),
        one("BatchNormalization", momentum=0.8, epsilon=0.01, center=False, beta_initializer="zeros",
            gamma_regularizer={"L2": {"l2": 0.001}}, gamma_constraint={"NonNeg": {}},
            gamma_initializer={"Constant": {"value": 0.9}}),
        conv(3, 1), one("BatchNormalization", scale=False, trainable=False, beta_regularizer={"L1": {"l1": 0.001}},
                        beta_constraint={"NonNeg": {}}, beta_initializer="ones",
                        moving_mean_initializer={"Constant": {"value": 0.1}},
                        moving_variance_initializer={"Constant": {"value": 1.1}}),
        one("BatchNormalization", axis=1), one("BatchNormalization", center=False, scale=False),
        {"LayerNormalization": {}}, one("LayerNormalization", axis=[1, 2, 3], epsilon=0.01), conv(4, 2),
        one("LayerNormalization", axis=[2, 3], center=False, gamma_regularizer={"L2": {"l2": 0.001}},
            gamma_constraint={"NonNeg": {}}, gamma_initializer={"Constant": {"value": 0.9}}),
        one("LayerNormalization", axis=1, scale=False, beta_regularizer={"L1": {"l1": 0.001}}, trainable=False,
            beta_constraint={"NonNeg": {}}, beta_initializer="ones"),
        {"Flatten": {}}, dense(6), {"BatchNormalization": {}}, dense(5), {"LayerNormalization": {}}, dense(3)]
    yield "chance", [6, 5, 2], [
        one("GaussianNoise", stddev=0.1, seed=3), conv(4, 2), one("SpatialDropout2D", rate=0.3, seed=4),
        conv(3, 2, activation="relu"), one("Dropout", rate=0.2, seed=5), one("SpatialDropout2D", rate=0.1),
        {"Flatten": {}}, one("Dropout", rate=0.5), one("GaussianNoise", stddev=0.2), dense(3, activation="softmax")]
    yield "chance_first", [2, 6, 5], [one("SpatialDropout2D", rate=0.3, **first), *END]
    yield "augmentation", [8, 7, 2], [
        one("RandomFlip", mode="horizontal", seed=1), one("RandomFlip", mode="vertical"), {"RandomFlip": {}},
        one("RandomTranslation", height_factor=0.2, width_factor=[-0.1, 0.3], fill_mode="constant", fill_value=0.5,
            interpolation="nearest", seed=2),
        one("RandomTranslation", height_factor=0.1, width_factor=0.1),
        one("RandomRotation", factor=0.2, fill_mode="wrap", seed=3), one("RandomRotation", factor=[-0.1, 0.2],
            fill_mode="constant", fill_value=0.25, interpolation="nearest"),
        one("RandomZoom", height_factor=0.2, width_factor=[-0.1, 0.1], fill_mode="nearest", interpolation="nearest", seed=4),
        one("RandomZoom", height_factor=0.3, fill_mode="constant", fill_value=0.25), conv(4, 2), *END]
    yield "augmentation_first", [2, 8, 7], [
        one("RandomFlip", **first), one("RandomTranslation", height_factor=0.1, width_factor=0.1, **first),
        one("RandomRotation", factor=0.1, **first), one("RandomZoom", height_factor=0.1, **first),
        {"Flatten": dict(first)}, dense(3)]
    yield "tables", [4, 3], [dense(5, activation="relu"), {"LayerNormalization": {}}, one("Softmax", axis=1),
                             {"PReLU": {}}, {"BatchNormalization": {}}, {"Flatten": {}}, dense(2, activation="sigmoid")]
    yield "flatten_first_behind_last", [6, 5, 3], [conv(4, 2, activation="tanh"), {"Flatten": dict(first)}, dense(3)]
    yield "flatten_last_behind_first", [3, 6, 5], [one("MaxPooling2D", **first), {"Flatten": {}}, dense(3)]
    yield "flatten_first_of_matrices", [4, 3], [dense(5, activation="tanh"), {"Flatten": dict(first)}, dense(3)]
    yield "flatten_first_of_volumes", [2, 3, 4, 5], [{"Flatten": dict(first)}, dense(3)]
    yield "nothing_to_train", [4, 3], [one("Activation", activation="tanh"), {"Flatten": {}}]
    yield "lenet", [28, 28, 1], [
        conv(6, 5, padding="same", activation="tanh"), one("AveragePooling2D", pool_size=2), conv(16, 5, activation="tanh"),
        one("AveragePooling2D", pool_size=2), {"Flatten": {}}, dense(30, activation="tanh"), dense(10, activation="softmax")]


# What only says how a layer is made or called, and what a file's writer need not tell.
UNTOLD = {"name", "dtype", "lora_rank", "lora_alpha", "quantization_config", "renorm", "renorm_clipping", "renorm_momentum",
          "synchronized", "noise_shape"}


def signatures():
    """The arguments of every layer that the engine has."""
    for line in SIGNATURES.read_text().splitlines():
        found = re.fullmatch(r"layers\.(\w+)\((.*)\)", line)
        if found and found[1] not in ("InputLayer", "Rescaling"):
            yield found[1], {part.split("=")[0] for part in re.split(r", (?=\w+(?:=|$|,))", found[2])} - UNTOLD


def missing(all_models):
    """Layers, arguments and kinds that no model has."""
    seen = {}
    text = str(all_models)
    for _, _, layers in all_models:
        for layer in layers:
            (kind, arguments), = layer.items()
            seen.setdefault(kind, set()).update(arguments)
    for kind, arguments in signatures():
        if kind not in seen:
            yield kind
        else:
            yield from (f"{kind}.{argument}" for argument in sorted(arguments - seen[kind]))
    for line in SIGNATURES.read_text().splitlines():
        found = re.match(r"(?:initializers|regularizers|constraints)\.(\w+)\(", line)
        if found and f"'{found[1]}'" not in text and found[1] not in ("Zeros", "Ones"):
            yield found[1]
