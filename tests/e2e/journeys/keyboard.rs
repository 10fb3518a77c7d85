//! Training without a mouse.

use fantoccini::key::Key;
use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};

#[test]
fn a_run_is_started_paused_stepped_and_stopped_by_keyboard() {
    drive(Setup::new("keyboard", Language::En), async |lab: Lab| {
        // Long enough that nothing ends by itself meanwhile.
        // Without validation every step is a batch to learn from.
        let sizes = Run { samples: 5_000, validation_samples: 0, ..Run::default() };
        let run = Run { preset: Preset::Lenet5, epochs: 100, ..sizes };
        lab.open("").await;
        lab.tab_to("a", &lab.words.say("common.nav.training")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("common.nav.training"))).await;
        training::follow(&lab, &run).await;

        push(&lab, "training.run.start", Key::Enter).await;
        training::wait_for_batches(&lab, 3).await;
        assert_eq!(
            lab.focus().await.0,
            "button",
            "the button that was pressed is gone, and the focus with it"
        );
        push(&lab, "training.run.pause", Key::Space).await;
        let rests = training::wait_for_pause(&lab).await;

        push(&lab, "training.run.step", Key::Space).await;
        let stepped = async || training::batch(&lab).await == Some(rests + 1);
        lab.until_true("one more batch", SOON, stepped).await;

        push(&lab, "training.run.stop", Key::Enter).await;
        lab.find("section", Some(&lab.words.say("training.result.title"))).await;
        see_focus(&lab, "training.run.again").await;
    });
}

/// Walks to a button and presses it.
async fn push(lab: &Lab, path: &str, key: Key) {
    lab.tab_to("button", &lab.words.say(path)).await;
    lab.key(key).await;
}

async fn see_focus(lab: &Lab, path: &str) {
    let name = lab.words.say(path);
    lab.until_true(&format!("the focus on {name}"), SOON, async || lab.focus().await.1 == name).await;
}
