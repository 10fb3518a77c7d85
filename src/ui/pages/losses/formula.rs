//! The formulas with the numbers put in, as MathML.

use super::penalty::PenaltyState;
use super::setup::LossSetup;
use super::state::EntropyState;
use crate::ui::locale::Language;
use crate::ui::mathml::{block, fraction, name, operator, row};

fn number(value: f64, digits: usize, language: Language) -> String {
    format!("<mn>{}</mn>", language.short(value, digits))
}

fn text(letters: &str) -> String {
    format!("<mi>{letters}</mi>")
}

/// `H(p, q)`
fn of(function: &str, arguments: &[&str], between: &str) -> String {
    let mut parts = vec![text(function), operator("(")];
    for (idx, argument) in arguments.iter().enumerate() {
        if idx > 0 {
            parts.push(operator(between));
        }
        parts.push(text(argument));
    }
    parts.push(operator(")"));
    row(&parts)
}

/// `H(p,q) = H(p) + KL(p‖q)` with its numbers, then the sums of H(p,q) and KL term by term. `unit` divides nats.
pub fn entropy_formulas(state: &EntropyState, unit: f64, language: Language) -> Vec<String> {
    let value = |nats: f64| number(nats / unit, 4, language);
    let (equals, plus) = (operator("="), operator("+"));
    let logarithm =
        if unit == 1.0 { text("ln") } else { row(&[format!("<msub>{}<mn>2</mn></msub>", text("log"))]) };
    let divergence = of("KL", &["p", "q"], "‖");
    let whole = block(&[
        of("H", &["p", "q"], ","),
        equals.clone(),
        of("H", &["p"], ","),
        plus.clone(),
        divergence.clone(),
        equals.clone(),
        value(state.entropy_p),
        plus.clone(),
        value(state.divergence),
        equals.clone(),
        value(state.cross_entropy),
    ]);
    let sum = "<munder><mo>∑</mo><mi>i</mi></munder>".to_owned();
    let terms = |terms: Vec<f64>| {
        let mut parts = Vec::new();
        for (idx, term) in terms.into_iter().enumerate() {
            // Minus is written between terms, not as a sign after a plus.
            let sign = if term < 0.0 && idx > 0 { "−" } else { "+" };
            if idx > 0 {
                parts.push(operator(sign));
            }
            parts.push(value(if idx > 0 { term.abs() } else { term }));
        }
        row(&parts)
    };
    let cross = block(&[
        of("H", &["p", "q"], ","),
        equals.clone(),
        operator("−"),
        sum.clone(),
        name("p", "i"),
        logarithm.clone(),
        name("q", "i"),
        equals.clone(),
        terms(state.cross.clone()),
    ]);
    let parts = (0..state.p.len()).map(|class| state.part(class)).collect();
    let apart = block(&[
        divergence,
        equals.clone(),
        sum,
        name("p", "i"),
        logarithm,
        fraction(&name("p", "i"), &name("q", "i")),
        equals,
        terms(parts),
    ]);
    vec![whole, cross, apart]
}

/// What is minimized, and where it is least.
pub fn penalty_formula(setup: &LossSetup, state: &PenaltyState, language: Language) -> Vec<String> {
    let value = |value: f32| number(f64::from(value), 4, language);
    let (equals, plus) = (operator("="), operator("+"));
    let w = || text("w");
    let best = "<msup><mi>w</mi><mo>*</mo></msup>".to_owned();
    let squared = |inner: String| format!("<msup>{inner}<mn>2</mn></msup>");
    let [l1, l2] = setup.factors();
    let between = row(&[operator("("), w(), operator("−"), value(setup.optimum), operator(")")]);
    let mut parts = vec![of("L", &["w"], ","), equals.clone(), squared(between)];
    if l1 > 0.0 {
        parts.extend([plus.clone(), value(l1), operator("|"), w(), operator("|")]);
    }
    if l2 > 0.0 {
        parts.extend([plus, value(l2), squared(w())]);
    }
    let over = row(&[
        operator("max("),
        operator("|"),
        best,
        operator("|"),
        operator("−"),
        fraction(&text("l1"), "<mn>2</mn>"),
        operator(","),
        "<mn>0</mn>".to_owned(),
        operator(")"),
    ]);
    let under = row(&["<mn>1</mn>".to_owned(), operator("+"), text("l2")]);
    let sign =
        row(&[text("sign"), operator("("), "<msup><mi>w</mi><mo>*</mo></msup>".to_owned(), operator(")")]);
    let least = block(&[
        "<msub><mi>w</mi><mi>min</mi></msub>".to_owned(),
        equals.clone(),
        sign,
        operator("·"),
        fraction(&over, &under),
        equals,
        value(state.minimum.place.weight),
    ]);
    vec![block(&parts), least]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::mathml::words;
    use crate::ui::pages::losses::{Preset, Regularizer, Shares};

    #[test]
    fn the_numbers_are_put_in_in_the_readers_notation() {
        let setup = LossSetup { p: Shares::uniform(2), q: Shares::peak(2, 0, 2_500), ..LossSetup::default() };
        let lines = entropy_formulas(&EntropyState::new(&setup), std::f64::consts::LN_2, Language::Ru);
        assert_eq!(words(&lines[0]), "H(p,q)=H(p)+KL(p‖q)=1+0,2075=1,2075");
        assert_eq!(words(&lines[1]), "H(p,q)=−∑ipilog2qi=1+0,2075");
        assert_eq!(words(&lines[2]), "KL(p‖q)=∑ipilog2piqi=0,5−0,2925");
        for line in lines {
            assert_eq!(line.matches("</").count() * 2, line.matches('<').count());
        }
    }

    #[test]
    fn infinity_is_written_as_such() {
        let mut setup = LossSetup::default();
        setup.take(Preset::Zero);
        let lines = entropy_formulas(&EntropyState::new(&setup), 1.0, Language::En);
        assert_eq!(words(&lines[0]), "H(p,q)=H(p)+KL(p‖q)=0+∞=∞");
    }

    #[test]
    fn only_the_penalties_in_force_are_written() {
        let line = |regularizer| {
            let setup = LossSetup { regularizer, ..LossSetup::default() };
            words(&penalty_formula(&setup, &PenaltyState::new(&setup), Language::En)[0])
        };
        assert_eq!(line(Regularizer::None), "L(w)=(w−1)2");
        assert_eq!(line(Regularizer::L1L2), "L(w)=(w−1)2+1|w|+0.5w2");
    }
}
