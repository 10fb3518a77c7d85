//! The result: the accuracy, the matrix, where it errs, every class, the calibration, and what is taken along.

use super::calibration::CalibrationPart;
use super::classes::Classes;
use super::images::ListImages;
use super::lists::Lists;
use super::looking::Looking;
use super::matrix::Matrix;
use super::report::{Report, Take};
use crate::ui::components::{Card, Held};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::names::class_name;
use crate::ui::pages::evaluation::{Evaluation, Place};
use crate::ui::translations::text;
use crate::ui::worker_model::{Freshness, Origin};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::sync::Arc;

/// The classes of a result in the reader's language.
pub fn names_of(i18n: I18nContext<Locale>, evaluation: &Evaluation) -> Vec<String> {
    evaluation.report.classes.iter().map(|key| class_name(i18n, key)).collect()
}

/// The last result; another one is another even where all its numbers are the same, and none of them is
/// compared with each event that arrives.
pub fn last_result(lab: Laboratory) -> Memo<Option<Arc<Evaluation>>> {
    Memo::new_with_compare(
        move |_| lab.evaluation.read().result.clone(),
        |before, after| {
            let place = |result: &Option<Arc<Evaluation>>| result.as_ref().map(Arc::as_ptr);
            before.and_then(place) != after.and_then(place)
        },
    )
}

/// The result of one evaluation.
#[component]
pub fn ResultView(evaluation: Arc<Evaluation>, looking: Looking) -> impl IntoView {
    let i18n = use_i18n();
    let own = evaluation.clone();
    let names = Memo::new(move |_| names_of(i18n, &own));
    let own = evaluation.clone();
    let bins = Memo::new(move |_| looking.look.read().bins);
    let calibration = Memo::new(move |_| own.calibration(bins.get()));
    let stored = StoredValue::new(evaluation);
    let part = move || stored.get_value();
    view! {
        <section class="section" aria-labelledby="evaluation-result">
            <h2 id="evaluation-result">{t!(i18n, evaluation.result.title)}</h2>
            <Accuracy evaluation=part() />
            <div class="evaluation__tables">
                <Card title=text!(i18n, evaluation.matrix.title)>
                    <Matrix evaluation=stored names looking />
                </Card>
                <Held name="lists">
                    <Card title=text!(i18n, evaluation.lists.title)>
                        <Lists evaluation=part() names />
                    </Card>
                </Held>
            </div>
            <ListImages place=Place::Matrix names />
            <Held name="classes">
                <Card title=text!(i18n, evaluation.classes.title)>
                    <Classes evaluation=stored names looking />
                </Card>
            </Held>
            <Held name="calibration">
                <Card title=text!(i18n, evaluation.calibration.title)>
                    <CalibrationPart evaluation=part() calibration looking />
                </Card>
            </Held>
            <Held name="take">
                <Card title=text!(i18n, evaluation.take.title) class="evaluation__screen">
                    <Take evaluation=part() names calibration />
                </Card>
            </Held>
            <Report evaluation=stored calibration />
        </section>
    }
}

#[component]
fn Accuracy(evaluation: Arc<Evaluation>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let (right, total) = (evaluation.confusion.num_right(), evaluation.confusion.num_samples());
    let accuracy = evaluation.confusion.accuracy().unwrap_or(0.0);
    let loss = evaluation.report.answers.loss;
    let count = move |number: usize| language.get().count(number);
    let interval = evaluation.interval.map(|[low, high]| {
        let ends = move || {
            let [low, high] = [low, high].map(|end| language.get().percent(end, 2));
            t_string!(i18n, evaluation.result.interval, low, high).to_string()
        };
        view! {
            <div data-testid="interval" data-low=low.to_string() data-high=high.to_string()>
                <dt>{t!(i18n, evaluation.result.interval_name)}</dt>
                <dd class="evaluation__figure">{ends}</dd>
                <dd>{t!(i18n, evaluation.result.interval_method)}</dd>
            </div>
        }
    });
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
            {interval}
            <div>
                <dt>{t!(i18n, evaluation.result.loss)}</dt>
                <dd class="evaluation__figure" data-testid="loss">{move || language.get().decimal(loss, 4)}</dd>
                <dd><code lang="en">"categorical_crossentropy"</code></dd>
            </div>
        </dl>
        <p>{t!(i18n, evaluation.result.interval_means)}</p>
        <TestedModel evaluation />
    }
}

/// Which model on which images, and whether the model has changed since.
#[component]
fn TestedModel(evaluation: Arc<Evaluation>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let lab = laboratory();
    let stamp = evaluation.model.stamp.clone();
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
    let left_out = move || {
        let data = evaluation.model.job.as_ref().map(|job| &job.data)?;
        let names = names_of(i18n, &evaluation).into_iter().enumerate();
        let names: Vec<String> =
            names.filter(|(class, _)| data.excludes(*class as u32)).map(|(_, name)| name).collect();
        let is_own = data.dataset == evaluation.report.dataset;
        (is_own && !names.is_empty())
            .then(|| t_string!(i18n, evaluation.result.left_out, names = names.join(", ")).to_string())
    };
    view! {
        <p>{words} " " {left_out}</p>
        {move || stale().map(|words| view! { <p class="remark" data-testid="stale">{words}</p> })}
    }
}
