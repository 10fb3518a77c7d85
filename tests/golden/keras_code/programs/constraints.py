import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(4, kernel_constraint="max_norm"),
    layers.Dense(4, kernel_constraint="non_neg"),
    layers.Dense(4, kernel_constraint="unit_norm"),
    layers.Dense(4, kernel_constraint="min_max_norm"),
])
