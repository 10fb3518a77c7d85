//! The result: the accuracy, every class's errors, the matrix and the images behind a cell.

use super::talk;
use crate::ui::components::Card;
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::names::class_name;
use crate::ui::pages::evaluation::{CellImages, ClassRow, Evaluation, class_rows};
use crate::ui::translations::text;
use crate::ui::widgets::confusion_matrix::{Cell, ConfusionMatrix};
use crate::ui::widgets::image_grid::ImageGrid;
use crate::ui::worker_model::{Freshness, Origin};
use leptos::prelude::*;
use std::sync::Arc;

/// The result of one evaluation.
#[component]
pub fn ResultView(evaluation: Arc<Evaluation>) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let classes = evaluation.report.classes.clone();
    let names = Memo::new(move |_| classes.iter().map(|key| class_name(i18n, key)).collect::<Vec<String>>());
    let rows = class_rows(&evaluation.confusion);
    let selected = Memo::new(move |_| lab.evaluation.read().open.as_ref().map(|open| open.cell));
    let confusion = evaluation.confusion.clone();
    view! {
        <section class="section" aria-labelledby="evaluation-result">
            <h2 id="evaluation-result">{t!(i18n, evaluation.result.title)}</h2>
            <Accuracy evaluation />
            <div class="evaluation__tables">
                <Card title=text!(i18n, evaluation.matrix.title)>
                    <ConfusionMatrix confusion names selected on_open=move |cell| talk::open(lab, cell) />
                </Card>
                <Card title=text!(i18n, evaluation.classes.title)>
                    <Classes rows names />
                </Card>
            </div>
            <Show when=move || selected.get().is_some()>
                <Images names />
            </Show>
        </section>
    }
}

#[component]
fn Accuracy(evaluation: Arc<Evaluation>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let (right, total) = (evaluation.confusion.num_right(), evaluation.confusion.num_samples());
    let accuracy = evaluation.confusion.accuracy().unwrap_or(0.0);
    let loss = evaluation.report.loss;
    let count = move |number: usize| language.get().count(number);
    view! {
        <dl class="evaluation__figures">
            <div>
                <dt>{t!(i18n, evaluation.result.accuracy)}</dt>
                <dd class="evaluation__figure" data-testid="accuracy" data-value=accuracy.to_string()>
                    {move || language.get().percent(accuracy, 2)}
                </dd>
                <dd>
                    {t!(i18n, evaluation.result.right, right = move || count(right), total = move || count(total))}
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, evaluation.result.loss)}</dt>
                <dd class="evaluation__figure" data-testid="loss">{move || language.get().decimal(loss, 4)}</dd>
                <dd><code lang="en">"categorical_crossentropy"</code></dd>
            </div>
        </dl>
        <Source evaluation />
    }
}

/// Which model on which images, and whether the model has changed since.
#[component]
fn Source(evaluation: Arc<Evaluation>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let lab = laboratory();
    let stamp = evaluation.stamp.clone();
    let title = evaluation.report.dataset.title();
    let total = evaluation.confusion.num_samples();
    let name = stamp.name.clone();
    let (origin, epochs) = (stamp.origin, stamp.epochs.unwrap_or(0));
    let freshness = Memo::new(move |_| stamp.freshness(lab.bridge.model.read().stamp().as_ref()));
    let words = move || {
        let (name, language) = (name.clone(), language.get());
        let (number, epochs) = (language.count(total), language.count(epochs));
        match origin {
            Origin::Training => {
                t_string!(i18n, evaluation.result.of_training, count = total, name, title, number, epochs)
                    .to_string()
            }
            Origin::Files => {
                t_string!(i18n, evaluation.result.of_files, count = total, name, title, number).to_string()
            }
        }
    };
    let stale = move || match freshness.get() {
        Freshness::Same => None,
        Freshness::TrainedOn => Some(t_string!(i18n, evaluation.result.trained_on)),
        Freshness::Replaced => Some(t_string!(i18n, evaluation.result.replaced)),
        Freshness::Gone => Some(t_string!(i18n, evaluation.result.gone)),
    };
    view! {
        <p>{words}</p>
        {move || stale().map(|words| view! { <p class="remark" data-testid="stale">{words}</p> })}
    }
}

#[component]
fn Classes(rows: Vec<ClassRow>, names: Memo<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let count = move |number: usize| language.get().count(number);
    let row = move |row: ClassRow| {
        let ClassRow { class, support, wrong, error_rate, bar } = row;
        let name = move || names.read().get(class).cloned();
        let rate = move || error_rate.map_or_else(|| "–".to_owned(), |rate| language.get().percent(rate, 1));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{move || count(support)}</td>
                <td>{move || count(wrong)}</td>
                <td class="evaluation__rate">
                    <div>
                        <span>{rate}</span>
                        <span class="evaluation__bar" style=format!("--share:{bar:.4}")></span>
                    </div>
                </td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, evaluation.classes.title)>
            <table class="table evaluation__classes" data-testid="classes">
                <caption>{t!(i18n, evaluation.classes.caption)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, evaluation.classes.class)}</th>
                        <th scope="col">{t!(i18n, evaluation.classes.images)}</th>
                        <th scope="col">{t!(i18n, evaluation.classes.wrong)}</th>
                        <th scope="col">{t!(i18n, evaluation.classes.rate)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The open cell.
#[component]
fn Images(names: Memo<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let lab = laboratory();
    let language = shell.language;
    let part = move |read: fn(&CellImages) -> usize| lab.evaluation.read().open.as_ref().map_or(0, read);
    let total = Memo::new(move |_| part(|open| open.indices.len()));
    let shown = Memo::new(move |_| part(|open| open.tiles.len()));
    let is_busy = Memo::new(move |_| lab.evaluation.read().open.as_ref().is_some_and(CellImages::is_busy));
    let error = Memo::new(move |_| lab.evaluation.read().open.as_ref().and_then(|open| open.error.clone()));
    let tiles = Signal::derive(move || {
        lab.evaluation.read().open.as_ref().map(|open| open.tiles.clone()).unwrap_or_default()
    });
    let cell = Memo::new(move |_| lab.evaluation.read().open.as_ref().map(|open| open.cell));
    let title = Signal::derive(move || {
        let Some(Cell { label, predicted }) = cell.get() else { return String::new() };
        let names = names.read();
        let name = |class: usize| names.get(class).cloned().unwrap_or_default();
        if label == predicted {
            return t_string!(i18n, evaluation.images.title_right, truth = name(label)).to_string();
        }
        t_string!(i18n, evaluation.images.title_wrong, truth = name(label), predicted = name(predicted))
            .to_string()
    });
    let how_many = move || {
        let (shown, total) = (shown.get(), total.get());
        let number = language.get().count(total);
        if shown < total && !is_busy.get() {
            let shown = language.get().count(shown);
            return t_string!(i18n, evaluation.images.part, shown, number).to_string();
        }
        t_string!(i18n, evaluation.images.all, count = total, number).to_string()
    };
    // A screen reader hears what was opened; the focus stays in the matrix.
    Effect::new(move |_| {
        if shown.get() > 0 {
            shell.announce(format!("{}. {}", title.get_untracked(), untrack(how_many)));
        }
    });
    view! {
        <Card title class="evaluation__images">
            <p>{how_many} " " {t!(i18n, evaluation.images.order)}</p>
            <ImageGrid tiles names />
            {move || {
                let words = ErrorText { i18n, language: language.get() };
                error.get().map(|error| view! { <p class="field__error" role="alert">{words.worker(&error)}</p> })
            }}
            <Show when=move || shown.get() < total.get()>
                <div class="buttons">
                    <button
                        type="button"
                        class="button"
                        aria-disabled=move || is_busy.get().to_string()
                        on:click=move |_| {
                            if !is_busy.get_untracked() {
                                talk::fetch_images(lab);
                            }
                        }
                    >
                        {t!(i18n, evaluation.images.more)}
                    </button>
                </div>
            </Show>
        </Card>
    }
}
