//! Damaged files are refused, and nothing panics.

use super::golden_tests::{bytes, open};
use crate::formats::json_tree::Budget;
use crate::formats::{hdf5, read};
use crate::tensor::rng::{Purpose, Rng};

/// Changes some bytes, cuts the file, or moves a part of it.
fn damage(good: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut random = |below: usize| (rng.uniform(0.0, below as f32) as usize).min(below.saturating_sub(1));
    let mut bytes = good.to_vec();
    match random(8) {
        0 => bytes.truncate(random(good.len())),
        1 => {
            let (from, to) = (random(good.len()), random(good.len()));
            let len = random(64).min(good.len() - from.max(to));
            bytes.copy_within(from..from + len, to);
        }
        _ => {
            for _ in 0..=random(6) {
                let at = random(bytes.len());
                // Small numbers and ends of ranges are what lengths and offsets break at.
                bytes[at] = [0, 1, 0x7f, 0xff, random(256) as u8][random(5)];
            }
        }
    }
    bytes
}

#[test]
fn damaged_files_are_refused_and_nothing_panics() {
    let mut rng = Rng::new(8, Purpose::Init, 0, 0);
    for file in
        ["adam_ema.keras", "graph.keras", "convolution.h5", "keras2_adam.h5", "convolution.weights.h5"]
    {
        let good = bytes(file);
        let known = open(file).saved.job;
        for _ in 0..600 {
            let _ = read(file, &damage(&good, &mut rng), known.as_ref());
        }
    }
}

#[test]
fn descriptions_of_any_kind_do_not_panic() {
    let mut rng = Rng::new(9, Purpose::Init, 0, 0);
    let text = {
        let root = hdf5::read(&bytes("graph.h5")).unwrap();
        super::tree::text_attribute(&root, "model_config").unwrap().to_owned()
    };
    let mut parsed = 0;
    for _ in 0..3_000 {
        let text = String::from_utf8_lossy(&damage(text.as_bytes(), &mut rng)).into_owned();
        let mut budget = Budget::new(usize::MAX);
        if let Ok(value) = super::config_read::parse("model_config", text.as_bytes(), &mut budget) {
            parsed += 1;
            let _ = super::config_read::read(value.clone(), Some(value), true, &mut budget);
        }
    }
    assert!(parsed > 100, "{parsed}");
}
