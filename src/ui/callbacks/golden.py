"""What real Keras does with the curves of rehearsal_tests.rs; writes golden.json beside this file.

Run with Keras 3 on TensorFlow: python golden.py
"""

import json
import math
import os
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402

HOOKS = [
    "on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end", "on_test_begin",
    "on_test_batch_begin", "on_test_batch_end", "on_test_end", "on_epoch_end", "on_train_end",
]
CLASSES = [
    "EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint", "TensorBoard", "CSVLogger",
    "LearningRateScheduler", "TerminateOnNaN", "BackupAndRestore", "History", "ProgbarLogger",
]
# on_batch_begin and on_batch_end are older names of the hooks for batches of training.
OLDER = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}

CURVES = {
    "dip": [0.9, 0.5, 0.4, 0.45, 0.42, 0.41, 0.395, 0.5, 0.6, 0.7, 0.8, 0.9],
    "flat": [0.5] * 12,
    "slow": [1.0, 0.99, 0.985, 0.98, 0.979, 0.97, 0.96, 0.959, 0.958, 0.957, 0.956, 0.955],
    "nan": [0.9, 0.6, float("nan"), 0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1],
}
CASES = [
    ("EarlyStopping", {"patience": 3, "restore_best_weights": True}),
    ("EarlyStopping", {"patience": 2, "min_delta": 0.01}),
    ("EarlyStopping", {"patience": 3, "baseline": 0.45}),
    ("EarlyStopping", {"patience": 1, "start_from_epoch": 4}),
    ("EarlyStopping", {"patience": 2, "mode": "max", "restore_best_weights": True}),
    ("ReduceLROnPlateau", {"patience": 2, "factor": 0.5}),
    ("ReduceLROnPlateau", {"patience": 2, "factor": 0.5, "cooldown": 3}),
    ("ReduceLROnPlateau", {"patience": 1, "factor": 0.1, "min_lr": 0.0002, "min_delta": 0.02}),
    ("ModelCheckpoint", {"filepath": "m.{epoch:02d}-{val_loss:.2f}.weights.h5", "save_best_only": True,
                         "save_weights_only": True}),
    ("ModelCheckpoint", {"filepath": "m.{epoch:02d}.weights.h5", "save_weights_only": True,
                         "save_best_only": True, "initial_value_threshold": 0.5}),
]


def plain(value):
    if value is None:
        return None
    value = float(value)
    return "nan" if math.isnan(value) else value


def run(name, arguments, curve, folder):
    arguments = dict(arguments)
    if "filepath" in arguments:
        arguments["filepath"] = os.path.join(folder, arguments["filepath"])
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.001), loss="mse")
    callback = getattr(keras.callbacks, name)(**arguments)
    callback.set_model(model)
    model.stop_training = False
    epochs = []
    callback.on_train_begin({})
    for epoch, value in enumerate(curve):
        callback.on_epoch_begin(epoch, {})
        model.set_weights([np.full((1, 1), epoch + 1.0)])
        # As pythonify_logs leaves them: Python floats of float32 values.
        value = float(np.float32(value))
        callback.on_epoch_end(epoch, {"loss": value, "val_loss": value})
        epochs.append({
            "learning_rate": float(model.optimizer.learning_rate),
            "best": plain(getattr(callback, "best", None)),
            "wait": getattr(callback, "wait", None),
            "cooldown": getattr(callback, "cooldown_counter", None),
        })
        if model.stop_training:
            break
    callback.on_train_end({})
    return {
        "class": name,
        "epochs": epochs,
        "weights_of_epoch": int(model.get_weights()[0][0, 0]),
        "files": sorted(os.listdir(folder)),
    }


def main():
    heard = {}
    for name in CLASSES:
        cls, base = getattr(keras.callbacks, name), keras.callbacks.Callback
        own = lambda hook: getattr(cls, hook) is not getattr(base, hook)  # noqa: E731
        heard[name] = [hook for hook in HOOKS if own(hook) or (hook in OLDER and own(OLDER[hook]))]
    runs = []
    for name, arguments in CASES:
        for curve_name, curve in CURVES.items():
            with tempfile.TemporaryDirectory() as folder:
                result = run(name, arguments, curve, folder)
            runs.append({"curve": [plain(value) for value in curve], "arguments": arguments,
                         "name": curve_name, **result})
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json")
    with open(place, "w") as file:
        head = json.dumps({"keras": keras.__version__, "heard": heard})
        lines = ",\n".join(json.dumps(run) for run in runs)
        file.write(head[:-1] + ', "runs": [\n' + lines + "\n]}\n")


main()
