//! The curve to draw: with the pointer, with the keys, and number by number.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::{html, prelude::*};

use super::curve::{Course, Curve, Metric};
use super::theatre::Theatre;
use crate::ui::components::{
    Bounds, Held, NumberField, Picture, Player, PlayerWords, Playing, Segmented, Select,
};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::callbacks::{PaperText, Setup, paper_hit, paper_is_below, paper_scene};
use crate::ui::scene::Point;
use crate::ui::training::words;
use crate::ui::translations::text;

/// What an arrow key adds, as a part of the axis; with Shift ten times as much.
const NUDGE: f64 = 0.005;

/// The picture with its keys, the player and the fields.
#[component]
pub fn Paper(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let paper = NodeRef::<html::Div>::new();
    let is_drawing = StoredValue::new(false);
    let before_nan = StoredValue::new(None);
    // What begins among the signs below chooses epochs and draws nothing.
    let is_looking = StoredValue::new(false);
    let draw_at = move |event: &PointerEvent, begins: bool| {
        let Some(rect) = paper.get_untracked().map(|paper| paper.get_bounding_client_rect()) else { return };
        let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
        let state = theatre.state.get_untracked();
        let point = Point { x, y };
        if begins {
            is_looking.set_value(paper_is_below(&state, point, rect.width()));
        }
        let (epoch, value) = paper_hit(&state, point, rect.width());
        if is_looking.get_value() {
            theatre.go(epoch);
        } else {
            theatre.draw(epoch, value);
        }
    };
    let on_down = move |event: PointerEvent| {
        // Only what draws: not the right button, not a second finger.
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        if let Some(paper) = paper.get_untracked() {
            // Without it drawing ends at the edge, no more.
            let _ = paper.set_pointer_capture(event.pointer_id());
        }
        is_drawing.set_value(true);
        draw_at(&event, true);
    };
    let on_move = move |event: PointerEvent| {
        if is_drawing.get_value() {
            draw_at(&event, false);
        }
    };
    let on_up = move |_: PointerEvent| is_drawing.set_value(false);
    let on_key = move |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.alt_key() || event.meta_key())
            && take_key(theatre, before_nan, &event.key(), event.shift_key())
        {
            event.prevent_default();
        }
    };
    let text = move || PaperText {
        language: theatre.shell.language.get(),
        epoch: t_string!(i18n, callbacks.paper.epoch).to_string(),
        best: t_string!(i18n, callbacks.paper.best).to_string(),
        rate: t_string!(i18n, callbacks.paper.rate).to_string(),
    };
    let scene = move |width: f64| paper_scene(&theatre.state.read(), theatre.look(), &text(), width);
    let said = move || {
        let (setup, look) = (theatre.setup.read(), theatre.look());
        let value = words(i18n).value(&setup.curve.metric.monitor(), setup.curve.values()[look.epoch]);
        let (metric, epoch) = (setup.curve.metric.name(), look.epoch + 1);
        t_string!(i18n, callbacks.paper.value, metric, epoch, value).to_string()
    };
    let now = move || {
        let value = theatre.setup.read().curve.values()[theatre.look().epoch];
        (!value.is_nan()).then(|| value.to_string())
    };
    view! {
        <div
            class="paper"
            node_ref=paper
            tabindex="0"
            role="slider"
            aria-orientation="vertical"
            aria-label=move || t_string!(i18n, callbacks.paper.label)
            aria-valuemin="0"
            aria-valuemax=move || theatre.setup.read().curve.top().to_string()
            aria-valuenow=now
            aria-valuetext=said
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:keydown=on_key
        >
            <Picture scene=scene label=Signal::derive(said) />
        </div>
        <EpochPlayer theatre />
        <Held name="curve">
            <Values theatre />
        </Held>
        <div class="hints">
            <p>{t!(i18n, callbacks.paper.hint)}</p>
            <p>
                <kbd>"←"</kbd> " " <kbd>"→"</kbd> " " {t!(i18n, callbacks.paper.key_epoch)} "; "
                <kbd>"↑"</kbd> " " <kbd>"↓"</kbd> " " {t!(i18n, callbacks.paper.key_value)} "; "
                <kbd>"N"</kbd> " " {t!(i18n, callbacks.paper.key_nan)} "; "
                <kbd>"["</kbd> " " <kbd>"]"</kbd> " " {t!(i18n, callbacks.paper.key_call)} "; "
                <kbd>"Home"</kbd> " " <kbd>"End"</kbd> " " {t!(i18n, callbacks.paper.key_ends)} "; "
                <kbd>"Space"</kbd> " " {t!(i18n, callbacks.paper.key_play)}
            </p>
        </div>
        <Signs />
    }
}

/// Whether the key was for the paper. `before_nan` keeps the epoch and the value that a NaN took the place of.
fn take_key(
    theatre: Theatre,
    before_nan: StoredValue<Option<(usize, f64)>>,
    key: &str,
    is_large: bool,
) -> bool {
    let look = untrack(|| theatre.look());
    let last = theatre.setup.read_untracked().curve.epochs() - 1;
    let nudge = |sign: f64| {
        let (now, top) = {
            let setup = theatre.setup.read_untracked();
            (setup.curve.values()[look.epoch], setup.curve.top())
        };
        let by = sign * top * NUDGE * if is_large { 10.0 } else { 1.0 };
        // From no number the way leads back to the axis.
        theatre.draw(look.epoch, if now.is_nan() { 0.0 } else { now + by });
    };
    let call = |forward: bool| {
        let Some(call) = untrack(|| theatre.moment()) else { return };
        theatre.go_to_call(if forward { call + 1 } else { call.saturating_sub(1) });
    };
    match key {
        "ArrowLeft" => theatre.go(look.epoch.saturating_sub(1)),
        "ArrowRight" => theatre.go((look.epoch + 1).min(last)),
        "Home" => theatre.go(0),
        "End" => theatre.go(last),
        "ArrowUp" => nudge(1.0),
        "ArrowDown" => nudge(-1.0),
        "PageUp" => nudge(10.0),
        "PageDown" => nudge(-10.0),
        "n" | "N" | "т" | "Т" => {
            let now = theatre.setup.read_untracked().curve.values()[look.epoch];
            if now.is_nan() {
                let before = before_nan.get_value().filter(|(epoch, _)| *epoch == look.epoch);
                theatre.draw(look.epoch, before.map_or(0.0, |(_, value)| value));
            } else {
                before_nan.set_value(Some((look.epoch, now)));
                theatre.draw(look.epoch, f64::NAN);
            }
        }
        "[" | "х" | "Х" => call(false),
        "]" | "ъ" | "Ъ" => call(true),
        " " => theatre.toggle(),
        _ => return false,
    }
    true
}

#[component]
fn EpochPlayer(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let words = PlayerWords {
        position: Callback::new(move |(epoch, epochs): (usize, usize)| {
            t_string!(i18n, callbacks.paper.position, epoch, epochs).to_string()
        }),
        first: text!(i18n, callbacks.player.first),
        back: text!(i18n, callbacks.player.back),
        forward: text!(i18n, callbacks.player.forward),
        last: text!(i18n, callbacks.player.last),
        speed: text!(i18n, callbacks.player.speed),
    };
    let what = Playing {
        position: theatre.epoch,
        playing: theatre.playing,
        length: Signal::derive(move || theatre.setup.read().curve.epochs()),
    };
    view! {
        <Player
            what
            words
            on_toggle=move |()| theatre.toggle()
            on_go=move |epoch| theatre.go(epoch)
            on_settle=move |()| theatre.settle()
            slow=true
        />
    }
}

/// What the signs under the curve mean.
#[component]
fn Signs() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details>
            <summary>{t!(i18n, callbacks.signs.title)}</summary>
            <dl class="facts">
                <dt>"✓"</dt> <dd>{t!(i18n, callbacks.signs.improved)}</dd>
                <dt>"1, 2, 3"</dt> <dd>{t!(i18n, callbacks.signs.waiting)}</dd>
                <dt>"■"</dt> <dd>{t!(i18n, callbacks.signs.stopped)}</dd>
                <dt>"□"</dt> <dd>{t!(i18n, callbacks.signs.restored)}</dd>
                <dt>"↓ ↑"</dt> <dd>{t!(i18n, callbacks.signs.rate)}</dd>
                <dt>"~"</dt> <dd>{t!(i18n, callbacks.signs.cooldown)}</dd>
                <dt>"="</dt> <dd>{t!(i18n, callbacks.signs.same)}</dd>
                <dt>"● ○"</dt> <dd>{t!(i18n, callbacks.signs.saved)}</dd>
                <dt>"≡"</dt> <dd>{t!(i18n, callbacks.signs.logged)}</dd>
                <dt>"…"</dt> <dd>{t!(i18n, callbacks.signs.not_yet)}</dd>
                <dt>"? ×"</dt> <dd>{t!(i18n, callbacks.signs.missing)}</dd>
            </dl>
        </details>
    }
}

/// The metric, ready-made curves and numbers of the run.
#[component]
pub fn PaperSettings(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let metrics = Signal::stored(
        Metric::ALL.map(|metric| (metric.name().to_owned(), metric.name().to_owned())).to_vec(),
    );
    let courses = Signal::derive(move || {
        let name = |course| match course {
            Course::Overfits => t_string!(i18n, callbacks.course.overfits),
            Course::Plateau => t_string!(i18n, callbacks.course.plateau),
            Course::Noisy => t_string!(i18n, callbacks.course.noisy),
            Course::Diverges => t_string!(i18n, callbacks.course.diverges),
            Course::Steady => t_string!(i18n, callbacks.course.steady),
        };
        let own = (String::new(), t_string!(i18n, callbacks.course.own).to_string());
        let known =
            Course::ALL.into_iter().map(|course| (course.name().to_owned(), name(course).to_string()));
        std::iter::once(own).chain(known).collect::<Vec<_>>()
    });
    let course = move || {
        let setup = theatre.setup.read();
        Course::ALL.into_iter().find(|course| setup.is(*course)).map_or("", Course::name).to_owned()
    };
    let choose_course = move |name: String| {
        if let Some(course) = Course::from_name(&name) {
            let curve = theatre.setup.read_untracked().curve.clone();
            theatre.draw_all(Curve::of(course, curve.metric, curve.epochs()));
        }
    };
    let whole = |min: usize, max: usize| Bounds { min: min as f64, max: max as f64, step: 1.0, decimals: 0 };
    let rate_bounds = Bounds { min: 0.0, max: Setup::MAX_RATE, step: 0.001, decimals: 8 };
    view! {
        <div class="fields">
            <Held name="metric">
                <Segmented
                    label=text!(i18n, callbacks.paper.metric)
                    choices=metrics
                    value=Signal::derive(move || theatre.setup.read().curve.metric.name().to_owned())
                    on_change=move |name: String| {
                        if let Some(metric) = Metric::from_name(&name) {
                            theatre.edit(|setup| setup.choose_metric(metric));
                        }
                    }
                />
            </Held>
            <Held name="curve">
                <Select
                    label=text!(i18n, callbacks.paper.course)
                    choices=courses
                    value=Signal::derive(course)
                    on_change=choose_course
                />
            </Held>
        </div>
        <div class="fields fields--small">
            <Held name="curve">
                <NumberField
                    label=text!(i18n, callbacks.paper.epochs)
                    value=Signal::derive(move || theatre.setup.read().curve.epochs() as f64)
                    bounds=whole(1, Curve::MAX_EPOCHS)
                    on_change=move |epochs: f64| theatre.edit(|setup| resize(setup, epochs as usize))
                />
            </Held>
            <Held name="steps">
                <NumberField
                    label=text!(i18n, callbacks.paper.steps)
                    value=Signal::derive(move || theatre.setup.read().steps as f64)
                    bounds=whole(1, Setup::MAX_STEPS)
                    on_change=move |steps: f64| theatre.edit(|setup| setup.steps = steps as usize)
                />
            </Held>
            <Held name="learning_rate">
                <NumberField
                    label=text!(i18n, callbacks.paper.rate)
                    value=Signal::derive(move || theatre.setup.read().learning_rate)
                    bounds=rate_bounds
                    on_change=move |rate: f64| theatre.edit(|setup| setup.learning_rate = rate)
                />
            </Held>
        </div>
    }
}

/// A ready-made curve stays what it is, another one is cut or goes on.
fn resize(setup: &mut Setup, epochs: usize) {
    match Course::ALL.into_iter().find(|course| setup.is(*course)) {
        Some(course) => setup.curve = Curve::of(course, setup.curve.metric, epochs),
        None => setup.curve.resize(epochs),
    }
}

/// Every value as a number.
#[component]
fn Values(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let epochs = Memo::new(move |_| theatre.setup.read().curve.epochs());
    let max = Memo::new(move |_| theatre.setup.read().curve.metric.max());
    let field = move |epoch: usize| {
        let value = Signal::derive(move || {
            theatre.setup.read().curve.values().get(epoch).copied().unwrap_or_default()
        });
        let bounds = Bounds { min: 0.0, max: max.get_untracked(), step: 0.01, decimals: 4 };
        view! {
            <NumberField
                label=Signal::derive(move || t_string!(i18n, callbacks.paper.of_epoch, epoch = epoch + 1).to_string())
                value=value
                bounds=bounds
                on_change=move |value: f64| theatre.draw(epoch, value)
            />
        }
    };
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <details on:toggle=on_toggle>
            <summary>{t!(i18n, callbacks.paper.values)}</summary>
            <Show when=move || is_open.get()>
                <div class="paper__values fields--small">
                    {move || {
                        max.track();
                        view! { <For each=move || 0..epochs.get() key=|epoch| *epoch children=field /> }
                    }}
                </div>
            </Show>
        </details>
    }
}
