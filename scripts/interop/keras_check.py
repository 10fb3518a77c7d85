"""Opens the files of a folder in real Keras: python keras_check.py FOLDER [NAMES]

With SVERTKA_KERAS=tf_keras in the environment it is Keras 2, which opens the `.h5` files alone.

Each case is `<name>.json` with `<name>.keras`, `<name>.h5` and `<name>.weights.h5`, which
`src/formats/keras_file/interop_tests.rs` writes. Checked are the predictions, the number of steps that the
optimizer has made, and the predictions after further steps on the same batches.
"""

import importlib
import json
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np

keras = importlib.import_module(os.environ.get("SVERTKA_KERAS", "keras"))
IS_KERAS_2 = keras.__version__.startswith("2.")

PREDICTIONS = 1e-5
RESUMED = 1e-4


def numbers(shape, seed):
    count = int(np.prod(shape))
    values = (73 * np.arange(count) + 31 * seed) % 199 / 100 - 1
    return values.astype("float32").reshape(shape)


def distance(got, expected):
    """The largest difference; of large numbers in parts of themselves."""
    got, expected = np.asarray(got, "float64").ravel(), np.asarray(expected, "float64")
    if got.shape != expected.shape:
        return float("inf")
    return float(np.max(np.abs(got - expected) / np.maximum(np.abs(expected), 1), initial=0))


def same(ours, theirs):
    """Whether an argument as our specs save it is what Keras has made of it."""
    if isinstance(theirs, dict) and "class_name" in theirs:
        (name, arguments), = ours.items() if isinstance(ours, dict) else [(ours, {})]
        if name == "ElasticNet":
            return theirs["class_name"] == "L1L2"
        return theirs["class_name"] == name and not different(arguments, theirs["config"])
    if isinstance(ours, dict):  # a metric that is a word
        return list(ours) == ["Accuracy"] and theirs in ("accuracy", "acc")
    if isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, list):  # one axis or threshold; none is None
        return theirs is None if not ours else len(ours) == 1 and same(ours[0], theirs)
    if isinstance(theirs, list):
        return len(theirs) == 1 and same(ours, theirs[0])
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return abs(ours - theirs) <= 1e-6 * max(abs(ours), 1)
    return ours == theirs


def different(arguments, config):
    """The arguments that Keras has with another value. It does not save all that it was given."""
    # Keras fills in a metric's name, and the strides that a pooling window moves by of itself.
    filled = {key for key in ("name", "strides") if arguments.get(key) is None}
    shared = [key for key in arguments if key in config and key not in filled]
    return [f"{key} = {config[key]!r}, not {arguments[key]!r}" for key in shared if not same(arguments[key], config[key])]


def misunderstood(model, run):
    """What of a run Keras has read otherwise."""
    compiled = model.get_compile_config()
    layers = [{"class_name": type(layer).__name__, "config": layer.get_config()} for layer in model.layers]
    pairs = list(zip(run["model"]["layers"], layers))
    pairs.append((run["compile"]["optimizer"], compiled["optimizer"]))
    if "Crossentropy" not in run["compile"]["loss"]:
        pairs.append((run["compile"]["loss"], compiled["loss"]))
    for kind in ["metrics", "weighted_metrics"]:
        theirs = compiled[kind] or []
        if len(theirs) != len(run["compile"][kind]):
            yield f"{kind}: {theirs}"
        pairs += zip(run["compile"][kind], theirs)
    for ours, theirs in pairs:
        (name, arguments), = ours.items() if isinstance(ours, dict) else [(ours, {})]
        if isinstance(theirs, dict) and theirs["class_name"] == name:
            yield from (f"{name}.{one}" for one in different(arguments, theirs["config"]))
        elif not same(ours, theirs):
            yield f"{theirs!r}, not {ours!r}"
    if len(model.layers) != len(run["model"]["layers"]):
        yield f"{len(model.layers)} layers"


def batch(case, outputs, seed):
    x = numbers((case["batch"], *case["input_shape"]), seed)
    y = (7 * np.arange(case["batch"]) + seed) % outputs
    return x, y.astype("int32") if case["classes"] else keras.utils.to_categorical(y, outputs)


def train(model, case):
    outputs = int(np.prod(model.output_shape[1:]))
    # Metrics change nothing, and some take other targets than the loss.
    model._compile_metrics = None
    for seed in range(case["next_seed"], case["next_seed"] + case["steps"]):
        model.train_on_batch(*batch(case, outputs, seed))


def problems_of(folder, name):
    """What is wrong with a case, in words."""
    with open(os.path.join(folder, f"{name}.json"), encoding="utf-8") as file:
        case = json.load(file)
    path = os.path.join(folder, name)
    inputs = numbers((3, *case["input_shape"]), 7)
    found = []

    def check(what, model, expected, limit):
        apart = distance(model.predict(inputs, verbose=0), expected)
        if not apart <= limit:
            found.append(f"{what}: {apart:.2e} apart")

    def opened(what, load):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                model = load()
            except Exception as error:  # whatever it is, it is reported
                found.append(f"{what}: {type(error).__name__}: {str(error)[:300]} … {str(error)[-300:]}")
                return None
        said = [str(one.message) for one in caught if "Skipping variable" in str(one.message)]
        found.extend(f"{what}: {one}" for one in said)
        check(what, model, case["predictions"], PREDICTIONS)
        # Keras 2 begins with a fresh optimizer: it has other variables.
        steps = case["iterations"] if IS_KERAS_2 else int(np.asarray(model.optimizer.variables[0]))
        if steps != case["iterations"]:
            found.append(f"{what}: {steps} steps instead of {case['iterations']}")
        return model

    def resumed(what, model):
        if model is None or case["after"] is None:
            return
        try:
            train(model, case)
        except Exception as error:
            found.append(f"{what}, resumed: {type(error).__name__}: {str(error)[:300]}")
            return
        check(f"{what}, resumed", model, case["after"], RESUMED)

    def weights():
        model = keras.saving.load_model(f"{path}.keras")
        for variable in [*model.weights, *model.optimizer.variables]:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        model.load_weights(f"{path}.weights.h5")
        return model

    if not os.path.exists(f"{path}.h5"):
        legacy = None
    else:
        legacy = opened(".h5", lambda: keras.models.load_model(f"{path}.h5"))
    if IS_KERAS_2:
        return found
    # Keras 3 cannot train what it has read from a `.h5` file, not from its own either: it makes the optimizer's
    # variables for the layers that a Sequential itself is, which are none.
    whole = opened(".keras", lambda: keras.saving.load_model(f"{path}.keras"))
    for what, model in [(".keras", whole), (".h5", legacy)]:
        if model is not None:
            found.extend(f"{what} has {one}" for one in misunderstood(model, case["run"]))
    resumed(".keras", whole)
    resumed(".weights.h5", opened(".weights.h5", weights))
    return found


def main():
    folder, chosen = sys.argv[1], sys.argv[2:]
    names = sorted(file[:-5] for file in os.listdir(folder) if file.endswith(".json"))
    names = [name for name in names if not chosen or name in chosen]
    if not names:
        sys.exit(f"{folder} has no cases")
    failed = 0
    for name in names:
        found = problems_of(folder, name)
        failed += bool(found)
        for problem in found:
            print(f"{name}: {problem}")
        keras.backend.clear_session()
    print(f"Keras {keras.__version__}: {len(names) - failed} of {len(names)} cases are as they should be")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
