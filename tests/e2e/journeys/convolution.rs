//! The filter slides: what it shows is what the engine computes, and all of it without a mouse.

use fantoccini::key::Key;
use svertka::ui::convolution::{PadChoice, Setup as Settings};
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::convolution::{cells, map_of_the_engine, sentence, settings, step, sum};

/// Half of the last digit shown.
const ROUNDING: f64 = 0.0006;

#[test]
fn every_step_adds_a_cell_with_the_engines_own_sum() {
    drive(Setup::new("convolution", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        watch_the_filter(&lab).await;
    });
}

/// Goes to the page, takes three steps, and compares the sums with the engine's.
pub async fn watch_the_filter(lab: &Lab) {
    lab.visit("convolution").await;
    let map = map_of_the_engine();
    let (_, total) = cells(lab).await;
    assert_eq!(total, map.len(), "cells of the map");
    for _ in 0..3 {
        let reached = step(lab).await;
        let expected = f64::from(map[reached - 1]);
        let is_right = async || (sum(lab).await - expected).abs() < ROUNDING;
        lab.until_true(&format!("the sum {expected} of cell {reached}"), SOON, is_right).await;
    }
}

#[test]
fn the_laboratory_is_set_up_changed_guessed_and_reloaded_by_keyboard() {
    drive(Setup::new("convolution_keys", Language::En), async |lab: Lab| {
        // Whole numbers in order: 5 × 5 under 3 × 3.
        lab.open("#/convolution?input=count&kernel_size=3&kernel=identity").await;
        let stage = lab.words.say("convolution.stage.keys");
        lab.tab_to("div", &stage).await;
        for (key, expected) in [(Key::Home, 7.0), (Key::Right, 8.0), (Key::Down, 13.0), (Key::End, 19.0)] {
            lab.key(key).await;
            lab.until_true(&format!("the sum {expected}"), SOON, async || near(sum(&lab).await, expected))
                .await;
        }
        look_at_a_pixel_and_a_weight(&lab, &stage).await;
        change_the_layer(&lab).await;
        edit_a_weight(&lab).await;
        guess(&lab).await;
        follow_a_link(&lab).await;
    });
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < ROUNDING
}

/// What the pointer shows in passing, the arrows show as well.
async fn look_at_a_pixel_and_a_weight(lab: &Lab, stage: &str) {
    lab.tab_to("input", &lab.words.say("convolution.look.window")).await;
    lab.key(Key::Right).await;
    // The middle of the last window: the fourth row and column, which one window of nine leaves out none of.
    says(lab, "row 4, column 4: 19.").await;
    says(lab, "4 cells").await;
    back_to(lab, stage).await;
    for _ in 0..2 {
        lab.key(Key::Up).await;
        lab.key(Key::Left).await;
    }
    says(lab, "row 2, column 2: 7.").await;
    lab.key(Key::Home).await;
    says(lab, "row 1, column 1: 1.").await;
    says(lab, "1 cell ").await;
    lab.tab_to("input", &lab.words.say("convolution.look.pixel")).await;
    lab.key(Key::Right).await;
    says(lab, "row 2, column 2 multiplies 9 pixels").await;
    back_to(lab, stage).await;
    lab.key(Key::Home).await;
    says(lab, "row 1, column 1 multiplies 9 pixels").await;
    lab.tab_to("input", &lab.words.say("convolution.look.weight")).await;
    lab.key(Key::Right).await;
    says(lab, "sum 19").await;
}

/// Walks on with Tab, which at the end of the page begins anew.
async fn back_to(lab: &Lab, stage: &str) {
    lab.client.execute("document.querySelector('main h1').focus()", vec![]).await.unwrap();
    lab.tab_to("div", stage).await;
}

async fn says(lab: &Lab, part: &str) {
    let what = format!("{part:?} in the sentence");
    lab.until_true(&what, SOON, async || sentence(lab).await.contains(part)).await;
}

/// Types into the field that has the focus.
async fn type_in(lab: &Lab, text: &str) {
    lab.client.active_element().await.unwrap().send_keys(&format!("\u{e009}a\u{e000}{text}")).await.unwrap();
}

async fn until_set(lab: &Lab, what: &str, is_so: impl Fn(&Settings) -> bool) {
    lab.until_true(what, SOON, async || is_so(&settings(lab).await)).await;
}

/// Strides and padding; then a window that does not fit, with the reason in words.
async fn change_the_layer(lab: &Lab) {
    let rows = lab.words.say("convolution.controls.rows");
    lab.tab_to("input", &rows).await;
    type_in(lab, "6\u{e004}").await;
    lab.until_true("the reason", SOON, async || lab.text("[data-testid=fault]").await.contains("6 × 3"))
        .await;
    lab.client.execute("document.querySelector('main h1').focus()", vec![]).await.unwrap();
    lab.tab_to("input", &rows).await;
    type_in(lab, "3\u{e004}").await;
    lab.until_true("no reason", SOON, async || lab.text("[data-testid=fault]").await.is_empty()).await;
    // On from the columns of the filter to the rows of the stride.
    lab.tab_to("input", &rows).await;
    lab.key(Key::Up).await;
    until_set(lab, "a stride of 2 rows", |setup| setup.layer.strides == [2, 1]).await;
    lab.tab_to("input", "valid").await;
    lab.key(Key::Right).await;
    until_set(lab, "same padding", |setup| setup.layer.padding == PadChoice::Same).await;
    lab.key(Key::Left).await;
    until_set(lab, "valid padding", |setup| setup.layer.padding == PadChoice::Valid).await;
}

async fn edit_a_weight(lab: &Lab) {
    let first = lab.words.say_with("convolution.kernel.cell", &[("row", "1"), ("col", "1")]);
    lab.tab_to("input", &first).await;
    says(lab, "row 1, column 1 multiplies").await;
    type_in(lab, "0.5").await;
    lab.key(Key::Down).await;
    until_set(lab, "the weight", |setup| near(setup.filters[0].weights[0].into(), 0.5)).await;
    lab.key(Key::PageUp).await;
    until_set(lab, "a tenth more", |setup| near(setup.filters[0].weights[3].into(), 0.1)).await;
    for (keys, expected) in
        [("\u{e009}z\u{e000}", 0.0), ("\u{e009}\u{e008}z\u{e000}", 0.1), ("\u{e009}z\u{e000}", 0.0)]
    {
        lab.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
        until_set(lab, "undo or redo", |setup| near(setup.filters[0].weights[3].into(), expected)).await;
    }
    assert!(near(settings(lab).await.filters[0].weights[0].into(), 0.5));
    // Away with the focus in a field, and back: nothing may be lost or hear of it too late.
    lab.client.execute("location.hash = '#/pooling'", vec![]).await.unwrap();
    lab.find("h1", Some(&lab.words.say("pooling.title"))).await;
    lab.client.execute("history.back()", vec![]).await.unwrap();
    lab.find("h1", Some(&lab.words.say("convolution.title"))).await;
    until_set(lab, "the settings again", |setup| near(setup.filters[0].weights[0].into(), 0.5)).await;
}

/// The next number is hidden until it is guessed; the score and the settings survive a reload.
async fn guess(lab: &Lab) {
    let stage = lab.words.say("convolution.stage.keys");
    lab.client.execute("document.querySelector('main h1').focus()", vec![]).await.unwrap();
    lab.tab_to("div", &stage).await;
    lab.key(Key::Home).await;
    lab.tab_to("input", &lab.words.say("pooling.guess.offer")).await;
    lab.key(Key::Space).await;
    says(lab, &lab.words.say("convolution.say.hidden")).await;
    let place = [("row", "1"), ("col", "1"), ("filter", "1")];
    lab.tab_to("input", &lab.words.say_with("convolution.guess.value", &place)).await;
    // 7 under the middle and half of 1 in the corner.
    type_in(lab, "7.5").await;
    lab.key(Key::Enter).await;
    let judged =
        async || lab.words.says(&lab.text("[data-testid=guess-verdict]").await, "pooling.guess.right");
    lab.until_true("the verdict", SOON, judged).await;
    // On to the next cell, whose number is asked for.
    says(lab, &lab.words.say("convolution.say.hidden")).await;
    let before = settings(lab).await;
    let is_kept = async || lab.read::<String>("return location.hash", vec![]).await.ends_with("at=1");
    lab.until_true("the place in the address", SOON, is_kept).await;
    lab.reload().await;
    assert_eq!(settings(lab).await, before);
    says(lab, "sum 9").await;
    lab.tab_to("input", &lab.words.say("pooling.guess.offer")).await;
    lab.key(Key::Space).await;
    lab.see(&lab.words.say_with("pooling.guess.score", &[("right", "1"), ("asked", "1")]), SOON).await;
}

/// A link means its own settings, even when a weight was still moving.
async fn follow_a_link(lab: &Lab) {
    let first = lab.words.say_with("convolution.kernel.cell", &[("row", "1"), ("col", "1")]);
    lab.tab_to("input", &first).await;
    lab.key(Key::PageUp).await;
    let link = "location.hash = '#/convolution?input=count&kernel_size=3&kernel=blur'";
    lab.client.execute(link, vec![]).await.unwrap();
    let weight = "return document.querySelector('.kernel__cell').value";
    let is_there = async || lab.read::<String>(weight, vec![]).await == "0.111";
    lab.until_true("the weight of the link", SOON, is_there).await;
}
