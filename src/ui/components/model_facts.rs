//! What a model is and how it was trained, as a short list.

use super::super::context::shell;
use super::super::i18n::{t, t_string, use_i18n};
use super::super::laboratory::laboratory;
use super::super::worker_model::{ModelState, Origin};
use crate::engine::spec::RunSpec;
use leptos::prelude::*;

/// The worker's model; it changes with epochs, not with batches.
pub fn model_by_epoch() -> Memo<Option<ModelState>> {
    let model = laboratory().bridge.model;
    Memo::new_with_compare(
        move |_| model.read().current.clone(),
        |before, after| {
            let seen = |model: &ModelState| (model.stamp.model, model.stamp.epochs);
            before.and_then(Option::as_ref).map(seen) != after.and_then(Option::as_ref).map(seen)
        },
    )
}

/// The list. Keras's names stand as they are.
#[component]
pub fn ModelFacts(model: ModelState) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let ModelState { spec, job, stamp, .. } = model;
    let num_params = spec.num_params().unwrap_or(0);
    let num_trainable = spec.num_trainable().unwrap_or(0);
    let params = move || {
        let count = |number: usize| language.get().count(number);
        let total = count(num_params);
        if num_trainable == num_params {
            return total;
        }
        let (trainable, fixed) = (count(num_trainable), count(num_params - num_trainable));
        t_string!(i18n, files.model.params_split, total, trainable, fixed).to_string()
    };
    let origin = move || match stamp.origin {
        Origin::Training => t_string!(i18n, files.model.from_training).to_string(),
        Origin::Files => t_string!(i18n, files.model.from_files).to_string(),
    };
    let num_epochs = job.as_ref().map(|job| job.fit.epochs);
    let epochs = move || {
        let count = |number: usize| language.get().count(number);
        match (stamp.epochs, num_epochs) {
            (Some(done), Some(planned)) => {
                let (done, planned) = (count(done), count(planned));
                Some(t_string!(i18n, files.model.epochs_of, done, planned).to_string())
            }
            (Some(done), None) => Some(count(done)),
            (None, Some(planned)) => {
                Some(t_string!(i18n, files.model.epochs_planned, planned = count(planned)).to_string())
            }
            (None, None) => None,
        }
    };
    view! {
        <dl class="facts" data-testid="model">
            <dt>{t!(i18n, files.model.name)}</dt>
            <dd><code lang="en">{spec.name}</code></dd>
            <dt>{t!(i18n, files.model.origin)}</dt>
            <dd>{origin}</dd>
            <dt>{t!(i18n, files.model.params)}</dt>
            <dd>{params}</dd>
            {move || epochs().map(|epochs| view! { <dt>{t!(i18n, files.model.epochs)}</dt> <dd>{epochs}</dd> })}
            {job.map(|job| view! { <JobFacts job /> })}
        </dl>
    }
}

#[component]
fn JobFacts(job: RunSpec) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let RunSpec { data, compile, fit, seed, .. } = job;
    let batch_size = fit.batch_size;
    let limits = data.class_counts.as_ref().map(|counts| {
        let limits = counts.iter().map(|(class, count)| format!("{class}: {count}"));
        limits.collect::<Vec<_>>().join(", ")
    });
    let images = move || {
        let count = |number: usize| language.get().count(number);
        // A file may hold a job that nobody could train.
        let training = if data.validate().is_ok() { data.num_train(&fit) } else { 0 };
        let validating = data.samples - training.min(data.samples);
        let title = data.dataset.title();
        let (number, validation) = (count(training), count(validating));
        if validating == 0 {
            t_string!(i18n, files.model.images, count = training, title, number).to_string()
        } else {
            t_string!(i18n, files.model.images_and_validation, count = training, title, number, validation)
                .to_string()
        }
    };
    let (optimizer, rate) = (compile.optimizer.class_name(), compile.optimizer.learning_rate().at(0));
    let rate = move || language.get().short(f64::from(rate), 6);
    view! {
        <dt>{t!(i18n, files.model.data)}</dt>
        <dd>{images}</dd>
        {limits.map(|limits| view! {
            <dt>{t!(i18n, files.model.class_counts)} " " <code lang="en">"class_counts"</code></dt>
            <dd><code lang="en">{limits}</code></dd>
        })}
        <dt>{t!(i18n, files.model.optimizer)}</dt>
        <dd>
            <code lang="en">{optimizer}</code> ", " <code lang="en">"learning_rate"</code> " "
            {rate} ", " <code lang="en">"batch_size"</code> " " {move || language.get().count(batch_size)}
        </dd>
        <dt>{t!(i18n, files.model.seed)}</dt>
        <dd>{seed.to_string()}</dd>
    }
}
