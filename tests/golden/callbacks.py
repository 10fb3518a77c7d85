"""Every callback's decisions on given values, from real Keras.

A case is one callback with its arguments and a few runs. Numbers are written as `repr`, because JSON has
no NaN; what Keras did is a list of lines, which the engine's decisions must spell in the same way.
"""

import contextlib
import io
import math
import os
import re
import tempfile

from common import keras, np, rng, tf, write

KERNEL = [[0.5, -1.0, 0.25], [2.0, 0.125, 1.0]]
BIAS = [0.25, 0.25, 0.25]


def model():
    """Small, compiled, with a metric whose direction is known once it was evaluated."""
    keras.backend.clear_session()
    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="softmax")])
    net.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.evaluate(np.zeros((1, 2), "float32"), np.zeros(1), verbose=0)
    net.set_weights([np.array(KERNEL, "float32"), np.array(BIAS, "float32")])
    return net


def epochs(values, accuracies=None, batches=2):
    """Epochs whose `val_loss` is given, with other values around it."""
    run = []
    for epoch, value in enumerate(values):
        loss = 1.0 / (epoch + 1)
        logs = {"loss": loss}
        if accuracies:
            logs["accuracy"] = accuracies[epoch]
        steps = [{"loss": loss * (batches + 1 - batch) / 2} for batch in range(batches)]
        if value is not None:
            logs["val_loss"] = value
        run.append({"batches": steps, "logs": logs})
    return run


def walk(name, count, step=0.05):
    """A random walk in float32, as metrics are."""
    random = rng(name)
    return [float(np.float32(v)) for v in np.abs(0.8 + np.cumsum(random.normal(-0.01, step, count)))]


NAN = math.nan
SEQUENCES = [
    [1.0, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95],
    [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6],
    [0.5] * 12,
    [1.0, 0.95, 0.92, 0.89, 0.85, 0.8, 0.79, 0.785, 0.7849, 0.78489],
    [NAN, 0.5, 0.4, 0.3, 0.2],
    [0.6, 0.5, NAN, NAN, 0.45, NAN, 0.44, 0.46],
    # differ in float64 only
    [0.1 + 1e-9, 0.1, 0.1 - 1e-9, 0.1 - 2e-9, 0.1 - 1e-7, 0.1],
    [None, None, 0.5, None, 0.4, 0.6, 0.7],
    walk("a", 16),
    walk("b", 16, 0.2),
]


class Recorder(keras.callbacks.Callback):
    """Stands after the callback and sees what it wrote."""

    def on_epoch_end(self, epoch, logs=None):
        self.seen = dict(logs)


def drive(callback, run, learning_rate, after_epoch, after_batch=None):
    """Calls what `fit` calls, in its order; the lines that the observers give."""
    net, recorder, lines = callback_model, Recorder(), []
    net.stop_training = False
    net.optimizer.learning_rate = learning_rate
    net.optimizer.iterations.assign(0)
    net.reset_metrics()
    everyone = keras.callbacks.CallbackList([callback, recorder], model=net, epochs=len(run), steps=2, verbose=0)
    everyone.on_train_begin()
    for epoch, step in enumerate(run):
        everyone.on_epoch_begin(epoch)
        for batch, logs in enumerate(step["batches"]):
            everyone.on_train_batch_begin(batch)
            net.optimizer.iterations.assign_add(1)
            everyone.on_train_batch_end(batch, logs)
            if after_batch:
                lines += after_batch(epoch, batch)
            if net.stop_training:
                break
        validation = {key[4:]: value for key, value in step["logs"].items() if key.startswith("val_")}
        if validation:
            everyone.on_test_begin()
            for batch in range(2):
                everyone.on_test_batch_begin(batch)
                everyone.on_test_batch_end(batch, {})
            everyone.on_test_end(validation)
        # so that restored weights tell their epoch
        net.layers[0].bias.assign([epoch] * 3 if after_epoch is stopping else BIAS)
        everyone.on_epoch_end(epoch, dict(step["logs"]))
        lines += after_epoch(callback, epoch, recorder.seen)
        if net.stop_training:
            break
    everyone.on_train_end()
    return lines


def number(value):
    return "none" if value is None else repr(float(value))


def stopping(callback, epoch, logs):
    stop = " stop" if callback.model.stop_training else ""
    return [f"wait {callback.wait} best {number(callback.best)} epoch {callback.best_epoch}{stop}"]


def plateau(callback, epoch, logs):
    now = float(callback.model.optimizer.learning_rate.numpy())
    text = f"logged {number(logs['learning_rate'])} now {number(now)}"
    return [f"{text} wait {callback.wait} cooldown {callback.cooldown_counter} best {number(callback.best)}"]


def scheduler(callback, epoch, logs):
    return [f"logged {number(logs['learning_rate'])}"]


def nothing(callback, epoch, logs):
    return []


def written(values):
    return {key: repr(value) for key, value in values.items()}


def case(name, spec, runs, learning_rate, lines, **others):
    write(f"callback_{name}", {
        "kind": "callback",
        "callback": spec,
        "learning_rate": learning_rate,
        **others,
        "runs": [{
            "epochs": [{"batches": [written(b) for b in e["batches"]], "logs": written(e["logs"])} for e in run],
            "lines": lines(run),
        } for run in runs],
    })


class Resetting(keras.callbacks.EarlyStopping):
    """As Keras is since its pull request 23559: every improvement resets `wait`, below the baseline too."""

    def __init__(self, reset_below_baseline, **arguments):
        super().__init__(**arguments)

    def on_epoch_end(self, epoch, logs=None):
        best = self.best
        super().on_epoch_end(epoch, logs)
        if self.best is not best:
            self.wait = 0


def make_stopping():
    arguments = [
        ("", {}), ("patience_2", {"patience": 2}), ("min_delta", {"patience": 2, "min_delta": 0.05}),
        ("min_delta_negative", {"patience": 1, "min_delta": -0.02}),
        ("baseline", {"patience": 3, "baseline": 0.9}),
        ("baseline_restore", {"patience": 2, "baseline": 0.5, "restore_best_weights": True}),
        ("reset_below_baseline", {"patience": 2, "baseline": 0.5, "reset_below_baseline": True}),
        ("start_from_epoch", {"patience": 1, "start_from_epoch": 3, "restore_best_weights": True}),
        ("max", {"patience": 2, "mode": "max"}),
        ("accuracy", {"monitor": "accuracy", "patience": 2}),
        ("loss", {"monitor": "loss", "patience": 3, "min_delta": 0.1}),
    ]
    for name, spec in arguments:
        runs = [epochs(values, accuracies=walk(f"{i}", len(values))) for i, values in enumerate(SEQUENCES)]

        def lines(run):
            kind = Resetting if "reset_below_baseline" in spec else keras.callbacks.EarlyStopping
            callback = kind(**spec)
            told = drive(callback, run, 0.1, stopping)
            return told + [f"weights {callback_model.layers[0].bias.numpy()[0]:.0f}"]

        case(f"early_stopping_{name}".rstrip("_"), {"EarlyStopping": spec}, runs, 0.1, lines)


def make_plateau():
    arguments = [
        ("", {}, 0.001), ("patience_2", {"patience": 2, "factor": 0.5}, 1.0),
        ("cooldown", {"patience": 2, "factor": 0.5, "cooldown": 2}, 1.0),
        ("min_lr", {"patience": 1, "min_lr": 0.05}, 1.0), ("patience_0", {"patience": 0, "factor": 0.3}, 0.1),
        ("max", {"patience": 1, "mode": "max", "factor": 0.9, "min_delta": 0.01}, 0.01),
        ("accuracy", {"monitor": "accuracy", "patience": 1, "cooldown": 1, "factor": 0.2, "min_lr": 1e-4}, 0.01),
    ]
    for name, spec, learning_rate in arguments:
        runs = [epochs(values, accuracies=walk(f"{i}", len(values))) for i, values in enumerate(SEQUENCES)]

        def lines(run):
            callback = keras.callbacks.ReduceLROnPlateau(**spec, verbose=1)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                told = drive(callback, run, learning_rate, plateau)
            reduced = re.findall(r"reducing learning rate to (.*)\.\n", printed.getvalue())
            return told + [f"reduced to {value}" for value in reduced]

        case(f"reduce_lr_on_plateau_{name}".rstrip("_"), {"ReduceLROnPlateau": spec}, runs, learning_rate, lines)


def make_checkpoint():
    best = {"save_best_only": True}
    weights = {"save_weights_only": True}
    arguments = [
        ("", {"filepath": "model.keras"}), ("best", {"filepath": "m.{epoch:02d}-{val_loss:.2f}.h5", **best}),
        ("weights", {"filepath": "w.{epoch}-{loss:.3e}.weights.h5", **weights}),
        ("best_weights", {"filepath": "w{val_loss:08.4f}_{epoch:>3}.weights.h5", **weights, **best}),
        ("threshold", {"filepath": "m{epoch:03d}.keras", **best, "initial_value_threshold": 0.85}),
        ("accuracy", {"filepath": "{accuracy:.1%}-{accuracy:g}.keras", "monitor": "accuracy", **best}),
        ("batches", {"filepath": "m-{epoch:02d}-{batch:02d}-{loss:.4f}.keras", "save_freq": 3}),
        ("every_batch", {"filepath": "m{{{batch}}}.keras", "save_freq": 1}),
        ("unknown", {"filepath": "m-{val_acc:.2f}.keras"}),
    ]
    for name, spec in arguments:
        runs = [epochs(values, walk(f"{i}", len(values)), batches=3 if i % 2 else 2)
                for i, values in enumerate(SEQUENCES)]

        def lines(run):
            saved = []
            callback_model.save = lambda path, overwrite: saved.append(f"model {path}")
            callback_model.save_weights = lambda path, overwrite: saved.append(f"weights {path}")
            try:
                drive(keras.callbacks.ModelCheckpoint(**spec), run, 0.1, nothing)
            except KeyError:
                saved.append("unknown key")
            return saved

        case(f"model_checkpoint_{name}".rstrip("_"), {"ModelCheckpoint": spec}, runs, 0.1, lines)


# with the epoch for a step
SCHEDULES = {
    "ExponentialDecay": {"initial_learning_rate": 0.2, "decay_steps": 3, "decay_rate": 0.5, "staircase": True},
    "CosineDecay": {"initial_learning_rate": 0.0, "decay_steps": 5, "alpha": 0.1, "warmup_target": 0.2, "warmup_steps": 2},
    "CosineDecayRestarts": {"initial_learning_rate": 0.2, "first_decay_steps": 3, "t_mul": 1.0, "m_mul": 0.5},
    "PiecewiseConstantDecay": {"boundaries": [2, 5], "values": [0.3, 0.2, 0.1]},
    "PolynomialDecay": {"initial_learning_rate": 0.2, "decay_steps": 5, "end_learning_rate": 0.01, "power": 2.0},
    "InverseTimeDecay": {"initial_learning_rate": 0.2, "decay_steps": 2, "decay_rate": 0.5},
}


def make_scheduler():
    rates = [0.1, 0.03, 0.001, 1e-5]
    arguments = [
        ("constant", {"Constant": {"learning_rate": 0.001}}, lambda epoch, lr: 0.001),
        ("multiply", {"Multiply": {"factor": math.exp(-0.1), "from_epoch": 3}},
         lambda epoch, lr: lr if epoch < 3 else lr * math.exp(-0.1)),
        ("step_decay", {"StepDecay": {"initial_learning_rate": 0.3, "drop": 0.7, "epochs_drop": 2}},
         lambda epoch, lr: 0.3 * 0.7 ** (epoch // 2)),
        ("per_epoch", {"PerEpoch": {"learning_rates": rates}}, lambda epoch, lr: rates[min(epoch, 3)]),
        ("exponential", {"Exponential": {"initial_learning_rate": 0.2, "decay": 0.3}},
         lambda epoch, lr: 0.2 * math.exp(-0.3 * epoch)),
        *[(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower(), {kind: arguments},
           lambda epoch, lr, kind=kind, arguments=arguments: float(
               getattr(keras.optimizers.schedules, kind)(**arguments)(epoch)))
          for kind, arguments in SCHEDULES.items()],
        ("multiply_from_0", {"Multiply": {"factor": 1.1, "from_epoch": 0}}, lambda epoch, lr: lr * 1.1),
    ]
    for name, schedule, function in arguments:
        spec = {"LearningRateScheduler": {"schedule": schedule}}
        runs = [epochs([0.5] * 8), epochs([0.5] * 2)]
        case(f"learning_rate_scheduler_{name}", spec, runs, 0.05, lambda run: drive(
            keras.callbacks.LearningRateScheduler(function), run, 0.05, scheduler))


def make_csv():
    for name, spec in [("", {}), ("semicolon", {"separator": ";"}), ("point", {"separator": "."}),
                       ("append", {"append": True})]:
        runs = [epochs(values, walk(f"{i}", len(values))) for i, values in enumerate(SEQUENCES)]

        def lines(run):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "log.csv")
                drive(keras.callbacks.CSVLogger(path, **spec), run, 0.1, nothing)
                return open(path, newline="").read().splitlines(keepends=True)

        case(f"csv_logger_{name}".rstrip("_"), {"CSVLogger": {"filename": "log.csv", **spec}}, runs, 0.1, lines)


def make_nan():
    def losses(*values):
        return [{"batches": [{"loss": v} for v in values], "logs": {"loss": values[-1]}}] * 2

    runs = [losses(0.5, 0.4), losses(0.5, NAN, 0.4), losses(math.inf), losses(1e30, -math.inf, 1.0),
            losses(0.1, 0.2, NAN), losses(1e38, 1e39, 1.0)]

    def lines(run):
        def after_batch(epoch, batch):
            return [f"stop {epoch} {batch}"] if callback_model.stop_training else []

        with contextlib.redirect_stdout(io.StringIO()):
            return drive(keras.callbacks.TerminateOnNaN(), run, 0.1, nothing, after_batch)

    case("terminate_on_nan", {"TerminateOnNaN": {}}, runs, 0.1, lines)


def summary_lines(folder):
    """What is in the event files, without the times."""
    lines = []
    for run in ["train", "validation"]:
        path = os.path.join(folder, run)
        files = os.listdir(path) if os.path.isdir(path) else []
        for file in sorted(file for file in files if "tfevents" in file):
            for record in tf.data.TFRecordDataset(os.path.join(path, file)):
                event = tf.compat.v1.Event.FromString(record.numpy())
                for value in event.summary.value:
                    lines.append(f"{run} {event.step} {value.tag} {summary_value(value)}".rstrip())
    return lines


def summary_value(value):
    plugin, array = value.metadata.plugin_data.plugin_name, tf.make_ndarray(value.tensor)
    if plugin.startswith("graph_") or "steps_per_second" in value.tag:
        return ""
    if plugin == "scalars":
        return number(array)
    if plugin == "histograms":
        return " ".join(f"{count:.0f}" for count in array[:, 2])
    pictures = [tf.io.decode_png(png).numpy() for png in array[2:]]
    shape = f"{int(array[1])}x{int(array[0])}"
    return " ".join([shape, *(" ".join(str(pixel) for pixel in picture.reshape(-1)) for picture in pictures)])


def make_tensor_board():
    arguments = [
        ("", {}), ("no_graph", {"write_graph": False}), ("histograms", {"histogram_freq": 2}),
        ("images", {"histogram_freq": 1, "write_images": True}), ("batch", {"update_freq": "batch"}),
        ("every_3", {"update_freq": 3, "histogram_freq": 1}), ("every_4", {"update_freq": 4}),
        ("speed", {"write_steps_per_second": True, "update_freq": 2}),
    ]
    for name, spec in arguments:
        runs = [epochs(values, walk(f"{i}", len(values)), batches=2 + i % 3) for i, values in enumerate(SEQUENCES[:7])]

        def lines(run):
            with tempfile.TemporaryDirectory() as folder:
                drive(keras.callbacks.TensorBoard(folder, **spec), run, 0.1, nothing)
                return summary_lines(folder)

        case(f"tensor_board_{name}".rstrip("_"), {"TensorBoard": spec}, runs, 0.1, lines)


def make():
    global callback_model
    callback_model = model()
    make_stopping()
    make_plateau()
    make_scheduler()
    make_csv()
    make_nan()
    make_tensor_board()
    make_checkpoint()
