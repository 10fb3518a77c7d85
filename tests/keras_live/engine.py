"""Runs a case with `svertka fit`."""

import json
import shlex
import subprocess

from reference import np
from safetensors.numpy import load_file, save_file


def write(folder, run, weights, arrays):
    """The files of a case."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(run, indent=1) + "\n")
    save_file({name: np.ascontiguousarray(value) for name, value in weights.items()}, folder / "w.safetensors")
    np.savez(folder / "arrays.npz", **arrays)


def command(program, folder, *more):
    return [str(program), "fit", "--run", str(folder / "run.json"), "--init", str(folder / "w.safetensors"),
            "--data", str(folder / "arrays.npz"), "--no-shuffle", "--log", "json", "--log-steps",
            "--out", str(folder / "final.safetensors"), *more]


def as_typed(words):
    return shlex.join(words)


class Refused(Exception):
    """The engine did not run the case."""


def ran(words, folder):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, cwd=folder)
    if done.returncode:
        raise Refused(done.stderr.strip()[-400:] or f"ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def fit(program, folder):
    """What every step, epoch and weight came to."""
    lines = ran(command(program, folder), folder)
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    of = lambda event: [line for line in lines if line["event"] == event]
    decisions = of("callback")
    return {
        "batches": of("batch_end"),
        "epochs": of("epoch_end"),
        "decision_lines": decisions,
        "csv": "".join(line["line"] for line in decisions if line["callback"] == "CSVLogger" and "line" in line),
        "files": sorted({line["path"] for line in of("callback")
                         if line["callback"] == "ModelCheckpoint" and line["action"] == "save"}),
        "weights": load_file(folder / "final.safetensors"),
        "predictions": predict(program, folder),
    }


def predict(program, folder):
    file = folder / "predictions.npy"
    ran([str(program), "predict", "--weights", str(folder / "final.safetensors"), "--data", str(folder / "arrays.npz"),
         "--array", "x_train", "--out", str(file), "--log", "json"], folder)
    return np.load(file)
