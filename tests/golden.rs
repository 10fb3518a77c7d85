//! The engine against real Keras: every case in `tests/golden` is run and compared.
//!
//! A case is `<name>.json`, with `<name>.safetensors` beside it where arrays are large. Cases carry
//! their own tolerance and its reason. `make_golden.py` in that folder makes them.

// The command line's loader reads the images.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

#[path = "golden/callback.rs"]
mod callback;
#[path = "golden/case.rs"]
mod case;
#[path = "golden/check.rs"]
mod check;
#[path = "golden/convolutions.rs"]
mod convolutions;
#[path = "golden/coverage.rs"]
mod coverage;
#[path = "golden/entropies.rs"]
mod entropies;
#[path = "golden/families.rs"]
mod families;
#[path = "golden/fits.rs"]
mod fits;
#[path = "golden/lines.rs"]
mod lines;
#[path = "golden/losses.rs"]
mod losses;
#[path = "golden/metrics.rs"]
mod metrics;
#[path = "golden/norms.rs"]
mod norms;
#[path = "golden/poolings.rs"]
mod poolings;
#[path = "golden/probe.rs"]
mod probe;
#[path = "golden/races.rs"]
mod races;
#[path = "golden/random.rs"]
mod random;
#[path = "golden/scores.rs"]
mod scores;
#[path = "golden/trajectory.rs"]
mod trajectory;
#[path = "golden/update.rs"]
mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use case::{Case, Comparison, case_names, folder};
use svertka::data::shard::sha256_hex;

fn run(name: &str) -> Vec<Comparison> {
    match Case::read(name) {
        // Decisions are compared whole, below, and distributions in `families.rs`.
        Case::Callback(_) | Case::Initializer(_) => Vec::new(),
        Case::Convolutions(case) => convolutions::convolutions(&case),
        Case::Entropies(case) => entropies::entropies(&case),
        Case::Poolings(case) => poolings::poolings(&case),
        Case::Race(case) => races::race(&case),
        Case::Probe(case) => probe::probe(name, &case),
        Case::Embedding(case) => probe::embedding(&case),
        Case::Layer(case) => check::layer(&case),
        Case::Loss(case) => check::loss(&case),
        Case::Losses(case) => losses::losses(&case),
        Case::Metrics(case) => metrics::metrics(&case),
        Case::Fit(case) => fits::fit(&case),
        Case::Random(case) => random::random(&case),
        Case::Optimizer(case) => check::optimizer(&case),
        Case::Update(case) => update::update(&case),
        Case::Schedule(case) => update::schedule(&case),
        Case::Trajectory(case) => trajectory::run(name, &case),
        Case::Batches(case) => norms::batches(&case),
        Case::Affine(case) => norms::affine(&case),
        Case::Transformed(case) => families::transformed(&case),
        Case::Regularizer(case) => families::regularizer(&case),
        Case::Penalized(case) => families::penalized(&case),
    }
}

#[test]
fn the_engine_agrees_with_keras() {
    let mut failures = Vec::new();
    for name in case_names() {
        for comparison in run(&name) {
            failures.extend(comparison.error().map(|error| format!("{name}: {error}")));
        }
    }
    assert!(failures.is_empty(), "{} disagreements\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn callbacks_decide_as_keras_does() {
    let mut failures = Vec::new();
    for name in case_names() {
        if let Case::Callback(case) = Case::read(&name) {
            failures.extend(callback::disagreements(&case).iter().map(|found| format!("{name}: {found}")));
        }
    }
    assert!(failures.is_empty(), "{} disagreements\n{}", failures.len(), failures.join("\n"));
}

/// A tolerance that would let a wrong number pass checks nothing: any single stored number that is
/// changed by a thousandth of its array's largest one must be noticed.
#[test]
fn a_changed_number_is_noticed() {
    for name in case_names() {
        for comparison in run(&name) {
            let largest = comparison.largest();
            for (idx, expected) in comparison.expected.iter().enumerate() {
                for changed in [expected - 1e-3 * largest - 1e-6, expected + 1e-3 * largest + 1e-6] {
                    let noticed = !comparison.agrees(idx, changed, largest);
                    assert!(noticed, "{name}: {}[{idx}] could as well be {changed}", comparison.what);
                }
            }
        }
    }
}

#[test]
fn the_folder_holds_exactly_what_the_parts_list() {
    let mut listed: BTreeMap<String, String> = BTreeMap::new();
    for part in fs::read_dir(folder().join("index")).unwrap() {
        let index = fs::read_to_string(part.unwrap().path()).unwrap();
        listed.extend(serde_json::from_str::<BTreeMap<String, String>>(&index).unwrap());
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "json" || ext == "safetensors") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.insert(name, sha256_hex(&fs::read(path).unwrap()));
        }
    }
    let names = found.keys().chain(listed.keys());
    let wrong: BTreeSet<_> = names.filter(|name| found.get(*name) != listed.get(*name)).collect();
    assert!(wrong.is_empty(), "run make_golden.py: it writes the cases and lists them; not so {wrong:?}");
}

#[test]
fn every_kind_of_case_is_there() {
    let mut counts = BTreeMap::new();
    for name in case_names() {
        *counts.entry(Case::read(&name).kind()).or_insert(0) += 1;
    }
    let kinds: Vec<_> = counts.into_keys().collect();
    assert_eq!(
        kinds,
        [
            "affine",
            "batches",
            "callback",
            "convolutions",
            "embedding",
            "entropies",
            "fit",
            "initializer",
            "layer",
            "loss",
            "losses",
            "metrics",
            "optimizer",
            "penalized",
            "poolings",
            "probe",
            "race",
            "random",
            "regularizer",
            "schedule",
            "trajectory",
            "transformed",
            "update"
        ]
    );
}
