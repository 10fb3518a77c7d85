//! Losses in the hand, by keyboard alone.

use fantoccini::key::Key;
use svertka::ui::locale::Language;
use svertka::ui::pages::losses::{BinaryState, EntropyState, LossSetup, PenaltyState, View};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

#[test]
fn distributions_a_prediction_and_a_weight_are_moved_by_keyboard() {
    drive(Setup::new("losses", Language::En), async |lab: Lab| {
        lab.open("").await;
        lab.tab_to("a", &lab.words.say("common.nav.benches")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("losses.title"))).await;

        // The first bar of q goes up by a hundredth, and the lengths are those of the engine.
        let mut setup = LossSetup::default();
        says_lengths(&lab, &setup).await;
        let share = [("letter", "q"), ("class", "1"), ("share", "0.7")];
        let bars = format!(
            "{}. {}",
            lab.words.say("losses.entropy.q"),
            lab.words.say_with("losses.entropy.said", &share)
        );
        lab.tab_to("div", &bars).await;
        lab.key(Key::Up).await;
        setup.q.give(0, 7_100);
        says_lengths(&lab, &setup).await;
        let kept = format!("q={}", setup.q.to_text());
        let is_kept = async || lab.read::<String>("return location.hash", vec![]).await.contains(&kept);
        lab.until_true("the distribution in the address", SOON, is_kept).await;
        lab.reload().await;
        says_lengths(&lab, &setup).await;

        // The step is forgotten by a reload; another one is taken back.
        lab.open("#/losses?view=binary").await;
        let mut setup = LossSetup { view: View::Binary, ..LossSetup::default() };
        says(&lab, "losses-binary", BinaryState::new(&setup).point.loss.into()).await;
        lab.fill(&lab.words.say("losses.binary.target"), "0").await;
        setup.target = 0.0;
        says(&lab, "losses-binary", BinaryState::new(&setup).point.loss.into()).await;
        lab.tab_to("button", &lab.words.say("convolution.kernel.undo")).await;
        lab.key(Key::Enter).await;
        setup.target = 1.0;
        says(&lab, "losses-binary", BinaryState::new(&setup).point.loss.into()).await;

        lab.open("#/losses?view=penalty").await;
        let mut setup = LossSetup { view: View::Penalty, ..LossSetup::default() };
        lab.tab_to("button", &lab.words.say("losses.penalty.one")).await;
        for _ in 0..3 {
            lab.key(Key::Enter).await;
        }
        setup.steps = 3;
        says(&lab, "losses-penalty", PenaltyState::new(&setup).now().weight.into()).await;
    });
}

async fn says_lengths(lab: &Lab, setup: &LossSetup) {
    says(lab, "losses-lengths", EntropyState::new(setup).cross_entropy).await;
}

/// Waits for a number in the sentence of that name.
async fn says(lab: &Lab, id: &str, value: f64) {
    let text = Language::En.short(value, 4);
    let selector = format!("[data-testid={id}]");
    let said = async || lab.text(&selector).await.contains(&text);
    lab.until_true(&format!("{text} in {id}"), SOON, said).await;
}
