"""What the checkers share: where the files are, how svertka is run, and how results are compared and told."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
# Of every format that holds any model: its name in svertka, and its file.
FORMATS = {"keras": "m.keras", "keras-weights": "m.weights.h5", "keras-h5": "m.h5", "safetensors": "m.safetensors",
           "npz": "m.npz"}
# What is only written goes into a folder per format and model, as its checker wants it.
WRITTEN = ["onnx", "tfjs", "pytorch"]


class Refused(Exception):
    """svertka said no."""


def run(program, *words, folder=None):
    """The lines of `svertka … --log json`."""
    done = subprocess.run([str(program), *map(str, words), "--log", "json"], capture_output=True, text=True, timeout=300,
                          cwd=folder)
    if done.returncode:
        raise Refused(done.stderr.strip()[-600:] or f"ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def predictions(program, weights, arrays, *more):
    """svertka's own outputs for x_test in an .npz file."""
    out = Path(str(weights) + ".predictions.npy")
    run(program, "predict", "--weights", weights, "--data", arrays, "--array", "x_test", "--out", out, *more)
    return np.load(out)


def distance(got, expected):
    """The largest difference, relative where values are larger than 1."""
    got, expected = np.asarray(got, "float64"), np.asarray(expected, "float64")
    if got.shape != expected.shape:
        return f"shape {got.shape} instead of {expected.shape}"
    if not got.size:
        return 0.0
    return float(np.max(np.abs(got - expected) / np.maximum(1, np.abs(expected))))


class Report:
    """Counts what agrees and keeps what does not."""

    def __init__(self, title):
        self.title, self.agreed, self.worst, self.failed = title, 0, 0.0, []

    def check(self, what, got, expected, tolerance):
        found = distance(got, expected)
        if isinstance(found, str) or not found <= tolerance:
            self.fail(what, f"{found} is more than {tolerance}" if not isinstance(found, str) else found)
        else:
            self.agreed, self.worst = self.agreed + 1, max(self.worst, found)

    def fail(self, what, why):
        self.failed.append(what)
        print(f"  {what}: {why}", flush=True)

    def attempt(self, what, action):
        """Does it; whatever goes wrong is this check's failure and not the others'."""
        try:
            action()
        except Exception as error:  # a tool may raise anything
            self.fail(what, f"{type(error).__name__}: {str(error).strip()[-600:]}")

    def end(self):
        print(f"{self.title}: {self.agreed} agree, worst difference {self.worst:.1e}, {len(self.failed)} fail", flush=True)
        # A checker that found nothing to check has checked nothing.
        return bool(self.failed) or not self.agreed


def main(*checks):
    """Runs all and ends as the worst of them."""
    sys.exit(max([int(check()) for check in checks]))
