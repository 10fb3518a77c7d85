//! The reader asks how fast the device is.

use std::time::Duration;

use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};

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
        wait_for_voice(&lab, "device.measure.done").await;
    });
}

#[test]
fn a_measurement_goes_on_without_its_page_and_no_training_disturbs_it() {
    drive(Setup::new("device_left", Language::En), async |lab: Lab| {
        lab.open("#/device").await;
        lab.press("device.measure.start").await;
        wait_for_voice(&lab, "device.measure.begun").await;
        training::follow(&lab, &Run::default()).await;
        lab.see(&lab.words.say("training.problem.measuring"), SOON).await;
        assert!(!lab.can_press("training.run.start").await, "training would share the processor");
        wait_for_voice(&lab, "device.measure.done").await;
        training::start(&lab).await;
        training::wait_for_end(&lab).await;
        lab.click("footer a", &lab.words.say("common.nav.device")).await;
        let known = async || numbers(&lab).await == 12;
        lab.until_true("what was found while the page was left", SOON, known).await;
    });
}

const IS_MEASURING: &str = "return document.querySelector('.device [role=progressbar]') !== null";
const NUMBERS: &str =
    r"return [...document.querySelectorAll('.device td')].filter(it => /\d/.test(it.textContent)).length";
const VOICE: &str = "return document.querySelector('.shell + [role=status]').textContent";

/// Cells of the table that hold a number.
async fn numbers(lab: &Lab) -> usize {
    lab.read(NUMBERS, vec![]).await
}

/// Waits until a screen reader is told what the text at a path says.
async fn wait_for_voice(lab: &Lab, path: &str) {
    let is_said = async || lab.words.says(&lab.read::<String>(VOICE, vec![]).await, path);
    lab.until_true(&format!("the voice that says {path}"), MEASURING, is_said).await;
}
