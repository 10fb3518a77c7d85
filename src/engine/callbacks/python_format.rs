//! Numbers as Python writes them: `repr` and the format specifications of `str.format`.

/// A number as Python knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Python's `int`.
    Int(i64),
    /// Python's `float`.
    Float(f64),
}

/// `repr(value)`: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on.
pub fn repr(value: f64) -> String {
    if !value.is_finite() {
        return not_finite(value).to_owned();
    }
    let (digits, exponent) = shortest(value.abs());
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if (-4..16).contains(&exponent) {
        format!("{sign}{}", positional(&digits, exponent, true))
    } else {
        format!("{sign}{}", scientific(&digits, exponent, 'e'))
    }
}

fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    }
}

/// The shortest decimal digits and the exponent of the first.
fn shortest(value: f64) -> (String, i32) {
    split(&format!("{value:e}"))
}

/// `1.25e-3` → (`125`, -3).
fn split(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn positional(digits: &str, exponent: i32, with_point: bool) -> String {
    let len = digits.len() as i32;
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    if exponent + 1 >= len {
        let zeros = "0".repeat((exponent + 1 - len) as usize);
        return format!("{digits}{zeros}{}", if with_point { ".0" } else { "" });
    }
    let (whole, part) = digits.split_at(exponent as usize + 1);
    format!("{whole}.{part}")
}

/// Python's exponents have a sign and at least two digits.
fn scientific(digits: &str, exponent: i32, letter: char) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.abs())
}

/// `[[fill]align][sign][0][width][,][.precision][type]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormatSpec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl FormatSpec {
    /// Reads what stands after the colon; `None` if it is no such specification.
    pub fn parse(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut spec = Self::default();
        let mut at = 0;
        let is_align = |c: Option<&char>| c.is_some_and(|c| "<>=^".contains(*c));
        if is_align(chars.get(1)) {
            (spec.fill, spec.align) = (chars.first().copied(), chars.get(1).copied());
            at = 2;
        } else if is_align(chars.first()) {
            spec.align = chars.first().copied();
            at = 1;
        }
        let mut take = |among: &str| {
            let found = chars.get(at).copied().filter(|c| among.contains(*c));
            at += usize::from(found.is_some());
            found
        };
        spec.sign = take("+- ");
        if take("0").is_some() && spec.fill.is_none() {
            spec.fill = Some('0');
            spec.align = spec.align.or(Some('='));
        }
        while let Some(digit) = take("0123456789") {
            spec.width = spec.width * 10 + digit.to_digit(10)? as usize;
            // More would only fill memory.
            if spec.width > 1000 {
                return None;
            }
        }
        spec.grouping = take(",_");
        if take(".").is_some() {
            let mut precision = take("0123456789")?.to_digit(10)? as usize;
            while let Some(digit) = take("0123456789") {
                precision = precision * 10 + digit.to_digit(10)? as usize;
                if precision > 1000 {
                    return None;
                }
            }
            spec.precision = Some(precision);
        }
        spec.kind = take("deEfFgGn%boxX");
        let zero_filled_groups = spec.grouping.is_some() && spec.fill == Some('0');
        (at == chars.len() && !zero_filled_groups).then_some(spec)
    }

    /// The number as Python formats it; `None` where Python raises `ValueError`.
    pub fn format(&self, number: Number) -> Option<String> {
        let (negative, digits) = match (number, self.kind) {
            (Number::Int(value), None | Some('d' | 'n' | 'b' | 'o' | 'x' | 'X')) => {
                if self.precision.is_some() {
                    return None;
                }
                let size = value.unsigned_abs();
                let text = match self.kind {
                    Some('b') => format!("{size:b}"),
                    Some('o') => format!("{size:o}"),
                    Some('x') => format!("{size:x}"),
                    Some('X') => format!("{size:X}"),
                    _ => size.to_string(),
                };
                (value < 0, text)
            }
            (Number::Float(_), Some('d' | 'b' | 'o' | 'x' | 'X')) => return None,
            (Number::Int(value), _) => (value < 0, self.float(value.unsigned_abs() as f64)),
            (Number::Float(value), _) => {
                (value.is_sign_negative() && !value.is_nan(), self.float(value.abs()))
            }
        };
        Some(self.pad(negative, &self.group(&digits)))
    }

    /// A value that is not negative.
    fn float(&self, value: f64) -> String {
        if !value.is_finite() {
            let percent = if self.kind == Some('%') { "%" } else { "" };
            let text = format!("{}{percent}", not_finite(value));
            return if matches!(self.kind, Some('E' | 'F' | 'G')) { text.to_uppercase() } else { text };
        }
        let precision = self.precision.unwrap_or(6);
        match self.kind {
            Some('f' | 'F') => format!("{value:.precision$}"),
            Some('%') => format!("{:.precision$}%", value * 100.0),
            Some(kind @ ('e' | 'E')) => {
                let (digits, exponent) = split(&format!("{value:.precision$e}"));
                scientific(&digits, exponent, kind)
            }
            Some(kind) => general(value, precision.max(1), if kind == 'G' { 'E' } else { 'e' }, false),
            None if self.precision.is_none() => repr(value),
            None => general(value, precision.max(1), 'e', true),
        }
    }

    /// Separators between thousands.
    fn group(&self, digits: &str) -> String {
        let Some(separator) = self.grouping else { return digits.to_owned() };
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let mut text = String::new();
        for (idx, digit) in digits[..end].chars().enumerate() {
            if idx > 0 && (end - idx).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text + &digits[end..]
    }

    fn pad(&self, negative: bool, digits: &str) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            (false, _) => "",
        };
        let missing = self.width.saturating_sub(sign.len() + digits.chars().count());
        let fill = |count: usize| self.fill.unwrap_or(' ').to_string().repeat(count);
        match self.align {
            Some('<') => format!("{sign}{digits}{}", fill(missing)),
            Some('^') => format!("{}{sign}{digits}{}", fill(missing / 2), fill(missing - missing / 2)),
            Some('=') => format!("{sign}{}{digits}", fill(missing)),
            _ => format!("{}{sign}{digits}", fill(missing)),
        }
    }
}

/// `g`: `precision` digits without trailing zeros. Without a type Python keeps a digit after the point
/// and turns to exponents one power of ten earlier.
fn general(value: f64, precision: usize, letter: char, untyped: bool) -> String {
    let (digits, exponent) = split(&format!("{value:.*e}", precision - 1));
    let digits = match digits.trim_end_matches('0') {
        "" => "0",
        digits => digits,
    };
    let largest = precision as i32 - i32::from(untyped);
    if exponent < -4 || exponent + 1 > largest {
        scientific(digits, exponent, letter)
    } else {
        positional(digits, exponent, untyped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_pythons() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (f64::from(0.001f32), "0.0010000000474974513"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1e16, "1e+16"),
            (1_234_567_890_123_456.0, "1234567890123456.0"),
            (1.5e-10, "1.5e-10"),
            (-2.5e300, "-2.5e+300"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(repr(value), text);
        }
    }

    #[test]
    fn formats_are_pythons() {
        use Number::{Float, Int};
        for (spec, number, text) in [
            ("02d", Int(3), Some("03")),
            ("", Int(12), Some("12")),
            ("+05d", Int(-3), Some("-0003")),
            (".2f", Int(3), Some("3.00")),
            (".2f", Float(0.125), Some("0.12")),
            (".2f", Float(2.675), Some("2.67")),
            (".4f", Float(0.98765), Some("0.9877")),
            ("8.3f", Float(-1.5), Some("  -1.500")),
            ("<8.3f", Float(1.5), Some("1.500   ")),
            ("*^9.2f", Float(1.5), Some("**1.50***")),
            ("08.3f", Float(-1.5), Some("-001.500")),
            ("06.2f", Float(f64::NAN), Some("000nan")),
            ("e", Float(12345.678), Some("1.234568e+04")),
            (".1E", Float(0.00012), Some("1.2E-04")),
            (".3g", Float(0.000_123_45), Some("0.000123")),
            (".3g", Float(0.000_012_345), Some("1.23e-05")),
            ("g", Float(1e6), Some("1e+06")),
            ("g", Float(123_456.0), Some("123456")),
            (".3", Float(3.0), Some("3.0")),
            (".3", Float(123.0), Some("1.23e+02")),
            ("", Float(0.5), Some("0.5")),
            (".1%", Float(0.9876), Some("98.8%")),
            (",.1f", Float(1_234_567.0), Some("1,234,567.0")),
            ("d", Float(1.0), None),
            (".2d", Int(1), None),
        ] {
            assert_eq!(FormatSpec::parse(spec).unwrap().format(number).as_deref(), text, "{spec}");
        }
        for spec in ["q", "2.f", "02dd", "z", "<<<"] {
            assert_eq!(FormatSpec::parse(spec), None, "{spec}");
        }
    }
}
