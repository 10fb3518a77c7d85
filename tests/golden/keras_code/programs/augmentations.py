import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(12, 10, 3)),
    layers.RandomTranslation(0.1, (-0.2, 0.3), fill_mode="nearest"),
    layers.RandomRotation(0.05, interpolation="nearest", seed=3),
    layers.RandomZoom(
        (-0.2, 0.1),
        width_factor=0.1,
        fill_mode="constant",
        fill_value=0.5,
    ),
    layers.RandomZoom(0.3),
    layers.RandomFlip(mode="horizontal"),
])
