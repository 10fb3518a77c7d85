//! The penultimate layer's outputs as points in the plane, epoch by epoch.

use super::Desk;
use super::asking::{Asked, Section};
use crate::data::Split;
use crate::protocol::{Inspection, Question};
use crate::ui::components::{Picture, Player, PlayerWords, Playing, PointerHit, Segmented, Table, Twin};
use crate::ui::context::shell;
use crate::ui::convolution::{Sample, Source};
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::inside::{Frame, Frames, Pace, Plot, Setup, points_scene, ring_scene};
use crate::ui::scene::Scene;
use crate::ui::sources::fetched_picture;
use crate::ui::translations::text;
use crate::ui::widgets::image_grid::Thumbnail;
use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_i18n::I18nContext;

/// The largest side of the plot, in px.
const MOST_SIDE: f64 = 520.0;

/// The section. Frames are kept while it is there, so that folding it up loses none.
#[component]
pub fn PointsSection(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    // `complete` needs the frames, which are made of what was asked.
    let last_points = StoredValue::new(Vec::<f32>::new());
    let question = Memo::new(move |_| desk.setup.read().points_question(desk.dataset.get(), Vec::new()));
    let wanted = move || desk.ask_sample(question.get());
    // Where the last frame was is no other question.
    let complete = move |inspection: Inspection| {
        let Question::Points { dataset, samples, method, .. } = inspection.question else {
            return inspection;
        };
        let from = last_points.get_value();
        Inspection { question: Question::Points { dataset, samples, method, from }, ..inspection }
    };
    let asked = Asked::begin(Pace::Epoch, false, wanted, complete);
    let frames = Memo::new(move |before: Option<&Frames>| {
        let mut frames = before.cloned().unwrap_or_default();
        if let Some(frame) = asked.first().as_ref().and_then(Frame::of) {
            frames.keep(frame);
        }
        frames
    });
    let at = RwSignal::new(0usize);
    Effect::new(move |before: Option<usize>| {
        let count = frames.read().all.len();
        last_points.set_value(frames.with_untracked(Frames::last_points));
        let last = count.saturating_sub(1);
        // Who looks at an earlier epoch goes on looking at it.
        if at.get_untracked() + 1 >= before.unwrap_or(0) || at.get_untracked() > last {
            at.set(last);
        }
        count
    });
    view! {
        <Section asked id="inside-points" title=text!(i18n, inside.points.title) lead=text!(i18n, inside.points.lead)>
            <Choices desk />
            <Points desk frames at />
        </Section>
    }
}

#[component]
fn Choices(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let setup = desk.setup;
    let methods = Signal::derive(move || {
        vec![
            ("false".to_owned(), t_string!(i18n, inside.points.pca).to_string()),
            ("true".to_owned(), "t-SNE".to_owned()),
        ]
    });
    let amounts = Signal::derive(move || {
        let language = language.get();
        Setup::SAMPLES.map(|count| (count.to_string(), language.count(count as usize))).to_vec()
    });
    let choose = move |text: String| {
        if let Ok(samples) = text.parse() {
            desk.change(|setup| setup.samples = samples);
        }
    };
    view! {
        <div class="fields">
            <Segmented
                label=text!(i18n, inside.points.method)
                choices=methods
                value=Signal::derive(move || setup.read().tsne.to_string())
                on_change=move |text: String| desk.change(|setup| setup.tsne = text == "true")
            />
            <Segmented
                label=text!(i18n, inside.points.images)
                choices=amounts
                value=Signal::derive(move || setup.read().samples.to_string())
                on_change=choose
            />
        </div>
    }
}

#[component]
fn Points(desk: Desk, frames: Memo<Frames>, at: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let language = shell.language;
    let frame = Memo::new(move |_| {
        let frames = frames.read();
        frames.all.get(at.get().min(frames.all.len().saturating_sub(1))).cloned()
    });
    let bounds = Memo::new(move |_| match frame.read().as_ref() {
        // t-SNE spreads from epoch to epoch; components are compared with one another.
        Some(now) if now.iteration > 0 => Frames { all: vec![now.clone()] }.bounds(),
        _ => frames.read().bounds(),
    });
    let chosen = RwSignal::new(None::<usize>);
    let only = RwSignal::new(None::<u8>);
    // Of the picture as it was painted last: what the pointer is over is found by it.
    let side = StoredValue::new(0.0f64);
    let plot = move || Plot { side: side.get_value(), bounds: bounds.get_untracked() };
    let scene = move |width: f64| {
        let width = width.min(MOST_SIDE);
        side.set_value(width);
        let plot = Plot { side: width, bounds: bounds.get() };
        frame.read().as_ref().map(|frame| points_scene(frame, plot, only.get())).unwrap_or_default()
    };
    let ring = Callback::new(move |width: f64| {
        let plot = Plot { side: width.min(MOST_SIDE), bounds: bounds.get() };
        frame.read().as_ref().map(|frame| ring_scene(frame, plot, chosen.get())).unwrap_or_default()
    });
    let on_pointer = move |hit: PointerHit| {
        if let PointerHit::Over(place) | PointerHit::Press(place) = hit {
            let found = frame.read_untracked().as_ref().and_then(|frame| plot().nearest(frame, place));
            if found.is_some() && found != chosen.get_untracked() {
                chosen.set(found);
            }
        }
    };
    let said = Signal::derive(move || {
        let frame = frame.read();
        let label = chosen.get().and_then(|idx| Some((idx, *frame.as_ref()?.labels.get(idx)?)));
        label.map_or_else(String::new, |(number, label)| {
            let name = desk.name(usize::from(label));
            t_string!(i18n, inside.points.chosen, number, name).to_string()
        })
    });
    let on_key = move |event: KeyboardEvent| {
        let Some(count) = frame.read_untracked().as_ref().map(|frame| frame.points.len()) else { return };
        let now = chosen.get_untracked();
        let Some(next) = next_of(&event.key(), now, count) else { return };
        event.prevent_default();
        chosen.set(Some(next));
        shell.announce(untrack(|| said.get()));
    };
    let words = Signal::derive(move || {
        frame.read().as_ref().map_or_else(String::new, |frame| say(i18n, desk, frame, language.get()))
    });
    let title = text!(i18n, inside.points.title);
    let table = move |()| {
        frame.read().as_ref().map_or_else(Table::default, |frame| table_of(i18n, desk, frame, language.get()))
    };
    let pictures = move |()| -> Vec<(String, Scene)> {
        let plot = Plot { side: MOST_SIDE, bounds: bounds.get_untracked() };
        let frame = frame.read_untracked();
        frame
            .as_ref()
            .map(|frame| (untrack(|| words.get()), points_scene(frame, plot, None)))
            .into_iter()
            .collect()
    };
    view! {
        <div class="inside__points">
            <div
                class="inside__plot"
                tabindex="0"
                role="application"
                aria-label=move || t_string!(i18n, inside.points.keys)
                data-testid="inside-plot"
                on:keydown=on_key
            >
                <Picture scene=scene label=words over=ring on_pointer=on_pointer />
            </div>
            <div class="inside__beside">
                <Legend desk frame only />
                <Chosen desk chosen said />
            </div>
        </div>
        <p data-testid="inside-points-said">{move || words.get()}</p>
        <Epochs frames at />
        <p class="field__hint">{t!(i18n, inside.points.note)}</p>
        <Twin title=title file="points" table=table csv=move |()| frames.read_untracked().to_csv() pictures=pictures />
    }
}

/// The point that a key leads to.
fn next_of(key: &str, now: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match key {
        "ArrowRight" | "ArrowDown" => now.map_or(0, |now| (now + 1).min(last)),
        "ArrowLeft" | "ArrowUp" => now.map_or(0, |now| now.saturating_sub(1)),
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

fn table_of(i18n: I18nContext<Locale>, desk: Desk, frame: &Frame, language: Language) -> Table {
    let heads = vec![
        t_string!(i18n, inside.points.image).to_string(),
        t_string!(i18n, inside.verdict.class).to_string(),
        "x".to_owned(),
        "y".to_owned(),
    ];
    let row = |(idx, (point, label)): (usize, (&[f32; 2], &u8))| {
        let [x, y] = point.map(|value| language.decimal(f64::from(value), 3));
        vec![idx.to_string(), desk.name(usize::from(*label)), x, y]
    };
    Table { heads, rows: frame.points.iter().zip(&frame.labels).enumerate().map(row).collect() }
}

fn say(i18n: I18nContext<Locale>, desk: Desk, frame: &Frame, language: Language) -> String {
    let layer = match frame.layer {
        Some(layer) => desk.layer_name(layer as usize),
        None => t_string!(i18n, inside.points.of_image).to_string(),
    };
    let (dims, number) = (language.count(frame.dims as usize), language.count(frame.points.len()));
    if frame.iteration > 0 {
        let iteration = language.count(frame.iteration as usize);
        let loss = frame.loss.map_or_else(|| "–".to_owned(), |loss| language.decimal(loss, 3));
        return t_string!(i18n, inside.points.said_tsne, number, layer, dims, iteration, loss).to_string();
    }
    let [first, second] = frame.ratios.map(|ratio| language.percent(ratio, 1));
    t_string!(i18n, inside.points.said_pca, number, layer, dims, first, second).to_string()
}

/// What the digits stand for; a class can be brought out.
#[component]
fn Legend(desk: Desk, frame: Memo<Option<Frame>>, only: RwSignal<Option<u8>>) -> impl IntoView {
    let i18n = use_i18n();
    let classes = Memo::new(move |_| {
        let mut labels = frame.read().as_ref().map_or_else(Vec::new, |frame| frame.labels.clone());
        labels.sort_unstable();
        labels.dedup();
        labels
    });
    let item = move |class: u8| {
        let is_only = move || only.get() == Some(class);
        let toggle =
            move |_| only.update(|only| *only = if *only == Some(class) { None } else { Some(class) });
        view! {
            <li>
                <button
                    type="button"
                    class="button inside__class"
                    data-series=(class % 4).to_string()
                    aria-pressed=move || is_only().to_string()
                    on:click=toggle
                >
                    <span class="inside__mark" aria-hidden="true">{class}</span>
                    <span>{move || desk.name(usize::from(class))}</span>
                </button>
            </li>
        }
    };
    view! {
        <p class="field__label">{t!(i18n, inside.points.legend)}</p>
        <ul class="inside__legend">{move || classes.get().into_iter().map(item).collect_view()}</ul>
    }
}

/// The image of the point that is looked at.
#[component]
fn Chosen(desk: Desk, chosen: RwSignal<Option<usize>>, said: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let source = Memo::new(move |_| match chosen.get() {
        Some(idx) => {
            Source::Sample(Sample { dataset: desk.dataset.get(), split: Split::Test, idx: idx as u32 })
        }
        None => Source::Digit(0),
    });
    let fetched = fetched_picture(source.into());
    let picture = move || {
        let picture = fetched.picture.get()?;
        let pixels: Vec<u8> = picture.values.iter().map(|value| (value * 255.0).round() as u8).collect();
        let shape = picture.shape;
        Some(view! { <div class="inside__thumbnail"><Thumbnail shape pixels label=said /></div> })
    };
    view! {
        <div class="inside__chosen" data-testid="inside-chosen">
            {picture}
            <p>
                {move || if chosen.get().is_some() { said.get() } else { t_string!(i18n, inside.points.hint).to_string() }}
            </p>
        </div>
    }
}

/// From epoch to epoch. Nothing moves by itself before it is asked to; with reduced motion it steps slowly.
#[component]
fn Epochs(frames: Memo<Frames>, at: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let length = Signal::derive(move || frames.read().all.len());
    let playing = RwSignal::new(false);
    let words = PlayerWords {
        position: Callback::new(move |(number, total): (usize, usize)| {
            let epochs = frames.read().all.get(number.saturating_sub(1)).and_then(|frame| frame.epochs);
            let epochs = epochs.map_or_else(|| "?".to_owned(), |epochs| epochs.to_string());
            t_string!(i18n, inside.points.epoch, epochs, number, total).to_string()
        }),
        first: text!(i18n, inside.points.first),
        back: text!(i18n, inside.points.back),
        forward: text!(i18n, inside.points.forward),
        last: text!(i18n, inside.points.last),
        speed: text!(i18n, inside.points.speed),
    };
    let toggle = move |()| {
        let is_playing = playing.get_untracked();
        // From the end it begins anew.
        if !is_playing && at.get_untracked() + 1 >= length.get_untracked() {
            at.set(0);
        }
        playing.set(!is_playing);
    };
    let go = move |position: usize| {
        playing.set(false);
        at.set(position);
    };
    view! {
        <Show when=move || { length.get() > 1 }>
            <Player
                what=Playing { position: at, playing, length }
                words
                on_toggle=toggle
                on_go=go
                on_settle=move |()| playing.set(false)
                slow=true
            />
        </Show>
    }
}
