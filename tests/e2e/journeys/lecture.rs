//! The lecture's three tasks without a mouse, from the first page to the figure: a convolutional network on MNIST,
//! a perceptron and a convolutional network on Fashion-MNIST, the best weights kept, every callback saying why.

use fantoccini::key::Key;
use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::{evaluation, training};

/// As much as shows that a network learns.
const SAMPLES: &str = "4,000";
/// What it should reach on images that it has not seen, after the one epoch that is the best here.
const LEARNT: f64 = 0.5;
/// More than a group of choices has.
const MOST_CHOICES: usize = 12;

#[test]
fn a_convolutional_network_on_mnist() {
    drive(Setup::new("lecture_cnn_mnist", Language::En), async |lab: Lab| {
        task(&lab, "MNIST", Preset::KerasCnn).await;
    });
}

#[test]
fn a_perceptron_on_fashion_mnist() {
    drive(Setup::new("lecture_mlp_fashion", Language::En), async |lab: Lab| {
        task(&lab, "Fashion-MNIST", Preset::Mlp).await;
    });
}

#[test]
fn a_convolutional_network_on_fashion_mnist() {
    drive(Setup::new("lecture_cnn_fashion", Language::En), async |lab: Lab| {
        task(&lab, "Fashion-MNIST", Preset::KerasCnn).await;
    });
}

async fn task(lab: &Lab, dataset: &str, preset: Preset) {
    lab.open("").await;
    lab.tab_to("a", &lab.words.say("common.nav.training")).await;
    lab.key(Key::Enter).await;
    lab.find("h1", Some(&lab.words.say("common.nav.training"))).await;
    set_up(lab, dataset, preset).await;

    lab.tab_to("button", &lab.words.say("training.run.start")).await;
    lab.key(Key::Enter).await;
    training::wait_for_end(lab).await;
    assert_eq!(training::epochs(lab).await, 2, "nothing gets better by 10, and one epoch was waited for");
    let log = lab.text(".event-log").await;
    for path in ["stopped", "restored", "callback_other"] {
        assert!(lab.words.says(&log, &format!("training.log.{path}")), "{path} is not in the log: {log}");
    }
    let stands = "return [...document.querySelectorAll('.callback-stand')].map(it => it.innerText.trim())";
    let stands: Vec<String> = lab.read(stands, vec![]).await;
    assert_eq!(stands.len(), 3);
    assert!(stands.iter().all(|text| !text.is_empty()), "{stands:#?}");

    lab.tab_to("a", &lab.words.say("training.result.evaluation")).await;
    lab.key(Key::Enter).await;
    lab.find("h1", Some(&lab.words.say("common.nav.evaluation"))).await;
    lab.tab_to("button", &lab.words.say("evaluation.test.start")).await;
    lab.key(Key::Enter).await;
    let accuracy = evaluation::wait_for_accuracy(lab).await;
    assert!(accuracy >= LEARNT, "test accuracy {accuracy}");
}

/// Chooses images and network, and two callbacks besides the one that is there.
async fn set_up(lab: &Lab, dataset: &str, preset: Preset) {
    lab.tab_to("input", "MNIST").await;
    choose(lab, dataset).await;
    type_into(lab, "training.field.samples.label", "samples", SAMPLES).await;
    lab.tab_to("input", &preset_name(lab, Preset::Lenet5)).await;
    choose(lab, &preset_name(lab, preset)).await;

    add_callback(lab, "EarlyStopping").await;
    lab.tab_to("summary", &lab.words.say("callbacks.editor.arguments")).await;
    lab.key(Key::Enter).await;
    for (argument, value) in [("min_delta", "10"), ("patience", "1")] {
        lab.tab_to("input", argument).await;
        lab.type_over(value).await;
    }
    lab.tab_to("input", "restore_best_weights").await;
    lab.key(Key::Space).await;
    add_callback(lab, "ModelCheckpoint").await;
}

fn preset_name(lab: &Lab, preset: Preset) -> String {
    lab.words.say(&format!("training.preset.{}", preset.id().replace('-', "_")))
}

/// Walks through a group of choices until one is chosen.
async fn choose(lab: &Lab, name: &str) {
    for _ in 0..MOST_CHOICES {
        if lab.focus().await.1 == name {
            return;
        }
        lab.key(Key::Right).await;
    }
    panic!("the arrows do not come to {name}");
}

async fn type_into(lab: &Lab, label: &str, argument: &str, value: &str) {
    lab.tab_to("input", &format!("{} {argument}", lab.words.say(label))).await;
    lab.type_over(value).await;
}

async fn add_callback(lab: &Lab, class: &str) {
    lab.tab_to("select", &lab.words.say("callbacks.editor.which")).await;
    lab.type_in(class).await;
    lab.key(Key::Tab).await;
    lab.key(Key::Enter).await;
    let is_there = async || lab.focus().await.1.ends_with(class);
    lab.until_true(&format!("the card of {class}"), SOON, is_there).await;
}
