"""Random legal networks, in the JSON of our specs: Keras's class and argument names."""

from reference import output_shape

ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu", "softplus", "softsign",
               "hard_sigmoid", "leaky_relu", "relu6", "mish", "log_softmax"]
# Without a kink, and not flat: what follows can be large without falling on one side of a corner.
SMOOTH = ["linear", "tanh", "sigmoid", "gelu", "silu", "softplus", "mish"]


def regularizer(random):
    """Small, so that the data still matter."""
    value = lambda: round(random.uniform(0.0005, 0.02), 5)
    return random.choice([{"L1": {"l1": value()}}, {"L2": {"l2": value()}}, {"L1L2": {"l1": value(), "l2": value()}},
                          {"ElasticNet": {"beta": round(random.uniform(0.1, 3), 2), "l": value()}}])


def constraint(random, is_conv):
    axis = {"axis": [0, 1, 2]} if is_conv and random.random() < 0.8 else {"axis": 0} if random.random() < 0.5 else {}
    low = round(random.uniform(0.1, 0.6), 3)
    return random.choice([
        {"MaxNorm": {"max_value": round(random.uniform(0.3, 2.0), 3), **axis}},
        {"NonNeg": {}},
        {"UnitNorm": axis},
        {"MinMaxNorm": {"min_value": low, "max_value": low + 0.7, "rate": random.choice([1.0, 0.5]), **axis}},
    ])


def families(random, names, constrained, is_conv=False):
    """Regularizers and constraints for some of the weights `names`."""
    arguments = {}
    for name in [*names, "activity"]:
        if random.random() < 0.15:
            arguments[f"{name}_regularizer"] = regularizer(random)
    for name in constrained:
        if random.random() < 0.1:
            arguments[f"{name}_constraint"] = constraint(random, is_conv and "kernel" in name)
    if random.random() < 0.1:
        arguments["bias_initializer"] = random.choice([{"Zeros": {}}, {"Constant": {"value": 0.1}}, {"Ones": {}}])
    return arguments


def common(random, arguments):
    """What every layer with weights takes."""
    if random.random() < 0.25:
        arguments["use_bias"] = False
    if random.random() < 0.7:
        arguments["activation"] = random.choice(ACTIVATIONS)
    if random.random() < 0.07:
        arguments["trainable"] = False
    return arguments


def data_format(random, arguments):
    """Sometimes channels first; which axis the channels are on."""
    if random.random() < 0.12:
        arguments["data_format"] = "channels_first"
        return 0
    return -1


def pair(random, most):
    """One number or two, as Keras takes them."""
    if random.random() < 0.5:
        return random.randint(1, most)
    return [random.randint(1, most), random.randint(1, most)]


def window(random, arguments, may_dilate=True):
    """kernel_size, padding, and either strides or dilation_rate."""
    arguments |= {"kernel_size": pair(random, 4), "padding": random.choice(["valid", "same"])}
    kind = random.choice(["plain", "strides", "dilation" if may_dilate else "plain"])
    if kind == "strides":
        arguments["strides"] = pair(random, 3)
    if kind == "dilation":
        arguments["dilation_rate"] = pair(random, 3)
    return arguments


def dense(random, shape):
    arguments = common(random, {"units": random.randint(1, 8)})
    arguments |= families(random, ["kernel", "bias"], ["kernel", "bias"])
    if arguments["units"] > 1 and random.random() < 0.08:
        mode = random.choice(["rows", "columns"]) if shape[-1] > 1 else "columns"
        arguments["kernel_regularizer"] = {"OrthogonalRegularizer": {"factor": 0.02, "mode": mode}}
    return {"Dense": arguments}


def conv2d(random, shape):
    arguments = common(random, {})
    channels = shape[data_format(random, arguments)]
    groups = random.choice([g for g in (1, 1, 2, 3, 4) if channels % g == 0])
    arguments["filters"] = groups * random.randint(1, 3)
    if groups > 1:
        arguments["groups"] = groups
    return {"Conv2D": window(random, arguments) | families(random, ["kernel", "bias"], ["kernel", "bias"], True)}


def depthwise(random, shape):
    arguments = window(random, common(random, {}))
    data_format(random, arguments)
    if isinstance(arguments.get("strides"), list):  # TensorFlow's kernel takes square strides only
        arguments["strides"] = arguments["strides"][0]
    if random.random() < 0.4:
        arguments["depth_multiplier"] = random.randint(1, 3)
    return {"DepthwiseConv2D": arguments | families(random, ["depthwise", "bias"], ["depthwise", "bias"], True)}


def separable(random, shape):
    arguments = window(random, common(random, {"filters": random.randint(1, 5)}))
    data_format(random, arguments)
    if isinstance(arguments.get("strides"), list):
        arguments["strides"] = arguments["strides"][0]
    if random.random() < 0.4:
        arguments["depth_multiplier"] = random.randint(1, 2)
    names = ["depthwise", "pointwise", "bias"]
    return {"SeparableConv2D": arguments | families(random, names, names, True)}


def pool(kind):
    def make(random, shape):
        arguments = {"pool_size": pair(random, 3), "padding": random.choice(["valid", "same"])}
        if random.random() < 0.6:
            arguments["strides"] = pair(random, 3)
        data_format(random, arguments)
        return {kind: arguments}
    return make


def global_pool(kind):
    def make(random, shape):
        arguments = {"keepdims": True} if random.random() < 0.3 else {}
        data_format(random, arguments)
        return {kind: arguments}
    return make


def zero_padding(random, shape):
    kind = random.randint(0, 2)
    side = lambda: random.randint(0, 2)
    arguments = {"padding": [side(), [side(), side()], [[side(), side()], [side(), side()]]][kind]}
    data_format(random, arguments)
    return {"ZeroPadding2D": arguments}


def flatten(random, shape):
    arguments = {}
    data_format(random, arguments)
    return {"Flatten": arguments}


def activation(random, shape):
    return {"Activation": {"activation": random.choice(ACTIVATIONS)}}


def relu(random, shape):
    arguments = {}
    if random.random() < 0.4:
        arguments["negative_slope"] = round(random.uniform(0, 0.5), 3)
    if random.random() < 0.3:
        arguments["max_value"] = round(random.uniform(0.5, 3), 3)
    if random.random() < 0.3:
        arguments["threshold"] = round(random.uniform(0, 0.4), 3)
    return {"ReLU": arguments}


def leaky_relu(random, shape):
    return {"LeakyReLU": {"negative_slope": round(random.uniform(0, 0.6), 3)} if random.random() < 0.6 else {}}


def prelu(random, shape):
    arguments = {"alpha_initializer": {"Constant": {"value": round(random.uniform(0, 0.5), 3)}}}
    if random.random() < 0.5:
        axes = list(range(1, len(shape) + 1))
        arguments["shared_axes"] = random.choice([axes[0], sorted(random.sample(axes, random.randint(1, len(axes))))])
    if random.random() < 0.2:
        arguments["alpha_regularizer"] = {"L2": {"l2": 0.01}}
    return {"PReLU": arguments}


def activity_regularization(random, shape):
    return {"ActivityRegularization": {"l1": round(random.uniform(0, 0.01), 5), "l2": round(random.uniform(0, 0.01), 5)}}


def softmax(random, shape):
    axis = {"axis": random.randint(1, len(shape))} if len(shape) > 1 and random.random() < 0.3 else {}
    return {"Softmax": axis}


def batch_normalization(random, shape):
    arguments = {}
    if random.random() < 0.3:
        arguments["momentum"] = round(random.uniform(0.5, 0.95), 3)
    if random.random() < 0.3:
        arguments["epsilon"] = random.choice([0.01, 0.1])
    if random.random() < 0.2:
        arguments["axis"] = random.choice([-1, *range(1, len(shape) + 1)])
    normalization_weights(random, arguments, ["beta", "gamma"])
    if random.random() < 0.15:
        arguments["trainable"] = False
    return {"BatchNormalization": arguments}


def layer_normalization(random, shape):
    arguments = {}
    if random.random() < 0.3:
        arguments["epsilon"] = random.choice([0.01, 0.1])
    if len(shape) == 3 and random.random() < 0.3:
        arguments["axis"] = random.choice([[1, 2, 3], [2, 3], 3, -1, 1, [1], [-1, -3], [1, 3]])
    if len(shape) == 2 and random.random() < 0.3:
        arguments["axis"] = random.choice([[1, 2], 1, -2, [-1]])
    normalization_weights(random, arguments, ["beta", "gamma"])
    return {"LayerNormalization": arguments}


def normalization_weights(random, arguments, names):
    if random.random() < 0.2:
        arguments["center"] = False
    if random.random() < 0.2:
        arguments["scale"] = False
    for name in names:
        if random.random() < 0.15:
            arguments[f"{name}_regularizer"] = regularizer(random)
        if random.random() < 0.1:
            low = round(random.uniform(0.1, 0.6), 3)
            arguments[f"{name}_constraint"] = random.choice([
                {"NonNeg": {}}, {"MaxNorm": {"max_value": low + 0.5}},
                {"MinMaxNorm": {"min_value": low, "max_value": low + 0.7, "rate": 0.5}}])


def reshape(random, shape):
    size = 1
    for extent in shape:
        size *= extent
    shapes = [[size], [-1, 1], [1, -1], *([d, size // d] for d in range(2, 8) if size % d == 0),
              *([2, size // 4, 2] for _ in range(2) if size % 4 == 0)]
    return {"Reshape": {"target_shape": random.choice(shapes)}}


def still(kind, **arguments):
    """A layer that acts at random, with its chance at 0: it must change nothing."""
    return lambda random, shape: {kind: dict(arguments)}


ANY = [dense, dense, activation, relu, leaky_relu, prelu, activity_regularization, softmax, batch_normalization, batch_normalization,
       layer_normalization, reshape, flatten, still("Dropout", rate=0.0), still("GaussianNoise", stddev=0.0)]
IMAGE = [conv2d, conv2d, conv2d, conv2d, depthwise, depthwise, separable, separable, pool("MaxPooling2D"),
         pool("MaxPooling2D"), pool("AveragePooling2D"), pool("AveragePooling2D"), zero_padding,
         global_pool("GlobalAveragePooling2D"), global_pool("GlobalMaxPooling2D"), still("SpatialDropout2D", rate=0.0)]


def moved(kind, *factors):
    """A layer that moves images, all of them alike: its ranges have one value."""
    def make(random, shape):
        arguments = {}
        for factor in factors:
            amount = round(random.uniform(-0.45, 0.45), 4)
            arguments[factor] = [amount, amount]
        arguments["fill_mode"] = random.choice(["reflect", "constant", "nearest", "wrap"])
        if arguments["fill_mode"] == "constant" and random.random() < 0.5:
            arguments["fill_value"] = round(random.uniform(-1, 1), 2)
        if random.random() < 0.3:
            arguments["interpolation"] = "nearest"
        data_format(random, arguments)
        return {kind: arguments}
    return make


AUGMENTATION = [still("RandomTranslation", height_factor=0.0, width_factor=0.0), still("RandomRotation", factor=0.0),
                still("RandomZoom", height_factor=0.0), moved("RandomTranslation", "height_factor", "width_factor"),
                moved("RandomRotation", "factor"), moved("RandomZoom", "height_factor"),
                moved("RandomZoom", "height_factor", "width_factor")]


def input_shape(random):
    kind = random.random()
    if kind < 0.25:
        return [random.randint(1, 12)]
    if kind < 0.3:
        return [random.randint(2, 5), random.randint(2, 5)]
    return [random.randint(4, 12), random.randint(4, 12), random.randint(1, 4)]


def adds_bias_to_columns(layer, after):
    """A mistake of Keras 3.15 on TensorFlow: with channels first, and as many columns as channels, its `ops.add` takes
    the bias for one per column."""
    (kind, arguments), = layer.items()
    return kind.endswith("Conv2D") and arguments.get("data_format") == "channels_first" and after[0] == after[-1]


def is_softmax_of_one(layer, after):
    """Always 1, with a gradient of 0 that is not quite 0 in TensorFlow, of which Adam and its kin make steps."""
    (kind, arguments), = layer.items()
    is_softmax = kind == "Softmax" or arguments.get("activation") in ("softmax", "log_softmax")
    axis = arguments.get("axis", -1)
    return is_softmax and after[axis if axis < 0 else axis - 1] == 1


def append(layers, shape, layer):
    """Adds a layer if it is legal there; the shape after it."""
    after = output_shape(layer, shape)
    if after is None or max(after) > 400 or adds_bias_to_columns(layer, after) or is_softmax_of_one(layer, after):
        return shape
    layers.append(layer)
    return after


def body(random):
    """An input shape, a few layers, and the shape they give."""
    shape = input_shape(random)
    first, layers = shape, []
    for _ in range(random.randint(0, 5)):
        if len(shape) == 3 and random.random() < 0.06:
            shape = append(layers, shape, random.choice(AUGMENTATION)(random, shape))
        kinds = ANY if len(shape) != 3 or random.random() < 0.25 else IMAGE
        shape = append(layers, shape, random.choice(kinds)(random, shape))
    return first, layers, shape
