//! One lesson, the same in every engine: a filter, a training, a test, a look inside, files, another language and
//! theme, and a run that goes on after a reload. The weights must have the bits that this machine computes, and
//! with them the bits of the other engines.

use std::time::Duration;

use svertka::engine::presets::Preset;
use svertka::formats::ModelFile;
use svertka::ui::locale::Language;
use svertka::ui::theme::Theme;

use super::convolution::watch_the_filter;
use super::same_bits::trained_here;
use crate::browser::{Lab, SOON};
use crate::driver::Engine;
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run, TRAINING};
use crate::pages::{evaluation, files, shell};
use crate::words::Words;

/// A file that is written, on a slow machine: its program has to be loaded first.
const FILE: Duration = Duration::from_mins(1);
/// How a ZIP file begins, and with it a `.keras` file.
const ZIP: &[u8] = b"PK\x03\x04";
/// Better than guessing by far.
const LEARNT: f64 = 0.3;

#[test]
fn a_lesson_in_chromium() {
    lesson("engines_chromium", Engine::Chromium);
}

#[test]
fn a_lesson_in_firefox() {
    lesson("engines_firefox", Engine::Gecko);
}

#[test]
fn a_lesson_in_webkit() {
    lesson("engines_webkit", Engine::WebKit);
}

fn lesson(name: &'static str, engine: Engine) {
    let setup = Setup { engine, ..Setup::new(name, Language::En) };
    drive(setup, async |lab: Lab| {
        lab.open("").await;
        // WebKitGTK takes its language from the system.
        shell::dress(&lab, Language::En, Theme::Light).await;
        watch_the_filter(&lab).await;

        let run = Run { preset: Preset::Lenet5, seed: 7, ..Run::default() };
        training::train(&lab, &run).await;
        let accuracy = evaluation::evaluate(&lab).await;
        assert!(accuracy >= LEARNT, "test accuracy {accuracy}");
        assert!(evaluation::open_worst_cell(&lab).await > 0);
        look_inside(&lab).await;
        has_the_bits_of_this_machine(&lab).await;
        save_for_keras(&lab).await;

        let lab = change_language_and_theme(lab).await;
        go_on_after_a_reload(&lab).await;
        has_the_bits_of_this_machine(&lab).await;
        eprintln!("{:?}: test accuracy {accuracy}", lab.engine);
    });
}

async fn look_inside(lab: &Lab) {
    lab.visit("evaluation").await;
    lab.visit("inside").await;
    let is_said =
        async || lab.peek_id("inside-said").await?.text().await.ok().filter(|text| !text.is_empty());
    lab.until("what the network saw", SOON, is_said).await;
}

/// The saved weights are those of the same run without a browser.
async fn has_the_bits_of_this_machine(lab: &Lab) {
    let (model_json, weights) = files::save(lab).await;
    let file = ModelFile::from_json(&String::from_utf8(model_json).unwrap()).unwrap();
    let job = file.job.expect("a trained model says how it was trained");
    assert!(weights == trained_here(&job), "the weights differ");
}

async fn save_for_keras(lab: &Lab) {
    lab.visit("files").await;
    lab.click_to_save("format-keras").await;
    let is_written = async || lab.peek_id("written-keras").await.is_some();
    lab.until_true("the file for Keras", FILE, is_written).await;
    assert!(lab.downloaded("lenet5.keras").await.starts_with(ZIP));
}

/// Both outlive a reload.
async fn change_language_and_theme(lab: Lab) -> Lab {
    let lab = Lab { words: Words::of(Language::Ru), ..lab };
    shell::dress(&lab, Language::Ru, Theme::Dark).await;
    lab.reload().await;
    let root = "const { lang, dataset } = document.documentElement; return [lang, dataset.theme]";
    let kept: (String, String) = lab.read(root, vec![]).await;
    assert_eq!(kept, ("ru".to_owned(), "dark".to_owned()));
    lab
}

async fn go_on_after_a_reload(lab: &Lab) {
    let run = Run { samples: 4_000, epochs: 8, ..Run::default() };
    training::follow(lab, &run).await;
    training::start(lab).await;
    lab.until_true("two epochs", TRAINING, async || training::epochs(lab).await >= 2).await;
    lab.reload().await;
    let is_offered = async || lab.peek_id("continue").await.is_some();
    lab.until_true("the offer to go on", SOON, is_offered).await;
    lab.click_id("go-on").await;
    training::wait_for_end(lab).await;
    assert_eq!(training::epochs(lab).await, run.epochs, "every epoch once");
}
