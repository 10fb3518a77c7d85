use super::*;
use crate::engine::presets::Preset;
use crate::formats::{ModelFile, write_weights};
use crate::ui::worker_model::Origin;

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

#[test]
fn files_are_known_by_name_and_else_by_content() {
    assert_eq!(FileKind::of("Model (1).JSON", b""), Some(FileKind::Model));
    assert_eq!(FileKind::of("weights.safetensors", b""), Some(FileKind::Weights));
    assert_eq!(FileKind::of("model.safetensors.bin", &weights()), Some(FileKind::Weights));
    assert_eq!(FileKind::of("model.txt", &json()), Some(FileKind::Model));
    assert_eq!(FileKind::of("digit.png", b"\x89PNG\r\n\x1a\n----"), None);
    assert_eq!(FileKind::of("empty", b""), None);
}

#[test]
fn the_missing_file_is_named_whichever_came_first() {
    let mut state = LoadState::default();
    assert_eq!(state.missing(), None);
    state.pick("model.safetensors".into(), weights());
    assert_eq!(state.missing(), Some(FileKind::Model));
    assert!(!state.end_picking(false));
    state.begin_picking();
    state.pick("model.json".into(), json());
    assert_eq!(state.missing(), None);
    assert!(state.end_picking(false));
}

#[test]
fn a_model_that_would_be_lost_is_asked_about_first() {
    let mut state = both();
    assert!(!state.end_picking(true));
    assert_eq!(state.step, Step::Asking);
    assert!(state.files().is_some());
}

#[test]
fn strangers_are_named_and_do_not_stand_in_the_way() {
    let mut state = both();
    state.pick("photo.jpg".into(), vec![0xff, 0xd8]);
    assert_eq!(state.strangers, ["photo.jpg"]);
    assert!(state.end_picking(false));
    state.begin_picking();
    assert!(state.strangers.is_empty());
}

#[test]
fn a_failed_import_keeps_the_files_and_one_can_be_replaced() {
    let mut state = both();
    state.step = Step::Reading(RUN);
    assert!(!state.apply(WorkerEvent::Failed { run: RunId(5), error: WorkerError::NoModel }));
    assert!(state.apply(WorkerEvent::Failed { run: RUN, error: WorkerError::NoModel }));
    assert_eq!(state.step, Step::Failed(WorkerError::NoModel));
    state.begin_picking();
    state.pick("other.json".into(), json());
    assert_eq!(state.model.as_ref().unwrap().name, "other.json");
    assert!(state.end_picking(false));
}

#[test]
fn a_model_that_is_read_takes_the_files_off_the_table() {
    let mut state = both();
    state.step = Step::Reading(RUN);
    let model = Box::new(Preset::Mlp.spec());
    assert!(state.apply(WorkerEvent::ModelReady { run: RUN, model, job: None, epochs: None }));
    assert_eq!(state, LoadState { step: Step::Done, ..LoadState::default() });
}

#[test]
fn exported_files_remember_which_state_they_hold() {
    let stamp =
        ModelStamp { name: "mlp".into(), origin: Origin::Training, epochs: Some(1), model: 1, revision: 9 };
    let mut state = SaveState::default();
    state.begin(RUN, stamp.clone());
    let other = WorkerEvent::Exported { run: RunId(1), model_json: String::new(), weights: Vec::new() };
    assert_eq!(state.apply(other), None);
    let own = WorkerEvent::Exported { run: RUN, model_json: "{}".into(), weights: vec![1] };
    assert_eq!(state.apply(own), Some(("{}".to_owned(), vec![1])));
    assert_eq!(state.ready, Some(stamp));
}
