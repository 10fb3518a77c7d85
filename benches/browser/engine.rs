//! The engine for the benchmark in the browser: compiled as the worker is, run in a worker, called
//! by `contestants/svertka.js`; and, in `client`, a way to the page's own worker.

#![expect(
    clippy::new_without_default,
    clippy::missing_errors_doc,
    reason = "JavaScript calls it, Rust does not"
)]

mod client;

use std::sync::Arc;

use svertka::data::{LabeledImages, shard};
use svertka::engine::presets::Preset;
use svertka::engine::work::{inference_flop, training_flop};
use svertka::speed::workload::Workload;
use svertka::speed::{Probe, Work, kernels, peak};
use wasm_bindgen::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
}

/// Images of decompressed shards.
#[wasm_bindgen]
pub struct Images(LabeledImages);

#[wasm_bindgen]
impl Images {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(LabeledImages::empty([28, 28, 1]))
    }

    pub fn append(&mut self, shard: &[u8]) -> Result<(), JsError> {
        self.0.append(&shard::decode(shard)?);
        Ok(())
    }

    pub fn pixels(&self) -> Vec<u8> {
        self.0.pixels().to_vec()
    }

    pub fn labels(&self) -> Vec<u8> {
        self.0.labels().to_vec()
    }
}

/// One of the workloads.
#[wasm_bindgen]
pub struct Network(Workload);

#[wasm_bindgen]
impl Network {
    #[wasm_bindgen(constructor)]
    pub fn new(preset: &str, images: &Images) -> Result<Self, JsError> {
        Ok(Self(Workload::new(named(preset)?, Arc::new(images.0.clone()))?))
    }

    pub fn train(&mut self, steps: usize) -> f64 {
        self.0.train(steps)
    }

    pub fn infer(&mut self, begin: usize, end: usize) -> usize {
        self.0.infer(begin..end)
    }
}

/// Floating-point operations per image: in training, in inference.
#[wasm_bindgen]
pub fn operations(preset: &str) -> Result<Vec<f64>, JsError> {
    let model = named(preset)?.spec();
    Ok(vec![training_flop(&model)?, inference_flop(&model)?])
}

fn named(preset: &str) -> Result<Preset, JsError> {
    Preset::from_id(preset).ok_or_else(|| JsError::new("there is no such preset"))
}

/// The peak and the kernels.
#[wasm_bindgen]
pub struct Probes(Vec<Probe>);

#[wasm_bindgen]
impl Probes {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(std::iter::once(peak::registers()).chain(kernels::all()).collect())
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn name(&self, index: usize) -> String {
        self.0[index].name.clone()
    }

    pub fn amount(&self, index: usize) -> f64 {
        self.0[index].work.amount() as f64
    }

    pub fn is_arithmetic(&self, index: usize) -> bool {
        matches!(self.0[index].work, Work::Operations(_))
    }

    pub fn run(&mut self, index: usize, times: usize) {
        for _ in 0..times {
            self.0[index].run();
        }
    }
}
