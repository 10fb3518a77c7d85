//! The form that edits a [`RunSpec`]. The address is its only memory: it is read from there and every
//! change is written there.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::parts::{DataPart, LearningPart, NetworkPart, StoppingPart};
use super::words::Words;
use crate::engine::spec::RunSpec;
use crate::ui::browser;
use crate::ui::context::{Shell, shell};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::pages::training::{Field, Problem, from_query, problems, to_query};
use crate::ui::routes::Route;

/// The job in the address and what was typed that is no part of it.
#[derive(Clone, Copy)]
pub struct Form {
    /// The job as it would be started.
    pub job: Memo<RunSpec>,
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
    pub fn edit(self, change: impl FnOnce(&mut RunSpec)) {
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
    // On a small screen the way to the Start button must not be long.
    let is_wide = browser::matches_media("(min-width: 60rem)");
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
            <details class="setup__group" open=is_wide>
                <summary><h3>{t!(i18n, training.learning)}</h3></summary>
                <div class="setup__body"><LearningPart form /></div>
            </details>
            <details class="setup__group" open=is_wide>
                <summary><h3>{t!(i18n, training.stopping)}</h3></summary>
                <div class="setup__body"><StoppingPart form /></div>
            </details>
        </fieldset>
    }
}
