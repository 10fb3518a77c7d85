import math

import keras
from keras import layers
from keras.callbacks import LearningRateScheduler
from keras.constraints import MaxNorm
from keras.optimizers.schedules import ExponentialDecay


def step(epoch, lr):
    """The rate stays for four epochs, then shrinks."""
    if epoch < 4:
        return lr
    else:
        return lr * math.exp(-0.1)


model = keras.Sequential(name="schedules")
model.add(keras.Input((28, 28)))
model.add(layers.Flatten())
model.add(layers.Dense(
    units=64,
    activation="gelu",
    kernel_constraint=MaxNorm(3),
    bias_initializer=keras.initializers.Constant(0.1),
))
model.add(layers.LeakyReLU(0.1))
model.add(layers.Dense(10, "softmax", kernel_regularizer=keras.regularizers.L1L2(l1=1e-5, l2=1e-4)))

steps_per_epoch = 1000 // 50
schedule = ExponentialDecay(0.01, decay_steps=10 * steps_per_epoch, decay_rate=0.96, staircase=True)
print(schedule.get_config())
model.compile(
    keras.optimizers.Adam(),
    "sparse_categorical_crossentropy",
    metrics=["acc"],
)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train, y_train = x_train[:1000] / 255.0, y_train[:1000]
model.fit(
    x_train, y_train, 50, 8,
    callbacks=[LearningRateScheduler(step, verbose=1), keras.callbacks.TerminateOnNaN()],
    class_weight={0: 2.0, 1: 0.5},
    shuffle=False,
)
