//! What a reader takes along: the link, the picture, the numbers and the program that computes them.

use super::super::browser::{ObjectUrl, copy_text, download};
use super::super::canvas::{Palette, paint};
use super::super::context::shell;
use super::super::i18n::{t, t_string, use_i18n};
use super::super::scene::Scene;
use super::super::sheet::sheet;
use super::super::svg::to_svg;
use super::{Animation, AnimationButtons, Icon, IconMark, fresh_id};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlDetailsElement};

/// Width of the saved sheet, in px.
pub const SHEET: f64 = 1100.0;

/// Links, files and code of one page. `name` begins the files' names, `title` says what the picture shows;
/// `pictures` makes the captioned
/// pictures of this moment, `csv` the numbers, `code` the program, `animation` is the walk through all of it.
#[component]
pub fn TakeAway(
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] pictures: Callback<(), Vec<(String, Scene)>>,
    #[prop(into)] csv: Callback<(), String>,
    #[prop(into)] code: Signal<String>,
    #[prop(optional, into)] animation: Option<Animation>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let palette = shell.palette;
    let save_svg = move |()| {
        let text =
            to_svg(&sheet(&pictures.run(()), SHEET), &title.get_untracked(), &**palette.read_untracked());
        save(&format!("{name}.svg"), text.as_bytes(), "image/svg+xml");
    };
    let save_png = move |()| {
        let scene = sheet(&pictures.run(()), SHEET);
        if let Some(bytes) = png(&scene, &palette.get_untracked()) {
            save(&format!("{name}.png"), &bytes, "image/png");
        }
    };
    let save_csv = move |()| save(&format!("{name}.csv"), csv.run(()).as_bytes(), "text/csv");
    let save_code = move |()| save(&format!("{name}.py"), code.get_untracked().as_bytes(), "text/x-python");
    let copied = Callback::new(move |()| shell.announce(t_string!(i18n, pooling.take.copied)));
    let link_id = fresh_id("link");
    // A long program is written only for who looks at it.
    let is_open = RwSignal::new(false);
    let on_toggle = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        is_open.set(details.is_some_and(|details| details.open()));
    };
    let link = move || {
        shell.location.track();
        shell.page_address()
    };
    view! {
        <div class="take-away">
            <div class="field">
                <label class="field__label" for=link_id.clone()>{t!(i18n, pooling.take.link)}</label>
                <div class="field__row">
                    <input class="input take-away__link" id=link_id type="text" readonly prop:value=link />
                    <button type="button" class="button" on:click=move |_| copy_text(&shell.page_address(), copied)>
                        {t!(i18n, pooling.take.copy)}
                    </button>
                </div>
            </div>
            <div class="buttons">
                <SaveButton kind="PNG" on_click=save_png />
                <SaveButton kind="SVG" on_click=save_svg />
                <SaveButton kind="CSV" on_click=save_csv />
                <SaveButton kind="Python" on_click=save_code />
            </div>
            {animation.map(|animation| view! { <AnimationButtons name animation /> })}
            <details on:toggle=on_toggle>
                <summary>{t!(i18n, pooling.take.code)}</summary>
                <div class="take-away__code">
                    <pre
                        tabindex="0"
                        role="region"
                        aria-label=move || t_string!(i18n, pooling.take.code)
                    ><code lang="en">{move || is_open.get().then(|| code.get())}</code></pre>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| copy_text(&code.get_untracked(), copied)
                    >
                        {t!(i18n, pooling.take.copy)}
                    </button>
                </div>
            </details>
        </div>
    }
}

#[component]
fn SaveButton(kind: &'static str, #[prop(into)] on_click: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="button" on:click=move |_| on_click.run(())>
            <IconMark icon=Icon::Download />
            <span lang="en">{kind}</span>
        </button>
    }
}

/// Offers bytes as a file.
pub fn save(file: &str, bytes: &[u8], media_type: &str) {
    if let Some(url) = ObjectUrl::new(bytes, media_type) {
        download(&url, file);
    }
}

/// The picture's file; nothing when the browser refuses to paint it.
pub fn png(scene: &Scene, palette: &Arc<Palette>) -> Option<Vec<u8>> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    paint(&canvas, scene, palette).ok()?;
    let address = canvas.to_data_url().ok()?;
    let letters = window().atob(address.split_once(',')?.1).ok()?;
    // Each letter of the decoded text is one byte.
    Some(letters.chars().map(|letter| letter as u8).collect())
}
