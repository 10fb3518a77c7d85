//! The surface, the noise, the start and the length of the race.

use leptos::prelude::*;

use super::Track;
use super::words::{place, surface_name, why};
use crate::ui::components::{Bounds, Held, NumberField, Select, UndoButtons};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::pages::optimizers::{Setup, SurfaceKind};
use crate::ui::translations::text;

/// A bowl with noise among the surfaces.
const NOISY: &str = "noisy";

/// The settings.
#[component]
pub fn Controls(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let setup = track.setup;
    let choices = Signal::derive(move || {
        let named = |kind: SurfaceKind, noise| surface_name(i18n, &Setup { kind, noise, ..Setup::default() });
        let mut all: Vec<_> =
            SurfaceKind::ALL.map(|kind| (kind.name().to_owned(), named(kind, 0.0))).to_vec();
        all.insert(1, (NOISY.to_owned(), named(SurfaceKind::Bowl, 1.0)));
        all
    });
    let chosen = Signal::derive(move || {
        let setup = setup.read();
        let is_noisy = setup.kind == SurfaceKind::Bowl && setup.noise > 0.0;
        if is_noisy { NOISY } else { setup.kind.name() }.to_owned()
    });
    let choose = move |name: String| {
        track.edit(|setup| {
            if name == NOISY {
                setup.choose(SurfaceKind::Bowl);
                setup.noise = if setup.noise > 0.0 { setup.noise } else { 2.0 };
            } else if let Some(kind) = SurfaceKind::from_name(&name) {
                setup.choose(kind);
                setup.noise = 0.0;
            }
        });
    };
    let is_bowl = Memo::new(move |_| setup.read().kind == SurfaceKind::Bowl);
    let has_noise = Memo::new(move |_| setup.read().noise > 0.0);
    let minima = move || {
        let language = track.shell.language.get();
        let all = setup.read().kind.minima().iter().map(|at| place(language, *at)).collect::<Vec<_>>();
        t!(i18n, optimizers.surface.minima, places = all.join(", "))
    };
    let float =
        |min: f32, max: f32, step, decimals| Bounds { min: min.into(), max: max.into(), step, decimals };
    let whole = |min: usize, max: usize| Bounds { min: min as f64, max: max as f64, step: 1.0, decimals: 0 };
    view! {
        <UndoButtons
            steps=Signal::derive(move || track.steps_back())
            on_travel=move |is_back| track.travel(is_back)
        />
        <Held name="surface">
            <Select label=text!(i18n, optimizers.surface.which) choices=choices value=chosen on_change=choose />
        </Held>
        <p class="race__formula" lang="en">{move || setup.read().kind.formula()}</p>
        <p class="note">{move || why(i18n, setup.read().kind)} " " {minima}</p>
        <Show when=move || is_bowl.get()>
            <Held name="surface">
                <NumberField
                    label=text!(i18n, optimizers.surface.condition)
                    value=Signal::derive(move || f64::from(setup.read().condition))
                    bounds=float(1.0, Setup::MAX_CONDITION, 1.0, 2)
                    hint=text!(i18n, optimizers.surface.condition_hint)
                    on_change=move |number: f64| track.edit(|setup| setup.condition = number as f32)
                />
            </Held>
        </Show>
        <Held name="start">
            <Start track />
        </Held>
        <Held name="steps">
            <NumberField
                label=text!(i18n, optimizers.surface.steps)
                value=Signal::derive(move || setup.read().steps as f64)
                bounds=whole(1, Setup::MAX_STEPS)
                on_change=move |number: f64| track.edit(|setup| setup.steps = number as usize)
            />
        </Held>
        <Held name="noise">
            <NumberField
                label=text!(i18n, optimizers.surface.noise)
                value=Signal::derive(move || decimal(setup.read().noise))
                bounds=float(0.0, Setup::MAX_NOISE, 0.5, 3)
                hint=text!(i18n, optimizers.surface.noise_hint)
                on_change=move |number: f64| track.edit(|setup| setup.noise = number as f32)
            />
        </Held>
        <Show when=move || has_noise.get()>
            <Held name="noise">
                <NumberField
                    label=text!(i18n, optimizers.surface.seed)
                    value=Signal::derive(move || f64::from(setup.read().seed))
                    bounds=whole(0, Setup::MAX_SEED as usize)
                    on_change=move |number: f64| track.edit(|setup| setup.seed = number as u32)
                />
            </Held>
        </Show>
    }
}

/// The decimal that a person would write for a 32-bit number.
fn decimal(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

/// The start as numbers.
#[component]
fn Start(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let fields = move || {
        // Bounds are those of the surface.
        let region = track.setup.read().kind.region();
        [region.x, region.y]
    };
    let bounds = Memo::new(move |_| fields());
    let field = move |axis: usize, label: Signal<String>| {
        let (min, max) = bounds.get()[axis];
        view! {
            <NumberField
                label=label
                value=Signal::derive(move || decimal(track.setup.read().start[axis]))
                bounds=Bounds { min, max, step: 0.1, decimals: 3 }
                on_change=move |number: f64| {
                    track.edit(|setup| {
                        let mut to = setup.start.map(f64::from);
                        to[axis] = number;
                        setup.begin_at(to);
                    });
                }
            />
        }
    };
    view! {
        <div class="fields fields--small">
            {move || field(0, text!(i18n, optimizers.surface.start_x))}
            {move || field(1, text!(i18n, optimizers.surface.start_y))}
        </div>
    }
}
