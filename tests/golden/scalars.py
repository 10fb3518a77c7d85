"""Optimizers on a single weight, and categorical cross-entropy behind every kind of output."""

from common import build, flat, keras, np, numbers, optimizer, rng, tf, write
from layers import dense

GRADIENTS = [0.1, -0.2, 0.3]


def sgd(learning_rate, momentum=0.0, nesterov=False):
    return {"SGD": {"learning_rate": learning_rate, "momentum": momentum, "nesterov": nesterov}}


def adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    return {"Adam": {"learning_rate": learning_rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}}


ROUNDING = {"allowed": {"of_largest": 5e-7}, "reason": "single float32 operations in another order"}
BETA = {"allowed": {"of_largest": 1e-5}, "reason": "Keras rounds beta_2 to float32 before taking 1 - beta_2^t, which "
                                                   "moves the first step by 6.4e-6"}

TRACES = [
    ("optimizer_sgd", sgd(0.1), GRADIENTS, ROUNDING),
    ("optimizer_sgd_momentum", sgd(0.1, 0.9), GRADIENTS, ROUNDING),
    ("optimizer_sgd_nesterov", sgd(0.1, 0.9, True), GRADIENTS, ROUNDING),
    ("optimizer_sgd_momentum_one", sgd(0.1, 1.0), GRADIENTS, ROUNDING),
    ("optimizer_adam", adam(), GRADIENTS, BETA),
    ("optimizer_adam_other_betas", adam(0.01, 0.5, 0.75), GRADIENTS * 2, ROUNDING),
    # gradients as small as epsilon show where epsilon stands
    ("optimizer_adam_epsilon", adam(0.01, 0.5, 0.75, 1e-3), [1e-3, -2e-3, 0.0, 5e-4], ROUNDING),
    ("optimizer_adam_tiny_gradients", adam(), [1e-7, 1e-7, -1e-7, 0.0], BETA),
]


def trace(spec, gradients, start):
    """The weight after each step."""
    weight, rule, values = keras.Variable(np.float32(start)), optimizer(spec), []
    rule.build([weight])
    for gradient in gradients:
        rule.apply([tf.constant(gradient, tf.float32)], [weight])
        values.append(weight.numpy())
    return numbers(values)


def make_optimizers():
    for name, spec, gradients, tolerance in TRACES:
        write(name, {
            "kind": "optimizer",
            "optimizer": spec,
            "gradients": gradients,
            "tolerance": tolerance,
            # from 0 the steps themselves are seen to their last digit, from 1 as users see them
            "traces": [{"start": start, "weights": trace(spec, gradients, start)} for start in [0.0, 1.0]],
        })


IDENTITY, ZEROS = "identity", "zeros"

LOSSES = [
    # name, activation of the last layer, its weights, input, classes
    ("loss_softmax", "softmax", None, None, [3, 0, 4, 2, 2]),
    ("loss_softmax_surely_wrong", "softmax", IDENTITY, [[0, 50]], [0]),
    ("loss_softmax_surely_right", "softmax", IDENTITY, [[0, 50]], [1]),
    ("loss_softmax_past_exp", "softmax", IDENTITY, [[1000, -1000, 0], [-1000, 0, 1000]], [1, 2]),
    ("loss_softmax_equal_logits", "softmax", ZEROS, [[1, 2, 3], [-1, 0, 1]], [1, 2]),
    # Keras's TensorFlow backend finds the logits behind a sigmoid too, and then takes them for a softmax's
    ("loss_sigmoid", "sigmoid", None, None, [0, 1, 2, 3, 4]),
    ("loss_sigmoid_surely_wrong", "sigmoid", IDENTITY, [[0, 50]], [0]),
    ("loss_sigmoid_saturated", "sigmoid", IDENTITY, [[50, 60]], [1]),
    # no logits are known: outputs are normalized and clipped
    ("loss_relu", "relu", IDENTITY, [[0.5, 1.5, 2], [3, 0.25, 0]], [1, 0]),
    ("loss_relu_clipped", "relu", IDENTITY, [[0, 1, 1], [0, 0, 7], [1e-8, 3, 0]], [0, 2, 0]),
    ("loss_linear_negative", "linear", IDENTITY, [[-1, 2, 3], [1, -0.5, 2]], [0, 2]),
]


def make_losses():
    """Categorical cross-entropy over a Dense layer: the fused form is seen in its gradients."""
    for name, function, weights, rows, classes in LOSSES:
        random = rng(name)
        x = np.array(rows, "float32") if rows else random.standard_normal((5, 4)).astype("float32")
        units = x.shape[1] if rows else 5
        model = {"name": name, "input_shape": [x.shape[1]], "layers": [dense(units, function)]}
        net = build(model)
        if weights == IDENTITY:
            kernel, bias = np.eye(units), np.zeros(units)
        elif weights == ZEROS:
            kernel, bias = np.zeros((x.shape[1], units)), np.zeros(units)
        else:
            kernel, bias = random.standard_normal((x.shape[1], units)) * 2, random.standard_normal(units)
        net.set_weights([kernel, bias])
        targets = np.eye(units, dtype="float32")[classes]
        with tf.GradientTape() as tape:
            losses = keras.losses.CategoricalCrossentropy(reduction="none")(targets, net(tf.constant(x)))
            mean = tf.reduce_mean(losses)
        grad_kernel, grad_bias = tape.gradient(mean, net.trainable_variables)
        write(name, {
            "kind": "loss",
            "model": model,
            "tolerance": {"losses": {"each": 1e-6}, "arrays": {"of_largest": 1e-6},
                          "reason": "another exp and ln, and sums of a few values"},
            "input": flat(x),
            "params": {"kernel": flat(net.weights[0]), "bias": flat(net.weights[1])},
            "classes": classes,
            "losses": numbers(losses),
            "grad_params": {"kernel": flat(grad_kernel), "bias": flat(grad_bias)},
            "prediction": flat(net(x)),
            # what accuracy counts: on outputs, where saturated ones tie and the first wins
            "predicted": [int(row.argmax()) for row in net(x).numpy()],
        })


def make():
    make_optimizers()
    make_losses()
