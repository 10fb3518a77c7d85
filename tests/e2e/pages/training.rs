//! The page where a network learns.

use std::time::Duration;

use serde_json::json;
use svertka::engine::presets::Preset;
use svertka::ui::locale::parse_number;

use crate::browser::{Lab, SOON};

/// The longest training of these tests, on a slow machine.
pub const TRAINING: Duration = Duration::from_mins(4);

/// What is trained.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub preset: Preset,
    /// Validation included.
    pub samples: usize,
    pub validation_samples: usize,
    pub batch_size: usize,
    pub epochs: usize,
    pub seed: u64,
}

impl Default for Run {
    fn default() -> Self {
        Self::SECOND
    }
}

impl Run {
    /// A second's work.
    pub const SECOND: Self = Self {
        preset: Preset::Mlp,
        samples: 1_000,
        validation_samples: 200,
        batch_size: 64,
        epochs: 1,
        seed: 1,
    };

    /// The link that a teacher would give.
    pub fn link(&self) -> String {
        let Self { preset, samples, validation_samples, batch_size, epochs, seed } = self;
        format!(
            "#/training?preset={}&samples={samples}&validation_samples={validation_samples}\
             &batch_size={batch_size}&epochs={epochs}&seed={seed}&test_samples=1000",
            preset.id()
        )
    }
}

/// Puts every setting into the form, one after the other.
pub async fn fill_in(lab: &Lab, run: &Run) {
    fill(lab, "samples", run.samples).await;
    fill(lab, "validation_samples", run.validation_samples).await;
    let preset = lab.words.say(&format!("training.preset.{}", run.preset.id().replace('-', "_")));
    lab.choose_segment("training.preset.label", &preset).await;
    fill(lab, "batch_size", run.batch_size).await;
    fill(lab, "epochs", run.epochs).await;
    fill(lab, "seed", run.seed).await;
    // The address holds all of it, so that it can be handed on.
    let wanted = run.link();
    let is_there = async || {
        let link: String = lab.read("return location.hash", vec![]).await;
        wanted.split(['?', '&']).all(|part| link.contains(part))
    };
    lab.until_true("the settings in the address", SOON, is_there).await;
}

/// Types into a field, whose label is followed by the argument's name.
async fn fill(lab: &Lab, argument: &str, value: impl ToString) {
    let label = lab.words.say(&format!("training.field.{argument}.label"));
    lab.fill(&format!("{label} {argument}"), &value.to_string()).await;
}

/// Sets everything by a link, within the document.
pub async fn follow(lab: &Lab, run: &Run) {
    lab.client.execute("location.hash = arguments[0]", vec![json!(run.link())]).await.unwrap();
    lab.find("h1", Some(&lab.words.say("common.nav.training"))).await;
}

/// Starts the first run, or a new one.
pub async fn start(lab: &Lab) {
    let name = async || {
        for path in ["training.run.start", "training.run.again"] {
            if lab.can_press(path).await {
                return Some(path);
            }
        }
        None
    };
    let name = lab.until("a start button that can be pressed", SOON, name).await;
    lab.press(name).await;
}

/// Trains from the link to the end, and gives the validation accuracy, 0..1.
pub async fn train(lab: &Lab, run: &Run) -> f64 {
    follow(lab, run).await;
    start(lab).await;
    wait_for_end(lab).await
}

/// Waits until the run is over, and gives the validation accuracy, 0..1.
pub async fn wait_for_end(lab: &Lab) -> f64 {
    let title = lab.words.say("training.result.title");
    let is_over = async || lab.peek("section", Some(&title)).await.is_some();
    lab.until_true("the result of the training", TRAINING, is_over).await;
    let shown = lab.text(".result__accuracy").await;
    assert!(lab.words.says(&shown, "training.result.validation"), "no validation accuracy: {shown:?}");
    let is_digit = |letter: &char| letter.is_ascii_digit() || ",.".contains(*letter);
    let number: String = shown.chars().filter(is_digit).collect();
    parse_number(&number).unwrap_or_else(|| panic!("{shown:?} has no number")) / 100.0
}

/// Where the run in progress stands, in words.
pub async fn progress(lab: &Lab) -> Option<String> {
    let label = lab.words.say("training.progress.label");
    lab.peek("[role=progressbar]", Some(&label)).await?.attr("aria-valuetext").await.ok()?
}

/// The batch that the run in progress has done, from 1, across its epochs.
pub async fn batch(lab: &Lab) -> Option<usize> {
    let text = progress(lab).await?;
    let numbers = |path: &str| -> Option<Vec<usize>> {
        let part = text.split('·').find(|part| lab.words.says(part, path))?;
        let part = part.replace(['\u{a0}', '\u{202f}', ','], "");
        Some(part.split_whitespace().filter_map(|word| word.parse().ok()).collect())
    };
    let epoch = numbers("training.progress.epoch")?;
    let batch = numbers("training.progress.batch")?;
    Some((epoch.first()? - 1) * batch.get(1)? + batch.first()?)
}

/// Waits until some batches are done.
pub async fn wait_for_batches(lab: &Lab, count: usize) {
    let look = async || batch(lab).await.is_some_and(|batch| batch >= count);
    lab.until_true(&format!("{count} batches"), TRAINING, look).await;
}

/// Waits until it rests, after a batch of the training or of the validation.
pub async fn wait_for_rest(lab: &Lab) {
    lab.until_true("the pause", SOON, async || lab.can_press("training.run.resume").await).await;
}

/// Waits until it rests, and gives the batch of the training it rests after.
pub async fn wait_for_pause(lab: &Lab) -> usize {
    wait_for_rest(lab).await;
    lab.until("the batch of the pause", SOON, async || batch(lab).await).await
}

/// Complete epochs in the log.
pub async fn epochs(lab: &Lab) -> usize {
    lab.read("return document.querySelectorAll('.event-log__line--epoch').length", vec![]).await
}
