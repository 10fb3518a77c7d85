"""Writes the models of the zoo in every format, each with the engine's own predictions.

    make.py --program target/debug/svertka --folder target/interop

`zoo/<model>` has `run.json`; `arrays.npz` with x_test; `m.keras` and its like; and `predictions.npy` for x_test. `onnx`,
`tfjs` and `pytorch` have a folder for each model that they can hold, with its files, `inputs.npy` and `outputs.npy`.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import numpy as np

import zoo
from files import FORMATS, WRITTEN, Refused, Report, main, predictions, run

SAMPLES = 7


def arrays_for(numbers, shape, outputs):
    x = lambda: numbers.normal(0, 1, (SAMPLES, *shape)).astype("float32")
    return {"x_train": x(), "y_train": numbers.normal(0, 1, (SAMPLES, *outputs)).astype("float32"), "x_test": x(),
            "y_test": np.zeros((SAMPLES, *outputs), "float32")}


def output_shape(program, run_file):
    line, = [line for line in run(program, "summary", "--run", run_file) if line["event"] == "summary"]
    return line["layers"][-1]["output_shape"]


def make(program, folder, idx, name, shape, layers, report):
    """Writes one model; the formats that cannot hold it, with their reasons."""
    case = folder / "zoo" / name
    case.mkdir(parents=True)
    spec = {"version": 1, "seed": idx + 1, "model": {"name": name, "input_shape": shape, "layers": layers},
            "compile": {"optimizer": {"Adam": {"learning_rate": 0.01}}, "loss": "mse", "metrics": ["mae"]},
            "fit": {"batch_size": 4, "epochs": 3}}
    run_file, arrays, whole = case / "run.json", case / "arrays.npz", case / FORMATS["keras"]
    run_file.write_text(json.dumps(spec, indent=1) + "\n")
    values = arrays_for(np.random.default_rng(idx), shape, output_shape(program, run_file))
    np.savez(arrays, **values)
    run(program, "fit", "--run", run_file, "--data", arrays, "--out", whole)
    expected = predictions(program, whole, arrays)
    np.save(case / "predictions.npy", expected)
    for format, file in FORMATS.items():
        if format != "keras":
            run(program, "convert", whole, case / file)
        report.check(f"{name} {format}", predictions(program, case / file, arrays, "--run", run_file), expected, 0)
    refused = {}
    for format in WRITTEN:
        out = folder / format / name
        out.mkdir(parents=True)
        try:
            run(program, "convert", whole, out, "--format", format)
        except Refused as refusal:
            refused[format] = str(refusal)
            out.rmdir()
            continue
        np.save(out / "inputs.npy", values["x_test"])
        np.save(out / "outputs.npy", expected)
    return refused


def check(arguments):
    report = Report("svertka reads what it wrote")
    models = list(zoo.models())
    for what in zoo.missing(models):
        report.fail(what, "no model of the zoo has it")
    refusals = {}
    for old in ("zoo", *WRITTEN):
        shutil.rmtree(arguments.folder / old, ignore_errors=True)
    for idx, (name, shape, layers) in enumerate(models):
        if arguments.only and name not in arguments.only:
            continue
        def one():
            for format, reason in make(arguments.program, arguments.folder, idx, name, shape, layers, report).items():
                refusals.setdefault(format, []).append(f"{name}: {reason}")
        report.attempt(name, one)
    for format, reasons in refusals.items():
        print(f"  {format} refuses {len(reasons)} of {len(models)}:")
        for reason in reasons:
            print(f"    {reason}")
    return report.end()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="writes the models of the zoo in every format")
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--only", action="append", help="only this model; may be repeated")
    arguments = parser.parse_args()
    arguments.program, arguments.folder = arguments.program.resolve(), arguments.folder.resolve()
    main(lambda: check(arguments))
