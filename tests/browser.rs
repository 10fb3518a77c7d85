//! What must hold in a browser as it does natively.

#![cfg(target_arch = "wasm32")]
// Clippy knows tests by the attribute that they have natively.
#![expect(clippy::unwrap_used, reason = "all of these are tests")]

mod common;

use svertka::engine::trainer::Trainer;
use svertka::ui::runs::lease::{Claim, claim, held};
use svertka::ui::runs::store::{Part, Store, blocks, numbers};
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn the_final_weights_are_the_same_bits_as_natively() {
    let params = common::train(Trainer::step);
    assert_eq!(common::checksum(&params), common::EXPECTED, "{:#x}", common::checksum(&params));
}

/// A fresh database for each test.
async fn store(name: &str) -> Store {
    Store::open(&format!("test-{name}-{}", js_sys::Math::random())).await.unwrap()
}

#[wasm_bindgen_test]
async fn stored_runs_come_back_with_their_weights() {
    let store = store("back").await;
    let values = [&[1.5_f32, -0.0, f32::INFINITY][..], &[], &[f32::MIN_POSITIVE]];
    let last = blocks(values);
    store.put("a", |before| format!("{before:?}"), &[(Part::Last, &last)]).await.unwrap();
    store.put("b", |_| "Б".to_owned(), &[]).await.unwrap();
    assert_eq!(store.list().await.unwrap(), ["None", "Б"]);
    assert_eq!(numbers(&store.weights("a", Part::Last).await.unwrap().unwrap()), values);
    assert!(store.weights("a", Part::Best).await.unwrap().is_none());
    store.put("a", |before| format!("{before:?} again"), &[(Part::Best, &last)]).await.unwrap();
    assert_eq!(store.text("a").await.unwrap().unwrap(), "Some(\"None\") again");
    assert!(store.weights("a", Part::Last).await.unwrap().is_some(), "what is not put stays");
}

#[wasm_bindgen_test]
async fn weights_go_alone_or_with_their_run() {
    let store = store("gone").await;
    let last = blocks([&[1.0_f32][..]]);
    for id in ["a", "b"] {
        store.put(id, |_| id.to_owned(), &[(Part::Last, &last), (Part::Best, &last)]).await.unwrap();
    }
    store.remove(&["a".to_owned()], Some(&["without".to_owned()])).await.unwrap();
    assert_eq!(store.list().await.unwrap(), ["without", "b"]);
    assert!(store.weights("a", Part::Last).await.unwrap().is_none());
    assert!(store.weights("b", Part::Best).await.unwrap().is_some());
    store.remove(&["a".to_owned(), "b".to_owned()], None).await.unwrap();
    assert_eq!(store.list().await.unwrap(), Vec::<String>::new());
    assert!(store.weights("b", Part::Best).await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn files_are_stored_by_name_written_over_and_gone_with_their_run() {
    let store = store("files").await;
    let (first, second) = (blocks([&[1.0_f32][..]]), blocks([&[2.0_f32][..]]));
    // Whatever a callback calls its files, and whatever stands behind an id in the order of keys.
    for (id, path) in [("a", "w/01.keras"), ("a", "веса {} 0"), ("a0", "w/01.keras"), ("a-b", "last")] {
        store.put(id, |_| id.to_owned(), &[(Part::File(path), &first)]).await.unwrap();
    }
    store
        .put("a", |_| "a".to_owned(), &[(Part::Last, &first), (Part::File("w/01.keras"), &second)])
        .await
        .unwrap();
    let value =
        async |id: &str, part| store.weights(id, part).await.unwrap().map(|blocks| numbers(&blocks)[0][0]);
    assert_eq!(value("a", Part::File("w/01.keras")).await, Some(2.0));
    assert_eq!(value("a", Part::File("веса {} 0")).await, Some(1.0));
    assert_eq!(value("a-b", Part::Last).await, None, "a file of that name is no last weights");
    store.discard("a", &[Part::File("веса {} 0"), Part::File("never there")]).await.unwrap();
    assert_eq!(value("a", Part::File("веса {} 0")).await, None);
    assert_eq!(value("a", Part::File("w/01.keras")).await, Some(2.0));
    store.remove(&["a".to_owned()], Some(&["without".to_owned()])).await.unwrap();
    assert_eq!(value("a", Part::File("w/01.keras")).await, None);
    assert_eq!(value("a", Part::Last).await, None);
    assert_eq!(value("a0", Part::File("w/01.keras")).await, Some(1.0));
    assert_eq!(value("a-b", Part::File("last")).await, Some(1.0));
}

#[wasm_bindgen_test]
async fn a_run_is_held_by_one_until_it_is_given_back() {
    let id = format!("run-{}", js_sys::Math::random());
    let Claim::Granted(lease) = claim(&id).await else { panic!("nobody has it") };
    assert!(held().await.contains(&id));
    assert!(matches!(claim(&id).await, Claim::Taken));
    drop(lease);
    // The browser takes it back between two turns of the event loop.
    held().await;
    assert!(matches!(claim(&id).await, Claim::Granted(_)));
}
