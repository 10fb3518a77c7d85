"""Runs what Svertka wrote for PyTorch: `torch_check.py check FOLDER`.

FOLDER holds a folder for each model, with `*.py` and the `*.safetensors` it loads, `inputs.npy` and `outputs.npy`. The
program is run as a user would run it, and its network must give the same outputs within 1e-5.
"""

import importlib.util
import runpy
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import torch

TOLERANCE = 1e-5


def distance(got, expected):
    """The largest difference, relative where values are larger than 1."""
    assert got.shape == expected.shape, f"shape {got.shape} instead of {expected.shape}"
    return float(np.max(np.abs(got - expected) / np.maximum(1, np.abs(expected)), initial=0))


def check(file):
    """The largest difference of a model's outputs."""
    spec = importlib.util.spec_from_file_location("written", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.load()
    inputs = torch.from_numpy(np.load(file.with_name("inputs.npy")))
    with torch.no_grad():
        outputs = network(module.from_keras(inputs) if hasattr(module, "from_keras") else inputs)
    if hasattr(module, "to_keras"):
        outputs = module.to_keras(outputs)
    got = distance(outputs.numpy(), np.load(file.with_name("outputs.npy")))
    # In training every module must run as well, those that act in training alone among them.
    trained = network.train()(module.from_keras(inputs) if hasattr(module, "from_keras") else inputs)
    if trained.requires_grad:
        trained.sum().backward()
    said = StringIO()
    with redirect_stdout(said):
        runpy.run_path(str(file), run_name="__main__")
    assert said.getvalue().startswith("tensor("), f"it prints {said.getvalue()[:80]!r}"
    return got


def main(folder):
    files = sorted(Path(folder).glob("*/*.py"))
    failures, largest = 0, 0.0
    for file in files:
        try:
            got = check(file)
            problem = None if got <= TOLERANCE else f"outputs differ by {got:.1e}"
            largest = max(largest, got)
        except Exception as error:  # whatever goes wrong is a failure of this model
            problem = f"{type(error).__name__}: {error}"
        if problem:
            failures += 1
            print(f"{file.parent.name}: {problem}")
    print(f"PyTorch {torch.__version__}: {len(files)} models, {failures} wrong, largest difference {largest:.1e}")
    return bool(failures) or not files


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "check":
        sys.exit(__doc__)
    sys.exit(main(sys.argv[2]))
