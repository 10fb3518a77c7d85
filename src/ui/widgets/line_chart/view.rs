//! The chart on the page: legend, canvas, what is read off, and the same numbers as a table and as files.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::axis::value_text;
use super::frame::Frame;
use super::look::{Averages, Look, Reading, Readout, Window, fitted, moved, zoomed};
use super::scene::{ChartText, crosshair, legend, line_chart};
use super::state::{Lend, LineChartState, Series, lent};
use crate::ui::components::{Picture, Table, Twin, fresh_id};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::{html, prelude::*};

/// Rows of the table twin; longer curves are thinned.
const TABLE_ROWS: usize = 100;
/// Width of a saved picture, in px.
const SAVED: f64 = 720.0;
/// A shorter way of the pointer is a click, in px.
const CLICK: f64 = 6.0;
/// How much wider one press on − makes the window.
const ZOOM: f64 = 1.6;
/// The share of the window that one press moves it by.
const MOVE: f64 = 0.25;
/// How many points Page Up and Page Down pass.
const PAGE: isize = 10;

/// What several charts over one axis may share: which part of it is shown, and where it is read off. Both
/// are forgotten when the axis is another one.
#[derive(Clone, Copy)]
pub struct ChartLink {
    axis: Signal<u32>,
    window: RwSignal<(u32, Option<Window>)>,
    cursor: RwSignal<(u32, Option<f64>)>,
}

impl ChartLink {
    /// For an axis that is another one whenever `axis` changes.
    pub fn new(axis: Signal<u32>) -> ChartLink {
        ChartLink { axis, window: RwSignal::new((0, None)), cursor: RwSignal::new((0, None)) }
    }

    fn window(self) -> Option<Window> {
        let (of, window) = self.window.get();
        window.filter(|_| of == self.axis.get())
    }

    fn cursor(self) -> Option<f64> {
        let (of, cursor) = self.cursor.get();
        cursor.filter(|_| of == self.axis.get())
    }

    fn show(self, window: Option<Window>) {
        self.window.set((self.axis.get_untracked(), window));
    }

    fn point(self, x: Option<f64>) {
        if untrack(|| self.cursor()) != x {
            self.cursor.set((self.axis.get_untracked(), x));
        }
    }
}

/// The chart's signals.
#[derive(Clone, Copy)]
struct Chart {
    with: StoredValue<Lend>,
    link: ChartLink,
    hidden: RwSignal<BTreeSet<String>>,
    smoothing: Signal<f64>,
    /// Made once for the picture, the pointer and what is read off.
    averages: Memo<Arc<Averages>>,
    log_y: Signal<bool>,
    words: Signal<ChartText>,
    /// The range that is being dragged, as x.
    chosen: RwSignal<Option<(f64, f64)>>,
    plot: NodeRef<html::Div>,
}

impl Chart {
    fn look(self) -> Look {
        Look {
            smoothing: self.smoothing.get(),
            log_y: self.log_y.get(),
            window: self.link.window(),
            hidden: self.hidden.get(),
            averages: Some(self.averages.get()),
        }
    }

    /// Reads the curves and follows them.
    fn read<T>(self, read: impl FnOnce(&LineChartState) -> T) -> Option<T> {
        self.with.with_value(|with| lent(with, read))
    }

    fn now<T>(self, read: impl FnOnce(&LineChartState, &Look) -> T) -> Option<T> {
        untrack(|| {
            let look = self.look();
            self.read(|state| read(state, &look))
        })
    }

    /// The frame as it is on the page, and where its left edge is.
    fn frame(self) -> Option<(Frame, f64)> {
        let rect = self.plot.get_untracked()?.get_bounding_client_rect();
        let words = self.words.get_untracked();
        let frame =
            self.now(|state, look| Frame::new(state, &look.curves(state), look, &words, rect.width()))?;
        Some((frame, rect.left()))
    }

    /// Which x lies under the pointer.
    fn x_under(self, client_x: i32) -> Option<f64> {
        self.frame().map(|(frame, left)| frame.x_at(f64::from(client_x) - left))
    }

    fn point_at(self, x: f64) {
        let nearest = self.now(|state, look| look.nearest(state, x)).flatten();
        self.link.point(nearest);
    }

    /// Moves what is read off; a first press puts it on the last point.
    fn step(self, by: isize) {
        let cursor = untrack(|| self.link.cursor());
        let next = self.now(|state, look| match cursor {
            Some(x) => look.stepped(state, x, by),
            None => look.nearest(state, look.x_range(state).1),
        });
        self.link.point(next.flatten());
    }

    fn zoom(self, factor: f64, about: Option<f64>) {
        let window = self.now(|state, look| {
            let window = look.x_range(state);
            let about = about.unwrap_or(f64::midpoint(window.0, window.1));
            zoomed(window, state.x_range(), factor, about)
        });
        self.link.show(window.flatten());
    }

    fn shift(self, by: f64) {
        let window = self.now(|state, look| moved(look.x_range(state), state.x_range(), by));
        self.link.show(window.flatten());
    }

    /// Whether the key meant something to the chart.
    fn press(self, event: &KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let cursor = untrack(|| self.link.cursor());
        match (event.key().as_str(), event.shift_key()) {
            ("ArrowLeft", true) => self.shift(-MOVE),
            ("ArrowRight", true) => self.shift(MOVE),
            ("ArrowLeft", false) => self.step(-1),
            ("ArrowRight", false) => self.step(1),
            ("PageUp", _) => self.step(-PAGE),
            ("PageDown", _) => self.step(PAGE),
            ("Home", _) => self.step(-isize::MAX),
            ("End", _) => self.step(isize::MAX),
            ("+" | "=", _) => self.zoom(1.0 / ZOOM, cursor),
            ("-" | "−", _) => self.zoom(ZOOM, cursor),
            ("0", _) => self.link.show(None),
            ("Escape", _) if cursor.is_some() => self.link.point(None),
            _ => return false,
        }
        true
    }
}

/// `with` lends the state to a reader and must read a signal that changes with it; `summary` says the
/// latest values in words for those who do not see the picture. `x_words` names an x in a sentence,
/// `mark_words` says what happened at a mark; `file` begins the names of saved files.
#[component]
pub fn LineChart<W>(
    with: W,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] summary: Signal<String>,
    #[prop(into)] x_label: Signal<String>,
    #[prop(into)] y_label: Signal<String>,
    #[prop(optional)] y_percent: bool,
    #[prop(optional, into)] smoothing: Signal<f64>,
    #[prop(optional, into)] log_y: Signal<bool>,
    #[prop(optional)] link: Option<ChartLink>,
    #[prop(optional, into)] x_words: Option<Callback<f64, String>>,
    #[prop(optional, into)] mark_words: Option<Callback<usize, String>>,
    #[prop(optional, into)] file: Option<String>,
) -> impl IntoView
where
    W: Fn(&mut dyn FnMut(&LineChartState)) + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let language = shell().language;
    let words = Signal::derive(move || ChartText {
        language: language.get(),
        x_label: x_label.get(),
        y_label: y_label.get(),
        y_percent,
    });
    let with: StoredValue<Lend> = StoredValue::new(Box::new(with));
    let averages = Memo::new_with_compare(
        move |_| {
            let of = |state: &LineChartState| Averages::of(state, smoothing.get());
            Arc::new(with.with_value(|with| lent(with, of)).unwrap_or_default())
        },
        |_, _| true,
    );
    let chart = Chart {
        with,
        link: link.unwrap_or_else(|| ChartLink::new(Signal::stored(0))),
        hidden: RwSignal::default(),
        smoothing,
        averages,
        log_y,
        words,
        chosen: RwSignal::new(None),
        plot: NodeRef::new(),
    };
    let scene = move |width: f64| {
        let (look, words) = (chart.look(), words.get());
        chart.read(|state| line_chart(state, &look, &words, width)).unwrap_or_default()
    };
    let over = move |width: f64| {
        let (cursor, chosen) = (chart.link.cursor(), chart.chosen.get());
        if cursor.is_none() && chosen.is_none() {
            return Scene::default();
        }
        let (look, words) = (chart.look(), words.get());
        chart.read(|state| crosshair(state, &look, &words, width, cursor, chosen)).unwrap_or_default()
    };
    // Only who moves by keys is told: a voice cannot follow a mouse.
    let by_keys = RwSignal::new(false);
    let show: fn(f64, Language) -> String = if y_percent { percent } else { value_text };
    let readout = Memo::new(move |_| readout(chart, show, x_words, mark_words));
    let help_id = fresh_id("chart-help");
    let file = file.unwrap_or_else(|| "chart".to_owned());
    view! {
        <figure class="line-chart">
            <div class="line-chart__head">
                <figcaption class="line-chart__title">{move || title.get()}</figcaption>
                {tools(chart)}
            </div>
            {legend_buttons(chart)}
            <div
                class="line-chart__plot"
                node_ref=chart.plot
                tabindex="0"
                role="application"
                aria-label=move || title.get()
                aria-describedby=help_id.clone()
                on:keydown=move |event| {
                    if chart.press(&event) {
                        by_keys.set(true);
                        event.prevent_default();
                    }
                }
                on:pointerdown=move |event| on_press(chart, &event)
                on:pointermove=move |event| {
                    by_keys.set(false);
                    on_move(chart, &event);
                }
                on:pointerup=move |_| on_release(chart)
                on:pointercancel=move |_| chart.chosen.set(None)
                on:pointerleave=move |event| on_leave(chart, &event)
                on:dblclick=move |_| chart.link.show(None)
                on:wheel=move |event| on_wheel(chart, &event)
            >
                <Picture
                    scene=scene
                    over=over
                    label=Signal::derive(move || format!("{}. {}", title.get(), summary.get()))
                />
            </div>
            <p class="visually-hidden" id=help_id>{t!(i18n, curves.plot.keys)}</p>
            <p class="line-chart__readout" aria-live=move || if by_keys.get() { "polite" } else { "off" }>
                {move || readout.get()}
            </p>
            {twin(chart, title, file, show)}
        </figure>
    }
}

/// What is read off where the line stands, in a sentence.
fn readout(
    chart: Chart,
    show: fn(f64, Language) -> String,
    x_words: Option<Callback<f64, String>>,
    mark_words: Option<Callback<usize, String>>,
) -> String {
    let i18n = use_i18n();
    let Some(x) = chart.link.cursor() else { return String::new() };
    let (look, words) = (chart.look(), chart.words.get());
    let Some(Readout { x, readings, marks }) = chart.read(|state| look.readout(state, x)) else {
        return String::new();
    };
    let place = match x_words {
        Some(x_words) => x_words.run(x),
        None => format!("{} {}", words.x_label, words.language.short(x, 3)),
    };
    let reading = |reading: Reading| {
        let (name, value) = (reading.label, show(reading.shown, words.language));
        match reading.measured {
            Some(measured) => {
                let measured = show(measured, words.language);
                t_string!(i18n, curves.read.smoothed, name, value, measured).to_string()
            }
            None => t_string!(i18n, curves.read.value, name, value).to_string(),
        }
    };
    let values = readings.into_iter().map(reading).collect::<Vec<_>>().join("; ");
    let mut text = t_string!(i18n, curves.read.at, place, values).to_string();
    for mark in mark_words.iter().flat_map(|mark_words| marks.iter().map(|mark| mark_words.run(*mark))) {
        text.push(' ');
        text.push_str(&mark);
    }
    text
}

fn on_press(chart: Chart, event: &PointerEvent) {
    let Some(x) = chart.x_under(event.client_x()) else { return };
    if event.pointer_type() == "mouse" && event.button() == 0 {
        chart.chosen.set(Some((x, x)));
        if let Some(plot) = chart.plot.get_untracked() {
            // Without it the range ends at the chart's edge, which is no harm.
            let _ = plot.set_pointer_capture(event.pointer_id());
        }
    } else {
        chart.point_at(x);
    }
}

fn on_move(chart: Chart, event: &PointerEvent) {
    let Some(x) = chart.x_under(event.client_x()) else { return };
    if let Some((from, _)) = chart.chosen.get_untracked() {
        chart.chosen.set(Some((from, x)));
    }
    chart.point_at(x);
}

fn on_release(chart: Chart) {
    let Some((from, to)) = chart.chosen.get_untracked() else { return };
    chart.chosen.set(None);
    let Some((frame, _)) = chart.frame() else { return };
    if (frame.x_place(to) - frame.x_place(from)).abs() >= CLICK {
        let window = chart.now(|state, _| fitted((from.min(to), from.max(to)), state.x_range()));
        chart.link.show(window.flatten());
    }
}

fn on_leave(chart: Chart, event: &PointerEvent) {
    if event.pointer_type() == "mouse" && chart.chosen.get_untracked().is_none() {
        chart.link.point(None);
    }
}

fn on_wheel(chart: Chart, event: &WheelEvent) {
    if event.ctrl_key() || event.meta_key() {
        event.prevent_default();
        chart.zoom((event.delta_y() * 0.002).clamp(-0.5, 0.5).exp(), chart.x_under(event.client_x()));
    }
}

/// Zoom without dragging, and moving what is zoomed.
fn tools(chart: Chart) -> impl IntoView {
    let i18n = use_i18n();
    let is_part = Memo::new(move |_| chart.link.window().is_some());
    let tool = move |sign: &'static str, label: Signal<String>, act: Callback<()>| {
        view! {
            <button
                type="button"
                class="button button--icon line-chart__tool"
                aria-label=move || label.get()
                title=move || label.get()
                on:click=move |_| act.run(())
            >
                {sign}
            </button>
        }
    };
    let cursor = move || untrack(|| chart.link.cursor());
    view! {
        <div class="line-chart__tools" role="group" aria-label=move || t_string!(i18n, curves.plot.tools)>
            {move || is_part.get().then(|| (
                tool("←", text!(i18n, curves.plot.left), Callback::new(move |()| chart.shift(-MOVE))),
                tool("→", text!(i18n, curves.plot.right), Callback::new(move |()| chart.shift(MOVE))),
            ))}
            {tool("−", text!(i18n, curves.plot.out), Callback::new(move |()| chart.zoom(ZOOM, cursor())))}
            {tool("+", text!(i18n, curves.plot.into), Callback::new(move |()| chart.zoom(1.0 / ZOOM, cursor())))}
            <button
                type="button"
                class="button line-chart__tool"
                disabled=move || !is_part.get()
                on:click=move |_| chart.link.show(None)
            >
                {t!(i18n, curves.plot.all)}
            </button>
        </div>
    }
}

/// The curves' names; pressing one hides or shows its curve. A single curve has its name in the title.
fn legend_buttons(chart: Chart) -> impl IntoView {
    let i18n = use_i18n();
    let names = Memo::new(move |_| {
        let names = |state: &LineChartState| -> Vec<_> {
            state
                .series
                .iter()
                .map(|series| (series.label.clone(), series.role, series.line_style()))
                .collect()
        };
        chart.read(names).unwrap_or_default()
    });
    let entry = move |(label, role, style): (String, _, _)| {
        let sample = Series { label: label.clone(), role, style: Some(style), points: Vec::new() };
        let (own, pressed) = (label.clone(), label.clone());
        let toggle = move |_| {
            chart.hidden.update(|hidden| {
                if !hidden.remove(&own) {
                    hidden.insert(own.clone());
                }
            });
        };
        view! {
            <li>
                <button
                    type="button"
                    class="line-chart__entry"
                    aria-pressed=move || (!chart.hidden.read().contains(&pressed)).to_string()
                    on:click=toggle
                >
                    <span class="line-chart__sample" aria-hidden="true">
                        <Picture scene=move |_| sample.sample() label=String::new() />
                    </span>
                    <span class="line-chart__name">{label}</span>
                </button>
            </li>
        }
    };
    move || {
        let names = names.get();
        (names.len() > 1).then(|| {
            view! {
                <ul class="line-chart__legend" aria-label=move || t_string!(i18n, curves.legend)>
                    {names.into_iter().map(entry).collect_view()}
                </ul>
            }
        })
    }
}

/// The same numbers as a table, and all that can be saved.
fn twin(
    chart: Chart,
    title: Signal<String>,
    file: String,
    value: fn(f64, Language) -> String,
) -> impl IntoView {
    let table = move |()| {
        let ChartText { language, x_label, .. } = chart.words.get();
        let table = chart.read(|state| {
            let heads = state.series.iter().map(|series| series.label.clone());
            let row = |x: f64| {
                let cell = |series: &Series| series.at(x).map_or("–".to_owned(), |y| value(y, language));
                std::iter::once(language.short(x, 3)).chain(state.series.iter().map(cell)).collect()
            };
            let rows = state.table_xs(TABLE_ROWS).into_iter().map(row).collect();
            Table { heads: std::iter::once(x_label).chain(heads).collect(), rows }
        });
        table.unwrap_or_default()
    };
    let csv = move |()| {
        let x_label = chart.words.get_untracked().x_label;
        chart.now(|state, _| state.csv(&x_label)).unwrap_or_default()
    };
    let pictures = move |()| {
        let words = chart.words.get_untracked();
        let parts = chart.now(|state, look| {
            let names = (String::new(), legend(state, look));
            vec![(title.get_untracked(), line_chart(state, look, &words, SAVED)), names]
        });
        parts.unwrap_or_default()
    };
    view! { <Twin title=title file=file table=table csv=csv pictures=pictures /> }
}

fn percent(y: f64, language: Language) -> String {
    if y.is_finite() { language.percent(y, 2) } else { value_text(y, language) }
}
