use super::*;
use crate::engine::presets::Preset;
use crate::ui::convolution::{Picture, Sample};
use crate::ui::pages::inside::{Frame, Frames, softmax_rows};
use crate::ui::worker_model::{ModelStamp, WorkerModel};
use std::sync::Arc;

const RUN: RunId = RunId(3);

fn inspection(question: Question) -> Inspection {
    Inspection { image: vec![1], question }
}

fn moment(count: u64) -> Moment {
    Moment { model: 1, count }
}

fn found(finding: Finding, is_last: bool) -> WorkerEvent {
    WorkerEvent::Found { run: RUN, finding: Box::new(finding), spent_ms: 2.0, is_last }
}

fn verdict(value: f32) -> Finding {
    Finding::Verdict { logits: vec![value], outputs: vec![1.0] }
}

fn units(images: u32) -> Finding {
    Finding::Units { images, layers: Vec::new() }
}

#[test]
fn what_is_looked_at_survives_the_address() {
    let picture = Picture { shape: [3, 3, 1], values: vec![0.0; 9] };
    let sample = Sample { dataset: DatasetId::Mnist, split: crate::data::Split::Test, idx: 7 };
    for source in [Source::Digit(2), Source::Sample(sample), Source::Own(Arc::new(picture))] {
        for map in MapKind::ALL {
            let setup = Setup {
                source: source.clone(),
                prepared: false,
                map,
                of_probability: true,
                class: Some(3),
                layer: Some(2),
                window: 7,
                stride: 1,
                tsne: true,
                samples: 500,
            };
            assert_eq!(Setup::from_query(&setup.to_query()), (setup, vec![]));
        }
    }
    assert!(Setup::default().to_query().is_empty());
}

#[test]
fn nonsense_in_the_address_is_named() {
    let mut query = Query::default();
    let names =
        ["image", "map", "prepared", "probability", "class", "layer", "window", "stride", "tsne", "points"];
    for name in names {
        query = query.with(name, &"-1x");
    }
    let (setup, bad) = Setup::from_query(&query);
    assert_eq!((setup, bad), (Setup::default(), names.to_vec()));
    assert_eq!(Setup::from_query(&Query::default().with("image", &"landscape")).1, ["image"]);
}

#[test]
fn a_question_is_asked_once_and_again_for_another_state() {
    let mut asker = Asker::default();
    let wanted = inspection(Question::Verdict);
    let want = |count| Some((&wanted, moment(count)));
    assert_eq!(asker.next(None), Act::Nothing);
    assert_eq!(asker.next(want(1)), Act::Ask);
    asker.begin(RUN, wanted.clone(), moment(1));
    assert_eq!(asker.next(want(2)), Act::Nothing, "the model trains on while the answer is on its way");
    assert!(asker.hear(found(verdict(1.0), true)));
    assert_eq!((asker.next(want(1)), asker.next(want(2))), (Act::Nothing, Act::Ask));
    assert!(!asker.hear(found(verdict(2.0), true)), "it was answered");
}

#[test]
fn what_is_out_of_sight_or_overtaken_is_called_off() {
    let mut asker = Asker::default();
    let (before, after) = (inspection(Question::Layers), inspection(Question::Modes { step: 1 }));
    asker.begin(RUN, before.clone(), moment(1));
    assert_eq!(asker.next(None), Act::CallOff(RUN));
    assert_eq!(asker.next(Some((&after, moment(1)))), Act::CallOff(RUN));
    assert_eq!(asker.next(Some((&before, Moment { model: 2, count: 1 }))), Act::CallOff(RUN));
    asker.call_off();
    assert!(!asker.hear(found(verdict(1.0), true)) && !asker.is_busy());
}

#[test]
fn parts_are_shown_together_and_what_grows_as_it_grows() {
    let mut asker = Asker::default();
    asker.begin(RUN, inspection(Question::Layers), moment(1));
    asker.hear(found(verdict(1.0), false));
    assert!(asker.shown.is_empty() && asker.is_busy());
    asker.hear(found(verdict(2.0), true));
    assert_eq!(asker.shown, [verdict(1.0), verdict(2.0)]);
    asker.begin(RUN, inspection(Question::Units { dataset: DatasetId::Mnist, samples: 9 }), moment(1));
    assert_eq!(asker.shown.len(), 2, "the last answer stays until a newer one is there");
    asker.hear(found(units(4), false));
    assert_eq!((asker.shown.clone(), asker.is_busy()), (vec![units(4)], true));
    asker.hear(found(units(9), true));
    assert_eq!(asker.shown, [units(9)]);
}

#[test]
fn a_failure_is_said_and_not_asked_for_again() {
    let mut asker = Asker::default();
    let wanted = inspection(Question::Verdict);
    asker.begin(RUN, wanted.clone(), moment(1));
    asker.hear(WorkerEvent::Failed { run: RUN, error: WorkerError::NoModel });
    assert_eq!(asker.error, Some(WorkerError::NoModel));
    assert_eq!(asker.next(Some((&wanted, moment(1)))), Act::Nothing);
    asker.begin(RUN, wanted.clone(), moment(2));
    asker.hear(WorkerEvent::Died { run: RUN, message: String::new() });
    assert_eq!(asker.next(Some((&wanted, moment(2)))), Act::Ask);
}

#[test]
fn an_epochs_moment_stands_still_while_the_epoch_lasts() {
    let mut model = WorkerModel::default();
    let ready =
        WorkerEvent::ModelReady { run: RUN, model: Box::new(Preset::Mlp.spec()), job: None, epochs: Some(2) };
    model.heard(&ready);
    let mut state = model.current.unwrap();
    let rests = Moment::of(&state, Pace::Epoch);
    state.is_training = true;
    let first = [Moment::of(&state, Pace::Epoch), Moment::of(&state, Pace::Live)];
    state.stamp = ModelStamp { revision: 9, ..state.stamp };
    assert_eq!(first[0], Moment::of(&state, Pace::Epoch));
    assert_ne!(first[1], Moment::of(&state, Pace::Live));
    assert_ne!(rests, first[0]);
    state.stamp.epochs = Some(3);
    assert_ne!(first[0], Moment::of(&state, Pace::Epoch));
}

fn frame(epochs: usize, x: f32) -> Frame {
    let finding = Finding::Points {
        epochs: Some(epochs),
        layer: Some(1),
        dims: 4,
        iteration: 0,
        loss: None,
        ratios: [0.5, 0.25],
        points: vec![x, 1.0, 2.0, 3.0],
        labels: vec![7, 8],
    };
    Frame::of(&finding).unwrap()
}

#[test]
fn frames_are_kept_by_epoch_until_something_else_is_shown() {
    let mut frames = Frames::default();
    assert_eq!(Frame::of(&verdict(1.0)), None);
    for (epochs, x) in [(1, 0.0), (2, 0.5), (2, -4.0)] {
        frames.keep(frame(epochs, x));
    }
    assert_eq!(frames.all.iter().map(|frame| frame.epochs).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert_eq!(frames.bounds(), [[-4.0, 2.0], [1.0, 3.0]]);
    assert_eq!(frames.last_points(), [-4.0, 1.0, 2.0, 3.0]);
    assert!(frames.to_csv().starts_with("epochs,image,class,x,y\n1,0,7,0,1\n1,1,8,2,3\n2,0,7,-4,1\n"));
    frames.keep(Frame { iteration: 25, ..frame(3, 0.0) });
    assert_eq!(frames.all.len(), 1, "another method");
    frames.keep(Frame { iteration: 50, ..frame(1, 0.0) });
    assert_eq!(frames.all.len(), 1, "a training begun anew");
    for epochs in 2..400 {
        frames.keep(Frame { iteration: 50, ..frame(epochs, 0.0) });
    }
    assert_eq!(frames.all.len(), Frames::MOST);
}

#[test]
fn the_arithmetic_of_softmax_is_the_engines() {
    let logits = [1.5, -20.0, 1000.0, 999.0];
    let (rows, sum) = softmax_rows(&logits);
    let mut expected = logits;
    crate::engine::layers::softmax(&mut expected);
    let got: Vec<f32> = rows.iter().map(|row| row.probability).collect();
    assert_eq!(got, expected);
    assert_eq!((rows[2].shifted, rows[2].power), (0.0, 1.0));
    assert!((sum - 1.367_879_4).abs() < 1e-6);
}
