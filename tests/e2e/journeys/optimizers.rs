//! Optimizers race over a surface and with a network, by keyboard alone.

use std::time::Duration;

use fantoccini::key::Key;
use svertka::ui::locale::Language;
use svertka::ui::pages::optimizers::{RaceState, Setup as Race, SurfaceKind};
use svertka::ui::routes::Location;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

/// Four racers over one epoch of a few hundred images, the images fetched first.
const RACED: Duration = Duration::from_mins(1);

#[test]
fn a_race_is_stepped_moved_and_shared_by_keyboard() {
    drive(Setup::new("optimizers", Language::En), async |lab: Lab| {
        lab.open("").await;
        lab.tab_to("a", &lab.words.say("common.nav.optimizers")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("optimizers.title"))).await;

        let mut race = Race::default();
        lab.tab_to("div", &lab.words.say("optimizers.stage.keys")).await;
        for (key, step) in [(Key::Home, 0), (Key::PageDown, 10), (Key::End, race.steps)] {
            lab.key(key).await;
            says(&lab, &race, step, 0).await;
        }
        // A digit chooses the racer, an arrow moves the start of all.
        lab.client.active_element().await.unwrap().send_keys("5").await.unwrap();
        says(&lab, &race, race.steps, 4).await;
        lab.key(Key::Right).await;
        let [x, y] = race.start.map(f64::from);
        race.begin_at([x + 0.09, y]);
        until_set(&lab, &race).await;
        says(&lab, &race, race.steps, 4).await;

        // One on in the list: the bowl with noise; the start is the surface's own again.
        lab.tab_to("select", &lab.words.say("optimizers.surface.which")).await;
        lab.key(Key::Down).await;
        race.choose(SurfaceKind::Bowl);
        race.noise = 2.0;
        until_set(&lab, &race).await;
        lab.reload().await;
        until_set(&lab, &race).await;
        lab.key(Key::Tab).await;
        // Its name begins with what stands on it.
        lab.tab_to("button", &format!("−10 {}", lab.words.say("optimizers.stage.ten_back"))).await;
        lab.key(Key::Space).await;
        says(&lab, &race, race.steps - 10, 0).await;
    });
}

#[test]
fn a_racer_that_leaves_the_picture_is_told_of_with_its_reason() {
    drive(Setup::new("astray", Language::En), async |lab: Lab| {
        lab.open(
            "#/optimizers?surface=bowl&condition=30&steps=40&racers=[{\"SGD\":{\"learning_rate\":0.08}}]",
        )
        .await;
        let is_told =
            async || lab.words.says(&lab.text("[data-testid=race-fate]").await, "optimizers.stage.beyond");
        lab.until_true("the reason", SOON, is_told).await;
        assert!(lab.text("[data-testid=race-fate]").await.contains("= 2.4 > 2"));
    });
}

#[test]
fn a_network_race_trains_everybody_and_leaves_the_readers_network_alone() {
    drive(Setup::new("relay", Language::En), async |lab: Lab| {
        let job = "%23%2Ftraining%3Fpreset%3Dsoftmax%26samples%3D600%26validation_samples%3D100%26epochs%3D1";
        lab.open(&format!("#/optimizers?net={job}&net_racers=[\"SGD\",\"Adam\"]")).await;
        lab.press("optimizers.network.start").await;
        let done = lab.words.say("optimizers.results.ended");
        let are_done =
            async || lab.text("[data-testid=race-results]").await.matches(&format!(" {done} ")).count() == 2;
        lab.until_true("both racers through", RACED, are_done).await;
        // Nothing was trained in the reader's own worker.
        lab.visit("evaluation").await;
        assert!(lab.peek("[data-testid=evaluate][aria-disabled=false]", None).await.is_none());
    });
}

/// Waits until the sentence is that of a racer after so many steps.
async fn says(lab: &Lab, race: &Race, step: usize, racer: usize) {
    let state = RaceState::new(race.clone());
    let expected = format!("Step {step}. {}:", state.setup.label(racer));
    let said = async || lab.text("[data-testid=race-said]").await.starts_with(&expected);
    lab.until_true(&expected, SOON, said).await;
}

/// Waits until the address has it: it is written once nothing moves any more.
async fn until_set(lab: &Lab, expected: &Race) {
    let is_set = async || {
        let hash: String = lab.read("return location.hash", vec![]).await;
        Race::from_query(&Location::parse(&hash).query) == (expected.clone(), vec![])
    };
    lab.until_true("the race in the address", SOON, is_set).await;
}
