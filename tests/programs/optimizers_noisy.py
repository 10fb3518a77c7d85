import keras
import numpy as np
import tensorflow as tf

START = (-4.0, 1.5)
STEPS = 40
# What every racer's gradient has besides, the same for all of them
NOISE = np.array([0.7709906, 2.8349507, -0.45426273, -2.4123363, -1.7318034, -0.6982665, -1.8747537, -1.0216186, 0.43360853, 3.4429772, 0.36850333, 1.3693516,
    -2.530752, -1.1602144, -2.0831923, 1.1736705, 1.5211174, -3.4434428, 2.3235452, 2.9928167, 3.176479, -3.3693686, 1.6151307, -2.6472242,
    -1.614583, -1.9434382, 3.232293, -2.1933215, 0.9289181, -3.1166246, 2.2349684, 2.5203779, 0.080664635, -2.0357027, -2.2258444, 2.3277133,
    2.1499975, -1.2520895, -0.9564798, -0.32822037, -1.7746618, 0.9524648, 2.0055845, 1.6528575, -2.231965, 1.290498, 2.8753536, -1.8280132,
    3.1076014, 1.9523823, 1.3854663, 0.69750714, 0.43589973, -3.2830749, 3.069238, 2.5157092, -1.1069207, -2.670031, -3.3814406, -1.0725667,
    2.5990574, -2.6864629, -2.2175088, 1.7556283, 2.1968644, 3.0217426, -0.36469173, -2.3829226, 2.1285007, -2.4835238, -2.2701237, 0.81532264,
    2.2283585, -1.4240038, 0.4928367, -1.8736061, 2.1369512, 2.5902522, 0.7747443, -1.5472403], dtype="float32").reshape(STEPS, 2)
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
    "2 SGD momentum": keras.optimizers.SGD(learning_rate=0.023, momentum=0.9),
    "3 SGD Nesterov": keras.optimizers.SGD(learning_rate=0.023, momentum=0.9, nesterov=True),
    "4 RMSprop": keras.optimizers.RMSprop(learning_rate=0.18),
    "5 Adagrad": keras.optimizers.Adagrad(learning_rate=0.9),
    "6 Nadam": keras.optimizers.Nadam(learning_rate=0.18),
    "7 AdamW": keras.optimizers.AdamW(learning_rate=0.18),
    "8 Adam": keras.optimizers.Adam(learning_rate=0.18),
}

paths = []
for name, optimizer in racers.items():
    # The two numbers are a kernel of two inputs and one output.
    weight = keras.Variable(np.array(START, dtype="float32").reshape(2, 1), name="kernel")
    optimizer.build([weight])
    path = [np.array(START, dtype="float32")]
    for step in range(STEPS):
        slope = np.array(gradient(*path[-1]), dtype="float32") + NOISE[step]
        optimizer.apply([tf.constant(slope.reshape(2, 1))], [weight])
        path.append(np.array(keras.ops.convert_to_numpy(weight)).reshape(2))
    paths.append(np.array(path))
    print(f"{name}: f{tuple(path[-1].tolist())} = {value(*path[-1])}")
