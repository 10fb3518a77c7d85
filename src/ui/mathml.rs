//! Formulas as MathML, which every browser draws and reads out by itself.
//!
//! Texts are made of numbers and fixed letters alone, so they can go into a page as they are.

use super::locale::Language;

/// A whole number.
pub fn number(value: usize) -> String {
    format!("<mn>{value}</mn>")
}

/// A letter, with an index below it where `index` is not empty.
pub fn name(letter: &str, index: &str) -> String {
    if index.is_empty() {
        format!("<mi>{letter}</mi>")
    } else {
        format!("<msub><mi>{letter}</mi><mn>{index}</mn></msub>")
    }
}

/// A sign between two parts.
pub fn operator(sign: &str) -> String {
    format!("<mo>{sign}</mo>")
}

/// Parts in a row.
pub fn row(parts: &[String]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

/// One part over another.
pub fn fraction(over: &str, under: &str) -> String {
    format!("<mfrac>{over}{under}</mfrac>")
}

/// A part between two signs that grow with it.
pub fn fenced(open: &str, inner: &str, close: &str) -> String {
    row(&[operator(open), inner.into(), operator(close)])
}

/// A whole line.
pub fn block(parts: &[String]) -> String {
    format!("<math display=\"block\">{}</math>", row(parts))
}

/// A quotient in the reader's notation, with an ellipsis where two digits do not tell it all.
pub fn quotient(over: usize, under: usize, language: Language) -> String {
    let exact = (over * 100).is_multiple_of(under.max(1));
    let text = language.short(over as f64 / under.max(1) as f64, 2);
    format!("<mn>{text}{}</mn>", if exact { "" } else { "…" })
}

/// What is left of a formula without its tags, for tests.
#[cfg(test)]
pub fn words(mathml: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotient_that_does_not_end_says_so() {
        assert_eq!(words(&quotient(7, 3, Language::Ru)), "2,33…");
        assert_eq!(words(&quotient(5, 2, Language::En)), "2.5");
        let line = block(&[name("W", "2"), operator("="), fraction(&number(1), &number(2))]);
        assert_eq!(words(&line), "W2=12");
        assert_eq!(line.matches("</").count() * 2, line.matches('<').count());
    }
}
