import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(12, 10, 3)),
    layers.ReLU(max_value=6.0, negative_slope=0.1, threshold=0.5),
    layers.LeakyReLU(negative_slope=0.2),
    layers.PReLU(
        alpha_initializer=keras.initializers.Constant(value=0.25),
        shared_axes=[1, 2],
    ),
    layers.PReLU(alpha_constraint=keras.constraints.MaxNorm(max_value=1.5)),
    layers.ELU(alpha=0.5),
    layers.Softmax(axis=[2, 3]),
    layers.Softmax(),
    layers.Activation("tanh"),
    layers.Reshape((6, -1)),
    layers.Flatten(),
])
