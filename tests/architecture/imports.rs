//! Who may name whom.

use crate::source::{Source, Violation, sources};
use crate::{assert_caught, assert_passes, report};

/// The areas in order: each names only what stands before it. Areas on one line do not know each
/// other.
const AREAS: &[&[&str]] =
    &[&["tensor"], &["data"], &["engine"], &["speed"], &["formats"], &["protocol"], &["worker", "cli", "ui"]];

/// A file that may look past the order, and at which area.
const AREA_EXCEPTIONS: &[(&str, &str)] = &[
    // The bridge spawns the worker, so it must name its type.
    ("src/ui/bridge.rs", "worker"),
    // What speaks to the worker of files packs as that one does.
    ("src/ui/files/courier.rs", "worker"),
];

/// Inside the engine. `event` and `callbacks` are one step: an event says what a callback did, a
/// callback is told of events.
const ENGINE: &[&[&str]] = &[
    &["argument", "family", "loose"],
    &["initializers", "regularizers", "constraints", "schedules"],
    &["layers"],
    &["losses", "optimizers"],
    &["metrics"],
    &["scores"],
    &["event", "callbacks"],
    &["spec_error"],
    &["fit_spec"],
    &["data_spec"],
    &["spec"],
    &["presets", "best_epoch", "penalties", "class_weight", "chunk", "work", "shares", "logits"],
    &["model"],
    &["shared_inference"],
    &["evaluator", "shared_batch", "watch"],
    &["trainer"],
    &["probe"],
];
const ENGINE_TOGETHER: &[&[&str]] = &[&["event", "callbacks"]];

/// Areas that know no browser.
const NO_BROWSER: &[&str] = &["tensor", "data", "engine", "speed", "formats", "protocol", "cli"];
const BROWSER_CRATES: &[&str] =
    &["web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "console_error_panic_hook"];

fn rank(order: &[&[&str]], name: &str) -> Option<usize> {
    order.iter().position(|step| step.contains(&name))
}

fn area(source: &Source) -> Option<&str> {
    source.module().first().copied().filter(|first| !matches!(*first, "bin"))
}

fn area_order(source: &Source) -> Vec<Violation> {
    let Some(own) = area(source) else { return Vec::new() };
    let Some(own_rank) = rank(AREAS, own) else {
        return vec![source.violation(1, format!("area `{own}` has no place in the order of areas"))];
    };
    let mut found = Vec::new();
    for path in source.paths().iter().filter(|path| path.segments[0] == "crate" && path.segments.len() > 1) {
        let other = path.segments[1].as_str();
        let Some(other_rank) = rank(AREAS, other) else { continue };
        let excepted = AREA_EXCEPTIONS.contains(&(source.path.as_str(), other));
        if other != own && other_rank >= own_rank && !excepted {
            found.push(source.violation(path.line, format!("`{own}` must not know `{other}`")));
        }
    }
    found
}

fn engine_order(source: &Source) -> Vec<Violation> {
    let module = source.module();
    let ["engine", own, ..] = module[..] else { return Vec::new() };
    // `trainer_tests` belongs to `trainer`.
    let own = own.strip_suffix("_tests").unwrap_or(own);
    let Some(own_rank) = rank(ENGINE, own) else {
        return vec![source.violation(1, format!("`engine::{own}` has no place in the engine's order"))];
    };
    let mut found = Vec::new();
    for path in source.paths().iter().filter(|path| !path.test) {
        let [first, second, other, ..] = &path.segments[..] else { continue };
        if first != "crate" || second != "engine" || other == own {
            continue;
        }
        let Some(other_rank) = rank(ENGINE, other) else { continue };
        let together =
            ENGINE_TOGETHER.iter().any(|step| step.contains(&own) && step.contains(&other.as_str()));
        if other_rank >= own_rank && !together {
            found.push(
                source.violation(path.line, format!("`engine::{own}` must not know `engine::{other}`")),
            );
        }
    }
    found
}

/// Leptos stands in views and the shell alone, browser crates in no area before the worker.
fn browser_crates(source: &Source) -> Vec<Violation> {
    let module = source.module();
    let file = source.path.rsplit('/').next().unwrap_or_default();
    let sees_leptos = match module[..] {
        ["bin", "ui"] => true,
        ["ui", "widgets" | "pages" | "lessons", ..] => file == "view.rs",
        ["ui", ..] => !matches!(file, "state.rs" | "scene.rs"),
        _ => false,
    };
    let sees_browser =
        !matches!(file, "state.rs" | "scene.rs") && !area(source).is_some_and(|a| NO_BROWSER.contains(&a));
    let mut found = Vec::new();
    for path in source.paths() {
        let name = path.segments[0].as_str();
        if !sees_leptos && (name == "leptos" || name.starts_with("leptos_")) {
            found.push(source.violation(path.line, format!("`{name}` belongs into a view")));
        }
        if !sees_browser && (BROWSER_CRATES.contains(&name) || name.starts_with("gloo")) {
            found.push(source.violation(path.line, format!("`{name}`: this file knows no browser")));
        }
    }
    found
}

#[test]
fn areas_are_imported_in_order() {
    report(&sources().iter().flat_map(area_order).collect::<Vec<_>>());
}

#[test]
fn the_engine_is_imported_in_order() {
    report(&sources().iter().flat_map(engine_order).collect::<Vec<_>>());
}

#[test]
fn the_engine_knows_no_browser_and_states_know_no_leptos() {
    report(&sources().iter().flat_map(browser_crates).collect::<Vec<_>>());
}

#[test]
fn an_area_that_looks_ahead_is_caught() {
    assert_caught(area_order, "src/tensor/rng.rs", "use crate::engine::spec::ModelSpec;");
    assert_caught(area_order, "src/engine/trainer.rs", "fn f() { crate::protocol::send() }");
    assert_caught(area_order, "src/engine/layers/dense.rs", "use super::super::super::worker::Pool;");
    assert_caught(area_order, "src/ui/pages/training/view.rs", "use crate::worker::TrainingWorker;");
    assert_caught(area_order, "src/cli/fit.rs", "use crate::{data::Split, ui::scene::Draw};");
    assert_caught(area_order, "src/helpers/mod.rs", "");
    assert_passes(area_order, "src/ui/bridge.rs", "use crate::worker::TrainingWorker;");
    assert_passes(area_order, "src/engine/spec.rs", "use crate::{data::DatasetId, tensor::Shape};");
    assert_passes(area_order, "src/bin/ui.rs", "use svertka::ui::app;");
}

#[test]
fn an_engine_module_that_looks_ahead_is_caught() {
    assert_caught(engine_order, "src/engine/layers/dense.rs", "use crate::engine::spec::SpecError;");
    assert_caught(engine_order, "src/engine/layers/mod.rs", "use super::model::Sequential;");
    assert_caught(engine_order, "src/engine/losses/mod.rs", "use crate::engine::optimizers::OptimizerSpec;");
    assert_caught(engine_order, "src/engine/callbacks/mod.rs", "use crate::engine::trainer::Trainer;");
    assert_caught(engine_order, "src/engine/utilities.rs", "");
    assert_passes(engine_order, "src/engine/callbacks/mod.rs", "use crate::engine::event::TrainEvent;");
    assert_passes(
        engine_order,
        "src/engine/layers/dense.rs",
        "#[cfg(test)] mod tests { use crate::engine::presets; }",
    );
}

#[test]
fn a_browser_crate_out_of_place_is_caught() {
    assert_caught(browser_crates, "src/engine/trainer.rs", "use leptos::prelude::*;");
    assert_caught(browser_crates, "src/engine/trainer.rs", "fn f() { web_sys::console::log_1(&x) }");
    assert_caught(browser_crates, "src/worker/mod.rs", "use leptos::prelude::RwSignal;");
    assert_caught(browser_crates, "src/ui/widgets/loss_chart/state.rs", "use leptos::*;");
    assert_caught(browser_crates, "src/ui/pages/training/mod.rs", "use leptos_router::hooks;");
    assert_caught(browser_crates, "src/ui/widgets/loss_chart/scene.rs", "use web_sys::Element;");
    assert_caught(browser_crates, "src/data/shard.rs", "use gloo_net::http::Request;");
    assert_passes(
        browser_crates,
        "src/ui/widgets/loss_chart/view.rs",
        "use leptos::prelude::*; use web_sys::Element;",
    );
    assert_passes(browser_crates, "src/worker/mod.rs", "use gloo_worker::Worker;");
}
