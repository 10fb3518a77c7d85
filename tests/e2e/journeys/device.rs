//! The reader asks how fast the device is.

use std::time::Duration;

use svertka::ui::locale::Language;

use crate::browser::Lab;
use crate::harness::{Setup, drive};

/// Seven quantities of two seconds each, and a busy machine.
const MEASURING: Duration = Duration::from_secs(90);

#[test]
fn a_device_is_measured_from_the_peak_to_the_last_network() {
    drive(Setup::new("device", Language::Ru), async |lab: Lab| {
        lab.open("#/device").await;
        lab.press("device.measure.start").await;
        let known = async || numbers(&lab).await == 12;
        lab.until_true("four numbers for each of three networks", MEASURING, known).await;
        assert!(!lab.read::<bool>(IS_MEASURING, vec![]).await, "it is over with the last number");
    });
}

const IS_MEASURING: &str = "return document.querySelector('.device [role=progressbar]') !== null";
const NUMBERS: &str =
    r"return [...document.querySelectorAll('.device td')].filter(it => /\d/.test(it.textContent)).length";

/// Cells of the table that hold a number.
async fn numbers(lab: &Lab) -> usize {
    lab.read(NUMBERS, vec![]).await
}
