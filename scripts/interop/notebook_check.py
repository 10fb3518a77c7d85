"""Jupyter runs the notebook that svertka writes.

    python notebook_check.py --program target/debug/svertka --folder target/interop/notebook

trains a small network on some images of www/data, converts it into a notebook, and executes that with nbclient. Keras's
own files of the datasets are not fetched: a cell in front of the others gives `load_data` the images of www/data. What
the notebook measures must be what svertka measures, and training must go on with the epoch after the last one.
"""

import argparse
import ast
import gzip
import json
import shutil
import struct
import subprocess
from pathlib import Path

import nbclient
import nbformat
import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
EPOCHS = 2
SAMPLES, VALIDATION, TEST = 1200, 200, 500
# Keras and svertka add in another order.
TOLERANCE = 1e-4
LOCAL = """
import numpy, keras
_images = numpy.load({path!r})
_parts = (_images["x_train"], _images["y_train"]), (_images["x_test"], _images["y_test"])
keras.datasets.{module}.load_data = lambda *_: _parts
"""
PROBE = """
import json as _json
_seen = {"evaluated": {key: float(value) for key, value in model.evaluate(x_test, y_test, return_dict=True, verbose=0).items()},
         "confusion": confusion.tolist(), "epochs": history.epoch,
         "iterations": int(model.optimizer.iterations.numpy())}
print("SEEN " + _json.dumps(_seen))
"""


def shard(path):
    """Images and labels of a shard: `src/data/shard.rs` says how they lie."""
    raw = gzip.decompress(path.read_bytes())
    assert raw[:4] == b"SVSH"
    _, count, height, width, channels = struct.unpack("<HIHHH", raw[4:16])
    labels = np.frombuffer(raw, "uint8", count, 16)
    pixels = np.frombuffer(raw, "uint8", count * height * width * channels, 16 + count)
    return pixels.reshape(count, height, width), labels


def images(dataset, out):
    folder = ROOT / "www/data" / dataset
    manifest = json.loads((folder / "manifest.json").read_text())
    arrays = {}
    for split in ("train", "test"):
        parts = [shard(folder / entry["file"]) for entry in manifest[split]["shards"]]
        arrays[f"x_{split}"], arrays[f"y_{split}"] = (np.concatenate(part) for part in zip(*parts))
    np.savez(out, **arrays)


def svertka(program, *words, cwd):
    done = subprocess.run([program, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def check(program, folder, dataset, optimizer):
    folder.mkdir(parents=True)
    run = {
        "model": {
            "name": "net", "input_shape": [28, 28, 1],
            "layers": [
                {"Conv2D": {"filters": 8, "kernel_size": [3, 3], "strides": [2, 2], "activation": "relu"}},
                "BatchNormalization", "Flatten", {"Dropout": {"rate": 0.2}}, {"Dense": {"units": 10, "activation": "softmax"}},
            ],
        },
        "compile": {"optimizer": optimizer, "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
        "fit": {"epochs": EPOCHS, "batch_size": 50},
        "data": {"dataset": dataset, "samples": SAMPLES, "validation_samples": VALIDATION, "test_samples": TEST},
    }
    (folder / "run.json").write_text(json.dumps(run))
    lines = svertka(program, "fit", "--run", "run.json", "--data", ROOT / "www/data", "--out", "net.keras", "--log", "json", cwd=folder)
    evaluated = [line for line in map(json.loads, lines.splitlines()) if line["event"] == "evaluation"][-1]
    svertka(program, "convert", "net.keras", "net.ipynb", cwd=folder)
    notebook = nbformat.read(folder / "net.ipynb", as_version=4)
    nbformat.validate(notebook)
    images(dataset, folder / "images.npz")
    local = LOCAL.format(path=str(folder / "images.npz"), module=dataset.replace("-", "_"))
    cells = list(notebook.cells)
    evaluate = next(cell for cell in cells if cell.get("id") == "evaluate")
    notebook.cells = [nbformat.v4.new_code_cell(local), *cells, nbformat.v4.new_code_cell(PROBE)]
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.write(notebook, folder / "executed.ipynb")
    printed = "".join(output.get("text", "") for output in evaluate["outputs"])
    measured = ast.literal_eval(printed[printed.rindex("{"):printed.rindex("}") + 1])
    for name in ("loss", "accuracy"):
        assert abs(measured[name] - evaluated[name]) <= TOLERANCE * max(1, evaluated[name]), (name, measured, evaluated)
    text = notebook.cells[-1]["outputs"][0]["text"]
    seen = json.loads(text.split("SEEN ", 1)[1])
    steps = (SAMPLES - VALIDATION) // 50
    assert seen["epochs"] == list(range(EPOCHS, 2 * EPOCHS)), seen
    assert seen["iterations"] == 2 * EPOCHS * steps, f"the optimizer did not go on: {seen}"
    moved = np.abs(np.array(seen["confusion"]) - np.array(evaluated["confusion"])).sum() / 2
    assert moved <= 1, f"{moved} images have other answers"
    pictures = sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))
    assert pictures == 2, f"{pictures} pictures instead of the confusion matrix and the curves"
    return measured


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--folder", required=True, type=Path)
    arguments = parser.parse_args()
    program, folder = str(Path(arguments.program).resolve()), arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    for dataset, optimizer in (("mnist", "adam"), ("fashion-mnist", {"SGD": {"learning_rate": 0.05, "momentum": 0.9}})):
        measured = check(program, folder / dataset, dataset, optimizer)
        print(f"notebook: {dataset} executed; it measures {measured}, as svertka does, and goes on with epoch {EPOCHS + 1}")


if __name__ == "__main__":
    main()
