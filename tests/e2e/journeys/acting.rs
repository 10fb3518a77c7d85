//! Callbacks act in a run, say why, and what they saved is taken home; the learning rate is changed in the middle.

use std::path::Path;
use std::sync::Arc;

use svertka::data::files;
use svertka::engine::callbacks::{
    BackupAndRestoreSpec, CallbackSpec, CsvLoggerSpec, EarlyStoppingSpec, ModelCheckpointSpec,
    ReduceLrOnPlateauSpec, TensorBoardSpec, TerminateOnNanSpec,
};
use svertka::engine::event::TrainEvent;
use svertka::engine::model::Sequential;
use svertka::engine::presets::Preset;
use svertka::engine::spec::RunSpec;
use svertka::engine::trainer::{Step, Trainer};
use svertka::formats::write_weights;
use svertka::ui::locale::Language;
use svertka::ui::pages::training::to_query;
use svertka::ui::routes::{Location, Route};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::{evaluation, training};

const LINES: &str = "return [...document.querySelectorAll('.event-log__line')].map(it => it.innerText)";

/// Nothing gets better by 10, so that every callback waits from the second epoch on.
fn job() -> RunSpec {
    let mut job = RunSpec::new(Preset::Mlp.spec());
    (job.data.samples, job.data.validation_samples, job.data.test_samples) = (1_000, 200, 1_000);
    (job.fit.epochs, job.fit.batch_size) = (9, 64);
    job.fit.callbacks = vec![
        CallbackSpec::ReduceLrOnPlateau(ReduceLrOnPlateauSpec {
            patience: 1,
            min_delta: 10.0,
            factor: 0.5,
            ..ReduceLrOnPlateauSpec::default()
        }),
        CallbackSpec::ModelCheckpoint(ModelCheckpointSpec {
            filepath: "epoch-{epoch:02d}.weights.h5".to_owned(),
            save_weights_only: true,
            ..ModelCheckpointSpec::default()
        }),
        CallbackSpec::CsvLogger(CsvLoggerSpec::default()),
        CallbackSpec::TensorBoard(TensorBoardSpec::default()),
        CallbackSpec::BackupAndRestore(BackupAndRestoreSpec::default()),
        CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default()),
        CallbackSpec::EarlyStopping(EarlyStoppingSpec {
            patience: 3,
            min_delta: 10.0,
            restore_best_weights: true,
            ..EarlyStoppingSpec::default()
        }),
    ];
    job
}

fn link(job: &RunSpec) -> String {
    Location { route: Some(Route::Training), query: to_query(job) }.to_hash()
}

/// The weights file after so many epochs of the run, computed on this machine.
fn weights_after(job: &RunSpec, epochs: usize) -> Vec<u8> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let (_, images, _) = files::load(&data, job.data.dataset, job.data.samples, 0).unwrap();
    let model = Sequential::new(&job.model, job.seed).unwrap();
    let mut trainer = Trainer::new(model, job, Arc::new(images));
    loop {
        match trainer.step() {
            Step::Continue(TrainEvent::EpochEnd { epoch, .. }) if epoch + 1 == epochs => break,
            Step::Continue(_) => {}
            Step::Done => panic!("the run ends before epoch {epochs}"),
        }
    }
    write_weights(&job.model, trainer.model().params()).unwrap()
}

/// Waits until the log has a line that says what the text at `path` does.
async fn until_logged(lab: &Lab, path: &str) {
    let is_there = async || {
        let lines: Vec<String> = lab.read(LINES, vec![]).await;
        lines.iter().any(|line| lab.words.says(line, path))
    };
    lab.until_true(&format!("{path} in the log"), SOON, is_there).await;
}

#[test]
fn every_callback_acts_and_says_why_and_its_files_are_taken_home() {
    drive(Setup::new("acting", Language::En), async |lab: Lab| {
        let job = job();
        lab.open(&link(&job)).await;
        training::start(&lab).await;
        training::wait_for_end(&lab).await;
        // The best was the first epoch; three more were waited for.
        assert_eq!(training::epochs(&lab).await, 4);
        for path in ["plateau.reduced", "stopped", "restored", "callback_other"] {
            until_logged(&lab, &format!("training.log.{path}")).await;
        }
        let stands = "return [...document.querySelectorAll('.callback-stand')].map(it => it.innerText)";
        let stands: Vec<String> = lab.read(stands, vec![]).await;
        assert_eq!(stands.len(), job.fit.callbacks.len());
        assert!(stands.iter().all(|text| !text.trim().is_empty()), "{stands:#?}");

        // Every file is on the shelf, and is what this machine computes after that epoch.
        let name = |epoch: usize| format!("epoch-{epoch:02}.weights.h5");
        let save = async |epoch: usize| {
            let button = lab.words.say_with("runs.checkpoint.weights_of", &[("name", &name(epoch))]);
            lab.click("button", &button).await;
            lab.downloaded(&format!("{}.safetensors", name(epoch))).await
        };
        for epoch in 1..=4 {
            assert!(save(epoch).await == weights_after(&job, epoch), "the weights of epoch {epoch} differ");
        }

        // They outlive the page, and become the current network.
        lab.visit("runs").await;
        lab.reload().await;
        lab.find("[data-testid=runs] tbody input", None).await;
        let choose = "document.querySelector('[data-testid=runs] tbody input').click()";
        lab.client.execute(choose, vec![]).await.unwrap();
        lab.find("[data-testid=checkpoints]", None).await;
        let open = lab.words.say_with("runs.checkpoint.open_of", &[("name", &name(4))]);
        lab.click("button", &open).await;
        lab.see(&lab.words.say("runs.open.done"), SOON).await;
        assert!(evaluation::evaluate(&lab).await > 0.3, "the weights of the fourth epoch");
    });
}

#[test]
fn the_learning_rate_is_changed_in_the_middle_of_a_run() {
    drive(Setup::new("rate", Language::En), async |lab: Lab| {
        let mut job = job();
        // So long that it is still at work when the pause is asked for, however fast the machine.
        (job.data.samples, job.fit.callbacks, job.fit.epochs) = (20_000, vec![], 200);
        lab.open(&link(&job)).await;
        training::start(&lab).await;
        training::wait_for_batches(&lab, 1).await;
        lab.press("training.run.pause").await;
        training::wait_for_rest(&lab).await;
        let now = async || lab.text("[data-testid=rate] .note").await;
        let shows =
            async |rate: &str| now().await == lab.words.say_with("training.rate.now", &[("rate", rate)]);
        assert!(shows("0.001").await, "{}", now().await);

        // What is no rate is refused, and stays where it was typed.
        let label = lab.words.say("training.rate.label");
        lab.fill(&label, "fast").await;
        lab.press("training.rate.set").await;
        lab.see(&lab.words.say_with("training.rate.no_number", &[("most", "10")]), SOON).await;
        lab.fill(&label, "0.01").await;
        lab.press("training.rate.set").await;
        let asked = lab.words.say_with("training.rate.asked", &[("rate", "0.01")]);
        let is_taken = async || shows("0.01").await || lab.page_text().await.contains(&asked);
        lab.until_true("the rate", SOON, is_taken).await;
        lab.press("training.run.resume").await;
        lab.until_true("the rate at work", SOON, async || shows("0.01").await).await;
        until_logged(&lab, "training.log.rate_set").await;
        lab.see(&lab.words.say("training.rate.changed"), SOON).await;
        let half = [("number", "0.5"), ("rate", "0.005")];
        lab.click("button", &lab.words.say_with("training.rate.times", &half)).await;
        lab.until_true("half the rate", SOON, async || shows("0.005").await).await;
        lab.press("training.run.stop").await;
        training::wait_for_end(&lab).await;
    });
}
