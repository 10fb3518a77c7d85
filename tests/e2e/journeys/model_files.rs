//! A network goes out in every format and comes back, without a mouse where that is asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::key::Key;
use svertka::formats::ModelFormat;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, dist, drive};
use crate::pages::evaluation;
use crate::pages::training::{self, Run};
use crate::site::Fault;

/// A file that is written or read, on a slow machine: its program has to be loaded first.
const FILE: Duration = Duration::from_mins(1);
/// Of the network, with which the names of its files begin.
const NAME: &str = "mlp";

/// How the name of what is saved ends.
fn ending(format: ModelFormat) -> &'static str {
    match format {
        ModelFormat::Keras => ".keras",
        ModelFormat::KerasWeights => ".weights.h5",
        ModelFormat::KerasH5 => ".h5",
        ModelFormat::Safetensors => ".safetensors.zip",
        ModelFormat::Npz => ".npz",
        ModelFormat::Onnx => ".onnx",
        ModelFormat::TensorFlowJs => ".tfjs.zip",
        ModelFormat::PyTorch => ".pytorch.zip",
        ModelFormat::Notebook => ".notebook.zip",
    }
}

/// The file of a format among the downloads.
async fn saved(lab: &Lab, format: ModelFormat) -> PathBuf {
    let name = format!("{NAME}{}", ending(format));
    assert!(!lab.downloaded(&name).await.is_empty(), "{name} is empty");
    lab.downloads.join(name)
}

async fn wait_for(lab: &Lab, id: &str) {
    lab.until_true(&format!("{id} on the page"), FILE, async || lab.peek_id(id).await.is_some()).await;
}

async fn pick(lab: &Lab, file: &Path) {
    let input = lab.find("input[type=file]", None).await;
    input.send_keys(file.to_str().unwrap()).await.unwrap();
}

#[test]
fn a_network_goes_out_in_every_format_and_comes_back() {
    drive(Setup::new("model_files", Language::En), async |lab: Lab| {
        lab.open("").await;
        training::train(&lab, &Run::default()).await;
        let accuracy = evaluation::evaluate(&lab).await;
        let before = evaluation::predictions(&lab).await;

        lab.visit("files").await;
        for (idx, format) in ModelFormat::ALL.into_iter().enumerate() {
            if idx == 0 {
                let name = lab.words.say_with("files.save.format_of", &[("name", "Keras 3")]);
                lab.tab_to("button", &name).await;
                lab.key(Key::Enter).await;
            } else {
                lab.click_id(&format!("format-{}", format.id())).await;
            }
            wait_for(&lab, &format!("written-{}", format.id())).await;
            saved(&lab, format).await;
        }

        // Whole models say themselves what they are.
        for format in [ModelFormat::Keras, ModelFormat::KerasH5, ModelFormat::Safetensors] {
            lab.reload().await;
            lab.visit("files").await;
            pick(&lab, &saved(&lab, format).await).await;
            wait_for(&lab, "loaded").await;
            assert_eq!(evaluation::predictions(&lab).await, before, "{format:?}");
        }
        assert_eq!(evaluation::evaluate(&lab).await, accuracy);

        // Arrays go into the network that is there.
        lab.visit("files").await;
        pick(&lab, &saved(&lab, ModelFormat::Npz).await).await;
        wait_for(&lab, "loaded").await;
        assert_eq!(evaluation::predictions(&lab).await, before, "arrays into the same network");

        weights_find_their_network(&lab).await;
        assert_eq!(evaluation::predictions(&lab).await, before, "weights into a network that fits");

        lab.visit("files").await;
        let broken = lab.folder.join("broken.keras");
        let whole = fs::read(saved(&lab, ModelFormat::Keras).await).unwrap();
        fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
        pick(&lab, &broken).await;
        wait_for(&lab, "refused").await;
        assert_eq!(evaluation::predictions(&lab).await, before, "the network before is still there");

        goes_on(&lab).await;
    });
}

/// Without a network in memory, or with another one, it is said which ones fit; one key takes one of them.
async fn weights_find_their_network(lab: &Lab) {
    lab.reload().await;
    lab.visit("files").await;
    pick(lab, &saved(lab, ModelFormat::KerasWeights).await).await;
    wait_for(lab, "fits").await;
    let name = lab.text("[data-testid=fit]").await;
    lab.tab_to("button", &name).await;
    lab.key(Key::Enter).await;
    wait_for(lab, "loaded").await;
}

/// A file of Keras knows its optimizer's state, and training goes on from there.
async fn goes_on(lab: &Lab) {
    lab.visit("files").await;
    pick(lab, &saved(lab, ModelFormat::Keras).await).await;
    wait_for(lab, "loaded").await;
    lab.visit("training").await;
    wait_for(lab, "further").await;
    let offer = lab.text("[data-testid=further]").await;
    assert!(lab.words.says(&offer, "files.further.with_state"), "{offer}");
    lab.fill(&lab.words.say("files.further.more"), "1").await;
    lab.click_id("train-further").await;
    let accuracy = training::wait_for_end(lab).await;
    assert!(accuracy > 0.3, "{accuracy}");
}

#[test]
fn a_reader_that_does_not_load_is_said_and_harms_nothing() {
    let expected_errors = &["Failed to load resource"];
    drive(Setup { expected_errors, ..Setup::new("model_files_absent", Language::Ru) }, async |lab: Lab| {
        let names =
            fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let is_loader = |name: &String| name.starts_with("files-") && name.ends_with("_loader.js");
        let loader = names.into_iter().find(is_loader).expect("the build has a reader of files");
        // Before anything is kept for offline use, which would help out.
        lab.site.borrow().spoil(&loader, Fault::Missing);
        lab.open("").await;
        training::train(&lab, &Run::default()).await;
        lab.visit("files").await;
        lab.click_id("format-keras").await;
        wait_for(&lab, "refused-keras").await;
        lab.see(&lab.words.say("files.refusal.absent"), SOON).await;
        lab.site.borrow().repair(&loader);
        lab.click_id("format-keras").await;
        wait_for(&lab, "written-keras").await;
        assert!(evaluation::evaluate(&lab).await > 0.3, "the network is untouched");
    });
}
