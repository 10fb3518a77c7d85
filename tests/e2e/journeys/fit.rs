//! Callbacks and the other arguments of `fit`: from the form to the rehearsal, back, and into a run.

use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};

const UNFOLD: &str = "document.querySelectorAll('main details').forEach(it => { it.open = true; })";
/// The list as links have it.
const LIST: &str = "TerminateOnNaN~~EarlyStopping~patience-1";

#[test]
fn callbacks_go_from_the_form_to_the_rehearsal_and_into_a_run() {
    drive(Setup::new("fit", Language::En), async |lab: Lab| {
        let run = Run { validation_samples: 0, epochs: 3, ..Run::default() };
        lab.open(&run.link()).await;
        unfold(&lab).await;
        lab.choose("callbacks.editor.which", "EarlyStopping").await;
        // Metrics are added by a button of the same name.
        lab.click(".callback-editor__add button", &lab.words.say("callbacks.editor.add")).await;
        // It watches val_loss, and nothing validates: its own card says so, and as in Keras it can begin all the same.
        let warning = async || lab.text(".callback-editor__card .remark--warn:not([hidden])").await;
        let is_told = async || {
            let text = warning().await;
            lab.words.says(&text, "fit.callbacks.not_validated")
                && lab.words.says(&text, "fit.callbacks.idle")
        };
        lab.until_true("the warning on the card", SOON, is_told).await;
        until_start(&lab, true).await;
        fill(&lab, "validation_split", "0.2").await;
        lab.until_true("no warning any more", SOON, async || warning().await.is_empty()).await;
        until_start(&lab, true).await;

        // What is half typed stays, and nothing begins before it is mended.
        unfold(&lab).await;
        lab.fill("patience", "one").await;
        until_start(&lab, false).await;
        let typed =
            "return [...document.querySelectorAll('.callback-form input')].some(it => it.value === 'one')";
        assert!(lab.read::<bool>(typed, vec![]).await);
        lab.fill("patience", "1").await;
        fill(&lab, "validation_freq", "[0]").await;
        until_start(&lab, false).await;
        fill(&lab, "validation_freq", "[1, 2, 3]").await;
        until_start(&lab, true).await;

        lab.click("a", &lab.words.say("fit.callbacks.rehearse")).await;
        lab.find("h1", Some(&lab.words.say("callbacks.title"))).await;
        lab.see(LIST, SOON).await;
        lab.click("a", &lab.words.say("fit.callbacks.train")).await;
        lab.find("h1", Some(&lab.words.say("common.nav.training"))).await;
        let link: String = lab.read("return decodeURIComponent(location.hash)", vec![]).await;
        let kept = ["samples=1000", "epochs=3", "validation_split\":0.2", "[1,2,3]", LIST];
        assert!(kept.into_iter().all(|part| link.contains(part)), "{link}");
        training::start(&lab).await;
        let accuracy = training::wait_for_end(&lab).await;
        assert!(accuracy > 0.3, "{accuracy}");
    });
}

async fn unfold(lab: &Lab) {
    lab.client.execute(UNFOLD, vec![]).await.unwrap();
}

/// Types into the field of an argument, whose label is followed by its name.
async fn fill(lab: &Lab, argument: &str, value: &str) {
    let label = lab.words.say(&format!("fit.{argument}.label"));
    lab.fill(&format!("{label} {argument}"), value).await;
}

async fn until_start(lab: &Lab, can: bool) {
    let look = async || lab.can_press("training.run.start").await == can;
    lab.until_true(if can { "that it can start" } else { "that it cannot start" }, SOON, look).await;
}
