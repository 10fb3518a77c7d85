use super::super::samples::{model, report, with_other};
use super::*;
use crate::data::{DatasetId, Split};
use crate::protocol::{Answers, EvaluationReport, ImageSet};
use crate::ui::widgets::confusion_matrix::Cell;

const RUN: RunId = RunId(4);

fn evaluated() -> EvaluationState {
    let mut state = EvaluationState::default();
    state.begin(RUN, model(), None);
    assert!(state.apply(WorkerEvent::Evaluated { run: RUN, report: Box::new(report()) }));
    state
}

fn images(run: RunId, indices: &[u32]) -> WorkerEvent {
    let images = ImageSet {
        dataset: DatasetId::Mnist,
        split: Split::Test,
        shape: [1, 1, 1],
        indices: indices.to_vec(),
        pixels: indices.iter().map(|index| *index as u8).collect(),
        labels: vec![0; indices.len()],
    };
    WorkerEvent::Images { run, images: Box::new(images) }
}

const MISTAKE: Listing = Listing::Cell(Cell { label: 0, predicted: 1 });

#[test]
fn an_evaluation_loads_counts_and_ends() {
    let mut state = EvaluationState::default();
    state.begin(RUN, model(), None);
    assert!(state.apply(WorkerEvent::EvaluationProgress { run: RUN, done: 1, total: 32 }));
    assert_eq!(state.work, Work::Evaluating { done: 1, total: 32 });
    assert!(state.apply(WorkerEvent::Evaluated { run: RUN, report: Box::new(report()) }));
    assert_eq!(state.work, Work::Idle);
    let result = state.result.clone().unwrap();
    assert_eq!((result.confusion.num_right(), result.confusion.num_samples()), (2, 4));
    assert_eq!((&result.model, &result.comparison), (&model(), &None));
}

#[test]
fn a_comparison_knows_its_second_model() {
    let mut state = EvaluationState::default();
    let second = Second { name: "yesterday".into(), epochs: Some(3) };
    state.begin(RUN, model(), Some(second.clone()));
    assert!(state.is_comparison);
    state.apply(WorkerEvent::Evaluated { run: RUN, report: Box::new(with_other(report())) });
    let result = state.result.clone().unwrap();
    assert_eq!(result.comparison.as_ref().map(|comparison| &comparison.second), Some(&second));
    state.begin(RunId(5), model(), None);
    assert!(!state.is_comparison);
}

#[test]
fn events_of_another_run_change_nothing() {
    let mut state = evaluated();
    let before = state.clone();
    assert!(!state.apply(WorkerEvent::EvaluationProgress { run: RUN, done: 1, total: 2 }));
    assert_eq!(state, before);
}

#[test]
fn a_failure_and_a_death_keep_the_last_result() {
    let mut state = evaluated();
    state.begin(RunId(5), model(), None);
    state.apply(WorkerEvent::Failed { run: RunId(5), error: WorkerError::NoModel });
    assert_eq!((state.error.clone(), state.work.clone()), (Some(WorkerError::NoModel), Work::Idle));
    state.begin(RunId(6), model(), None);
    assert_eq!(state.error, None);
    state.apply(WorkerEvent::Died { run: RunId(6), message: String::new() });
    assert!(state.work == Work::Idle && state.result.is_some());
}

#[test]
fn a_cell_leads_to_its_images_the_surest_first() {
    let mut state = evaluated();
    state.open(MISTAKE);
    let open = state.open.clone().unwrap();
    assert_eq!(open.next_indices(), [12, 10]);
    state.begin_images(RunId(8));
    assert!(!state.apply_images(images(RunId(7), &[12])), "an answer to an earlier question");
    assert!(state.apply_images(images(RunId(8), &[12, 10])));
    let open = state.open.clone().unwrap();
    assert_eq!((open.num_left(), open.is_busy()), (0, false));
    assert_eq!((open.tiles[0].index, open.tiles[0].predicted, open.tiles[0].confidence), (12, 1, 0.8));
}

#[test]
fn many_images_come_in_pages() {
    let mut state = EvaluationState::default();
    state.begin(RUN, model(), None);
    let many = PAGE_IMAGES + 3;
    let report = EvaluationReport {
        indices: (0..many as u32).collect(),
        labels: vec![0; many],
        answers: Answers { loss: 0.5, predicted: vec![1; many], probabilities: vec![0.5; 3 * many] },
        ..report()
    };
    state.apply(WorkerEvent::Evaluated { run: RUN, report: Box::new(report) });
    state.open(MISTAKE);
    let first = state.open.as_ref().unwrap().next_indices();
    assert_eq!(first.len(), PAGE_IMAGES);
    state.begin_images(RUN);
    state.apply_images(images(RUN, &first));
    assert_eq!(state.open.as_ref().unwrap().num_left(), 3);
    assert_eq!(state.open.as_ref().unwrap().next_indices(), [100, 101, 102]);
}
