//! The numbers as CSV, and the same losses as a Python program in Keras and NumPy.

use super::binary::BinaryState;
use super::penalty::PenaltyState;
use super::setup::{LossSetup, Regularizer, View};
use super::state::EntropyState;
use crate::ui::python::{array, boolean};
use std::fmt::Write as _;

/// The numbers of the view in force, a line for each class, each point of the curve or each step. Writing to a String
/// cannot fail.
pub fn to_csv(setup: &LossSetup) -> String {
    let mut out = String::new();
    match setup.view {
        View::Entropy => {
            let state = EntropyState::new(setup);
            out.push_str("class,p,q,minus_p_ln_p,minus_p_ln_q,p_ln_p_over_q,gradient_of_logit\n");
            for class in 0..state.p.len() {
                let (p, q, own) = (state.p[class], state.q[class], state.own[class]);
                let (cross, part, gradient) = (state.cross[class], state.part(class), state.gradient[class]);
                let _ = writeln!(out, "{},{p},{q},{own},{cross},{part},{gradient}", class + 1);
            }
        }
        View::Binary => {
            let state = BinaryState::new(setup);
            out.push_str("logit,probability,binary_crossentropy,mean_squared_error,");
            out.push_str("gradient_of_logit,squared_gradient_of_logit\n");
            for point in std::iter::once(&state.point).chain(&state.curve) {
                let (z, p, loss, squared) = (point.logit, point.probability, point.loss, point.squared);
                let _ =
                    writeln!(out, "{z},{p},{loss},{squared},{},{}", point.of_logit, point.squared_of_logit);
            }
        }
        View::Penalty => {
            out.push_str("step,weight,loss,penalty,gradient_of_loss,gradient_of_penalty\n");
            for (step, place) in PenaltyState::new(setup).path.iter().enumerate() {
                let (weight, loss, penalty) = (place.weight, place.loss, place.penalty);
                let _ =
                    writeln!(out, "{step},{weight},{loss},{penalty},{},{}", place.of_loss, place.of_penalty);
            }
        }
    }
    out
}

/// A program that computes the view in force with Keras and checks it by hand with NumPy.
pub fn to_python(setup: &LossSetup) -> String {
    match setup.view {
        View::Entropy => entropy(setup),
        View::Binary => binary(setup),
        View::Penalty => penalty(setup),
    }
}

fn entropy(setup: &LossSetup) -> String {
    let (p, q, smoothing) = (array(&setup.p.values()), array(&setup.q.values()), setup.smoothing);
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

p = {p}
q = {q}
label_smoothing = {smoothing}

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
"#
    )
}

fn binary(setup: &LossSetup) -> String {
    let point = BinaryState::new(setup).point;
    let (target, smoothing, from_logits) = (setup.target, setup.binary_smoothing, boolean(setup.from_logits));
    let (probability, logit) = (point.probability, point.logit);
    let output = if setup.from_logits { "logit" } else { "probability" };
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

target = np.array([[{target}]], dtype="float32")
probability = np.array([[{probability}]], dtype="float32")
logit = np.array([[{logit}]], dtype="float32")
label_smoothing = {smoothing}

# Keras, on TensorFlow
binary = keras.losses.BinaryCrossentropy(from_logits={from_logits}, label_smoothing=label_smoothing)
squared = keras.losses.MeanSquaredError()
keras_losses = np.array([binary(target, {output}), squared(target, probability)], dtype="float32")

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
"#
    )
}

fn penalty(setup: &LossSetup) -> String {
    let (l1, l2) = (setup.l1, setup.l2);
    let regularizer = match setup.regularizer {
        Regularizer::None => "None".to_owned(),
        Regularizer::L1 => format!("keras.regularizers.L1(l1={l1})"),
        Regularizer::L2 => format!("keras.regularizers.L2(l2={l2})"),
        Regularizer::L1L2 => format!("keras.regularizers.L1L2(l1={l1}, l2={l2})"),
    };
    let [l1, l2] = setup.factors();
    let (optimum, weight, rate, steps) = (setup.optimum, setup.weight, setup.learning_rate, setup.steps);
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

optimum, weight, steps = {optimum}, {weight}, {steps}

# Keras, on TensorFlow: one weight, whose loss is (w - optimum)^2
regularizer = {regularizer}
layer = keras.layers.Dense(1, use_bias=False, kernel_regularizer=regularizer)
model = keras.Sequential([keras.Input((1,)), layer])
layer.set_weights([np.array([[weight]], dtype="float32")])
optimizer = keras.optimizers.SGD(learning_rate={rate})
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
    w = w - np.float32({rate}) * (2 * (w - optimum) + {l1} * np.sign(w) + 2 * {l2} * w)
print("the weight, step by step:", keras_losses)
print("the gradient before each step:", gradient)
least = np.sign(optimum) * max(abs(optimum) - {l1} / 2, 0) / (1 + {l2})
print("the loss with its penalty is least at", least)
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_has_its_numbers_and_its_program() {
        for view in View::ALL {
            let setup = LossSetup { view, steps: 3, ..LossSetup::default() };
            let csv = to_csv(&setup);
            let columns = csv.lines().next().unwrap().matches(',').count();
            assert!(csv.lines().all(|line| line.matches(',').count() == columns), "{csv}");
            assert!(to_python(&setup).starts_with("import keras\n"));
        }
        let csv = to_csv(&LossSetup { view: View::Penalty, steps: 3, ..LossSetup::default() });
        assert_eq!(csv.lines().count(), 5);
        assert_eq!(to_csv(&LossSetup::default()).lines().count(), 5);
    }
}
