"""Random callbacks, and Keras's for them."""

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
    random.shuffle(chosen)
    return chosen


def keras_callbacks(specs):
    """The real ones, in the same order."""
    return [made(keras.callbacks, spec) for spec in specs]
