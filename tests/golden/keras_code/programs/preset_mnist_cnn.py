import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(1)

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train, y_train = x_train[:7000], y_train[:7000]
x_test, y_test = x_test[:1000], y_test[:1000]
x_train = np.expand_dims(x_train.astype("float32") / 255, -1)
x_test = np.expand_dims(x_test.astype("float32") / 255, -1)
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)
# The last images validate, cut off before any shuffling.
x_train, x_val = x_train[:6000], x_train[6000:]
y_train, y_val = y_train[:6000], y_train[6000:]

model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
    layers.Conv2D(32, (3, 3), use_bias=False),
    layers.BatchNormalization(momentum=0.9),
    layers.Activation("relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(64, (3, 3), padding="same", use_bias=False),
    layers.BatchNormalization(momentum=0.9),
    layers.Activation("relu"),
    layers.MaxPooling2D(),
    layers.Dropout(0.25),
    layers.Flatten(),
    layers.Dense(128, use_bias=False),
    layers.BatchNormalization(momentum=0.9),
    layers.Activation("relu"),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
], name="mnist-cnn")
model.summary()

model.compile(
    optimizer="adam",
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)

history = model.fit(
    x_train,
    y_train,
    batch_size=64,
    epochs=5,
    validation_data=(x_val, y_val),
)

print(model.evaluate(x_test, y_test, return_dict=True))
