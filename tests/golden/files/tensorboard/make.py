"""What Keras's TensorBoard callback writes for given values and weights.

    python make.py

makes `summary.json`, the values, and `train.tfevents` and `validation.tfevents`, Keras's own files for
them under names without time and host. The bytes differ between two runs in their times alone.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

FOLDER = Path(__file__).resolve().parent
SPEC = {"histogram_freq": 1, "write_images": True, "write_graph": False, "update_freq": 2}
STEPS = 4


def network():
    keras.backend.clear_session()
    net = keras.Sequential([
        keras.Input((5, 5, 2)), keras.layers.Conv2D(4, (3, 2)), keras.layers.Flatten(), keras.layers.Dense(3),
        keras.layers.Dense(1),
    ])
    net.compile(keras.optimizers.SGD(0.05), "mse")
    return net


def numbers(array):
    return [float(str(value)) for value in np.float32(array).reshape(-1)]


def main():
    random = np.random.default_rng(8)
    net = network()
    epochs = []
    with tempfile.TemporaryDirectory() as folder:
        callback = keras.callbacks.TensorBoard(folder, **SPEC)
        everyone = keras.callbacks.CallbackList([callback], model=net, epochs=3, steps=STEPS, verbose=0)
        everyone.on_train_begin()
        for epoch in range(3):
            net.set_weights([random.normal(0.3, 0.4, weight.shape) for weight in net.get_weights()])
            if epoch == 1:
                # a bias as it is before training: one value alone
                net.layers[2].bias.assign(np.zeros(3))
            logs = {name: float(np.float32(random.random())) for name in ("accuracy", "loss", "val_accuracy", "val_loss")}
            batches = [{"loss": float(np.float32(random.random()))} for _ in range(STEPS)]
            if epoch == 2:
                logs["val_loss"] = float("inf")
            everyone.on_epoch_begin(epoch)
            for batch, values in enumerate(batches):
                everyone.on_train_batch_begin(batch)
                net.optimizer.iterations.assign_add(1)
                everyone.on_train_batch_end(batch, values)
            everyone.on_test_begin()
            for batch in range(2):
                everyone.on_test_batch_begin(batch)
                everyone.on_test_batch_end(batch, {})
            everyone.on_test_end({key[4:]: value for key, value in logs.items() if key.startswith("val_")})
            everyone.on_epoch_end(epoch, dict(logs))
            epochs.append({
                "batches": [{key: repr(value) for key, value in values.items()} for values in batches],
                "logs": {key: repr(value) for key, value in logs.items()},
                "weights": numbers(np.concatenate([weight.reshape(-1) for weight in net.get_weights()])),
            })
        everyone.on_train_end()
        for run in ("train", "validation"):
            file, = (name for name in os.listdir(os.path.join(folder, run)) if "tfevents" in name)
            shutil.copy(os.path.join(folder, run, file), FOLDER / f"{run}.tfevents")
    weights = [{"path": weight.path, "extents": list(weight.shape)} for weight in net.weights]
    summary = {
        "made_with": f"keras {keras.__version__}", "callback": {"TensorBoard": SPEC}, "learning_rate": 0.05,
        "weights": weights, "epochs": epochs,
    }
    (FOLDER / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")


if __name__ == "__main__":
    main()
