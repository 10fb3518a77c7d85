//! What else Keras's `fit` takes.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::field::ChoiceField;
use super::form::Form;
use super::words::words;
use crate::data::Shuffle;
use crate::engine::spec::Verbose;
use crate::ui::arguments::counts_up;
use crate::ui::components::fresh_id;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::training::{CLASSES, FitField, balance_classes, has_unknown_class};
use crate::ui::translations::text;

/// Each as Python writes it.
const SHUFFLES: [(Shuffle, &str); 3] =
    [(Shuffle::All, "True"), (Shuffle::Off, "False"), (Shuffle::WithinBatch, "\"batch\"")];
const VERBOSES: [(Verbose, &str); 4] =
    [(Verbose::Auto, "\"auto\""), (Verbose::Silent, "0"), (Verbose::Bar, "1"), (Verbose::Line, "2")];

/// The arguments that the other groups do not have.
#[component]
pub(super) fn FitPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let split = text!(i18n, fit.validation_split.none);
    let split = Signal::derive(move || {
        let job = form.job.read();
        let (data, fit) = (&job.data, &job.fit);
        let count = |value| words(i18n).language.count(value);
        if data.validation_samples > 0 {
            let own = count(data.validation_samples);
            return t_string!(i18n, fit.validation_split.ignored, own).to_string();
        }
        // What is no part of the whole is said as an error.
        if FitField::ValidationSplit.is_wrong(fit) || fit.validation_split <= 0.0 {
            return split.get();
        }
        let train = fit.split_at(data.samples);
        let (validation, train) = (count(data.samples.saturating_sub(train)), count(train));
        t_string!(i18n, fit.validation_split.used, validation, train).to_string()
    });
    let steps = Signal::derive(move || {
        let job = form.job.read();
        if job.data.validate().is_err() || FitField::ValidationSplit.is_wrong(&job.fit) {
            return String::new();
        }
        let batches = job.data.num_train(&job.fit).div_ceil(job.fit.batch_size.max(1));
        let batches = words(i18n).language.count(batches);
        t_string!(i18n, fit.steps_per_epoch.whole, batches).to_string()
    });
    view! {
        <div class="setup__fields">
            <FitRow field=FitField::ValidationSplit form note=split />
            <FitRow field=FitField::ValidationFreq form />
            <FitRow field=FitField::ValidationSteps form />
            <FitRow field=FitField::ValidationBatchSize form />
            <ShuffleChoice form />
            <FitRow field=FitField::StepsPerEpoch form note=steps />
            <FitRow field=FitField::InitialEpoch form />
            <ClassWeights form />
            <VerboseChoice form />
        </div>
    }
}

#[component]
fn ShuffleChoice(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| form.job.read().fit.shuffle);
    let shown = move || SHUFFLES.iter().find(|(it, _)| *it == chosen.get()).map_or("", |(_, name)| *name);
    let help = move || {
        let now = match chosen.get() {
            Shuffle::All => t_string!(i18n, fit.shuffle.all),
            Shuffle::Off => t_string!(i18n, fit.shuffle.off),
            Shuffle::WithinBatch => t_string!(i18n, fit.shuffle.within),
        };
        format!("{now} {}", t_string!(i18n, training.default, value = "True"))
    };
    let choose = move |name: String| {
        if let Some((shuffle, _)) = SHUFFLES.iter().find(|(_, it)| *it == name) {
            form.change_fit(&[], |fit| fit.shuffle = *shuffle);
        }
    };
    view! {
        <ChoiceField
            label=text!(i18n, fit.shuffle.label)
            name="shuffle"
            help=Signal::derive(help)
            choices=Signal::stored(SHUFFLES.map(|(_, name)| (name.to_owned(), name.to_owned())).to_vec())
            value=Signal::derive(move || shown().to_owned())
            on_change=choose
        />
    }
}

#[component]
fn VerboseChoice(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| form.job.read().fit.verbose);
    let shown = move || VERBOSES.iter().find(|(it, _)| *it == chosen.get()).map_or("", |(_, name)| *name);
    let help = move || {
        let help = t_string!(i18n, fit.verbose.help);
        format!("{help} {}", t_string!(i18n, training.default, value = "\"auto\""))
    };
    let choose = move |name: String| {
        if let Some((verbose, _)) = VERBOSES.iter().find(|(_, it)| *it == name) {
            form.change_fit(&[], |fit| fit.verbose = *verbose);
        }
    };
    view! {
        <ChoiceField
            label=text!(i18n, fit.verbose.label)
            name="verbose"
            help=Signal::derive(help)
            choices=Signal::stored(VERBOSES.map(|(_, name)| (name.to_owned(), name.to_owned())).to_vec())
            value=Signal::derive(move || shown().to_owned())
            on_change=choose
        />
    }
}

/// An argument as text; `note` says what comes of it in this run.
#[component]
fn FitRow(field: FitField, form: Form, #[prop(optional, into)] note: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let id = fresh_id(field.name());
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let error = Memo::new(move |_| form.error_of_fit(field, words(i18n)));
    let default = move || t_string!(i18n, training.default, value = field.default_text()).to_string();
    let described = format!("{hint_id} {error_id}");
    view! {
        <div class="field argument">
            <label class="field__label" for=id.clone()>
                {move || words(i18n).fit_label(field)} " " <code lang="en">{field.name()}</code>
            </label>
            <FitInput field form id=id described is_wrong=Signal::derive(move || error.read().is_some()) />
            <span class="field__hint" id=hint_id>
                {move || words(i18n).fit_help(field)} " " {default} " " {move || note.get()}
            </span>
            <span class="field__error" id=error_id hidden=move || error.read().is_none()>
                {move || error.get()}
            </span>
        </div>
    }
}

#[component]
fn FitInput(
    field: FitField,
    form: Form,
    id: String,
    described: String,
    is_wrong: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || {
        let now = || field.text(&form.job.read().fit, words(i18n).language);
        form.fit_draft(field).unwrap_or_else(now)
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(up) = counts_up(&event.key()) else { return };
        event.prevent_default();
        form.change_fit(&[field], |fit| field.nudge(fit, up));
    };
    // A list needs more than digits.
    let keyboard = match field {
        FitField::ValidationFreq => "text",
        _ if field.bounds().decimals == 0 => "numeric",
        _ => "decimal",
    };
    view! {
        <input
            class="input"
            id=id
            type="text"
            inputmode=keyboard
            autocomplete="off"
            placeholder=if field.is_optional() { "None" } else { "" }
            prop:value=shown
            aria-invalid=move || is_wrong.get().to_string()
            aria-describedby=described
            on:change=move |event| form.type_fit(field, event_target_value(&event))
            on:keydown=on_key
        />
    }
}

/// A number for every class.
#[component]
fn ClassWeights(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let id = fresh_id("class-weight");
    let (label_id, hint_id) = (format!("{id}-label"), format!("{id}-hint"));
    let fields: Vec<FitField> = (0..CLASSES as u32).map(FitField::ClassWeight).collect();
    let all = StoredValue::new(fields.clone());
    let even = move |_| all.with_value(|all| form.change_fit(all, |fit| fit.class_weight = None));
    let balance = move |_| {
        let dataset = form.job.read_untracked().data.dataset;
        all.with_value(|all| form.change_fit(all, |fit| balance_classes(fit, dataset)));
    };
    let is_strange = move || has_unknown_class(&form.job.read().fit, CLASSES as u32);
    let cells = {
        let hint_id = hint_id.clone();
        let cell = move |field| view! { <ClassWeight field form described=hint_id.clone() /> };
        fields.into_iter().map(cell).collect_view()
    };
    view! {
        <div class="field" role="group" aria-labelledby=label_id.clone()>
            <span class="field__label" id=label_id.clone()>
                {t!(i18n, fit.class_weight.label)} " " <code lang="en">"class_weight"</code>
            </span>
            <span class="field__hint" id=hint_id.clone()>
                {move || words(i18n).fit_help(FitField::ClassWeight(0))} " "
                {move || t_string!(i18n, training.default, value = "None").to_string()}
            </span>
            <div class="class-weights">{cells}</div>
            <p class="note" hidden=move || !is_strange()>{t!(i18n, fit.class_weight.unknown)}</p>
            <div class="buttons">
                <button type="button" class="button" on:click=even>{t!(i18n, fit.class_weight.even)}</button>
                <button type="button" class="button" on:click=balance>{t!(i18n, fit.class_weight.balance)}</button>
            </div>
            <span class="field__hint">{t!(i18n, fit.class_weight.balance_help)}</span>
        </div>
    }
}

/// The weight of one class.
#[component]
fn ClassWeight(field: FitField, form: Form, described: String) -> impl IntoView {
    let i18n = use_i18n();
    let FitField::ClassWeight(class) = field else { return ().into_any() };
    let id = fresh_id("class-weight");
    let error_id = format!("{id}-error");
    let dataset = Memo::new(move |_| form.job.read().data.dataset);
    let label = move || {
        let class = class as usize;
        dataset.get().classes().get(class).map(|key| words(i18n).class(class, key))
    };
    let error = Memo::new(move |_| form.error_of_fit(field, words(i18n)));
    let described = format!("{described} {error_id}");
    view! {
        <div class="class-weights__one">
            <label class="field__label" for=id.clone()>{label}</label>
            <FitInput field form id=id described is_wrong=Signal::derive(move || error.read().is_some()) />
            <span class="field__error" id=error_id hidden=move || error.read().is_none()>
                {move || error.get()}
            </span>
        </div>
    }
    .into_any()
}
