"""Every loss with its arguments: each row's value, the reduced value, and the gradient of the outputs' cause.

A model is one activation, so that the gradient is that of its input: of the logits where a cross-entropy
finds them. What a case shares is its input, its targets and its weights; its variants are the arguments,
the weights taken and the reduction.
"""

from tensorflow.python.framework import config

from common import flat, keras, np, numbers, rng, tf, write

# what Keras rounds in another order than the engine: exp and ln, and sums of a few values
ROUNDING = {"values": {"each": 2e-6}, "gradients": {"of_largest": 2e-6},
            "reason": "another exp and ln, and sums of a few values in another order"}

EVERY = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"]
# softplus's own rounding, which 1/(1 − p) makes larger
NEAR_ONE = ROUNDING | {"gradients": {"of_largest": 5e-6}}
# cosines of both signs cancel
COSINES = ROUNDING | {"values": {"absolute": 3e-7}}

FEW = ["sum_over_batch_size", "mean_with_sample_weight", "none"]


def onehot(random, shape):
    return np.eye(shape[-1], dtype="float32")[random.integers(0, shape[-1], shape[:-1])]


def shares(random, shape):
    return random.dirichlet(np.ones(shape[-1]), shape[:-1]).astype("float32")


def classes(random, shape):
    return random.integers(0, shape[-1], shape[:-1])


def bits(random, shape):
    return random.integers(0, 2, shape).astype("float32")


def values(random, shape):
    return random.normal(0, 1.5, shape).astype("float32")


def positive(random, shape):
    return random.uniform(0.1, 3, shape).astype("float32")


def given(array):
    return lambda random, shape: np.asarray(array)


VECTORS, STEPS = (7, 4), (4, 3, 5)
QUARTERS = np.array([[0, 0.25, 0.75, 1], [1, 1, 0, 0], [0.5, 0.5, -0.5, 2], [-1, 0, 1, 0.25], [0, 0, 0, 0]], "float32")

CCE, SPARSE, BCE = "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy"
# name, loss, activation, shape or input, targets, arguments, reductions
CASES = [
    ("cce_softmax", CCE, "softmax", VECTORS, onehot, [{}, {"label_smoothing": 0.1}, {"from_logits": True}], EVERY),
    ("cce_sigmoid", CCE, "sigmoid", VECTORS, onehot, [{}, {"label_smoothing": 0.3}], FEW),
    ("cce_relu", CCE, "softplus", VECTORS, shares, [{}, {"label_smoothing": 0.1}, {"from_logits": True}], FEW),
    ("cce_linear", CCE, "linear", VECTORS, onehot, [{"from_logits": True},
                                                    {"from_logits": True, "label_smoothing": 1.0}], FEW),
    ("cce_clipped", CCE, "linear", [[0, 1, 1, 0], [0, 0, 7, 0], [1e-8, 3, 0, 1], [1, 1, 1, 1]],
     given(np.eye(4, dtype="float32")[[0, 2, 0, 3]]), [{}, {"label_smoothing": 0.1}], FEW),
    ("cce_steps", CCE, "softmax", STEPS, onehot, [{}, {"label_smoothing": 0.2}], FEW),
    ("cce_steps_axis", CCE, "softplus", STEPS, lambda random, shape: onehot(random, (4, 5, 3)).transpose(0, 2, 1),
     [{"axis": 1}, {"axis": 1, "from_logits": True}, {"axis": -2, "label_smoothing": 0.1}], FEW),
    ("cce_steps_axis_logits", CCE, "linear", STEPS, lambda random, shape: onehot(random, (4, 5, 3)).transpose(0, 2, 1),
     [{"axis": 1, "from_logits": True, "label_smoothing": 0.2}], FEW),
    ("sparse_softmax", SPARSE, "softmax", VECTORS, classes, [{}, {"from_logits": True}], EVERY),
    ("sparse_sigmoid", SPARSE, "sigmoid", VECTORS, classes, [{}], FEW),
    ("sparse_ignored", SPARSE, "softmax", VECTORS, given([1, 0, 3, 1, 2, 1, 0]),
     [{"ignore_class": 1}, {"ignore_class": 1, "from_logits": True}, {"ignore_class": -1}], EVERY),
    ("sparse_ignored_all", SPARSE, "softplus", (3, 4), given([-1, -1, -1]), [{"ignore_class": -1}], EVERY),
    ("sparse_softplus", SPARSE, "softplus", VECTORS, classes, [{}, {"from_logits": True}, {"ignore_class": 2}], FEW),
    ("sparse_clipped", SPARSE, "linear", [[0, 1, 1, 0], [0, 0, 7, 0], [1e-8, 3, 0, 1], [0.5, 0.25, 0.125, 0.125]],
     given([0, 2, 1, 3]), [{}], FEW),
    ("sparse_column", SPARSE, "softmax", VECTORS, lambda random, shape: classes(random, shape)[:, None], [{}], FEW),
    ("sparse_steps", SPARSE, "softmax", STEPS, classes, [{}, {"ignore_class": 2}], FEW),
    ("sparse_steps_column", SPARSE, "softmax", STEPS, lambda random, shape: classes(random, shape)[..., None],
     [{}], FEW),
    ("bce_sigmoid", BCE, "sigmoid", VECTORS, bits, [{}, {"label_smoothing": 0.2}, {"from_logits": True}], EVERY),
    ("bce_softmax", BCE, "softmax", VECTORS, onehot, [{}], FEW),
    ("bce_softplus", BCE, "softplus", VECTORS, bits, [{}, {"from_logits": True}], FEW),
    ("bce_linear", BCE, "linear", VECTORS, bits, [{"from_logits": True},
                                                  {"from_logits": True, "label_smoothing": 0.5}], FEW),
    ("bce_clipped", BCE, "linear", QUARTERS, bits, [{}, {"label_smoothing": 0.2}], FEW),
    ("bce_one", BCE, "sigmoid", (6, 1), lambda random, shape: bits(random, (6,)), [{}, {"label_smoothing": 0.1}], FEW),
    ("bce_steps", BCE, "sigmoid", STEPS, bits, [{}], FEW),
    ("bce_steps_axis", BCE, "sigmoid", STEPS, bits, [{"axis": 1}, {"axis": -2, "label_smoothing": 0.1}], FEW),
    ("kld_softmax", "KLDivergence", "softmax", VECTORS, shares, [{}], EVERY),
    ("kld_clipped", "KLDivergence", "linear", QUARTERS, given(QUARTERS[::-1]), [{}], FEW),
    ("kld_steps", "KLDivergence", "softmax", STEPS, shares, [{}], FEW),
    ("mse", "MeanSquaredError", "linear", VECTORS, values, [{}], EVERY),
    ("mse_one", "MeanSquaredError", "tanh", (6, 1), lambda random, shape: values(random, (6,)), [{}], FEW),
    ("mse_broadcast", "MeanSquaredError", "linear", VECTORS, lambda random, shape: values(random, (7, 1)), [{}], FEW),
    ("mse_steps", "MeanSquaredError", "linear", STEPS, values, [{}], EVERY),
    ("mse_steps_squeezed", "MeanSquaredError", "linear", (4, 3, 1), lambda random, shape: values(random, (4, 3)),
     [{}], FEW),
    ("mae", "MeanAbsoluteError", "linear", VECTORS, values, [{}], FEW),
    ("mae_equal", "MeanAbsoluteError", "linear", QUARTERS, given(QUARTERS[::-1]), [{}], FEW),
    ("mae_steps", "MeanAbsoluteError", "linear", STEPS, values, [{}], FEW),
    ("huber", "Huber", "linear", VECTORS, values, [{}, {"delta": 0.3}, {"delta": 2.5}], EVERY),
    ("huber_at_delta", "Huber", "linear", QUARTERS, given(QUARTERS[::-1]), [{}, {"delta": 0.25}], FEW),
    ("huber_steps", "Huber", "linear", STEPS, values, [{"delta": 0.7}], FEW),
    ("mape", "MeanAbsolutePercentageError", "linear", VECTORS, values, [{}], FEW),
    ("mape_steps", "MeanAbsolutePercentageError", "linear", STEPS, values, [{}], FEW),
    ("mape_of_zero", "MeanAbsolutePercentageError", "linear", [[0, 0.5], [1, 1], [0, -1]],
     given(np.array([[0, 0], [1, 2], [-1, -1]], "float32")), [{}], FEW),
    ("msle", "MeanSquaredLogarithmicError", "softplus", VECTORS, positive, [{}], FEW),
    ("msle_clipped", "MeanSquaredLogarithmicError", "linear", QUARTERS, given(QUARTERS[::-1]), [{}], FEW),
    ("msle_steps", "MeanSquaredLogarithmicError", "softplus", STEPS, positive, [{}], FEW),
    ("log_cosh", "LogCosh", "linear", VECTORS, values, [{}], FEW),
    ("log_cosh_far", "LogCosh", "linear", [[100, -200], [0, 1e-3]], given(np.array([[0, 1], [0, 0]], "float32")),
     [{}], FEW),
    ("log_cosh_steps", "LogCosh", "linear", STEPS, values, [{}], FEW),
    ("hinge", "Hinge", "linear", VECTORS, lambda random, shape: 2 * bits(random, shape) - 1, [{}], FEW),
    ("hinge_bits", "Hinge", "tanh", VECTORS, bits, [{}], FEW),
    ("hinge_at_margin", "Hinge", "linear", QUARTERS, given(np.sign(QUARTERS[::-1])), [{}], FEW),
    ("hinge_steps", "Hinge", "linear", STEPS, bits, [{}], FEW),
    ("squared_hinge", "SquaredHinge", "linear", VECTORS, lambda random, shape: 2 * bits(random, shape) - 1, [{}], FEW),
    ("squared_hinge_bits", "SquaredHinge", "tanh", VECTORS, bits, [{}], FEW),
    ("squared_hinge_steps", "SquaredHinge", "linear", STEPS, bits, [{}], FEW),
    ("categorical_hinge", "CategoricalHinge", "linear", VECTORS, onehot, [{}], FEW),
    ("categorical_hinge_ties", "CategoricalHinge", "linear", QUARTERS,
     given(np.eye(4, dtype="float32")[[3, 0, 1, 2, 0]]), [{}], FEW),
    ("categorical_hinge_steps", "CategoricalHinge", "linear", STEPS, onehot, [{}], FEW),
    ("cosine", "CosineSimilarity", "linear", VECTORS, values, [{}], FEW),
    ("cosine_of_zero", "CosineSimilarity", "linear", QUARTERS, given(QUARTERS[::-1]), [{}], FEW),
    ("cosine_steps", "CosineSimilarity", "linear", STEPS, values, [{}], FEW),
    ("cosine_steps_axis", "CosineSimilarity", "linear", STEPS, values, [{"axis": 1}, {"axis": -2}], FEW),
    ("poisson", "Poisson", "softplus", VECTORS, positive, [{}], FEW),
    ("poisson_steps", "Poisson", "softplus", STEPS, positive, [{}], FEW),
]


def targets(array):
    """Classes where there is one integer per sample, values otherwise."""
    if array.ndim == 1 and array.dtype.kind == "i" and (array >= 0).all():
        return {"classes": [int(c) for c in array]}
    return flat(array.astype("float32"))


def drawn(name, shape, draw):
    """Input and targets."""
    random = rng(name)
    x = np.array(shape, "float32") if isinstance(shape, (list, np.ndarray)) else values(random, shape)
    return x, draw(random, x.shape)


def weightings(name, loss, x, y):
    """None, one weight per sample, and where a sample has several rows one for each of them; one weight is 0."""
    random, shape = rng(name + " weights"), loss(y, x).shape
    weights = {"none": None, "samples": random.uniform(0.1, 2, [len(x)] + [1] * (len(shape) - 1))}
    if len(shape) > 1:
        weights["rows"] = random.uniform(0.1, 2, shape)
    for weight in weights.values():
        if weight is not None:
            weight.flat[1] = 0
    return {key: weight if weight is None else weight.astype("float32") for key, weight in weights.items()}


def variant(loss, net, x, y, weight):
    """The loss and the gradient; a vector's gradient is that of its sum."""
    z = tf.Variable(x)
    with tf.GradientTape() as tape:
        value = loss(y, net(z), sample_weight=weight)
    gradient = {"gradient": numbers(tape.gradient(value, z).numpy().reshape(-1))}
    if loss.reduction == "none":
        return {"values": numbers(value.numpy().reshape(-1))} | gradient
    return {"value": numbers(value)} | gradient


def make():
    # TensorFlow's deterministic cross-entropies have another gradient where targets do not sum to 1, which is not
    # the one that users get; one thread repeats itself anyway
    config.disable_op_determinism()
    make_cases()
    tf.config.experimental.enable_op_determinism()


def make_cases():
    for name, kind, activation, shape, draw, arguments, reductions in CASES:
        x, y = drawn(name, shape, draw)
        layers = [{"Activation": {"activation": activation}}]
        net = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.Activation(activation)])
        of_kind = getattr(keras.losses, kind)
        weights = weightings(name, of_kind(**arguments[0], reduction="none"), x, y)
        variants = [
            {"loss": {kind: others | {"reduction": reduction}}, "weights": weighting,
             **variant(of_kind(**others, reduction=reduction), net, x, y, weight)}
            for others in arguments for reduction in reductions for weighting, weight in weights.items()
        ]
        write(f"losses_{name}", {
            "kind": "losses",
            "model": {"input_shape": list(x.shape[1:]), "layers": layers},
            "tolerance": {"bce_softplus": NEAR_ONE}.get(name, COSINES if name.startswith("cosine") else ROUNDING),
            "input": flat(x),
            "targets": targets(y),
            "weights": {key: flat(weight) for key, weight in weights.items() if weight is not None},
            "variants": variants,
        })
