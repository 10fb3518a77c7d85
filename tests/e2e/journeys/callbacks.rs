//! Callbacks are rehearsed on a ready-made curve, by keyboard alone.

use fantoccini::key::Key;
use svertka::engine::callbacks::{CallbackSpec, EarlyStoppingSpec};
use svertka::ui::callbacks::{Course, Curve, Metric};
use svertka::ui::locale::Language;
use svertka::ui::pages::callbacks::{Look, Setup as Settings, TheatreState};
use svertka::ui::routes::Location;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

#[test]
fn a_stop_is_moved_by_its_patience_and_stepped_through_by_keyboard() {
    drive(Setup::new("callbacks", Language::En), async |lab: Lab| {
        lab.open("#/callbacks").await;
        let mut settings = Settings::default();
        says_what_happens(&lab, &settings, Settings::EPOCHS).await;

        // One on in the list, and one back.
        lab.tab_to("select", &lab.words.say("callbacks.paper.course")).await;
        for (key, course) in [(Key::Down, Course::Plateau), (Key::Up, Course::Overfits)] {
            lab.key(key).await;
            settings.curve = Curve::of(course, Metric::ValLoss, Settings::EPOCHS);
            until_set(&lab, &settings).await;
            says_what_happens(&lab, &settings, Settings::EPOCHS).await;
        }

        lab.tab_to("summary", &lab.words.say("callbacks.editor.arguments")).await;
        lab.key(Key::Enter).await;
        lab.tab_to("input", "patience").await;
        let ends: Vec<usize> = [3, 2, 1].map(|patience| stopped(&settings, patience)).into();
        assert!(ends[0] > ends[1] && ends[1] > ends[2] && ends[0] < Settings::EPOCHS, "{ends:?}");
        for patience in [3, 2, 1] {
            lab.key(Key::Down).await;
            early_stopping(&mut settings).patience = patience;
            until_set(&lab, &settings).await;
            says_what_happens(&lab, &settings, Settings::EPOCHS).await;
        }
        step_through_the_protocol(&lab, &settings).await;
    });
}

fn early_stopping(settings: &mut Settings) -> &mut EarlyStoppingSpec {
    let found = settings.callbacks.iter_mut().find_map(|callback| match callback {
        CallbackSpec::EarlyStopping(spec) => Some(spec),
        _ => None,
    });
    found.unwrap()
}

/// Epochs of the run with that patience.
fn stopped(settings: &Settings, patience: usize) -> usize {
    let mut settings = settings.clone();
    early_stopping(&mut settings).patience = patience;
    TheatreState::new(settings).run.unwrap().epochs
}

async fn query(lab: &Lab) -> svertka::ui::routes::Query {
    Location::parse(&lab.read::<String>("return location.hash", vec![]).await).query
}

/// Waits until the address has it: it is written once nothing moves any more.
async fn until_set(lab: &Lab, expected: &Settings) {
    let is_set = async || Settings::from_query(&query(lab).await) == (expected.clone(), vec![]);
    lab.until_true("the settings in the address", SOON, is_set).await;
}

/// What is said of an epoch that the run does not reach, or of its last one.
async fn says_what_happens(lab: &Lab, settings: &Settings, epoch: usize) {
    let state = TheatreState::new(settings.clone());
    let run = state.run.as_ref().unwrap();
    let (number, last) = (epoch.to_string(), state.reached().to_string());
    let expected = if epoch > state.reached() {
        lab.words.say_with("callbacks.happens.never", &[("epoch", &number), ("last", &last)])
    } else {
        let metric = settings.curve.metric.name();
        let value = Language::En.decimal(settings.curve.values()[epoch - 1], 4);
        lab.words
            .say_with("callbacks.happens.epoch", &[("epoch", &number), ("metric", metric), ("value", &value)])
    };
    let ends = format!("{} epochs", run.epochs);
    let said = async || {
        let text = lab.text("[data-testid=happenings]").await;
        text.starts_with(&expected) && text.contains(&ends)
    };
    lab.until_true(&format!("{expected} … {ends}"), SOON, said).await;
}

/// The calls one by one; all of it is still there after a reload.
async fn step_through_the_protocol(lab: &Lab, settings: &Settings) {
    let state = TheatreState::new(settings.clone());
    let total = Language::En.count(state.num_moments());
    let at = async |call: usize| {
        let place =
            lab.words.say_with("callbacks.protocol.call", &[("call", &call.to_string()), ("total", &total)]);
        lab.see(&place, SOON).await;
    };
    lab.tab_to("button", &lab.words.say("callbacks.protocol.first")).await;
    lab.key(Key::Space).await;
    at(1).await;
    lab.tab_to("button", &lab.words.say("callbacks.protocol.next")).await;
    for call in 2..=5 {
        lab.key(Key::Space).await;
        at(call).await;
    }
    let look = Look { epoch: 0, moment: Some(4) };
    assert_eq!(state.look_at(4), Some(look));
    let is_kept = async || settings.look(&query(lab).await) == look;
    lab.until_true("the call in the address", SOON, is_kept).await;
    lab.reload().await;
    until_set(lab, settings).await;
    at(5).await;
    let value = "return [...document.querySelectorAll('.callback-form__row input')].map(it => it.value)";
    let fields: Vec<String> = lab.read(value, vec![]).await;
    assert!(fields.contains(&"1".to_owned()), "the patience among {fields:?}");
}
