"""Opens what Svertka wrote as ONNX: `onnx_check.py check FOLDER`.

FOLDER holds a folder for each model, with `*.onnx`, `inputs.npy` and `outputs.npy`. The graph must pass ONNX's own
checker, and ONNX Runtime must give the same outputs within 1e-5, for all samples at once, for one, and for some.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-5


def distance(got, expected):
    """The largest difference, relative where values are larger than 1."""
    assert got.shape == expected.shape, f"shape {got.shape} instead of {expected.shape}"
    return float(np.max(np.abs(got - expected) / np.maximum(1, np.abs(expected)), initial=0))


def check(file):
    """The largest difference of a model's outputs."""
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    inputs, outputs = np.load(file.with_name("inputs.npy")), np.load(file.with_name("outputs.npy"))
    batches = [slice(None), slice(0, 1), slice(1, 4)]
    return max(distance(session.run(None, {"input": inputs[b]})[0], outputs[b]) for b in batches)


def main(folder):
    files = sorted(Path(folder).glob("*/*.onnx"))
    failures, largest = 0, 0.0
    for file in files:
        try:
            got = check(file)
            problem = None if got <= TOLERANCE else f"outputs differ by {got:.1e}"
            largest = max(largest, got)
        except Exception as error:  # whatever a tool says is a failure of this model
            problem = f"{type(error).__name__}: {error}"
        if problem:
            failures += 1
            print(f"{file.parent.name}: {problem}")
    version = onnxruntime.__version__
    print(f"ONNX Runtime {version}: {len(files)} models, {failures} wrong, largest difference {largest:.1e}")
    return bool(failures) or not files


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "check":
        sys.exit(__doc__)
    sys.exit(main(sys.argv[2]))
