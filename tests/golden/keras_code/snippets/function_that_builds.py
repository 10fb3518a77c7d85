import tensorflow as tf


def create_model(hidden=512, rate=0.2):
    """Returns a compiled model."""
    model = tf.keras.models.Sequential([
        tf.keras.layers.Input(shape=(784,)),
        tf.keras.layers.Dense(hidden, activation=tf.nn.relu),
        tf.keras.layers.Dropout(rate),
        tf.keras.layers.Dense(10),
    ])
    model.compile(
        optimizer=tf.keras.optimizers.RMSprop(1e-3, rho=0.95),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


(train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()
train_labels = train_labels[:1000]
test_labels = test_labels[:1000]
train_images = train_images[:1000].reshape(-1, 28 * 28) / 255.0
test_images = test_images[:1000].reshape(-1, 28 * 28) / 255.0

model = create_model(hidden=256)
model.summary()

checkpoint = tf.keras.callbacks.ModelCheckpoint(
    filepath="cp-{epoch:04d}.weights.h5", save_weights_only=True, verbose=1
)
if __name__ == "__main__":
    model.fit(
        train_images, train_labels, epochs=10,
        validation_data=(test_images, test_labels), callbacks=[checkpoint],
    )
    model.save_weights("trained.weights.h5")
