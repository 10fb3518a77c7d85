//! A cell is traced through a stack of layers, by keyboard alone.

use std::sync::Arc;

use fantoccini::key::Key;
use svertka::engine::model::Sequential;
use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;
use svertka::ui::pages::chain::{Carried, ChainSetup, ChainState, Kernels, Look, Trained};
use svertka::ui::routes::{Location, Route};

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

#[test]
fn undo_brings_back_the_stack_and_the_cell() {
    drive(Setup::new("chain-undo", Language::En), async |lab: Lab| {
        lab.open("#/chain").await;
        let state = ChainState::new(&ChainSetup::default(), None).unwrap();
        let first = Look { level: 4, channel: 0, cell: 12 };
        says(&lab, &state, first).await;
        let remove = lab.words.say_with("chain.stack.remove", &[("number", "4")]);
        lab.click("button", &remove).await;
        let is_gone = async || lab.peek("button", Some(&remove)).await.is_none();
        lab.until_true("three layers", SOON, is_gone).await;
        lab.tab_to("div", &lab.words.say("chain.stage.keys")).await;
        lab.key(Key::Home).await;
        says(&lab, &state, Look { level: 3, channel: 0, cell: 0 }).await;
        lab.click("button", &lab.words.say("convolution.kernel.undo")).await;
        says(&lab, &state, first).await;
        lab.find("button", Some(&remove)).await;
        lab.click("button", &lab.words.say("convolution.kernel.redo")).await;
        lab.until_true("three layers again", SOON, is_gone).await;
    });
}

#[test]
fn a_link_shows_the_kernels_of_a_network_that_is_not_here_or_says_that_it_cannot() {
    drive(Setup::new("chain-link", Language::En), async |lab: Lab| {
        let trained = |preset: Preset| {
            let spec = preset.spec();
            let model = Sequential::new(&spec, 9).unwrap();
            Arc::new(Trained::of(&spec, model.params()).unwrap())
        };
        let look = Look { level: 4, channel: 7, cell: 12 };
        let link = |network: &Carried| {
            let (kernels, network) = (Kernels::Trained, network.clone());
            let setup = ChainSetup { kernels, network, ..ChainSetup::default() };
            let query = setup.to_query(look);
            (setup, Location { route: Some(Route::Chain), query }.to_hash())
        };
        let (setup, whole) = link(&Carried::of(&trained(Preset::Lenet5)));
        lab.open(&whole).await;
        let state = ChainState::new(&setup, None).unwrap();
        says(&lab, &state, look).await;
        let value = Language::En.short(f64::from(state.maps[4].at(7, 12)), 4);
        let sentence = lab.text("[data-testid=chain-sentence]").await;
        assert!(sentence.contains(&format!("map 8, row 3, column 3: {value}.")), "{value}: {sentence}");
        lab.see(&lab.words.say("chain.kernels.linked_hint"), SOON).await;

        let (_, marked) = link(&Carried::of(&trained(Preset::KerasCnn)));
        lab.open(&marked).await;
        lab.see(&lab.words.say("chain.network.missing"), SOON).await;
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
