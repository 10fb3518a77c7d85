import keras
import numpy as np
import tensorflow as tf

START = (-4.0, 1.5)
STEPS = 60
KAPPA = 20.0


def value(x, y):
    return 0.5 * (x * x + KAPPA * y * y)


def gradient(x, y):
    return [
        x,
        KAPPA * y,
    ]


racers = {
    "1 SGD": keras.optimizers.SGD(learning_rate=0.05),
    "2 SGD momentum": keras.optimizers.SGD(learning_rate=0.02, momentum=0.9),
    "3 SGD Nesterov": keras.optimizers.SGD(learning_rate=0.02, momentum=0.9, nesterov=True),
    "4 RMSprop": keras.optimizers.RMSprop(learning_rate=0.1),
    "5 Adam": keras.optimizers.Adam(learning_rate=0.2),
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
