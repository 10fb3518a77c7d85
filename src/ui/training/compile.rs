//! What Keras's `compile` takes: the optimizer, the loss and the metrics, each with all its arguments.

use leptos::prelude::*;
use serde_json::Value;

use super::field::ChoiceField;
use super::form::Form;
use crate::engine::losses::LossSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::ui::arguments::{ArgumentForm, Family, to_value};
use crate::ui::components::{Choice, fresh_id};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::training::set_optimizer;
use crate::ui::routes::Route;
use crate::ui::translations::text;

/// Metrics of a run, at most.
const MAX_METRICS: usize = 12;

fn choices(family: Family) -> Signal<Vec<Choice>> {
    let choice = |name: &String| (name.clone(), name.clone());
    Signal::stored(family.classes().iter().map(|class| choice(&class.name)).collect())
}

/// The optimizer and its arguments.
#[component]
pub(super) fn OptimizerPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let optimizer = Memo::new(move |_| form.job.read().compile.optimizer.clone());
    let spec = Signal::derive(move || to_value(&*optimizer.read()));
    // Fields give only what the optimizer reads.
    let change = move |value: Value| {
        if let Ok(optimizer) = serde_json::from_value::<OptimizerSpec>(value) {
            form.edit(|job| job.compile.optimizer = optimizer);
        }
    };
    view! {
        <ChoiceField
            label=text!(i18n, training.optimizer.label)
            name="optimizer"
            help=text!(i18n, training.optimizer.help)
            choices=choices(Family::Optimizer)
            value=Signal::derive(move || optimizer.get().class_name().to_owned())
            on_change=move |name: String| form.edit(|job| set_optimizer(job, &name))
        />
        <ArgumentForm family=Family::Optimizer spec on_change=change />
        <p><a href=Route::Optimizers.href()>{t!(i18n, training.optimizer.race)}</a></p>
    }
}

/// The loss and its arguments.
#[component]
pub(super) fn LossPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let loss = Memo::new(move |_| form.job.read().compile.loss);
    let spec = Signal::derive(move || to_value(&*loss.read()));
    let change = move |value: Value| {
        if let Ok(loss) = serde_json::from_value::<LossSpec>(value) {
            form.edit(|job| job.compile.loss = loss);
        }
    };
    let choose = move |name: String| change(Family::Loss.member(&name).unwrap_or_default());
    view! {
        <ChoiceField
            label=text!(i18n, training.loss.label)
            name="loss"
            help=text!(i18n, training.loss.help)
            choices=choices(Family::Loss)
            value=Signal::derive(move || loss.get().class_name().to_owned())
            on_change=choose
        />
        <ArgumentForm family=Family::Loss spec on_change=change />
    }
}

/// The metrics, which come and go.
#[component]
pub(super) fn MetricsPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    // Rows are made anew only when a metric comes or goes, so that fields keep the focus.
    let names = Memo::new(move |_| {
        let job = form.job.read();
        job.compile.metrics.iter().map(MetricSpec::class_name).collect::<Vec<_>>()
    });
    let rows = move || {
        let row = |(idx, class)| view! { <MetricRow form idx class /> };
        names.get().into_iter().enumerate().map(row).collect_view()
    };
    let add = move |name: String| {
        let metric = Family::Metric.member(&name).and_then(|value| serde_json::from_value(value).ok());
        if let Some(metric) = metric {
            form.edit(|job| job.compile.metrics.push(metric));
        }
    };
    let is_full = Memo::new(move |_| names.read().len() >= MAX_METRICS);
    let id = fresh_id("metric");
    let hint_id = format!("{id}-hint");
    let option = |class: &crate::ui::arguments::Class| {
        let name = class.name.clone();
        view! { <option value=name.clone()>{name.clone()}</option> }
    };
    let chosen = RwSignal::new("TopKCategoricalAccuracy".to_owned());
    view! {
        <div class="field">
            <span class="field__label">{t!(i18n, training.metrics.label)} " " <code lang="en">"metrics"</code></span>
            <span class="field__hint" id=hint_id.clone()>{t!(i18n, training.metrics.help)}</span>
        </div>
        <ul class="metrics">{rows}</ul>
        <div class="field">
            <label class="field__label" for=id.clone()>{t!(i18n, training.metrics.other)}</label>
            <div class="field__row metrics__add">
                <select
                    class="input"
                    lang="en"
                    id=id
                    aria-describedby=hint_id
                    prop:value=move || chosen.get()
                    on:change=move |event| chosen.set(event_target_value(&event))
                >
                    {Family::Metric.classes().iter().map(option).collect_view()}
                </select>
                <button
                    type="button"
                    class="button"
                    disabled=move || is_full.get()
                    on:click=move |_| add(chosen.get_untracked())
                >
                    {t!(i18n, training.metrics.add)}
                </button>
            </div>
        </div>
    }
}

#[component]
fn MetricRow(form: Form, idx: usize, class: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    // A row may live a moment longer than its metric.
    let spec = Memo::new(move |_| form.job.read().compile.metrics.get(idx).map_or(Value::Null, to_value));
    let change = move |value: Value| {
        if let Ok(metric) = serde_json::from_value::<MetricSpec>(value) {
            form.edit(|job| {
                if let Some(place) = job.compile.metrics.get_mut(idx) {
                    *place = metric;
                }
            });
        }
    };
    let remove = move |_| {
        form.edit(|job| {
            if idx < job.compile.metrics.len() {
                job.compile.metrics.remove(idx);
            }
        });
    };
    view! {
        <li class="metrics__one">
            <details>
                <summary><code lang="en">{class}</code></summary>
                <ArgumentForm family=Family::Metric spec on_change=change />
            </details>
            <button
                type="button"
                class="button button--icon"
                aria-label=move || t_string!(i18n, training.metrics.remove, class).to_string()
                title=move || t_string!(i18n, training.metrics.remove, class).to_string()
                on:click=remove
            >
                <span aria-hidden="true">"✕"</span>
            </button>
        </li>
    }
}
