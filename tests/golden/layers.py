"""One layer at a time: output, and the gradients of sum(y * r) for a fixed random r."""

from common import build, flat, np, rng, tf, write

BATCH = 2


def dense(units, activation="linear", use_bias=True):
    return {"Dense": {"units": units, "activation": activation, "use_bias": use_bias}}


def conv(filters, kernel_size, strides=(1, 1), padding="valid", activation="linear", use_bias=True):
    return {"Conv2D": {"filters": filters, "kernel_size": list(kernel_size), "strides": list(strides),
                       "padding": padding, "activation": activation, "use_bias": use_bias}}


def pool(pool_size, strides, padding):
    return {"MaxPooling2D": {"pool_size": list(pool_size), "strides": list(strides), "padding": padding}}


def activation(name):
    return {"Activation": {"activation": name}}


def cases():
    """(name, input shape, layer, how the input is drawn)."""
    for name in ["linear", "relu", "sigmoid", "tanh", "softmax"]:
        yield f"dense_{name}", [5], dense(4, name), "normal"
        yield f"activation_{name}", [7], activation(name), "normal"
        yield f"activation_{name}_image", [3, 2, 4], activation(name), "normal"
        yield f"activation_{name}_extreme", [6], activation(name), "extreme"
    yield "dense_no_bias", [6], dense(3, use_bias=False), "normal"
    yield "dense_one_unit", [3], dense(1, "sigmoid"), "normal"
    yield "dense_relu_at_zero", [4], dense(3, "relu"), "zeros"

    for padding in ["valid", "same"]:
        for kernel in [(1, 1), (2, 2), (3, 3), (5, 5), (3, 2)]:
            for strides in [(1, 1), (2, 2), (3, 3), (2, 1)]:
                # one odd and one even side, and the other way round for every second kernel
                shape = [7, 6, 2] if kernel[0] % 2 else [6, 7, 2]
                name = f"conv2d_{padding}_kernel_{kernel[0]}x{kernel[1]}_strides_{strides[0]}x{strides[1]}"
                yield name, shape, conv(3, kernel, strides, padding), "normal"
    yield "conv2d_same_even_kernel_3x3_strides_2x2", [8, 8, 1], conv(2, (3, 3), (2, 2), "same"), "normal"
    yield "conv2d_same_even_kernel_5x5_strides_2x2", [8, 8, 1], conv(2, (5, 5), (2, 2), "same"), "normal"
    yield "conv2d_same_window_over_all", [2, 3, 1], conv(2, (5, 5), (1, 1), "same"), "normal"
    yield "conv2d_valid_one_cell", [5, 5, 3], conv(4, (5, 5)), "normal"
    yield "conv2d_no_bias", [5, 4, 2], conv(3, (3, 3), use_bias=False), "normal"
    for name in ["relu", "sigmoid", "tanh", "softmax"]:
        yield f"conv2d_{name}", [4, 5, 2], conv(3, (3, 3), (1, 1), "same", name), "normal"

    for padding in ["valid", "same"]:
        for size in [(2, 2), (3, 3), (3, 2)]:
            for strides in [(1, 1), (2, 2), (3, 3), (2, 1)]:
                name = f"max_pooling2d_{padding}_pool_{size[0]}x{size[1]}_strides_{strides[0]}x{strides[1]}"
                yield name, [7, 6, 2], pool(size, strides, padding), "normal"
                yield f"{name}_ties", [7, 6, 2], pool(size, strides, padding), "few_values"
    yield "max_pooling2d_same_negative", [3, 3, 1], pool((2, 2), (2, 2), "same"), "negative"

    yield "flatten_image", [2, 3, 4], {"Flatten": {}}, "normal"
    yield "flatten_vector", [5], {"Flatten": {}}, "normal"
    yield "dropout_inference", [2, 3, 2], {"Dropout": {"rate": 0.5}}, "normal"


def draw(kind, shape, random):
    values = random.standard_normal([BATCH, *shape])
    if kind == "extreme":  # 100 is far over the range in which exp fits float32
        values = np.array([[100, -100, 20, -20, 0, 1], [-200, -90, -88, -104, -1e-4, 90]])
    if kind == "zeros":
        values = values * 0
    if kind == "few_values":  # most windows hold their largest value more than once
        values = np.floor(values * 0.7)
    if kind == "negative":
        values = -1 - np.abs(values)
    return values.astype("float32")


def tolerance(layer):
    (kind, arguments), = layer.items()
    curved = arguments.get("activation", "linear") in ("sigmoid", "tanh", "softmax")
    if kind in ("Dense", "Conv2D") or curved:
        return {"allowed": {"of_largest": 2e-6}, "reason": "float32 sums in another order and another exp: a few units "
                                                           "in the last place of the array's largest value"}
    if kind == "MaxPooling2D" and any(s < p for s, p in zip(arguments["strides"], arguments["pool_size"])):
        return {"allowed": {"of_largest": 5e-7}, "reason": "a cell may be the largest of several windows, whose "
                                                           "gradients are summed in another order"}
    return {"allowed": {"of_largest": 0.0}, "reason": "values are only moved or multiplied by 0 and 1: bit for bit"}


def make():
    for name, shape, layer, kind in cases():
        random = rng(name)
        model = build({"input_shape": shape, "layers": [layer]})
        (_, arguments), = layer.items()
        weights = [random.uniform(-0.7, 0.7, weight.shape).astype("float32") for weight in model.weights]
        if kind == "zeros":  # the bias alone decides the sign, and 0 itself is one of them
            weights[1] = np.array([0.0, 0.5, -0.5], "float32")
        model.set_weights(weights)
        x = tf.constant(draw(kind, shape, random))
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = model(x, training=False)
            r = random.standard_normal(y.shape).astype("float32")
            total = tf.reduce_sum(y * r)
        grad_input, *grad_params = tape.gradient(total, [x, *model.trainable_variables])
        names = ["kernel", "bias"][:len(weights)]
        write(name, {
            "kind": "layer",
            "model": {"name": name, "input_shape": shape, "layers": [layer]},
            "tolerance": tolerance(layer),
            "input": flat(x),
            "params": {key: flat(value) for key, value in zip(names, weights)},
            "grad_output": flat(r),
            "output": flat(y),
            "grad_input": flat(grad_input),
            "grad_params": {key: flat(value) for key, value in zip(names, grad_params)},
        })
