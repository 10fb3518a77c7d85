"""Runs the programs and snippets of this folder with real Keras, and records what they make.

    <python with Keras> tests/golden/keras_code/record.py [NAME…]

`programs/*.py` are what `write_program` and `write_model` give; after a change of the writer
`SVERTKA_WRITE_PROGRAMS=1 cargo test --lib keras_code::recorded` writes them anew. `snippets/*.py` are written by
hand, as notebooks are. Both are run as they stand, with a few images instead of a whole dataset, step by step
instead of as graphs. Recorded beside each in `<name>.json`:

    model      what Keras saves of it, as a Sequential
    shapes     of each layer's output, without the batch
    params     how many there are
    summary    what `model.summary()` prints on 80 columns before the model is compiled
    compile    the optimizer, loss and metrics as Keras saves them
    fit        the arguments of the last `fit`, callbacks as their class and the arguments they were made with;
               a function of the epoch as its values

Without names it also writes `signatures.txt` of the sources.
"""

import contextlib
import inspect
import io
import json
import os
import sys
import tempfile
import types
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
os.environ["COLUMNS"] = "80"

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

# Sets up the TensorFlow backend, before Keras is imported.
from common import MADE_WITH, keras, np

import signatures

IMAGES = {"train": 600, "test": 100}
RATE = 0.125  # what a function of the epoch is told at first
recorded = {}


def load_data(*_, **__):
    """As many images as every program can cut something off."""
    random = np.random.default_rng(1)
    return tuple(
        (random.integers(0, 256, (count, 28, 28)).astype("uint8"), (np.arange(count) % 10).astype("uint8"))
        for count in IMAGES.values()
    )


def plain(value):
    """JSON of what Keras saves."""
    return json.loads(json.dumps(value, default=list))


def saved(thing):
    """A name as it is, anything else as Keras saves it."""
    if thing is None or isinstance(thing, (str, int, float, bool)):
        return thing
    if isinstance(thing, (list, tuple)):
        return [saved(one) for one in thing]
    if inspect.isfunction(thing):
        return thing.__name__
    config = plain(keras.saving.serialize_keras_object(thing))
    # What Keras forgets to save: Huber's delta.
    config["config"] |= plain({k: v for k, v in getattr(thing, "given", {}).items() if k == "delta"})
    kind = type(thing)
    # A class that a program made itself, because Keras has no argument for it.
    if kind.__name__.startswith("Centralized"):
        config["class_name"] = kind.__base__.__name__
        config["config"]["gradient_centralization"] = True
    # A name that nobody gave.
    own = inspect.signature(kind).parameters.get("name")
    if isinstance(thing, keras.metrics.Metric) and own and config["config"].get("name") == own.default:
        del config["config"]["name"]
    return config


def remember_arguments(kind):
    """Makes the instances of a class remember what they were made with."""
    inner, signature = kind.__init__, inspect.signature(kind.__init__)

    def init(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        if not hasattr(self, "given"):
            given = {key: value for key, value in bound.arguments.items() if key not in ("self", "kwargs")}
            object.__setattr__(self, "given", given)
        inner(self, *args, **kwargs)

    kind.__init__ = init


def rates(schedule):
    """What a function of the epoch gives, each time told what it gave before."""
    rate, values = RATE, []
    for epoch in range(12):
        try:
            rate = schedule(epoch, rate)
        except TypeError:
            rate = schedule(epoch)
        values.append(float(rate))
    return values


def callback(one):
    arguments = dict(one.given)
    if "schedule" in arguments:
        arguments["schedule"] = rates(arguments["schedule"])
    return {"class_name": type(one).__name__, "config": plain(arguments)}


def flat(model):
    """Its layers, those of models within it in their place."""
    for layer in model.layers:
        yield from flat(layer) if isinstance(layer, keras.Model) else [layer]


def describe(model):
    config = model.get_config()
    inner = [layer for layer in flat(model) if type(layer).__name__ != "InputLayer"]
    layers = [{"class_name": type(layer).__name__, "config": layer.get_config()} for layer in inner]
    layers.insert(0, {"class_name": "InputLayer", "config": {"batch_shape": [None, *model.input_shape[1:]]}})
    printed = []
    model.summary(print_fn=lambda text, **_: printed.append(text))
    recorded.update({
        "model": plain({"class_name": "Sequential", "config": {"name": config["name"], "layers": layers}}),
        "shapes": [list(layer.output.shape[1:]) for layer in inner],
        "params": model.count_params(),
        "summary": "\n".join(printed),
    })


def patched(name, replacement):
    return mock.patch.object(keras.Model, name, replacement)


def compile_and_note(compile_model):
    signature = inspect.signature(compile_model)

    def compile(self, *args, **kwargs):
        given = signature.bind(self, *args, **kwargs).arguments
        if self.built:
            describe(self)
        recorded["compile"] = {key: saved(value) for key, value in given.items() if key != "self"}
        # Step by step: tracing a graph takes longer than a few steps of it.
        compile_model(self, *args, **kwargs | {"run_eagerly": True})

    return compile


def fit_and_note(fit_model):
    signature = inspect.signature(fit_model)

    def fit(self, *args, **kwargs):
        given = dict(signature.bind(self, *args, **kwargs).arguments)
        given.pop("self")
        x, y = np.asarray(given.pop("x"))[:8], np.asarray(given.pop("y"))[:8]
        validation = given.pop("validation_data", None)
        recorded["fit"] = {key: value for key, value in given.items() if key != "callbacks"}
        if "callbacks" in given:
            recorded["fit"]["callbacks"] = [callback(one) for one in given["callbacks"]]
        recorded["fit"] = plain(recorded["fit"])
        given |= {"batch_size": 4, "epochs": given.get("initial_epoch", 0) + 2, "verbose": 0}
        given.pop("steps_per_epoch", None)
        if given.pop("validation_split", 0) or validation is not None:
            given |= {"validation_data": (x, y), "validation_steps": 1}
        return fit_model(self, x, y, **given)

    return fit


def run(program):
    """Runs a program in an empty folder of its own."""
    recorded.clear()
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    left = {"__name__": "__main__"}
    code = compile(program.read_text(), str(program), "exec")
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.chdir(folder)
        try:
            exec(code, left)
        finally:
            os.chdir(here)
    if "model" not in recorded:
        describe(left["model"])
    return {"made_with": MADE_WITH, **recorded}


def main():
    names, failed = sys.argv[1:], []
    if not names:
        (FOLDER.parents[2] / "src/formats/keras_code/signatures.txt").write_text(signatures.signatures())
    for module in ("mnist", "fashion_mnist"):
        getattr(keras.datasets, module).load_data = load_data
    for kind in vars(keras.callbacks).values():
        if inspect.isclass(kind) and kind is not keras.callbacks.Callback and kind is not keras.callbacks.CallbackList:
            remember_arguments(kind)
    remember_arguments(keras.losses.Huber)
    sys.modules["matplotlib"] = types.ModuleType("matplotlib")
    sys.modules["matplotlib.pyplot"] = sys.modules["matplotlib"].pyplot = mock.MagicMock()
    with patched("compile", compile_and_note(keras.Model.compile)), patched("fit", fit_and_note(keras.Model.fit)):
        for program in sorted([*FOLDER.glob("programs/*.py"), *FOLDER.glob("snippets/*.py")]):
            if names and program.stem not in names:
                continue
            try:
                result = run(program)
            except Exception as error:  # whatever Keras refuses: the others are recorded all the same
                failed.append(f"{program.stem}: {type(error).__name__}: {error}")
                continue
            program.with_suffix(".json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
            print(program.stem, flush=True)
    if failed:
        sys.exit("\n".join(failed))


main()
