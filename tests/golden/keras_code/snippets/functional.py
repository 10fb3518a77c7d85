import keras
from keras import layers, regularizers

inputs = keras.Input(shape=(28, 28, 1), name="image")
x = layers.Conv2D(filters=16, kernel_size=5, strides=2, padding="same",
                  kernel_initializer="he_normal",
                  kernel_regularizer=regularizers.l2(1e-4))(inputs)
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
for filters in [32, 64]:
    x = layers.SeparableConv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10, activation=keras.activations.softmax)(x)
model = keras.Model(inputs=inputs, outputs=outputs, name="chain")

model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc"), "sparse_top_k_categorical_accuracy"],
)
(x_train, y_train), _ = keras.datasets.fashion_mnist.load_data()
x_train = x_train[..., None].astype("float32") / 255
model.fit(x_train[:5000], y_train[:5000], epochs=3, validation_data=(x_train[5000:6000], y_train[5000:6000]))
