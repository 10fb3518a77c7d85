//! The page: the model, what to test it on, the result, and its first predictions.

use super::setup::{Look, Setup};
use super::state::Work;
use crate::data::DatasetId;
use crate::ui::components::{
    BadLink, Card, Held, Icon, IconMark, ModelFacts, Segmented, Select, model_by_epoch,
};
use crate::ui::context::shell;
use crate::ui::evaluation::{Compare, Looking, Progress, ResultView, evaluate, last_result};
use crate::ui::framed::QuickTraining;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::routes::Route;
use crate::ui::training::RunProgress;
use crate::ui::translations::text;
use crate::ui::widgets::prediction_table::PredictionTable;
use leptos::prelude::*;

/// The page.
#[component]
pub fn EvaluationPage() -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let lab = laboratory();
    let model_dataset = Memo::new(move |_| {
        let model = lab.bridge.model.read();
        Some(model.current.as_ref()?.job.as_ref()?.data.dataset)
    });
    let query = shell.query();
    let setup = Memo::new(move |_| Setup::from_query(&query.read(), model_dataset.get()));
    let looking = Looking::start();
    let has_model = Memo::new(move |_| lab.bridge.model.read().current.is_some());
    let result = last_result(lab);
    view! {
        <article class="page evaluation">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.evaluation)}</h1>
                <p class="lead for-site">{t!(i18n, evaluation.lead)}</p>
            </header>
            <BadLink read=Look::bad_names />
            <Show when=move || has_model.get() fallback=move || view! { <NoModel setup /> }>
                <div class="evaluation__start">
                    <Card title=text!(i18n, evaluation.model.title)>
                        <CurrentModel />
                    </Card>
                    <Card title=text!(i18n, evaluation.test.title)>
                        <Test setup />
                    </Card>
                </div>
            </Show>
            {move || result.get().map(|evaluation| view! { <ResultView evaluation looking /> })}
            <Show when=move || has_model.get()>
                <Held name="compare">
                    <Card title=text!(i18n, evaluation.compare.title) class="evaluation__comparison">
                        <Compare setup />
                    </Card>
                </Held>
                <Held name="predictions">
                    <Card title=text!(i18n, evaluation.predictions.title) class="evaluation__screen">
                        <p>{t!(i18n, evaluation.predictions.lead)}</p>
                        <PredictionTable dataset=Signal::derive(move || setup.read().dataset) />
                    </Card>
                </Held>
            </Show>
        </article>
    }
}

/// What to do when there is nothing to evaluate.
#[component]
fn NoModel(setup: Memo<Setup>) -> impl IntoView {
    let i18n = use_i18n();
    if shell().is_framed() {
        let dataset = Signal::derive(move || setup.read().dataset);
        let title = text!(i18n, evaluation.no_model.title);
        return view! { <Card title><QuickTraining dataset /></Card> }.into_any();
    }
    view! {
        <Card title=text!(i18n, evaluation.no_model.title)>
            <p>{t!(i18n, evaluation.no_model.text)}</p>
            <p class="buttons">
                <a class="button button--primary" href=Route::Training.href()>{t!(i18n, evaluation.no_model.train)}</a>
                <a class="button" href=Route::Files.href()>{t!(i18n, evaluation.no_model.load)}</a>
            </p>
        </Card>
    }
    .into_any()
}

#[component]
fn CurrentModel() -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let model = model_by_epoch();
    let is_training =
        Memo::new(move |_| lab.bridge.model.read().current.as_ref().is_some_and(|model| model.is_training));
    view! {
        {move || model.get().map(|model| view! { <ModelFacts model /> })}
        <Show when=move || is_training.get()>
            <p class="remark">{t!(i18n, evaluation.model.is_training)}</p>
            {shell().is_framed().then(|| view! { <RunProgress /> })}
        </Show>
        <p><a href=Route::Inside.href()>{t!(i18n, inside.link)}</a></p>
    }
}

#[component]
fn Test(setup: Memo<Setup>) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let lab = laboratory();
    let change =
        move |next: Setup| shell.replace_query(Route::Evaluation, next.write(shell.query_untracked()));
    let datasets_offered =
        DatasetId::ALL.map(|dataset| (dataset.to_string(), dataset.title().to_owned())).to_vec();
    let amounts = Signal::derive(move || {
        let language = shell.language.get();
        Setup::IMAGES.map(|images| (images.to_string(), language.count(images))).to_vec()
    });
    let choose_dataset = move |name: String| {
        if let Ok(dataset) = name.parse() {
            change(Setup { dataset, ..setup.get_untracked() });
        }
    };
    let choose_images = move |images: String| {
        if let Ok(images) = images.parse() {
            change(Setup { images, ..setup.get_untracked() });
        }
    };
    let is_busy = Memo::new(move |_| lab.evaluation.read().work != Work::Idle);
    let announce = move || {
        let Some(result) = lab.evaluation.with_untracked(|state| state.result.clone()) else { return };
        let language = shell.language.get_untracked();
        let (right, total) = (result.confusion.num_right(), result.confusion.num_samples());
        let accuracy = language.percent(result.confusion.accuracy().unwrap_or(0.0), 2);
        let (right, total) = (language.count(right), language.count(total));
        // Said once, in the language of the moment.
        let words =
            untrack(|| t_string!(i18n, evaluation.result.announcement, accuracy, right, total).to_string());
        shell.announce(words);
    };
    // A button that is disabled while it works would lose the keyboard's focus.
    let start = move |_| {
        if !is_busy.get_untracked() {
            evaluate(lab, setup.get_untracked(), None, announce);
        }
    };
    view! {
        <p>{t!(i18n, evaluation.test.lead)}</p>
        <div class="fields">
            <Held name="dataset">
                <Select
                    label=text!(i18n, evaluation.test.dataset)
                    choices=Signal::stored(datasets_offered)
                    value=Signal::derive(move || setup.read().dataset.to_string())
                    on_change=choose_dataset
                    disabled=is_busy
                />
            </Held>
            <Held name="images">
                <Segmented
                    label=text!(i18n, evaluation.test.images)
                    choices=amounts
                    value=Signal::derive(move || setup.read().images.to_string())
                    on_change=choose_images
                    disabled=is_busy
                />
            </Held>
        </div>
        <div class="buttons">
            <button
                type="button"
                class="button button--primary"
                aria-disabled=move || is_busy.get().to_string()
                data-testid="evaluate"
                on:click=start
            >
                <IconMark icon=Icon::Play />
                <span>{t!(i18n, evaluation.test.start)}</span>
            </button>
        </div>
        <Progress of_comparison=false />
    }
}
