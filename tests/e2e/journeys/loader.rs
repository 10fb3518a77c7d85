//! Shards that do not come as they should, and what the page says of it.

use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};
use crate::site::Fault;

/// The first file that training needs, as on the host and as the page names it.
const FILE: &str = "data/mnist/train-00.bin";
const NAME: &str = "mnist/train-00.bin";

#[test]
fn every_damage_is_named_and_trying_again_helps() {
    let setup = Setup {
        // The console lists every request that failed.
        expected_errors: &["Failed to load resource", "net::ERR_CONNECTION_REFUSED"],
        ..Setup::new("loader", Language::Ru)
    };
    drive(setup, async |lab: Lab| {
        let kinds = [
            (Fault::Altered, "errors.shard.altered"),
            (Fault::Truncated, "errors.shard.truncated"),
            (Fault::Unavailable, "errors.data.unreadable"),
            (Fault::Missing, "errors.data.missing"),
        ];
        lab.open(&Run::default().link()).await;
        for (idx, (fault, path)) in kinds.into_iter().enumerate() {
            lab.site.borrow().spoil(FILE, fault);
            if idx == 0 {
                training::start(&lab).await;
            } else {
                lab.press("training.failed.again").await;
            }
            see_failure(&lab, path).await;
        }
        lab.site.borrow().repair(FILE);
        lab.site.borrow().stop();
        lab.press("training.failed.again").await;
        see_failure(&lab, "errors.data.no_answer").await;

        lab.site.borrow_mut().go_on();
        lab.press("training.failed.again").await;
        training::wait_for_end(&lab).await;
    });
}

#[test]
fn a_damage_that_passes_is_got_over_without_a_click() {
    drive(Setup::new("loader_retry", Language::En), async |lab: Lab| {
        lab.open(&Run::default().link()).await;
        lab.site.borrow().spoil(FILE, Fault::Altered);
        training::start(&lab).await;
        let announced = async || lab.text("main").await.contains(NAME);
        lab.until_true("the next attempt announced", SOON, announced).await;
        lab.site.borrow().repair(FILE);
        training::wait_for_end(&lab).await;
    });
}

/// Waits for an alert with the file's name and these words.
async fn see_failure(lab: &Lab, path: &str) {
    let look = async || {
        let alert = lab.text("[role=alert]").await;
        let has_words = lab.words.says(&alert, path);
        alert.contains(NAME) && has_words && lab.can_press("training.failed.again").await
    };
    lab.until_true(&format!("{path} for {NAME}"), SOON, look).await;
}
