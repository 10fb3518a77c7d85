//! Callbacks act in a run, say why, and what they saved is taken home; the learning rate is changed in the middle.

use std::path::{Path, PathBuf};
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
use svertka::formats::{self, archive};
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

/// The weights after so many epochs of the run, computed on this machine.
fn weights_after(job: &RunSpec, epochs: usize) -> Vec<f32> {
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
    trainer.model().params().to_vec()
}

/// Waits until the log has a line that says what the text at `path` does.
async fn until_logged(lab: &Lab, path: &str) {
    let is_there = async || {
        let lines: Vec<String> = lab.read(LINES, vec![]).await;
        lines.iter().any(|line| lab.words.says(line, path))
    };
    lab.until_true(&format!("{path} in the log"), SOON, is_there).await;
}

/// ZIPs among the downloads that are named by the run, whose name has the time in it.
fn zips(lab: &Lab) -> Vec<PathBuf> {
    let files = std::fs::read_dir(&lab.downloads).unwrap().map(|entry| entry.unwrap().path());
    let is_it = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "zip") && !path.ends_with("tensorboard.zip")
    };
    files.filter(is_it).collect()
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
            let button = lab.words.say_with("runs.checkpoint.save_of", &[("name", &name(epoch))]);
            lab.click("button", &button).await;
            let bytes = lab.downloaded(&name(epoch)).await;
            formats::read(&name(epoch), &bytes, Some(&job)).unwrap().saved
        };
        for epoch in 1..=4 {
            let saved = save(epoch).await;
            assert!(saved.params == weights_after(&job, epoch), "the weights of epoch {epoch} differ");
            assert!(saved.optimizer.is_some_and(|optimizer| optimizer.steps == 13 * epoch as u64));
        }
        lab.click_id("take-lines").await;
        let lines = lab.downloaded("training.log").await;
        assert!(lines.starts_with(b"epoch,accuracy,learning_rate,loss,val_accuracy,val_loss\r\n0,"));
        lab.click_id("take-events").await;
        let events = archive::read_zip(&lab.downloaded("tensorboard.zip").await, 1 << 20).unwrap();
        let folders: Vec<&str> =
            events.iter().map(|file| file.name.split("/events.").next().unwrap()).collect();
        assert_eq!(folders, ["logs/train", "logs/validation"]);
        assert!(events.iter().all(|file| file.bytes.windows(10).any(|part| part == b"epoch_loss")));

        // They outlive the page, and become the current network.
        lab.visit("runs").await;
        lab.reload().await;
        lab.find("[data-testid=runs] tbody input", None).await;
        let choose = "document.querySelector('[data-testid=runs] tbody input').click()";
        lab.client.execute(choose, vec![]).await.unwrap();
        lab.find("[data-testid=checkpoints]", None).await;
        lab.click_id("take-all").await;
        lab.until_true("a ZIP of all files", SOON, async || !zips(&lab).is_empty()).await;
        let all = archive::read_zip(&std::fs::read(&zips(&lab)[0]).unwrap(), 1 << 30).unwrap();
        let mut names: Vec<&str> = all.iter().map(|file| file.name.rsplit('/').next().unwrap()).collect();
        names.retain(|name| !name.starts_with("events."));
        let expected: Vec<String> =
            (1..=4).map(name).chain(["training.log", "run.json"].map(String::from)).collect();
        assert_eq!(names, expected);
        assert_eq!(all.len(), names.len() + 2);
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
