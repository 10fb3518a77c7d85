"""Initializers, regularizers and constraints, and models that are penalized and constrained."""

from common import flat, keras, np, numbers, rng, tf, write

ROUNDING = {"allowed": {"of_largest": 1e-6}, "reason": "float32 sums in another order"}


def instance(module, spec):
    """A Keras object from our spec; the textbook's elastic net is Keras's L1L2."""
    if spec is None:
        return None
    (kind, arguments), = spec.items()
    if kind == "ElasticNet":
        beta, factor = arguments["beta"], arguments["l"]
        return keras.regularizers.L1L2(l1=factor, l2=factor * beta)
    return getattr(module, kind)(**arguments)


# draws are only compared by what their distribution is: Keras's own numbers, over a million draws
INITIALIZERS = [
    ("zeros", {"Zeros": {}}),
    ("ones", {"Ones": {}}),
    ("constant", {"Constant": {"value": 0.375}}),
    ("random_normal", {"RandomNormal": {"mean": 0.5, "stddev": 0.2}}),
    ("random_uniform", {"RandomUniform": {"minval": -0.25, "maxval": 1.0}}),
    ("truncated_normal", {"TruncatedNormal": {"mean": -0.5, "stddev": 0.2}}),
    ("glorot_uniform", {"GlorotUniform": {}}),
    ("glorot_normal", {"GlorotNormal": {}}),
    ("he_uniform", {"HeUniform": {}}),
    ("he_normal", {"HeNormal": {}}),
    ("lecun_uniform", {"LecunUniform": {}}),
    ("lecun_normal", {"LecunNormal": {}}),
    ("orthogonal", {"Orthogonal": {"gain": 1.5}}),
    *[
        (f"variance_scaling_{mode}_{distribution}",
         {"VarianceScaling": {"scale": 0.7, "mode": mode, "distribution": distribution}})
        for mode in ["fan_in", "fan_out", "fan_avg"]
        for distribution in ["truncated_normal", "untruncated_normal", "uniform"]
    ],
]
EXTENTS = [3, 3, 80, 200]


def make_initializers():
    for name, spec in INITIALIZERS:
        keras.utils.set_random_seed(1)
        (kind, arguments), = spec.items()
        random = {} if kind in ("Zeros", "Ones", "Constant") else {"seed": 1}
        values = getattr(keras.initializers, kind)(**arguments, **random)(EXTENTS).numpy().astype("float64")
        write(f"initializer_{name}", {
            "kind": "initializer",
            "initializer": spec,
            "extents": EXTENTS,
            "mean": numbers(values.mean()),
            "stddev": numbers(values.std()),
            "smallest": numbers(values.min()),
            "largest": numbers(values.max()),
        })
    for extents in [[3, 4], [4, 3]]:
        spec = {"Identity": {"gain": 2.5}}
        values = keras.initializers.Identity(gain=2.5)(extents)
        write(f"initializer_identity_{extents[0]}x{extents[1]}", {
            "kind": "transformed",
            "initializer": spec,
            "tolerance": ROUNDING,
            "before": flat(np.zeros(extents)),
            "after": flat(values),
        })


REGULARIZERS = [
    ("l1", {"L1": {"l1": 0.02}}),
    ("l2", {"L2": {"l2": 0.03}}),
    ("l1_l2", {"L1L2": {"l1": 0.02, "l2": 0.03}}),
    ("elastic_net", {"ElasticNet": {"beta": 0.5, "l": 0.04}}),
    ("orthogonal_rows", {"OrthogonalRegularizer": {"factor": 0.3, "mode": "rows"}}),
    ("orthogonal_columns", {"OrthogonalRegularizer": {"factor": 0.3, "mode": "columns"}}),
]


def make_regularizers():
    for name, spec in REGULARIZERS:
        kernel = rng(name).standard_normal((4, 3)).astype("float32")
        kernel[1, 2] = 0  # where the slope of |w| is chosen
        w = tf.Variable(kernel)
        with tf.GradientTape() as tape:
            value = instance(keras.regularizers, spec)(w)
        write(f"regularizer_{name}", {
            "kind": "regularizer",
            "regularizer": spec,
            "tolerance": ROUNDING,
            "kernel": flat(kernel),
            "value": numbers(value),
            "gradient": flat(tape.gradient(value, w)),
        })


CONSTRAINTS = [
    ("max_norm", [4, 3], {"MaxNorm": {"max_value": 1.5, "axis": 0}}),
    ("max_norm_rows", [4, 3], {"MaxNorm": {"max_value": 1.5, "axis": 1}}),
    ("max_norm_filters", [3, 2, 2, 4], {"MaxNorm": {"max_value": 3.0, "axis": [0, 1, 2]}}),
    ("max_norm_bias", [5], {"MaxNorm": {"max_value": 0.5, "axis": 0}}),
    ("non_neg", [4, 3], {"NonNeg": {}}),
    ("unit_norm", [4, 3], {"UnitNorm": {"axis": 0}}),
    ("unit_norm_filters", [3, 2, 2, 4], {"UnitNorm": {"axis": [0, 1, 2]}}),
    ("unit_norm_middle", [3, 2, 2, 4], {"UnitNorm": {"axis": [1, -1]}}),
    ("min_max_norm", [4, 3], {"MinMaxNorm": {"min_value": 1.0, "max_value": 2.0, "rate": 1.0, "axis": 0}}),
    ("min_max_norm_rate", [3, 2, 2, 4],
     {"MinMaxNorm": {"min_value": 2.5, "max_value": 3.0, "rate": 0.3, "axis": [0, 1, 2]}}),
]


def make_constraints():
    for name, extents, spec in CONSTRAINTS:
        before = rng(name).standard_normal(extents).astype("float32")
        before[..., 0] = 0  # a norm of 0, or values of 0
        before[..., 1] *= 0.1
        write(f"constraint_{name}", {
            "kind": "transformed",
            "constraint": spec,
            "tolerance": ROUNDING,
            "before": flat(before),
            "after": flat(instance(keras.constraints, spec)(tf.constant(before))),
        })


def dense(units, activation, **others):
    return {"Dense": {"units": units, "activation": activation, "use_bias": True, **others}}


L1, L2 = {"L1": {"l1": 0.02}}, {"L2": {"l2": 0.05}}
BOTH = {"L1L2": {"l1": 0.01, "l2": 0.02}}
MAX_NORM = {"MaxNorm": {"max_value": 0.8, "axis": 0}}

MODELS = [
    ("kernel_and_bias", [dense(5, "tanh", kernel_regularizer=L2, bias_regularizer=L1), dense(3, "softmax")]),
    ("activity", [dense(5, "tanh", activity_regularizer=BOTH), dense(3, "softmax")]),
    ("activity_of_softmax", [dense(5, "tanh"), dense(3, "softmax", activity_regularizer=L2)]),
    ("activity_of_linear", [dense(5, "relu", activity_regularizer=L1), dense(3, "linear", activity_regularizer=L2),
                            {"Activation": {"activation": "softmax"}}]),
    ("activity_layer", [dense(5, "tanh"), {"ActivityRegularization": {"l1": 0.03, "l2": 0.04}}, dense(3, "softmax")]),
    ("orthogonal", [dense(5, "tanh", kernel_regularizer={"OrthogonalRegularizer": {"factor": 0.4, "mode": "rows"}}),
                    dense(3, "softmax", activity_regularizer={"OrthogonalRegularizer": {"factor": 0.2, "mode": "columns"}})]),
    ("frozen", [dense(5, "tanh", kernel_regularizer=L2, kernel_constraint=MAX_NORM, activity_regularizer=L2,
                      trainable=False), dense(3, "softmax", kernel_regularizer=L1)]),
    ("constrained", [dense(5, "tanh", kernel_constraint=MAX_NORM, bias_constraint={"NonNeg": {}}),
                     dense(3, "softmax", kernel_constraint={"UnitNorm": {"axis": 0}})]),
]

# weights so large that shares fall below 1e-7, where a cross-entropy that sees no logits is clipped
LARGE = 15
AT_THE_END = {"ActivityRegularization": {"l1": 0.03, "l2": 0.04}}
SATURATED = [
    ("activity_layer_at_the_end", [dense(5, "tanh"), dense(3, "softmax"), AT_THE_END]),
    ("activity_layer_after_penalized_softmax",
     [dense(5, "tanh"), dense(3, "softmax", activity_regularizer=BOTH), AT_THE_END, AT_THE_END]),
    ("activity_layer_after_sigmoid",
     [dense(5, "tanh"), dense(3, "linear", activity_regularizer=L2), {"Activation": {"activation": "sigmoid"}}, AT_THE_END]),
    ("activity_layer_and_dropout_of_none",
     [dense(5, "tanh"), dense(3, "softmax", activity_regularizer=L2), {"Dropout": {"rate": 0.0}}, AT_THE_END]),
    ("activity_layer_and_flatten", [dense(5, "tanh"), dense(3, "softmax", activity_regularizer=L2), AT_THE_END,
                                    {"Flatten": {}}]),
]
LEARNING_RATE = 0.1
SAMPLES, BATCH = 40, 34  # past 32, where the engine begins another part, and a smaller last batch


def keras_layer(spec):
    (kind, arguments), = spec.items()
    arguments = dict(arguments)
    for key, value in arguments.items():
        if key.endswith("_regularizer"):
            arguments[key] = instance(keras.regularizers, value)
        elif key.endswith("_constraint"):
            arguments[key] = instance(keras.constraints, value)
    return getattr(keras.layers, kind)(**arguments)


def make_models():
    """An epoch of two batches of SGD: the logged loss, the parameters after it, and evaluation before."""
    for name, layers, scale in [(*model, 1) for model in MODELS] + [(*model, LARGE) for model in SATURATED]:
        random = rng(name)
        net = keras.Sequential([keras.Input((4,))] + [keras_layer(layer) for layer in layers])
        weights = [random.standard_normal(w.shape).astype("float32") for w in net.weights]
        weights[2] *= scale  # the kernel that gives the logits
        net.set_weights(weights)
        x = random.standard_normal((SAMPLES, 4)).astype("float32")
        classes = random.integers(0, 3, SAMPLES)
        y = np.eye(3, dtype="float32")[classes]
        net.compile(optimizer=keras.optimizers.SGD(LEARNING_RATE), loss="categorical_crossentropy")
        evaluated = net.evaluate(x, y, batch_size=BATCH, verbose=0)
        history = net.fit(x, y, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
        names = [f"{layer}/{weight}" for layer in ["dense", "dense_1"] for weight in ["kernel", "bias"]]
        after = {path: flat(weight) for path, weight in zip(names, ordered(net))}
        write(f"penalized_{name}", {
            "kind": "penalized",
            "model": {"name": name, "input_shape": [4], "layers": layers},
            "learning_rate": LEARNING_RATE,
            "batch_size": BATCH,
            "tolerance": {"allowed": {"of_largest": 3e-6}, "reason": "two steps of float32 sums in another order"},
            "input": flat(x),
            "classes": [int(c) for c in classes],
            "params": {path: flat(weight) for path, weight in zip(names, ordered(net, weights))},
            "evaluated": numbers(evaluated),
            "trained": numbers(history.history["loss"][0]),
            "after": after,
        })


def ordered(net, values=None):
    """The weights in the order of layers, kernel before bias, whatever Keras holds to be trainable."""
    values = dict(zip([w.path for w in net.weights], values if values is not None else net.get_weights()))
    return [values[w.path] for layer in net.layers for w in getattr(layer, "weights", [])]


def make():
    make_initializers()
    make_regularizers()
    make_constraints()
    make_models()
