"""Every metric with its arguments: the values after each batch of two evaluations, which both begin at 0.

A case's model is one activation. The same metrics are measured plainly and with the samples' weights, so
that names that occur more than once are seen too. Batches do not divide the samples.
"""

from common import flat, keras, np, numbers, rng, write
from losses import bits, classes, onehot, shares, targets, values, positive, given

ROUNDING = {"allowed": {"each": 3e-6}, "reason": "Keras sums batches in float32"}
# of curves, whose areas Keras adds up from quotients of float32 counts
AREAS = {"allowed": {"each": 1e-5}, "reason": "Keras adds up hundreds of float32 quotients"}

# cosines of both signs cancel
COSINES = {"allowed": {"absolute": 3e-7}, "reason": "Keras sums batches in float32"}

SAMPLES, PASSES = 13, [5, 8]
VECTORS, ONE, STEPS = (SAMPLES, 4), (SAMPLES, 1), (SAMPLES, 3, 4)
SQUARES = (SAMPLES, 4, 4)  # whose weights fit along either axis


def plain(*names):
    return [{name: {}} for name in names]


def each(name, *arguments):
    return [{name: others} for others in arguments]


def named(name, *arguments):
    """Each with a name of its own: the scores of classes are numbered already."""
    return [{name: others | {"name": f"score_{idx}_of"}} for idx, others in enumerate(arguments)]


def quarters(random, shape):
    """Values that tie, and lie on thresholds."""
    return random.integers(0, 5, shape).astype("float32") / 4


def orders(random, shape):
    """Classes from the likeliest on."""
    return np.argsort(random.random(shape), axis=-1).astype("float32")


def column(draw):
    return lambda random, shape: draw(random, shape)[:, None]


def flattened(draw):
    return lambda random, shape: draw(random, shape).reshape(-1)


DISTANCES = plain("MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError", "LogCoshError")
RELATIVE = plain("MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson")
HINGES = plain("Hinge", "SquaredHinge", "CategoricalHinge")
COUNTS = [{}, {"thresholds": 0.3}, {"thresholds": [0.0, 0.25, 0.5, 1.0]}, {"class_id": 1}, {"top_k": 2},
          {"top_k": 1, "class_id": 2}, {"thresholds": 0.4, "top_k": 3, "class_id": 0}]
SCORES = [{}, {"average": "micro"}, {"average": "macro"}, {"average": "weighted"}, {"threshold": 0.3},
          {"average": "micro", "threshold": 0.5}, {"average": "weighted", "threshold": 0.25}]
BETAS = [{"beta": 0.5}, {"beta": 2.0, "average": "macro"}, {"beta": 2.0, "average": "weighted", "threshold": 0.3}]
CURVES = [{"curve": curve, "summation_method": method, "num_thresholds": count}
          for curve in ["ROC", "PR"] for method, count in [("interpolation", 200), ("majoring", 20), ("minoring", 5)]]
MANY = [{"multi_label": True}, {"multi_label": True, "curve": "PR", "num_thresholds": 30}]
THRESHOLDS = [{"thresholds": [0.6, 0.1, 0.15]}, {"thresholds": [0.25, 0.5, 0.75]}, {"thresholds": [0.5]},
              {"thresholds": [0.3, 0.7], "curve": "PR", "summation_method": "majoring"},
              {"thresholds": [0.0, 0.9], "multi_label": True}]
LABELS = [0.5, 2.0, 0.0, 1.0]
WEIGHED = [{"label_weights": LABELS}, {"label_weights": LABELS, "multi_label": True, "num_labels": 4}]
TOPS = [{"k": 1}, {"k": 2}, {}]
SMOOTH = [{}, {"label_smoothing": 0.2}]
LOGITS = [{"from_logits": True}, {"from_logits": True, "label_smoothing": 0.1}]

# name, activation, shape, input, targets, loss, metrics
CASES = [
    ("names", "softmax", VECTORS, values, onehot, "categorical_crossentropy",
     ["accuracy", "acc", "accuracy", "mse", "MSE", "mae", "Recall", {"Recall": {}}, {"Recall": {"name": "found"}},
      "recall", "F1Score", "AUC", "kl_divergence", "bce", {"Precision": {"name": "loss_of"}}]),
    ("categorical", "softmax", VECTORS, values, onehot, "categorical_crossentropy",
     ["accuracy", *plain("CategoricalAccuracy"), *each("TopKCategoricalAccuracy", *TOPS)]),
    ("categorical_ties", "linear", VECTORS, quarters, quarters, "mse",
     ["accuracy", *plain("CategoricalAccuracy"), *each("TopKCategoricalAccuracy", *TOPS)]),
    ("categorical_steps", "softmax", STEPS, values, onehot, "categorical_crossentropy",
     ["accuracy", *plain("CategoricalAccuracy"), *each("TopKCategoricalAccuracy", {"k": 2})]),
    ("sparse", "softmax", VECTORS, values, classes, "sparse_categorical_crossentropy",
     ["accuracy", *plain("SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
      *each("SparseTopKCategoricalAccuracy", *TOPS)]),
    ("sparse_ties", "linear", VECTORS, quarters, classes, "sparse_categorical_crossentropy",
     ["accuracy", *plain("SparseCategoricalAccuracy"), *each("SparseTopKCategoricalAccuracy", *TOPS)]),
    ("sparse_column", "softmax", VECTORS, values, column(classes), "sparse_categorical_crossentropy",
     ["accuracy", *plain("SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
      *each("SparseTopKCategoricalAccuracy", {"k": 2})]),
    ("sparse_steps", "softmax", STEPS, values, classes, "sparse_categorical_crossentropy",
     ["accuracy", *plain("SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
      *each("SparseTopKCategoricalAccuracy", {"k": 2})]),
    ("sparse_logits", "linear", VECTORS, values, classes, {"SparseCategoricalCrossentropy": {"from_logits": True}},
     ["accuracy", *each("SparseCategoricalCrossentropy", {"from_logits": True})]),
    ("binary_one", "sigmoid", ONE, values, flattened(bits), "binary_crossentropy",
     ["accuracy", *each("BinaryAccuracy", {}, {"threshold": 0.3}),
      *each("Precision", *COUNTS[:3]), *each("Recall", *COUNTS[:3]), *plain("AUC")]),
    ("binary_column", "sigmoid", ONE, values, bits, "binary_crossentropy",
     ["accuracy", *each("BinaryAccuracy", {}, {"threshold": 0.3}), *each("BinaryCrossentropy", *SMOOTH),
      *each("F1Score", {"threshold": 0.5}), *plain("Hinge", "SquaredHinge", "MeanAbsoluteError")]),
    ("binary_many", "sigmoid", VECTORS, values, bits, "binary_crossentropy",
     ["accuracy", *each("BinaryAccuracy", {}, {"threshold": 0.7}), *each("BinaryCrossentropy", *SMOOTH)]),
    ("binary_ties", "linear", VECTORS, quarters, bits, "mse",
     [*each("BinaryAccuracy", {}, {"threshold": 0.25}, {"threshold": 1.0}), *each("BinaryCrossentropy", *SMOOTH)]),
    ("binary_steps", "sigmoid", STEPS, values, bits, "binary_crossentropy",
     [*plain("BinaryAccuracy", "BinaryCrossentropy")]),
    ("binary_logits", "linear", VECTORS, values, bits, {"BinaryCrossentropy": {"from_logits": True}},
     [*each("BinaryCrossentropy", *LOGITS), *each("AUC", {"from_logits": True})]),
    ("precision", "sigmoid", VECTORS, values, bits, "mse", each("Precision", *COUNTS)),
    ("precision_ties", "linear", VECTORS, quarters, bits, "mse", each("Precision", *COUNTS)),
    ("recall", "sigmoid", VECTORS, values, bits, "mse", each("Recall", *COUNTS)),
    ("recall_ties", "linear", VECTORS, quarters, bits, "mse", each("Recall", *COUNTS)),
    ("counts_none", "sigmoid", VECTORS, lambda random, shape: values(random, shape) - 9, given(np.zeros(VECTORS, "f4")),
     "mse", [*plain("Precision", "Recall", "F1Score", "AUC"), *each("AUC", *CURVES[3:])]),
    ("counts_steps", "sigmoid", STEPS, values, bits, "mse", [*plain("Precision", "Recall"),
                                                             *each("AUC", *CURVES[::2])]),
    ("f1", "softmax", VECTORS, values, onehot, "categorical_crossentropy", named("F1Score", *SCORES)),
    ("f1_ties", "linear", VECTORS, quarters, bits, "mse", named("F1Score", *SCORES)),
    ("fbeta", "softmax", VECTORS, values, onehot, "categorical_crossentropy", named("FBetaScore", *SCORES, *BETAS)),
    ("fbeta_ties", "linear", VECTORS, quarters, bits, "mse", named("FBetaScore", *BETAS)),
    ("auc", "sigmoid", VECTORS, values, bits, "mse", each("AUC", *CURVES, *MANY)),
    ("auc_ties", "linear", VECTORS, quarters, bits, "mse", each("AUC", *CURVES, *MANY)),
    ("auc_thresholds", "sigmoid", VECTORS, values, bits, "mse", each("AUC", *THRESHOLDS)),
    ("auc_thresholds_ties", "linear", VECTORS, quarters, bits, "mse", each("AUC", *THRESHOLDS)),
    ("auc_label_weights", "sigmoid", (9, 4), values, bits, "mse", each("AUC", *WEIGHED)),
    ("sparse_sorted", "linear", VECTORS, orders, classes, {"SparseCategoricalCrossentropy": {"from_logits": True}},
     each("SparseTopKCategoricalAccuracy", *({"k": k, "from_sorted_ids": True} for k in (1, 2, 9)))),
    ("sparse_ignored", "softmax", VECTORS, values, classes, "sparse_categorical_crossentropy",
     each("SparseCategoricalCrossentropy", {"ignore_class": 1}, {"axis": 1})),
    ("sparse_ignored_steps", "softmax", STEPS, values, classes, "sparse_categorical_crossentropy",
     each("SparseCategoricalCrossentropy", {"ignore_class": 0}, {"axis": 2})),
    ("cosine_axis", "linear", SQUARES, values, values, "mae", each("CosineSimilarity", {"axis": 1}, {"axis": -2})),
    ("crossentropies_axis", "softplus", SQUARES, values, shares, "kl_divergence",
     each("CategoricalCrossentropy", {"axis": 1}, {"axis": 2})),
    ("distances", "linear", VECTORS, values, values, "mse", DISTANCES),
    ("distances_one", "linear", ONE, values, flattened(values), "mse", DISTANCES),
    ("distances_steps", "linear", STEPS, values, values, "mse", DISTANCES),
    ("cosine", "linear", VECTORS, values, values, "mae", plain("CosineSimilarity")),
    ("cosine_one", "linear", ONE, values, flattened(values), "mae", plain("CosineSimilarity")),
    ("cosine_steps", "linear", STEPS, values, values, "mae", plain("CosineSimilarity")),
    ("relative", "softplus", VECTORS, values, positive, "mse", RELATIVE),
    ("relative_steps", "softplus", STEPS, values, positive, "mse", RELATIVE),
    ("hinges", "tanh", VECTORS, values, onehot, "hinge", HINGES),
    ("hinges_signs", "linear", VECTORS, values, lambda random, shape: 2 * bits(random, shape) - 1, "hinge", HINGES[:2]),
    ("hinges_steps", "linear", STEPS, values, onehot, "hinge", HINGES),
    ("crossentropies", "softmax", VECTORS, values, shares, "kl_divergence",
     [*plain("KLDivergence", "Poisson"), *each("CategoricalCrossentropy", *SMOOTH)]),
    ("crossentropies_softplus", "softplus", VECTORS, values, onehot, "categorical_crossentropy",
     [*plain("KLDivergence"), *each("CategoricalCrossentropy", *SMOOTH)]),
    ("crossentropies_logits", "linear", VECTORS, values, onehot, {"CategoricalCrossentropy": {"from_logits": True}},
     each("CategoricalCrossentropy", *LOGITS)),
    ("crossentropies_steps", "softmax", STEPS, values, shares, "kl_divergence",
     plain("KLDivergence", "CategoricalCrossentropy")),
]


def of(module, spec):
    """A Keras object, or its name."""
    if isinstance(spec, str):
        return spec
    (kind, arguments), = spec.items()
    # Keras numbers the names of a process, the engine those of a run
    default = {"name": kind_name(kind)} if module is keras.metrics else {}
    return getattr(module, kind)(**default | arguments)


def written(specs):
    """Specs for the engine, which numbers nameless AUC, Precision and Recall through both lists, as Keras
    does in a process; here each had the name of the first one."""
    numbered = ("AUC", "Precision", "Recall")

    def one(kind, arguments):
        return arguments | {"name": kind.lower()} if kind in numbered and "name" not in arguments else arguments

    return [spec if isinstance(spec, str) else {kind: one(kind, arguments) for kind, arguments in spec.items()}
            for spec in specs]


def kind_name(kind):
    """The name of the first one of a kind."""
    keras.backend.clear_session()
    return getattr(keras.metrics, kind)().name


def spread(logs):
    """Numbers by name; a number for each class or threshold becomes several."""
    found = {}
    for key, value in logs.items():
        value = np.asarray(value)
        several = {f"{key}_{idx}": item for idx, item in enumerate(value)} if value.size > 1 else {key: value.item()}
        found |= {name: numbers(item) for name, item in several.items()}
    return found


def evaluated(net, batch_size, x, y, weights):
    """The logs after each batch."""
    found = []
    note = keras.callbacks.LambdaCallback(on_test_batch_end=lambda batch, logs: found.append(spread(logs)))
    net.evaluate(x, y, sample_weight=weights, batch_size=batch_size, callbacks=[note], verbose=0)
    return found


def make():
    for name, activation, shape, draw_x, draw_y, loss, specs in CASES:
        random = rng(name)
        x, y = draw_x(random, shape), draw_y(random, shape)
        weights = random.uniform(0, 2, shape[:-1] if len(shape) > 2 else shape[:1]).astype("float32")
        weights.flat[2] = 0
        net = keras.Sequential([keras.Input(shape[1:]), keras.layers.Activation(activation)])
        net.compile(loss=of(keras.losses, loss), metrics=[of(keras.metrics, spec) for spec in specs],
                    weighted_metrics=[of(keras.metrics, spec) for spec in specs], jit_compile=False)
        kinds = {kind for spec in specs for kind in spec}
        write(f"metrics_{name}", {
            "kind": "metrics",
            "model": {"input_shape": list(shape[1:]), "layers": [{"Activation": {"activation": activation}}]},
            "compile": {"loss": loss, "metrics": written(specs), "weighted_metrics": written(specs)},
            "tolerance": AREAS if "AUC" in kinds else COSINES if "CosineSimilarity" in kinds else ROUNDING,
            "input": flat(x),
            "targets": targets(y),
            "sample_weight": flat(weights),
            "passes": [{"batch_size": size, "logs": evaluated(net, size, x, y, weights)} for size in PASSES],
        })
