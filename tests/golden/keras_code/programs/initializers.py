import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(4, kernel_initializer="zeros"),
    layers.Dense(4, kernel_initializer="ones"),
    layers.Dense(4, kernel_initializer=keras.initializers.Constant()),
    layers.Dense(4, kernel_initializer="random_normal"),
    layers.Dense(4, kernel_initializer="random_uniform"),
    layers.Dense(4, kernel_initializer="truncated_normal"),
    layers.Dense(4, kernel_initializer="variance_scaling"),
    layers.Dense(4),
    layers.Dense(4, kernel_initializer="glorot_normal"),
    layers.Dense(4, kernel_initializer="he_uniform"),
    layers.Dense(4, kernel_initializer="he_normal"),
    layers.Dense(4, kernel_initializer="lecun_uniform"),
    layers.Dense(4, kernel_initializer="lecun_normal"),
    layers.Dense(4, kernel_initializer="orthogonal"),
    layers.Dense(4, kernel_initializer="identity"),
])
