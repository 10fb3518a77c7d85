//! [`HalfTyped`]: what stands in fields and is no value (yet).

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::ui::components::fresh_id;

/// The fields of a page whose texts are no values, each with what is to be said of it. A page that must not
/// begin anything before they are mended provides it to the forms within.
#[derive(Clone, Copy, Default)]
pub struct HalfTyped(RwSignal<BTreeMap<String, Signal<String>>>);

impl HalfTyped {
    /// For every form below the component at hand.
    pub fn provide() -> Self {
        let all = Self::default();
        provide_context(all);
        all
    }

    /// What is to be said of the first of them.
    pub fn first(self) -> Option<String> {
        self.0.read().values().next().map(|said| said.get())
    }
}

/// The text of one field that is no value.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    text: RwSignal<Option<String>>,
    id: StoredValue<String>,
    said: Signal<String>,
    all: Option<HalfTyped>,
}

impl Draft {
    /// None yet; `said` tells what the field takes.
    pub fn new(said: Signal<String>) -> Self {
        let (id, all) = (fresh_id("draft"), use_context::<HalfTyped>());
        let own = id.clone();
        // The field may leave its form with the text in it, or the whole page at once.
        on_cleanup(move || {
            let is_known = |HalfTyped(all): &HalfTyped| {
                all.try_with_untracked(|all| all.contains_key(&own)) == Some(true)
            };
            if let Some(HalfTyped(all)) = all.filter(is_known) {
                all.try_update(|all| all.remove(&own));
            }
        });
        Self { text: RwSignal::default(), id: StoredValue::new(id), said, all }
    }

    /// The text, if there is one.
    pub fn get(self) -> Option<String> {
        self.text.get()
    }

    /// Whether there is one.
    pub fn is_some(self) -> bool {
        self.text.read().is_some()
    }

    /// Keeps a text, or forgets it.
    pub fn set(self, text: Option<String>) {
        if let Some(HalfTyped(all)) = self.all {
            let id = self.id.get_value();
            all.update(|all| match &text {
                Some(_) => drop(all.insert(id, self.said)),
                None => drop(all.remove(&id)),
            });
        }
        self.text.set(text);
    }
}
