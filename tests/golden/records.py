"""Callbacks that keep a run, profile it, or show it: what they would write, and when.

They stand on made-up values, as those of `callbacks.py` do.
"""

import contextlib
import io
import os
import re
import tempfile
from unittest import mock

import callbacks
from callbacks import SEQUENCES, case, drive, epochs, nothing, summary_lines, walk
from common import json, keras


def make_backups():
    """Which state is kept after which batch or epoch, and whether it goes in the end."""
    arguments = [
        ("", {}), ("kept", {"delete_checkpoint": False}), ("double", {"double_checkpoint": True}),
        ("batches", {"save_freq": 3}), ("every_batch", {"save_freq": 1, "double_checkpoint": True}),
        ("many_batches", {"save_freq": 5, "delete_checkpoint": False}), ("never", {"save_freq": 1000}),
    ]
    for name, spec in arguments:
        runs = [epochs([0.5] * 3, batches=3), epochs([0.5] * 4, batches=1), epochs([0.5], batches=4),
                epochs([0.5, 0.4, 0.3], batches=2)]
        case(f"backup_and_restore_{name}".rstrip("_"), {"BackupAndRestore": {"backup_dir": "backup"} | spec}, runs, 0.1,
             lambda run: backup_lines(spec, run))


def backup_lines(spec, run):
    with tempfile.TemporaryDirectory() as above:
        folder = os.path.join(above, "backup")
        os.mkdir(folder)
        metadata, kept, lines = os.path.join(folder, "training_metadata.json"), [], []

        def save(filepath, overwrite):
            open(filepath, "w").close()
            kept.append(os.path.relpath(filepath, above))

        def told(*_):
            for path in kept:
                state = json.loads(open(metadata).read())
                before = " after the one before" if os.path.exists(metadata + ".bkp") else ""
                assert os.path.exists(path_of_previous(folder)) == bool(before)
                lines.append(f"{path} epoch {state['epoch']} batch {state['batch']}{before}")
            kept.clear()
            return []

        callbacks.callback_model.save_weights = save
        drive(keras.callbacks.BackupAndRestore(folder, **spec), run, 0.1, told, told)
        return lines + ([] if os.path.exists(folder) else ["delete backup"])


def path_of_previous(folder):
    return os.path.join(folder, "latest.weights.h5.bkp")


def make_profiles():
    """TensorBoard's traces of some batches, and the weights for its projector."""
    arguments = [
        ("profile", {"profile_batch": 2}), ("profile_batches", {"profile_batch": [2, 5]}),
        ("profile_past_the_end", {"profile_batch": [3, 100]}), ("profile_never", {"profile_batch": 100}),
        ("profile_and_batches", {"profile_batch": [1, 3], "update_freq": 2}),
        ("profile_at_a_multiple", {"profile_batch": [1, 4], "update_freq": 2}),
        ("profile_past_a_multiple", {"profile_batch": [1, 100], "update_freq": 3}),
        ("profile_past_no_multiple", {"profile_batch": [1, 100], "update_freq": 4}),
        ("embeddings", {"embeddings_freq": 1}), ("embeddings_2", {"embeddings_freq": 2, "write_graph": False}),
    ]
    for name, spec in arguments:
        runs = [epochs([0.5, 0.4, 0.3], batches=2), epochs([0.5, None], batches=3)]

        def lines(run):
            with tempfile.TemporaryDirectory() as folder:
                saved = []
                callbacks.callback_model.save_weights = saved.append
                drive(keras.callbacks.TensorBoard(folder, **spec), run, 0.1, nothing)
                return summary_lines(folder) + [f"save logs/{os.path.relpath(path, folder)}" for path in saved]

        case(f"tensor_board_{name}", {"TensorBoard": spec}, runs, 0.1, lines)


def make_history():
    runs = [epochs(values, walk(f"{i}", len(values))) for i, values in enumerate(SEQUENCES[4:8])]

    def lines(run):
        history = keras.callbacks.History()
        drive(history, run, 0.1, nothing)
        return [f"epoch {history.epoch}"] + [f"{key} {values}" for key, values in sorted(history.history.items())]

    case("history", {"History": {}}, runs, 0.1, lines)


# seconds that pass before each batch, and before the end of an epoch
TEMPOS = [[0.25, 0.001], [0.01, 0.5], [100.0, 30.0], [1e-4, 0.0], [3000.0, 0.02]]


def make_progress():
    """What is printed, without what moves a terminal's cursor or colors it; a bar as its length."""
    for name, verbose in [("", 1), ("line", 2), ("silent", 0)]:
        runs = [epochs([-0.0005, 1e-4], batches=12), epochs([0.001], batches=3), epochs([0.25, None], batches=1)]
        tempos = TEMPOS if verbose else TEMPOS[:1]
        case(f"progbar_logger_{name}".rstrip("_"), {"ProgbarLogger": {}}, runs, 0.1,
             lambda run: progress_lines(run, verbose, tempos), verbose=verbose, tempos=tempos)


def progress_lines(run, verbose, tempos):
    lines = []
    for tempo in tempos:
        lines += printed(run, verbose, *tempo)
    return lines


def printed(run, verbose, batch_seconds, end_seconds):
    now, out = [1000.0], io.StringIO()
    logger = keras.callbacks.ProgbarLogger()
    logger.set_params({"verbose": verbose, "epochs": len(run), "steps": len(run[0]["batches"])})
    with contextlib.redirect_stdout(out), mock.patch("time.time", lambda: now[0]):
        logger.on_train_begin()
        for epoch, step in enumerate(run):
            logger.on_epoch_begin(epoch)
            for batch, logs in enumerate(step["batches"]):
                now[0] += batch_seconds
                logger.on_train_batch_end(batch, logs)
            now[0] += end_seconds
            logger.on_epoch_end(epoch, dict(sorted(step["logs"].items())))
    text = re.sub("━+", lambda bar: f"[{len(bar[0])}]", re.sub("\x1b\\[[0-9]+m", "", out.getvalue()))
    return [line.rstrip() for line in re.split("[\b\r\n]+", text) if line.strip()]


def make():
    callbacks.callback_model = callbacks.model()
    make_backups()
    make_history()
    make_progress()
    make_profiles()
