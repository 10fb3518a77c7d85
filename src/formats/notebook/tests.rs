use serde_json::Value;

use super::*;
use crate::data::DatasetId;
use crate::engine::fit_spec::ValidationFreq;
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::formats::keras_code::read_program;
use crate::formats::{Language, OptimizerState};
use crate::tensor::Shape;

fn saved(epochs: usize) -> SavedModel {
    let model = Preset::Lenet5.spec();
    let params = Sequential::new(&model, 1).unwrap().params().to_vec();
    let mut job = RunSpec::new(model.clone());
    (job.fit.epochs, job.data.dataset) = (4, DatasetId::FashionMnist);
    let optimizer = Some(OptimizerState { steps: 1, learning_rate: 0.1, slots: Vec::new() });
    SavedModel { model, params, job: Some(job), epochs: Some(epochs), optimizer }
}

fn wrapping(language: Language) -> Wrapping {
    Wrapping { stem: "net".to_owned(), date: "2026-11-29@13:05:00".to_owned(), language }
}

/// The cells' ids, kinds and sources.
fn read(text: &str) -> Vec<(String, bool, String)> {
    let notebook: Value = serde_json::from_str(text).unwrap();
    let cell = |cell: &Value| {
        let lines = cell["source"].as_array().unwrap().iter();
        let source = lines.map(|line| line.as_str().unwrap()).collect();
        (cell["id"].as_str().unwrap().to_owned(), cell["cell_type"] == "code", source)
    };
    notebook["cells"].as_array().unwrap().iter().map(cell).collect()
}

fn source(text: &str, id: &str) -> String {
    read(text).into_iter().find(|(own, ..)| own == id).unwrap().2
}

#[test]
fn the_code_is_a_program_of_the_run_that_goes_on() {
    let saved = saved(3);
    let text = to_json(&saved, &wrapping(Language::English)).unwrap();
    let program: Vec<String> =
        read(&text).into_iter().filter(|(_, is_code, _)| *is_code).map(|(_, _, source)| source).collect();
    let mut run = saved.job.clone().unwrap();
    let read = read_program(&program.join("\n")).unwrap().applied_to(&run);
    run.fit.initial_epoch = 3;
    assert_eq!(read, run);
}

#[test]
fn a_finished_run_gets_a_few_more_epochs_and_one_of_unknown_length_counts_as_finished() {
    let epochs = |saved: &SavedModel| {
        let (run, done, planned) = continued(saved);
        (run.fit.initial_epoch, run.fit.epochs, done, planned)
    };
    assert_eq!(epochs(&saved(4)), (4, 8, 4, 4));
    let unknown = SavedModel { epochs: None, ..saved(4) };
    assert_eq!(epochs(&unknown), (4, 8, 4, 4));
    let alone = SavedModel { job: None, epochs: Some(0), ..saved(4) };
    assert_eq!(epochs(&alone).0, 0);
}

#[test]
fn ids_are_legal_unique_and_the_same_in_both_languages() {
    let ids = |language| -> Vec<String> {
        let text = to_json(&saved(3), &wrapping(language)).unwrap();
        read(&text).into_iter().map(|(id, ..)| id).collect()
    };
    let english = ids(Language::English);
    assert_eq!(english, ids(Language::Russian));
    let mut unique = english.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), english.len());
    assert!(english.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
}

#[test]
fn words_are_in_the_language_asked_for_and_have_no_empty_places() {
    let russian = to_json(&saved(3), &wrapping(Language::Russian)).unwrap();
    assert!(source(&russian, "about-fit").contains("Пройдено эпох: 3 из 4"));
    assert!(source(&russian, "confusion").contains("plt.ylabel(\"класс\")"));
    let english = to_json(&saved(4), &wrapping(Language::English)).unwrap();
    assert!(source(&english, "about-fit").contains("All 4 planned epochs"));
    for text in [russian, english] {
        assert!(read(&text).iter().all(|(.., source)| !source.contains("{{") && !source.is_empty()));
    }
}

#[test]
fn an_optimizer_without_variables_begins_anew() {
    let alone = SavedModel { optimizer: None, ..saved(3) };
    let text = to_json(&alone, &wrapping(Language::English)).unwrap();
    assert_eq!(source(&text, "weights"), "model.load_weights(\"net.weights.h5\")");
    let text = to_json(&saved(3), &wrapping(Language::English)).unwrap();
    assert!(source(&text, "weights").starts_with("model.optimizer.build("));
}

#[test]
fn without_test_images_others_are_judged() {
    let mut saved = saved(3);
    let judged =
        |saved: &SavedModel| source(&to_json(saved, &wrapping(Language::English)).unwrap(), "evaluate");
    assert!(judged(&saved).contains("x_test, y_test"));
    let data = &mut saved.job.as_mut().unwrap().data;
    (data.test_samples, data.validation_samples) = (0, 10);
    assert!(judged(&saved).contains("x_val, y_val"));
    saved.job.as_mut().unwrap().data.validation_samples = 0;
    assert!(judged(&saved).contains("x_train, y_train"));
}

#[test]
fn curves_know_which_epochs_were_validated() {
    let mut run = saved(3).job.unwrap();
    let validated = |run: &RunSpec| code::curves(run, "net.csv", "epoch");
    assert!(validated(&run).contains("validated = history.epoch\n"));
    run.fit.validation_freq = ValidationFreq::Every(2);
    assert!(validated(&run).contains("if (epoch + 1) % 2 == 0]"));
    run.fit.validation_freq = ValidationFreq::Epochs(vec![3, 5]);
    assert!(validated(&run).contains("if epoch + 1 in [3, 5]]"));
}

#[test]
fn imports_are_those_of_the_program_and_of_the_notebook() {
    let expected = "import csv\nimport math\nfrom pathlib import Path\n\nimport keras\n\
        import matplotlib.pyplot as plt\nimport numpy as np\nfrom keras import layers\n";
    let program = "import math\n\nimport keras\nimport numpy as np\nfrom keras import layers\n";
    assert_eq!(code::imports(program), expected);
}

#[test]
fn a_network_for_other_things_than_images_is_refused_by_its_shape() {
    let mut saved = saved(3);
    for shape in [Shape::from([2]), Shape::from([usize::MAX, 3])] {
        saved.model.input_shape = shape;
        let error = to_json(&saved, &wrapping(Language::English)).unwrap_err();
        let FormatError::Unsupported { part, reason, .. } = &error else { panic!("{error}") };
        assert!(matches!(reason, Unsupported::OtherInput { expected: 784, .. }), "{error}");
        assert_eq!(part, "input_shape");
    }
}

#[test]
fn the_weights_lie_beside_it_under_the_name_that_it_loads() {
    let saved = SavedModel { optimizer: None, ..saved(3) };
    let files = write(&saved, &wrapping(Language::English)).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["net.ipynb", "net.weights.h5"]);
    let back = crate::formats::read("net.weights.h5", &files[1].bytes, saved.job.as_ref()).unwrap();
    assert_eq!(back.saved.params, saved.params);
}
