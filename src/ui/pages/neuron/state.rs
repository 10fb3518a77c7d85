//! What the settings lead to: the way of the point in hand, the gradient of a step, and how well it does.

use super::net::{Net, Trace};
use super::points::Sample;
use super::setup::NeuronSetup;

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronState {
    /// The stack in view.
    pub net: Net,
    /// Its parameters.
    pub params: Vec<f32>,
    /// The points.
    pub samples: Vec<Sample>,
    /// The input in hand.
    pub input: Sample,
    /// Its way, forward and back.
    pub trace: Trace,
    /// The gradient of what a step looks at.
    pub gradient: Vec<f32>,
    /// What a step would make of the parameters.
    pub stepped: Vec<f32>,
    /// The mean loss of all points and the share of right answers.
    pub fit: Option<(f64, f64)>,
}

impl NeuronState {
    /// Computes all of it.
    pub fn new(setup: &NeuronSetup) -> NeuronState {
        let (net, params, samples) = (setup.net(), setup.params(), setup.samples());
        let batch = setup.batch();
        NeuronState {
            trace: net.trace(&params, setup.input),
            gradient: net.gradient(&params, &batch),
            stepped: net.stepped(&params, &batch, setup.learning_rate, 1),
            fit: net.evaluate(&params, &samples),
            input: setup.input,
            net,
            params,
            samples,
        }
    }

    /// The sum of the neuron, or of the first unit of the last layer.
    pub fn sum(&self) -> f32 {
        self.trace.layers[self.trace.layers.len() - 1].sums[0]
    }

    /// What leaves it.
    pub fn output(&self) -> f32 {
        self.trace.layers[self.trace.layers.len() - 1].output[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::neuron::{BatchKind, Example};

    #[test]
    fn a_step_is_what_it_was_said_to_be() {
        for batch in [BatchKind::One, BatchKind::All] {
            let mut setup = NeuronSetup::default();
            setup.take(Example::XorLearns);
            setup.batch = batch;
            let before = NeuronState::new(&setup);
            assert!(setup.step(1));
            assert_eq!(NeuronState::new(&setup).params, before.stepped);
            for ((now, then), gradient) in before.stepped.iter().zip(&before.params).zip(&before.gradient) {
                assert!((now - (then - setup.learning_rate * gradient)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_chain_rule_holds_on_the_neuron() {
        let setup = NeuronSetup::default();
        let state = NeuronState::new(&setup);
        let layer = &state.trace.layers[0];
        let [x, y] = setup.input.x;
        let of_sum = layer.of_sums[0];
        assert!((layer.of_params[0] - of_sum * x).abs() < 1e-6);
        assert!((layer.of_params[1] - of_sum * y).abs() < 1e-6);
        assert!((layer.of_params[2] - of_sum).abs() < 1e-6);
        assert!((layer.of_input[0] - of_sum * setup.neuron[0]).abs() < 1e-6);
        // Sigmoid and cross-entropy leave y − t.
        assert!((of_sum - (layer.output[0] - setup.input.target)).abs() < 1e-6);
    }
}
