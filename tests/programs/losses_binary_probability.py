import keras
import numpy as np
import tensorflow as tf

target = np.array([[0.25]], dtype="float32")
probability = np.array([[0.5]], dtype="float32")
logit = np.array([[0]], dtype="float32")
label_smoothing = 0.2

# Keras, on TensorFlow
binary = keras.losses.BinaryCrossentropy(from_logits=False, label_smoothing=label_smoothing)
squared = keras.losses.MeanSquaredError()
keras_losses = np.array([binary(target, probability), squared(target, probability)], dtype="float32")

# What reaches the logit behind the sigmoid
of_logits = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=label_smoothing)
z = tf.Variable(logit)
with tf.GradientTape(persistent=True) as tape:
    first = of_logits(target, z)
    second = squared(target, keras.ops.sigmoid(z))
gradient = np.array([tape.gradient(loss, z).numpy().item() for loss in (first, second)], dtype="float32")

# The same in NumPy
y = target * (1 - label_smoothing) + 0.5 * label_smoothing
p = 1 / (1 + np.exp(-logit))
by_hand = [(p - y).item(), (2 * (p - target) * p * (1 - p)).item()]
np.testing.assert_allclose(by_hand, gradient, rtol=1e-4, atol=1e-6)
print("binary cross-entropy and squared error:", keras_losses)
print("their gradients with respect to the logit:", gradient)
