//! The button, the table, and how its numbers compare with the ones before.

use super::scene::{PredictionRow, prediction_scene};
use super::state::{Likeness, NUM_IMAGES, PredictionState, Predictions};
use crate::data::{DatasetId, Split};
use crate::protocol::{RunId, WorkerEvent, WorkerRequest};
use crate::ui::components::{Icon, IconMark, fresh_id};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::names::{are_long, class_name};
use crate::ui::widgets::image_grid::Thumbnail;
use crate::ui::worker_model::{Freshness, WorkerModel};
use leptos::prelude::*;
use std::sync::Arc;

/// The panel. `dataset` says whose test images are predicted.
#[component]
pub fn PredictionTable(#[prop(into)] dataset: Signal<DatasetId>) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let language = shell().language;
    let state = lab.predictions;
    let now = Memo::new_with_compare(
        move |_| state.read().now.clone(),
        |before, after| match (before.and_then(Option::as_ref), after.and_then(Option::as_ref)) {
            (Some(before), Some(after)) => !Arc::ptr_eq(before, after),
            (before, after) => before.is_some() != after.is_some(),
        },
    );
    // A button that is disabled while it works would lose the keyboard's focus.
    let is_busy = Memo::new(move |_| state.read().is_busy());
    let start = move |_| {
        if !is_busy.get_untracked() {
            ask(lab, dataset.get_untracked());
        }
    };
    let error = Memo::new(move |_| state.read().error.clone());
    view! {
        <div class="buttons">
            <button
                type="button"
                class="button"
                aria-disabled=move || is_busy.get().to_string()
                data-testid="predict"
                on:click=start
            >
                <IconMark icon=Icon::Play />
                <span>{t!(i18n, evaluation.predictions.ask, count = || NUM_IMAGES)}</span>
            </button>
        </div>
        {move || {
            let words = ErrorText { i18n, language: language.get() };
            error.get().map(|error| view! { <p class="field__error" role="alert">{words.worker(&error)}</p> })
        }}
        {move || now.get().map(|predictions| view! { <Table predictions /> })}
    }
}

/// Asks for the images unless they are at hand, then for their probabilities.
fn ask(lab: Laboratory, dataset: DatasetId) {
    let at_hand =
        lab.predictions.with_untracked(|state| state.images_of(dataset).map(|images| images.pixels.clone()));
    if let Some(pixels) = at_hand {
        return converse(lab, dataset, |run| WorkerRequest::Predict { run, pixels });
    }
    let indices = (0..NUM_IMAGES).collect();
    converse(lab, dataset, |run| WorkerRequest::Images { run, dataset, split: Split::Test, indices });
}

fn converse(lab: Laboratory, dataset: DatasetId, request: impl FnOnce(RunId) -> WorkerRequest) {
    let Some(stamp) = lab.bridge.model.with_untracked(WorkerModel::stamp) else { return };
    let state = lab.predictions;
    let run = lab.bridge.ask(request, move |event| {
        let is_over = !matches!(event, WorkerEvent::LoadProgress { .. } | WorkerEvent::Retrying { .. });
        if is_over {
            lab.bridge.forget(event.run());
        }
        let has_images = matches!(event, WorkerEvent::Images { .. });
        state.maybe_update(|state| state.apply(event));
        if has_images {
            ask(lab, dataset);
        }
    });
    state.update(|state: &mut PredictionState| state.begin(run, stamp));
}

#[component]
fn Table(predictions: Arc<Predictions>) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let id = fresh_id("predictions");
    let Predictions { stamp, images, num_classes, .. } = &*predictions;
    let (dataset, shape, num_classes) = (images.dataset, images.shape, *num_classes);
    let names = Memo::new(move |_| {
        let keys = dataset.classes();
        let name =
            |class: usize| keys.get(class).map_or_else(|| class.to_string(), |key| class_name(i18n, key));
        (0..num_classes).map(name).collect::<Vec<String>>()
    });
    let stamp = stamp.clone();
    let is_stale =
        Memo::new(move |_| stamp.freshness(lab.bridge.model.read().stamp().as_ref()) != Freshness::Same);
    let title = dataset.title();
    view! {
        <Verdict />
        <Show when=move || is_stale.get()>
            <p class="remark">{t!(i18n, evaluation.predictions.stale)}</p>
        </Show>
        <div class="table-scroll" tabindex="0" role="region" aria-labelledby=id>
            <table
                class="table predictions"
                class:predictions--long=move || are_long(&names.read())
                data-testid="predictions"
            >
                <caption id=id.clone()>{t!(i18n, evaluation.predictions.caption, title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, evaluation.predictions.image)}</th>
                        <th scope="col">{t!(i18n, evaluation.predictions.verdict)}</th>
                        {move || {
                            let head = |name: String| view! { <th scope="col" class="predictions__head"><span>{name}</span></th> };
                            names.get().into_iter().map(head).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody>
                    {prediction_scene(&predictions)
                        .into_iter()
                        .map(|row| view! { <TableRow row shape names /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Whether the numbers are the ones that stood here before.
#[component]
fn Verdict() -> impl IntoView {
    let i18n = use_i18n();
    let state = laboratory().predictions;
    let language = shell().language;
    let likeness = Memo::new(move |_| state.read().likeness());
    move || match likeness.get()? {
        Likeness::Identical => Some(
            view! {
                <p class="remark remark--good" role="status" data-testid="identical">
                    {t!(i18n, evaluation.predictions.identical)}
                </p>
            }
            .into_any(),
        ),
        Likeness::Differs(most) => {
            let most = move || language.get().decimal(f64::from(most), 4);
            Some(
                view! { <p class="remark" role="status">{t!(i18n, evaluation.predictions.differs, most)}</p> }
                    .into_any(),
            )
        }
    }
}

#[component]
fn TableRow(row: PredictionRow, shape: [usize; 3], names: Memo<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let PredictionRow { index, pixels, label, predicted, probabilities } = row;
    let name =
        move |class: u8| names.read().get(usize::from(class)).cloned().unwrap_or_else(|| class.to_string());
    let is_right = label == predicted;
    let alt = Signal::derive(move || {
        let truth = name(label);
        t_string!(i18n, evaluation.predictions.alt, index, truth).to_string()
    });
    let cell = move |(class, probability): (usize, f32)| {
        let is_best = class == usize::from(predicted);
        view! {
            <td
                class="predictions__cell"
                class:predictions__cell--best=is_best
                style=format!("--share:{probability:.4}")
                data-probability=probability.to_string()
            >
                {move || language.get().decimal(f64::from(probability), 3)}
            </td>
        }
    };
    let verdict = move || {
        let (truth, predicted) = (name(label), name(predicted));
        if is_right {
            t_string!(i18n, evaluation.predictions.right, predicted).to_string()
        } else {
            t_string!(i18n, evaluation.predictions.wrong, predicted, truth).to_string()
        }
    };
    view! {
        <tr>
            <th scope="row"><div class="predictions__image"><Thumbnail shape pixels label=alt /></div></th>
            <td class="predictions__verdict" class:predictions__verdict--wrong=!is_right>{verdict}</td>
            {probabilities.into_iter().enumerate().map(cell).collect_view()}
        </tr>
    }
}
