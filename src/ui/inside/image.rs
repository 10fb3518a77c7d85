//! Which image, and how the reader's own one is made ready.

use super::Desk;
use crate::ui::components::{Card, Held, Picture, Segmented, Select};
use crate::ui::context::shell;
use crate::ui::convolution::Source;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::inside::{PartOfWay, way_scene};
use crate::ui::sources::{FetchNote, OtherSource};
use crate::ui::translations::text;
use crate::ui::widgets::image_grid::Thumbnail;
use leptos::prelude::*;

/// The card.
#[component]
pub fn ImageCard(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let digits = Signal::derive(move || {
        let mut all: Vec<_> = (0..10).map(|digit| (digit.to_string(), digit.to_string())).collect();
        match setup.read().source {
            Source::Sample(_) => {
                all.push(("sample".to_owned(), t_string!(i18n, inside.image.sample).to_string()));
            }
            Source::Own(_) => all.push(("own".to_owned(), t_string!(i18n, inside.image.own).to_string())),
            _ => {}
        }
        all
    });
    let which = Signal::derive(move || match &setup.read().source {
        Source::Digit(digit) => digit.to_string(),
        Source::Sample(_) => "sample".to_owned(),
        _ => "own".to_owned(),
    });
    let choose = move |name: String| {
        if let Ok(digit) = name.parse() {
            desk.change(|setup| setup.source = Source::Digit(digit));
        }
    };
    let is_own = Memo::new(move |_| matches!(setup.read().source, Source::Own(_)));
    let ways = Signal::derive(move || {
        vec![
            ("true".to_owned(), t_string!(i18n, inside.image.prepared).to_string()),
            ("false".to_owned(), t_string!(i18n, inside.image.as_is).to_string()),
        ]
    });
    let thumbnail = move || {
        let (pixels, shape) = desk.image.get()?;
        Some(view! { <Thumbnail shape pixels label=text!(i18n, inside.image.alt) /> })
    };
    view! {
        <Card title=text!(i18n, inside.image.title)>
            <p>{t!(i18n, inside.image.lead)}</p>
            <div class="inside__image">
                <div class="inside__thumbnail" data-testid="inside-image">{thumbnail}</div>
                <Held name="image">
                    <Select label=text!(i18n, inside.image.digit) choices=digits value=which on_change=choose />
                </Held>
            </div>
            <Held name="image">
                <OtherSource
                    source=Signal::derive(move || setup.read().source.clone())
                    on_choose=move |source: Source| desk.change(|setup| setup.source = source)
                />
            </Held>
            <FetchNote fetched=desk.fetched />
            <Show when=move || is_own.get()>
                <Segmented
                    label=text!(i18n, inside.image.way)
                    choices=ways
                    value=Signal::derive(move || setup.read().prepared.to_string())
                    on_change=move |text: String| desk.change(|setup| setup.prepared = text == "true")
                />
                <Way desk />
            </Show>
        </Card>
    }
}

/// The way of a drawing to what the network gets, step by step.
#[component]
fn Way(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let step = move |part: PartOfWay| {
        let words = Signal::derive(move || {
            let Some(prepared) = desk.prepared.get() else { return String::new() };
            let language = language.get();
            let [_, _, height, width] = prepared.ink_box;
            let [rows, cols, _] = prepared.scaled.shape;
            match part {
                PartOfWay::Box => t_string!(i18n, inside.image.step_box, height, width).to_string(),
                PartOfWay::Scaled => t_string!(i18n, inside.image.step_scaled, rows, cols).to_string(),
                PartOfWay::Ready => {
                    let [row, col] = prepared.center.map(|at| language.decimal(at, 1));
                    let [down, right] = prepared.offset;
                    t_string!(i18n, inside.image.step_ready, row, col, down, right).to_string()
                }
            }
        });
        let scene = move |width: f64| {
            desk.prepared.read().as_ref().map(|prepared| way_scene(prepared, part, width)).unwrap_or_default()
        };
        view! {
            <li>
                <Picture scene label=words />
                <p>{move || words.get()}</p>
            </li>
        }
    };
    view! {
        <Show
            when=move || desk.prepared.read().is_some()
            fallback=move || {
                view! {
                    <Show when=move || desk.setup.read().prepared>
                        <p class="remark">{t!(i18n, inside.image.no_ink)}</p>
                    </Show>
                }
            }
        >
            <ol class="inside__way" data-testid="inside-way">{PartOfWay::ALL.map(step).into_iter().collect_view()}</ol>
            <p class="field__hint">{t!(i18n, inside.image.source)}</p>
        </Show>
    }
}
