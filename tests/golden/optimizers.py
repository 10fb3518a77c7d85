"""Every optimizer with each of its arguments on a kernel, a bias and a convolution's kernel; schedules."""

from common import flat, keras, np, numbers, optimizer, rng, schedule, tf, write

SHAPES = {"kernel": [3, 2], "bias": [2], "conv_kernel": [2, 1, 2, 2]}
STEPS = 6

ROUNDING = {"weights": {"of_largest": 1e-6}, "slots": {"of_largest": 1e-6},
            "reason": "a few float32 operations in another order"}
BETA = {"weights": {"of_largest": 1e-5}, "slots": {"of_largest": 2e-5},
        "reason": "beta_2 is a float32 here before 1 - beta_2 is taken, which moves the mean square by 1.3e-5"}

KINDS = {"SGD": ROUNDING, "RMSprop": ROUNDING, "Adam": BETA, "AdamW": BETA, "Adagrad": ROUNDING, "Nadam": BETA}
# so large that a wrong step shows in the weights
LEARNING_RATE = 0.05

EXPONENTIAL = {"ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5}}

# what every optimizer has
SHARED = {
    "plain": {},
    "clipnorm": {"clipnorm": 0.7},
    "clipvalue": {"clipvalue": 0.3},
    "global_clipnorm": {"global_clipnorm": 0.9},
    # the whole gradient is smaller
    "global_clipnorm_large": {"global_clipnorm": 50.0},
    # as None in Keras
    "clipnorm_zero": {"clipnorm": 0.0},
    "weight_decay": {"weight_decay": 0.1},
    "ema": {"use_ema": True, "ema_momentum": 0.8},
    "ema_overwrite": {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 2},
    "accumulation": {"gradient_accumulation_steps": 2},
    "accumulation_all": {"gradient_accumulation_steps": 2, "use_ema": True, "ema_momentum": 0.8,
                         "ema_overwrite_frequency": 2, "clipnorm": 0.7, "weight_decay": 0.1},
    "schedule": {"learning_rate": EXPONENTIAL},
    "schedule_decay": {"learning_rate": EXPONENTIAL, "weight_decay": 0.1, "gradient_accumulation_steps": 3},
}

OWN = {
    "SGD": {
        "momentum": {"momentum": 0.9},
        "nesterov": {"momentum": 0.9, "nesterov": True},
        "momentum_all": {"momentum": 0.9, "clipvalue": 0.3, "weight_decay": 0.1, "use_ema": True, "ema_momentum": 0.5},
        "centralized": {"gradient_centralization": True},
        "centralized_momentum": {"gradient_centralization": True, "momentum": 0.9},
        "centralized_all": {"gradient_centralization": True, "momentum": 0.9, "nesterov": True, "clipnorm": 0.5,
                            "weight_decay": 0.1},
        # a cosine with a rise before it
        "cosine": {"learning_rate": {"CosineDecay": {"initial_learning_rate": 0.01, "decay_steps": 3, "alpha": 0.1,
                                                     "warmup_target": 0.1, "warmup_steps": 2}}},
    },
    "RMSprop": {
        "momentum": {"momentum": 0.9},
        "centered": {"centered": True},
        "centered_momentum": {"centered": True, "momentum": 0.5, "rho": 0.99, "epsilon": 1e-3},
        "piecewise": {"learning_rate": {"PiecewiseConstantDecay": {"boundaries": [1, 3], "values": [0.1, 0.02, 0.05]}}},
    },
    "Adam": {
        "amsgrad": {"amsgrad": True},
        "amsgrad_ema": {"amsgrad": True, "use_ema": True, "beta_2": 0.5},
        "betas": {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 1e-2},
        "centralized": {"gradient_centralization": True},
        "centralized_all": {"gradient_centralization": True, "amsgrad": True, "global_clipnorm": 0.5,
                            "weight_decay": 0.1},
        "polynomial": {"learning_rate": {"PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 2,
                                                             "power": 0.5, "cycle": True}}},
    },
    "AdamW": {
        "amsgrad": {"amsgrad": True, "weight_decay": 0.2},
        "inverse_time": {"learning_rate": {"InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 2,
                                                                "decay_rate": 0.5, "staircase": True}}},
    },
    "Adagrad": {
        "accumulator": {"initial_accumulator_value": 0.0, "epsilon": 1e-3},
    },
    "Nadam": {
        "betas": {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 1e-2},
    },
}


def make_updates():
    for kind, tolerance in KINDS.items():
        for name, arguments in {**SHARED, **OWN[kind]}.items():
            spec = {kind: {"learning_rate": LEARNING_RATE, **arguments}}
            update(f"update_{kind.lower()}_{name}", spec, tolerance)


def update(name, spec, tolerance):
    """The weights after each step, and the state Keras would save at the end."""
    # the same numbers for all, so that cases can be compared
    random = rng("update")
    draw = lambda scale: [(random.standard_normal(shape) * scale).astype("float32") for shape in SHAPES.values()]
    start, gradients = draw(0.5), [draw(0.5) for _ in range(STEPS)]
    variables = [keras.Variable(value, name=key) for key, value in zip(SHAPES, start)]
    rule, weights, rates = optimizer(spec), [], []
    rule.build(variables)
    for step in gradients:
        rates.append(float(rule.learning_rate))
        rule.apply([tf.constant(gradient) for gradient in step], variables)
        weights.append(together(variables))
    state = [variable for variable in rule.variables if variable.name not in ("iteration", "learning_rate")]
    # the one variable that Keras gives no name is Nadam's product of momentums
    slots = [{"name": "u_product" if variable.name.startswith("variable") else variable.name,
              "values": flat(variable)["values"]} for variable in state]
    rule.finalize_variable_values(variables)
    write(name, {
        "kind": "update",
        "optimizer": spec,
        "tolerance": tolerance,
        "params": [{"name": key, **flat(value)} for key, value in zip(SHAPES, start)],
        "gradients": [together(step) for step in gradients],
        "learning_rates": numbers(rates),
        "weights": weights,
        "slots": slots,
        "finalized": together(variables),
    })


def together(arrays):
    return [value for array in arrays for value in numbers(np.asarray(array).reshape(-1))]


STEPS_SEEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 19, 20, 21, 35, 100, 12345]

SCHEDULES = {
    "exponential": {"ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.96}},
    "exponential_staircase": {"ExponentialDecay": {"initial_learning_rate": 0.3, "decay_steps": 5, "decay_rate": 0.7,
                                                   "staircase": True}},
    "exponential_rising": {"ExponentialDecay": {"initial_learning_rate": 1e-4, "decay_steps": 1000,
                                                "decay_rate": 1.5}},
    "cosine": {"CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 20}},
    "cosine_alpha": {"CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 15, "alpha": 0.3}},
    "cosine_warmup": {"CosineDecay": {"initial_learning_rate": 0.0, "decay_steps": 12, "alpha": 0.1,
                                      "warmup_target": 0.2, "warmup_steps": 8}},
    "cosine_warmup_no_steps": {"CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 12,
                                               "warmup_target": 0.2, "warmup_steps": 0, "alpha": 0.05}},
    "cosine_restarts": {"CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 6}},
    "cosine_restarts_even": {"CosineDecayRestarts": {"initial_learning_rate": 0.2, "first_decay_steps": 7,
                                                     "t_mul": 1.0, "m_mul": 0.8, "alpha": 0.1}},
    "cosine_restarts_slow": {"CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 4,
                                                     "t_mul": 1.5, "m_mul": 0.7}},
    "piecewise": {"PiecewiseConstantDecay": {"boundaries": [3, 9, 20], "values": [0.1, 0.05, 0.2, 0.01]}},
    "piecewise_one": {"PiecewiseConstantDecay": {"boundaries": [10], "values": [1.0, 0.5]}},
    # Keras sums the pieces that hold the step
    "piecewise_not_rising": {"PiecewiseConstantDecay": {"boundaries": [9, 4], "values": [0.1, 0.2, 0.4]}},
    "polynomial": {"PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 20}},
    "polynomial_power": {"PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 11, "power": 2.5,
                                             "end_learning_rate": 0.01}},
    "polynomial_cycle": {"PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 7, "power": 0.5,
                                             "end_learning_rate": 0.02, "cycle": True}},
    "inverse_time": {"InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5}},
    "inverse_time_staircase": {"InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 4,
                                                    "decay_rate": 1.5, "staircase": True}},
}


def make_schedules():
    for name, spec in SCHEDULES.items():
        rate = schedule(spec)
        write(f"schedule_{name}", {
            "kind": "schedule",
            "schedule": spec,
            "tolerance": {"allowed": {"of_largest": 5e-7}, "reason": "another pow and cos"},
            "steps": STEPS_SEEN,
            # steps are whole numbers of TensorFlow, as an optimizer counts them
            "rates": numbers([float(rate(tf.constant(step, tf.int64))) for step in STEPS_SEEN]),
        })


def make():
    make_updates()
    make_schedules()
