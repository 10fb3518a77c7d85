"""One layer at a time: output, and the gradients of sum(y * r) for a fixed random r."""

from itertools import product

from common import build, flat, keras, np, rng, tf, write

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


def word(pair):
    return pair if isinstance(pair, int) else "x".join(map(str, pair))


def convolutions():
    """Dilation, groups, depthwise and separable convolution; (name, input shape, layer)."""
    for padding, kernel, dilation in product(["valid", "same"], [(3, 3), (2, 3)], [(2, 2), (1, 3), (3, 2)]):
        yield (f"conv2d_{padding}_kernel_{word(kernel)}_dilation_{word(dilation)}", [9, 8, 2],
               {"Conv2D": {"filters": 3, "kernel_size": list(kernel), "padding": padding, "dilation_rate": list(dilation)}})
    for groups, arguments in product([2, 3, 6], [{}, {"strides": [2, 1], "padding": "same"}, {"dilation_rate": 2}]):
        name = "".join(f"_{key}_{word(value)}" for key, value in arguments.items())
        yield (f"conv2d_groups_{groups}{name}", [6, 7, 6],
               {"Conv2D": {"filters": 6, "kernel_size": 3, "groups": groups, **arguments}})
    yield "conv2d_groups_softmax", [5, 4, 4], {"Conv2D": {"filters": 6, "kernel_size": [2, 3], "groups": 2,
                                                          "activation": "softmax"}}
    yield "conv2d_groups_no_bias", [5, 4, 4], {"Conv2D": {"filters": 2, "kernel_size": 2, "groups": 2,
                                                          "use_bias": False}}
    for kind, more in [("DepthwiseConv2D", {}), ("SeparableConv2D", {"filters": 5})]:
        short = kind[:9].lower() + "_conv2d"
        for padding, multiplier, (strides, dilation) in product(
                ["valid", "same"], [1, 2], [(1, 1), (2, 1), (1, 2), (2, 2), (1, [1, 3])]):
            name = f"{short}_{padding}_multiplier_{multiplier}_strides_{strides}_dilation_{word(dilation)}"
            yield name, [7, 8, 3], {kind: {"kernel_size": 3, "strides": strides, "padding": padding,
                                           "dilation_rate": dilation, "depth_multiplier": multiplier, **more}}
        yield f"{short}_kernel_2x3", [5, 6, 2], {kind: {"kernel_size": [2, 3], **more}}
        yield f"{short}_no_bias", [5, 4, 2], {kind: {"kernel_size": 2, "use_bias": False, **more}}
        for name in ["relu", "softmax"]:
            yield f"{short}_{name}", [4, 5, 3], {kind: {"kernel_size": 2, "activation": name, **more}}
        yield f"{short}_channels_first", [3, 7, 6], {kind: {"kernel_size": 3, "padding": "same", "strides": 2,
                                                            "depth_multiplier": 2, "data_format": "channels_first",
                                                            **more}}
    for name, arguments in [("", {}), ("_strides", {"strides": [1, 2], "padding": "same"}),
                            ("_dilation", {"dilation_rate": [2, 1]}), ("_groups", {"groups": 2}),
                            ("_tanh", {"activation": "tanh"}),
                            # softmax along the width: a bias of its own would have the gradient 0
                            ("_softmax", {"activation": "softmax", "use_bias": False})]:
        yield (f"conv2d_channels_first{name}", [4, 6, 5],
               {"Conv2D": {"filters": 6, "kernel_size": [3, 2], "data_format": "channels_first", **arguments}})


def shapers():
    """Pooling and layers that only move values; (name, input shape, layer, how the input is drawn)."""
    for padding, size, strides in product(
            ["valid", "same"], [(2, 2), (3, 3), (3, 2)], [None, (1, 1), (2, 2), (3, 3), (2, 1)]):
        arguments = {"pool_size": list(size), "strides": strides and list(strides), "padding": padding}
        name = f"{padding}_pool_{word(size)}_strides_{word(strides or ('none',))}"
        yield f"average_pooling2d_{name}", [7, 6, 2], {"AveragePooling2D": arguments}, "normal"
        if strides is None:
            yield f"max_pooling2d_{name}", [7, 6, 2], {"MaxPooling2D": arguments}, "few_values"
    for kind, short in [("MaxPooling2D", "max_pooling2d"), ("AveragePooling2D", "average_pooling2d")]:
        yield f"{short}_one_number", [6, 7, 2], {kind: {"pool_size": 3, "strides": 2}}, "normal"
        yield f"{short}_channels_first", [2, 6, 7], {kind: {"pool_size": [2, 3], "strides": 2, "padding": "same",
                                                            "data_format": "channels_first"}}, "few_values"
    for kind, short in [("GlobalMaxPooling2D", "global_max_pooling2d"),
                        ("GlobalAveragePooling2D", "global_average_pooling2d")]:
        for keepdims, data_format in product([False, True], ["channels_last", "channels_first"]):
            name = f"{short}{'_keepdims' if keepdims else ''}_{data_format}"
            yield name, [4, 5, 3], {kind: {"keepdims": keepdims, "data_format": data_format}}, "normal"
        yield f"{short}_ties", [3, 4, 3], {kind: {}}, "few_values"
    for name, padding in [("one_number", 2), ("zero", 0), ("two_numbers", [1, 2]), ("four_numbers", [[1, 0], [2, 3]]),
                          ("three_numbers", [[0, 2], 1])]:
        yield f"zero_padding2d_{name}", [3, 4, 2], {"ZeroPadding2D": {"padding": padding}}, "normal"
    yield "zero_padding2d_channels_first", [2, 3, 4], {"ZeroPadding2D": {"padding": [[1, 0], [2, 3]],
                                                                         "data_format": "channels_first"}}, "normal"
    for target in [[12], [-1], [6, 2], [-1, 3], [1, 12, -1], [3, -1, 2, 1]]:
        name = "_".join("rest" if extent == -1 else str(extent) for extent in target)
        yield f"reshape_{name}", [3, 2, 2], {"Reshape": {"target_shape": target}}, "normal"
    for name, shape in [("image", [2, 3, 4]), ("matrix", [3, 4]), ("vector", [5])]:
        yield f"flatten_channels_first_{name}", shape, {"Flatten": {"data_format": "channels_first"}}, "normal"


def cases():
    """(name, input shape, layer, how the input is drawn)."""
    for name, shape, layer in convolutions():
        yield name, shape, layer, "normal"
    yield from shapers()
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
    if kind == "Dense" or "Conv2D" in kind or curved:
        return {"allowed": {"of_largest": 2e-6}, "reason": "float32 sums in another order and another exp: a few units "
                                                           "in the last place of the array's largest value"}
    if "AveragePooling" in kind:
        return {"allowed": {"of_largest": 5e-7}, "reason": "float32 sums in another order, and a product with the "
                                                           "inverse in place of a division"}
    if kind == "MaxPooling2D":
        sizes, strides = (np.broadcast_to(arguments[key] or [99], 2) for key in ("pool_size", "strides"))
        if any(strides < sizes):
            return {"allowed": {"of_largest": 5e-7}, "reason": "a cell may be the largest of several windows, whose "
                                                               "gradients are summed in another order"}
    if kind == "GlobalMaxPooling2D":
        return {"allowed": {"of_largest": 2e-7}, "reason": "the gradient is divided among equal cells"}
    return {"allowed": {"of_largest": 0.0}, "reason": "values are only moved or multiplied by 0 and 1: bit for bit"}


def builds(shape, layer):
    """A model and how it is run.

    TensorFlow has no convolutions with channels first on this processor. Such a case is the one with
    channels last between two transpositions; the activation comes after them, as in Keras, where
    softmax goes over the last axis whatever that is.
    """
    (kind, arguments), = layer.items()
    if "Conv2D" not in kind or arguments.get("data_format") != "channels_first":
        model = build({"input_shape": shape, "layers": [layer]})
        return model, lambda x: model(x, training=False)
    last = {**arguments, "data_format": "channels_last", "activation": "linear"}
    model = build({"input_shape": [*shape[1:], shape[0]], "layers": [{kind: last}]})
    end = keras.activations.get(arguments.get("activation", "linear"))
    return model, lambda x: end(tf.transpose(model(tf.transpose(x, [0, 2, 3, 1]), training=False), [0, 3, 1, 2]))


def make():
    for name, shape, layer, kind in cases():
        random = rng(name)
        model, run = builds(shape, layer)
        weights = [random.uniform(-0.7, 0.7, weight.shape).astype("float32") for weight in model.weights]
        if kind == "zeros":  # the bias alone decides the sign, and 0 itself is one of them
            weights[1] = np.array([0.0, 0.5, -0.5], "float32")
        model.set_weights(weights)
        x = tf.constant(draw(kind, shape, random))
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = run(x)
            r = random.standard_normal(y.shape).astype("float32")
            total = tf.reduce_sum(y * r)
        grad_input, *grad_params = tape.gradient(total, [x, *model.trainable_variables])
        names = [weight.name for weight in model.weights]
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
