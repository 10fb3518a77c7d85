//! The settings, which live in the page's address.

use super::shares::Shares;
use crate::engine::regularizers::{L1L2Spec, L1Spec, L2Spec, RegularizerSpec};
use crate::ui::routes::Query;
use std::ops::RangeInclusive;

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Entropies of two distributions.
    Entropy,
    /// Binary cross-entropy over its prediction.
    Binary,
    /// Penalties on a weight.
    Penalty,
}

impl View {
    /// All, in the page's order.
    pub const ALL: [View; 3] = [View::Entropy, View::Binary, View::Penalty];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            View::Entropy => "entropy",
            View::Binary => "binary",
            View::Penalty => "penalty",
        }
    }
}

/// A ready-made pair of distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// One-hot target, a prediction that is right and sure.
    Confident,
    /// One-hot target, a prediction that is right and unsure.
    Unsure,
    /// One-hot target, a prediction that is sure of another class.
    Wrong,
    /// One-hot target, a prediction that gives its class nothing.
    Zero,
    /// Every class alike.
    Uniform,
    /// A prediction equal to a spread-out target.
    Equal,
    /// One-hot target with `label_smoothing=0.1`.
    Smoothing,
}

impl Preset {
    /// All, in the page's order.
    pub const ALL: [Preset; 7] = [
        Preset::Confident,
        Preset::Unsure,
        Preset::Wrong,
        Preset::Zero,
        Preset::Uniform,
        Preset::Equal,
        Preset::Smoothing,
    ];

    /// A name for lists.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Confident => "confident",
            Preset::Unsure => "unsure",
            Preset::Wrong => "wrong",
            Preset::Zero => "zero",
            Preset::Uniform => "uniform",
            Preset::Equal => "equal",
            Preset::Smoothing => "smoothing",
        }
    }

    /// Target, prediction and `label_smoothing` for so many classes.
    fn of(self, classes: usize) -> (Shares, Shares, f32) {
        let one = Shares::one_hot(classes, 0);
        let floor = Shares::WHOLE / classes as u32;
        match self {
            Preset::Confident => (one, Shares::peak(classes, 0, 9_500), 0.0),
            Preset::Unsure => (one, Shares::peak(classes, 0, floor + 1_000), 0.0),
            Preset::Wrong => (one, Shares::peak(classes, 1, 9_500), 0.0),
            Preset::Zero => (one, Shares::one_hot(classes, 1), 0.0),
            Preset::Uniform => (Shares::uniform(classes), Shares::uniform(classes), 0.0),
            Preset::Equal => (Shares::peak(classes, 0, 6_000), Shares::peak(classes, 0, 6_000), 0.0),
            Preset::Smoothing => (one, Shares::peak(classes, 0, 9_500), 0.1),
        }
    }
}

/// A penalty, in Keras's classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regularizer {
    /// None.
    None,
    /// `L1`
    L1,
    /// `L2`
    L2,
    /// `L1L2`, the elastic net.
    L1L2,
}

impl Regularizer {
    /// All, in the page's order.
    pub const ALL: [Regularizer; 4] =
        [Regularizer::None, Regularizer::L1, Regularizer::L2, Regularizer::L1L2];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Regularizer::None => "none",
            Regularizer::L1 => "l1",
            Regularizer::L2 => "l2",
            Regularizer::L1L2 => "l1_l2",
        }
    }
}

/// What the reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct LossSetup {
    /// What is shown.
    pub view: View,
    /// The targets p.
    pub p: Shares,
    /// The predictions q, of as many classes.
    pub q: Shares,
    /// Keras's `label_smoothing` of the categorical loss, 0..=1.
    pub smoothing: f32,
    /// The target y of the binary loss, 0..=1.
    pub target: f32,
    /// The predicted probability, 0..=1, for `from_logits=False`.
    pub prediction: f32,
    /// The predicted logit, within [`LossSetup::LOGITS`], for `from_logits=True`.
    pub logit: f32,
    /// Keras's `from_logits` of the binary loss.
    pub from_logits: bool,
    /// Keras's `label_smoothing` of the binary loss, 0..=1.
    pub binary_smoothing: f32,
    /// The penalty.
    pub regularizer: Regularizer,
    /// Keras's `l1`, within [`LossSetup::FACTORS`].
    pub l1: f32,
    /// Keras's `l2`, in the same range.
    pub l2: f32,
    /// Where the loss alone is least, within [`LossSetup::WEIGHTS`].
    pub optimum: f32,
    /// Where the weight begins, in the same range.
    pub weight: f32,
    /// `learning_rate` per step, within [`LossSetup::RATES`].
    pub learning_rate: f32,
    /// Steps of gradient descent taken, at most [`LossSetup::MAX_STEPS`].
    pub steps: usize,
}

impl Default for LossSetup {
    fn default() -> LossSetup {
        LossSetup {
            view: View::Entropy,
            p: Shares::one_hot(4, 0),
            q: Shares::peak(4, 0, 7_000),
            smoothing: 0.0,
            target: 1.0,
            prediction: 0.2,
            logit: -2.0,
            from_logits: false,
            binary_smoothing: 0.0,
            regularizer: Regularizer::L1,
            l1: 1.0,
            l2: 0.5,
            optimum: 1.0,
            weight: 2.5,
            learning_rate: 0.1,
            steps: 0,
        }
    }
}

impl LossSetup {
    /// Logits on offer.
    pub const LOGITS: RangeInclusive<f32> = -8.0..=8.0;
    /// Weights on offer.
    pub const WEIGHTS: RangeInclusive<f32> = -4.0..=4.0;
    /// Factors of penalties on offer.
    pub const FACTORS: RangeInclusive<f32> = 0.0..=10.0;
    /// Learning rates on offer.
    pub const RATES: RangeInclusive<f32> = 0.0..=2.0;
    /// The most steps.
    pub const MAX_STEPS: usize = 200;

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn read(query: &Query) -> (LossSetup, Vec<&'static str>) {
        let mut setup = LossSetup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        read("view", &mut |text| {
            setup.view = View::ALL.into_iter().find(|view| view.name() == text)?;
            Some(())
        });
        read("p", &mut |text| Shares::from_text(text).map(|p| setup.p = p));
        read("q", &mut |text| {
            setup.q = Shares::from_text(text).filter(|q| q.len() == setup.p.len())?;
            Some(())
        });
        read("smoothing", &mut |text| within(text, &(0.0..=1.0)).map(|value| setup.smoothing = value));
        read("y", &mut |text| within(text, &(0.0..=1.0)).map(|value| setup.target = value));
        read("prediction", &mut |text| within(text, &(0.0..=1.0)).map(|value| setup.prediction = value));
        read("logit", &mut |text| within(text, &LossSetup::LOGITS).map(|value| setup.logit = value));
        read("from_logits", &mut |text| text.parse().ok().map(|value| setup.from_logits = value));
        read("label_smoothing", &mut |text| {
            within(text, &(0.0..=1.0)).map(|value| setup.binary_smoothing = value)
        });
        read("regularizer", &mut |text| {
            setup.regularizer = Regularizer::ALL.into_iter().find(|kind| kind.name() == text)?;
            Some(())
        });
        read("l1", &mut |text| within(text, &LossSetup::FACTORS).map(|value| setup.l1 = value));
        read("l2", &mut |text| within(text, &LossSetup::FACTORS).map(|value| setup.l2 = value));
        read("optimum", &mut |text| within(text, &LossSetup::WEIGHTS).map(|value| setup.optimum = value));
        read("w", &mut |text| within(text, &LossSetup::WEIGHTS).map(|value| setup.weight = value));
        read("learning_rate", &mut |text| {
            within(text, &LossSetup::RATES).map(|value| setup.learning_rate = value)
        });
        read("steps", &mut |text| {
            let steps = text.parse().ok().filter(|steps| *steps <= LossSetup::MAX_STEPS);
            steps.map(|steps| setup.steps = steps)
        });
        if setup.q.len() != setup.p.len() {
            setup.q = Shares::uniform(setup.p.len());
        }
        (setup, bad)
    }

    /// The address's form.
    pub fn write(&self) -> Query {
        Query::default()
            .with("view", &self.view.name())
            .with("p", &self.p.to_text())
            .with("q", &self.q.to_text())
            .with("smoothing", &self.smoothing)
            .with("y", &self.target)
            .with("prediction", &self.prediction)
            .with("logit", &self.logit)
            .with("from_logits", &self.from_logits)
            .with("label_smoothing", &self.binary_smoothing)
            .with("regularizer", &self.regularizer.name())
            .with("l1", &self.l1)
            .with("l2", &self.l2)
            .with("optimum", &self.optimum)
            .with("w", &self.weight)
            .with("learning_rate", &self.learning_rate)
            .with("steps", &self.steps)
    }

    /// Takes a ready-made pair for the number of classes in force.
    pub fn take(&mut self, preset: Preset) {
        (self.p, self.q, self.smoothing) = preset.of(self.p.len());
    }

    /// The ready-made pair that is in force.
    pub fn preset(&self) -> Option<Preset> {
        let now = (self.p.clone(), self.q.clone(), self.smoothing);
        Preset::ALL.into_iter().find(|preset| preset.of(self.p.len()) == now)
    }

    /// Changes the number of classes.
    pub fn resize(&mut self, classes: usize) {
        let preset = self.preset();
        (self.p, self.q) = (self.p.resized(classes), self.q.resized(classes));
        if let Some(preset) = preset {
            self.take(preset);
        }
    }

    /// The engine's penalty.
    pub fn penalty(&self) -> Option<RegularizerSpec> {
        Some(match self.regularizer {
            Regularizer::None => return None,
            Regularizer::L1 => L1Spec { l1: self.l1 }.into(),
            Regularizer::L2 => L2Spec { l2: self.l2 }.into(),
            Regularizer::L1L2 => L1L2Spec { l1: self.l1, l2: self.l2 }.into(),
        })
    }

    /// The factors in force: `l1`, `l2`.
    pub fn factors(&self) -> [f32; 2] {
        match self.regularizer {
            Regularizer::None => [0.0, 0.0],
            Regularizer::L1 => [self.l1, 0.0],
            Regularizer::L2 => [0.0, self.l2],
            Regularizer::L1L2 => [self.l1, self.l2],
        }
    }
}

fn within(text: &str, range: &RangeInclusive<f32>) -> Option<f32> {
    text.parse().ok().filter(|value| range.contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        for preset in Preset::ALL {
            for view in View::ALL {
                let mut setup = LossSetup { view, ..LossSetup::default() };
                setup.resize(7);
                setup.take(preset);
                setup.binary_smoothing = 0.3;
                setup.regularizer = Regularizer::L1L2;
                setup.from_logits = true;
                setup.steps = 17;
                assert_eq!(LossSetup::read(&setup.write()), (setup, vec![]));
            }
        }
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let text = "#/losses?view=x&p=1,2&q=5000,5000&y=2&l1=-1&steps=1000&logit=9&from_logits=no&w=inf";
        let (setup, bad) = LossSetup::read(&Location::parse(text).query);
        assert_eq!(bad, ["view", "p", "q", "y", "logit", "from_logits", "l1", "w", "steps"]);
        assert_eq!(setup, LossSetup::default());
        let other = "#/losses?p=5000,5000";
        let (setup, bad) = LossSetup::read(&Location::parse(other).query);
        assert_eq!((setup.q.len(), bad.len()), (2, 0));
    }

    #[test]
    fn a_preset_stays_one_with_more_classes() {
        let mut setup = LossSetup::default();
        for preset in Preset::ALL {
            setup.take(preset);
            for classes in Shares::MIN..=Shares::MAX {
                setup.resize(classes);
                assert!(setup.preset().is_some(), "{preset:?} of {classes}");
            }
        }
    }
}
