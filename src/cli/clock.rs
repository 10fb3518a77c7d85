//! The time of day, for files that say when they were written.

#[expect(
    clippy::disallowed_types,
    reason = "the command line has a clock; the formats are told the time"
)]
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// Seconds since the beginning of 1970.
#[expect(clippy::disallowed_types, reason = "as above")]
pub fn seconds() -> f64 {
    // A clock that stands before 1970 is wrong anyway.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// Now in UTC, `2026-11-29@13:05:00`, as Keras writes it.
pub fn date() -> String {
    date_of(seconds() as u64)
}

/// The date `seconds` after the beginning of 1970.
fn date_of(seconds: u64) -> String {
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March here, so that the day that is sometimes there is their last: 400 of them have 146,097
    // days, and their months 153 in every five. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let day = days + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = 400 * era + year_of_era + u64::from(month < 3);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}@{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By Python's `datetime.fromtimestamp(seconds, UTC)`.
    #[test]
    fn seconds_become_dates() {
        let cases = [
            (0, "1970-01-01@00:00:00"),
            (951_782_399, "2000-02-28@23:59:59"),
            (951_782_400, "2000-02-29@00:00:00"),
            (1_795_957_500, "2026-11-29@13:05:00"),
            (4_107_542_400, "2100-03-01@00:00:00"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(date_of(seconds), expected);
        }
    }
}
