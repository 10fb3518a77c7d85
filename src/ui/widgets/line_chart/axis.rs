//! The numbers along an axis, linear or logarithmic, and how they are written.

use crate::ui::locale::Language;

/// Digits of a whole number before it is written as a power of ten.
const MOST_DIGITS: i32 = 6;

/// Round numbers that cut a range into about `wanted` parts: steps of 1, 2 or 5 times a power of ten.
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let rough = (high - low) / wanted.max(1) as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return vec![low];
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|unit| unit * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|idx| idx as f64 * step).collect()
}

/// Powers of ten between two positive numbers; with few of them 2 and 5 times these as well, and round
/// numbers as on a linear axis where even these are too few.
pub fn log_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let decades = (low.log10().floor() as i32)..=(high.log10().ceil() as i32);
    let inside = |tick: &f64| (low * 0.999..=high * 1.001).contains(tick);
    let by = |units: &[f64]| -> Vec<f64> {
        let each = decades.clone().flat_map(|power| units.iter().map(move |unit| unit * 10f64.powi(power)));
        each.filter(inside).collect()
    };
    let powers = by(&[1.0]);
    if powers.len() > wanted.max(3) {
        let every = powers.len().div_ceil(wanted.max(3));
        return powers.into_iter().step_by(every).collect();
    }
    if powers.len() >= 3 {
        return powers;
    }
    let finer = by(&[1.0, 2.0, 5.0]);
    if finer.len() >= 2 {
        finer
    } else {
        ticks(low, high, wanted).into_iter().filter(|tick| *tick > 0.0).collect()
    }
}

/// Digits after the point that tell neighbouring ticks apart.
pub fn tick_decimals(ticks: &[f64]) -> usize {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if step.is_finite() && step > 0.0 {
        (-(step * 1.001).log10().floor()).clamp(0.0, 8.0) as usize
    } else {
        0
    }
}

/// The ticks of a linear axis in words of one form: `0,2`, or `2·10⁻⁵` where that would be long.
pub fn tick_texts(ticks: &[f64], language: Language) -> Vec<String> {
    let decimals = tick_decimals(ticks);
    let largest = ticks.iter().fold(0.0f64, |largest, tick| largest.max(tick.abs()));
    if decimals > 4 && largest < 1e-3 || largest >= 10f64.powi(MOST_DIGITS) {
        let power = largest.log10().floor() as i32;
        let scaled: Vec<f64> = ticks.iter().map(|tick| tick / 10f64.powi(power)).collect();
        let decimals = tick_decimals(&scaled);
        let text = |tick: &f64| {
            let number = language.decimal(*tick, decimals);
            if *tick == 0.0 { "0".to_owned() } else { format!("{number}·10{}", superscript(power)) }
        };
        return scaled.iter().map(text).collect();
    }
    ticks.iter().map(|tick| language.decimal(*tick, decimals)).collect()
}

/// The ticks of a logarithmic axis, each as short as it can be.
pub fn log_tick_texts(ticks: &[f64], language: Language) -> Vec<String> {
    let text = |tick: &f64| {
        let power = (tick * 1.0001).log10().floor() as i32;
        if (-3..MOST_DIGITS).contains(&power) {
            return language.short(*tick, 6);
        }
        let unit = tick / 10f64.powi(power);
        let ten = format!("10{}", superscript(power));
        if (unit - 1.0).abs() < 1e-6 { ten } else { format!("{}·{ten}", language.short(unit, 2)) }
    };
    ticks.iter().map(text).collect()
}

/// A value with about four digits that mean something.
pub fn value_text(value: f64, language: Language) -> String {
    if !value.is_finite() || value == 0.0 {
        return language.decimal(value, 0);
    }
    let power = value.abs().log10().floor() as i32;
    if (-5..MOST_DIGITS).contains(&power) {
        return language.short(value, (3 - power).clamp(0, 8) as usize);
    }
    format!("{}·10{}", language.short(value / 10f64.powi(power), 3), superscript(power))
}

fn superscript(number: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    };
    number.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        let small = ticks(0.03, 0.29, 4);
        assert_eq!(small.len(), 2, "{small:?}");
        assert_eq!(tick_decimals(&small), 1);
        assert_eq!(ticks(3.0, 3.0, 4), [3.0]);
    }

    #[test]
    fn a_logarithmic_axis_has_powers_of_ten_and_what_lies_between_when_they_are_few() {
        assert_eq!(log_ticks(0.01, 10.0, 5).len(), 4);
        assert_eq!(
            log_tick_texts(&log_ticks(0.05, 2.5, 5), Language::Ru),
            ["0,05", "0,1", "0,2", "0,5", "1", "2"]
        );
        assert!(log_ticks(1e-12, 1.0, 5).len() <= 7);
        assert!(log_ticks(0.31, 0.42, 5).len() >= 2);
        assert_eq!(log_tick_texts(&[1e-6, 2e-6, 1e7], Language::En), ["10⁻⁶", "2·10⁻⁶", "10⁷"]);
    }

    #[test]
    fn small_numbers_are_written_as_powers_and_never_as_nothing() {
        assert_eq!(tick_texts(&ticks(0.0, 5e-5, 5), Language::Ru)[1], "1·10⁻⁵");
        assert_eq!(tick_texts(&ticks(0.0, 0.001, 5), Language::Ru)[1], "0,0002");
        assert_eq!(tick_texts(&[0.0, 0.5, 1.0], Language::Ru), ["0,0", "0,5", "1,0"]);
        assert_eq!(value_text(0.000_012_34, Language::Ru), "0,00001234");
        assert_eq!(value_text(1.234e-9, Language::En), "1.234·10⁻⁹");
        assert_eq!(value_text(0.001, Language::En), "0.001");
        assert_eq!(value_text(12_345.6, Language::En), "12,346");
        assert_eq!(value_text(f64::NAN, Language::Ru), "NaN");
    }
}
