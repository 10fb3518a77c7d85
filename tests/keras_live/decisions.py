"""What callbacks decided, by Keras's own attributes and by the engine's lines."""

import csv
import math

from reference import np

WATCHED = ("wait", "best", "stopped_epoch", "cooldown_counter")


def watch(callback):
    """Makes a callback note its state after every epoch, in `states`."""
    callback.states, inner = [], callback.on_epoch_end

    def on_epoch_end(epoch, logs=None):
        inner(epoch, logs)
        callback.states.append({"epoch": epoch, **{name: getattr(callback, name, None) for name in WATCHED}})

    callback.on_epoch_end = on_epoch_end
    return callback


def of_keras(callbacks):
    """`[{"callback": "EarlyStopping", "epoch": 0, "wait": 1, …}]`"""
    return [{"callback": type(callback).__name__, **state} for callback in callbacks
            for state in getattr(callback, "states", [])]


def rows(text):
    """The cells of a CSV file, numbers as numbers."""
    def value(cell):
        try:
            return float(cell)
        except ValueError:
            return cell

    separator = ";" if text.startswith("epoch;") else ","
    return [[value(cell) for cell in row] for row in csv.reader(text.splitlines(), delimiter=separator)]


def is_near(mine, theirs):
    return math.isclose(mine, theirs, rel_tol=1e-4, abs_tol=1e-6) or (mine == theirs)


def differences(lines, states):
    """Where the engine's decisions are others than Keras's."""
    for state in states:
        name, epoch = state["callback"], state["epoch"]
        mine = [line for line in lines if line["callback"] == name and line["epoch"] == epoch
                and line["action"] not in ("restored", "missing", "not_yet")]
        if not mine:
            continue
        line = mine[0]
        action, what = line["action"], f"epoch {epoch}: {name} {line['action']}"
        waits = line.get("wait", 0) != state["wait"]
        if action == "improved" and (waits or not is_near(line["value"], float(state["best"]))):
            yield f"{what} to {line['value']}, Keras has {state}"
        if action == "waiting" and line["wait"] != state["wait"]:
            yield f"{what} {line['wait']}, Keras has {state}"
        if name == "EarlyStopping" and (action == "stopped") != (state["stopped_epoch"] == epoch > 0):
            yield f"{what}, Keras has {state}"
        if action == "reduced" and line["cooldown"] != state["cooldown_counter"]:
            yield f"{what}, Keras has {state}"


def csv_differences(mine, theirs):
    """Between two CSV files; Keras writes a metric of several values as one text, we as several columns."""
    if "[" in theirs:
        return
    mine, theirs = rows(mine), rows(theirs)
    same = len(mine) == len(theirs) and all(
        len(a) == len(b) and all(x == y or isinstance(x, float) and isinstance(y, float)
                                 and (is_near(x, y) or np.isnan(x) and np.isnan(y)) for x, y in zip(a, b))
        for a, b in zip(mine, theirs))
    if not same:
        yield f"CSV file {mine}, Keras has {theirs}"
