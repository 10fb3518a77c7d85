//! The worker dies, and the weights of the last completed epoch do not.

use std::time::Duration;

use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::evaluation;
use crate::pages::training::{self, Run, TRAINING};

/// Keeps a hand on every worker of the page. Messages that follow each other at once tell of the same time: a worker that is
/// doomed ends with the second of them, which tells of epochs, and before their weights.
const CATCH_WORKERS: &str = "
window.workers = [];
window.isDoomed = false;
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    window.workers.push(this);
    let last = 0, part = 0;
    this.addEventListener('message', () => {
      const now = performance.now();
      part = now - last > 20 ? 1 : part + 1;
      last = now;
      if (isDoomed && part === 2) {
        window.isDoomed = false;
        this.terminate();
      }
    });
  }
};
";
/// The watchdog waits out several silent seconds.
const NOTICED: Duration = Duration::from_secs(40);

#[test]
fn a_dead_worker_is_noticed_and_its_successor_has_the_weights() {
    let setup = Setup { script: CATCH_WORKERS, ..Setup::new("worker_death", Language::En) };
    drive(setup, async |lab: Lab| {
        let run = Run { samples: 2_000, epochs: 200, ..Run::default() };
        lab.open("").await;
        training::follow(&lab, &run).await;
        training::start(&lab).await;
        lab.until_true("a complete epoch", TRAINING, async || training::epochs(&lab).await > 0).await;
        kill(&lab).await;

        let restart = async || lab.can_press("training.worker.restart").await;
        lab.until_true("the alert of a dead worker", NOTICED, restart).await;
        lab.see(&lab.words.say("training.interrupted.title"), SOON).await;
        let epochs = training::epochs(&lab).await;
        lab.press("training.worker.restart").await;
        lab.until_true("the alert to go", SOON, async || !restart().await).await;

        let kept = evaluation::predictions(&lab).await;
        let accuracy = evaluation::evaluate(&lab).await;
        // The same seed gives the same weights without an accident, in the new worker.
        training::train(&lab, &Run { epochs, ..run }).await;
        assert_eq!(evaluation::predictions(&lab).await, kept, "the weights after {epochs} epochs");
        assert_eq!(evaluation::evaluate(&lab).await, accuracy, "the accuracy after {epochs} epochs");
    });
}

/// Ends the worker from outside, as a browser short of memory does.
async fn kill(lab: &Lab) {
    let count: usize = lab.read("window.isDoomed = true; return workers.length", vec![]).await;
    assert_eq!(count, 1, "workers of the page");
}
