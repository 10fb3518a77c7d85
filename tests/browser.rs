//! What must hold in a browser as it does natively.

#![cfg(target_arch = "wasm32")]

mod common;

use svertka::engine::trainer::Trainer;
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn the_final_weights_are_the_same_bits_as_natively() {
    let params = common::train(Trainer::step);
    assert_eq!(common::checksum(&params), common::EXPECTED, "{:#x}", common::checksum(&params));
}
