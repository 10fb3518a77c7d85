"""A run in other words: Keras's own saved forms, or its short names."""

import json

from reference import keras, metric, network, optimizer, made


def saved(thing):
    """What Keras saves, as plain JSON."""
    return json.loads(json.dumps(keras.saving.serialize_keras_object(thing), default=list))


def as_keras_saves(run):
    """The model as `to_json` has it, and what is given to compile as `serialize` has it."""
    model, compile_spec = network(run["model"]), dict(run["compile"])
    (_, arguments), = compile_spec["optimizer"].items()
    if not arguments.get("gradient_centralization"):  # Keras has none
        compile_spec["optimizer"] = saved(optimizer(compile_spec["optimizer"]))
    (_, arguments), = compile_spec["loss"].items()
    compile_spec["loss"] = saved(made(keras.losses, compile_spec["loss"]))
    compile_spec["loss"]["config"] |= arguments  # Keras forgets Huber's delta
    for key in ("metrics", "weighted_metrics"):
        # a name is a function to Keras, and logged as it is written
        compile_spec[key] = [one if isinstance(one, str) else saved(metric(one)) for one in compile_spec.get(key, [])]
    # as `fit` has them when they are not given
    fit = {"class_weight": None, "validation_split": 0.0, "steps_per_epoch": None, **run["fit"]}
    config = {"class_name": "Sequential", "config": json.loads(json.dumps(model.get_config(), default=list))}
    return {**run, "model": config, "compile": compile_spec, "fit": fit}


def snake(name):
    """`MeanSquaredError` → `mean_squared_error`."""
    return "".join(f"_{c.lower()}" if c.isupper() and idx and not name[idx - 1].isupper() else c.lower()
                   for idx, c in enumerate(name))


def in_short(run):
    """Names alone where there are no arguments, and class_name with config where there are."""
    def word(spec):
        (kind, arguments), = spec.items()
        return {"class_name": kind, "config": arguments} if arguments else kind

    compile_spec = {**run["compile"], "optimizer": word(run["compile"]["optimizer"])}
    # "crossentropy" is a name already.
    if not isinstance(compile_spec["loss"], str):
        (loss, arguments), = compile_spec["loss"].items()
        if not arguments:
            compile_spec["loss"] = "kl_divergence" if loss == "KLDivergence" else snake(loss)
    model = {**run["model"], "layers": [word(layer) for layer in run["model"]["layers"]]}
    fit = {**run["fit"], "callbacks": [word(callback) for callback in run["fit"]["callbacks"]]}
    return {**run, "model": model, "compile": compile_spec, "fit": fit}


def spelled(random, run):
    """One of the ways to say it."""
    return random.choice([lambda run: run, as_keras_saves, in_short])(run)
