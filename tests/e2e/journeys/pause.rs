//! Pause and Stop act within a batch, however large the network.

use serde_json::json;
use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};

/// The most that Pause and Stop may take, from the click to what is shown, in ms.
const LIMIT_MS: f64 = 100.0;
const TRIES: usize = 7;

/// From now on every click on a button that says `arguments[0]` is timed until there is a visible
/// element that matches `arguments[1]` and says `arguments[2]`.
const TIME_CLICKS: &str = r"
const [button, selector, text] = arguments;
const flat = text => text.replace(/\s+/g, ' ').trim();
const is_shown = () => [...document.querySelectorAll(selector)].some(it => flat(it.textContent) === text);
window.taken = [];
document.addEventListener('click', event => {
  if (flat(event.target.closest('button')?.textContent ?? '') !== button) return;
  const begin = performance.now();
  const observer = new MutationObserver(() => {
    if (!is_shown()) return;
    window.taken.push(performance.now() - begin);
    observer.disconnect();
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}, true);
";

#[test]
fn pause_and_stop_do_not_wait_for_the_batch() {
    drive(Setup::new("pause", Language::En), async |lab: Lab| {
        // Without validation every step is a batch to learn from.
        let sizes = Run { samples: 5_000, validation_samples: 0, batch_size: 128, ..Run::default() };
        let run = Run { preset: Preset::KerasCnn, epochs: 50, ..sizes };
        lab.open(&run.link()).await;
        let say = |path: &str| lab.words.say(path);
        time_clicks(&lab, &say("training.run.pause"), "button", &say("training.run.resume")).await;
        training::start(&lab).await;
        training::wait_for_batches(&lab, 2).await;
        for _ in 0..TRIES {
            lab.press("training.run.pause").await;
            let rests = training::wait_for_pause(&lab).await;
            // It really rests: a step is the very next batch.
            lab.press("training.run.step").await;
            let stepped = async || training::batch(&lab).await == Some(rests + 1);
            lab.until_true("exactly one more batch", SOON, stepped).await;
            lab.press("training.run.resume").await;
            training::wait_for_batches(&lab, rests + 2).await;
        }
        assert_fast("Pause", taken(&lab).await, TRIES);

        time_clicks(&lab, &say("training.run.stop"), "h2", &say("training.result.title")).await;
        for _ in 0..TRIES {
            training::wait_for_batches(&lab, 1).await;
            lab.press("training.run.stop").await;
            lab.find("section", Some(&say("training.result.title"))).await;
            training::start(&lab).await;
        }
        assert_fast("Stop", taken(&lab).await, TRIES);
    });
}

async fn time_clicks(lab: &Lab, button: &str, selector: &str, text: &str) {
    lab.client.execute(TIME_CLICKS, vec![json!(button), json!(selector), json!(text)]).await.unwrap();
}

async fn taken(lab: &Lab) -> Vec<f64> {
    lab.read("return window.taken", vec![]).await
}

/// Says how long the clicks took, and holds the median against the limit.
fn assert_fast(what: &str, mut taken: Vec<f64>, count: usize) {
    assert_eq!(taken.len(), count, "{what}: {taken:?}");
    taken.sort_by(f64::total_cmp);
    let median = taken[count / 2];
    eprintln!("{what}: median {median:.0} ms of {taken:.0?}");
    assert!(median <= LIMIT_MS, "{what} takes {median:.0} ms");
}
