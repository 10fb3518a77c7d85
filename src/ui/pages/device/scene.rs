//! What the page shows of a measurement, as data.

use super::state::DeviceState;
use crate::engine::presets::Preset;
use crate::engine::work;
use crate::protocol::Quantity;
use crate::speed::workload::WORKLOADS;
use crate::ui::locale::Language;

/// Images of an epoch over a whole dataset.
pub const EPOCH_IMAGES: usize = 60_000;

/// What a duration is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A thousandth of a second.
    Milliseconds,
    /// For less than two minutes.
    Seconds,
    /// For what is longer.
    Minutes,
}

/// A duration as people say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// Two digits that mean something.
    pub number: String,
    /// Of what.
    pub unit: Unit,
}

/// What is known of one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which one.
    pub preset: Preset,
    /// Images per second in training.
    pub images: Option<String>,
    /// An epoch of [`EPOCH_IMAGES`].
    pub epoch: Option<Time>,
    /// The part of the peak that training reaches.
    pub of_peak: Option<String>,
    /// One image through the network.
    pub prediction: Option<Time>,
}

/// One line for each network that is measured, in the order of the training page, whether anything is
/// known of it or not.
pub fn lines(language: Language, state: &DeviceState) -> Vec<Line> {
    let line = |preset: Preset| {
        let workload = WORKLOADS.iter().position(|(_, measured)| *measured == preset)? as u8;
        let training = state.rate(Quantity::Training { workload });
        let prediction = state.rate(Quantity::Prediction { workload });
        let operations = work::training_flop(&preset.spec()).unwrap_or_default();
        let of_peak = |rate: f64| {
            let (percent, decimals) = two_digits(100.0 * rate * operations / state.rate(Quantity::Peak)?);
            Some(language.percent(percent / 100.0, decimals))
        };
        Some(Line {
            preset,
            images: training.map(|rate| number(language, rate)),
            epoch: training.map(|rate| time(language, EPOCH_IMAGES as f64 / rate)),
            of_peak: training.and_then(of_peak),
            prediction: prediction.map(|rate| time(language, 1.0 / rate)),
        })
    };
    Preset::ALL.into_iter().filter_map(line).collect()
}

/// The peak in thousand millions of operations per second.
pub fn peak(language: Language, state: &DeviceState) -> Option<String> {
    Some(number(language, state.rate(Quantity::Peak)? / 1e9))
}

fn time(language: Language, seconds: f64) -> Time {
    // Rounded first, so that a second is not told as 1,000 ms.
    let (seconds, _) = two_digits(seconds);
    let (value, unit) = if seconds < 1.0 {
        (seconds * 1e3, Unit::Milliseconds)
    } else if seconds < 120.0 {
        (seconds, Unit::Seconds)
    } else {
        (seconds / 60.0, Unit::Minutes)
    };
    Time { number: number(language, value), unit }
}

/// A number without digits that the next measurement would change.
fn number(language: Language, value: f64) -> String {
    let (value, decimals) = two_digits(value);
    language.decimal(value, decimals)
}

/// A number rounded to two digits, and how many of them are behind the point.
fn two_digits(value: f64) -> (f64, usize) {
    // The exponent is read from the rounded number: 9.96 becomes 10 and not 10.0.
    let scientific = format!("{value:.1e}");
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    let decimals = usize::try_from(1 - exponent.unwrap_or(0)).unwrap_or(0);
    (scientific.parse().unwrap_or(value), decimals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{RunId, WorkerEvent};

    fn state(rates: &[(Quantity, f64)]) -> DeviceState {
        let mut state = DeviceState::default();
        state.begin(RunId(1));
        for (quantity, per_second) in rates {
            let (run, total) = (RunId(1), rates.len());
            state.apply(WorkerEvent::Measured { run, quantity: *quantity, per_second: *per_second, total });
        }
        state
    }

    #[test]
    fn an_unknown_device_has_lines_without_numbers() {
        let lines = lines(Language::En, &DeviceState::default());
        let measured = [Preset::Mlp, Preset::Lenet5, Preset::KerasCnn];
        assert_eq!(lines.iter().map(|line| line.preset).collect::<Vec<_>>(), measured);
        assert!(lines.iter().all(|line| line.images.is_none() && line.of_peak.is_none()));
        assert_eq!(peak(Language::En, &DeviceState::default()), None);
    }

    #[test]
    fn numbers_are_those_that_people_say() {
        let state = state(&[
            (Quantity::Peak, 50e9),
            (Quantity::Training { workload: 1 }, 1_234.0),
            (Quantity::Prediction { workload: 1 }, 400.0),
        ]);
        let lines = lines(Language::En, &state);
        let line = lines.iter().find(|line| line.preset == Preset::KerasCnn).unwrap();
        assert_eq!(line.images.as_deref(), Some("1,200"));
        assert_eq!(line.epoch, Some(Time { number: "49".to_owned(), unit: Unit::Seconds }));
        assert_eq!(line.of_peak.as_deref(), Some("38%"));
        assert_eq!(line.prediction, Some(Time { number: "2.5".to_owned(), unit: Unit::Milliseconds }));
        assert_eq!(peak(Language::Ru, &state).as_deref(), Some("50"));
    }

    #[test]
    fn every_time_has_two_digits() {
        let told = |seconds| {
            let Time { number, unit } = time(Language::Ru, seconds);
            (number, unit)
        };
        let told_as = |number: &str, unit| (number.to_owned(), unit);
        assert_eq!(told(0.000_028_4), told_as("0,028", Unit::Milliseconds));
        assert_eq!(told(0.000_17), told_as("0,17", Unit::Milliseconds));
        assert_eq!(told(0.521), told_as("520", Unit::Milliseconds));
        assert_eq!(told(0.999), told_as("1,0", Unit::Seconds));
        assert_eq!(told(9.96), told_as("10", Unit::Seconds));
        assert_eq!(told(119.0), told_as("2,0", Unit::Minutes));
        assert_eq!(told(150.0), told_as("2,5", Unit::Minutes));
        assert_eq!(number(Language::En, 123.4), "120");
    }
}
