//! Runs are kept: a reload costs at most one epoch, and what goes on ends with the same bits.

use std::time::Duration;

use serde_json::json;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::evaluation;
use crate::pages::training::{self, Run, TRAINING};

/// Between an epoch's end and its being stored.
const STORED: Duration = Duration::from_secs(10);

#[test]
fn a_reload_costs_at_most_one_epoch_and_the_run_ends_with_the_same_bits() {
    drive(Setup::new("runs_reload", Language::En), async |lab: Lab| {
        let run = Run { samples: 4_000, epochs: 12, ..Run::default() };
        lab.open("").await;
        training::follow(&lab, &run).await;
        training::start(&lab).await;
        lab.until_true("two epochs", TRAINING, async || training::epochs(&lab).await >= 2).await;
        let before = training::epochs(&lab).await;
        lab.reload().await;

        let offered = async || lab.peek_id("continue").await.is_some();
        lab.until_true("the offer to go on", STORED, offered).await;
        lab.click_id("go-on").await;
        lab.until_true("its past in the log", SOON, async || training::epochs(&lab).await + 1 >= before)
            .await;
        training::wait_for_end(&lab).await;
        assert_eq!(training::epochs(&lab).await, run.epochs, "every epoch once");
        let continued = evaluation::predictions(&lab).await;

        training::train(&lab, &run).await;
        assert_eq!(evaluation::predictions(&lab).await, continued, "the same as without a reload");

        lab.visit("runs").await;
        let rows = "return document.querySelectorAll('[data-testid=runs] tbody tr').length";
        lab.until_true("both runs", SOON, async || lab.read::<usize>(rows, vec![]).await == 2).await;
        let choose = "document.querySelectorAll('[data-testid=runs] tbody input').forEach(it => it.click())";
        lab.client.execute(choose, vec![]).await.unwrap();
        lab.see(&lab.words.say("runs.compare.identical"), SOON).await;
        lab.see(&lab.words.say("runs.compare.same_split"), SOON).await;
    });
}

#[test]
fn a_deleted_run_comes_back_and_a_kept_one_outlives_the_page() {
    drive(Setup::new("runs_delete", Language::En), async |lab: Lab| {
        lab.open("").await;
        training::train(&lab, &Run::default()).await;
        lab.visit("runs").await;
        let rows = "return document.querySelectorAll('[data-testid=runs] tbody tr').length";
        let count = async |expected: usize| {
            let look = async || lab.read::<usize>(rows, vec![]).await == expected;
            lab.until_true(&format!("{expected} runs"), SOON, look).await;
        };
        count(1).await;
        lab.press("runs.remove.all").await;
        lab.press("runs.remove.yes").await;
        count(0).await;
        lab.press("runs.remove.undo").await;
        count(1).await;
        // It is stored again a moment later.
        tokio::time::sleep(Duration::from_secs(1)).await;
        lab.reload().await;
        count(1).await;
        lab.client
            .execute("document.querySelector('[data-testid=runs] tbody input').click()", vec![])
            .await
            .unwrap();
        lab.click("button", &lab.words.say_with("runs.open.last", &[("epoch", "1")])).await;
        lab.see(&lab.words.say("runs.open.done"), SOON).await;
        assert!(evaluation::evaluate(&lab).await > 0.3, "the weights that were kept");
    });
}

#[test]
fn a_full_storage_is_said_and_what_did_not_fit_is_kept_once_there_is_room() {
    drive(Setup::new("runs_full", Language::En), async |lab: Lab| {
        lab.open("").await;
        // Before anything is stored: afterwards Chromium believes for half a minute that there is room.
        let origin: String = lab.read("return location.origin", vec![]).await;
        let quota = json!({ "origin": origin, "quotaSize": 1 });
        lab.cdp("Storage.overrideQuotaForOrigin", quota).await;
        training::train(&lab, &Run { seed: 2, ..Run::default() }).await;
        let is_said = async || lab.peek_id("trouble").await.is_some();
        lab.until_true("what could not be kept", STORED, is_said).await;
        lab.cdp("Storage.overrideQuotaForOrigin", json!({ "origin": origin })).await;
        training::train(&lab, &Run { seed: 3, ..Run::default() }).await;
        lab.until_true("the trouble to be over", STORED, async || !is_said().await).await;
    });
}
