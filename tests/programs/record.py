"""Runs the programs that the laboratory's pages give away, with real Keras, and records what they compute.

    <python with Keras> tests/programs/record.py [page]

Each program is `<page>_<case>.py` here; `tests/programs.rs` writes it when SVERTKA_WRITE_PROGRAMS is set and
otherwise sees that the page still gives it away. A program compares Keras with NumPy itself and fails where
they differ. Its arrays are recorded in `<page>_<case>.json`, with which the same test compares the page's numbers.
"""

import contextlib
import io
import json
import os
import runpy
import sys
from pathlib import Path

sys.dont_write_bytecode = True
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

FOLDER = Path(__file__).resolve().parent
# What is recorded of each page's programs.
ARRAYS = {"pooling": ["pooled", "gradient"], "chain": ["keras_maps"],
          "convolution": ["keras_maps"],
          "gradients": ["grad_kernel", "grad_input"], "transposed": ["result"],
          "dilated": ["result", "dense", "ways"],
          "optimizers": ["paths"],
          "losses": ["keras_losses", "gradient"],
          "neuron": ["output", "gradient", "stepped"]}


def main():
    for program in sorted(FOLDER.glob("*.py")):
        if program.name == Path(__file__).name:
            continue
        page = program.stem.split("_")[0]
        if sys.argv[1:] and page not in sys.argv[1:]:
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            left = runpy.run_path(str(program))
        assert printed.getvalue(), f"{program.name} prints nothing"
        arrays = {}
        # A program for what Keras refuses prints Keras's words and computes nothing.
        for name in [] if "_refused_" in program.stem else ARRAYS[page]:
            # A list of arrays is recorded one after the other.
            parts = left[name] if isinstance(left[name], list) else [left[name]]
            flat = np.concatenate([np.asarray(part, dtype="float32").ravel() for part in parts])
            # The shortest decimals that read back as the same float32.
            arrays[name] = [float(str(value)) for value in flat]
        program.with_suffix(".json").write_text(json.dumps(arrays) + "\n")
        print(program.name)


main()
