"""Trains freshly drawn networks with real Keras and with `svertka fit`, and compares all numbers.

    make keras                                 200 new cases
    scripts/keras_live.sh --seed 7 --count 50  the same 50 cases as every time with this seed
    scripts/keras_live.sh --seed 7 --case 13   one of them

Both start from the same weights and see the same batches. Every step's loss, every epoch's logs, the
final weights and predictions and the callbacks' decisions must agree. The files of a case that does not
are kept, and its command is printed.
"""

import argparse
import collections
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

sys.dont_write_bytecode = True
# TensorFlow complains of every data set; what fails raises anyway
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")

import decisions
import draw
import engine
import reference
from compare import differences
from draw_callbacks import keras_callbacks
from reference import np, tf
from spelling import spelled


def keras_run(run, weights, arrays):
    """Keras's results, and the files its callbacks wrote."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            callbacks = keras_callbacks(run["fit"]["callbacks"])
            result = reference.fit(run, weights, arrays, callbacks)
        finally:
            os.chdir(before)
        result["decisions"] = decisions.of_keras(callbacks)
        log = Path(folder, "log.csv")
        result["csv"] = log.read_text() if log.exists() else ""
        # a backup is gone when training ends well
        result["files"] = sorted(path.name for path in Path(folder).iterdir() if path.name not in ("log.csv", "backup"))
    return result


def is_unstable(run, weights, arrays, result):
    """Whether Keras itself ends elsewhere when its weights are moved by a few units in the last place.

    Then the case says nothing: a sum in another order would do as much.
    """
    for attempt in range(3):
        numbers = np.random.default_rng(attempt)
        moved = [weight * (1 + 1e-6 * numbers.uniform(-1, 1, weight.shape)).astype("float32") for weight in weights]
        other = keras_run(run, moved, arrays)
        other["batches"] = [{**logs, "batch_loss": loss}
                            for logs, loss in zip(other["batches"], other["step_losses"])]
        if any(True for _ in differences(other, result)):
            return True
    return False


def compare(program, seed, idx, steps, folder):
    """(verdict, reasons) of one case."""
    run, arrays, weights = draw.case(seed, idx, steps)
    folder = folder / f"{seed}-{idx}"
    names = reference.weight_names(reference.network(run["model"]))
    engine.write(folder, spelled(random.Random(f"spelling/{seed}/{idx}"), run), dict(zip(names, weights, strict=True)), arrays)
    result = keras_run(run, weights, arrays)
    try:
        found = list(differences(engine.fit(program, folder), result))
    except engine.Refused as refusal:
        return "refused", [str(refusal)]
    if found and is_unstable(run, weights, arrays, result):
        return "unstable", found[:1]
    return ("differs" if found else "agrees"), found[:6]


def layer_names(run):
    """The classes of a run's layers, however they are written."""
    model = run.get("model", {})
    for layer in model.get("config", model).get("layers", []):
        yield layer if isinstance(layer, str) else layer.get("class_name") or next(iter(layer))


def main():
    parser = argparse.ArgumentParser(description="compares svertka with real Keras on random runs")
    parser.add_argument("--program", type=Path, required=True, help="the svertka to try")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the cases; otherwise new ones")
    parser.add_argument("--count", type=int, default=200, help="how many cases")
    parser.add_argument("--steps", type=int, default=10, help="how long each is trained, about")
    parser.add_argument("--case", type=int, action="append", help="only this one; may be repeated")
    parser.add_argument("--keep", type=Path, default=Path("target/keras_live"), help="folder for what fails")
    arguments = parser.parse_args()
    program, keep = arguments.program.resolve(), arguments.keep.resolve()
    verdicts, began = collections.Counter(), time.time()
    tf.get_logger().setLevel("ERROR")
    print(f"seed {arguments.seed}", flush=True)
    for idx in arguments.case or range(arguments.count):
        folder = keep / f"{arguments.seed}-{idx}"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            verdict, reasons = compare(program, arguments.seed, idx, arguments.steps, keep)
        except Exception:  # this script's own fault or Keras's; the other cases still count
            verdict, reasons = "failed", [traceback.format_exc().strip()]
        verdicts[verdict] += 1
        print(f"case {idx}: {verdict}", flush=True)
        if verdict != "agrees":
            run = json.loads((folder / "run.json").read_text()) if (folder / "run.json").exists() else {}
            print("   ", *layer_names(run), "|", json.dumps(run.get("compile")))
            for reason in reasons:
                print("   ", reason.replace("\n", "\n    "))
        if verdict in ("differs", "refused"):
            print("   ", engine.as_typed(engine.command(program, folder)), flush=True)
        elif not arguments.case:
            shutil.rmtree(folder, ignore_errors=True)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    print(f"{sum(verdicts.values())} cases of seed {arguments.seed} in {time.time() - began:.0f} s: {counts}")
    # an unstable case is one that Keras itself cannot repeat; many of them would mean that nothing is checked
    bad = sum(verdicts.values()) - verdicts["agrees"] - verdicts["unstable"]
    sys.exit(bad > 0 or verdicts["unstable"] > 0.05 * sum(verdicts.values()))


main()
