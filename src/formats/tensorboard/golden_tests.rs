//! Files that Keras's own callback wrote: for the same values and weights ours are the same to the byte,
//! pictures to the pixel.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::message::{Event, Tensor};
use super::read::{pixels, records};
use super::{Appended, EventFiles, graph};
use crate::engine::callbacks::{
    CallbackAction, CallbackList, CallbackSpec, Context, SummaryEvent, SummaryRun, SummaryValue,
    TensorBoardAction, TensorBoardSpec, WeightName,
};
use crate::engine::event::{Logs, Monitor, TrainEvent};
use crate::engine::presets::Preset;
use crate::engine::spec::RunSpec;

const SUMMARY: &str = include_str!("../../../tests/golden/files/tensorboard/summary.json");
const TRAIN: &[u8] = include_bytes!("../../../tests/golden/files/tensorboard/train.tfevents");
const VALIDATION: &[u8] = include_bytes!("../../../tests/golden/files/tensorboard/validation.tfevents");

/// Values as Python writes them: JSON knows no infinity.
type Written = BTreeMap<String, String>;

#[derive(Deserialize)]
struct Given {
    callback: CallbackSpec,
    learning_rate: f32,
    weights: Vec<Weight>,
    epochs: Vec<Epoch>,
}

#[derive(Deserialize)]
struct Weight {
    path: String,
    extents: Vec<usize>,
}

#[derive(Deserialize)]
struct Epoch {
    batches: Vec<Written>,
    logs: Written,
    weights: Vec<f32>,
}

fn logs(written: &Written) -> Logs {
    let value = |(name, text): (&String, &String)| (Monitor::named(name.clone()), text.parse().unwrap());
    Logs(written.iter().map(value).collect())
}

/// What the callback adds to files; every event takes a second.
fn written(given: &Given) -> Vec<Appended> {
    let mut offset = 0;
    let weight = |weight: &Weight| {
        let (path, extents) = (weight.path.clone(), weight.extents.clone());
        offset += extents.iter().product::<usize>();
        WeightName { path, offset: offset - extents.iter().product::<usize>(), extents }
    };
    let weights = given.weights.iter().map(weight).collect();
    let mut run = RunSpec::new(Preset::Mlp.spec());
    run.fit.callbacks = vec![given.callback.clone()];
    let mut list = CallbackList::new(&run.fit.callbacks, &Context { weights, ..Context::default() });
    let mut files = EventFiles::new(&run, graph(&run), 7);
    let (mut appended, mut seconds, mut iterations) = (Vec::new(), 1_764_421_500.0, 0);
    for (number, epoch) in given.epochs.iter().enumerate() {
        let mut params = epoch.weights.clone();
        let mut tell = |event: TrainEvent, iterations| {
            seconds += 1.0;
            appended.extend(files.on_event(&event, seconds));
            for (callback, action) in list.tell(event, &mut params, given.learning_rate, iterations).actions {
                let event = TrainEvent::CallbackActed { epoch: number, callback, action };
                appended.extend(files.on_event(&event, seconds));
            }
        };
        tell(TrainEvent::EpochBegin { epoch: number }, iterations);
        for (batch, values) in epoch.batches.iter().enumerate() {
            iterations += 1;
            let logs = logs(values);
            tell(TrainEvent::BatchEnd { epoch: number, batch, batch_loss: 0.0, logs }, iterations);
        }
        for batch in 0..2 {
            tell(TrainEvent::TestBatchEnd { epoch: number, batch, batches: 2 }, iterations);
        }
        tell(TrainEvent::EpochEnd { epoch: number, logs: logs(&epoch.logs) }, iterations);
    }
    appended
}

fn given() -> Given {
    serde_json::from_str(SUMMARY).unwrap()
}

fn file(appended: &[Appended], folder: &str) -> Vec<u8> {
    let of_folder = |part: &&Appended| part.path.contains(folder);
    appended.iter().filter(of_folder).flat_map(|part| part.bytes.clone()).collect()
}

/// An event without what no two runs have in common, its pictures as numbers.
fn comparable(mut event: Event) -> Event {
    let is_picture = |tensor: &Tensor| tensor.string_val.len() > 2;
    event.wall_time = 0.0;
    event.source_metadata = None;
    for value in event.summary.iter_mut().flat_map(|summary| &mut summary.value) {
        let Some(tensor) = value.tensor.as_mut().filter(|tensor| is_picture(tensor)) else { continue };
        for png in &mut tensor.string_val[2..] {
            let ((width, height), pixels) = pixels(png);
            *png = [format!("{width}x{height} ").into_bytes(), pixels].concat();
        }
    }
    event
}

#[test]
fn keras_s_own_files_are_written_event_by_event() {
    let appended = written(&given());
    for (folder, golden) in [("/train/", TRAIN), ("/validation/", VALIDATION)] {
        let ours = file(&appended, folder);
        let (ours, keras) = (records(&ours), records(golden));
        for ((_, ours), (_, keras)) in ours.iter().zip(&keras) {
            assert_eq!(comparable(ours.clone()), comparable(keras.clone()), "{folder}");
        }
        assert_eq!(ours.len(), keras.len());
    }
}

/// Fields that this program does not know would go unseen above.
#[test]
fn keras_s_own_records_are_written_byte_by_byte() {
    let time = |payload: &[u8]| [&payload[..13], &payload[21..payload.len() - 4]].concat();
    let appended = written(&given());
    for (folder, golden) in [("/train/", TRAIN), ("/validation/", VALIDATION)] {
        let ours = file(&appended, folder);
        for ((ours, event), (keras, _)) in records(&ours).iter().zip(&records(golden)).skip(1) {
            let value = &event.summary.as_ref().unwrap().value[0];
            if !value.tag.ends_with("/image") {
                assert_eq!(time(ours)[12..], time(keras)[12..], "{}", value.tag);
            }
        }
    }
}

#[test]
fn files_lie_where_keras_puts_them() {
    let appended = written(&given());
    let mut paths: Vec<&str> = appended.iter().map(|part| part.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    let expected = [
        "logs/train/events.out.tfevents.1764421503.svertka.7.0.v2",
        "logs/validation/events.out.tfevents.1764421508.svertka.7.1.v2",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn speed_is_steps_by_the_seconds_they_took() {
    let mut given = given();
    let CallbackSpec::TensorBoard(spec) = &mut given.callback else { panic!("TensorBoard") };
    spec.write_steps_per_second = true;
    let bytes = file(&written(&given), "/train/");
    let speeds = records(&bytes).into_iter().filter_map(|(_, event)| {
        let value = event.summary?.value.remove(0);
        let tensor = value.tensor?.content;
        let number = f32::from_le_bytes(tensor.get(..4)?.try_into().ok()?);
        value.tag.ends_with("steps_per_second").then_some((value.tag, number))
    });
    let speeds: Vec<(String, f32)> = speeds.collect();
    let (batch, epoch) = ("batch_steps_per_second".to_owned(), "epoch_steps_per_second".to_owned());
    // Four batches, two batches of validation and the end: seven seconds.
    assert_eq!(speeds[..3], [(batch.clone(), 1.0), (batch, 1.0), (epoch, 4.0 / 7.0)]);
}

#[test]
fn other_callbacks_and_events_write_nothing() {
    let run = RunSpec::new(Preset::Mlp.spec());
    let mut files = EventFiles::new(&run, graph(&run), 0);
    let action = CallbackAction::TerminateOnNan { batch: 0 };
    let events =
        [TrainEvent::EpochBegin { epoch: 0 }, TrainEvent::CallbackActed { epoch: 0, callback: 0, action }];
    assert!(events.iter().all(|event| files.on_event(event, 1.0).is_empty()));
}

#[test]
fn the_model_is_written_as_keras_s_json() {
    let mut run = RunSpec::new(Preset::Mlp.spec());
    run.fit.callbacks = vec![CallbackSpec::TensorBoard(TensorBoardSpec::default())];
    let events = vec![SummaryEvent {
        run: SummaryRun::Train,
        tag: "keras".to_owned(),
        step: 0,
        value: SummaryValue::Model,
    }];
    let action = CallbackAction::TensorBoard(TensorBoardAction::Log { events });
    let event = TrainEvent::CallbackActed { epoch: 0, callback: 0, action };
    let appended = EventFiles::new(&run, graph(&run), 0).on_event(&event, 1.0);
    let value = records(&appended[0].bytes)[1].1.summary.clone().unwrap().value.remove(0);
    let plugin = value.metadata.unwrap().plugin_data.unwrap();
    assert_eq!((&*plugin.plugin_name, &plugin.content[..]), ("graph_keras_model", &b"1"[..]));
    let json: serde_json::Value = serde_json::from_slice(&value.tensor.unwrap().string_val[0]).unwrap();
    assert_eq!(json["class_name"], "Sequential");
}
