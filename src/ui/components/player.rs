//! Play, pause, step and scrub through a number of positions.

use super::super::embed::Heard;
use super::super::framed::host;
use super::super::i18n::{t_string, use_i18n};
use super::super::playback::{Playback, Speed};
use super::super::translations::text;
use super::{Icon, IconButton, Segmented, fresh_id};
use leptos::{html, prelude::*};

/// The signals a player drives.
#[derive(Clone, Copy)]
pub struct Playing {
    /// The position, 0..`length`.
    pub position: RwSignal<usize>,
    /// Whether it moves by itself.
    pub playing: RwSignal<bool>,
    /// How many positions there are.
    pub length: Signal<usize>,
}

/// What a player says of its positions, which are cells on one page and epochs on another.
#[derive(Clone, Copy)]
pub struct PlayerWords {
    /// A position, given its number from 1 and how many there are.
    pub position: Callback<(usize, usize), String>,
    /// To the first one.
    pub first: Signal<String>,
    /// One back.
    pub back: Signal<String>,
    /// One on.
    pub forward: Signal<String>,
    /// To the last one.
    pub last: Signal<String>,
    /// How many pass in a second.
    pub speed: Signal<String>,
}

impl PlayerWords {
    /// Of cells of a map.
    pub fn of_cells() -> PlayerWords {
        let i18n = use_i18n();
        PlayerWords {
            position: Callback::new(move |(number, total): (usize, usize)| {
                t_string!(i18n, convolution.player.position_value, number, total)
            }),
            first: text!(i18n, convolution.player.first),
            back: text!(i18n, convolution.player.back),
            forward: text!(i18n, convolution.player.forward),
            last: text!(i18n, convolution.player.last),
            speed: text!(i18n, convolution.player.speed),
        }
    }
}

/// The controls. `on_toggle` starts and stops, `on_go` moves to a position, `on_settle` hears that the
/// end was reached. A `slow` one begins at the least speed, for positions that are read one by one.
#[component]
pub fn Player(
    what: Playing,
    words: PlayerWords,
    #[prop(into)] on_toggle: Callback<()>,
    #[prop(into)] on_go: Callback<usize>,
    #[prop(into)] on_settle: Callback<()>,
    #[prop(optional)] slow: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let reduced = super::super::browser::prefers_reduced_motion();
    let speed = RwSignal::new(if reduced || slow { Speed::ALL[0] } else { Speed::ALL[2] });
    run_while_playing(what, speed, on_settle);
    tell_way(what);
    let last = move || what.length.get().saturating_sub(1);
    let now = move || what.position.get_untracked().min(what.length.get_untracked().saturating_sub(1));
    let speeds: Vec<_> = Speed::ALL.iter().map(|speed| (speed.0.to_string(), speed.0.to_string())).collect();
    let choose_speed = move |text: String| {
        if let Ok(number) = text.parse() {
            speed.set(Speed(number));
        }
    };
    view! {
        <div class="player">
            <div class="buttons" role="group" aria-label=move || t_string!(i18n, convolution.player.label)>
                <IconButton
                    icon=Icon::First
                    label=words.first
                    on_click=move |()| on_go.run(0)
                />
                <IconButton
                    icon=Icon::Previous
                    label=words.back
                    on_click=move |()| on_go.run(now().saturating_sub(1))
                />
                <IconButton
                    icon=Signal::derive(move || if what.playing.get() { Icon::Pause } else { Icon::Play })
                    label=Signal::derive(move || {
                        if what.playing.get() {
                            t_string!(i18n, convolution.player.pause).to_string()
                        } else {
                            t_string!(i18n, convolution.player.play).to_string()
                        }
                    })
                    on_click=on_toggle
                    primary=true
                />
                <IconButton
                    icon=Icon::Next
                    label=words.forward
                    on_click=move |()| on_go.run((now() + 1).min(what.length.get_untracked().saturating_sub(1)))
                />
                <IconButton
                    icon=Icon::Last
                    label=words.last
                    on_click=move |()| on_go.run(what.length.get_untracked().saturating_sub(1))
                />
            </div>
            <Scrub what on_go last=Signal::derive(last) words=words.position />
            <Segmented
                label=words.speed
                compact=true
                choices=Signal::stored(speeds)
                value=Signal::derive(move || speed.get().0.to_string())
                on_change=choose_speed
            />
        </div>
    }
}

/// Tells the page around, if there is one, how far the reader has gone. Where it stands at first is nobody's doing.
fn tell_way(what: Playing) {
    let Some(host) = host() else { return };
    Effect::new(move |first: Option<usize>| {
        let (at, length) = (what.position.get(), what.length.get_untracked());
        let is_moved = first.is_some_and(|first| first != at);
        if is_moved && length > 0 {
            host.hear(Heard::Walked((at + 1).min(length) as f64 / length as f64));
        }
        // Once something has moved, coming back to the first place is a move as well.
        if is_moved { usize::MAX } else { at }
    });
}

/// How long words and slider rest while it plays, in ms.
const REST_MS: f64 = 120.0;

/// The slider and its number in words.
#[component]
fn Scrub(
    what: Playing,
    on_go: Callback<usize>,
    last: Signal<usize>,
    words: Callback<(usize, usize), String>,
) -> impl IntoView {
    let id = fresh_id("scrub");
    let slider = NodeRef::<html::Input>::new();
    // While it plays, words and slider follow a few times a second: sixty would be work for nothing.
    let since = StoredValue::new(0.0);
    let at = Memo::new(move |before: Option<&usize>| {
        let (now, at) = (now_ms(), what.position.get().min(last.get()));
        match before {
            Some(before) if what.playing.get() && now - since.get_value() < REST_MS => *before,
            _ => {
                since.set_value(now);
                at
            }
        }
    });
    let words_of = move |at: usize| words.run((at + 1, last.get() + 1));
    // What is spoken rests while playing.
    let spoken = Memo::new(move |before: Option<&usize>| match before {
        Some(before) if what.playing.get() => *before,
        _ => at.get(),
    });
    // The slider is moved from outside the view, in this order: a value above its old maximum is cut.
    Effect::new(move |_| {
        if let Some(slider) = slider.get() {
            slider.set_max(&last.get().to_string());
            slider.set_value(&at.get().to_string());
        }
    });
    let on_input = move |event| {
        if let Ok(position) = event_target_value(&event).parse() {
            on_go.run(position);
        }
    };
    view! {
        <div class="field player__scrub">
            <label class="field__label" for=id.clone()>{move || words_of(at.get())}</label>
            <input
                id=id
                node_ref=slider
                type="range"
                min="0"
                step="1"
                aria-valuetext=move || words_of(spoken.get())
                on:input=on_input
            />
        </div>
    }
}

/// One step of the loop per frame, for as long as it plays.
fn run_while_playing(what: Playing, speed: RwSignal<Speed>, on_settle: Callback<()>) {
    Effect::new(move |_| {
        if what.playing.get() {
            frame(what, speed, on_settle, Playback::default(), now_ms());
        }
    });
}

fn frame(
    what: Playing,
    speed: RwSignal<Speed>,
    on_settle: Callback<()>,
    mut playback: Playback,
    before: f64,
) {
    request_animation_frame(move || {
        // The page may have been left meanwhile.
        if what.playing.try_get_untracked() != Some(true) {
            return;
        }
        let now = now_ms();
        let due = playback.advance(now - before, speed.get_untracked());
        let last = what.length.get_untracked().saturating_sub(1);
        let next = (what.position.get_untracked() + due).min(last);
        if due > 0 {
            what.position.set(next);
        }
        if next >= last {
            what.playing.set(false);
            on_settle.run(());
        } else {
            frame(what, speed, on_settle, playback, now);
        }
    });
}

fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
