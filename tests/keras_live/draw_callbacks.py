"""Random callbacks, and Keras's for them."""

import math

from decisions import watch
from reference import keras, made


def number(random, low, high):
    return round(random.uniform(low, high), 5)


def monitor(random, validates):
    return random.choice(["loss", "val_loss"] if validates else ["loss"])


def early_stopping(random, validates):
    arguments = {"monitor": monitor(random, validates), "patience": random.randint(0, 3)}
    if random.random() < 0.4:
        arguments["min_delta"] = number(random, 0, 0.1)
    if random.random() < 0.5:
        arguments["restore_best_weights"] = True
    if random.random() < 0.3:
        arguments["start_from_epoch"] = random.randint(1, 4)
    if random.random() < 0.2:
        arguments["baseline"] = number(random, 0.1, 1.5)
    if random.random() < 0.2:
        arguments["mode"] = random.choice(["min", "max", "auto"])
    return {"EarlyStopping": arguments}


def reduce_lr(random, validates):
    arguments = {"monitor": monitor(random, validates), "factor": number(random, 0.1, 0.9),
                 "patience": random.randint(0, 2)}
    if random.random() < 0.5:
        arguments["cooldown"] = random.randint(1, 2)
    if random.random() < 0.4:
        arguments["min_delta"] = number(random, 0, 0.3)
    if random.random() < 0.4:
        arguments["min_lr"] = number(random, 0.0005, 0.01)
    if random.random() < 0.2:
        arguments["mode"] = random.choice(["min", "max"])
    return {"ReduceLROnPlateau": arguments}


def checkpoint(random, validates):
    weights_only = random.random() < 0.5
    key = monitor(random, validates)
    ending = ".weights.h5" if weights_only else ".keras"
    name = random.choice(["m{epoch:02d}", "m-{epoch}-{loss:.2f}", "best"])
    arguments = {"filepath": name + ending, "monitor": key, "save_weights_only": weights_only}
    if random.random() < 0.5:
        arguments["save_best_only"] = True
        if random.random() < 0.3:
            arguments["initial_value_threshold"] = number(random, 0.2, 2)
    elif random.random() < 0.3:
        arguments |= {"save_freq": random.randint(1, 4), "filepath": "m{epoch:02d}-{batch}" + ending}
    return {"ModelCheckpoint": arguments}


def csv_logger(random):
    return {"CSVLogger": {"filename": "log.csv"} | ({"separator": ";"} if random.random() < 0.3 else {})}


def scheduler(random):
    rate = number(random, 0.002, 0.05)
    return {"LearningRateScheduler": {"schedule": random.choice([
        {"Constant": {"learning_rate": rate}},
        {"StepDecay": {"initial_learning_rate": rate, "drop": number(random, 0.2, 0.9), "epochs_drop": random.randint(1, 3)}},
        {"Multiply": {"factor": number(random, 0.5, 0.95), "from_epoch": random.randint(0, 2)}},
        {"Exponential": {"initial_learning_rate": rate, "decay": number(random, 0.05, 0.5)}},
        {"PerEpoch": {"learning_rates": [rate, rate / 2, rate / 5]}},
    ])}}


def schedule_function(spec):
    """`schedule(epoch, lr)` of our forms."""
    (kind, arguments), = spec.items()
    return {
        "Constant": lambda epoch, rate: arguments["learning_rate"],
        "StepDecay": lambda epoch, rate: arguments["initial_learning_rate"]
        * arguments["drop"] ** (epoch // arguments["epochs_drop"]),
        "Multiply": lambda epoch, rate: rate if epoch < arguments["from_epoch"] else rate * arguments["factor"],
        "Exponential": lambda epoch, rate: arguments["initial_learning_rate"] * math.exp(-arguments["decay"] * epoch),
        "PerEpoch": lambda epoch, rate: arguments["learning_rates"][min(epoch, len(arguments["learning_rates"]) - 1)],
    }[kind]


def callbacks(random, run, validates):
    (_, optimizer), = run["compile"]["optimizer"].items()
    scheduled = isinstance(optimizer["learning_rate"], dict)
    chosen = []
    if random.random() < 0.35:
        chosen.append(early_stopping(random, validates))
    if not scheduled and random.random() < 0.35:
        chosen.append(reduce_lr(random, validates))
    if random.random() < 0.3:
        chosen.append(checkpoint(random, validates))
    if random.random() < 0.1:
        chosen.append({"TerminateOnNaN": {}})
    if random.random() < 0.15:
        chosen.append(csv_logger(random))
    if not scheduled and random.random() < 0.15:
        chosen.append(scheduler(random))
    if random.random() < 0.1:
        chosen.append({"BackupAndRestore": {"backup_dir": "backup"} | random.choice([{}, {"save_freq": 3}])})
    random.shuffle(chosen)
    return chosen


def keras_callback(spec):
    (kind, arguments), = spec.items()
    if kind == "LearningRateScheduler":
        return keras.callbacks.LearningRateScheduler(schedule_function(arguments["schedule"]))
    callback = made(keras.callbacks, spec)
    return watch(callback) if kind in ("EarlyStopping", "ReduceLROnPlateau") else callback


def keras_callbacks(specs):
    """The real ones, in the same order."""
    return [keras_callback(spec) for spec in specs]
