//! Samples of what is said to the worker that reads and writes files.

use svertka::engine::presets::Preset;
use svertka::engine::spec::RunSpec;
use svertka::formats::run_json::{Became, KerasNote};
use svertka::formats::{Language, ModelFormat, NamedFile, OpenedModel, OptimizerState, SavedModel, Wrapping};
use svertka::protocol::{FilesEvent, FilesRequest, Reading};

use crate::{RUN, assert_holds_every_variant, assert_survives, errors, training};

/// With every kind of value that a model from a file may hold.
pub fn saved_model() -> SavedModel {
    let job = training::jobs().remove(0);
    let slots = vec![vec![], vec![-0.0, f32::INFINITY]];
    SavedModel {
        model: job.model.clone(),
        params: vec![-0.0, f32::MIN_POSITIVE, f32::MAX],
        job: Some(job),
        epochs: Some(3),
        optimizer: Some(OptimizerState { steps: u64::MAX, learning_rate: f32::MIN_POSITIVE, slots }),
    }
}

fn note(what: Became) -> KerasNote {
    let text = str::to_owned;
    KerasNote { path: text("model.layers[2]"), owner: text("Dense"), argument: text("fused"), what }
}

fn notes() -> Vec<KerasNote> {
    let to = || "имя".to_owned();
    let kinds = vec![
        Became::Removed,
        Became::Renamed { to: to() },
        Became::Replaced { by: to() },
        Became::Moved { to: to() },
        Became::NotBuilt { instead: None },
        Became::NotBuilt { instead: Some(to()) },
        Became::NotCompiled,
        Became::WithoutEffect,
    ];
    assert_holds_every_variant!(
        kinds,
        Became { Removed, Renamed, Replaced, Moved, NotBuilt, NotCompiled, WithoutEffect }
    );
    kinds.into_iter().map(note).collect()
}

fn file() -> NamedFile {
    NamedFile { name: "сеть.keras".to_owned(), bytes: (0..=255).collect() }
}

#[test]
fn every_request_for_files_survives_with_its_run() {
    let run = RUN;
    let lenet = Preset::Lenet5.spec();
    let reading = Reading {
        file: file(),
        description: Some("{\"ключ\": 1}".to_owned()),
        known: Some(RunSpec::new(lenet.clone())),
        others: vec![lenet],
    };
    let mut samples = vec![FilesRequest::Read { run, reading: Box::new(reading) }];
    samples.extend(ModelFormat::ALL.map(|format| {
        let wrapping = Wrapping {
            stem: "сеть".to_owned(),
            date: "2026-11-29@13:05:00".to_owned(),
            language: Language::Russian,
        };
        FilesRequest::Write { run, format, saved: Box::new(saved_model()), wrapping }
    }));
    samples.push(FilesRequest::Pack { run, name: "всё.zip".to_owned(), files: vec![file()] });
    assert_holds_every_variant!(samples, FilesRequest { Read, Write, Pack });
    for request in &samples {
        assert_survives(request);
        assert_eq!(request.run(), RUN);
    }
}

#[test]
fn every_answer_about_files_survives_with_its_run() {
    let run = RUN;
    let opened = Box::new(OpenedModel { saved: saved_model(), notes: notes() });
    let mut samples = vec![
        FilesEvent::Ready { run },
        FilesEvent::Opened { run, opened },
        FilesEvent::Written { run, file: file() },
        FilesEvent::Died { run, message: "паника".to_owned() },
    ];
    let failed = |error| FilesEvent::Failed { run, error, fits: vec![0, 7] };
    samples.extend(errors::format_errors().into_iter().map(failed));
    assert_holds_every_variant!(samples, FilesEvent { Ready, Opened, Written, Failed, Died });
    for event in &samples {
        assert_survives(event);
        assert_eq!(event.run(), RUN);
    }
}
