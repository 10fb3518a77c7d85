import keras
import numpy as np
import tensorflow as tf

optimum, weight, steps = 1, 2.5, 7

# Keras, on TensorFlow: one weight, whose loss is (w - optimum)^2
regularizer = keras.regularizers.L1L2(l1=1, l2=0.5)
layer = keras.layers.Dense(1, use_bias=False, kernel_regularizer=regularizer)
model = keras.Sequential([keras.Input((1,)), layer])
layer.set_weights([np.array([[weight]], dtype="float32")])
optimizer = keras.optimizers.SGD(learning_rate=0.1)
loss_of = keras.losses.MeanSquaredError()
one, target = np.ones((1, 1), "float32"), np.full((1, 1), optimum, "float32")

weights, gradients = [weight], []
for step in range(steps + 1):
    with tf.GradientTape() as tape:
        loss = loss_of(target, model(one))
        if model.losses:
            loss += tf.add_n(model.losses)
    kernel = layer.trainable_variables[0]
    slope = tape.gradient(loss, kernel.value)
    gradients.append(slope.numpy().item())
    if step < steps:
        optimizer.apply([slope], [kernel])
        weights.append(layer.get_weights()[0].item())
keras_losses = np.array(weights, dtype="float32")
gradient = np.array(gradients, dtype="float32")

# The same in NumPy; Keras's L2 has no 1/2
w = np.float32(weight)
for step in range(steps):
    np.testing.assert_allclose(w, keras_losses[step], rtol=1e-4, atol=1e-5)
    w = w - np.float32(0.1) * (2 * (w - optimum) + 1 * np.sign(w) + 2 * 0.5 * w)
print("the weight, step by step:", keras_losses)
print("the gradient before each step:", gradient)
least = np.sign(optimum) * max(abs(optimum) - 1 / 2, 0) / (1 + 0.5)
print("the loss with its penalty is least at", least)
