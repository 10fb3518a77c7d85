//! A gradient is carried back and a map grows, by keyboard alone.

use fantoccini::key::Key;
use svertka::ui::locale::Language;
use svertka::ui::pages::backwards::{BackSetup, BackState, DilatedState, Stack, TransposedState};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

#[test]
fn a_gradient_is_carried_back_and_checked_by_keyboard() {
    drive(Setup::new("backwards", Language::En), async |lab: Lab| {
        lab.open("#/convolution").await;
        lab.tab_to("a", &lab.words.say("common.nav.backwards")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("backwards.title"))).await;

        lab.tab_to("div", &lab.words.say("backwards.stage.keys")).await;
        let state = BackState::first();
        for (key, reached) in [(Key::Home, 1), (Key::Right, 2), (Key::End, 9)] {
            lab.key(key).await;
            let sum = state.gradients(reached).0.values[0];
            has(&lab, "backwards-pairs", &format!("= {sum}.")).await;
        }
        let holds = async || {
            let shown = lab.text("[data-testid=backwards-check]").await;
            lab.words.says(&shown, "backwards.check.holds")
        };
        lab.until_true("the check", SOON, holds).await;
        assert!(state.check().holds());

        // The other view, from the address, with a stride that puts zeros between the cells.
        let setup = BackSetup { strides: 2, ..BackSetup::default() };
        lab.open("#/backwards?view=transposed&strides=2").await;
        let state = TransposedState::new(&setup);
        lab.tab_to("div", &lab.words.say("backwards.transposed.keys")).await;
        let caption = lab.words.say_with(
            "backwards.transposed.output",
            &[("rows", &state.output.rows.to_string()), ("cols", &state.output.cols.to_string())],
        );
        lab.see(&caption, SOON).await;
        lab.key(Key::End).await;
        let last = state.output.values.last().unwrap();
        has(&lab, "backwards-sentence", &format!("= {last}.")).await;

        // The third, by a short link: the window's gaps, the dense filter's bits, and what a stack sees.
        lab.open("#/backwards?view=dilated").await;
        lab.tab_to("div", &lab.words.say("backwards.dilated.keys")).await;
        lab.key(Key::End).await;
        let state = DilatedState::first();
        has(&lab, "backwards-sentence", &format!("= {}.", state.output.values[8])).await;
        let same = async || {
            lab.words.says(&lab.text("[data-testid=backwards-same]").await, "backwards.dilated.same")
        };
        lab.until_true("the same bits", SOON, same).await;
        lab.tab_to("div", &lab.words.say("backwards.stack.keys")).await;
        lab.key(Key::Home).await;
        lab.key(Key::Right).await;
        has(&lab, "stack-sentence", &Stack::default().seen_text(1)).await;
        let is_kept = async || lab.read::<String>("return location.hash", vec![]).await.contains("top=1");
        lab.until_true("the cell in the address", SOON, is_kept).await;
    });
}

/// Waits for a text in the element with this id.
async fn has(lab: &Lab, id: &str, text: &str) {
    let selector = format!("[data-testid={id}]");
    let shown = async || lab.text(&selector).await.contains(text);
    lab.until_true(&format!("{text:?} in {id}"), SOON, shown).await;
}
