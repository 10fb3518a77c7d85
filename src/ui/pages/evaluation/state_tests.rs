use super::*;
use crate::data::Split;
use crate::protocol::ImageSet;
use crate::ui::worker_model::Origin;

const RUN: RunId = RunId(4);

fn stamp() -> ModelStamp {
    ModelStamp { name: "mlp".into(), origin: Origin::Training, epochs: Some(2), model: 1, revision: 94 }
}

fn report() -> EvaluationReport {
    EvaluationReport {
        dataset: DatasetId::Mnist,
        classes: vec!["0".into(), "1".into()],
        loss: 0.5,
        labels: vec![0, 0, 0, 1],
        predicted: vec![1, 0, 1, 1],
        confidence: vec![0.6, 0.9, 0.8, 0.7],
    }
}

fn evaluated() -> EvaluationState {
    let mut state = EvaluationState::default();
    state.begin(RUN, stamp());
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

const MISTAKE: Cell = Cell { label: 0, predicted: 1 };

#[test]
fn an_evaluation_loads_counts_and_ends() {
    let mut state = EvaluationState::default();
    state.begin(RUN, stamp());
    assert!(state.apply(WorkerEvent::EvaluationProgress { run: RUN, done: 1, total: 32 }));
    assert_eq!(state.work, Work::Evaluating { done: 1, total: 32 });
    assert!(state.apply(WorkerEvent::Evaluated { run: RUN, report: Box::new(report()) }));
    assert_eq!(state.work, Work::Idle);
    let result = state.result.clone().unwrap();
    assert_eq!((result.confusion.num_right(), result.confusion.num_samples()), (2, 4));
    assert_eq!(result.stamp, stamp());
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
    state.begin(RunId(5), stamp());
    state.apply(WorkerEvent::Failed { run: RunId(5), error: WorkerError::NoModel });
    assert_eq!((state.error.clone(), state.work.clone()), (Some(WorkerError::NoModel), Work::Idle));
    state.begin(RunId(6), stamp());
    assert_eq!(state.error, None);
    state.apply(WorkerEvent::Died { run: RunId(6), message: String::new() });
    assert!(state.work == Work::Idle && state.result.is_some());
}

#[test]
fn a_cell_leads_to_its_images_the_surest_first() {
    let mut state = evaluated();
    state.open(MISTAKE);
    let open = state.open.clone().unwrap();
    assert_eq!(open.next_indices(), [2, 0]);
    state.begin_images(RunId(8));
    assert!(!state.apply_images(images(RunId(7), &[2])), "an answer to an earlier question");
    assert!(state.apply_images(images(RunId(8), &[2, 0])));
    let open = state.open.clone().unwrap();
    assert_eq!((open.num_left(), open.is_busy()), (0, false));
    assert_eq!((open.tiles[0].index, open.tiles[0].predicted, open.tiles[0].confidence), (2, 1, 0.8));
}

#[test]
fn many_images_come_in_pages() {
    let mut state = EvaluationState::default();
    state.begin(RUN, stamp());
    let many = PAGE_IMAGES + 3;
    let report = EvaluationReport {
        labels: vec![0; many],
        predicted: vec![1; many],
        confidence: vec![0.5; many],
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

#[test]
fn the_address_holds_the_choice_and_forgives_nonsense() {
    let setup = Setup { dataset: DatasetId::FashionMnist, images: 10_000 };
    assert_eq!(Setup::from_query(&setup.to_query(), None), setup);
    let nonsense = Query::default().with("dataset", &"cats").with("images", &7);
    assert_eq!(
        Setup::from_query(&nonsense, Some(DatasetId::FashionMnist)),
        Setup { dataset: DatasetId::FashionMnist, images: 1_000 }
    );
}
