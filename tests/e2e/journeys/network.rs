//! A network is built from nothing, mended, changed, kept and read from Keras code, all of it by keyboard.

use fantoccini::key::Key;
use svertka::engine::layers::LayerSpec;
use svertka::formats::keras_code::read_program;
use svertka::formats::summary_text;
use svertka::ui::locale::Language;
use svertka::ui::pages::training::{from_query, to_query};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::network::{add, classes, job, type_in, undo, until_job};

const PROGRAM: &str = "import keras
from keras import layers
model = keras.Sequential([keras.Input(shape=(28, 28, 1)),
layers.Flatten(),
layers.Dense(16, activation='relu'),
layers.Dense(10, activation='softmax')])
model.compile(optimizer='sgd', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=32, epochs=3)
";
/// The fifth line has a layer that is not built here.
const UNSUPPORTED: &str = "import keras
from keras import layers
model = keras.Sequential([keras.Input(shape=(28, 28, 1)),
layers.Reshape((28, 28)),
layers.LSTM(8),
layers.Dense(10, activation='softmax')])
";

#[test]
fn a_network_is_built_mended_changed_and_trained_by_keyboard() {
    drive(Setup::new("network", Language::En), async |lab: Lab| {
        lab.open("#/network?model=%5B%5D").await;
        build(&lab).await;
        change(&lab).await;
        make_a_mistake_and_take_it_back(&lab).await;
        reload(&lab).await;

        let built = job(&lab).await;
        lab.tab_to("a", &lab.words.say("network.total.train")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("common.nav.training"))).await;
        assert_eq!(job(&lab).await, built);
        lab.see(&lab.words.say("training.preset.own_help"), SOON).await;
    });
}

/// Layers at the end, and what is wrong with the whole mended by its button.
async fn build(lab: &Lab) {
    for class in ["Conv2D", "MaxPooling2D", "Dense"] {
        add(lab, class).await;
    }
    until_job(lab, "three layers", |job| classes(job) == "Conv2D,MaxPooling2D,Dense").await;
    // `Dense` works on the last axis alone, so an image comes out.
    let wrong = || lab.words.say("errors.spec.wrong_output_axes");
    let is_told = async || {
        let text = lab.text(".network__side .field__error").await;
        !text.is_empty() && lab.words.says(&text, "errors.spec.wrong_output_axes")
    };
    lab.until_true(&wrong(), SOON, is_told).await;
    for (class, number) in [("Flatten", "3"), ("Dense", "5")] {
        let mend = lab.words.say_with("network.mend", &[("class", class), ("number", number)]);
        lab.tab_to("button", &mend).await;
        lab.key(Key::Enter).await;
    }
    let whole = "Conv2D,MaxPooling2D,Flatten,Dense,Dense";
    until_job(lab, whole, |job| classes(job) == whole && job.model.validate().is_ok()).await;
    lab.until_true("no mistake", SOON, async || lab.text(".network__side .field__error").await.is_empty())
        .await;
    // One more goes before the output by itself.
    add(lab, "Dropout").await;
    let regular = "Conv2D,MaxPooling2D,Flatten,Dense,Dropout,Dense";
    until_job(lab, regular, |job| classes(job) == regular).await;
    see_parameters(lab).await;
}

/// The sum on the page and in Keras's summary are the engine's.
async fn see_parameters(lab: &Lab) {
    let model = job(lab).await.model;
    let total = Language::En.count(model.num_params().unwrap());
    let summary = summary_text(&model).unwrap();
    let line = summary.lines().find(|line| line.contains("Total params")).unwrap().trim().to_owned();
    assert!(line.contains(&total), "{line}");
    let is_shown = async || {
        lab.text(".network__totals").await.contains(&total)
            && lab.text(".network__summary").await.contains(&line)
    };
    lab.until_true(&line, SOON, is_shown).await;
}

async fn change(lab: &Lab) {
    open_arguments(lab).await;
    lab.tab_to("input", "filters").await;
    type_in(lab, "8\u{e004}").await;
    let has_filters = |count: usize| {
        move |job: &svertka::engine::spec::RunSpec| match &job.model.layers[0] {
            LayerSpec::Conv2d(conv) => conv.filters == count,
            _ => false,
        }
    };
    until_job(lab, "8 filters", has_filters(8)).await;
    see_parameters(lab).await;
    for (again, expected) in [(false, 32), (true, 8)] {
        undo(lab, again).await;
        until_job(lab, "undo or redo", has_filters(expected)).await;
    }
}

async fn open_arguments(lab: &Lab) {
    let name = [("number", "1"), ("class", "Conv2D")];
    lab.tab_to("button", &lab.words.say_with("network.arguments_of", &name)).await;
    lab.key(Key::Enter).await;
}

async fn make_a_mistake_and_take_it_back(lab: &Lab) {
    let before = job(lab).await;
    lab.tab_to("input", "kernel_size rows").await;
    type_in(lab, "30\u{e004}").await;
    let is_told = async || {
        let text = lab.text(".layer--bad .field__error").await;
        lab.words.says(&text, "errors.layer.window_too_large") && text.contains("30 × 3")
    };
    lab.until_true("the window that is too large", SOON, is_told).await;
    assert!(lab.text(".layer--waiting").await.contains(&lab.words.say("network.waiting")));
    undo(lab, false).await;
    until_job(lab, "the window before", |job| *job == before).await;
    lab.until_true("no mistake", SOON, async || lab.text(".layer--bad").await.is_empty()).await;
}

/// The link is the whole network.
async fn reload(lab: &Lab) {
    let before = job(lab).await;
    let link = lab.find("input", Some(&lab.words.say("pooling.take.link"))).await;
    let shown = link.prop("value").await.unwrap().unwrap_or_default();
    assert_eq!(shown, lab.read::<String>("return location.href", vec![]).await);
    lab.reload().await;
    assert_eq!(job(lab).await, before);
    see_parameters(lab).await;
}

#[test]
fn keras_code_builds_a_network_and_what_is_not_understood_is_named_with_its_line() {
    drive(Setup::new("network-code", Language::Ru), async |lab: Lab| {
        lab.open("#/network").await;
        let before = job(&lab).await;
        lab.tab_to("summary", &lab.words.say("network.code.paste")).await;
        lab.key(Key::Enter).await;
        paste(&lab, PROGRAM).await;
        let program = read_program(PROGRAM).unwrap();
        let expected = from_query(&to_query(&program.applied_to(&before))).0;
        until_job(&lab, "the network of the program", |job| *job == expected).await;
        assert_eq!((expected.fit.batch_size, expected.fit.epochs), (32, 3));
        lab.see(&lab.words.say("network.code.done"), SOON).await;

        // All of it is one step.
        lab.press("convolution.kernel.undo").await;
        until_job(&lab, "the job before", |job| *job == before).await;
        lab.press("convolution.kernel.redo").await;
        until_job(&lab, "the program again", |job| *job == expected).await;

        lab.client.execute("document.querySelector('main h1').focus()", vec![]).await.unwrap();
        paste(&lab, UNSUPPORTED).await;
        let error = read_program(UNSUPPORTED).unwrap_err();
        assert_eq!(error.position.line, 5);
        let line = lab.words.say("network.code.line").replace("{{ line }}", "5");
        let begin = line.split("{{").next().unwrap_or_default().trim().to_owned();
        let is_told = async || {
            let text = lab.text(".network__paste .field__error").await;
            text.starts_with(&begin) && text.contains("LSTM")
        };
        lab.until_true("the fifth line", SOON, is_told).await;
        assert_eq!(lab.text(".network__line").await, "layers.LSTM(8),");
        assert_eq!(job(&lab).await, expected, "what is not understood changes nothing");
    });
}

async fn paste(lab: &Lab, program: &str) {
    lab.tab_to("textarea", &lab.words.say("network.code.label")).await;
    type_in(lab, program).await;
    lab.tab_to("button", &lab.words.say("network.code.build")).await;
    lab.key(Key::Enter).await;
}
