//! What is shown before the program: the heads of all pages as the program shows them. A browser that cannot run it says
//! so, in both languages, instead of showing nothing.

use std::fs;

use serde_json::json;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;

use crate::browser::{HEADING, Lab, SOON};
use crate::harness::{Setup, dist, drive};
use crate::pages::axe::violations;
use crate::words::flat;

/// No module with vectors is valid here, as before Chrome 91, Firefox 89 and Safari 16.4.
const NO_SIMD: &str = "WebAssembly.validate = () => false;";

#[test]
fn the_heads_before_the_program_are_those_of_the_program() {
    for language in Language::ALL {
        drive(Setup::new("first_screen", language), async move |lab: Lab| {
            let page = fs::read_to_string(dist().join("index.html")).unwrap();
            let (_, screen) = page
                .split_once(&format!("<div class=\"shell\" lang=\"{}\"", language.tag()))
                .expect("a first screen for every language");
            for route in Route::ALL {
                let (_, head) =
                    screen.split_once(&format!("data-page=\"{}\"", route.name())).expect("a head");
                let between = |begin: &str, end: &str| {
                    let (_, text) = head.split_once(begin).expect("heads have headings and leads");
                    flat(&text.split_once(end).expect("tags are closed").0.replace("&amp;", "&"))
                };
                lab.open(&route.href()).await;
                assert_eq!(lab.text(HEADING).await, between("<h1>", "</h1>"), "{}", route.name());
                assert_eq!(
                    lab.text("#main .lead").await,
                    between("class=\"lead\">", "</p>"),
                    "{}",
                    route.name()
                );
                assert!(lab.text("#boot").await.is_empty(), "the first screen goes away");
            }
        });
    }
}

#[test]
fn a_browser_without_simd_is_told_what_to_do() {
    let setup = Setup { script: NO_SIMD, ..Setup::new("old_browser", Language::En) };
    drive(setup, async |lab: Lab| {
        let address = lab.site.borrow().url();
        lab.client.goto(&address).await.unwrap();
        let shown = async || lab.text("[role=alert]:not([hidden])").await;
        lab.until_true("the reason", SOON, async || shown().await.contains("SIMD")).await;
        let text = shown().await;
        for (name, sentence) in [("ru", "слишком старый"), ("en", "too old")] {
            assert!(text.contains(sentence), "{name}: {text}");
        }
        assert!(!lab.page_text().await.contains("is loading"), "it does not load any more");
        // A message in the place of the page needs none of the headings and landmarks that are good practice.
        let found: Vec<_> = violations(&lab).await.into_iter().filter(|it| it.is_wcag).collect();
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test]
fn a_browser_without_scripts_is_told_what_to_do() {
    drive(Setup::new("no_scripts", Language::Ru), async |lab: Lab| {
        lab.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
        let address = lab.site.borrow().url();
        lab.client.goto(&address).await.unwrap();
        // Nothing can be asked in the page's own words, so what it would say to a screen reader is read.
        let said = async || {
            let tree = lab.cdp("Accessibility.getFullAXTree", json!({})).await;
            let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
            let names = nodes.iter().filter_map(|node| node["name"]["value"].as_str());
            flat(&names.collect::<Vec<_>>().join(" "))
        };
        lab.until_true("the reason", SOON, async || said().await.contains("JavaScript")).await;
        let said = said().await;
        for (name, sentence) in [("ru", "нужен JavaScript"), ("en", "needs JavaScript")] {
            assert!(said.contains(sentence), "{name}: {said}");
        }
        lab.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
    });
}
