//! The form that edits a [`RunSpec`]. The address is its memory: it is read from there and every change is
//! written there. Only a bare link goes back to the job that was looked at last.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::callback_list::CallbacksPart;
use super::data::{DataPart, limit_error};
use super::fit::FitPart;
use super::parts::{LearningPart, MeasuresPart, NetworkPart};
use super::words::Words;
use crate::engine::spec::{FitSpec, RunSpec};
use crate::ui::arguments::HalfTyped;
use crate::ui::browser;
use crate::ui::callbacks::{Drafts, callbacks_from_text, text_error};
use crate::ui::components::{Held, Later};
use crate::ui::context::{Shell, shell};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::callbacks::Setup;
use crate::ui::pages::training::{Field, FitField, Problem, from_query, problems, to_query, too_long};
use crate::ui::routes::{Location, Query, Route};

/// The job in the address and what was typed that is no part of it.
#[derive(Clone, Copy)]
pub struct Form {
    /// The job as it would be started.
    pub job: Memo<RunSpec>,
    /// Names in the address whose values make no sense.
    pub bad_names: Memo<Vec<&'static str>>,
    pub(super) problems: Memo<Vec<Problem>>,
    /// The part of the address that the last change would have made too long to be opened; it was not made.
    pub full: RwSignal<Option<&'static str>>,
    /// Texts that are no usable number.
    drafts: RwSignal<BTreeMap<Field, String>>,
    /// The same of the classes' limits.
    pub(super) class_drafts: RwSignal<BTreeMap<u32, String>>,
    /// Texts that are no values of arguments of fit.
    fit_drafts: RwSignal<BTreeMap<FitField, String>>,
    /// Texts that are no values of callbacks' arguments.
    pub(super) callback_drafts: RwSignal<Drafts>,
    /// Texts that are no values of arguments of optimizer, loss and metrics.
    half_typed: HalfTyped,
    shell: Shell,
    /// The page whose address it is.
    route: Route,
}

impl Form {
    /// Reads the address of this page and follows it.
    pub fn at(route: Route) -> Self {
        let (shell, draft) = (shell(), laboratory().draft);
        if shell.query_untracked().is_empty()
            && let Some(job) = draft.get_value()
        {
            shell.replace_query(route, to_query(&job));
        }
        let query = shell.query();
        let read = Memo::new(move |_| from_query(&query.read()));
        let job = Memo::new(move |_| read.read().0.clone());
        Effect::new(move |_| draft.set_value(Some(job.get())));
        Self {
            job,
            bad_names: Memo::new(move |_| read.read().1.clone()),
            problems: Memo::new(move |_| problems(&job.read())),
            full: RwSignal::new(None),
            drafts: RwSignal::default(),
            class_drafts: RwSignal::default(),
            fit_drafts: RwSignal::default(),
            callback_drafts: RwSignal::default(),
            half_typed: HalfTyped::provide(),
            shell,
            route,
        }
    }

    /// Changes the job.
    pub fn edit(self, change: impl FnOnce(&mut RunSpec)) {
        let mut job = self.job.get_untracked();
        change(&mut job);
        self.take(&job);
    }

    /// Takes another job; whether the address can hold it. If it cannot, everything stays as it is.
    pub fn take(self, job: &RunSpec) -> bool {
        let part = too_long(job);
        self.full.set(part);
        if part.is_none() {
            self.shell.replace_query(self.route, to_query(job));
        }
        part.is_none()
    }

    /// A link that brings the job to another page.
    pub fn link(self, route: Route) -> String {
        Location { route: Some(route), query: to_query(&self.job.read()) }.to_hash()
    }

    /// A link that brings the callbacks to the page where they are rehearsed.
    pub(super) fn rehearsal(self) -> String {
        let setup = Setup::of_job(&self.job.read());
        let query = setup.to_query(setup.look(&Query::default()));
        Location { route: Some(Route::Callbacks), query }.to_hash()
    }

    /// What is in the address, as it stands there.
    pub(super) fn query_text(self, name: &str) -> Option<String> {
        self.shell.location.read().query.get(name).map(str::to_owned)
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

    /// Takes what was typed, or keeps it as it is.
    pub(super) fn type_fit(self, field: FitField, text: String) {
        let mut fit = self.job.get_untracked().fit;
        if field.accept(&text, &mut fit) {
            self.change_fit(&[field], |now| *now = fit);
        } else {
            self.fit_drafts.update(|drafts| drop(drafts.insert(field, text)));
        }
    }

    /// Changes arguments of fit; what was typed into the fields of those named is forgotten.
    pub(super) fn change_fit(self, fields: &[FitField], change: impl FnOnce(&mut FitSpec)) {
        self.fit_drafts.update(|drafts| drafts.retain(|field, _| !fields.contains(field)));
        self.edit(|job| change(&mut job.fit));
    }

    pub(super) fn fit_draft(self, field: FitField) -> Option<String> {
        self.fit_drafts.read().get(&field).cloned()
    }

    /// What is wrong with one argument of fit.
    pub(super) fn error_of_fit(self, field: FitField, words: Words) -> Option<String> {
        if let Some(given) = self.fit_draft(field) {
            return Some(words.fit_error(field, given));
        }
        let problems = self.problems.read();
        let problem = problems.iter().find(|problem| problem.fit_field() == Some(field));
        problem.map(|problem| words.problem(problem, &self.job.read()))
    }

    /// What is wrong with one field.
    pub(super) fn error_of(self, field: Field, words: Words) -> Option<String> {
        if self.drafts.read().contains_key(&field) {
            return Some(words.not_within(field, self.draft(field)));
        }
        let problems = self.problems.read();
        let problem = problems.iter().find(|problem| problem.field() == Some(field));
        problem.map(|problem| words.problem(problem, &self.job.read()))
    }

    /// Why the job cannot be started.
    pub(super) fn reason(self, words: Words) -> Option<String> {
        let job = self.job.read();
        // What was typed into a field that has left the form does not matter.
        let typed = self.drafts.read().keys().copied().find(|field| field.get(&job).is_some());
        let typed = typed.map(|field| words.not_within(field, self.draft(field)));
        let limit = || {
            let drafts = self.class_drafts.read();
            drafts.iter().find_map(|(class, given)| limit_error(words, job.data.dataset, *class, given))
        };
        let fit = || {
            let drafts = self.fit_drafts.read();
            drafts.iter().next().map(|(field, given)| words.fit_error(*field, given.clone()))
        };
        let callback = || {
            let (position, argument) = self.callback_drafts.read().first(&job.fit.callbacks)?;
            let class_name = job.fit.callbacks.get(position)?.class_name();
            Some(words.callback_argument(position, class_name, argument))
        };
        let problem = || {
            let problems = self.problems.read();
            let problem = problems.iter().find(|problem| !problem.is_warning());
            problem.map(|problem| words.problem(problem, &job))
        };
        let typed = typed.or_else(limit).or_else(fit).or_else(callback);
        typed.or_else(|| self.half_typed.first()).or_else(problem)
    }
}

/// Says that the last change was not made, and why.
#[component]
pub fn LinkFull(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let part = form.full.get()?;
        Some(view! { <p class="field__error" role="status">{t!(i18n, training.link_full, part)}</p> })
    }
}

/// The form; locked while a run is going on.
#[component]
pub fn SetupForm(form: Form, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    // On a small screen the way to the Start button must not be long.
    let is_wide = browser::has_two_columns();
    let bad_names = move || {
        let names = form.bad_names.read().join(", ");
        let why = form.query_text("callbacks").and_then(|text| callbacks_from_text(&text).err());
        let why = why.map(|error| text_error(i18n, &error));
        (!names.is_empty())
            .then(|| view! { <p class="note">{t!(i18n, training.bad_link, names)} " " {why}</p> })
    };
    view! {
        {bad_names}
        <LinkFull form />
        <fieldset class="setup" disabled=move || locked.get()>
            <legend class="visually-hidden">{t!(i18n, training.setup)}</legend>
            <p class="note" hidden=move || !locked.get()>{t!(i18n, training.locked)}</p>
            <section class="setup__group">
                <h3>{t!(i18n, training.data)}</h3>
                <DataPart form />
            </section>
            <section class="setup__group">
                <h3>{t!(i18n, training.network)}</h3>
                <Later unless=is_wide><NetworkPart form /></Later>
            </section>
            <details class="setup__group" open=is_wide>
                <summary><h3>{t!(i18n, training.learning)}</h3></summary>
                <div class="setup__body"><Later unless=is_wide><LearningPart form /></Later></div>
            </details>
            <details class="setup__group">
                <summary><h3>{t!(i18n, training.measures)}</h3></summary>
                <div class="setup__body"><Later><MeasuresPart form /></Later></div>
            </details>
            <details class="setup__group">
                <summary><h3>{t!(i18n, fit.more)}</h3></summary>
                <Held name="fit">
                    <div class="setup__body"><Later><FitPart form /></Later></div>
                </Held>
            </details>
            <details class="setup__group" open=is_wide>
                <summary><h3>{t!(i18n, callbacks.live.title)}</h3></summary>
                <Held name="callbacks">
                    <div class="setup__body"><Later><CallbacksPart form /></Later></div>
                </Held>
            </details>
        </fieldset>
    }
}
