//! A trained network is looked into: its scores, its layers, what decided, dead units and points.

use std::time::Duration;

use fantoccini::key::Key;
use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};

/// Hundreds of images through a network, on a slow machine.
const SAMPLE: Duration = Duration::from_mins(1);

/// Unfolds a section by keyboard.
async fn unfold(lab: &Lab, section: &str) {
    lab.tab_to("summary", &lab.words.say(&format!("inside.{section}.title"))).await;
    lab.key(Key::Enter).await;
}

async fn until_said(lab: &Lab, id: &str, limit: Duration) -> String {
    let said = async || {
        let text = lab.peek_id(id).await?.text().await.ok()?;
        (!text.is_empty()).then_some(text)
    };
    lab.until(id, limit, said).await
}

#[test]
fn a_perceptron_is_looked_into_and_says_why_it_has_no_grad_cam() {
    drive(Setup::new("inside", Language::En), async |lab: Lab| {
        lab.open("#/inside").await;
        lab.find("h2", Some(&lab.words.say("inside.no_model.title"))).await;
        training::train(&lab, &Run::default()).await;
        lab.visit("evaluation").await;
        lab.visit("inside").await;
        until_said(&lab, "inside-said", SOON).await;
        assert!(until_said(&lab, "inside-sum", SOON).await.contains('='));

        unfold(&lab, "layers").await;
        let layers = "return document.querySelectorAll('[data-testid=inside-layers-list] canvas').length";
        let all_there = async || lab.read::<usize>(layers, vec![]).await == Preset::Mlp.spec().layers.len();
        lab.until_true("a picture for every layer", SOON, all_there).await;
        unfold(&lab, "maps").await;
        let first = until_said(&lab, "inside-map-said", SOON).await;
        lab.choose_segment("inside.maps.kind", "Grad-CAM").await;
        lab.until_true("why there is none", SOON, async || lab.peek_id("inside-no-map").await.is_some())
            .await;
        lab.choose_segment("inside.maps.kind", &lab.words.say("inside.maps.occlusion")).await;
        let covered = async || {
            let text = lab.peek_id("inside-map-said").await?.text().await.ok()?;
            (!text.is_empty() && text != first).then_some(text)
        };
        lab.until("what covering does", SAMPLE, covered).await;
        lab.reload().await;
        let is_kept =
            async || lab.read::<String>("return location.hash", vec![]).await.contains("map=occlusion");
        lab.until_true("the method in the address", SOON, is_kept).await;
    });
}

#[test]
fn points_and_dead_units_of_a_convolutional_network_are_found() {
    drive(Setup::new("inside-points", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        training::train(&lab, &Run { preset: Preset::Lenet5, ..Run::default() }).await;
        lab.visit("evaluation").await;
        lab.visit("inside").await;
        unfold(&lab, "units").await;
        until_said(&lab, "inside-units-said", SAMPLE).await;
        unfold(&lab, "points").await;
        until_said(&lab, "inside-points-said", SAMPLE).await;
        lab.tab_to("div", &lab.words.say("inside.points.keys")).await;
        lab.key(Key::Right).await;
        let name = lab.words.say_with("inside.points.chosen", &[("number", "0"), ("name", "7")]);
        lab.see(&name, SOON).await;
    });
}
