//! Every page at three widths, in both languages and both themes.

use serde_json::json;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;
use svertka::ui::theme::Theme;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::audit::{TextRules, check};
use crate::pages::evaluation;
use crate::pages::training::{self, Run};
use crate::words::Words;

/// A phone, a tablet, a desktop, in CSS px.
const WIDTHS: [u32; 3] = [360, 768, 1440];

#[test]
fn every_page_fits_every_window_and_speaks_one_language() {
    drive(Setup::new("layout", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        for language in Language::ALL {
            let rules = TextRules::for_language(language);
            let lab = Lab { words: Words::of(language), ..lab.clone() };
            for theme in [Theme::Light, Theme::Dark] {
                dress(&lab, language, theme).await;
                for width in WIDTHS {
                    resize(&lab, width).await;
                    for route in Route::ALL {
                        show(&lab, route).await;
                        let (tag, theme, name) = (language.tag(), theme.name(), route.name());
                        check(&lab, &rules, &format!("/{name} at {width} px, {tag}, {theme}")).await;
                    }
                }
            }
        }
    });
}

#[test]
fn every_page_fits_a_phone_when_letters_are_twice_as_large() {
    drive(Setup::new("large-letters", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        let enlarge = "document.documentElement.style.fontSize = '200%'";
        lab.client.execute(enlarge, vec![]).await.unwrap();
        let root = "document.documentElement";
        let look = format!("return {root}.scrollWidth <= {root}.clientWidth");
        for width in [320, 360] {
            resize(&lab, width).await;
            for route in Route::ALL {
                show(&lab, route).await;
                let fits = async || lab.read::<bool>(&look, vec![]).await;
                lab.until_true(&format!("/{} within {width} px", route.name()), SOON, fits).await;
            }
        }
    });
}

/// Gives every page something to show: curves, a log, a matrix, images, probabilities.
async fn fill_pages(lab: &Lab) {
    training::train(lab, &Run::default()).await;
    evaluation::evaluate(lab).await;
    evaluation::open_worst_cell(lab).await;
    evaluation::predictions(lab).await;
}

/// Chooses language and theme as the reader does.
async fn dress(lab: &Lab, language: Language, theme: Theme) {
    // The switch is named in the language before; the languages are named in themselves.
    let name = if language == Language::Ru { "Рус" } else { "Eng" };
    lab.click("label", name).await;
    let is_set =
        async || lab.read::<String>("return document.documentElement.lang", vec![]).await == language.tag();
    lab.until_true("the other language", SOON, is_set).await;
    lab.choose("common.theme.label", theme.name()).await;
}

async fn resize(lab: &Lab, width: u32) {
    let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    lab.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
}

/// Goes to a page by its address, which keeps the document and what was trained in it.
async fn show(lab: &Lab, route: Route) {
    lab.client.execute("location.hash = arguments[0]", vec![json!(route.href())]).await.unwrap();
    let path = match route {
        Route::Home => "common.tagline".to_owned(),
        other => format!("common.nav.{}", other.name()),
    };
    let title = lab.words.say(&path);
    let is_there = async || lab.client.title().await.is_ok_and(|shown| shown.contains(&title));
    lab.until_true("the page", SOON, is_there).await;
    lab.find("main h1", None).await;
    // What can be unfolded must fit as well.
    let unfold = "document.querySelectorAll('main details').forEach(it => { it.open = true; })";
    lab.client.execute(unfold, vec![]).await.unwrap();
}
