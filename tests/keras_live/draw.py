"""A random run: network, loss, optimizer, arguments of fit, and the arrays it is trained with."""

import random as python_random

from draw_layers import body
from draw_callbacks import callbacks
from draw_metrics import metrics
from reference import keras, network, np


def number(random, low, high):
    return round(random.uniform(low, high), 4)


OTHER_LOSSES = ["CosineSimilarity", "LogCosh", "Hinge", "SquaredHinge", "CategoricalHinge",
                "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError"]


def head(random, layers, shape):
    """Adds the last layer for a loss; the loss, and how its targets are drawn."""
    kind = random.choice(["categorical", "categorical", "sparse", "sparse", "binary", "kl", "mse", "mae", "huber", "other"])
    flat = [] if len(shape) == 1 else [{"Flatten": {}}]
    units = random.randint(2, 5)
    from_logits = random.random() < 0.3
    if kind in ("categorical", "sparse"):
        ends = ["linear"] if from_logits else ["softmax", "softmax", "softmax", "sigmoid", "softplus"]
        arguments = {"from_logits": True} if from_logits else {}
        if kind == "categorical" and random.random() < 0.3:
            arguments["label_smoothing"] = number(random, 0.01, 0.3)
        layers += [*flat, *output(random, units, random.choice(ends))]
        if not arguments and random.random() < 0.2 and units > 1:
            return random.choice(["crossentropy", "ce"]), ("classes" if kind == "sparse" else "one_hot", units)
        name = "CategoricalCrossentropy" if kind == "categorical" else "SparseCategoricalCrossentropy"
        return {name: arguments}, ("classes" if kind == "sparse" else "one_hot", units)
    if kind == "binary":
        units = random.choice([1, 1, units])
        arguments = {"from_logits": True} if from_logits else {}
        if random.random() < 0.3:
            arguments["label_smoothing"] = number(random, 0.01, 0.3)
        layers += [*flat, *output(random, units, "linear" if from_logits else "sigmoid")]
        return {"BinaryCrossentropy": arguments}, ("bits", units)
    if kind == "kl":
        layers += [*flat, *output(random, units, "softmax")]
        return {"KLDivergence": {}}, ("shares", units)
    # any shape may be compared with any of its kind
    if not layers or random.random() < 0.8:
        layers += [*flat, *output(random, units, random.choice(["linear", "tanh", "sigmoid"]))]
        shape = [units]
    if kind == "other":
        kind, arguments = random.choice(OTHER_LOSSES), {}
    else:
        arguments = {"delta": number(random, 0.2, 2)} if kind == "huber" and random.random() < 0.5 else {}
        kind = {"mse": "MeanSquaredError", "mae": "MeanAbsoluteError", "huber": "Huber"}[kind]
    if random.random() < 0.15:
        arguments["reduction"] = random.choice(["sum", "mean", "mean_with_sample_weight"])
    return {kind: arguments}, ("values", shape)


def output(random, units, activation):
    """The last activation within the layer or as a layer of its own."""
    if random.random() < 0.8:
        return [{"Dense": {"units": units, "activation": activation}}]
    last = {"Softmax": {}} if activation == "softmax" and random.random() < 0.5 else \
        {"Activation": {"activation": activation}}
    return [{"Dense": {"units": units}}, last]


def schedule(random):
    rate = number(random, 0.005, 0.05)
    return random.choice([
        {"ExponentialDecay": {"initial_learning_rate": rate, "decay_steps": random.randint(1, 6),
                              "decay_rate": number(random, 0.5, 0.99), "staircase": random.random() < 0.5}},
        {"CosineDecay": {"initial_learning_rate": rate, "decay_steps": random.randint(3, 12),
                         "alpha": number(random, 0, 0.3)}},
        {"CosineDecay": {"initial_learning_rate": 0.0, "decay_steps": random.randint(3, 12), "warmup_target": rate,
                         "warmup_steps": random.randint(1, 5)}},
        {"CosineDecayRestarts": {"initial_learning_rate": rate, "first_decay_steps": random.randint(2, 6),
                                 "t_mul": random.choice([1.0, 1.5]), "m_mul": number(random, 0.5, 1),
                                 "alpha": number(random, 0, 0.3)}},
        {"PiecewiseConstantDecay": {"boundaries": [2, 5], "values": [rate, rate / 2, rate / 10]}},
        {"PolynomialDecay": {"initial_learning_rate": rate, "decay_steps": random.randint(2, 8),
                             "end_learning_rate": 0.001, "power": random.choice([1.0, 2.0, 0.5]),
                             "cycle": random.random() < 0.3}},
        {"InverseTimeDecay": {"initial_learning_rate": rate, "decay_steps": random.randint(1, 6),
                              "decay_rate": number(random, 0.1, 1), "staircase": random.random() < 0.5}},
    ])


def optimizer(random, may_schedule):
    kind = random.choice(["SGD", "SGD", "RMSprop", "Adam", "Adam", "AdamW", "Adagrad", "Nadam"])
    arguments = {"learning_rate": number(random, 0.001, 0.03)}
    if may_schedule and random.random() < 0.2:
        arguments["learning_rate"] = schedule(random)
    if kind == "SGD" and random.random() < 0.7:
        arguments |= {"momentum": number(random, 0, 0.95), "nesterov": random.random() < 0.5}
    if kind == "RMSprop":
        arguments |= random.choice([{}, {"rho": number(random, 0.5, 0.95)}, {"momentum": number(random, 0.1, 0.9)},
                                    {"centered": True}, {"momentum": 0.5, "centered": True}])
    if kind in ("Adam", "AdamW", "Nadam"):
        arguments |= random.choice([{}, {"beta_1": number(random, 0.5, 0.95)}, {"beta_2": number(random, 0.8, 0.99)}])
    if kind in ("Adam", "AdamW") and random.random() < 0.25:
        arguments["amsgrad"] = True
    if kind != "SGD":  # with Keras's 1e-7, a gradient that is 0 but for rounding still makes a step that is seen
        arguments["epsilon"] = random.choice([1e-5, 1e-4, 1e-3])
    if kind == "Adagrad" and random.random() < 0.4:
        arguments["initial_accumulator_value"] = number(random, 0.0, 0.5)
    if kind in ("SGD", "Adam") and random.random() < 0.15:
        arguments["gradient_centralization"] = True
    if random.random() < 0.1:
        arguments["gradient_accumulation_steps"] = random.randint(2, 4)
    if random.random() < 0.1:
        arguments["loss_scale_factor"] = random.choice([2.0, 1024.0])
    clip = random.choice([None, None, None, "clipnorm", "global_clipnorm", "clipvalue"])
    if clip:
        arguments[clip] = number(random, 0.05, 0.5)
    if random.random() < 0.2:
        arguments["weight_decay"] = number(random, 0.001, 0.1)
    if random.random() < 0.15:
        arguments |= {"use_ema": True, "ema_momentum": number(random, 0.5, 0.99)}
        if random.random() < 0.5:
            arguments["ema_overwrite_frequency"] = random.randint(2, 5)
    return {kind: arguments}


def draw_targets(numbers, targets, count):
    kind, size = targets
    if kind == "classes":
        return numbers.integers(0, size, count).astype("int32")
    if kind == "one_hot":
        return np.eye(size, dtype="float32")[numbers.integers(0, size, count)]
    if kind == "bits":
        return numbers.integers(0, 2, (count, size)).astype("float32")
    if kind == "shares":
        return numbers.dirichlet(np.ones(size), count).astype("float32")
    # not near 0, where the percentage error has gradients of thousands, which drown the others' last digits
    values = numbers.normal(0, 1, (count, *size))
    return (values + 0.3 * np.sign(values)).astype("float32")


def draw_weights(numbers, net):
    """Near Keras's own, but nowhere 0 or 1."""
    weights = []
    for weight in net.weights:
        value = np.array(weight)
        if weight.name == "moving_variance":
            value = numbers.uniform(0.5, 1.5, value.shape)
        elif value.ndim < 2:
            value = value + numbers.uniform(-0.3, 0.3, value.shape)
        else:
            value = numbers.uniform(-1, 1, value.shape) * np.sqrt(3 / np.prod(value.shape[:-1]))
        weights.append(value.astype("float32"))
    return weights


def fit_arguments(random, samples, targets, steps):
    """batch_size and epochs for about `steps` steps, and the rarer arguments."""
    batch_size = random.choice([size for size in range(1, samples + 1) if samples / size <= steps])
    training, arguments = samples, {"batch_size": batch_size}
    if random.random() < 0.3:
        split = random.choice([0.2, 0.25, 0.34, 0.5])
        if 0 < int(samples * (1 - split)) < samples:
            arguments["validation_split"] = split
            training = int(samples * (1 - split))
    per_epoch = -(-training // batch_size)
    arguments["epochs"] = max(1, min(steps, round(steps / per_epoch)))
    if random.random() < 0.1:
        arguments["steps_per_epoch"] = random.randint(1, per_epoch)
    if random.random() < 0.1 and arguments["epochs"] > 1:
        arguments["initial_epoch"] = 1
    if targets[0] in ("classes", "one_hot") and random.random() < 0.25 or targets == ("bits", 1) and random.random() < 0.3:
        classes = max(2, targets[1])
        chosen = random.sample(range(classes), random.randint(1, classes))
        arguments["class_weight"] = {str(c): number(random, 0.2, 3) for c in sorted(chosen)}
    return arguments


def case(seed, idx, steps=10):
    """Case number `idx` of a seed: (run, arrays, weights). Keras's refusals are drawn anew."""
    random = python_random.Random(f"{seed}/{idx}")
    numbers = np.random.default_rng([seed, idx])
    first, layers, shape = body(random)
    loss, targets = head(random, layers, shape)
    samples = random.randint(5, 24)
    arguments = fit_arguments(random, samples, targets, steps)
    arrays = {"x_train": numbers.normal(0, 1, (samples, *first)).astype("float32"),
              "y_train": draw_targets(numbers, targets, samples)}
    # Keras has one weight per sample only where the loss has one value per sample
    is_flat = targets[0] != "values" or len(targets[1]) == 1
    if "class_weight" not in arguments and is_flat and random.random() < 0.25:
        arrays["sample_weight"] = numbers.uniform(0.1, 2, samples).astype("float32")
    if "validation_split" not in arguments and random.random() < 0.4:
        count = random.randint(2, 12)
        arrays |= {"x_val": numbers.normal(0, 1, (count, *first)).astype("float32"),
                   "y_val": draw_targets(numbers, targets, count)}
        if is_flat and random.random() < 0.4:
            arrays["sample_weight_val"] = numbers.uniform(0.1, 2, count).astype("float32")
    validates = "validation_split" in arguments or "x_val" in arrays
    if validates and random.random() < 0.3:
        arguments["validation_batch_size"] = random.randint(1, 8)
    if validates and random.random() < 0.1:
        arguments["validation_steps"] = 1
    if validates and random.random() < 0.15:
        arguments["validation_freq"] = random.choice([2, [1, 3]])
    chosen = metrics(random, targets, is_flat)
    keras.utils.set_random_seed(1)
    model = {"name": f"case_{idx}", "input_shape": first, "layers": layers}
    run = {"version": 1, "model": model, "fit": arguments,
           "compile": {"optimizer": optimizer(random, True), "loss": loss, **chosen}}
    if random.random() < 0.1:
        run["compile"]["loss_weights"] = random.choice([[number(random, 0.2, 3)], number(random, 0.2, 3)])
    arguments["callbacks"] = callbacks(random, run, validates)
    net = network(model)
    if not net.trainable_weights:  # Keras fails to average none
        (_, options), = run["compile"]["optimizer"].items()
        options.pop("use_ema", None)
    return run, arrays, draw_weights(numbers, net)
