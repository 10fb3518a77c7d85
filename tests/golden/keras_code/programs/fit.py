import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(1)

(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
x_train = np.expand_dims(x_train.astype("float32") / 255, -1)
x_test = np.expand_dims(x_test.astype("float32") / 255, -1)
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)

model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.summary()

model.compile(
    optimizer="adam",
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)

history = model.fit(
    x_train,
    y_train,
    batch_size=100,
    epochs=6,
    verbose=2,
    validation_split=0.25,
    shuffle=False,
    class_weight={0: 2.0, 3: 0.5},
    initial_epoch=2,
    validation_steps=1,
    validation_batch_size=50,
    validation_freq=[3, 5],
)

print(model.evaluate(x_test, y_test, return_dict=True))
