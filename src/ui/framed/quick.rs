//! [`QuickTraining`]: a network for widgets that look at one, where there is no other page to train it on.

use leptos::prelude::*;

use crate::data::DatasetId;
use crate::ui::components::{Icon, IconMark};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::default_job;
use crate::ui::training::RunProgress;

/// Enough to see what a network gets right and wrong.
const EPOCHS: usize = 2;

/// The offer to train a small network on this dataset, and how far it is.
#[component]
pub fn QuickTraining(#[prop(into)] dataset: Signal<DatasetId>) -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let phase = run.phase();
    let start = move |_| {
        let mut job = default_job();
        job.fit.epochs = EPOCHS;
        job.data.dataset = dataset.get_untracked();
        run.start(job);
    };
    view! {
        <p>{t!(i18n, embed.quick.text)}</p>
        <p>
            <button
                type="button"
                class="button button--primary"
                data-testid="quick-training"
                disabled=move || phase.get().is_active()
                on:click=start
            >
                <IconMark icon=Icon::Play />
                {t!(i18n, embed.quick.start)}
            </button>
        </p>
        <RunProgress />
    }
}
