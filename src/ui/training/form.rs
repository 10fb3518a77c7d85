//! The form that edits a [`JobSpec`]. The address is its only memory: it is read from there and every
//! change is written there.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::field::{ArgumentField, CheckField};
use super::summary::ModelSummary;
use super::words::{Words, words};
use crate::data::DatasetId;
use crate::engine::event::Monitor;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::engine::spec::JobSpec;
use crate::ui::components::{Segmented, Select};
use crate::ui::context::{Shell, shell};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::training::{
    Field, Problem, Subset, early_stopping, early_stopping_mut, from_query, preset, problems,
    set_early_stopping, set_optimizer, to_query,
};
use crate::ui::routes::Route;
use crate::ui::translations::text;

/// The job in the address and what was typed that is no part of it.
#[derive(Clone, Copy)]
pub struct Form {
    /// The job as it would be started.
    pub job: Memo<JobSpec>,
    /// Names in the address whose values make no sense.
    pub bad_names: Memo<Vec<&'static str>>,
    problems: Memo<Vec<Problem>>,
    /// Texts that are no usable number.
    drafts: RwSignal<BTreeMap<Field, String>>,
    shell: Shell,
}

impl Form {
    /// Reads the address and follows it.
    pub fn from_address() -> Self {
        let shell = shell();
        let read = Memo::new(move |_| from_query(&shell.location.read().query));
        let job = Memo::new(move |_| read.read().0.clone());
        Self {
            job,
            bad_names: Memo::new(move |_| read.read().1.clone()),
            problems: Memo::new(move |_| problems(&job.read())),
            drafts: RwSignal::default(),
            shell,
        }
    }

    /// Changes the job.
    pub fn edit(self, change: impl FnOnce(&mut JobSpec)) {
        let mut job = self.job.get_untracked();
        change(&mut job);
        self.shell.replace_query(Route::Training, to_query(&job));
    }

    pub(super) fn set(self, field: Field, value: f64) {
        self.drafts.update(|drafts| drop(drafts.remove(&field)));
        self.edit(|job| field.set(job, value));
    }

    pub(super) fn reject(self, field: Field, text: String) {
        self.drafts.update(|drafts| drop(drafts.insert(field, text)));
    }

    pub(super) fn draft(self, field: Field) -> Option<String> {
        self.drafts.read().get(&field).cloned()
    }

    /// What is wrong with one field.
    pub(super) fn error_of(self, field: Field, words: Words) -> Option<String> {
        if self.drafts.read().contains_key(&field) {
            return Some(words.bounds(field));
        }
        let problems = self.problems.read();
        problems.iter().find(|problem| problem.field() == Some(field)).map(|problem| words.problem(problem))
    }

    /// Why the job cannot be started.
    pub(super) fn reason(self, words: Words) -> Option<String> {
        let job = self.job.read();
        // What was typed into a field that has left the form does not matter.
        let typed = self.drafts.read().keys().copied().find(|field| field.get(&job).is_some());
        let typed = typed.map(|field| words.bounds(field));
        typed.or_else(|| self.problems.read().first().map(|problem| words.problem(problem)))
    }
}

/// The form; locked while a run is going on.
#[component]
pub fn SetupForm(form: Form, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let bad_names = move || {
        let names = form.bad_names.read().join(", ");
        (!names.is_empty()).then(|| view! { <p class="note">{t!(i18n, training.bad_link, names)}</p> })
    };
    view! {
        {bad_names}
        <fieldset class="setup" disabled=move || locked.get()>
            <legend class="visually-hidden">{t!(i18n, training.setup)}</legend>
            <p class="note" hidden=move || !locked.get()>{t!(i18n, training.locked)}</p>
            <section class="setup__group">
                <h3>{t!(i18n, training.data)}</h3>
                <DataPart form />
            </section>
            <section class="setup__group">
                <h3>{t!(i18n, training.network)}</h3>
                <NetworkPart form />
            </section>
            <section class="setup__group">
                <h3>{t!(i18n, training.learning)}</h3>
                <LearningPart form />
            </section>
            <section class="setup__group">
                <h3>{t!(i18n, training.stopping)}</h3>
                <StoppingPart form />
            </section>
        </fieldset>
    }
}

#[component]
fn DataPart(form: Form) -> impl IntoView {
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
        <Segmented
            label=text!(i18n, training.dataset.label)
            choices=datasets
            value=Signal::derive(move || dataset.get().to_string())
            on_change=choose_dataset
        />
        <p class="field__hint">{dataset_help}</p>
        <Segmented
            label=text!(i18n, training.subset.label)
            choices=subsets
            value=Signal::derive(move || subset.get().name().to_owned())
            on_change=choose_subset
        />
        <p class="field__hint">{subset_help}</p>
        <details>
            <summary>{t!(i18n, training.subset.sizes)}</summary>
            <div class="setup__fields">
                <ArgumentField field=Field::Samples form />
                <ArgumentField field=Field::ValidationSamples form />
                <ArgumentField field=Field::TestSamples form />
            </div>
        </details>
    }
}

#[component]
fn NetworkPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| preset(&form.job.read().model));
    let choices = Signal::derive(move || {
        let name = |preset| match preset {
            Preset::Mlp => t_string!(i18n, training.preset.mlp).to_string(),
            Preset::Lenet5 => t_string!(i18n, training.preset.lenet5).to_string(),
            Preset::KerasCnn => t_string!(i18n, training.preset.keras_cnn).to_string(),
        };
        Preset::ALL.into_iter().map(|preset| (preset.id().to_owned(), name(preset))).collect()
    });
    let choose = move |id: String| {
        if let Some(preset) = Preset::from_id(&id) {
            form.edit(|job| job.model = preset.spec());
        }
    };
    let help = move || {
        chosen.get().map(|preset| match preset {
            Preset::Mlp => t_string!(i18n, training.preset.mlp_help).to_string(),
            Preset::Lenet5 => t_string!(i18n, training.preset.lenet5_help).to_string(),
            Preset::KerasCnn => t_string!(i18n, training.preset.keras_cnn_help).to_string(),
        })
    };
    let model = Memo::new(move |_| form.job.read().model.clone());
    view! {
        <Segmented
            label=text!(i18n, training.preset.label)
            hidden_label=true
            choices=choices
            value=Signal::derive(move || chosen.get().map(|preset| preset.id().to_owned()).unwrap_or_default())
            on_change=choose
        />
        <p class="field__hint">{help}</p>
        <details>
            <summary>{t!(i18n, training.summary.title)}</summary>
            <ModelSummary model />
        </details>
    }
}

#[component]
fn LearningPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let optimizer = Memo::new(move |_| form.job.read().train.optimizer);
    let choices = Signal::stored(
        OptimizerSpec::palette()
            .iter()
            .rev()
            .map(|it| (it.class_name().to_owned(), it.class_name().to_owned()))
            .collect(),
    );
    let is_sgd = Memo::new(move |_| matches!(optimizer.get(), OptimizerSpec::Sgd(_)));
    let nesterov = Signal::derive(move || matches!(optimizer.get(), OptimizerSpec::Sgd(sgd) if sgd.nesterov));
    let set_nesterov = move |on| {
        form.edit(|job| {
            if let OptimizerSpec::Sgd(sgd) = &mut job.train.optimizer {
                sgd.nesterov = on;
            }
        });
    };
    view! {
        <div class="setup__fields">
            <div class="field argument">
                <Select
                    label=text!(i18n, training.optimizer.label)
                    choices=choices
                    value=Signal::derive(move || optimizer.get().class_name().to_owned())
                    on_change=move |name: String| form.edit(|job| set_optimizer(job, &name))
                />
                <span class="field__hint">{t!(i18n, training.optimizer.help)}</span>
            </div>
            <ArgumentField field=Field::LearningRate form />
            <Show when=move || is_sgd.get()>
                <ArgumentField field=Field::Momentum form />
                <CheckField
                    label=text!(i18n, training.nesterov.label)
                    name="nesterov"
                    help=text!(i18n, training.nesterov.help)
                    value=nesterov
                    on_change=set_nesterov
                />
            </Show>
            <ArgumentField field=Field::BatchSize form />
            <ArgumentField field=Field::Epochs form />
            <ArgumentField field=Field::Seed form />
        </div>
    }
}

#[component]
fn StoppingPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let spec = Memo::new(move |_| early_stopping(&form.job.read()).cloned());
    let is_on = Memo::new(move |_| spec.read().is_some());
    let monitors =
        Signal::stored(Monitor::ALL.iter().rev().map(|it| (it.to_string(), it.to_string())).collect());
    let monitor = move || spec.get().map(|spec| spec.monitor.to_string()).unwrap_or_default();
    let choose = move |name: String| {
        let chosen = Monitor::ALL.into_iter().find(|monitor| monitor.to_string() == name);
        form.edit(|job| {
            if let (Some(spec), Some(chosen)) = (early_stopping_mut(job), chosen) {
                spec.monitor = chosen;
            }
        });
    };
    let set_restore = move |on| {
        form.edit(|job| {
            if let Some(spec) = early_stopping_mut(job) {
                spec.restore_best_weights = on;
            }
        });
    };
    view! {
        <CheckField
            label=text!(i18n, training.early.label)
            name="EarlyStopping"
            help=text!(i18n, training.early.help)
            value=is_on
            on_change=move |on| form.edit(|job| set_early_stopping(job, on))
        />
        <Show when=move || is_on.get()>
            <div class="setup__fields">
                <div class="field argument">
                    <Select
                        label=Signal::derive(move || {
                            format!("{} monitor", t_string!(i18n, training.early.monitor))
                        })
                        choices=monitors
                        value=Signal::derive(monitor)
                        on_change=choose
                    />
                    <span class="field__hint">{t!(i18n, training.early.monitor_help)}</span>
                </div>
                <ArgumentField field=Field::Patience form />
                <ArgumentField field=Field::MinDelta form />
            </div>
            <CheckField
                label=text!(i18n, training.early.restore)
                name="restore_best_weights"
                help=text!(i18n, training.early.restore_help)
                value=Signal::derive(move || spec.get().is_some_and(|spec| spec.restore_best_weights))
                on_change=set_restore
            />
        </Show>
    }
}
