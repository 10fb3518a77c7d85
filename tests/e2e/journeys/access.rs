//! No barrier that axe knows, on any page, in any state, language and theme.

use std::fs;

use serde_json::json;
use svertka::engine::presets::Preset;
use svertka::ui::embed::Widget;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;
use svertka::ui::theme::Theme;

use crate::browser::{HEADING, Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::axe::{Violation, violations};
use crate::pages::shell::{dress, fill_pages, resize, show};
use crate::pages::training::{self, Run};
use crate::words::Words;

/// A phone in CSS px, and as narrow as WCAG 2.2 asks for.
const NARROW: u32 = 320;
const WIDE: u32 = 1280;

/// What was found where.
#[derive(Default)]
struct Report(Vec<String>);

impl Report {
    async fn look(&mut self, lab: &Lab, place: &str) {
        for Violation { id, help, count, nodes, .. } in violations(lab).await {
            self.0.push(format!("{place}: {id} ({count}): {help}\n    {}", nodes.join("\n    ")));
        }
    }

    fn end(self) {
        assert!(self.0.is_empty(), "{} barriers:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn axe_finds_no_barrier_in_light_colours() {
    drive(Setup::new("access_light", Language::En), async |lab: Lab| {
        every_page_in(&lab, Theme::Light).await;
    });
}

#[test]
fn axe_finds_no_barrier_in_dark_colours() {
    drive(Setup::new("access_dark", Language::En), async |lab: Lab| {
        every_page_in(&lab, Theme::Dark).await;
    });
}

async fn every_page_in(lab: &Lab, theme: Theme) {
    lab.open("").await;
    finds_what_is_wrong(lab).await;
    fill_pages(lab).await;
    let mut report = Report::default();
    for language in [Language::En, Language::Ru] {
        let lab = Lab { words: Words::of(language), ..lab.clone() };
        dress(&lab, language, theme).await;
        for route in Route::ALL {
            show(&lab, route).await;
            report.look(&lab, &format!("/{} in {}, {}", route.name(), language.tag(), theme.name())).await;
        }
    }
    report.end();
}

/// A search that finds nothing must be one that could.
async fn finds_what_is_wrong(lab: &Lab) {
    let add = "document.querySelector('main').insertAdjacentHTML('beforeend', '<div id=wrong></div>');
        const button = document.createElement('button');
        document.getElementById('wrong').append(button);";
    lab.client.execute(add, vec![]).await.unwrap();
    assert!(violations(lab).await.iter().any(|it| it.id == "button-name"), "a button without a name");
    lab.client.execute("document.getElementById('wrong').remove()", vec![]).await.unwrap();
    assert!(violations(lab).await.is_empty(), "it is gone");
}

#[test]
fn axe_finds_no_barrier_while_it_trains_and_when_something_is_wrong() {
    let setup = Setup { expected_errors: &["net::ERR"], ..Setup::new("access_states", Language::En) };
    drive(setup, async |lab: Lab| {
        let mut report = Report::default();
        lab.open("").await;
        for (language, theme) in [(Language::En, Theme::Dark), (Language::Ru, Theme::Light)] {
            let lab = Lab { words: Words::of(language), ..lab.clone() };
            dress(&lab, language, theme).await;
            let place = |state: &str| format!("{state} in {}, {}", language.tag(), theme.name());
            // Nothing is trained yet: pages say what they wait for.
            for route in [Route::Runs, Route::Evaluation, Route::Inside, Route::Files] {
                show(&lab, route).await;
                report.look(&lab, &place(&format!("/{} without a network", route.name()))).await;
            }
            for (state, hash) in [
                ("a lost page", "#/nowhere"),
                ("a bad link to the training", "#/training?epochs=-1&preset=none&layers=what"),
                ("a bad link to the laboratory", "#/convolution?kernel_size=99&stride=x"),
                ("a layer that does not fit", "#/convolution?input=count&kernel_size=7"),
            ] {
                lab.client.execute("location.hash = arguments[0]", vec![json!(hash)]).await.unwrap();
                lab.find(HEADING, None).await;
                report.look(&lab, &place(state)).await;
            }
            broken_file(&lab).await;
            report.look(&lab, &place("a broken file")).await;
            let sizes = Run { samples: 5_000, validation_samples: 0, ..Run::default() };
            training::follow(&lab, &Run { preset: Preset::Lenet5, epochs: 100, ..sizes }).await;
            // With one worker a core is left for axe, which else looks for minutes.
            lab.choose("training.workers.label", "1").await;
            training::start(&lab).await;
            training::wait_for_batches(&lab, 3).await;
            report.look(&lab, &place("a training that runs")).await;
            lab.press("training.run.pause").await;
            training::wait_for_pause(&lab).await;
            report.look(&lab, &place("a training that rests")).await;
            lab.press("training.run.stop").await;
            lab.find("section", Some(&lab.words.say("training.result.title"))).await;
            report.look(&lab, &place("a training that was stopped")).await;
            // So that the second round begins without a network as well.
            lab.reload().await;
        }
        report.end();
    });
}

#[test]
fn axe_finds_no_barrier_in_what_other_pages_embed() {
    drive(Setup::new("access_embedded", Language::En), async |lab: Lab| {
        let mut report = Report::default();
        for (language, theme, width) in
            [(Language::En, Theme::Dark, WIDE), (Language::Ru, Theme::Light, NARROW)]
        {
            lab.open("").await;
            resize(&lab, width).await;
            for widget in Widget::ALL {
                let (name, tag) = (widget.name(), language.tag());
                // A frame begins with its address; a new part behind the hash would only change it.
                lab.client.goto("about:blank").await.unwrap();
                lab.open(&format!("#/embed/{name}?lang={tag}&theme={}&lock=all", theme.name())).await;
                lab.find(".frame-foot a", None).await;
                report.look(&lab, &format!("{name} in {tag}, {}, {width} px", theme.name())).await;
            }
        }
        report.end();
    });
}

async fn broken_file(lab: &Lab) {
    let file = lab.folder.join("broken.keras");
    fs::write(&file, b"PK\x03\x04 and no more").unwrap();
    lab.visit("files").await;
    let input = lab.find("input[type=file]", None).await;
    input.send_keys(file.to_str().unwrap()).await.unwrap();
    lab.until_true("why it was refused", SOON, async || lab.peek_id("refused").await.is_some()).await;
}

#[test]
fn axe_finds_no_barrier_in_a_narrow_window_and_in_forced_colours() {
    drive(Setup::new("access_narrow", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        let mut report = Report::default();
        resize(&lab, NARROW).await;
        for route in Route::ALL {
            show(&lab, route).await;
            report.look(&lab, &format!("/{} at {NARROW} px", route.name())).await;
        }
        resize(&lab, WIDE).await;
        let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
        lab.cdp("Emulation.setEmulatedMedia", forced).await;
        for route in Route::ALL {
            show(&lab, route).await;
            report.look(&lab, &format!("/{} in forced colours", route.name())).await;
            let picture = lab.client.screenshot().await.unwrap();
            fs::write(lab.folder.join(format!("forced-{}.png", route.name())), picture).unwrap();
        }
        report.end();
    });
}
