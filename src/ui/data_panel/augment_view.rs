//! What random layers make of the chosen image, or how to get one.

use std::sync::Arc;

use leptos::prelude::*;

use super::augment::{VERSIONS, add, leading, range, versions, versions_scene};
use super::words::class_names;
use crate::engine::layers::{LayerDef, LayerError};
use crate::engine::presets::augmentation;
use crate::ui::components::{Bounds, NumberField, Picture};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::inputs::Tile;
use crate::ui::training::{Form, words};
use crate::ui::translations::text;

/// Everything.
#[component]
pub fn AugmentPart(form: Form, locked: Signal<bool>, chosen: RwSignal<Option<Arc<Tile>>>) -> impl IntoView {
    let i18n = use_i18n();
    let has_layers = Memo::new(move |_| !leading(&form.job.read().model).is_empty());
    view! {
        <section class="data-panel__part">
            <h3>{t!(i18n, data.augment.title)}</h3>
            <Show when=move || has_layers.get() fallback=move || view! { <Nothing form locked /> }>
                <Versions form chosen />
            </Show>
        </section>
    }
}

/// The network has no such layer: what one is good for.
#[component]
fn Nothing(form: Form, locked: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let dataset = Memo::new(move |_| form.job.read().data.dataset);
    let class_name = move || augmentation(dataset.get()).class_name();
    let put_in = move |_| {
        if !locked.get_untracked() {
            form.edit(|job| add(&mut job.model, job.data.dataset));
        }
    };
    view! {
        <p>{t!(i18n, data.augment.none)}</p>
        <p>
            <button
                type="button"
                class="button"
                aria-disabled=move || locked.get().to_string()
                on:click=put_in
                data-testid="add-augmentation"
            >
                {move || t_string!(i18n, data.augment.add, class_name = class_name()).to_string()}
            </button>
        </p>
        <Show when=move || locked.get()>
            <p class="field__hint">{t!(i18n, training.locked)}</p>
        </Show>
    }
}

/// The versions, drawn anew by a button or with another seed.
#[component]
fn Versions(form: Form, chosen: RwSignal<Option<Arc<Tile>>>) -> impl IntoView {
    let i18n = use_i18n();
    // Follows the run's seed until it is changed here.
    let own_seed = RwSignal::new(None::<u64>);
    let seed = Memo::new(move |_| own_seed.get().unwrap_or_else(|| form.job.read().seed));
    let step = RwSignal::new(0u64);
    let model = Memo::new(move |_| form.job.read().model.clone());
    let all = Memo::new(move |_| -> Option<Result<Vec<Vec<f32>>, LayerError>> {
        let tile = chosen.get()?;
        let image: Vec<f32> = tile.pixels.iter().map(|pixel| f32::from(*pixel) / 255.0).collect();
        Some(versions(&model.read(), seed.get(), step.get(), tile.shape, &image))
    });
    let names = move || {
        let names: Vec<&str> = leading(&model.read()).iter().map(LayerDef::class_name).collect();
        names.join(" → ")
    };
    let label = Signal::derive(move || {
        let Some(tile) = chosen.get() else { return String::new() };
        let language = words(i18n).language;
        let classes = class_names(i18n, tile.sample.dataset);
        let name = classes.get(usize::from(tile.class)).cloned().unwrap_or_default();
        let (count, number) = (VERSIONS.to_string(), language.count(tile.sample.idx as usize));
        t_string!(i18n, data.augment.label, count, name, number).to_string()
    });
    let scene = move |width| {
        let shape = chosen.read().as_ref().map_or([1, 1, 1], |tile| tile.shape);
        let images = all.get().and_then(Result::ok).unwrap_or_default();
        versions_scene(shape, &images, width)
    };
    let error = move || {
        let error = all.get()?.err()?;
        let words = ErrorText { i18n, language: words(i18n).language };
        Some(view! { <p class="field__error" role="alert">{words.layer(&error)}</p> })
    };
    let values = move || {
        let language = words(i18n).language;
        let (min, max) = range(&all.get()?.ok()?);
        let text = |value: f32| language.short(f64::from(value), 2);
        Some(t_string!(i18n, data.augment.values, min = text(min), max = text(max)).to_string())
    };
    let explained = move || {
        let (seed, step) = (seed.get().to_string(), words(i18n).language.count(step.get() as usize));
        t_string!(i18n, data.augment.explained, seed, step).to_string()
    };
    let seeds = Bounds { min: 0.0, max: f64::from(u32::MAX), step: 1.0, decimals: 0 };
    view! {
        <p>{t!(i18n, data.augment.lead)} " " <code lang="en">{names}</code></p>
        <div class="fields fields--small data-panel__draw">
            <NumberField
                label=text!(i18n, data.augment.seed)
                value=Signal::derive(move || seed.get() as f64)
                bounds=seeds
                on_change=move |seed: f64| own_seed.set(Some(seed as u64))
            />
            <button
                type="button"
                class="button"
                on:click=move |_| step.update(|step| *step += 1)
                data-testid="new-draw"
            >
                {t!(i18n, data.augment.draw)}
            </button>
        </div>
        {error}
        <div class="data-panel__versions">
            <Picture scene label />
        </div>
        <p class="field__hint" role="status">{explained} " " {values}</p>
    }
}
