import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(4, kernel_regularizer="l1"),
    layers.Dense(4, kernel_regularizer="l2"),
    layers.Dense(4, kernel_regularizer=keras.regularizers.L1L2()),
    layers.Dense(4, kernel_regularizer="orthogonal_regularizer"),
    layers.Dense(
        4,
        kernel_regularizer=keras.regularizers.OrthogonalRegularizer(
            factor=0.1,
            mode="columns",
        ),
    ),
])
