"""500 random settings of one convolution on whole numbers, for the page that takes it apart.

Whole numbers, and sums below 2^24: every order of adding gives the same bits, so the values are
compared exactly. Padding is measured, not computed: the input's rows (or columns) are numbered from
1, a kernel with ones in a single row reads that number, and 0 means that it read padding.
"""

import random

import common
import numpy as np
from keras import layers

CASES = 500


def make():
    draw = random.Random(20)
    cases = [case(draw) for _ in range(CASES)]
    common.write("convolutions", {"kind": "convolutions", "cases": cases})


def case(draw):
    depthwise = draw.random() < 0.25
    groups = 1 if depthwise else draw.choice([1, 1, 1, 2, 3])
    channels = draw.choice([1, 1, 2, 3, 4]) if depthwise or groups == 1 else groups * draw.randint(1, 2)
    kernel_size = [draw.randint(1, 5), draw.randint(1, 5)]
    strides, dilation = [1, 1], [1, 1]
    spread = draw.random()
    if spread < 0.45:
        strides = [draw.randint(1, 4), draw.randint(1, 4)]
    elif spread < 0.7:
        dilation = [draw.randint(1, 3), draw.randint(1, 3)]
    # TensorFlow's depthwise kernels want equal strides.
    if depthwise:
        strides = [strides[0]] * 2
    padding = draw.choice(["valid", "same", draw.randint(1, 4)])
    extra = 2 * padding if isinstance(padding, int) else 0
    sides = []
    for kernel, rate in zip(kernel_size, dilation):
        span = (kernel - 1) * rate + 1
        least = 3 if padding == "same" else max(3, span - extra)
        sides.append(draw.randint(least, max(least, 11)))
    setting = {
        "depthwise": depthwise,
        "filters": draw.randint(1, 2) if depthwise else groups * draw.randint(1, 2),
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": str(padding),
        "dilation_rate": dilation,
        "groups": groups,
        "use_bias": draw.random() < 0.5,
        "activation": draw.choice(["linear", "relu"]),
    }
    shape = sides + [channels]
    whole = lambda low, high, size: [draw.randint(low, high) for _ in range(size)]
    image = np.array(whole(-9, 9, int(np.prod(shape))), "float32").reshape([1] + shape)
    model = build(setting, setting["activation"])
    model_input = border(image, padding)
    model.build(model_input.shape)
    weights = [np.array(whole(-9, 9, weight.value.numpy().size), "float32").reshape(weight.shape)
               for weight in model.weights]
    model.set_weights(weights)
    output = model(model_input).numpy()[0]
    return {
        "setting": setting,
        "shape": shape,
        "image": flat(image),
        "params": [number for weight in weights for number in flat(weight)],
        "padding": [measured(setting, sides, axis) for axis in (0, 1)],
        "output_shape": list(output.shape),
        "output": flat(output),
    }


def flat(array):
    """Whole numbers as such."""
    assert (array == np.round(array)).all()
    return [int(value) for value in array.reshape(-1)]


def build(setting, activation):
    names = ["kernel_size", "strides", "dilation_rate", "use_bias"]
    arguments = {name: setting[name] for name in names}
    arguments["padding"] = "same" if setting["padding"] == "same" else "valid"
    if setting["depthwise"]:
        return layers.DepthwiseConv2D(depth_multiplier=setting["filters"], activation=activation, **arguments)
    return layers.Conv2D(setting["filters"], groups=setting["groups"], activation=activation, **arguments)


def border(image, padding):
    return layers.ZeroPadding2D(padding)(image).numpy() if isinstance(padding, int) else image


def measured(setting, sides, axis):
    """Zeros before and after the image along one axis, as far as windows read them."""
    numbered = np.zeros([1] + sides + [1], "float32")
    numbered += np.moveaxis(np.arange(1, sides[axis] + 1, dtype="float32")[:, None, None, None], 0, axis + 1)
    padding = setting["padding"]
    image = border(numbered, int(padding) if padding.isdigit() else padding)
    other = 1 - axis
    reads = []  # [position][weight] along the axis
    for weight in range(setting["kernel_size"][axis]):
        layer = build({**setting, "depthwise": False, "filters": 1, "groups": 1, "use_bias": False}, "linear")
        layer.build(image.shape)
        kernel = np.zeros(layer.kernel.shape, "float32")
        at = [0, 0]
        at[axis] = weight
        # Across, some weight reads inside the image at some position; dividing by their number is enough.
        for across in range(setting["kernel_size"][other]):
            at[other] = across
            kernel[at[0], at[1], 0, 0] = 1
        layer.set_weights([kernel])
        ones = (image > 0).astype("float32")
        total = layer(image).numpy()[0, :, :, 0]
        count = layer(ones).numpy()[0, :, :, 0]
        reads.append((total / np.maximum(count, 1)).max(axis=other))
    reads = np.array(reads).T
    rate, stride, length = setting["dilation_rate"][axis], setting["strides"][axis], sides[axis]
    position, weight = np.argwhere(reads > 0)[0]
    before = position * stride + weight * rate - (int(reads[position, weight]) - 1)
    last = (len(reads) - 1) * stride + (reads.shape[1] - 1) * rate - before
    after = max(last - (length - 1), 0)
    return [int(before), int(after)]
