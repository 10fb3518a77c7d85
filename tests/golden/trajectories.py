"""Training on MNIST: 20 steps from given weights, batches in file order, nothing shuffled."""

import gzip

from common import FOLDER, build, keras, np, numbers, optimizer, parameter_names, sha256, write
from layers import activation, conv, dense, pool

SAMPLES = 640  # 20 batches of 32
PREDICTED = 16
EVALUATED = 100  # with batches of 32 the last one is smaller

SGD = {"SGD": {"learning_rate": 0.05, "momentum": 0.0, "nesterov": False}}
MOMENTUM = {"SGD": {"learning_rate": 0.05, "momentum": 0.9, "nesterov": False}}
NESTEROV = {"SGD": {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}}
ADAM = {"Adam": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}}

MLP = [{"Flatten": {}}, dense(128, "relu"), dense(10, "softmax")]
CNN = [conv(8, (3, 3), (2, 2), "same", "relu"), pool((2, 2), (2, 2), "valid"), conv(16, (3, 3), activation="relu"),
       {"Flatten": {}}, dense(32, "relu"), dense(10, "softmax")]
# every other activation, softmax as a layer of its own
TINY = [{"Flatten": {}}, dense(8, "tanh"), dense(6, "sigmoid"), dense(10), activation("softmax")]

CASES = [
    # name, layers, optimizer, batch size
    ("mlp_nesterov", MLP, NESTEROV, 32),
    ("mlp_adam", MLP, ADAM, 32),
    ("cnn_sgd", CNN, SGD, 32),
    ("cnn_adam", CNN, ADAM, 32),
    ("tiny_momentum", TINY, MOMENTUM, 32),
    ("tiny_last_batch_smaller", TINY, ADAM, 33),  # 19 batches of 33 and one of 13
]

TOLERANCE = {
    "SGD": {"losses": {"each": 1e-6}, "weights": {"absolute": 5e-7}, "predictions": {"absolute": 2e-6},
            "reason": "float32 sums in another order: some times the distance of Keras's own float32 run from its "
                      "float64 run, which stands below"},
    "Adam": {"losses": {"each": 1e-5}, "weights": {"absolute": 5e-6}, "predictions": {"absolute": 1e-5},
             "reason": "Keras rounds beta_2 to float32 before taking 1 - beta_2^t, which makes the first steps "
                       "smaller by up to 6.4e-6; the rest is float32 sums in another order"},
}


def read_mnist():
    """The first training images, /255, and their labels, from the first shard (src/data/shard.rs)."""
    with gzip.open(FOLDER / "../../www/data/mnist/train-00.bin") as file:
        header = file.read(16)
        assert header[:4] == b"SVSH"
        count = int.from_bytes(header[6:10], "little")
        labels = file.read(count)[:SAMPLES]
        images = file.read(SAMPLES * 784)
    x = np.frombuffer(images, np.uint8).reshape(SAMPLES, 28, 28, 1).astype("float32") / np.float32(255)
    y = np.eye(10, dtype="float32")[np.frombuffer(labels, np.uint8)]
    return x, y, {"samples": SAMPLES, "images_sha256": sha256(images).hexdigest(),
                  "labels_sha256": sha256(labels).hexdigest()}


def compiled(model, optimizer_spec, weights=None, dtype="float32"):
    net = build(model, dtype)
    if weights:
        net.set_weights(weights)
    # without XLA: its fused kernels sum in an order of their own
    net.compile(optimizer=optimizer(optimizer_spec), loss="categorical_crossentropy", metrics=["accuracy"],
                jit_compile=False)
    return net


def step_by_step(net, x, y, batch_size):
    """Each batch's own loss before its update. Keras returns running means unless reset."""
    losses = []
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        net.reset_metrics()
        losses.append(net.train_on_batch(x[batch], y[batch], return_dict=True)["loss"])
    return losses


def make():
    x, y, data = read_mnist()
    for name, layers, optimizer_spec, batch_size in CASES:
        model = {"name": name, "input_shape": [28, 28, 1], "layers": layers}
        # the network's own initial weights, the same for every optimizer
        keras.utils.set_random_seed(1)
        net = compiled(model, optimizer_spec)
        initial = net.get_weights()
        losses = step_by_step(net, x, y, batch_size)
        final = net.get_weights()
        predictions = net.predict_on_batch(x[:PREDICTED])
        evaluation = net.evaluate(x[:EVALUATED], y[:EVALUATED], batch_size=32, verbose=0, return_dict=True)

        running = []
        fitted = compiled(model, optimizer_spec, initial)
        note = keras.callbacks.LambdaCallback(on_train_batch_end=lambda _, logs: running.append(dict(logs)))
        history = fitted.fit(x, y, batch_size=batch_size, epochs=1, shuffle=False, verbose=0, callbacks=[note])
        # fit and the single steps must be the same training, or one of them is misunderstood here
        for one, other in zip(final, fitted.get_weights(), strict=True):
            assert np.array_equal(one, other), f"{name}: fit and train_on_batch disagree"

        keras.config.set_floatx("float64")
        exact = compiled(model, optimizer_spec, initial, "float64")
        exact_losses = step_by_step(exact, x.astype("float64"), y.astype("float64"), batch_size)
        loss_distance = max(abs(a - b) / b for a, b in zip(losses, exact_losses))
        weight_distance = max(np.abs(a - b).max() for a, b in zip(final, exact.get_weights()))
        keras.config.set_floatx("float32")
        print(f"{name}: float32 strays from float64 by {loss_distance:.1e} in loss, {weight_distance:.1e} in weights")

        names = parameter_names(layers)
        arrays = {f"initial/{key}": value for key, value in zip(names, initial, strict=True)}
        arrays |= {f"final/{key}": value for key, value in zip(names, final, strict=True)}
        write(name, {
            "kind": "trajectory",
            "model": model,
            "optimizer": optimizer_spec,
            "batch_size": batch_size,
            "data": data,
            "tolerance": TOLERANCE[next(iter(optimizer_spec))] | {
                "keras_float32_from_float64": {"losses": float(f"{loss_distance:.1e}"),
                                               "weights": float(f"{weight_distance:.1e}")},
            },
            "batch_losses": numbers(losses),
            "running_losses": numbers([logs["loss"] for logs in running]),
            "running_accuracies": numbers([logs["accuracy"] for logs in running]),
            "epoch": {key: numbers(history.history[key][0]) for key in ["loss", "accuracy"]},
            "evaluation": {"samples": EVALUATED, "loss": numbers(evaluation["loss"]),
                           "accuracy": numbers(evaluation["accuracy"])},
        }, arrays | {"predictions": predictions})
