"""Entropies of random distributions by SciPy, and the losses of Keras on them, for the page that takes them apart.

Shares are ten-thousandths, as on the page, so that both sides see the same distributions. What SciPy finds infinite is
written as the word "inf", because JSON has no such number.
"""

import math
import random

import common
import numpy as np
from keras import losses
from scipy.special import rel_entr
from scipy.stats import entropy

CASES = 300
WHOLE = 10_000


def make():
    draw = random.Random(22)
    categorical = [case(draw) for _ in range(CASES)]
    binary = [prediction(draw) for _ in range(CASES)]
    common.write("entropies", {"kind": "entropies", "cases": categorical, "binary": binary})


def shares(draw, classes):
    """Often with classes that have nothing, and sometimes with one that has everything."""
    kind = draw.random()
    if kind < 0.2:
        parts = [0] * classes
        parts[draw.randrange(classes)] = WHOLE
        return parts
    weights = [draw.random() if draw.random() < 0.8 else 0.0 for _ in range(classes)]
    if sum(weights) == 0:
        weights = [1.0] * classes
    parts = [int(WHOLE * weight / sum(weights)) for weight in weights]
    parts[weights.index(max(weights))] += WHOLE - sum(parts)
    return parts


def number(value):
    value = float(value)
    return "inf" if math.isinf(value) else value


def case(draw):
    classes = draw.randint(2, 10)
    given, predicted = shares(draw, classes), shares(draw, classes)
    smoothing = draw.choice([0.0, 0.0, 0.1, 0.3])
    one_hot = np.array(given, "float64") / WHOLE
    p = one_hot * (1 - smoothing) + smoothing / classes
    q = np.array(predicted, "float64") / WHOLE
    single = lambda array: np.array([array], "float32")
    cross = losses.CategoricalCrossentropy(label_smoothing=smoothing)
    sparse = None
    if max(given) == WHOLE and smoothing == 0.0:
        sparse = float(losses.SparseCategoricalCrossentropy()(np.array([int(np.argmax(p))]), single(q)))
    return {
        "p": given,
        "q": predicted,
        "label_smoothing": smoothing,
        "entropy_p": number(entropy(p)),
        "entropy_q": number(entropy(q)),
        "cross_entropy": number(entropy(p) + rel_entr(p, q).sum()),
        "divergence": number(rel_entr(p, q).sum()),
        "reverse": number(rel_entr(q, p).sum()),
        "bits": number(entropy(p, base=2)),
        "keras_cross_entropy": float(cross(single(one_hot), single(q))),
        "keras_divergence": float(losses.KLDivergence()(single(p), single(q))),
        "keras_sparse": sparse,
    }


def prediction(draw):
    target = draw.choice([0.0, 1.0, round(draw.random(), 2)])
    smoothing = draw.choice([0.0, 0.1, 0.5])
    from_logits = draw.random() < 0.5
    value = round(draw.uniform(-8, 8), 2) if from_logits else draw.choice([0.0, 1.0, round(draw.random(), 3)])
    loss = losses.BinaryCrossentropy(from_logits=from_logits, label_smoothing=smoothing)
    single = lambda number: np.array([[number]], "float32")
    return {
        "target": target,
        "label_smoothing": smoothing,
        "from_logits": from_logits,
        "output": value,
        "loss": float(loss(single(target), single(value))),
    }
