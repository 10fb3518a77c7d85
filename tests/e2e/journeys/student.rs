//! A lesson from the first click to the saved file, and again without a network.

use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;

use super::convolution::watch_the_filter;
use super::update::wait_for_offline_copy;
use crate::browser::Lab;
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};
use crate::pages::{evaluation, files};

/// Five thousand images of the real MNIST, of which a thousand validate.
const LESSON: Run = Run {
    preset: Preset::Lenet5,
    samples: 5_000,
    validation_samples: 1_000,
    batch_size: 64,
    epochs: 3,
    seed: 1,
};
/// What a student should see, of 1.
const GOOD: f64 = 0.9;

#[test]
fn a_student_trains_tests_saves_and_goes_on_offline() {
    let setup = Setup {
        // Asking for the newest list of shards fails without a network, and the kept one is taken.
        expected_errors: &["net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED"],
        ..Setup::new("student", Language::Ru)
    };
    drive(setup, async |lab: Lab| {
        lab.open("").await;
        watch_the_filter(&lab).await;

        lab.visit("training").await;
        training::fill_in(&lab, &LESSON).await;
        training::start(&lab).await;
        let trained = training::wait_for_end(&lab).await;
        assert!(trained >= GOOD, "validation accuracy {trained}");

        let tested = evaluation::evaluate(&lab).await;
        assert!(tested >= GOOD, "test accuracy {tested}");
        let confused = evaluation::open_worst_cell(&lab).await;
        assert!(confused > 0);
        let before = evaluation::predictions(&lab).await;
        files::save(&lab).await;

        wait_for_offline_copy(&lab).await;
        lab.go_offline().await;
        lab.reload().await;
        assert!(!lab.can_press("evaluation.test.start").await, "a reload forgets the network");
        files::load(&lab).await;
        assert_eq!(evaluation::predictions(&lab).await, before, "predictions of the loaded files");
        assert_eq!(evaluation::evaluate(&lab).await, tested);

        let again = training::train(&lab, &LESSON).await;
        assert_eq!(again, trained, "the same run offline");
        assert_eq!(evaluation::predictions(&lab).await, before, "predictions of the same run offline");
    });
}
