//! A cell is traced through a stack of layers, by keyboard alone.

use fantoccini::key::Key;
use svertka::ui::locale::Language;
use svertka::ui::pages::chain::{ChainSetup, ChainState, Look};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

#[test]
fn a_cell_is_traced_back_and_a_layer_removed_by_keyboard() {
    drive(Setup::new("chain", Language::En), async |lab: Lab| {
        lab.open("#/convolution").await;
        lab.tab_to("a", &lab.words.say("common.nav.chain")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("chain.title"))).await;

        lab.tab_to("div", &lab.words.say("chain.stage.keys")).await;
        let state = ChainState::new(&ChainSetup::default(), None).unwrap();
        // It begins in the middle of the last map, 5 × 5.
        let mut look = Look { level: 4, channel: 0, cell: 12 };
        says(&lab, &state, look).await;
        lab.key(Key::Right).await;
        look.cell = 13;
        says(&lab, &state, look).await;
        // The cell in the same place of the 10 × 10 map before.
        lab.key(Key::PageUp).await;
        look = Look { level: 3, channel: 0, cell: 57 };
        says(&lab, &state, look).await;
        lab.key(Key::Home).await;
        look.cell = 0;
        says(&lab, &state, look).await;

        let remove = lab.words.say_with("chain.stack.remove", &[("number", "4")]);
        lab.tab_to("button", &remove).await;
        lab.key(Key::Enter).await;
        let is_gone = async || lab.peek("button", Some(&remove)).await.is_none();
        lab.until_true("three layers", SOON, is_gone).await;
        lab.reload().await;
        says(&lab, &state, look).await;
    });
}

/// Waits for the sentence of a cell: its place and the pixels that it is made of.
async fn says(lab: &Lab, state: &ChainState, look: Look) {
    let cols = state.maps[look.level].shape[1];
    let (row, col) = (look.cell / cols + 1, look.cell % cols + 1);
    let [rows, columns] = &state.trace(look)[0];
    let pixels = rows.len() * columns.len();
    let place = format!("row {row}, column {col}:");
    let seen = format!("rows {}–{}", rows[0] + 1, rows[rows.len() - 1] + 1);
    let all = format!("{pixels} in all");
    let said = async || {
        let text = lab.text("[data-testid=chain-sentence]").await;
        [&place, &seen, &all].into_iter().all(|part| text.contains(part.as_str()))
    };
    lab.until_true(&format!("{place} … {seen} … {all}"), SOON, said).await;
}
