//! Which images: dataset, numbers and classes.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::field::ArgumentField;
use super::form::Form;
use super::words::{Words, words};
use crate::data::{DatasetId, Split};
use crate::ui::components::{Held, Segmented, fresh_id};
use crate::ui::data_panel::{Typed, file_size, limit, panel_door, read_limit, set_all, set_limit};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::parse_decimals;
use crate::ui::names::class_name;
use crate::ui::pages::training::{Field, Subset};
use crate::ui::translations::text;

/// Which images.
#[component]
pub(super) fn DataPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let datasets = Signal::stored(
        [(DatasetId::Mnist, "MNIST"), (DatasetId::FashionMnist, "Fashion-MNIST")]
            .map(|(id, name)| (id.to_string(), name.to_owned()))
            .to_vec(),
    );
    let dataset = Memo::new(move |_| form.job.read().data.dataset);
    let choose_dataset = move |name: String| {
        if let Ok(dataset) = name.parse() {
            form.edit(|job| job.data.dataset = dataset);
        }
    };
    let subset = Memo::new(move |_| Subset::of(&form.job.read().data));
    let subsets = Signal::derive(move || {
        let mut choices = vec![
            (Subset::Quick.name().to_owned(), t_string!(i18n, training.subset.quick).to_string()),
            (Subset::Full.name().to_owned(), t_string!(i18n, training.subset.full).to_string()),
        ];
        if subset.get() == Subset::Custom {
            choices.push((
                Subset::Custom.name().to_owned(),
                t_string!(i18n, training.subset.custom).to_string(),
            ));
        }
        choices
    });
    let choose_subset = move |name: String| {
        let chosen = [Subset::Quick, Subset::Full].into_iter().find(|subset| subset.name() == name);
        if let Some(chosen) = chosen {
            form.edit(|job| chosen.apply(&mut job.data));
        }
    };
    let dataset_help = move || match dataset.get() {
        DatasetId::Mnist => t_string!(i18n, training.dataset.mnist).to_string(),
        DatasetId::FashionMnist => t_string!(i18n, training.dataset.fashion_mnist).to_string(),
    };
    let subset_help = move || {
        let data = form.job.read().data.clone();
        let count = |value| words(i18n).language.count(value);
        let (samples, validation) = (count(data.samples), count(data.validation_samples));
        let test = count(data.test_samples);
        match subset.get() {
            Subset::Quick => {
                t_string!(i18n, training.subset.quick_help, samples, validation, test).to_string()
            }
            Subset::Full => t_string!(i18n, training.subset.full_help, samples, validation, test).to_string(),
            Subset::Custom => {
                t_string!(i18n, training.subset.custom_help, samples, validation, test).to_string()
            }
        }
    };
    view! {
        <Held name="dataset">
            <Segmented
                label=text!(i18n, training.dataset.label)
                choices=datasets
                value=Signal::derive(move || dataset.get().to_string())
                on_change=choose_dataset
            />
        </Held>
        <p class="field__hint">{dataset_help}</p>
        <Held name="samples">
            <Segmented
                label=text!(i18n, training.subset.label)
                choices=subsets
                value=Signal::derive(move || subset.get().name().to_owned())
                on_change=choose_subset
            />
        </Held>
        <p class="field__hint">{subset_help}</p>
        <div class="setup__fields">
            <Held name="samples">
                <ArgumentField field=Field::Samples form />
            </Held>
            <Held name="validation_samples">
                <ArgumentField field=Field::ValidationSamples form />
            </Held>
            <Held name="test_samples">
                <ArgumentField field=Field::TestSamples form />
            </Held>
        </div>
        <Held name="class_counts">
            <ClassLimits form />
        </Held>
        {panel_door().map(|door| view! {
            <p>
                <button type="button" class="button" on:click=move |_| door.open()>
                    {t!(i18n, data.open)}
                </button>
            </p>
        })}
    }
}

/// Which classes are trained on, and how many images of each.
#[component]
fn ClassLimits(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let counts = Memo::new(move |_| form.job.read().data.class_counts.clone());
    let dataset = Memo::new(move |_| form.job.read().data.dataset);
    let drafts = form.class_drafts;
    let choose_all = move |are_used: bool| {
        drafts.update(BTreeMap::clear);
        form.edit(|job| set_all(&mut job.data, are_used));
    };
    let nothing_left = move || {
        let data = form.job.read().data.clone();
        data.validate_classes(data.dataset.classes().len()).is_err()
    };
    let state = move || match counts.read().as_ref().map(BTreeMap::len) {
        None => t_string!(i18n, data.classes.all).to_string(),
        Some(len) => t_string!(i18n, data.classes.limited, n = words(i18n).language.count(len)).to_string(),
    };
    let rows = move || {
        let keys = dataset.get().classes().into_iter().enumerate();
        keys.map(|(class, key)| view! { <ClassLimit form class=class as u32 key /> }).collect_view()
    };
    view! {
        <details class="class-limits" data-testid="class-limits">
            <summary>{t!(i18n, data.classes.title)} ": " {state}</summary>
            <p class="field__hint">{t!(i18n, data.classes.help)}</p>
            <div class="buttons">
                <button type="button" class="button" on:click=move |_| choose_all(true)>
                    {t!(i18n, data.classes.take_all)}
                </button>
                <button type="button" class="button" on:click=move |_| choose_all(false)>
                    {t!(i18n, data.classes.take_none)}
                </button>
            </div>
            <span class="field__error" role="status" hidden=move || !nothing_left()>
                {t!(i18n, data.classes.nothing_left)}
            </span>
            <ul class="class-limits__list">{rows}</ul>
        </details>
    }
}

fn typed(text: &str) -> Typed {
    read_limit(parse_decimals(text, 0), text, file_size(Split::Train))
}

/// What is wrong with a text as the limit of a class.
pub(super) fn limit_error(words: Words, dataset: DatasetId, class: u32, given: &str) -> Option<String> {
    let Typed::Wrong { most } = typed(given) else { return None };
    let key = dataset.classes().get(class as usize).copied().unwrap_or_default();
    let (name, max, given) = (class_name(words.i18n, key), words.language.count(most), given.to_owned());
    Some(t_string!(words.i18n, data.classes.wrong, name, max, given).to_string())
}

/// One class: in or out, and at most how many.
#[component]
fn ClassLimit(form: Form, class: u32, key: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    let drafts = form.class_drafts;
    let id = fresh_id("class-limit");
    let error_id = format!("{id}-error");
    let name = move || class_name(i18n, key);
    let now = Memo::new(move |_| limit(&form.job.read().data, class));
    let is_used = move || now.get() != Some(0);
    let set = move |limit: Option<usize>| {
        drafts.update(|drafts| drop(drafts.remove(&class)));
        form.edit(|job| set_limit(&mut job.data, class, limit));
    };
    let shown = move || {
        let draft = drafts.read().get(&class).cloned();
        draft.unwrap_or_else(|| now.get().map(|limit| limit.to_string()).unwrap_or_default())
    };
    let accept = move |text: String| match typed(&text) {
        Typed::Limit(limit) => set(limit),
        Typed::Wrong { .. } => drafts.update(|drafts| drop(drafts.insert(class, text))),
    };
    let error = Memo::new(move |_| {
        let given = drafts.read().get(&class).cloned()?;
        limit_error(words(i18n), form.job.read().data.dataset, class, &given)
    });
    view! {
        <li class="class-limits__one">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=is_used
                    on:change=move |event| set((!event_target_checked(&event)).then_some(0))
                />
                <span>{name}</span>
            </label>
            <input
                class="input"
                id=id
                type="text"
                inputmode="numeric"
                autocomplete="off"
                placeholder=move || t_string!(i18n, data.classes.all_images)
                aria-label=move || t_string!(i18n, data.classes.at_most, name = name()).to_string()
                prop:value=shown
                aria-invalid=move || error.read().is_some().to_string()
                aria-describedby=error_id.clone()
                on:change=move |event| accept(event_target_value(&event))
            />
            <span class="field__error" id=error_id hidden=move || error.read().is_none()>
                {move || error.get()}
            </span>
        </li>
    }
}
