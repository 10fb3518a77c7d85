"""Real Keras from our specs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
sys.dont_write_bytecode = True

# Sets up the TensorFlow backend, before Keras is imported.
from common import keras, np, tf

FAMILIES = {"regularizer": keras.regularizers, "constraint": keras.constraints, "initializer": keras.initializers}


def made(module, spec):
    """`{"L2": {"l2": 0.01}}` as `keras.regularizers.L2(l2=0.01)`."""
    (kind, arguments), = spec.items()
    if kind == "ElasticNet":  # ours: l·Σ(beta·w² + |w|)
        return keras.regularizers.L1L2(l1=arguments["l"], l2=arguments["l"] * arguments["beta"])
    return getattr(module, kind)(**arguments)


class ConvolutionWithChannelsFirst(keras.layers.Conv2D):
    """TensorFlow has none on a processor."""

    def convolution_op(self, inputs, kernel):
        output = keras.ops.conv(keras.ops.transpose(inputs, (0, 2, 3, 1)), kernel, list(self.strides), self.padding,
                                "channels_last", self.dilation_rate)
        return keras.ops.transpose(output, (0, 3, 1, 2))


ConvolutionWithChannelsFirst.__name__ = "Conv2D"  # automatic names come from the class


def layer(spec):
    (kind, arguments), = spec.items()
    built = {}
    for key, value in arguments.items():
        family = FAMILIES.get(key.rsplit("_", 1)[-1])
        if family and isinstance(value, dict):
            value = made(family, value)
        elif isinstance(value, list):
            value = tuple(tuple(item) if isinstance(item, list) else item for item in value)
        built[key] = value
    if kind == "Conv2D" and built.get("data_format") == "channels_first":
        return ConvolutionWithChannelsFirst(**built)
    return getattr(keras.layers, kind)(**built)


def output_shape(spec, shape):
    """The shape of one output sample, or None if Keras refuses the layer."""
    try:
        output = layer(spec)(keras.Input(tuple(shape)))
    except (ValueError, tf.errors.InvalidArgumentError):
        return None
    return None if any(not extent for extent in output.shape[1:]) else list(output.shape[1:])


class Recorder(keras.Sequential):
    """Remembers each training batch's own loss, regularization included, before its update."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        if training:
            self.step_losses.append(float(loss))
        return loss


def network(model):
    # Names count from 0 again, as in our files.
    keras.backend.clear_session()
    net = Recorder([keras.Input(tuple(model["input_shape"])), *(layer(spec) for spec in model["layers"])])
    net.step_losses = []
    return net


def weight_names(net):
    """`conv2d_1/kernel` for every weight, in the order of `net.weights`."""
    return [f"{layer.name}/{weight.name}" for layer in net.layers for weight in layer.weights]


def centralizing(kind):
    """An optimizer that first takes the mean from each output's kernel gradient; Keras has none."""
    class Centralizing(kind):
        def apply(self, grads, trainable_variables=None):
            axes = lambda grad: list(range(len(grad.shape) - 1))
            grads = [grad - tf.reduce_mean(grad, axes(grad), keepdims=True) if len(grad.shape) > 1 else grad
                     for grad in grads]
            super().apply(grads, trainable_variables)

    return Centralizing


def optimizer(spec):
    (kind, arguments), = spec.items()
    kind, arguments = getattr(keras.optimizers, kind), dict(arguments)
    if arguments.pop("gradient_centralization", False):
        kind = centralizing(kind)
    rate = arguments.get("learning_rate")
    if isinstance(rate, dict):
        arguments["learning_rate"] = made(keras.optimizers.schedules, rate)
    return kind(**arguments)


def metric(spec):
    return spec if isinstance(spec, str) else made(keras.metrics, spec)


def one_by_one(logs):
    """A metric of several values under the names that ours have."""
    values = {}
    for key, value in logs.items():
        if np.ndim(value):
            values |= {f"{key}_{idx}": float(one) for idx, one in enumerate(value)}
        else:
            values[key] = value
    return values


class Notes(keras.callbacks.Callback):
    """What `fit` tells its callbacks, after the user's own have acted."""

    def __init__(self):
        super().__init__()
        self.batches, self.epochs, self.rates = [], [], []

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append(one_by_one(logs))

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(one_by_one(logs))
        self.rates.append(float(self.model.optimizer.learning_rate))


def compiled(run):
    net, compile_spec = network(run["model"]), run["compile"]
    # Step by step: tracing a graph takes longer than ten steps of it.
    loss = compile_spec["loss"]
    loss = loss if isinstance(loss, str) else made(keras.losses, loss)
    net.compile(optimizer=optimizer(compile_spec["optimizer"]), loss=loss, loss_weights=compile_spec.get("loss_weights"),
                metrics=[metric(spec) for spec in compile_spec.get("metrics", [])],
                weighted_metrics=[metric(spec) for spec in compile_spec.get("weighted_metrics", [])], run_eagerly=True)
    return net


def fit(run, weights, arrays, callbacks):
    """Runs the case; what every step, epoch and weight came to."""
    net = compiled(run)
    net.set_weights(weights)
    notes, arguments = Notes(), dict(run["fit"])
    arguments["shuffle"] = False
    arguments["callbacks"] = [*callbacks, notes]
    if "class_weight" in arguments:
        arguments["class_weight"] = {int(key): value for key, value in arguments["class_weight"].items()}
    if "x_val" in arrays:
        validation = [arrays["x_val"], arrays["y_val"]]
        if "sample_weight_val" in arrays:
            validation.append(arrays["sample_weight_val"])
        arguments["validation_data"] = tuple(validation)
    net.fit(arrays["x_train"], arrays["y_train"], sample_weight=arrays.get("sample_weight"), verbose=0, **arguments)
    return {
        "step_losses": list(net.step_losses),  # Keras made a list of its own kind of it
        "batches": notes.batches,
        "epochs": notes.epochs,
        "rates": notes.rates,
        "weights": dict(zip(weight_names(net), net.get_weights(), strict=True)),
        "predictions": net.predict(arrays["x_train"], verbose=0),
    }
