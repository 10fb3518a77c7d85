import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(12, 10, 3)),
    layers.MaxPooling2D(data_format="channels_first"),
    layers.ZeroPadding2D(data_format="channels_first"),
    layers.Flatten(data_format="channels_first"),
])
