//! Names of surfaces, and what became of racers, in sentences.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::Track;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::optimizers::{Astray, Setup, SurfaceKind};
use crate::ui::widgets::line_chart::value_text;

/// The surface's name; a bowl with noise has its own.
pub fn surface_name(i18n: I18nContext<Locale>, setup: &Setup) -> String {
    match setup.kind {
        SurfaceKind::Bowl if setup.noise > 0.0 => t_string!(i18n, optimizers.surface.noisy),
        SurfaceKind::Bowl => t_string!(i18n, optimizers.surface.bowl),
        SurfaceKind::Rosenbrock => t_string!(i18n, optimizers.surface.rosenbrock),
        SurfaceKind::Beale => t_string!(i18n, optimizers.surface.beale),
        SurfaceKind::Himmelblau => t_string!(i18n, optimizers.surface.himmelblau),
        SurfaceKind::Saddle => t_string!(i18n, optimizers.surface.saddle),
        SurfaceKind::Cliff => t_string!(i18n, optimizers.surface.cliff),
    }
    .to_string()
}

/// Why it is hard.
pub fn why(i18n: I18nContext<Locale>, kind: SurfaceKind) -> String {
    match kind {
        SurfaceKind::Bowl => t_string!(i18n, optimizers.surface.why.bowl),
        SurfaceKind::Rosenbrock => t_string!(i18n, optimizers.surface.why.rosenbrock),
        SurfaceKind::Beale => t_string!(i18n, optimizers.surface.why.beale),
        SurfaceKind::Himmelblau => t_string!(i18n, optimizers.surface.why.himmelblau),
        SurfaceKind::Saddle => t_string!(i18n, optimizers.surface.why.saddle),
        SurfaceKind::Cliff => t_string!(i18n, optimizers.surface.why.cliff),
    }
    .to_string()
}

/// A place in words.
pub fn place(language: Language, [x, y]: [f64; 2]) -> String {
    format!("({}; {})", language.short(x, 3), language.short(y, 3))
}

/// How a racer went astray, as far as it has come to a step.
fn astray_words(
    i18n: I18nContext<Locale>,
    language: Language,
    name: String,
    astray: &Astray,
    at: usize,
    is_end: bool,
) -> Option<String> {
    let Astray { step, learning_rate, curvature, bound, is_back, lost } = astray.clone();
    if step > at {
        return None;
    }
    let product = f64::from(learning_rate) * curvature;
    let mut text = if let Some(bound) = bound.filter(|bound| product > *bound) {
        let (product, bound) = (language.short(product, 2), language.short(bound, 2));
        t_string!(i18n, optimizers.stage.beyond, name, step, product, bound).to_string()
    } else {
        let rate = language.short(learning_rate.into(), 6);
        let curvature = value_text(curvature, language);
        t_string!(i18n, optimizers.stage.left, name, step, rate, curvature).to_string()
    };
    if let Some(step) = lost.filter(|lost| *lost <= at) {
        text.push(' ');
        text.push_str(&t_string!(i18n, optimizers.stage.lost, step).to_string());
    } else if is_back && is_end {
        text.push(' ');
        text.push_str(t_string!(i18n, optimizers.stage.returned));
    }
    Some(text)
}

/// Who leads, and who went astray or cannot run.
#[component]
pub fn Fate(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    // What is read out rests while it plays.
    let settled = Memo::new(move |before: Option<&usize>| match before {
        Some(before) if track.playing.get() => *before,
        _ => track.at(),
    });
    let leader = move || {
        let (state, language, step) = (track.state.read(), track.shell.language.get(), settled.get());
        let racer = state.leader(step)?;
        let value = value_text(f64::from(state.trace(racer)?.moment(step).value), language);
        Some(
            t_string!(i18n, optimizers.stage.leader, step, name = state.setup.label(racer), value)
                .to_string(),
        )
    };
    let events = Memo::new(move |_| {
        let (state, language, step) = (track.state.read(), track.shell.language.get(), settled.get());
        let errors = ErrorText { i18n, language };
        let is_end = step >= state.setup.steps;
        let one = |(racer, trace): (usize, &Result<_, _>)| {
            let name = state.setup.label(racer);
            let trace: &crate::ui::pages::optimizers::Trace = match trace {
                Ok(trace) => trace,
                Err(error) => return Some(format!("{name}. {}", errors.optimizer(error))),
            };
            astray_words(i18n, language, name, trace.astray.as_ref()?, step, is_end)
        };
        state.traces.iter().enumerate().filter_map(one).collect::<Vec<_>>()
    });
    let line = |text: String| view! { <li>{text}</li> };
    view! {
        <div class="stack" role="status" data-testid="race-fate">
            <p>{leader}</p>
            <ul class="race__events">{move || events.get().into_iter().map(line).collect_view()}</ul>
        </div>
    }
}
