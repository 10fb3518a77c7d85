//! The picture from above with its keys, and the player.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::{html, prelude::*};

use super::Track;
use super::words::{Fate, surface_name};
use crate::ui::components::{Picture, Player, PlayerWords, Playing};
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::pages::optimizers::{hit, surface_scene, ways_scene};
use crate::ui::scene::Point;
use crate::ui::translations::text;
use crate::ui::walk::sign_of_key;
use crate::ui::widgets::line_chart::value_text;
use leptos_i18n::I18nContext;

/// What an arrow key moves the start by, as a part of the picture; with Shift ten times as much.
const NUDGE: f64 = 0.01;

/// The picture, the player and what can be said of them.
#[component]
pub fn Ground(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let stage = NodeRef::<html::Div>::new();
    let is_dragging = StoredValue::new(false);
    let move_to = move |event: &PointerEvent| {
        let Some(rect) = stage.get_untracked().map(|stage| stage.get_bounding_client_rect()) else { return };
        let at = Point {
            x: f64::from(event.client_x()) - rect.left(),
            y: f64::from(event.client_y()) - rect.top(),
        };
        // Not while the settings are being read.
        let region = track.setup.with_untracked(|setup| setup.kind.region());
        track.move_start(hit(region, at, rect.width()));
    };
    let on_down = move |event: PointerEvent| {
        // Only what drags: not the right button, not a second finger.
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        if let Some(stage) = stage.get_untracked() {
            // Without it dragging ends at the edge, no more.
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
        is_dragging.set_value(true);
        track.note();
        move_to(&event);
    };
    let on_move = move |event: PointerEvent| {
        if is_dragging.get_value() {
            move_to(&event);
        }
    };
    let on_up = move |_: PointerEvent| is_dragging.set_value(false);
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let (key, code) = (event.key(), event.code());
        if take_key(track, sign_of_key(&key, &code), event.shift_key()) {
            event.prevent_default();
            track.shell.announce(untrack(|| said(i18n, track)));
        }
    };
    let label = Signal::derive(move || {
        let (setup, language) = (track.setup.read(), track.shell.language.get());
        let [x, y] = setup.start.map(|number| language.short(number.into(), 3));
        let surface = surface_name(i18n, &setup);
        t_string!(i18n, optimizers.stage.picture, surface, x, y).to_string()
    });
    // The surface stands still while racers move.
    let surface = Memo::new(move |_| track.setup.read().surface());
    let scene = move |width: f64| surface_scene(surface.get(), track.shell.language.get(), width);
    let over = move |width: f64| ways_scene(&track.state.read(), track.at(), track.racer(), width);
    let sentence = Memo::new(move |before: Option<&String>| match before {
        Some(before) if track.playing.get() => before.clone(),
        _ => said(i18n, track),
    });
    view! {
        <div
            class="race__stage"
            node_ref=stage
            tabindex="0"
            role="application"
            aria-label=move || t_string!(i18n, optimizers.stage.keys)
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:keydown=on_key
        >
            <Picture scene=scene over=over label=label />
        </div>
        <StepPlayer track />
        <p class="race__said" data-testid="race-said">{move || sentence.get()}</p>
        <Fate track />
        <div class="hints">
            <p>{t!(i18n, optimizers.stage.hint)} " " {t!(i18n, optimizers.stage.arrows)}</p>
            <p>
                <kbd>"←"</kbd> " " <kbd>"↑"</kbd> " " <kbd>"→"</kbd> " " <kbd>"↓"</kbd> " "
                {t!(i18n, optimizers.stage.key_start)} "; "
                <kbd>"["</kbd> " " <kbd>"]"</kbd> " " {t!(i18n, optimizers.stage.key_step)} "; "
                <kbd>"Page Up"</kbd> " " <kbd>"Page Down"</kbd> " " {t!(i18n, optimizers.stage.key_ten)} "; "
                <kbd>"Home"</kbd> " " <kbd>"End"</kbd> " " {t!(i18n, optimizers.stage.key_ends)} "; "
                <kbd>"Space"</kbd> " " {t!(i18n, optimizers.stage.key_play)} "; "
                <kbd>"1"</kbd> "…" <kbd>"8"</kbd> " " {t!(i18n, optimizers.stage.key_racer)}
            </p>
        </div>
    }
}

/// Where the chosen racer is, in a sentence; nothing if it does not run.
fn said(i18n: I18nContext<Locale>, track: Track) -> String {
    let (state, language, step, racer) =
        (track.state.read(), track.shell.language.get(), track.at(), track.racer());
    let Some(trace) = state.trace(racer) else { return String::new() };
    let moment = trace.moment(step);
    let number = |number: f64| value_text(number, language);
    let [x, y] = moment.at.map(|at| number(at.into()));
    let (value, distance) = (number(moment.value.into()), number(state.distance(moment)));
    let name = state.setup.label(racer);
    t_string!(i18n, optimizers.stage.said, step, name, x, y, value, distance).to_string()
}

/// What a key does; whether it means anything.
fn take_key(track: Track, key: &str, is_far: bool) -> bool {
    let nudge = |right: f64, up: f64| {
        let setup = track.setup.get_untracked();
        let region = setup.kind.region();
        let by = if is_far { NUDGE * 10.0 } else { NUDGE };
        let [x, y] = setup.start.map(f64::from);
        let (width, height) = (region.x.1 - region.x.0, region.y.1 - region.y.0);
        track.note();
        track.move_start([x + right * by * width, y + up * by * height]);
    };
    match key {
        "ArrowLeft" => nudge(-1.0, 0.0),
        "ArrowRight" => nudge(1.0, 0.0),
        "ArrowUp" => nudge(0.0, 1.0),
        "ArrowDown" => nudge(0.0, -1.0),
        "[" => track.go_by(-1),
        "]" => track.go_by(1),
        "PageUp" => track.go_by(-10),
        "PageDown" => track.go_by(10),
        "Home" => track.go(0),
        "End" => track.go(usize::MAX),
        " " => track.toggle(),
        digit => {
            let racers = track.setup.read_untracked().racers.len();
            let Some(racer) = digit.parse::<usize>().ok().filter(|number| (1..=racers).contains(number))
            else {
                return false;
            };
            track.chosen.set(racer - 1);
        }
    }
    true
}

#[component]
fn StepPlayer(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let words = PlayerWords {
        position: Callback::new(move |(number, total): (usize, usize)| {
            t_string!(i18n, optimizers.stage.position, step = number - 1, steps = total - 1).to_string()
        }),
        first: text!(i18n, optimizers.stage.first),
        back: text!(i18n, optimizers.stage.back),
        forward: text!(i18n, optimizers.stage.forward),
        last: text!(i18n, optimizers.stage.last),
        speed: text!(i18n, optimizers.stage.speed),
    };
    let what = Playing {
        position: track.step,
        playing: track.playing,
        length: Signal::derive(move || track.setup.read().steps + 1),
    };
    let ten = move |steps: isize, sign: &'static str, label: Signal<String>| {
        view! {
            <button
                type="button"
                class="button"
                title=move || label.get()
                on:click=move |_| track.go_by(steps)
            >
                // Whoever speaks to the machine says what stands on the button.
                {sign} " " <span class="visually-hidden">{move || label.get()}</span>
            </button>
        }
    };
    view! {
        <Player
            what
            words
            on_toggle=move |()| track.toggle()
            on_go=move |step| track.go(step)
            on_settle=move |()| track.settle()
            slow=true
        />
        <div class="buttons">
            {ten(-10, "−10", text!(i18n, optimizers.stage.ten_back))}
            {ten(10, "+10", text!(i18n, optimizers.stage.ten_forward))}
        </div>
    }
}
