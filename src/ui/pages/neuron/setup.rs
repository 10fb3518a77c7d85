//! The settings, which live in the page's address.

use super::net::{LossKind, Net};
use super::points::{Points, Sample};
use crate::engine::layers::Activation;
use crate::ui::routes::Query;
use std::ops::RangeInclusive;

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// One neuron.
    Neuron,
    /// Three layers.
    Network,
}

/// What a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// The point in hand.
    One,
    /// Every point.
    All,
}

/// Something to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// One neuron and two clouds.
    Blobs,
    /// One neuron and AND.
    And,
    /// One neuron and OR.
    Or,
    /// One neuron and XOR, which it cannot do.
    XorFails,
    /// Three layers and XOR, by weights that a human can find.
    XorByHand,
    /// Three layers and XOR, to be learnt.
    XorLearns,
    /// Three layers without activations and XOR: still one line.
    XorLinear,
    /// A ring.
    Circles,
    /// A spiral.
    Spiral,
}

impl Example {
    /// Those of a view, in its order.
    pub fn of(view: View) -> &'static [Example] {
        match view {
            View::Neuron => &[Example::Blobs, Example::And, Example::Or, Example::XorFails],
            View::Network => &[
                Example::XorByHand,
                Example::XorLearns,
                Example::XorLinear,
                Example::Circles,
                Example::Spiral,
            ],
        }
    }

    /// A name for lists.
    pub fn name(self) -> &'static str {
        match self {
            Example::Blobs => "blobs",
            Example::And => "and",
            Example::Or => "or",
            Example::XorFails => "xor-fails",
            Example::XorByHand => "xor-by-hand",
            Example::XorLearns => "xor-learns",
            Example::XorLinear => "xor-linear",
            Example::Circles => "circles",
            Example::Spiral => "spiral",
        }
    }
}

/// What the reader has chosen, and the parameters as they are now.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronSetup {
    /// What is shown.
    pub view: View,
    /// The points.
    pub points: Points,
    /// Of clouds and of the network's first weights.
    pub seed: u64,
    /// The input in hand.
    pub input: Sample,
    /// What is minimized.
    pub loss: LossKind,
    /// Per step, within [`NeuronSetup::RATES`].
    pub learning_rate: f32,
    /// What a step looks at.
    pub batch: BatchKind,
    /// The neuron's activation.
    pub activation: Activation,
    /// The neuron's two weights and its bias.
    pub neuron: Vec<f32>,
    /// Units of both hidden layers and of the output.
    pub units: [usize; 3],
    /// Activations of these layers.
    pub activations: [Activation; 3],
    /// The network's parameters; none where they are those that the seed begins with.
    pub params: Option<Vec<f32>>,
    /// The output whose value is shown on the plane.
    pub shown: usize,
}

impl Default for NeuronSetup {
    fn default() -> NeuronSetup {
        NeuronSetup {
            view: View::Neuron,
            points: Points::Blobs,
            seed: 1,
            input: Sample { x: [1.0, 0.5], target: 1.0 },
            loss: LossKind::Crossentropy,
            learning_rate: 0.5,
            batch: BatchKind::One,
            activation: Activation::Sigmoid,
            neuron: vec![0.5, -0.75, 0.25],
            units: [4, 3, 1],
            activations: [Activation::Tanh, Activation::Tanh, Activation::Sigmoid],
            params: None,
            shown: 0,
        }
    }
}

impl NeuronSetup {
    /// Units of a layer on offer.
    pub const UNITS: RangeInclusive<usize> = 1..=8;
    /// Learning rates on offer.
    pub const RATES: RangeInclusive<f32> = 0.0..=10.0;
    /// Parameters that may be typed.
    pub const PARAMS: RangeInclusive<f32> = -100.0..=100.0;
    /// Targets on offer.
    pub const TARGETS: RangeInclusive<f32> = -2.0..=7.0;

    /// The stack in view.
    pub fn net(&self) -> Net {
        let loss = self.loss;
        match self.view {
            View::Neuron => Net { sizes: vec![2, 1], activations: vec![self.activation], loss },
            View::Network => {
                let [first, second, outputs] = self.units;
                Net { sizes: vec![2, first, second, outputs], activations: self.activations.to_vec(), loss }
            }
        }
    }

    /// Its parameters.
    pub fn params(&self) -> Vec<f32> {
        match self.view {
            View::Neuron => self.neuron.clone(),
            View::Network => self.params.clone().unwrap_or_else(|| self.net().initial(self.seed)),
        }
    }

    /// Puts parameters in their place.
    pub fn set_params(&mut self, params: Vec<f32>) {
        match self.view {
            View::Neuron => self.neuron = params,
            View::Network => self.params = Some(params),
        }
    }

    /// The points in view.
    pub fn samples(&self) -> Vec<Sample> {
        let classes = self.net().classes();
        let mut samples = self.points.samples(self.seed, classes);
        // Points of one's own may have been made for more outputs.
        for sample in &mut samples {
            sample.target = sample.target.min((classes - 1) as f32);
        }
        samples
    }

    /// What a step looks at.
    pub fn batch(&self) -> Vec<Sample> {
        match self.batch {
            BatchKind::One => vec![self.input],
            BatchKind::All => self.samples(),
        }
    }

    /// Takes so many steps of gradient descent. Says whether it did: not when a parameter would be no number.
    pub fn step(&mut self, steps: usize) -> bool {
        let next = self.net().stepped(&self.params(), &self.batch(), self.learning_rate, steps);
        let is_finite = next.iter().all(|param| param.is_finite());
        if is_finite {
            self.set_params(next);
        }
        is_finite
    }

    /// The parameters that it begins with.
    pub fn reset(&mut self) {
        match self.view {
            View::Neuron => self.neuron = NeuronSetup::default().neuron,
            View::Network => self.params = None,
        }
    }

    /// Changes the number of a layer's units; the network begins anew.
    pub fn resize(&mut self, layer: usize, units: usize) {
        self.units[layer] = units.clamp(*NeuronSetup::UNITS.start(), *NeuronSetup::UNITS.end());
        self.params = None;
        self.shown = self.shown.min(self.units[2] - 1);
        if layer == 2 {
            // One output says yes or no, several share one certainty.
            self.activations[2] = if self.units[2] == 1 { Activation::Sigmoid } else { Activation::Softmax };
        }
    }

    /// Adds a point to those in view, which become the reader's own.
    pub fn add(&mut self, sample: Sample) {
        let mut samples = self.samples();
        if samples.len() < Points::MOST {
            samples.push(sample);
            self.points = Points::Own(samples);
        }
    }

    /// Takes a point away.
    pub fn remove(&mut self, idx: usize) {
        let mut samples = self.samples();
        if idx < samples.len() {
            samples.remove(idx);
            self.points = Points::Own(samples);
        }
    }

    /// Takes an example.
    pub fn take(&mut self, example: Example) {
        let corner = Sample { x: [1.0, 1.0], target: 0.0 };
        let network = |units, hidden: Activation, points, rate| NeuronSetup {
            view: View::Network,
            points,
            units,
            activations: [hidden, hidden, Activation::Sigmoid],
            learning_rate: rate,
            batch: BatchKind::All,
            input: corner,
            ..NeuronSetup::default()
        };
        let neuron = |points| NeuronSetup {
            points,
            batch: BatchKind::All,
            input: Sample { target: 1.0, ..corner },
            ..NeuronSetup::default()
        };
        *self = match example {
            Example::Blobs => NeuronSetup::default(),
            Example::And => neuron(Points::And),
            Example::Or => neuron(Points::Or),
            Example::XorFails => NeuronSetup { input: corner, ..neuron(Points::Xor) },
            Example::XorByHand => NeuronSetup {
                activations: [Activation::Relu, Activation::Linear, Activation::Linear],
                loss: LossKind::Squared,
                learning_rate: 0.1,
                // relu(x1 + x2) − 2·relu(x1 + x2 − 1); the second layer hands on what it is given.
                params: Some(vec![
                    1.0, 1.0, 1.0, 1.0, 0.0, -1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, -2.0, 0.0,
                ]),
                ..network([2, 2, 1], Activation::Relu, Points::Xor, 0.1)
            },
            Example::XorLearns => network([4, 3, 1], Activation::Tanh, Points::Xor, 0.5),
            Example::XorLinear => network([4, 3, 1], Activation::Linear, Points::Xor, 0.1),
            Example::Circles => network([4, 3, 1], Activation::Tanh, Points::Circles, 0.5),
            Example::Spiral => network([8, 8, 1], Activation::Tanh, Points::Spiral, 0.5),
        };
    }

    /// The example that is in force, whatever has been learnt since.
    pub fn example(&self) -> Option<Example> {
        let like = |example: &&Example| {
            let mut other = NeuronSetup::default();
            other.take(**example);
            (&self.points, self.units, self.activations, self.activation)
                == (&other.points, other.units, other.activations, other.activation)
        };
        Example::of(self.view).iter().find(like).copied()
    }

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn read(query: &Query) -> (NeuronSetup, Vec<&'static str>) {
        let mut setup = NeuronSetup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        read("view", &mut |text| {
            one_of(text, &[("neuron", View::Neuron), ("network", View::Network)])
                .map(|view| setup.view = view)
        });
        read("points", &mut |text| Points::from_text(text).map(|points| setup.points = points));
        read("seed", &mut |text| text.parse().ok().map(|seed: u32| setup.seed = seed.into()));
        read("x", &mut |text| {
            let reach = -Points::REACH..=Points::REACH;
            let [x, y] = numbers(text, &reach)?[..] else { return None };
            setup.input.x = [x, y];
            Some(())
        });
        read("y", &mut |text| {
            let [target] = numbers(text, &NeuronSetup::TARGETS)?[..] else { return None };
            setup.input.target = target;
            Some(())
        });
        read("loss", &mut |text| {
            one_of(text, &[("squared", LossKind::Squared), ("crossentropy", LossKind::Crossentropy)])
                .map(|loss| setup.loss = loss)
        });
        read("learning_rate", &mut |text| {
            let [rate] = numbers(text, &NeuronSetup::RATES)?[..] else { return None };
            setup.learning_rate = rate;
            Some(())
        });
        read("batch", &mut |text| {
            one_of(text, &[("one", BatchKind::One), ("all", BatchKind::All)]).map(|batch| setup.batch = batch)
        });
        read("activation", &mut |text| activation(text).map(|kind| setup.activation = kind));
        read("neuron", &mut |text| {
            setup.neuron = numbers(text, &ANY).filter(|params| params.len() == 3)?;
            Some(())
        });
        read("units", &mut |text| {
            let units: Option<Vec<usize>> = text
                .split(',')
                .map(|part| part.parse().ok().filter(|units| NeuronSetup::UNITS.contains(units)))
                .collect();
            let [first, second, outputs] = units?[..] else { return None };
            setup.units = [first, second, outputs];
            Some(())
        });
        read("activations", &mut |text| {
            let kinds: Option<Vec<Activation>> = text.split(',').map(activation).collect();
            let [first, second, last] = kinds?[..] else { return None };
            setup.activations = [first, second, last];
            Some(())
        });
        read("params", &mut |text| {
            let network = NeuronSetup { view: View::Network, ..setup.clone() };
            let params = numbers(text, &ANY).filter(|params| params.len() == network.net().num_params())?;
            setup.params = Some(params);
            Some(())
        });
        read("shown", &mut |text| {
            setup.shown = text.parse().ok().filter(|shown| *shown < setup.units[2])?;
            Some(())
        });
        (setup, bad)
    }

    /// The address's form.
    pub fn write(&self) -> Query {
        let list = |values: &[f32]| values.iter().map(f32::to_string).collect::<Vec<_>>().join(",");
        let view = if self.view == View::Neuron { "neuron" } else { "network" };
        let loss = if self.loss == LossKind::Squared { "squared" } else { "crossentropy" };
        let query = Query::default()
            .with("view", &view)
            .with("points", &self.points.to_text())
            .with("seed", &self.seed)
            .with("x", &list(&self.input.x))
            .with("y", &self.input.target)
            .with("loss", &loss)
            .with("learning_rate", &self.learning_rate)
            .with("batch", &if self.batch == BatchKind::One { "one" } else { "all" })
            .with("activation", &self.activation.name())
            .with("neuron", &list(&self.neuron))
            .with("units", &self.units.map(|units| units.to_string()).join(","))
            .with("activations", &self.activations.map(Activation::name).join(","));
        let query = match &self.params {
            Some(params) => query.with("params", &list(params)),
            None => query,
        };
        query.with("shown", &self.shown)
    }
}

/// Parameters may become anything that is a number.
const ANY: RangeInclusive<f32> = f32::MIN..=f32::MAX;

fn one_of<T: Copy>(text: &str, all: &[(&str, T)]) -> Option<T> {
    all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
}

fn activation(text: &str) -> Option<Activation> {
    Activation::ALL.into_iter().find(|kind| kind.name() == text)
}

fn numbers(text: &str, range: &RangeInclusive<f32>) -> Option<Vec<f32>> {
    text.split(',').map(|part| part.parse().ok().filter(|value| range.contains(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    const EXAMPLES: [Example; 9] = [
        Example::Blobs,
        Example::And,
        Example::Or,
        Example::XorFails,
        Example::XorByHand,
        Example::XorLearns,
        Example::XorLinear,
        Example::Circles,
        Example::Spiral,
    ];

    #[test]
    fn a_setup_survives_the_address_to_the_bit() {
        for example in EXAMPLES {
            let mut setup = NeuronSetup::default();
            setup.take(example);
            assert_eq!(setup.example(), Some(example));
            assert_eq!(NeuronSetup::read(&setup.write()), (setup.clone(), vec![]));
            assert!(setup.step(3));
            setup.add(Sample { x: [0.25, -1.5], target: 1.0 });
            let hash = Location { route: None, query: setup.write() }.to_hash();
            assert_eq!(NeuronSetup::read(&Location::parse(&hash).query), (setup, vec![]));
        }
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let text = "#/neuron?view=x&points=9,9&x=1&y=a&units=0,1,1&activations=relu&params=1,2&neuron=1&\
                    shown=4&learning_rate=-1&seed=-1&loss=l&batch=b&activation=step";
        let (setup, mut bad) = NeuronSetup::read(&Location::parse(text).query);
        bad.sort_unstable();
        let mut names = vec![
            "view",
            "points",
            "x",
            "y",
            "units",
            "activations",
            "params",
            "neuron",
            "shown",
            "learning_rate",
            "seed",
            "loss",
            "batch",
            "activation",
        ];
        names.sort_unstable();
        assert_eq!((setup, bad), (NeuronSetup::default(), names));
    }

    #[test]
    fn one_neuron_fails_at_xor_and_three_layers_do_it() {
        let share = |setup: &NeuronSetup| setup.net().evaluate(&setup.params(), &setup.samples()).unwrap().1;
        let after = |example, steps| {
            let mut setup = NeuronSetup::default();
            setup.take(example);
            assert!(setup.step(steps));
            share(&setup)
        };
        assert!(after(Example::XorFails, 2000) < 0.8);
        assert!(after(Example::XorLinear, 2000) < 0.8);
        assert!((after(Example::XorByHand, 0) - 1.0).abs() < 1e-9);
        assert!((after(Example::XorLearns, 2000) - 1.0).abs() < 1e-9);
        assert!((after(Example::And, 500) - 1.0).abs() < 1e-9);
        assert!((after(Example::Or, 500) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_step_to_no_number_is_not_taken() {
        let mut setup = NeuronSetup {
            activation: Activation::Exponential,
            loss: LossKind::Squared,
            learning_rate: 10.0,
            neuron: vec![30.0, 30.0, 30.0],
            ..NeuronSetup::default()
        };
        let before = setup.clone();
        assert!(!setup.step(5));
        assert_eq!(setup, before);
    }
}
