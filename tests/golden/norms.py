"""Activations, normalization and the geometry of augmentation."""

from common import flat, keras, np, numbers, rng, tf, write

BATCH = 3

ACTIVATIONS = [
    "log_softmax", "leaky_relu", "relu6", "elu", "celu", "selu", "gelu", "silu", "hard_silu", "softplus", "softsign",
    "hard_sigmoid", "sparse_sigmoid", "log_sigmoid", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink",
    "squareplus", "sparse_plus", "exponential", "mish",
]

# the kinks themselves, and numbers past the range in which exp fits float32
EXTREMES = [[-6, -3, -1, -0.5, 0, 0.5, 1, 3, 6], [-80, -40, -17, -9, -1e-4, 1e-4, 9, 17, 40]]

CURVED = {"allowed": {"of_largest": 2e-6}, "reason": "another exp, and sums in another order: a few units in the last "
                                                    "place of the array's largest value"}
NORMALIZED = {"allowed": {"of_largest": 3e-6}, "reason": "TensorFlow multiplies out the normalization, and its gradient "
                                                        "sums in another order"}


def layer_cases():
    """(name, input shape, layer, input or None)."""
    for name in ACTIVATIONS:
        yield f"activation_{name}", [7], {"Activation": {"activation": name}}, None
        if name != "exponential":
            yield f"activation_{name}_extreme", [9], {"Activation": {"activation": name}}, EXTREMES
    kinks = [[-3, -1, 0, 0.25, 0.5, 1, 1.5, 2, 6], [-0.1, 0.1, 0.9, 1.1, 1.9, 2.1, 5.9, 6.1, 7]]
    for max_value in [None, 2.0, 6.0]:
        for negative_slope in [0.0, 0.25]:
            for threshold in [0.0, 1.0]:
                arguments = {"max_value": max_value, "negative_slope": negative_slope, "threshold": threshold}
                yield f"relu_layer_{max_value}_{negative_slope}_{threshold}", [9], {"ReLU": arguments}, kinks
    yield "leaky_relu_layer", [9], {"LeakyReLU": {}}, kinks
    yield "prelu_layer", [9], {"PReLU": {}}, kinks
    for name, axes in [("columns", 2), ("both", [1, 2]), ("all", [1, 2, 3]), ("none", []), ("last", -1)]:
        yield f"prelu_layer_shared_{name}", [3, 4, 2], {"PReLU": {"shared_axes": axes}}, None
    yield "elu_layer", [9], {"ELU": {"alpha": 2.0}}, kinks
    yield "softmax_layer_last", [3, 4], {"Softmax": {}}, None
    yield "softmax_layer_first", [3, 4], {"Softmax": {"axis": 1}}, None
    yield "softmax_layer_both", [3, 4], {"Softmax": {"axis": [1, 2]}}, None

    for axis in [-1, 1, [1, 2], [1, 2, 3]]:
        name = "_".join(str(number) for number in np.atleast_1d(axis))
        yield f"layer_normalization_axis_{name}", [3, 4, 2], {"LayerNormalization": {"axis": axis}}, None
    yield "layer_normalization_no_center", [5], {"LayerNormalization": {"center": False}}, None
    yield "layer_normalization_no_scale", [5], {"LayerNormalization": {"scale": False, "epsilon": 0.1}}, None
    yield "layer_normalization_rms_scaling", [5], {"LayerNormalization": {"rms_scaling": True}}, None


def make_layers():
    for name, shape, layer, rows in layer_cases():
        random = rng(name)
        (kind, arguments), = layer.items()
        model = keras.Sequential([keras.Input(tuple(shape)), getattr(keras.layers, kind)(**arguments)])
        weights = [random.uniform(-0.7, 0.7, weight.shape).astype("float32") for weight in model.weights]
        model.set_weights(weights)
        x = tf.constant(np.array(rows if rows else random.standard_normal([BATCH, *shape]), "float32"))
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = model(x, training=False)
            r = random.standard_normal(y.shape).astype("float32")
            total = tf.reduce_sum(y * r)
        grad_input, *grad_params = tape.gradient(total, [x, *model.trainable_variables])
        names = [weight.name for weight in model.weights]
        write(name, {
            "kind": "layer",
            "model": {"name": name, "input_shape": shape, "layers": [layer]},
            "tolerance": NORMALIZED if kind == "LayerNormalization" else CURVED,
            "input": flat(x),
            "params": {key: flat(value) for key, value in zip(names, weights)},
            "grad_output": flat(r),
            "output": flat(y),
            "grad_input": flat(grad_input),
            "grad_params": {key: flat(value) for key, value in zip(names, grad_params)},
        })


NORMALIZATIONS = [
    ("batch_normalization", [4], {}),
    ("batch_normalization_image", [3, 2, 4], {}),
    ("batch_normalization_axis_1", [3, 2, 4], {"axis": 1}),
    ("batch_normalization_momentum", [3], {"momentum": 0.5, "epsilon": 0.1}),
    ("batch_normalization_no_center", [3], {"center": False}),
    ("batch_normalization_no_scale", [3], {"scale": False}),
    ("batch_normalization_statistics_only", [3], {"center": False, "scale": False}),
    ("batch_normalization_frozen", [2, 2, 3], {"trainable": False}),
]


def make_normalizations():
    """Three training batches and inference after each, the moving statistics going on."""
    for name, shape, arguments in NORMALIZATIONS:
        random = rng(name)
        layer = keras.layers.BatchNormalization(**arguments)
        layer.build((None, *shape))
        initial = [random.uniform(0.2, 1.5, weight.shape).astype("float32") for weight in layer.weights]
        layer.set_weights(initial)
        names = [weight.name for weight in layer.weights]
        steps = []
        for batch in range(3):
            # the last batch is a partial one
            size = [BATCH + 2 - batch, *shape]
            x = tf.constant((random.standard_normal(size) * (1 + batch) + batch).astype("float32"))
            r = random.standard_normal(size).astype("float32")
            trained = [layer.gamma, layer.beta] if layer.trainable else []
            trained = [weight for weight in trained if weight is not None]
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x, training=True)
                total = tf.reduce_sum(y * r)
            grad_input, *grad_params = tape.gradient(total, [x, *[weight.value for weight in trained]])
            steps.append({
                "input": flat(x),
                "grad_output": flat(r),
                "output": flat(y),
                "grad_input": flat(grad_input),
                "grad_params": {weight.name: flat(grad) for weight, grad in zip(trained, grad_params)},
                "params_after": {key: flat(value) for key, value in zip(names, layer.get_weights())},
                "inference": flat(layer(x, training=False)),
            })
        write(name, {
            "kind": "batches",
            "model": {"name": name, "input_shape": shape, "layers": [{"BatchNormalization": arguments}]},
            "tolerance": NORMALIZED,
            "params": {key: flat(value) for key, value in zip(names, initial)},
            "steps": steps,
        })


def rotation(degrees, height, width):
    layer = keras.layers.RandomRotation(0.0)
    ones, zeros = np.ones(1, "float32"), np.zeros(1, "float32")
    return layer._compute_affine_matrix(0.5, 0.5, np.float32([degrees]), zeros, zeros, ones, zeros, zeros, height, width)[0]


def zoom(x, y, height, width):
    return keras.layers.RandomZoom(0.0)._get_zoom_matrix(np.float32([[x, y]]), height, width)[0]


def translation(x, y):
    return keras.layers.RandomTranslation(0.0, 0.0)._get_translation_matrix(np.float32([[x, y]]))[0]


def make_transformations():
    """The image read through one matrix in every way: the matrices the augmentation layers use."""
    height, width = 4, 5
    matrices = {
        "translation": translation(1.3, -0.7),
        "translation_far": translation(-12.25, 9.5),
        "rotation": rotation(33.0, height, width),
        "rotation_back": rotation(-140.0, height, width),
        "zoom_in": zoom(0.6, 0.8, height, width),
        "zoom_out": zoom(1.7, 1.9, height, width),
        "shear": np.float32([1.1, 0.4, -0.35, -0.3, 0.9, 0.65, 0, 0]),
    }
    image = rng("affine").standard_normal((height, width, 2)).astype("float32")
    for name, matrix in matrices.items():
        readings = []
        for fill_mode in ["reflect", "wrap", "constant", "nearest"]:
            for interpolation in ["bilinear", "nearest"]:
                output = keras.ops.image.affine_transform(
                    image, matrix, interpolation=interpolation, fill_mode=fill_mode, fill_value=0.5)
                readings.append({"fill_mode": fill_mode, "interpolation": interpolation, "output": flat(output)})
        write(f"affine_{name}", {
            "kind": "affine",
            "tolerance": {"allowed": {"of_largest": 2e-6}, "reason": "four products summed in another order"},
            "image": flat(image),
            "matrix": numbers(np.array(matrix)[:6]),
            "fill_value": 0.5,
            "readings": readings,
        })


def make():
    make_layers()
    make_normalizations()
    make_transformations()
