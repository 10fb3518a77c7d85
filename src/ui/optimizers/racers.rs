//! The list of racers, each with all its arguments.

use leptos::prelude::*;
use serde_json::Value;

use super::{Lane, Track};
use crate::engine::optimizers::OptimizerSpec;
use crate::ui::arguments::{ArgumentForm, Family, brief, to_value};
use crate::ui::components::{Picture, Select, fresh_id};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::optimizers::{Setup, short_name, style};
use crate::ui::pages::training::{default_job, to_query};
use crate::ui::routes::{Location, Route};
use crate::ui::translations::text;
use crate::ui::widgets::line_chart::Series;

/// The list, and what adds to it.
#[component]
pub fn Racers(track: Track, lane: Lane) -> impl IntoView {
    let i18n = use_i18n();
    // Rows are made anew only when a racer comes or goes, so that fields keep the focus.
    let count = Memo::new(move |_| lane.racers(&track.setup.read()).len());
    let group = fresh_id("racer");
    let rows = move || {
        let group = group.clone();
        let row = move |racer| view! { <Racer track lane racer group=group.clone() /> };
        (0..count.get()).map(row).collect_view()
    };
    let other = RwSignal::new("0".to_owned());
    let offers = Signal::stored(
        Setup::offers()
            .iter()
            .enumerate()
            .map(|(idx, spec)| (idx.to_string(), short_name(spec)))
            .collect::<Vec<_>>(),
    );
    let is_many = Memo::new(move |_| count.get() >= lane.most());
    let add = move |_| {
        let spec =
            other.read_untracked().parse().ok().and_then(|idx: usize| Setup::offers().into_iter().nth(idx));
        if let Some(spec) = spec.filter(|_| !is_many.get_untracked()) {
            track.edit(|setup| {
                let suited = lane.suited(setup, spec);
                lane.racers_mut(setup).push(suited);
            });
            if lane == Lane::Surface {
                track.chosen.set(track.setup.read_untracked().racers.len() - 1);
            }
        }
    };
    view! {
        <p class="note" hidden={lane == Lane::Network}>{t!(i18n, optimizers.racers.help)}</p>
        <p class="field__error" role="status" hidden=move || !track.is_full.get()>
            {t!(i18n, optimizers.racers.link_full)}
        </p>
        <ul class="race__racers">{rows}</ul>
        <div class="race__add">
            <Select
                label=text!(i18n, optimizers.racers.other)
                choices=offers
                value=other
                on_change=move |name: String| other.set(name)
            />
            <button type="button" class="button" disabled=move || is_many.get() on:click=add>
                {t!(i18n, optimizers.racers.add)}
            </button>
        </div>
        <p class="note" hidden=move || !is_many.get()>
            {t!(i18n, optimizers.racers.full, most = lane.most())}
        </p>
        {(lane == Lane::Surface).then(|| view! { <Suit track /> })}
    }
}

/// Learning rates to begin with.
#[component]
fn Suit(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let hint_id = fresh_id("suit-hint");
    view! {
        <div class="field">
            <div class="buttons">
                <button
                    type="button"
                    class="button"
                    aria-describedby=hint_id.clone()
                    on:click=move |_| track.edit(|setup| Lane::Surface.suit(setup))
                >
                    {t!(i18n, optimizers.racers.suit)}
                </button>
            </div>
            <span class="field__hint" id=hint_id>{t!(i18n, optimizers.racers.suit_hint)}</span>
        </div>
    }
}

/// One racer.
#[component]
fn Racer(track: Track, lane: Lane, racer: usize, group: String) -> impl IntoView {
    let i18n = use_i18n();
    // A row may live a moment longer than its racer.
    let own = Memo::new(move |_| lane.racers(&track.setup.read()).get(racer).cloned());
    let spec = Signal::derive(move || own.read().as_ref().map_or(Value::Null, to_value));
    let name = Memo::new(move |_| lane.label(&track.setup.read(), racer));
    let put = move |optimizer: OptimizerSpec| {
        track.edit(|setup| {
            if let Some(place) = lane.racers_mut(setup).get_mut(racer) {
                *place = optimizer;
            }
        });
    };
    // Fields give only what the optimizer reads.
    let change = move |value: Value| {
        if let Ok(optimizer) = serde_json::from_value(value) {
            put(optimizer);
        }
    };
    let choose = move |class: String| {
        let found = OptimizerSpec::palette().into_iter().find(|spec| spec.class_name() == class);
        if let Some(spec) = found {
            let suited = lane.suited(&track.setup.read_untracked(), spec);
            put(suited);
        }
    };
    let remove = move |_| {
        if lane.racers(&track.setup.read_untracked()).len() > 1 {
            track.edit(|setup| {
                let racers = lane.racers_mut(setup);
                if racer < racers.len() {
                    racers.remove(racer);
                }
            });
        }
    };
    let classes = Signal::stored(
        Family::Optimizer
            .classes()
            .iter()
            .map(|class| (class.name.clone(), class.name.clone()))
            .collect::<Vec<_>>(),
    );
    let class = Signal::derive(move || own.read().as_ref().map_or("", OptimizerSpec::class_name).to_owned());
    let arguments = move || brief(Family::Optimizer, &spec.get());
    let fault = move || {
        let errors = ErrorText { i18n, language: track.shell.language.get() };
        own.read().as_ref()?.validate().err().map(|error| errors.optimizer(&error))
    };
    let fault = Memo::new(move |_| fault());
    let is_chosen = Memo::new(move |_| lane == Lane::Surface && track.racer() == racer);
    // The rest of the job stays as the reader left it.
    let draft = laboratory().draft;
    let train = move || {
        let mut job = match lane {
            Lane::Surface => draft.get_value().unwrap_or_else(default_job),
            Lane::Network => track.setup.read().network.job.clone(),
        };
        if let Some(optimizer) = own.get() {
            job.compile.optimizer = optimizer;
        }
        Location { route: Some(Route::Training), query: to_query(&job) }.to_hash()
    };
    let choice = (lane == Lane::Surface).then(|| {
        view! {
            <input
                type="radio"
                name=group
                prop:checked=move || is_chosen.get()
                aria-label=move || t_string!(i18n, optimizers.racers.choose, name = name.get()).to_string()
                on:change=move |_| track.chosen.set(racer)
            />
        }
    });
    let sample = Series { style: Some(style(racer)), ..Series::default() };
    let is_only = Memo::new(move |_| lane.racers(&track.setup.read()).len() < 2);
    view! {
        <li class="race__racer" class:race__racer--chosen=is_chosen data-testid="racer">
            <div class="race__head">
                <label class="check">
                    {choice}
                    <span class="race__sample" aria-hidden="true">
                        <Picture scene=move |_| sample.sample() label=String::new() />
                    </span>
                    <span class="race__name" lang="en">{move || name.get()}</span>
                </label>
                <button
                    type="button"
                    class="button button--icon"
                    aria-label=move || t_string!(i18n, optimizers.racers.remove, name = name.get()).to_string()
                    title=move || t_string!(i18n, optimizers.racers.remove, name = name.get()).to_string()
                    disabled=move || is_only.get()
                    on:click=remove
                >
                    <span aria-hidden="true">"✕"</span>
                </button>
            </div>
            <code lang="en">{arguments}</code>
            <p class="field__error" hidden=move || fault.read().is_none()>{move || fault.get()}</p>
            <details>
                <summary>
                    {t!(i18n, optimizers.racers.arguments)}
                    <span class="visually-hidden">" " {move || name.get()}</span>
                </summary>
                <div class="stack">
                    <Select
                        label=text!(i18n, optimizers.racers.class)
                        choices=classes
                        value=class
                        on_change=choose
                    />
                    <ArgumentForm family=Family::Optimizer spec on_change=change />
                    <p><a href=train>{t!(i18n, optimizers.racers.train)}</a></p>
                </div>
            </details>
        </li>
    }
}
