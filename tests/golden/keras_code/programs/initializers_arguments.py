import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(
        4,
        kernel_initializer=keras.initializers.RandomNormal(
            mean=0.1,
            stddev=0.2,
            seed=1,
        ),
    ),
    layers.Dense(
        4,
        kernel_initializer=keras.initializers.RandomUniform(minval=-0.5, maxval=0.25),
    ),
    layers.Dense(4, kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02)),
    layers.Dense(
        4,
        kernel_initializer=keras.initializers.VarianceScaling(
            scale=2.0,
            mode="fan_out",
            distribution="uniform",
        ),
    ),
    layers.Dense(4, kernel_initializer=keras.initializers.Orthogonal(gain=1.5)),
    layers.Dense(4, kernel_initializer=keras.initializers.GlorotNormal(seed=5)),
])
