//! What the whole network costs, and the way to its training.

use super::Bench;
use crate::engine::layers::LayerDef;
use crate::engine::spec::RunSpec;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::network::{Edit, Mend, Total, flop, mega_bytes};
use crate::ui::routes::Route;
use crate::ui::training::words;
use leptos::prelude::*;

/// The sums, what is wrong with the whole, and the link to the training page.
#[component]
pub fn Totals(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let language = bench.shell.language;
    let total = Memo::new(move |_| bench.state.read().total.clone());
    let facts = move || total.get().map(|total| view! { <Sums bench total /> });
    let misfit = move || {
        let state = bench.state.read();
        let words = ErrorText { i18n, language: language.get() };
        let reason = match (state.mistake(), &state.misfit) {
            (Some((layer, _)), _) => t_string!(i18n, network.total.mistake, number = layer + 1).to_string(),
            (None, Some(misfit)) => words.spec(misfit),
            (None, None) => return None,
        };
        Some(view! { <p class="field__error" role="status">{reason}</p> })
    };
    let mend = Memo::new(move |_| bench.state.read().mend(&bench.model.read()));
    let remedy = move || {
        mend.get().map(|Mend { at, layer, model }| {
            let (class, number) = (layer.class_name(), at + 1);
            let insert = move |_| {
                bench.apply(&Edit::Take(model.clone()));
            };
            view! {
                <div>
                    <button type="button" class="button" on:click=insert>
                        {t!(i18n, network.mend, class, number)}
                    </button>
                </div>
            }
        })
    };
    let is_sound = Memo::new(move |_| bench.state.read().is_sound());
    view! {
        {facts} {misfit} {remedy}
        <p>
            <a
                class="button"
                class:button--primary=move || is_sound.get()
                href=move || bench.form.link(Route::Training)
            >
                {t!(i18n, network.total.train)}
            </a>
        </p>
    }
}

#[component]
fn Sums(bench: Bench, total: Total) -> impl IntoView {
    let i18n = use_i18n();
    let language = bench.shell.language;
    let device = laboratory().device;
    let count = move |number: usize| language.get().count(number);
    let Total { num_params, num_trainable, flop: operations, training_flop, memory } = total;
    let frozen = num_params - num_trainable;
    let batch_size = Memo::new(move |_| bench.form.job.read().fit.batch_size);
    let epoch = move || {
        // How many images of a class there are is not known here.
        if bench.form.job.read().data.class_counts.is_some() {
            return None;
        }
        let images = trained_images(&bench.form.job.read());
        let ms = bench.state.read().epoch_ms(&device.read(), images)?;
        let (time, images) = (words(i18n).duration(ms), count(images));
        Some(view! {
            <dt>{t!(i18n, network.total.epoch)}</dt>
            <dd>{t_string!(i18n, network.total.about, time, images).to_string()}</dd>
        })
    };
    view! {
        <dl class="facts network__totals">
            <dt>{t!(i18n, network.total.params)}</dt>
            <dd>
                {move || count(num_params)}
                {(frozen > 0).then(|| view! {
                    " (" {move || t_string!(
                        i18n,
                        network.total.split,
                        trainable = count(num_trainable),
                        frozen = count(frozen)
                    ).to_string()} ")"
                })}
            </dd>
            <dt>{t!(i18n, network.total.weights)}</dt>
            <dd>{move || mega_bytes(language.get(), num_params as f64 * 4.0)} " " {t!(i18n, network.facts.mega_bytes)}</dd>
            <dt>{move || t_string!(i18n, network.total.memory, count = batch_size.get()).to_string()}</dt>
            <dd>{move || mega_bytes(language.get(), memory)} " " {t!(i18n, network.facts.mega_bytes)}</dd>
            <dt>{t!(i18n, network.total.flop)}</dt>
            <dd>
                {move || {
                    let (once, training) = (flop(language.get(), operations), flop(language.get(), training_flop));
                    t_string!(i18n, network.total.mega_flop, once, training).to_string()
                }}
            </dd>
            {epoch}
        </dl>
    }
}

/// Images of one epoch.
fn trained_images(job: &RunSpec) -> usize {
    // A number of validation images beyond all images is a mistake that its own field tells of.
    if job.data.validation_samples >= job.data.samples { 0 } else { job.data.num_train(&job.fit) }
}
