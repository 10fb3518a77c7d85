"""Optimizers on surfaces of two numbers, 50 steps each: what the page of races draws.

The gradient is computed by the page's formula in float32, in the same order; `optimizer.apply` of real Keras
moves a kernel of shape (2, 1). A case's link is what the page reads.
"""

import json
from urllib.parse import quote

from common import keras, np, numbers, optimizer, tf, write

STEPS = 50
f32 = np.float32

TOLERANCE = {"allowed": {"of_largest": 2e-5},
             "reason": "a few float32 operations in another order, step after step; beta_2 is a float32 here before "
                       "1 - beta_2 is taken, which moves Adam's mean square by 1.3e-5"}


def bowl(condition):
    k = f32(condition)
    return lambda x, y: [x, k * y]


def rosenbrock(x, y):
    return [f32(-2) * (f32(1) - x) - f32(400) * x * (y - x * x), f32(200) * (y - x * x)]


def beale(x, y):
    p, q, r = f32(1.5) - x + x * y, f32(2.25) - x + x * y * y, f32(2.625) - x + x * y * y * y
    two, one = f32(2), f32(1)
    return [two * p * (y - one) + two * q * (y * y - one) + two * r * (y * y * y - one),
            two * p * x + f32(4) * q * x * y + f32(6) * r * x * y * y]


def himmelblau(x, y):
    p, q = x * x + y - f32(11), x + y * y - f32(7)
    return [f32(4) * x * p + f32(2) * q, f32(2) * p + f32(4) * y * q]


def saddle(x, y):
    return [x, y * (y * y - f32(1))]


def cliff(x, y):
    s = f32(1) / (f32(1) + np.exp(f32(-8) * x))
    return [f32(32) * s * (f32(1) - s) + (x + f32(2)) / f32(50), y / f32(10)]


RATE = "learning_rate"
# Every optimizer, and options that change where it goes; rates for a surface as steep as the first.
FIELD = [
    {"SGD": {RATE: 0.05}},
    {"SGD": {RATE: 0.02, "momentum": 0.9}},
    {"SGD": {RATE: 0.02, "momentum": 0.9, "nesterov": True}},
    {"RMSprop": {RATE: 0.1}},
    {"Adam": {RATE: 0.2}},
    {"AdamW": {RATE: 0.2, "weight_decay": 0.1}},
    {"Adagrad": {RATE: 0.5}},
    {"Nadam": {RATE: 0.1}},
]
OPTIONS = [
    {"SGD": {RATE: 0.05, "gradient_centralization": True}},
    {"Adam": {RATE: 0.1, "gradient_centralization": True, "amsgrad": True}},
    {"RMSprop": {RATE: 0.05, "centered": True, "momentum": 0.5}},
    {"SGD": {RATE: 0.1, "clipnorm": 1.0}},
    {"Adam": {RATE: 0.1, "clipvalue": 0.5, "weight_decay": 0.01}},
    {"SGD": {RATE: {"ExponentialDecay": {"initial_learning_rate": 0.09, "decay_steps": 10, "decay_rate": 0.5}}}},
    {"Nadam": {RATE: 0.05, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 5}},
    {"SGD": {RATE: 0.05, "gradient_accumulation_steps": 2}},
]


def slower(specs, by, adaptive=1.0):
    """The same with smaller steps."""
    out = []
    for spec in specs:
        (kind, arguments), = spec.items()
        out.append({kind: {**arguments, RATE: round(arguments[RATE] * (by if kind == "SGD" else adaptive), 7)}})
    return out


CASES = {
    "bowl": ("surface=bowl&condition=20&start=-4,1.5", bowl(20), (-4, 1.5), FIELD),
    "bowl_options": ("surface=bowl&condition=15&start=-4,1.5", bowl(15), (-4, 1.5), OPTIONS),
    "rosenbrock": ("surface=rosenbrock&start=-1.5,2", rosenbrock, (-1.5, 2), slower(FIELD, 0.01, 0.2)),
    "beale": ("surface=beale&start=1,1.5", beale, (1, 1.5), slower(FIELD, 0.05, 0.3)),
    "himmelblau": ("surface=himmelblau&start=0,-4", himmelblau, (0, -4), slower(FIELD, 0.1, 0.5)),
    "saddle": ("surface=saddle&start=-2,0.01", saddle, (-2, 0.01), FIELD),
    "cliff": ("surface=cliff&start=3,2", cliff, (3, 2), FIELD),
}


def path(spec, gradient, start):
    weight = keras.Variable(np.array(start, dtype="float32").reshape(2, 1), name="kernel")
    rule = optimizer(spec)
    rule.build([weight])
    places = [np.array(start, dtype="float32")]
    for _ in range(STEPS):
        slope = np.array(gradient(*places[-1]))
        assert slope.dtype == np.float32
        rule.apply([tf.constant(slope.reshape(2, 1))], [weight])
        places.append(np.array(keras.ops.convert_to_numpy(weight)).reshape(2))
    return numbers(np.concatenate(places))


def make():
    for name, (surface, gradient, start, racers) in CASES.items():
        link = f"#/optimizers?{surface}&steps={STEPS}&racers={quote(json.dumps(racers))}"
        paths = [path(spec, gradient, start) for spec in racers]
        write(f"race_{name}", {"kind": "race", "link": link, "tolerance": TOLERANCE, "paths": paths})
