//! What the benches' pages share: settings that live in the address, can be taken back, and are changed by small steps.

use super::components::once_quiet;
use super::context::{Shell, shell};
use super::history::{History, Moment};
use super::routes::{Query, Route};
use leptos::prelude::*;

/// Settings that a link can carry.
pub trait Shared: Clone + PartialEq + Send + Sync + 'static {
    /// The page they belong to.
    const ROUTE: Route;

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    fn from_query(query: &Query) -> (Self, Vec<&'static str>);

    /// The address's form.
    fn to_query(&self) -> Query;
}

/// The settings of one page. They stand in the address as soon as nothing moves.
pub struct Bench<S: Shared> {
    pub shell: Shell,
    pub setup: RwSignal<S>,
    history: RwSignal<History<S, ()>>,
    /// Whether a drag has already noted where it began.
    is_dragging: StoredValue<bool>,
    keep: Callback<()>,
}

impl<S: Shared> Copy for Bench<S> {}

#[expect(clippy::expl_impl_clone_on_copy, reason = "a derived one would ask it of the settings, too")]
impl<S: Shared> Clone for Bench<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Shared> Bench<S> {
    /// Reads the address, and follows it when it changes from outside.
    pub fn open() -> Bench<S> {
        let shell = shell();
        let setup = RwSignal::new(S::from_query(&shell.query_untracked()).0);
        // What was written here need not be read back: the settings may have moved on.
        let written = StoredValue::new(None::<Query>);
        let keep = once_quiet(move || {
            let query = setup.read_untracked().to_query();
            written.set_value(Some(query.clone()));
            shell.replace_query(S::ROUTE, query);
        });
        let query = shell.query();
        Effect::new(move |before: Option<Query>| {
            let now = query.get();
            let is_own = written.with_value(|written| written.as_ref() == Some(&now));
            if before.is_some_and(|before| before != now) && !is_own {
                setup.set(S::from_query(&now).0);
            }
            now
        });
        let (history, is_dragging) = (RwSignal::new(History::default()), StoredValue::new(false));
        Bench { shell, setup, history, is_dragging, keep }
    }

    /// Changes the settings; the step can be taken back.
    pub fn change(self, edit: impl FnOnce(&mut S)) {
        self.is_dragging.set_value(false);
        self.step(edit, true);
    }

    /// Changes the settings as a part of a drag, which is taken back as a whole.
    pub fn drag(self, edit: impl FnOnce(&mut S)) {
        let is_first = !self.is_dragging.get_value();
        if self.step(edit, is_first) {
            self.is_dragging.set_value(true);
        }
    }

    /// The drag is over.
    pub fn let_go(self) {
        // The page may have been left meanwhile.
        let _ = self.is_dragging.try_set_value(false);
    }

    fn step(self, edit: impl FnOnce(&mut S), is_noted: bool) -> bool {
        let before = self.setup.get_untracked();
        let mut next = before.clone();
        edit(&mut next);
        let next = self.shell.held(next, S::to_query, |query| S::from_query(query).0);
        if next == before {
            return false;
        }
        if is_noted {
            self.history.update(|history| history.note(Moment { setup: before, place: () }));
        }
        self.setup.set(next);
        self.keep.run(());
        true
    }

    /// Whether there are steps to take back, and to take again.
    pub fn steps(self) -> (bool, bool) {
        self.history.read().has()
    }

    /// Takes the last change back, or makes it again.
    pub fn travel(self, is_back: bool) {
        let now = Moment { setup: self.setup.get_untracked(), place: () };
        let found = self.history.try_update(|history| history.travel(is_back, now)).flatten();
        if let Some(Moment { setup, .. }) = found {
            self.is_dragging.set_value(false);
            self.setup.set(setup);
            self.keep.run(());
        }
    }
}
