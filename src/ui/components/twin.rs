//! What stands below a picture: the same numbers as a table, and as files.

use super::super::canvas::Palette;
use super::super::context::shell;
use super::super::i18n::{t, t_string, use_i18n};
use super::super::scene::Scene;
use super::super::sheet::sheet;
use super::super::svg::to_svg;
use super::take_away::{png, save};
use super::{Icon, IconMark, SHEET};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// A table: names of columns, then rows whose first cell names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Of every column.
    pub heads: Vec<String>,
    /// As long as the heads.
    pub rows: Vec<Vec<String>>,
}

/// `table` is made when it is looked at, and again when a signal it read changes, at most once a second; `csv` and
/// `pictures` are made when they are saved. `file` begins the files' names, `title` says what they show.
#[component]
pub fn Twin(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] file: String,
    #[prop(into)] table: Callback<(), Table>,
    #[prop(into)] csv: Callback<(), String>,
    #[prop(into)] pictures: Callback<(), Vec<(String, Scene)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let palette: RwSignal<Arc<Palette>> = shell().palette;
    let file = StoredValue::new(file);
    let name = move |extension: &str| file.with_value(|file| format!("{file}.{extension}"));
    let save_csv = Callback::new(move |()| save(&name("csv"), csv.run(()).as_bytes(), "text/csv"));
    let save_svg = Callback::new(move |()| {
        let scene = sheet(&pictures.run(()), SHEET);
        let text = to_svg(&scene, &title.get_untracked(), &**palette.read_untracked());
        save(&name("svg"), text.as_bytes(), "image/svg+xml");
    });
    let save_png = Callback::new(move |()| {
        if let Some(bytes) = png(&sheet(&pictures.run(()), SHEET), &palette.get_untracked()) {
            save(&name("png"), &bytes, "image/png");
        }
    });
    let button = move |kind: &'static str, act: Callback<()>| {
        let label = move || t_string!(i18n, curves.save.chart, title = title.get(), kind).to_string();
        view! {
            <button type="button" class="button twin__save" aria-label=label on:click=move |_| act.run(())>
                <IconMark icon=Icon::Download />
                <span lang="en">{kind}</span>
            </button>
        }
    };
    view! {
        <div class="twin">
            <AsTable title table />
            {button("CSV", save_csv)}
            {button("SVG", save_svg)}
            {button("PNG", save_png)}
        </div>
    }
}

/// The table alone, folded, for a picture that is not saved by itself.
#[component]
pub fn AsTable(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] table: Callback<(), Table>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    let rested = rested(is_open, table);
    // What stands around the table may have the title itself for its name.
    let label =
        Signal::derive(move || format!("{}: {}", title.get(), t_string!(i18n, common.chart.as_table)));
    view! {
        <details class="twin__table" on:toggle=on_toggle>
            <summary>{t!(i18n, common.chart.as_table)}</summary>
            {move || rested.get().map(|table| rows(table, label))}
        </details>
    }
}

/// How long a table rests, in ms: it is read and not watched, and hundreds of cells made anew with every batch would
/// leave the page no time to answer.
const REST_MS: f64 = 1_000.0;

/// The table while it is open.
fn rested(is_open: RwSignal<bool>, table: Callback<(), Table>) -> Memo<Option<Table>> {
    let (made_ms, is_waiting) = (StoredValue::new(0.0), StoredValue::new(false));
    let woken = RwSignal::new(0_u32);
    let wake = move || {
        // The page may have been left meanwhile.
        if is_waiting.try_set_value(false).is_none() {
            woken.update(|times| *times = times.wrapping_add(1));
        }
    };
    Memo::new(move |before: Option<&Option<Table>>| {
        woken.with(|_| ());
        if !is_open.get() {
            return None;
        }
        let now_ms = js_sys::Date::now();
        let left_ms = made_ms.get_value() + REST_MS - now_ms;
        match before {
            // Nothing is followed while it rests.
            Some(Some(before)) if left_ms > 0.0 => {
                if !is_waiting.get_value() {
                    is_waiting.set_value(true);
                    set_timeout(wake, Duration::from_millis(left_ms.ceil() as u64));
                }
                Some(before.clone())
            }
            _ => {
                made_ms.set_value(now_ms);
                Some(table.run(()))
            }
        }
    })
}

fn rows(Table { heads, rows }: Table, label: Signal<String>) -> impl IntoView {
    let head = |text: String| view! { <th scope="col">{text}</th> };
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let first = cells.next();
        let rest = cells.map(|text| view! { <td>{text}</td> }).collect_view();
        view! { <tr><th scope="row">{first}</th>{rest}</tr> }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || label.get()>
            <table class="table">
                <thead>
                    <tr>{heads.into_iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
