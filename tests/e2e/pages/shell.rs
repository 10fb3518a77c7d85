//! What stands around every page: menu, language, theme, window.

use serde_json::json;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;
use svertka::ui::theme::Theme;

use super::evaluation;
use super::training::{self, Run};
use crate::browser::{HEADING, Lab, SOON};

/// Gives every page something to show: curves, a log, a matrix, images, probabilities.
pub async fn fill_pages(lab: &Lab) {
    training::train(lab, &Run::default()).await;
    evaluation::evaluate(lab).await;
    evaluation::open_worst_cell(lab).await;
    evaluation::predictions(lab).await;
}

/// Chooses language and theme as the reader does.
pub async fn dress(lab: &Lab, language: Language, theme: Theme) {
    // The switch is named in the language before; the languages are named in themselves.
    let name = if language == Language::Ru { "Рус" } else { "Eng" };
    lab.click("label", name).await;
    let is_set =
        async || lab.read::<String>("return document.documentElement.lang", vec![]).await == language.tag();
    lab.until_true("the other language", SOON, is_set).await;
    lab.choose("common.theme.label", theme.name()).await;
}

/// Another width of the window, in CSS px; Chromium alone can do that.
pub async fn resize(lab: &Lab, width: u32) {
    let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    lab.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
}

/// Goes to a page by its address, which keeps the document and what was trained in it.
pub async fn show(lab: &Lab, route: Route) {
    lab.client.execute("location.hash = arguments[0]", vec![json!(route.href())]).await.unwrap();
    let path = match route {
        Route::Home => "common.tagline".to_owned(),
        other => format!("common.nav.{}", other.name()),
    };
    let title = lab.words.say(&path);
    let is_there = async || lab.client.title().await.is_ok_and(|shown| shown.contains(&title));
    lab.until_true("the page", SOON, is_there).await;
    lab.find(HEADING, None).await;
    // What can be unfolded must fit as well.
    let unfold = "document.querySelectorAll('main details').forEach(it => { it.open = true; })";
    lab.client.execute(unfold, vec![]).await.unwrap();
}
