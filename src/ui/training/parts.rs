//! The groups of the form.

use leptos::prelude::*;

use super::field::{ArgumentField, CheckField, ChoiceField};
use super::form::Form;
use super::summary::ModelSummary;
use super::words::words;
use crate::data::DatasetId;
use crate::engine::event::Monitor;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::ui::components::Segmented;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::training::{
    Field, Subset, early_stopping, early_stopping_mut, preset, set_early_stopping, set_optimizer,
};
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

/// Which network, and its layers.
#[component]
pub(super) fn NetworkPart(form: Form) -> impl IntoView {
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

/// The optimizer and its arguments.
#[component]
pub(super) fn LearningPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let optimizer = Memo::new(move |_| form.job.read().compile.optimizer.clone());
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
            if let OptimizerSpec::Sgd(sgd) = &mut job.compile.optimizer {
                sgd.nesterov = on;
            }
        });
    };
    view! {
        <div class="setup__fields">
            <ChoiceField
                label=text!(i18n, training.optimizer.label)
                name="optimizer"
                help=text!(i18n, training.optimizer.help)
                    choices=choices
                    value=Signal::derive(move || optimizer.get().class_name().to_owned())
                    on_change=move |name: String| form.edit(|job| set_optimizer(job, &name))
                />
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

/// `EarlyStopping`.
#[component]
pub(super) fn StoppingPart(form: Form) -> impl IntoView {
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
                <ChoiceField
                    label=text!(i18n, training.early.monitor)
                    name="monitor"
                    help=text!(i18n, training.early.monitor_help)
                    choices=monitors
                        value=Signal::derive(monitor)
                        on_change=choose
                    />
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
