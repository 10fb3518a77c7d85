//! A window walks over a map, by keyboard alone.

use fantoccini::key::Key;
use svertka::ui::locale::Language;
use svertka::ui::pages::pooling::{PoolSetup, PoolState};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

#[test]
fn the_lectures_example_is_walked_changed_and_reloaded_by_keyboard() {
    drive(Setup::new("pooling", Language::En), async |lab: Lab| {
        lab.open("").await;
        lab.tab_to("a", &lab.words.say("common.nav.convolution")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("convolution.title"))).await;
        lab.tab_to("a", &lab.words.say("common.nav.pooling")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("pooling.title"))).await;

        lab.tab_to("div", &lab.words.say("pooling.stage.keys")).await;
        let state = PoolState::new(&PoolSetup::default()).unwrap();
        says(&lab, state.output.values[0]).await;
        for (key, idx) in [(Key::Right, 1), (Key::Down, 3), (Key::Left, 2), (Key::Home, 0), (Key::End, 3)] {
            lab.key(key).await;
            says(&lab, state.output.values[idx]).await;
        }
        // From the last cell playing starts over, and ends there again.
        lab.key(Key::Space).await;
        lab.see(
            &lab.words.say_with("convolution.player.position_value", &[("number", "4"), ("total", "4")]),
            SOON,
        )
        .await;

        let first = lab.words.say_with("pooling.grid.cell", &[("row", "1"), ("col", "1")]);
        lab.tab_to("input", &first).await;
        lab.client.active_element().await.unwrap().send_keys("77").await.unwrap();
        lab.key(Key::Right).await;
        let is_next = async || {
            lab.focus().await.1 == lab.words.say_with("pooling.grid.cell", &[("row", "1"), ("col", "2")])
        };
        lab.until_true("the next field", SOON, is_next).await;
        let is_kept =
            async || lab.read::<String>("return location.hash", vec![]).await.contains("input=77,20");
        lab.until_true("the number in the address", SOON, is_kept).await;
        // The window stands where a number is asked for, without it. Guessing the first cell, rightly, and the second,
        // wrongly; a reload keeps the score.
        lab.tab_to("div", &lab.words.say("pooling.stage.keys")).await;
        lab.key(Key::Home).await;
        lab.tab_to("input", &lab.words.say("pooling.guess.offer")).await;
        lab.key(Key::Space).await;
        for (cell, guess, verdict) in
            [(("1", "1"), "77", "pooling.guess.right"), (("1", "2"), "1", "pooling.guess.wrong")]
        {
            let place = [("row", cell.0), ("col", cell.1)];
            let hidden = lab.words.say_with("pooling.guess.hidden", &place);
            let is_hidden = async || lab.text("[data-testid=pooling-sentence]").await.contains(&hidden);
            lab.until_true(&hidden, SOON, is_hidden).await;
            let question = lab.words.say_with("pooling.guess.question", &place);
            lab.find("label", Some(&question)).await;
            if lab.focus().await.1 != question {
                lab.tab_to("input", &question).await;
            }
            lab.client.active_element().await.unwrap().send_keys(guess).await.unwrap();
            lab.key(Key::Enter).await;
            let judged = async || lab.words.says(&lab.text("[data-testid=guess-verdict]").await, verdict);
            lab.until_true(verdict, SOON, judged).await;
        }
        lab.reload().await;
        lab.tab_to("input", &lab.words.say("pooling.guess.offer")).await;
        lab.key(Key::Space).await;
        lab.see(&lab.words.say_with("pooling.guess.score", &[("right", "1"), ("asked", "2")]), SOON).await;
        lab.reload().await;
        lab.tab_to("div", &lab.words.say("pooling.stage.keys")).await;
        lab.key(Key::Home).await;
        says(&lab, 77.0).await;
    });
}

/// Waits for the sentence of a cell that holds this number.
async fn says(lab: &Lab, value: f32) {
    let text = format!("= {value}");
    let said = async || lab.text("[data-testid=pooling-sentence]").await.contains(&text);
    lab.until_true(&format!("{text} in the sentence"), SOON, said).await;
}
