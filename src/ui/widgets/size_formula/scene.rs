//! The formulas as MathML, which every browser draws and reads out by itself.

use super::state::{Axis, PadChoice, WINDOW};
use crate::ui::locale::Language;

fn number(value: usize) -> String {
    format!("<mn>{value}</mn>")
}

fn name(letter: &str) -> String {
    format!("<mi>{letter}</mi>")
}

fn operator(sign: &str) -> String {
    format!("<mo>{sign}</mo>")
}

fn row(parts: &[String]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

fn fraction(over: &str, under: &str) -> String {
    format!("<mfrac>{over}{under}</mfrac>")
}

fn fenced(open: &str, inner: &str, close: &str) -> String {
    row(&[operator(open), inner.into(), operator(close)])
}

fn result_name() -> String {
    "<msub><mi>W</mi><mn>2</mn></msub>".into()
}

fn block(parts: &[String]) -> String {
    format!("<math display=\"block\">{}</math>", row(parts))
}

/// A quotient in the reader's notation, with an ellipsis where two digits do not tell it all.
fn quotient(over: usize, under: usize, language: Language) -> String {
    let exact = (over * 100).is_multiple_of(under.max(1));
    let text = language.short(over as f64 / under as f64, 2);
    format!("<mn>{text}{}</mn>", if exact { "" } else { "…" })
}

/// `W₂ = ⌊(W − F + 2P)/S⌋ + 1`, then the same with numbers, then the floor carried out.
pub fn valid_formula(axis: Axis, language: Language) -> Vec<String> {
    let padding = if let PadChoice::Cells(cells) = axis.padding { cells } else { 0 };
    let over = axis.length + 2 * padding - WINDOW.min(axis.length + 2 * padding);
    let (plus, one, equals) = (operator("+"), number(1), operator("="));
    let letters = row(&[name("W"), operator("−"), name("F"), operator("+"), number(2), name("P")]);
    let numbers = row(&[
        number(axis.length),
        operator("−"),
        number(WINDOW),
        operator("+"),
        number(2),
        operator("·"),
        number(padding),
    ]);
    let general = fenced("⌊", &fraction(&letters, &name("S")), "⌋");
    let filled = fenced("⌊", &fraction(&numbers, &number(axis.stride)), "⌋");
    let divided = fenced("⌊", &quotient(over, axis.stride, language), "⌋");
    vec![
        block(&[result_name(), equals.clone(), general, plus.clone(), one.clone()]),
        block(&[result_name(), equals.clone(), filled, plus.clone(), one.clone()]),
        block(&[
            equals.clone(),
            divided,
            plus.clone(),
            one.clone(),
            equals.clone(),
            number(over / axis.stride),
            plus,
            one,
            equals,
            number(axis.output()),
        ]),
    ]
}

/// `W₂ = ⌈W/S⌉`, then the same with numbers.
pub fn same_formula(axis: Axis, language: Language) -> Vec<String> {
    let equals = operator("=");
    let general = fenced("⌈", &fraction(&name("W"), &name("S")), "⌉");
    let filled = fenced("⌈", &fraction(&number(axis.length), &number(axis.stride)), "⌉");
    let divided = fenced("⌈", &quotient(axis.length, axis.stride, language), "⌉");
    vec![
        block(&[result_name(), equals.clone(), general]),
        block(&[
            result_name(),
            equals.clone(),
            filled,
            equals.clone(),
            divided,
            equals,
            number(axis.output()),
        ]),
    ]
}

/// How many zeros `same` adds along one axis: `max((W₂ − 1)·S + F − W, 0)`, with numbers.
pub fn padding_formula(axis: Axis) -> Vec<String> {
    let output = axis.output();
    let zeros = axis.before() + axis.after();
    let inner = row(&[
        fenced("(", &row(&[number(output), operator("−"), number(1)]), ")"),
        operator("·"),
        number(axis.stride),
        operator("+"),
        number(WINDOW),
        operator("−"),
        number(axis.length),
        operator(","),
        number(0),
    ]);
    let letters = row(&[
        fenced("(", &row(&[result_name(), operator("−"), number(1)]), ")"),
        operator("·"),
        name("S"),
        operator("+"),
        name("F"),
        operator("−"),
        name("W"),
        operator(","),
        number(0),
    ]);
    let greatest = |inner: &str| row(&[name("max"), fenced("(", inner, ")")]);
    vec![
        block(&[greatest(&letters)]),
        block(&[operator("="), greatest(&inner)]),
        block(&[operator("="), number(zeros)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(mathml: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for letter in mathml.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => out.push(letter),
                _ => {}
            }
        }
        out
    }

    fn axis(padding: PadChoice, stride: usize) -> Axis {
        Axis { length: 28, stride, padding }
    }

    #[test]
    fn the_floor_is_shown_before_it_is_taken() {
        let lines = valid_formula(axis(PadChoice::Cells(1), 2), Language::Ru);
        assert_eq!(words(&lines[0]), "W2=⌊W−F+2PS⌋+1");
        assert_eq!(words(&lines[1]), "W2=⌊28−5+2·12⌋+1");
        assert_eq!(words(&lines[2]), "=⌊12,5⌋+1=12+1=13");
    }

    #[test]
    fn a_quotient_that_does_not_end_says_so() {
        let lines = same_formula(axis(PadChoice::Same, 3), Language::En);
        assert_eq!(words(&lines[1]), "W2=⌈283⌉=⌈9.33…⌉=10");
        let zeros = padding_formula(axis(PadChoice::Same, 3));
        assert_eq!(words(&zeros[0]), "max((W2−1)·S+F−W,0)");
        assert_eq!(words(&zeros[1]), "=max((10−1)·3+5−28,0)");
        assert_eq!(words(&zeros[2]), "=4");
    }

    #[test]
    fn tags_are_balanced() {
        for choice in PadChoice::ALL {
            for stride in 1..=4 {
                let axis = axis(choice, stride);
                let valid = valid_formula(axis, Language::En);
                let all = [valid, same_formula(axis, Language::En), padding_formula(axis)].concat();
                for text in &all {
                    assert_eq!(text.matches("</").count() * 2, text.matches('<').count(), "{text}");
                }
            }
        }
    }
}
