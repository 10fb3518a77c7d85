//! What can be saved and sent: specs, events, messages, file headers and errors.

use crate::source::{Source, Violation, sources};
use crate::{assert_caught, assert_passes, report};

/// Ends of names that may derive serde.
const NAMES: &[&str] = &["Spec", "Error"];
/// Whole files that may: messages, events and the headers of files.
const FILES: &[&str] = &[
    "src/engine/event.rs",
    "src/engine/callbacks/state.rs",
    "src/engine/watch.rs",
    "src/protocol.rs",
    "src/protocol/",
    "src/data/manifest.rs",
    "src/formats/",
];
/// Values inside specs and events.
const PARTS: &[&str] = &[
    "Shape",
    "DatasetId",
    "Split",
    "Activation",
    "Axes",
    "FlipMode",
    "Interpolation",
    "FillMode",
    "Padding",
    "DataFormat",
    "FanMode",
    "OrthogonalMode",
    "Distribution",
    "Mode",
    "Direction",
    "CallbackAction",
    "CallbackMemory",
    "EarlyStoppingAction",
    "Reduction",
    "LossWeight",
    "ReduceLrOnPlateauAction",
    "ModelCheckpointAction",
    "SaveReason",
    "TensorBoardAction",
    "CsvLoggerAction",
    "LearningRateSchedulerAction",
    "BackupAndRestoreAction",
    "SummaryEvent",
    "SummaryRun",
    "SummaryValue",
    "SaveFreq",
    "UpdateFreq",
    "ProfileBatch",
    "Average",
    "Curve",
    "SummationMethod",
];
/// Files outside the worker's wire: settings the page keeps for itself, lines the command line prints.
const ELSEWHERE: &[&str] = &["src/ui/", "src/cli/"];

/// Forms that gloo-worker's binary codec cannot read back.
const NOT_ON_THE_WIRE: &[&str] = &[
    "tag",
    "untagged",
    "content",
    "flatten",
    "skip_serializing_if",
    "skip_serializing",
    "skip_deserializing",
];

fn under(source: &Source, places: &[&str]) -> bool {
    places
        .iter()
        .any(|place| source.path == *place || (place.ends_with('/') && source.path.starts_with(place)))
}

/// The tokens of every attribute called `name`: `(first, last)` index of what is in its parentheses.
fn attributes<'a>(source: &'a Source, name: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    (2..source.tokens.len())
        .filter(move |idx| {
            source.text(idx - 2) == "#" && source.text(idx - 1) == "[" && source.text(*idx) == name
        })
        .map(|idx| {
            let end = (idx..source.tokens.len()).find(|end| source.text(*end) == "]").unwrap_or(idx);
            (idx, end)
        })
}

fn derives(source: &Source) -> Vec<Violation> {
    if under(source, FILES) || under(source, ELSEWHERE) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (start, end) in attributes(source, "derive") {
        if !(start..end).any(|idx| matches!(source.text(idx), "Serialize" | "Deserialize")) {
            continue;
        }
        let item = (end..source.tokens.len()).find(|idx| matches!(source.text(*idx), "struct" | "enum"));
        let name = item.map_or("", |idx| match source.text(idx + 1) {
            // A macro's parameter that stands for the name: `$spec`, `$family_spec`.
            "$" if source.text(idx + 2).ends_with("spec") => "Spec",
            name => name,
        });
        if !PARTS.contains(&name) && !NAMES.iter().any(|end| name.ends_with(end)) {
            let line = source.tokens[start].line;
            found.push(
                source.violation(line, format!("`{name}` is neither a spec nor an event, message or error")),
            );
        }
    }
    found
}

fn wire_form(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (start, end) in attributes(source, "serde") {
        for idx in start + 1..end {
            let word = source.text(idx);
            // A word after `=` is a value.
            if NOT_ON_THE_WIRE.contains(&word) && source.text(idx - 1) != "=" {
                let rule = format!("`serde({word})`: the worker's codec cannot read it back");
                found.push(source.violation(source.tokens[idx].line, rule));
            }
        }
    }
    found
}

#[test]
fn only_specs_events_messages_and_errors_derive_serde() {
    report(&sources().iter().flat_map(derives).collect::<Vec<_>>());
}

#[test]
fn wire_types_keep_the_default_form() {
    report(&sources().iter().flat_map(wire_form).collect::<Vec<_>>());
}

#[test]
fn a_built_thing_that_derives_serde_is_caught() {
    assert_caught(
        derives,
        "src/engine/layers/dropout.rs",
        "#[derive(Clone, Serialize)] struct Dropout { mask: Vec<bool> }",
    );
    assert_caught(derives, "src/engine/trainer.rs", "#[derive(serde::Deserialize)] pub struct Trainer;");
    assert_passes(
        derives,
        "src/engine/layers/dropout.rs",
        "#[derive(Serialize)] pub struct DropoutSpec { rate: f32 }",
    );
    assert_passes(derives, "src/engine/event.rs", "#[derive(Serialize)] pub enum TrainEvent {}");
}

#[test]
fn a_form_the_codec_cannot_read_is_caught() {
    assert_caught(wire_form, "src/protocol.rs", "#[serde(tag = \"type\")] enum A {}");
    assert_caught(wire_form, "src/protocol.rs", "#[serde(rename = \"b\", untagged)] enum A {}");
    assert_caught(wire_form, "src/engine/spec.rs", "struct A { #[serde(flatten)] b: B }");
    assert_caught(
        wire_form,
        "src/engine/spec.rs",
        "struct A { #[serde(skip_serializing_if = \"Option::is_none\")] b: Option<u8> }",
    );
    assert_passes(
        wire_form,
        "src/protocol.rs",
        "#[serde(rename = \"tag\", rename_all = \"snake_case\")] enum A {}",
    );
}
