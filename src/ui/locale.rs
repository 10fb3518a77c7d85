//! Numbers as each language writes them.
//!
//! English: `1,234.5`, `−3`, `98.5%`. Russian: `1 234,5` (narrow no-break space), `−3`, `98,5 %`
//! (no-break space). The minus is U+2212 in both. Code, files and URLs keep Rust's own notation.

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl From<Language> for crate::formats::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::English,
            Language::Ru => Self::Russian,
        }
    }
}

const MINUS: char = '\u{2212}';
const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';

impl Language {
    /// Every language, in menu order.
    pub const ALL: [Language; 2] = [Language::Ru, Language::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Ru => "ru",
        }
    }

    /// The language of a tag such as `ru-RU`, if the page speaks it.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| language.tag() == primary)
    }

    /// The first of the reader's languages that the page speaks.
    pub fn negotiate<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Language {
        wanted.into_iter().find_map(Language::from_tag).unwrap_or_default()
    }

    fn point(self) -> char {
        match self {
            Language::En => '.',
            Language::Ru => ',',
        }
    }

    fn thousands(self) -> char {
        match self {
            Language::En => ',',
            Language::Ru => NARROW_NO_BREAK,
        }
    }

    /// A number with exactly `decimals` digits after the point.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        if value.is_nan() {
            return "NaN".into();
        }
        if value.is_infinite() {
            return if value > 0.0 { "∞".into() } else { format!("{MINUS}∞") };
        }
        let plain = format!("{:.decimals$}", value.abs());
        let is_zero = plain.bytes().all(|b| b == b'0' || b == b'.');
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut out = String::new();
        if value < 0.0 && !is_zero {
            out.push(MINUS);
        }
        self.group(whole, &mut out);
        if !fraction.is_empty() {
            out.push(self.point());
            out.push_str(fraction);
        }
        out
    }

    /// A number with at most `decimals` digits after the point, without trailing zeros.
    pub fn short(self, value: f64, decimals: usize) -> String {
        let text = self.decimal(value, decimals);
        if !text.contains(self.point()) {
            return text;
        }
        text.trim_end_matches('0').trim_end_matches(self.point()).to_owned()
    }

    /// A whole number.
    pub fn integer(self, value: i64) -> String {
        let mut out = String::new();
        if value < 0 {
            out.push(MINUS);
        }
        self.group(&value.unsigned_abs().to_string(), &mut out);
        out
    }

    /// A count.
    pub fn count(self, value: usize) -> String {
        let mut out = String::new();
        self.group(&value.to_string(), &mut out);
        out
    }

    /// A share (0..1) as percent.
    pub fn percent(self, share: f64, decimals: usize) -> String {
        let number = self.decimal(share * 100.0, decimals);
        match self {
            Language::En => format!("{number}%"),
            Language::Ru => format!("{number}{NO_BREAK}%"),
        }
    }

    /// Russian groups from five digits on, as its typography does; English from four.
    fn group(self, digits: &str, out: &mut String) {
        let first = match self {
            Language::En => 4,
            Language::Ru => 5,
        };
        for (idx, digit) in digits.chars().enumerate() {
            let left = digits.len() - idx;
            if idx > 0 && left.is_multiple_of(3) && digits.len() >= first {
                out.push(self.thousands());
            }
            out.push(digit);
        }
    }
}

/// Reads a number typed by a person: comma or point, any minus, spaces ignored.
pub fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != NARROW_NO_BREAK)
        .map(|c| match c {
            ',' => '.',
            MINUS | '\u{2013}' => '-',
            other => other,
        })
        .collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Reads a number with so many digits after the point at most, as [`parse_number`]. In a whole one a comma
/// before three digits stands between thousands, as fields show it in English: `4,000`.
pub fn parse_decimals(text: &str, decimals: usize) -> Option<f64> {
    if decimals == 0 && has_thousands(text) {
        parse_number(&text.replace(',', ""))
    } else {
        parse_number(text)
    }
}

fn has_thousands(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.trim().trim_start_matches(['-', MINUS, '\u{2013}']).split(',');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let begins = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    begins && rest.peek().is_some() && rest.all(|part| part.len() == 3 && digits(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_numbers() {
        assert_eq!(Language::En.decimal(-1234.56, 1), "−1,234.6");
        assert_eq!(Language::En.percent(0.9852, 2), "98.52%");
        assert_eq!(Language::En.count(60_000), "60,000");
        assert_eq!(Language::En.short(0.5000, 3), "0.5");
    }

    #[test]
    fn russian_numbers() {
        assert_eq!(Language::Ru.decimal(-12_345.56, 1), "−12\u{202f}345,6");
        assert_eq!(Language::Ru.decimal(1234.0, 0), "1234");
        assert_eq!(Language::Ru.percent(0.9852, 1), "98,5\u{a0}%");
        assert_eq!(Language::Ru.count(60_000), "60\u{202f}000");
        assert_eq!(Language::Ru.short(2.0, 3), "2");
    }

    #[test]
    fn zero_has_no_sign_and_no_number_is_lost() {
        assert_eq!(Language::En.decimal(-0.001, 2), "0.00");
        assert_eq!(Language::Ru.decimal(f64::NAN, 2), "NaN");
        assert_eq!(Language::Ru.decimal(f64::NEG_INFINITY, 2), "−∞");
        assert_eq!(Language::En.integer(-1_000_000), "−1,000,000");
    }

    #[test]
    fn the_first_spoken_language_wins() {
        assert_eq!(Language::negotiate(["de-DE", "ru-RU", "en"]), Language::Ru);
        assert_eq!(Language::negotiate(["fr"]), Language::En);
        assert_eq!(Language::negotiate([]), Language::En);
    }

    #[test]
    fn typed_numbers_may_use_comma_or_point() {
        assert_eq!(parse_number(" 0,5 "), Some(0.5));
        assert_eq!(parse_number("−1.25"), Some(-1.25));
        assert_eq!(parse_number("1e-3"), Some(0.001));
        assert_eq!(parse_number(""), None);
        assert_eq!(parse_number("inf"), None);
    }

    #[test]
    fn commas_between_thousands_are_those_of_whole_numbers() {
        assert_eq!(parse_decimals("4,000", 0), Some(4_000.0));
        assert_eq!(parse_decimals("−1,234,567", 0), Some(-1_234_567.0));
        assert_eq!(parse_decimals(&Language::En.count(60_000), 0), Some(60_000.0));
        assert_eq!(parse_decimals(&Language::Ru.count(60_000), 0), Some(60_000.0));
        assert_eq!(parse_decimals("4,000", 3), Some(4.0));
        for (text, value) in [("4,5", 4.5), ("0,001", 0.001), ("4,00", 4.0), ("1234,567", 1234.567)] {
            assert_eq!(parse_decimals(text, 0), Some(value), "{text}");
        }
        assert_eq!(parse_decimals("4,,000", 0), None);
    }
}
