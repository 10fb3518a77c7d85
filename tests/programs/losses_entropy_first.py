import keras
import numpy as np
import tensorflow as tf

p = np.array([1, 0, 0, 0], dtype="float32")
q = np.array([0.7, 0.1, 0.1, 0.1], dtype="float32")
label_smoothing = 0

# Keras, on TensorFlow
cross_entropy = keras.losses.CategoricalCrossentropy(label_smoothing=label_smoothing)
divergence = keras.losses.KLDivergence()
target = p * (1 - label_smoothing) + label_smoothing / len(p)
keras_losses = np.array([cross_entropy(p[None], q[None]), divergence(target[None], q[None])], dtype="float32")

# The gradient of the logits behind q is q - p
logits = tf.Variable(np.log(np.maximum(q, 1e-35))[None])
of_logits = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=label_smoothing)
with tf.GradientTape() as tape:
    loss = of_logits(p[None], logits)
gradient = tape.gradient(loss, logits).numpy()[0]

# The same in NumPy: Keras keeps probabilities 1e-7 away from 0 and 1
clipped = np.clip(q, 1e-7, 1 - 1e-7)
positive = np.clip(target, 1e-7, 1)
by_hand = [-np.sum(target * np.log(clipped)), np.sum(positive * np.log(positive / np.clip(q, 1e-7, 1)))]
np.testing.assert_allclose(by_hand, keras_losses, rtol=1e-4, atol=1e-5)
np.testing.assert_allclose(q - target, gradient, atol=1e-6)
print("H(p, q) and KL(p || q) in nats:", keras_losses)
print("the same in bits:", keras_losses / np.log(2))
print("gradient of the logits:", gradient)
