//! The losses page's numbers against SciPy and Keras.

use std::collections::BTreeMap;

use serde::Deserialize;
use svertka::ui::pages::losses::{BinaryState, EntropyState, LossSetup, Shares};

use super::case::{Allowed, Comparison};

/// Many distributions and predictions in one file.
#[derive(Deserialize)]
pub struct EntropiesCase {
    pub cases: Vec<EntropyCase>,
    pub binary: Vec<BinaryCase>,
}

/// Two distributions in ten-thousandths, with what SciPy and Keras say of them.
#[derive(Deserialize)]
pub struct EntropyCase {
    pub p: Vec<u32>,
    pub q: Vec<u32>,
    pub label_smoothing: f32,
    pub entropy_p: Number,
    pub entropy_q: Number,
    pub cross_entropy: Number,
    pub divergence: Number,
    pub reverse: Number,
    pub bits: Number,
    pub keras_cross_entropy: f64,
    pub keras_divergence: f64,
    pub keras_sparse: Option<f64>,
}

/// A prediction of one probability or logit.
#[derive(Deserialize)]
pub struct BinaryCase {
    pub target: f32,
    pub label_smoothing: f32,
    pub from_logits: bool,
    pub output: f32,
    pub loss: f64,
}

/// A number, or the word `inf`.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Number {
    Finite(f64),
    Infinite(String),
}

impl Number {
    fn value(&self) -> f64 {
        match self {
            Number::Finite(value) => *value,
            Number::Infinite(word) => {
                assert_eq!(word, "inf");
                f64::INFINITY
            }
        }
    }
}

/// The page computes in float32, one logarithm at a time.
const CLOSE: Allowed = Allowed::Absolute(1e-5);

/// One quantity of all cases, here and there. Infinite numbers must be infinite on both sides.
#[derive(Default)]
struct Quantity {
    got: Vec<f64>,
    expected: Vec<f64>,
}

impl Quantity {
    fn note(&mut self, what: &str, got: f64, expected: f64) {
        assert_eq!(got.is_infinite(), expected.is_infinite(), "{what}: {got} for {expected}");
        if expected.is_finite() {
            self.got.push(got);
            self.expected.push(expected);
        }
    }
}

/// Every number of every case, one comparison per quantity.
pub fn entropies(case: &EntropiesCase) -> Vec<Comparison> {
    let mut quantities: BTreeMap<&str, Quantity> = BTreeMap::new();
    let mut compare = |what: &'static str, got: f64, expected: f64| {
        quantities.entry(what).or_default().note(what, got, expected);
    };
    for case in &case.cases {
        let shares = |parts: &[u32]| {
            let text: Vec<String> = parts.iter().map(u32::to_string).collect();
            Shares::from_text(&text.join(",")).unwrap()
        };
        let setup = LossSetup {
            p: shares(&case.p),
            q: shares(&case.q),
            smoothing: case.label_smoothing,
            ..LossSetup::default()
        };
        let state = EntropyState::new(&setup);
        compare("H(p)", state.entropy_p, case.entropy_p.value());
        compare("H(q)", state.entropy_q, case.entropy_q.value());
        compare("H(p,q)", state.cross_entropy, case.cross_entropy.value());
        compare("KL(p‖q)", state.divergence, case.divergence.value());
        compare("KL(q‖p)", state.reverse, case.reverse.value());
        compare("H(p) in bits", state.entropy_p / std::f64::consts::LN_2, case.bits.value());
        compare("CategoricalCrossentropy", state.keras_cross_entropy.into(), case.keras_cross_entropy);
        compare("KLDivergence", state.keras_divergence.into(), case.keras_divergence);
        assert_eq!(state.sparse.is_some(), case.keras_sparse.is_some(), "one-hot or not");
        if let (Some((_, loss)), Some(expected)) = (state.sparse, case.keras_sparse) {
            compare("SparseCategoricalCrossentropy", loss.into(), expected);
        }
    }
    for case in &case.binary {
        let setup = LossSetup {
            target: case.target,
            binary_smoothing: case.label_smoothing,
            from_logits: case.from_logits,
            prediction: if case.from_logits { 0.5 } else { case.output },
            logit: if case.from_logits { case.output } else { 0.0 },
            ..LossSetup::default()
        };
        compare("BinaryCrossentropy", BinaryState::new(&setup).point.loss.into(), case.loss);
    }
    let comparison = |(what, Quantity { got, expected }): (&str, Quantity)| {
        Comparison::new(what.to_owned(), got, expected, CLOSE)
    };
    quantities.into_iter().map(comparison).collect()
}

#[test]
fn there_are_infinite_and_finite_divergences() {
    let super::case::Case::Entropies(case) = super::case::Case::read("entropies") else {
        panic!("entropies.json holds another kind of case");
    };
    let infinite = case.cases.iter().filter(|case| case.divergence.value().is_infinite()).count();
    let one_hot = case.cases.iter().filter(|case| case.keras_sparse.is_some()).count();
    assert_eq!((case.cases.len(), case.binary.len()), (300, 300));
    assert!(infinite > 50 && infinite < 250 && one_hot > 10, "{infinite} {one_hot}");
}
