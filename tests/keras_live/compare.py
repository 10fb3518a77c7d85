"""What the engine says beside what Keras says."""

import decisions
from reference import np

# of the number itself, and for those near 0 of this many thousandths of 1
RELATIVE, ABSOLUTE = 1e-4, 1e-6


def distance(got, expected, floor):
    """The largest difference, 1 being what is allowed."""
    got, expected = np.asarray(got, "float64"), np.asarray(expected, "float64")
    if got.shape != expected.shape:
        return f"shape {got.shape}, Keras has {expected.shape}"
    if not got.size:
        return 0.0
    # a NaN or infinity in the same place is agreement
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        apart = np.abs(got - expected) / (RELATIVE * np.maximum(np.abs(expected), floor))
    return float(np.where(same, 0, np.where(np.isnan(apart), np.inf, apart)).max())


def logs(got, expected, what, only_keys=None):
    """Differences between two lists of logs."""
    if len(got) != len(expected):
        yield f"{len(got)} {what}, Keras has {len(expected)}"
    for idx, (mine, theirs) in enumerate(zip(got, expected)):
        for key, value in theirs.items():
            if only_keys and key not in only_keys:
                continue
            if key not in mine:
                yield f"{what} {idx} has no {key}, Keras has {value}"
                return
            mine_value = np.nan if mine[key] is None else mine[key]
            apart = distance(mine_value, value, ABSOLUTE / RELATIVE)
            if not apart <= 1:
                yield f"{what} {idx}: {key} is {mine_value}, Keras has {value}"
                return


def arrays(got, expected, what):
    """Arrays are compared in units of their largest number."""
    largest = max(1e-3, float(np.abs(np.nan_to_num(expected)).max(initial=0)))
    apart = distance(got, expected, largest)
    if isinstance(apart, str):
        yield f"{what}: {apart}"
    elif not apart <= 1:
        where = np.unravel_index(np.nanargmax(np.abs(got - expected)), expected.shape)
        yield f"{what}{list(map(int, where))} is {got[where]}, Keras has {expected[where]}"


def differences(engine, keras):
    """All disagreements, first ones first."""
    steps = [np.nan if line["batch_loss"] is None else line["batch_loss"] for line in engine["batches"]]
    for idx, (mine, theirs) in enumerate(zip(steps, keras["step_losses"])):
        if not distance(mine, theirs, ABSOLUTE / RELATIVE) <= 1:
            yield f"step {idx}: loss is {mine}, Keras has {theirs}"
            break
    yield from logs(engine["batches"], keras["batches"], "batches")
    yield from logs(engine["epochs"], keras["epochs"], "epochs")
    for name, expected in keras["weights"].items():
        if name not in engine["weights"]:
            yield f"no {name} was saved"
        else:
            yield from arrays(engine["weights"][name], expected, name)
    yield from arrays(engine["predictions"], keras["predictions"], "predictions")
    if keras["files"] != engine["files"]:
        yield f"files {engine['files']}, Keras has {keras['files']}"
    if "decision_lines" in engine:
        yield from decisions.differences(engine["decision_lines"], keras["decisions"])
    yield from decisions.csv_differences(engine["csv"], keras["csv"])
