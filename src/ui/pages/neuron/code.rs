//! The numbers as CSV, and the same network as a Python program in Keras and NumPy.

use super::net::LossKind;
use super::setup::{BatchKind, NeuronSetup};
use super::state::NeuronState;
use crate::ui::python::array;
use std::fmt::Write as _;

/// A line for each parameter: where it is, what it is, its gradient, and what a step makes of it. Writing to a String
/// cannot fail.
pub fn to_csv(setup: &NeuronSetup) -> String {
    let state = NeuronState::new(setup);
    let mut out = String::from("layer,from,to,value,gradient,after_a_step\n");
    for (place, value) in state.params.iter().enumerate() {
        let (layer, from, to) = state.net.part(place);
        // A bias comes from no unit.
        let from = if from == state.net.sizes[layer] { "bias".to_owned() } else { (from + 1).to_string() };
        let (gradient, next) = (state.gradient[place], state.stepped[place]);
        let _ = writeln!(out, "{},{from},{},{value},{gradient},{next}", layer + 1, to + 1);
    }
    out
}

/// A program that takes one step of gradient descent with Keras, and the forward pass by hand with NumPy.
pub fn to_python(setup: &NeuronSetup) -> String {
    let (net, params) = (setup.net(), setup.params());
    let samples = match setup.batch {
        BatchKind::One => vec![setup.input],
        BatchKind::All => setup.samples(),
    };
    let inputs: Vec<f32> = samples.iter().flat_map(|sample| sample.x).collect();
    let targets: Vec<f32> = samples.iter().flat_map(|sample| net.target(sample.target)).collect();
    let mut layers = String::new();
    let mut weights = String::new();
    for (layer, activation) in net.activations.iter().enumerate() {
        let (inputs, units) = (net.sizes[layer], net.sizes[layer + 1]);
        let _ = writeln!(layers, "    keras.layers.Dense({units}, activation=\"{}\"),", activation.name());
        let (begin, end) = (net.offset(layer), net.offset(layer + 1));
        let (kernel, bias) = params[begin..end].split_at(inputs * units);
        let _ = writeln!(weights, "    {}.reshape({inputs}, {units}),", array(kernel));
        let _ = writeln!(weights, "    {},", array(bias));
    }
    let loss = match net.loss {
        LossKind::Squared => "MeanSquaredError",
        LossKind::Crossentropy if net.outputs() == 1 => "BinaryCrossentropy",
        LossKind::Crossentropy => "CategoricalCrossentropy",
    };
    let (x, y, outputs, rate) = (array(&inputs), array(&targets), net.outputs(), setup.learning_rate);
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

x = {x}.reshape(-1, 2)
y = {y}.reshape(-1, {outputs})

# Keras, on TensorFlow
model = keras.Sequential([
    keras.Input((2,)),
{layers}])
model.set_weights([
{weights}])
loss_of = keras.losses.{loss}()
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
optimizer = keras.optimizers.SGD(learning_rate={rate})
optimizer.apply(slopes, model.trainable_variables)
stepped = np.concatenate([weight.ravel() for weight in model.get_weights()])
by_hand = np.concatenate([weight.ravel() for weight in before]) - {rate} * gradient
np.testing.assert_allclose(by_hand, stepped, rtol=1e-4, atol=1e-6)
print("loss:", float(loss))
print("output:", output.ravel())
print("gradient:", gradient)
print("parameters after the step:", stepped)
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::neuron::Example;

    #[test]
    fn every_parameter_has_its_line_and_every_layer_its_class() {
        for example in [Example::Blobs, Example::XorByHand, Example::Spiral] {
            let mut setup = NeuronSetup::default();
            setup.take(example);
            let net = setup.net();
            assert_eq!(to_csv(&setup).lines().count(), net.num_params() + 1);
            let python = to_python(&setup);
            assert_eq!(python.matches("keras.layers.Dense(").count(), net.activations.len());
        }
        assert!(to_csv(&NeuronSetup::default()).contains("\n1,bias,1,0.25,"));
    }
}
