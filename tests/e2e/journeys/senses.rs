//! For whoever hears the page, wants no motion, or enlarges its letters.

use fantoccini::key::Key;
use serde_json::json;
use svertka::engine::presets::Preset;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::audit::clipped_and_covered;
use crate::pages::shell::{fill_pages, resize, show};
use crate::pages::training::{self, Run};

/// From now on everything that the live region says is kept.
const HEAR: &str = "
const region = document.querySelector('body [role=status].visually-hidden');
window.heard = [];
new MutationObserver(() => heard.push(region.textContent)).observe(region, { subtree: true, childList: true, characterData: true });
";

#[test]
fn epochs_and_what_callbacks_do_are_said_once_each() {
    drive(Setup::new("voice", Language::En), async |lab: Lab| {
        lab.open("").await;
        let run = Run { epochs: 6, ..Run::default() };
        // Nothing gets better by 10, so that it stops after the second epoch.
        let link = format!("{}&early_stopping=val_loss&patience=1&min_delta=10", run.link());
        lab.client.execute("location.hash = arguments[0]", vec![json!(link)]).await.unwrap();
        lab.find("h1", Some(&lab.words.say("common.nav.training"))).await;
        lab.client.execute(HEAR, vec![]).await.unwrap();
        training::start(&lab).await;
        training::wait_for_end(&lab).await;
        let heard = async || lab.read::<String>("return window.heard.join('\\n')", vec![]).await;
        let is_over = async || lab.words.says(&heard().await, "training.log.stopped");
        lab.until_true("the end of the run", SOON, is_over).await;
        let heard = heard().await;
        let epochs = training::epochs(&lab).await;
        assert_eq!(epochs, 2);
        let lines: Vec<String> = lab.read("return [...document.querySelectorAll('.event-log__line--epoch, .event-log__line--callback')].map(it => it.textContent)", vec![]).await;
        assert!(lines.len() > epochs, "epochs and a callback: {lines:#?}");
        for line in lines {
            assert_eq!(heard.matches(&line).count(), 1, "{line:?} in {heard:?}");
        }
    });
}

/// Counts instruments, and keeps the pitch of every tone.
const LISTEN: &str = "
window.instruments = 0;
window.played = [];
const Instrument = window.AudioContext;
window.AudioContext = class extends Instrument { constructor() { super(); window.instruments += 1; } };
const make = BaseAudioContext.prototype.createOscillator;
BaseAudioContext.prototype.createOscillator = function () {
  const tone = make.call(this), start = tone.start;
  tone.start = at => { window.played.push(tone.frequency.value); start.call(tone, at); };
  return tone;
};
";

#[test]
fn the_loss_is_heard_by_whoever_asks_for_it() {
    let setup = Setup { script: LISTEN, ..Setup::new("sound", Language::En) };
    drive(setup, async |lab: Lab| {
        let run = Run { preset: Preset::Lenet5, samples: 3_000, epochs: 4, ..Run::default() };
        let played = async || lab.read::<Vec<f64>>("return window.played", vec![]).await;
        let instruments = async || lab.read::<usize>("return window.instruments", vec![]).await;
        lab.open("").await;
        training::train(&lab, &Run::default()).await;
        assert_eq!((instruments().await, played().await.len()), (0, 0), "nothing sounds unasked");

        lab.click("label", &lab.words.say("curves.sound.label")).await;
        lab.until_true("an instrument", SOON, async || instruments().await == 1).await;
        assert!(played().await.is_empty(), "what was trained before is past");
        training::train(&lab, &run).await;
        let tones = played().await;
        // The training's tone and the validation's, but not of epochs that were shorter than their tones.
        assert!(tones.len() >= 4 && tones.len() % 2 == 0 && tones.len() <= 2 * run.epochs, "{tones:?}");
        assert_eq!(tones[0], 880.0, "{tones:?}");
        assert!(tones[tones.len() - 2] < 700.0, "the loss fell, but not the pitch: {tones:?}");

        lab.click("label", &lab.words.say("curves.sound.label")).await;
        training::train(&lab, &run).await;
        assert_eq!(played().await, tones, "it was turned off");
    });
}

#[test]
fn nothing_moves_by_itself_for_whoever_wants_no_motion() {
    drive(Setup::new("motion", Language::En), async |lab: Lab| {
        let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        lab.cdp("Emulation.setEmulatedMedia", still).await;
        lab.open("").await;
        fill_pages(&lab).await;
        for route in Route::ALL {
            show(&lab, route).await;
            let moving = "return document.getAnimations().filter(it => it.playState === 'running').map(it => it.animationName ?? it.transitionProperty ?? it.id)";
            let moving: Vec<String> = lab.read(moving, vec![]).await;
            assert!(moving.is_empty(), "/{}: {moving:?}", route.name());
            // A walk that plays by itself moves its slider.
            let sliders = "return [...document.querySelectorAll('input[type=range]')].map(it => it.value)";
            let before: Vec<String> = lab.read(sliders, vec![]).await;
            let later = "const done = arguments[0]; setTimeout(() => done([...document.querySelectorAll('input[type=range]')].map(it => it.value)), 400)";
            let after = lab.client.execute_async(later, vec![]).await.unwrap();
            assert_eq!(json!(before), after, "/{} moves by itself", route.name());
        }
    });
}

/// Widths with the size of the letters in the browser's settings, both in CSS px: as narrow as WCAG asks for, which is
/// a desktop enlarged four times; enlarged twice; and its letters alone.
const WINDOWS: [(u32, u32); 3] = [(320, 16), (640, 16), (1280, 32)];

#[test]
fn letters_twice_as_large_are_neither_cut_off_nor_covered() {
    drive(Setup::new("large-text", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        let mut wrong = Vec::new();
        for (width, letters) in WINDOWS {
            resize(&lab, width).await;
            let sizes = json!({ "standard": letters, "fixed": letters * 13 / 16 });
            lab.cdp("Page.setFontSizes", json!({ "fontSizes": sizes })).await;
            for route in Route::ALL {
                show(&lab, route).await;
                let found = clipped_and_covered(&lab).await;
                let place = format!("/{} at {width} px, letters of {letters} px", route.name());
                wrong.extend(found.into_iter().map(|it| format!("{place}: {it}")));
            }
        }
        assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// Pictures of numbers that have no table beside them.
const BARE: &str = "
const charts = [...document.querySelectorAll('main canvas[role=img]')].filter(it => it.checkVisibility());
const unnamed = charts.filter(it => !it.getAttribute('aria-label')?.trim());
return unnamed.map(it => (it.closest('figure, section, article')?.textContent ?? '').replace(/\\s+/g, ' ').slice(0, 80));
";

#[test]
fn every_picture_says_what_it_shows_and_every_chart_has_its_table() {
    drive(Setup::new("tables", Language::En), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        for route in Route::ALL {
            show(&lab, route).await;
            let bare: Vec<String> = lab.read(BARE, vec![]).await;
            assert!(bare.is_empty(), "/{}: pictures without words: {bare:#?}", route.name());
            let charts = "return [...document.querySelectorAll('main figure.line-chart, main figure.histogram-ridges')].filter(it => it.querySelector('.twin__table') === null).length";
            assert_eq!(
                lab.read::<usize>(charts, vec![]).await,
                0,
                "/{}: charts without a table",
                route.name()
            );
        }
        show(&lab, Route::Training).await;
        lab.client
            .execute("document.querySelectorAll('main details').forEach(it => { it.open = false; })", vec![])
            .await
            .unwrap();
        lab.tab_to("summary", &lab.words.say("common.chart.as_table")).await;
        lab.key(Key::Enter).await;
        let rows = async || {
            lab.read::<usize>(
                "return document.querySelectorAll('.twin__table[open] tbody tr').length",
                vec![],
            )
            .await
        };
        lab.until_true("the curve's numbers", SOON, async || rows().await > 0).await;
    });
}
