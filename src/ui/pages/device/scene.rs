//! What the page shows of a measurement, as data.

use super::state::DeviceState;
use crate::engine::presets::Preset;
use crate::engine::work;
use crate::protocol::Quantity;
use crate::speed::workload::WORKLOADS;
use crate::ui::locale::Language;

/// Images of an epoch over a whole dataset.
pub const EPOCH_IMAGES: f64 = 60_000.0;

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

/// One line for each network, whether anything is known of it or not.
pub fn lines(language: Language, state: &DeviceState) -> Vec<Line> {
    let line = |(workload, (_, preset)): (usize, &(&str, Preset))| {
        let workload = workload as u8;
        let training = state.rate(Quantity::Training { workload });
        let prediction = state.rate(Quantity::Prediction { workload });
        let operations = work::training_flop(&preset.spec()).unwrap_or_default();
        let of_peak = |rate: f64| Some(language.percent(rate * operations / state.rate(Quantity::Peak)?, 0));
        Line {
            preset: *preset,
            images: training.map(|rate| language.count(two_digits(rate) as usize)),
            epoch: training.map(|rate| time(language, EPOCH_IMAGES / rate)),
            of_peak: training.and_then(of_peak),
            prediction: prediction.map(|rate| time(language, 1.0 / rate)),
        }
    };
    WORKLOADS.iter().enumerate().map(line).collect()
}

/// The peak in thousand millions of operations per second.
pub fn peak(language: Language, state: &DeviceState) -> Option<String> {
    let giga = state.rate(Quantity::Peak)? / 1e9;
    Some(language.decimal(giga, usize::from(giga < 10.0)))
}

fn time(language: Language, seconds: f64) -> Time {
    let (value, unit) = if seconds < 1.0 {
        (seconds * 1e3, Unit::Milliseconds)
    } else if seconds < 120.0 {
        (seconds, Unit::Seconds)
    } else {
        (seconds / 60.0, Unit::Minutes)
    };
    let decimals = if value < 1.0 { 2 } else { usize::from(value < 10.0) };
    Time { number: language.decimal(value, decimals), unit }
}

/// A rate without digits that the next measurement would change.
fn two_digits(rate: f64) -> f64 {
    let step = 10f64.powf(rate.max(1.0).log10().floor() - 1.0).max(1.0);
    (rate / step).round() * step
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
        assert_eq!(lines.len(), 3);
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
        let line = &lines(Language::En, &state)[1];
        assert_eq!(line.preset, Preset::KerasCnn);
        assert_eq!(line.images.as_deref(), Some("1,200"));
        assert_eq!(line.epoch, Some(Time { number: "49".to_owned(), unit: Unit::Seconds }));
        assert_eq!(line.of_peak.as_deref(), Some("38%"));
        assert_eq!(line.prediction, Some(Time { number: "2.5".to_owned(), unit: Unit::Milliseconds }));
        assert_eq!(peak(Language::Ru, &state).as_deref(), Some("50"));
        let long = time(Language::Ru, 150.0);
        assert_eq!(long, Time { number: "2,5".to_owned(), unit: Unit::Minutes });
    }
}
