//! Several workers share a training, or lose one of them on the way: the same bits.

use std::fs;
use std::time::Duration;

use serde_json::json;
use svertka::engine::presets::Preset;
use svertka::formats::ModelFile;
use svertka::ui::locale::Language;
use tokio::time::sleep;

use super::same_bits::trained_here;
use crate::browser::{Lab, SOON};
use crate::harness::{Setup, dist, drive};
use crate::pages::training::{self, Run, TRAINING};
use crate::pages::{evaluation, files as files_page};
use crate::site::Fault;

/// Lets the page end a helper: with `fail` by an error of its own, with `silence` without a word.
const ENDS_HELPERS: &str = "
const channel = new BroadcastChannel('end-helpers');
if (self.name.startsWith('crew-')) {
  channel.onmessage = ({ data }) => {
    if (data === 'fail' && self.name === 'crew-1') throw new Error('a helper that fails');
  };
} else {
  const helpers = [];
  self.Worker = class extends Worker {
    constructor(...given) { super(...given); helpers.push(this); }
  };
  channel.onmessage = ({ data }) => { if (data === 'silence') helpers[1].terminate(); };
}
";
/// Enough that one of them begins while the helper is waited for.
const PAUSES: usize = 4;
const LONGER_THAN_PATIENCE: Duration = Duration::from_secs(3);
const END: &str = "
const channel = new BroadcastChannel('end-helpers');
channel.postMessage(arguments[0]);
channel.close();
";

#[test]
fn the_number_of_workers_changes_no_bit() {
    drive(Setup::new("workers", Language::Ru), async |lab: Lab| {
        let run = Run { preset: Preset::Lenet5, seed: 5, epochs: 3, ..Run::default() };
        lab.open("").await;
        let (mut weights, mut judgements) = (Vec::new(), Vec::new());
        for workers in ["1", "2", "3"] {
            training::follow(&lab, &run).await;
            lab.choose("training.workers.label", workers).await;
            start_with_crew(&lab, workers).await;
            let validated = training::wait_for_end(&lab).await;
            assert_eq!(crew(&lab).await, "", "nobody computes any more");
            // The helpers of the training are still there, and take part.
            judgements.push([validated, evaluation::evaluate(&lab).await]);
            weights.push(files_page::save(&lab).await.1);
        }
        assert!(judgements.iter().all(|judgement| *judgement == judgements[0]), "{judgements:?}");
        let (model_json, _) = files_page::save(&lab).await;
        let file = ModelFile::from_json(&String::from_utf8(model_json).unwrap()).unwrap();
        let expected = trained_here(&file.job.unwrap());
        for (weights, workers) in weights.iter().zip(1..) {
            assert!(*weights == expected, "{workers} workers give other weights");
        }

        lab.reload().await;
        lab.visit("training").await;
        let is_kept = async || {
            let chosen = "return document.querySelector('.workers select')?.value ?? ''";
            lab.read::<String>(chosen, vec![]).await == "3"
        };
        lab.until_true("the number that was chosen before", SOON, is_kept).await;
    });
}

#[test]
fn a_helper_that_falls_out_changes_no_bit() {
    let expected_errors = &["a helper that fails"];
    drive(Setup { expected_errors, ..Setup::new("lost_workers", Language::En) }, async |lab: Lab| {
        lab.site.borrow().spoil(&loader(false), Fault::Preceded(ENDS_HELPERS));
        // A batch takes longer than a slice of work, so that results also come before their turn.
        let sizes = Run { samples: 4_000, batch_size: 500, epochs: 20, ..Run::default() };
        let run = Run { preset: Preset::Lenet5, ..sizes };
        lab.open("").await;
        training::follow(&lab, &run).await;
        lab.choose("training.workers.label", "3").await;
        start_with_crew(&lab, "3").await;
        for (how, left) in [("fail", "2"), ("silence", "1")] {
            lab.client.execute(END, vec![json!(how)]).await.unwrap();
            wait_for_crew(&lab, left).await;
        }
        let is_said = async || lab.words.says(&crew(&lab).await, "training.workers.lost_other");
        lab.until_true("the loss on the page", SOON, is_said).await;
        training::wait_for_end(&lab).await;
        let (model_json, weights) = files_page::save(&lab).await;
        let file = ModelFile::from_json(&String::from_utf8(model_json).unwrap()).unwrap();
        assert!(weights == trained_here(&file.job.unwrap()), "the weights differ");
    });
}

/// A helper's answer that comes while a training rests is no silence.
#[test]
fn a_pause_costs_no_worker() {
    drive(Setup::new("paused_workers", Language::En), async |lab: Lab| {
        // Without validation every step is a batch to learn from.
        let sizes = Run { samples: 5_000, validation_samples: 0, ..Run::default() };
        let run = Run { preset: Preset::KerasCnn, epochs: 50, ..sizes };
        lab.open("").await;
        training::follow(&lab, &run).await;
        lab.choose("training.workers.label", "2").await;
        training::start(&lab).await;
        wait_for_crew(&lab, "2").await;
        for _ in 0..PAUSES {
            lab.press("training.run.pause").await;
            let rests = training::wait_for_pause(&lab).await;
            sleep(LONGER_THAN_PATIENCE).await;
            lab.press("training.run.resume").await;
            training::wait_for_batches(&lab, rests + 2).await;
            assert_eq!(computing(&lab).await.as_deref(), Some("2"), "{}", crew(&lab).await);
        }
        lab.press("training.run.stop").await;
    });
}

/// The file that the training worker and its helpers begin with; one for each of the two programs.
pub fn loader(fast: bool) -> String {
    let names = fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_worker = |name: &String| name.starts_with("worker-") && name.ends_with("_loader.js");
    let is_it = |name: &String| is_worker(name) && name.starts_with("worker-fast-") == fast;
    names.into_iter().find(is_it).expect("the build has both workers")
}

/// What the page says of who computes.
async fn crew(lab: &Lab) -> String {
    lab.text("[data-testid=crew]").await
}

/// The number in that.
async fn computing(lab: &Lab) -> Option<String> {
    let said = crew(lab).await;
    let digits = said.chars().skip_while(|letter| !letter.is_ascii_digit());
    let number: String = digits.take_while(char::is_ascii_digit).collect();
    Some(number).filter(|number| !number.is_empty())
}

/// Starts a run that rests until so many compute, and then goes on: the whole run might be over sooner.
pub async fn start_with_crew(lab: &Lab, workers: &str) {
    lab.press("training.run.step").await;
    wait_for_crew(lab, workers).await;
    lab.press("training.run.resume").await;
}

/// Waits until the page says that so many compute.
async fn wait_for_crew(lab: &Lab, workers: &str) {
    let are_there = async || computing(lab).await.as_deref() == Some(workers);
    lab.until_true(&format!("{workers} workers that compute"), TRAINING, are_there).await;
}
