//! What goes wrong around a training: other tabs, a hidden tab, a clock that jumps, a storage that is wiped, a new
//! version, a network that is cut. What is done stays done, and the page says what happened.

use std::time::Duration;

use serde_json::json;
use svertka::engine::layers::{DenseSpec, FlattenSpec};
use svertka::engine::presets::Preset;
use svertka::engine::spec::RunSpec;
use svertka::tensor::Shape;
use svertka::ui::locale::Language;
use svertka::ui::pages::training::{model_named, to_query};
use svertka::ui::routes::{Location, Route};
use tokio::time::sleep;

use super::update::{make_second_version, wait_for_offline_copy};
use crate::browser::{Lab, SOON};
use crate::harness::{Setup, dist, drive};
use crate::pages::evaluation;
use crate::pages::training::{self, Run, TRAINING};

/// Long enough to do something to it, short enough to see its end.
const RUN: Run = Run { epochs: 40, ..Run::SECOND };

#[test]
fn two_tabs_train_at_once_and_both_runs_are_kept() {
    drive(Setup::new("two_tabs", Language::En), async |lab: Lab| {
        lab.open("").await;
        training::follow(&lab, &RUN).await;
        training::start(&lab).await;
        training::wait_for_batches(&lab, 1).await;
        let first = lab.client.window().await.unwrap();
        let second = lab.client.new_window(true).await.unwrap().handle;
        lab.client.switch_to_window(second).await.unwrap();
        lab.open("").await;
        let other = training::train(&lab, &Run { seed: 2, ..RUN }).await;
        lab.client.switch_to_window(first).await.unwrap();
        let one = training::wait_for_end(&lab).await;
        assert!(one > 0.3 && other > 0.3, "validation accuracies {one} and {other}");
        lab.visit("runs").await;
        let rows = "return document.querySelectorAll('[data-testid=runs] tbody tr').length";
        lab.until_true("both runs", SOON, async || lab.read::<usize>(rows, vec![]).await == 2).await;
        // Neither has taken anything from the other: the same seed alone gives the same weights.
        let together = evaluation::predictions(&lab).await;
        training::train(&lab, &RUN).await;
        assert_eq!(evaluation::predictions(&lab).await, together);
    });
}

#[test]
fn a_network_that_takes_more_memory_than_there_is_is_refused_in_words() {
    drive(Setup::new("no_memory", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        training::train(&lab, &Run::SECOND).await;
        let kept = evaluation::predictions(&lab).await;
        // A quarter of a billion parameters: with Adam's memory of them ten gigabytes.
        let dense = |units| DenseSpec { units, ..DenseSpec::default() }.into();
        let layers = vec![
            FlattenSpec::default().into(),
            dense(80_000),
            dense(784),
            dense(80_000),
            dense(784),
            dense(10),
        ];
        let mut job = RunSpec::new(model_named(Shape::from([28, 28, 1]), layers));
        (job.data.samples, job.data.test_samples) = (2_000, 100);
        let location = Location { route: Some(Route::Training), query: to_query(&job) };
        lab.client.execute("location.hash = arguments[0]", vec![location.to_hash().into()]).await.unwrap();
        training::start(&lab).await;
        let said = lab.words.say("errors.out_of_memory");
        lab.see(said.split("{{").next().unwrap().trim(), TRAINING).await;
        assert_eq!(evaluation::predictions(&lab).await, kept, "the network from before");
        assert!(training::train(&lab, &Run::SECOND).await > 0.3, "the next run begins");
    });
}

#[test]
fn a_hidden_tab_goes_on_training() {
    drive(Setup::new("hidden_tab", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        let long =
            Run { preset: Preset::Lenet5, samples: 7_000, validation_samples: 1_000, epochs: 200, ..RUN };
        training::follow(&lab, &long).await;
        training::start(&lab).await;
        training::wait_for_batches(&lab, 1).await;
        let first = lab.client.window().await.unwrap();
        let second = lab.client.new_window(true).await.unwrap().handle;
        lab.client.switch_to_window(second.clone()).await.unwrap();
        // Long enough for Chromium to slow down the timers of a page that nobody sees.
        sleep(Duration::from_secs(20)).await;
        lab.client.close_window().await.unwrap();
        lab.client.switch_to_window(first).await.unwrap();
        let done = lab.until("a run in progress", SOON, async || training::batch(&lab).await).await;
        // Twenty seconds of this network are hundreds of batches; a worker asleep would have done none.
        assert!(done > 100, "only {done} batches were done in twenty seconds out of sight");
        lab.press("training.run.stop").await;
        training::wait_for_end(&lab).await;
    });
}

#[test]
fn a_clock_that_is_set_back_harms_no_run() {
    let setup = Setup {
        script: "window.shift = 0; const now = Date.now.bind(Date); Date.now = () => now() + window.shift;",
        ..Setup::new("clock", Language::En)
    };
    drive(setup, async |lab: Lab| {
        lab.open("").await;
        training::follow(&lab, &RUN).await;
        training::start(&lab).await;
        lab.until_true("an epoch", TRAINING, async || training::epochs(&lab).await >= 1).await;
        lab.client.execute("window.shift = -86_400_000 * 400", vec![]).await.unwrap();
        training::wait_for_end(&lab).await;
        let shown = lab.page_text().await;
        for odd in ["NaN s", "Infinity", "\u{2212}1 s", "-1 s"] {
            assert!(!shown.contains(odd), "the page shows {odd}");
        }
        lab.visit("runs").await;
        let rows = "return document.querySelectorAll('[data-testid=runs] tbody tr').length";
        lab.until_true("the run", SOON, async || lab.read::<usize>(rows, vec![]).await == 1).await;
    });
}

#[test]
fn a_storage_that_is_wiped_under_a_run_costs_no_result() {
    drive(Setup::new("wiped", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        training::follow(&lab, &RUN).await;
        training::start(&lab).await;
        lab.until_true("an epoch", TRAINING, async || training::epochs(&lab).await >= 1).await;
        let origin: String = lab.read("return location.origin", vec![]).await;
        lab.cdp("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" })).await;
        let reached = training::wait_for_end(&lab).await;
        assert!(reached > 0.3, "validation accuracy {reached}");
        assert_eq!(training::epochs(&lab).await, RUN.epochs, "every epoch once");
        let kept = evaluation::predictions(&lab).await;
        training::train(&lab, &RUN).await;
        assert_eq!(evaluation::predictions(&lab).await, kept, "the same as with a storage");
    });
}

#[test]
fn a_new_version_waits_for_a_run_to_end() {
    drive(Setup::new("update_training", Language::En), async |lab: Lab| {
        lab.open("").await;
        wait_for_offline_copy(&lab).await;
        lab.reload().await;
        // Long enough to be in progress still when the new version is there.
        let run = Run { samples: 7_000, validation_samples: 1_000, ..RUN };
        training::follow(&lab, &run).await;
        training::start(&lab).await;
        training::wait_for_batches(&lab, 1).await;
        let next = lab.folder.join("next");
        make_second_version(&dist(), &next);
        lab.site.borrow().replace(&next);
        let look =
            "return navigator.serviceWorker.getRegistration().then(it => it.update()).then(() => true)";
        assert!(lab.read::<bool>(look, vec![]).await);
        lab.see(&lab.words.say("common.update.ready"), SOON).await;
        // The old version goes on to the end, workers and all, though other files lie on the server.
        training::wait_for_end(&lab).await;
        assert_eq!(training::epochs(&lab).await, run.epochs);
        assert!(evaluation::evaluate(&lab).await > 0.3);
    });
}

#[test]
fn a_dataset_is_fetched_on_purpose_and_trains_without_a_network() {
    let setup = Setup {
        expected_errors: &["net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED"],
        ..Setup::new("offline_data", Language::Ru)
    };
    drive(setup, async |lab: Lab| {
        lab.open("").await;
        wait_for_offline_copy(&lab).await;
        lab.reload().await;
        lab.open("#/device").await;
        let fetch = lab.words.say_with("device.offline.fetch", &[("name", "MNIST")]);
        lab.click("button", &fetch).await;
        let remove = lab.words.say_with("device.offline.remove", &[("name", "MNIST")]);
        let is_here = async || {
            lab.peek("button", Some(&fetch)).await.is_none()
                && lab.peek("button", Some(&remove)).await.is_some()
        };
        lab.until_true("all of MNIST on this device", TRAINING, is_here).await;
        lab.go_offline().await;
        lab.reload().await;
        let all = Run { samples: 60_000, validation_samples: 10_000, ..Run::SECOND };
        let reached = training::train(&lab, &all).await;
        assert!(reached > 0.9, "validation accuracy {reached}");
        lab.open("#/device").await;
        lab.click("button", &remove).await;
        lab.until_true("MNIST offered again", SOON, async || {
            lab.peek("button", Some(&fetch)).await.is_some()
        })
        .await;
    });
}
