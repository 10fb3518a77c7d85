"""Keras opens what svertka wrote, svertka opens what Keras wrote, and each goes on where the other stopped.

    with_keras.py --program target/debug/svertka --folder target/interop
"""

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

sys.dont_write_bytecode = True
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests/keras_live"))

import draw
import h5py
import reference
from files import FORMATS, Report, main, predictions, run
from keras.src.legacy.saving import legacy_h5_format
from reference import keras, np
from safetensors.numpy import load_file, save_file

for name in ("tensorflow", "absl"):  # they say once per file that `.h5` is old
    logging.getLogger(name).setLevel(logging.ERROR)
# Plain models, as users have them.
reference.Recorder = keras.Sequential
reference.ConvolutionWithChannelsFirst = keras.layers.Conv2D
ON_LAST = keras.layers.Conv2D.convolution_op


def convolution(self, inputs, kernel):
    """TensorFlow has no convolution with channels first on a processor."""
    if self.data_format != "channels_first":
        return ON_LAST(self, inputs, kernel)
    output = keras.ops.conv(keras.ops.transpose(inputs, (0, 2, 3, 1)), kernel, list(self.strides), self.padding,
                            "channels_last", self.dilation_rate)
    return keras.ops.transpose(output, (0, 3, 1, 2))


keras.layers.Conv2D.convolution_op = convolution


def outputs(net, x):
    return np.asarray(net(x, training=False))


def built(spec):
    keras.backend.clear_session()
    return reference.compiled(spec)


def ready(spec):
    """With the optimizer's variables, which Keras otherwise makes in the first step; only then it loads them."""
    net = built(spec)
    net.optimizer.build(net.trainable_variables)
    return net


def opens(folder):
    """Every model of the zoo in the three formats of Keras, with h5py and with the safetensors package."""
    report = Report("Keras opens .keras, .weights.h5 and .h5; h5py, safetensors and NumPy theirs")
    for case in sorted(path.parent for path in folder.glob("zoo/*/run.json")):
        spec, x = json.loads((case / "run.json").read_text()), np.load(case / "arrays.npz")["x_test"]
        expected = np.load(case / "predictions.npy")
        whole = None

        def keras_file():
            nonlocal whole
            keras.backend.clear_session()
            whole = keras.saving.load_model(case / FORMATS["keras"])
            report.check(f"{case.name} .keras", outputs(whole, x), expected, 1e-5)
            if whole.trainable_weights:
                report.check(f"{case.name} iterations", int(whole.optimizer.iterations), 6, 0)

        def weights_file():
            net = ready(spec)
            if net.weights:
                net.load_weights(case / FORMATS["keras-weights"])
            report.check(f"{case.name} .weights.h5", outputs(net, x), expected, 1e-5)
            if net.trainable_weights:
                report.check(f"{case.name} .weights.h5 iterations", int(net.optimizer.iterations), 6, 0)

        def h5_file():
            keras.backend.clear_session()
            net = keras.models.load_model(case / FORMATS["keras-h5"])
            report.check(f"{case.name} .h5", outputs(net, x), expected, 1e-5)

        def arrays():
            tensors, npz = load_file(case / FORMATS["safetensors"]), np.load(case / FORMATS["npz"])
            for name, value in tensors.items():
                report.check(f"{case.name} {name} .npz", npz[name], value, 0)
            with h5py.File(case / FORMATS["keras-weights"]) as file:
                found = []
                file["layers"].visititems(lambda _, node: found.append(node[()]) if isinstance(node, h5py.Dataset) else None)
            report.check(f"{case.name} h5py", sum(value.size for value in found), sum(value.size for value in tensors.values()), 0)

        for format, action in ((".keras", keras_file), (".weights.h5", weights_file), (".h5", h5_file), ("arrays", arrays)):
            report.attempt(f"{case.name} {format}", action)
    return report.end()


OPTIMIZERS = {
    "sgd": {"SGD": {"learning_rate": 0.05}},
    "momentum": {"SGD": {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.001}},
    "rmsprop": {"RMSprop": {"learning_rate": 0.002}},
    "rmsprop_centered": {"RMSprop": {"learning_rate": 0.002, "momentum": 0.5, "centered": True, "epsilon": 1e-5}},
    "adam": {"Adam": {"learning_rate": 0.003}},
    "amsgrad": {"Adam": {"learning_rate": 0.003, "amsgrad": True, "clipnorm": 0.5}},
    "adamw": {"AdamW": {"learning_rate": 0.003, "weight_decay": 0.01}},
    "adagrad": {"Adagrad": {"learning_rate": 0.05}},
    "nadam": {"Nadam": {"learning_rate": 0.003}},
    "schedule": {"Adam": {"learning_rate": {"CosineDecay": {"initial_learning_rate": 0.01, "decay_steps": 25, "alpha": 0.1}}}},
    "average": {"SGD": {"learning_rate": 0.02, "momentum": 0.9, "use_ema": True, "ema_momentum": 0.9}},
    "average_overwrites": {"Adam": {"learning_rate": 0.003, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 7}},
    "accumulation": {"Adam": {"learning_rate": 0.003, "gradient_accumulation_steps": 3}},
    "loss_scale": {"Adam": {"learning_rate": 0.003, "loss_scale_factor": 1024.0}},
}
STEPS_PER_EPOCH, BEFORE, AFTER = 5, 2, 4  # 10 steps, and 20 more


def network_to_resume(optimizer):
    layers = [{"Conv2D": {"filters": 4, "kernel_size": 3, "use_bias": False}}, {"BatchNormalization": {}},
              {"Activation": {"activation": "tanh"}}, {"AveragePooling2D": {"pool_size": 2}}, {"Flatten": {}},
              {"Dense": {"units": 6, "activation": "tanh"}}, {"Dense": {"units": 3, "activation": "softmax"}}]
    return {"version": 1, "model": {"name": "resumed", "input_shape": [8, 8, 2], "layers": layers},
            "compile": {"optimizer": optimizer, "loss": {"CategoricalCrossentropy": {}}, "metrics": []},
            "fit": {"batch_size": 8, "epochs": BEFORE, "shuffle": False, "callbacks": []}}


def named(net):
    return dict(zip(reference.weight_names(net), net.get_weights(), strict=True))


def keras_goes_on(net, arrays):
    """The weights as `fit` leaves them: a callback sees them before use_ema puts the averages in their place."""
    net.fit(arrays["x_train"], arrays["y_train"], batch_size=8, epochs=AFTER, shuffle=False, verbose=0)
    return net.get_weights()


@cache
def goes_on_from_h5():
    """Whether Keras can train what it has read from a `.h5` file, one of its own. Keras 3.15 makes the optimizer's variables
    for the weights of the Sequential itself, which has none, and then does not know those of its layers."""
    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    net.compile("sgd", keras.losses.MeanSquaredError(), run_eagerly=True)
    x = np.ones((4, 2), "float32")
    net.fit(x, x[:, :1], verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        net.save(f"{folder}/own.h5")
        read = keras.models.load_model(f"{folder}/own.h5")
    try:
        read.fit(x, x[:, :1], verbose=0)
        return True
    except ValueError as error:
        assert "Unknown variable" in str(error), error
        return False


def from_h5(spec, file):
    """The model with weights and optimizer's variables as Keras reads them from the file, one after the other."""
    net = ready(spec)
    net.load_weights(file)
    with h5py.File(file) as opened:
        values = legacy_h5_format.load_optimizer_weights_from_hdf5_group(opened)
        for variable, value in zip(net.optimizer.variables, values, strict=True):
            variable.assign(value[()])
    return net


def resumes(program, folder):
    report = Report("training goes on: 10 steps, then 20 in the other program, against 30 in one")
    numbers = np.random.default_rng(5)
    count = 8 * STEPS_PER_EPOCH
    arrays = {"x_train": numbers.normal(0, 1, (count, 8, 8, 2)).astype("float32"),
              "y_train": np.eye(3, dtype="float32")[numbers.integers(0, 3, count)]}
    for kind, optimizer in OPTIMIZERS.items():
        case = folder / "resumed" / kind
        shutil.rmtree(case, ignore_errors=True)
        case.mkdir(parents=True)
        spec = network_to_resume(optimizer)
        keras.utils.set_random_seed(3)
        first = built(spec)
        names = reference.weight_names(first)
        (case / "run.json").write_text(json.dumps(spec, indent=1) + "\n")
        np.savez(case / "arrays.npz", **arrays)
        save_file({name: np.ascontiguousarray(value) for name, value in named(first).items()}, case / "w.safetensors")
        save_file({name: np.ascontiguousarray(value) for name, value in named(first).items()}, case / "first.safetensors")
        fit = ["fit", "--run", case / "run.json", "--data", case / "arrays.npz", "--no-shuffle"]
        weights = lambda file: [load_file(file)[name] for name in names]

        def from_ours(end):
            half = case / f"half.{end}"
            run(program, *fit, "--init", case / "w.safetensors", "--out", half)
            run(program, *fit, "--init", half, "--resume", "--epochs", AFTER, "--out", case / f"ours-{end}.safetensors")
            if end == "weights.h5":
                net = ready(spec)
                net.load_weights(half)
            elif end == "h5" and not goes_on_from_h5():
                net = from_h5(spec, half)
            else:
                keras.backend.clear_session()
                net = keras.models.load_model(half)
            # As `compiled` has it: tracing a graph takes longer than twenty steps.
            net.run_eagerly = True
            # The variable counts calls; `optimizer.iterations` divides it by `gradient_accumulation_steps`.
            calls = int(np.asarray(net.optimizer.variables[0]))
            report.check(f"{kind} {end} iterations", calls, BEFORE * STEPS_PER_EPOCH, 0)
            for name, got, want in zip(names, keras_goes_on(net, arrays), weights(case / f"ours-{end}.safetensors")):
                report.check(f"{kind}: svertka, then Keras, by {end}: {name}", got, want, 1e-4)

        def from_keras(end):
            net = built(spec)
            net.set_weights(weights(case / "first.safetensors"))
            net.fit(arrays["x_train"], arrays["y_train"], batch_size=8, epochs=BEFORE, shuffle=False, verbose=0)
            half = case / f"keras-half.{end}"
            if end == "weights.h5":
                net.save_weights(half)
            else:
                net.save(half)
            more = fit if end == "weights.h5" else ["fit", "--data", case / "arrays.npz", "--no-shuffle", "--batch-size", 8]
            out = case / f"keras-{end}.safetensors"
            run(program, *more, "--init", half, "--resume", "--epochs", AFTER, "--out", out)
            for name, want, got in zip(names, keras_goes_on(net, arrays), weights(out)):
                report.check(f"{kind}: Keras, then svertka, by {end}: {name}", got, want, 1e-4)

        for end in ("keras", "weights.h5", "h5"):
            report.attempt(f"{kind}: svertka, then Keras, by {end}", lambda: from_ours(end))
            report.attempt(f"{kind}: Keras, then svertka, by {end}", lambda: from_keras(end))
    return report.end()


def random_models(program, folder, seed, count):
    report = Report(f"svertka opens {count} random architectures that Keras trained, seed {seed}")
    for idx in range(count):
        case = folder / "random" / str(idx)
        shutil.rmtree(case, ignore_errors=True)
        case.mkdir(parents=True)

        def one():
            spec, arrays, weights = draw.case(seed, idx)
            (_, arguments), = spec["compile"]["optimizer"].items()
            arguments.pop("gradient_centralization", None)  # Keras has none
            (case / "run.json").write_text(json.dumps(spec, indent=1) + "\n")
            net = built(spec)
            net.set_weights(weights)
            net.train_on_batch(arrays["x_train"], arrays["y_train"])
            x = np.random.default_rng(idx).normal(0, 1, (5, *spec["model"]["input_shape"])).astype("float32")
            np.savez(case / "arrays.npz", x_test=x)
            expected = outputs(net, x)
            for file, save, more in (("m.keras", net.save, []), ("m.h5", net.save, []),
                                     ("m.weights.h5", net.save_weights, ["--run", case / "run.json"])):
                try:
                    save(case / file)
                except TypeError as error:
                    # As with `AUC(label_weights=[0.5, 2])`: Keras makes a tensor of it and cannot say that in a `.h5`.
                    if "EagerTensor" not in str(error):
                        raise
                    print(f"  random {idx} {file}: Keras cannot save it: {error}")
                    continue
                got = predictions(program, case / file, case / "arrays.npz", *more)
                report.check(f"random {idx} {file}", got, expected, 1e-5)

        report.attempt(f"random {idx}", one)
    return report.end()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="holds svertka's files against Keras")
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1795999901, help="of the random models; another one draws others")
    parser.add_argument("--count", type=int, default=60, help="how many random models")
    parser.add_argument("--only", nargs="+", choices=["opens", "resumes", "random"], help="some of the checks")
    given = parser.parse_args()
    program, folder = given.program.resolve(), given.folder.resolve()
    checks = {"opens": lambda: opens(folder), "resumes": lambda: resumes(program, folder),
              "random": lambda: random_models(program, folder, given.seed, given.count)}
    main(*(check for name, check in checks.items() if not given.only or name in given.only))
