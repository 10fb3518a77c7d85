use super::*;
use crate::engine::presets::Preset;
use crate::engine::spec::RunSpec;
use crate::formats::{FormatError, ModelFile, SavedModel, write_weights};
use crate::protocol::WorkerError;
use crate::ui::pages::files::FitOrigin;

const RUN: RunId = RunId(6);

fn json() -> Vec<u8> {
    ModelFile::new(Preset::Mlp.spec(), None).to_json().into_bytes()
}

fn weights() -> Vec<u8> {
    let spec = Preset::Mlp.spec();
    write_weights(&spec, &vec![0.5; spec.num_params().unwrap()]).unwrap()
}

fn both() -> LoadState {
    let mut state = LoadState::default();
    state.pick("model.json".into(), json());
    state.pick("model.safetensors".into(), weights());
    state
}

fn opened() -> OpenedModel {
    let model = Preset::Mlp.spec();
    let saved = SavedModel { model, params: vec![0.5], job: None, epochs: None, optimizer: None };
    OpenedModel { saved, notes: Vec::new() }
}

/// After both files were read and the model was handed over.
fn taking() -> LoadState {
    let mut state = both();
    let attempt = state.begin_reading();
    let model = state.read(attempt, Ok(opened()), false).unwrap();
    state.hand_over(RUN, model);
    state
}

#[test]
fn the_missing_file_is_named_whichever_came_first() {
    let mut state = LoadState::default();
    assert_eq!(state.missing(), None);
    state.pick("model.safetensors".into(), weights());
    assert_eq!(state.missing(), Some(FileKind::Model));
    assert!(!state.is_complete());
    state.begin_picking();
    state.pick("model.json".into(), json());
    assert_eq!(state.missing(), None);
    assert!(state.is_complete());
    let (file, description) = state.files().unwrap();
    assert_eq!((file.name.as_str(), description.is_some()), ("model.safetensors", true));
}

#[test]
fn a_whole_model_and_plain_arrays_need_no_other_file() {
    for (name, takes_description) in [("net.keras", false), ("net.weights.h5", true), ("net.npz", true)] {
        let mut state = LoadState::default();
        state.pick(name.into(), vec![1]);
        assert!(state.is_complete(), "{name}");
        assert_eq!(state.files().unwrap().1, None);
        state.pick("model.json".into(), json());
        assert_eq!(state.files().unwrap().1.is_some(), takes_description, "{name}");
    }
}

#[test]
fn a_model_that_would_be_lost_is_asked_about_once_the_files_are_read() {
    let mut state = both();
    let attempt = state.begin_reading();
    assert!(state.is_busy() && !state.is_complete());
    assert_eq!(state.read(attempt, Ok(opened()), true), None);
    assert_eq!(state.step, Step::Asking(Arc::new(opened())));
    assert_eq!(state.confirmed(), Some(Arc::new(opened())));
    state.clear();
    assert_eq!((state.step, state.weights), (Step::Picking, None));
}

#[test]
fn what_was_read_too_late_is_dropped() {
    let mut state = both();
    let first = state.begin_reading();
    state.clear();
    state.pick("net.keras".into(), vec![1]);
    let second = state.begin_reading();
    assert_eq!(state.read(first, Ok(opened()), false), None);
    assert_eq!(state.step, Step::Reading(second));
    assert!(state.read(second, Ok(opened()), false).is_some());
}

#[test]
fn strangers_are_named_and_do_not_stand_in_the_way() {
    let mut state = both();
    state.pick("photo.jpg".into(), vec![0xff, 0xd8]);
    assert_eq!(state.strangers, ["photo.jpg"]);
    assert!(state.is_complete());
    state.begin_picking();
    assert!(state.strangers.is_empty());
}

#[test]
fn a_file_that_cannot_be_read_stays_and_can_be_replaced() {
    let mut state = both();
    let attempt = state.begin_reading();
    let refusal = Refusal::Format(FormatError::Safetensors { detail: "cut".into() });
    let fits = vec![Fit { origin: FitOrigin::Form, run: RunSpec::new(Preset::Mlp.spec()) }];
    assert_eq!(state.read(attempt, Err((refusal.clone(), fits.clone())), false), None);
    assert_eq!(state.step, Step::Failed { refusal, fits });
    assert!(state.is_complete(), "it can be read again into another network");
    state.begin_picking();
    state.pick("other.json".into(), json());
    assert_eq!(state.model.as_ref().unwrap().name, "other.json");
}

#[test]
fn a_model_that_the_worker_refuses_says_why() {
    let mut state = taking();
    assert!(!state.apply(WorkerEvent::Failed { run: RunId(5), error: WorkerError::NoModel }));
    assert!(state.apply(WorkerEvent::Failed { run: RUN, error: WorkerError::NoModel }));
    let refusal = Refusal::Worker(WorkerError::NoModel);
    assert_eq!(state.step, Step::Failed { refusal, fits: Vec::new() });
}

#[test]
fn a_model_that_is_taken_takes_the_files_off_the_table() {
    let mut state = taking();
    let model = Box::new(Preset::Mlp.spec());
    assert!(state.apply(WorkerEvent::ModelReady { run: RUN, model, job: None, epochs: None }));
    assert_eq!(state.step, Step::Done(Arc::new(opened())));
    assert!(state.model.is_none() && state.weights.is_none());
}
