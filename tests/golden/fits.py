"""Whole runs of `fit` with its arguments: the logs after each batch and epoch, and the weights at the end.

Every loss is trained with over two chunks of the engine's and a last batch of three. Then `fit`'s arguments,
one or two at a time, and callbacks that change the course of a run.
"""

from common import build, flat, keras, np, numbers, optimizer, rng, write
from losses import bits, classes, onehot, positive, shares, targets, values
from metrics import of, spread

CLOSE = {"logs": {"each": 5e-6}, "weights": {"of_largest": 3e-6}, "reason": "steps of float32 sums in another order"}


def dense(units, activation, **others):
    return {"Dense": {"units": units, "activation": activation, **others}}


def signs(random, shape):
    return 2 * bits(random, shape) - 1


def column(random, shape):
    return bits(random, (shape[0],))


SGD = {"SGD": {"learning_rate": 0.05, "momentum": 0.5}}
LOSSES = [
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, "softmax", onehot, ["accuracy"]),
    ("CategoricalCrossentropy", {"from_logits": True, "reduction": "sum"}, "linear", onehot, ["accuracy"]),
    ("CategoricalCrossentropy", {"reduction": "mean_with_sample_weight"}, "softplus", shares, []),
    ("SparseCategoricalCrossentropy", {}, "softmax", classes, ["accuracy"]),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, "softmax", classes, []),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1, "reduction": "none"}, "softplus", classes, []),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}, "sigmoid", bits, ["accuracy"]),
    ("BinaryCrossentropy", {"from_logits": True, "reduction": "mean"}, "linear", bits, []),
    ("KLDivergence", {}, "softmax", shares, []),
    ("MeanSquaredError", {}, "linear", values, ["mae"]),
    ("MeanSquaredError", {"reduction": "none"}, "tanh", values, []),
    ("MeanSquaredError", {"reduction": "mean_with_sample_weight"}, "linear", values, []),
    ("MeanAbsoluteError", {}, "linear", values, ["mse"]),
    ("Huber", {"delta": 0.7}, "linear", values, []),
    ("MeanAbsolutePercentageError", {}, "linear", signs, []),
    ("MeanSquaredLogarithmicError", {}, "softplus", positive, []),
    ("LogCosh", {}, "linear", values, []),
    ("Hinge", {}, "linear", signs, []),
    ("SquaredHinge", {"reduction": "sum_over_batch_size"}, "tanh", bits, []),
    ("CategoricalHinge", {}, "linear", onehot, []),
    ("CosineSimilarity", {}, "linear", values, []),
    ("Poisson", {"reduction": "sum"}, "softplus", positive, []),
]

SOFTMAX = [dense(5, "tanh"), dense(3, "softmax")]
SIGMOID = [dense(4, "relu"), dense(1, "sigmoid")]
STEPS = [dense(4, "tanh"), dense(3, "softmax")]
ACCURACY = {"loss": "categorical_crossentropy", "metrics": ["accuracy"], "weighted_metrics": ["accuracy", "mse"]}
SPARSE = ACCURACY | {"loss": "sparse_categorical_crossentropy", "weighted_metrics": ["accuracy"]}
BINARY = {"loss": "binary_crossentropy", "metrics": ["accuracy", "AUC"], "weighted_metrics": ["accuracy", "Precision"]}
PLAIN = {"loss": "mse", "metrics": ["mae"], "weighted_metrics": []}

# name, layers, input of one sample, targets, compile, fit, samples, who has weights, other things
RUNS = [
    ("validation", SOFTMAX, (4,), onehot, ACCURACY, {"batch_size": 8, "epochs": 3}, 21, "", 11),
    ("validation_weights", SOFTMAX, (4,), onehot, ACCURACY, {"batch_size": 8, "epochs": 3}, 21, "validation", 11),
    ("weights", SOFTMAX, (4,), onehot, ACCURACY, {"batch_size": 8, "epochs": 3}, 21, "training", 11),
    ("both_weights", SOFTMAX, (4,), classes, SPARSE, {"batch_size": 34, "epochs": 2}, 37, "training validation", 35),
    ("validation_split", SOFTMAX, (4,), onehot, ACCURACY,
     {"batch_size": 5, "epochs": 2, "validation_split": 0.3}, 24, "", 0),
    ("validation_split_weights", SOFTMAX, (4,), onehot, ACCURACY,
     {"batch_size": 5, "epochs": 2, "validation_split": 0.3}, 24, "training", 0),
    ("validation_before_split", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 5, "epochs": 2, "validation_split": 0.5}, 14, "", 7),
    ("validation_batch_size", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 8, "epochs": 2, "validation_batch_size": 3}, 20, "validation", 11),
    ("validation_steps", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 8, "epochs": 2, "validation_batch_size": 3, "validation_steps": 2}, 20, "", 11),
    ("validation_steps_too_many", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 8, "epochs": 2, "validation_steps": 9}, 20, "", 11),
    ("validation_freq", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 8, "epochs": 5, "validation_freq": 2}, 20, "", 11),
    ("validation_freq_list", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 8, "epochs": 5, "validation_freq": [1, 4, 5]}, 20, "", 11),
    ("initial_epoch", SOFTMAX, (4,), onehot, ACCURACY,
     {"batch_size": 8, "epochs": 5, "initial_epoch": 3, "validation_freq": 5}, 20, "", 5),
    ("initial_epoch_last", SOFTMAX, (4,), onehot, ACCURACY, {"batch_size": 8, "epochs": 2, "initial_epoch": 2}, 9, "", 0),
    ("steps_per_epoch", SOFTMAX, (4,), onehot, ACCURACY, {"batch_size": 5, "epochs": 5, "steps_per_epoch": 3}, 22, "", 6),
    ("steps_per_epoch_of_a_pass", SOFTMAX, (4,), onehot, ACCURACY,
     {"batch_size": 5, "epochs": 3, "steps_per_epoch": 5}, 22, "training", 0),
    ("one_sample_each", SOFTMAX, (4,), classes, SPARSE, {"batch_size": 1, "epochs": 2}, 5, "training", 3),
    ("larger_batch", SOFTMAX, (4,), classes, SPARSE, {"batch_size": 100, "epochs": 2}, 70, "training", 0),
    ("class_weight", SOFTMAX, (4,), onehot, ACCURACY,
     {"batch_size": 8, "epochs": 2, "class_weight": {"0": 0.5, "2": 3.0}}, 21, "", 9),
    ("class_weight_classes", SOFTMAX, (4,), classes, SPARSE,
     {"batch_size": 8, "epochs": 2, "class_weight": {"1": 2.0, "7": 9.0}}, 21, "validation", 9),
    ("class_weight_binary", SIGMOID, (4,), column, BINARY,
     {"batch_size": 8, "epochs": 2, "class_weight": {"0": 0.25, "1": 4.0}}, 21, "", 9),
    ("class_weight_shares", SOFTMAX, (4,), shares, ACCURACY | {"loss": "kl_divergence"},
     {"batch_size": 8, "epochs": 2, "class_weight": {"0": 0.5, "1": 1.5}}, 21, "", 0),
    ("class_weight_reduced", SOFTMAX, (4,), classes,
     SPARSE | {"loss": {"SparseCategoricalCrossentropy": {"reduction": "mean_with_sample_weight"}}},
     {"batch_size": 8, "epochs": 2, "class_weight": {"0": 3.0, "1": 0.5}}, 21, "", 9),
    ("binary", SIGMOID, (4,), column, BINARY, {"batch_size": 8, "epochs": 2}, 21, "training validation", 9),
    ("steps", STEPS, (3, 4), classes, SPARSE, {"batch_size": 6, "epochs": 2}, 14, "", 8),
    ("steps_weights", STEPS, (3, 4), classes, SPARSE, {"batch_size": 6, "epochs": 2}, 14, "training validation rows", 8),
    ("steps_onehot", STEPS, (3, 4), onehot, ACCURACY, {"batch_size": 6, "epochs": 2}, 14, "training rows", 8),
    ("steps_ignored", STEPS, (3, 4), classes,
     SPARSE | {"loss": {"SparseCategoricalCrossentropy": {"ignore_class": 0}}, "metrics": [], "weighted_metrics": []},
     {"batch_size": 6, "epochs": 2}, 14, "training validation rows", 8),
    ("steps_mean", STEPS[:1], (3, 4), values,
     PLAIN | {"loss": {"MeanSquaredError": {"reduction": "mean_with_sample_weight"}}, "weighted_metrics": ["mae"]},
     {"batch_size": 6, "epochs": 2}, 14, "training rows", 0),
    ("crossentropy", SOFTMAX, (4,), onehot, ACCURACY | {"loss": "crossentropy"}, {"batch_size": 8, "epochs": 2}, 21, "", 9),
    ("crossentropy_classes", SOFTMAX, (4,), classes, SPARSE | {"loss": "ce"}, {"batch_size": 8, "epochs": 2}, 21, "", 9),
    ("crossentropy_binary", SIGMOID, (4,), column, BINARY | {"loss": "crossentropy"},
     {"batch_size": 8, "epochs": 2}, 21, "training", 9),
    ("loss_weights", SOFTMAX, (4,), onehot, ACCURACY | {"loss_weights": [0.3]},
     {"batch_size": 8, "epochs": 2}, 21, "training validation", 9),
    ("loss_weights_none", SOFTMAX, (4,), onehot,
     ACCURACY | {"loss": {"CategoricalCrossentropy": {"reduction": "none"}}, "loss_weights": 2.5},
     {"batch_size": 8, "epochs": 2}, 21, "", 9),
    ("early_stopping", SOFTMAX, (4,), classes, SPARSE, {"batch_size": 8, "epochs": 30, "callbacks": [
        {"EarlyStopping": {"patience": 2, "restore_best_weights": True}}]}, 20, "", 11),
    ("early_stopping_from", SOFTMAX, (4,), classes, SPARSE, {"batch_size": 8, "epochs": 12, "callbacks": [
        {"EarlyStopping": {"monitor": "val_accuracy", "patience": 1, "start_from_epoch": 3, "baseline": 0.2}}]},
     20, "", 11),
    ("reduce_lr", SOFTMAX, (4,), classes, SPARSE, {"batch_size": 8, "epochs": 8, "callbacks": [
        {"ReduceLROnPlateau": {"patience": 1, "factor": 0.3, "min_delta": 0.05, "cooldown": 1}}]}, 20, "", 11),
    ("lecture", [dense(10, "linear")], (20,), None, {"loss": "mse", "metrics": [], "weighted_metrics": []},
     {"batch_size": 1, "epochs": 10, "callbacks": [{"EarlyStopping": {"monitor": "loss", "patience": 3}}]}, 5, "", 0),
    ("terminate_on_nan", [dense(10, "linear")], (20,), None, {"loss": "mse", "metrics": [], "weighted_metrics": []},
     {"batch_size": 1, "epochs": 10, "callbacks": [{"TerminateOnNaN": {}}]}, 5, "", 0),
]


def drawn(random, layers, shape, draw, samples, weight):
    """x, y and weights: one per sample, or one for each row of its output."""
    if draw is None:  # as the lecture has it
        return np.arange(100, dtype="float32").reshape(5, 20), np.zeros(5, "float32"), None
    units = layers[-1]["Dense"]["units"]
    x, y = values(random, (samples, *shape)), draw(random, (samples, *shape[:-1], units))
    rows = (samples, *shape[:-1]) if weight == "rows" else (samples,)
    return x, y, random.uniform(0, 2, rows).astype("float32") if weight else None


def data(x, y, weights):
    found = {"x": flat(x), "y": targets(y)}
    return found if weights is None else found | {"sample_weight": flat(weights)}


def run(name, layers, shape, draw, compiled, fit, samples, weighted, validation, optimizer_spec=SGD):
    random = rng(name)
    net = build({"input_shape": shape, "layers": layers})
    params = [random.uniform(-0.7, 0.7, w.shape).astype("float32") for w in net.weights]
    net.set_weights(params)
    kind = "rows" if "rows" in weighted else "samples"
    training = drawn(random, layers, shape, draw, samples, "training" in weighted and kind)
    extra = {}
    if validation:
        extra["validation"] = drawn(random, layers, shape, draw, validation, "validation" in weighted and kind)
    net.compile(optimizer(optimizer_spec), loss=of(keras.losses, compiled["loss"]), jit_compile=False,
                loss_weights=compiled.get("loss_weights"),
                metrics=[of(keras.metrics, spec) for spec in compiled["metrics"]],
                weighted_metrics=[of(keras.metrics, spec) for spec in compiled["weighted_metrics"]])

    epochs = []
    note = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, _: epochs.append({"epoch": epoch, "batches": []}),
        on_train_batch_end=lambda _, logs: epochs[-1]["batches"].append(finite(logs)),
        on_epoch_end=lambda _, logs: epochs[-1].update({"logs": finite(logs)}))
    arguments = dict(fit, callbacks=[*(of(keras.callbacks, spec) for spec in fit.get("callbacks", [])), note])
    if "class_weight" in fit:
        arguments["class_weight"] = {int(key): value for key, value in fit["class_weight"].items()}
    net.fit(training[0], training[1], sample_weight=training[2], shuffle=False, verbose=0,
            validation_data=tuple(part for part in extra["validation"] if part is not None) if extra else None,
            **arguments)

    names = [f"dense{'' if idx == 0 else f'_{idx}'}/{kind}" for idx in range(len(layers)) for kind in ["kernel", "bias"]]
    after = {path: numbers(weight.reshape(-1)) for path, weight in zip(names, net.get_weights(), strict=True)}
    is_finite = all(np.isfinite(weight).all() for weight in net.get_weights())
    write(f"fit_{name}", {
        "kind": "fit",
        "model": {"input_shape": list(shape), "layers": layers},
        "compile": {"optimizer": optimizer_spec} | compiled,
        "fit": fit | {"shuffle": False},
        "tolerance": CLOSE,
        "training": data(*training),
        **({"validation": data(*extra["validation"])} if extra else {}),
        "params": {path: numbers(weight.reshape(-1)) for path, weight in zip(names, params)},
        "epochs": epochs,
        "after": after if is_finite else None,
    })


def finite(logs):
    """Numbers by name; none where there is no finite one, which JSON cannot write."""
    return {key: value if np.isfinite(value) else None for key, value in spread(logs).items()}


def make():
    for idx, (kind, arguments, activation, draw, metrics) in enumerate(LOSSES):
        run(f"loss_{idx:02}_{kind}", [dense(3, activation)], (3,), draw,
            {"loss": {kind: arguments}, "metrics": metrics, "weighted_metrics": metrics},
            {"batch_size": 34, "epochs": 2}, 37, "training", 0)
    for arguments in RUNS:
        run(*arguments)
