import tensorflow as tf
from tensorflow.keras import layers, models

augmentation = tf.keras.Sequential([
    layers.RandomRotation(0.05),
    layers.RandomTranslation(0.1, 0.1),
    layers.RandomZoom(0.1),
])

model = models.Sequential([
    layers.Input((28, 28, 1)),
    augmentation,
    layers.Conv2D(32, 3, activation='relu'),
    layers.BatchNormalization(),
    layers.MaxPool2D(),
    layers.Flatten(),
    layers.Dense(10, activation='softmax'),
])
model.compile('nadam', 'categorical_crossentropy', metrics=['accuracy', tf.keras.metrics.Precision()])
