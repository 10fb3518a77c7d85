import keras
import numpy as np
import tensorflow as tf

x = np.array([1, 0.5], dtype="float32").reshape(-1, 2)
y = np.array([1], dtype="float32").reshape(-1, 1)

# Keras, on TensorFlow
model = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(1, activation="tanh"),
])
model.set_weights([
    np.array([0.5, -0.75], dtype="float32").reshape(2, 1),
    np.array([0.25], dtype="float32"),
])
loss_of = keras.losses.MeanSquaredError()
with tf.GradientTape() as tape:
    predicted = model(x)
    loss = loss_of(y, predicted)
slopes = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
output = predicted.numpy()
gradient = np.concatenate([slope.numpy().ravel() for slope in slopes])

# The same in NumPy: a product and a sum for each layer, then its activation
hidden = x
before = model.get_weights()
for layer, kernel, bias in zip(model.layers, before[::2], before[1::2]):
    hidden = np.asarray(layer.activation(hidden @ kernel + bias))
np.testing.assert_allclose(hidden, output, rtol=1e-4, atol=1e-6)

# One step of gradient descent: w - learning_rate * gradient
optimizer = keras.optimizers.SGD(learning_rate=0.25)
optimizer.apply(slopes, model.trainable_variables)
stepped = np.concatenate([weight.ravel() for weight in model.get_weights()])
by_hand = np.concatenate([weight.ravel() for weight in before]) - 0.25 * gradient
np.testing.assert_allclose(by_hand, stepped, rtol=1e-4, atol=1e-6)
print("loss:", float(loss))
print("output:", output.ravel())
print("gradient:", gradient)
print("parameters after the step:", stepped)
