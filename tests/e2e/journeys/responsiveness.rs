//! The page answers while it trains, with everything open that it can show.
//!
//! A task counts with the time that it ran on a processor, which Chromium notes of every one: training is work for all
//! cores, so that on the clock a task also takes what the system gave to the others meanwhile. Answers to clicks count
//! on the clock, as whoever clicked sees them.

use std::cmp::Reverse;
use std::time::Duration;

use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;

use crate::browser::Lab;
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};
use crate::trace::{end, tasks_between};

/// Notes how long every click took from the press to the next picture.
const WATCH: &str = "
window.answers = [];
new PerformanceObserver(list => list.getEntries().forEach(event => {
  if (event.interactionId) answers.push(event.duration);
})).observe({ type: 'event', durationThreshold: 16, buffered: true });
";
/// Between these marks the page is watched.
const MARKS: [&str; 2] = ["svertka-watch-begins", "svertka-watch-ends"];
/// The quick subset and LeNet-5, as long as it takes to press a few buttons.
const RUN: Run = Run {
    preset: Preset::Lenet5,
    samples: 7_000,
    validation_samples: 1_000,
    batch_size: 64,
    epochs: 3,
    seed: 1,
};

/// No task of the page may run longer.
const LONGEST_TASK: Duration = Duration::from_millis(50);
/// Every click is answered within this, in ms.
const ANSWER_MS: f64 = 100.0;

#[test]
fn the_page_answers_while_it_trains_with_everything_open() {
    let setup = Setup { script: WATCH, is_traced: true, ..Setup::new("responsiveness", Language::En) };
    let folder = setup.folder();
    drive(setup, async |lab: Lab| {
        lab.open(&format!("{}&early_stopping=val_loss&restore_best_weights=true", RUN.link())).await;
        for path in ["curves.watch.gradient_norm", "curves.watch.histograms"] {
            lab.click("label", &lab.words.say(path)).await;
        }
        let unfold = "document.querySelectorAll('main details').forEach(it => { it.open = true; })";
        lab.client.execute(unfold, vec![]).await.unwrap();
        mark(&lab, MARKS[0]).await;
        training::start(&lab).await;
        training::wait_for_batches(&lab, 3).await;
        let (batch, epoch) = (lab.words.say("curves.grain.batch"), lab.words.say("curves.grain.epoch"));
        for _ in 0..4 {
            lab.choose_segment("curves.grain.label", &epoch).await;
            lab.choose_segment("curves.grain.label", &batch).await;
            lab.click("label", &lab.words.say("curves.log")).await;
        }
        training::wait_for_end(&lab).await;
        mark(&lab, MARKS[1]).await;
        let mut answers: Vec<f64> = lab.read("return window.answers", vec![]).await;
        answers.sort_by(f64::total_cmp);
        eprintln!("clicks: {answers:.0?} ms");
        let slowest = answers.last().copied().expect("clicks are timed");
        assert!(slowest <= ANSWER_MS, "a click took {slowest:.0} ms");
        end(&lab).await;
    });
    let mut tasks = tasks_between(&folder, MARKS[0], MARKS[1]);
    assert!(tasks.len() > 1000, "only {} tasks were noted", tasks.len());
    tasks.sort_by_key(|task| Reverse(task.own));
    eprintln!("the longest of {} tasks: {:.1?}", tasks.len(), &tasks[..5]);
    let longest = tasks[0];
    assert!(longest.own <= LONGEST_TASK, "{longest:?}");
}

/// Sets a mark in the trace.
async fn mark(lab: &Lab, name: &str) {
    lab.client.execute("performance.mark(arguments[0])", vec![name.into()]).await.unwrap();
}
