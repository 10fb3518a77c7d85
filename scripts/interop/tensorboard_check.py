"""TensorBoard's own reader opens the event files that `svertka fit` writes.

    python tensorboard_check.py --program target/debug/svertka --folder target/interop/tensorboard

trains a small network with a TensorBoard callback and compares what EventMultiplexer and TensorBoard's data
provider return with what the run's log says, and with the files that Keras's callback writes for the same network:
the same tags, plugins, kinds and shapes in the same folders. Without `--program` it tells what is in a folder.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from PIL import Image
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.plugins.graph import keras_util
from tensorboard.util import tensor_util

ARGUMENTS = {"histogram_freq": 1, "write_images": True, "update_freq": 2, "write_steps_per_second": True}
EPOCHS, BATCH, SAMPLES, VALIDATION = 3, 8, 32, 12
# Of the layers, written as JSON.
MODEL_TAG = "keras"


def read(folder):
    """{run: {tag: (plugin, [(step, array or byte strings)])}} as TensorBoard reads it."""
    multiplexer = plugin_event_multiplexer.EventMultiplexer(size_guidance={"tensors": 0})
    multiplexer.AddRunsFromDirectory(str(folder))
    multiplexer.Reload()
    found = {}
    for run in sorted(multiplexer.Runs()):
        accumulator, tags = multiplexer.GetAccumulator(run), {}
        for tag in accumulator.Tags()["tensors"]:
            plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
            steps = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in accumulator.Tensors(tag)]
            tags[tag] = (plugin, steps)
        found[run] = tags
    provided(multiplexer, found)
    return found


def provided(multiplexer, found):
    """What the pages of TensorBoard ask for: scalars, histograms as tensors, and images that PIL decodes."""
    provider, ctx = data_provider.MultiplexerDataProvider(multiplexer, ""), context.RequestContext()
    for plugin, listing in (
        ("scalars", provider.list_scalars), ("histograms", provider.list_tensors), ("images", provider.list_blob_sequences),
    ):
        listed = listing(ctx, experiment_id="", plugin_name=plugin)
        expected = {run: {tag for tag, (own, _) in tags.items() if own == plugin} for run, tags in found.items()}
        for run, tags in expected.items():
            assert set(listed.get(run, {})) == tags, f"{plugin} of {run}: {set(listed.get(run, {})) ^ tags}"
    for tags in found.values():
        for tag, (plugin, steps) in tags.items():
            if plugin != "images":
                continue
            for _, (width, height, *pictures) in steps:
                for picture in pictures:
                    assert Image.open(io.BytesIO(picture)).size == (int(width), int(height)), tag


def shape_of(found):
    """Everything but the values."""
    def kind(plugin, array):
        if plugin == "images":
            picture = Image.open(io.BytesIO(array[2]))
            return f"{picture.mode} {int(array[0])}x{int(array[1])} {len(array) - 2}"
        return f"{array.dtype} {array.shape}"

    return {
        (run, tag): (plugin, [(step, kind(plugin, array)) for step, array in steps])
        for run, tags in found.items() for tag, (plugin, steps) in tags.items()
    }


def data():
    random = np.random.default_rng(3)
    count = SAMPLES + VALIDATION
    x = random.random((count, 8, 8, 1), "float32")
    y = (x[:, :4].mean((1, 2, 3)) > x[:, 4:].mean((1, 2, 3))).astype("int32")
    return x, y


def ours(program, folder):
    x, y = data()
    np.savez(folder / "arrays.npz", x_train=x[:SAMPLES], y_train=y[:SAMPLES], x_val=x[SAMPLES:], y_val=y[SAMPLES:])
    run = {
        "model": {
            "name": "sequential", "input_shape": [8, 8, 1],
            "layers": [
                {"Conv2D": {"filters": 4, "kernel_size": [3, 3], "activation": "relu"}},
                {"Conv2D": {"filters": 3, "kernel_size": [2, 3]}}, "BatchNormalization", "Flatten",
                {"Dense": {"units": 2, "activation": "softmax"}},
            ],
        },
        "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
        "fit": {"epochs": EPOCHS, "batch_size": BATCH, "callbacks": [{"TensorBoard": {"log_dir": "logs", **ARGUMENTS}}]},
    }
    (folder / "run.json").write_text(json.dumps(run))
    words = [str(Path(program).resolve()), "fit", "--run", "run.json", "--data", "arrays.npz", "--log", "json"]
    told = subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True, timeout=300).stdout
    lines = [json.loads(line) for line in told.splitlines()]
    return [event for line in lines if line["event"] == "callback" for event in line.get("events", [])]


def keras_own(folder):
    import keras

    keras.utils.set_random_seed(1)
    x, y = data()
    layers = keras.layers
    net = keras.Sequential([
        keras.Input((8, 8, 1)), layers.Conv2D(4, (3, 3), activation="relu"), layers.Conv2D(3, (2, 3)),
        layers.BatchNormalization(), layers.Flatten(), layers.Dense(2, activation="softmax"),
    ], name="sequential")
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(
        x[:SAMPLES], y[:SAMPLES], epochs=EPOCHS, batch_size=BATCH, validation_data=(x[SAMPLES:], y[SAMPLES:]), verbose=0,
        callbacks=[keras.callbacks.TensorBoard(str(folder), **ARGUMENTS)],
    )


def compare_model(found):
    """TensorBoard makes a graph of the layers."""
    plugin, ((_, text),) = found
    assert plugin == "graph_keras_model", plugin
    graph = keras_util.keras_model_to_graph_def(json.loads(text.item()))
    assert len(graph.node) == 6, graph


def compare_values(found, events):
    """Every value of the log is in the files, and nothing else."""
    compared = 0
    left = {(run, tag, step) for run, tags in found.items() for tag, (_, steps) in tags.items() for step, _ in steps}
    for event in events:
        value = event["value"]
        if not isinstance(value, dict):
            compare_model(found[event["run"]][event["tag"]])
            left.discard((event["run"], event["tag"], event["step"]))
            continue
        (kind, content), = value.items()
        plugin, steps = found[event["run"]][event["tag"]]
        array = dict(steps)[event["step"]]
        left.remove((event["run"], event["tag"], event["step"]))
        if kind == "Scalar":
            assert plugin == "scalars" and float(array) == float(np.float32(content)), event
        elif kind == "Histogram":
            assert plugin == "histograms" and np.array_equal(array, np.array(content)), event["tag"]
        elif kind == "Images":
            assert plugin == "images", event["tag"]
            pictures = [np.asarray(Image.open(io.BytesIO(picture))).reshape(-1) for picture in array[2:]]
            assert np.array_equal(pictures, np.array(content["pixels"], "uint8")), event["tag"]
        elif kind == "StepsPerSecond":
            assert plugin == "scalars" and 0 < float(array) < 1e6, (event, float(array))
        compared += 1
    assert not left, f"not in the log: {left}"
    return compared


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program")
    parser.add_argument("--folder", required=True, type=Path)
    arguments = parser.parse_args()
    folder = arguments.folder
    if not arguments.program:
        for (run, tag), (plugin, steps) in shape_of(read(folder)).items():
            print(f"{run:12} {plugin:12} {tag}: {len(steps)} steps, {steps[0][1]}")
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    events = ours(arguments.program, folder)
    found = read(folder / "logs")
    compared = compare_values(found, events)
    keras_own(folder / "keras")
    theirs, own = shape_of(read(folder / "keras")), shape_of(found)
    assert own == theirs, {key: (own.get(key), theirs.get(key)) for key in own.keys() | theirs.keys() if own.get(key) != theirs.get(key)}
    names = [path.name for path in (folder / "logs").rglob("*") if path.is_file()]
    assert all(name.startswith("events.out.tfevents.") and name.endswith(".v2") for name in names), names
    print(f"tensorboard: {compared} values of {len(own)} tags as the log has them; tags, plugins and shapes as Keras's")


if __name__ == "__main__":
    main()
