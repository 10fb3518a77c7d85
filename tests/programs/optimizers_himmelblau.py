import keras
import numpy as np
import tensorflow as tf

START = (0.0, -4.0)
STEPS = 40


def parts(x, y):
    return x * x + y - 11, x + y * y - 7


def value(x, y):
    return sum(part * part for part in parts(x, y))


def gradient(x, y):
    p, q = parts(x, y)
    return [
        4 * x * p + 2 * q,
        2 * p + 4 * y * q,
    ]


class CentralizedAdam(keras.optimizers.Adam):
    """Takes the mean over all inputs off each output's gradient first; Keras has no argument for it."""

    def apply(self, grads, trainable_variables=None):
        def centralized(grad):
            axes = list(range(len(grad.shape) - 1))
            return grad - keras.ops.mean(grad, axis=axes, keepdims=True) if axes else grad

        super().apply([centralized(grad) for grad in grads], trainable_variables)


class CentralizedSGD(keras.optimizers.SGD):
    """Takes the mean over all inputs off each output's gradient first; Keras has no argument for it."""

    def apply(self, grads, trainable_variables=None):
        def centralized(grad):
            axes = list(range(len(grad.shape) - 1))
            return grad - keras.ops.mean(grad, axis=axes, keepdims=True) if axes else grad

        super().apply([centralized(grad) for grad in grads], trainable_variables)


racers = {
    "1 Adam": keras.optimizers.Adam(learning_rate=0.2),
    "2 SGD momentum GC": CentralizedSGD(learning_rate=0.0028, momentum=0.9),
    "3 Adam GC": CentralizedAdam(learning_rate=0.2),
}

paths = []
for name, optimizer in racers.items():
    # The two numbers are a kernel of two inputs and one output.
    weight = keras.Variable(np.array(START, dtype="float32").reshape(2, 1), name="kernel")
    optimizer.build([weight])
    path = [np.array(START, dtype="float32")]
    for step in range(STEPS):
        slope = np.array(gradient(*path[-1]), dtype="float32")
        optimizer.apply([tf.constant(slope.reshape(2, 1))], [weight])
        path.append(np.array(keras.ops.convert_to_numpy(weight)).reshape(2))
    paths.append(np.array(path))
    print(f"{name}: f{tuple(path[-1].tolist())} = {value(*path[-1])}")
