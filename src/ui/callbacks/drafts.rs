//! [`Drafts`]: what was typed into the fields of a list of callbacks and is no value.

use std::collections::BTreeMap;

use super::argument::{Argument, arguments};
use crate::engine::callbacks::CallbackSpec;

/// Position in the list, class name and argument.
type Place = (usize, &'static str, &'static str);

/// Texts that are no values, each in its place. They move with their callbacks.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Drafts(BTreeMap<Place, String>);

impl Drafts {
    /// The text in a field.
    pub fn get(&self, place: Place) -> Option<&str> {
        self.0.get(&place).map(String::as_str)
    }

    /// Keeps a text, or forgets the one that was there.
    pub fn set(&mut self, place: Place, text: Option<String>) {
        match text {
            Some(text) => drop(self.0.insert(place, text)),
            None => drop(self.0.remove(&place)),
        }
    }

    /// Two callbacks have changed places.
    pub fn swap(&mut self, one: usize, other: usize) {
        self.shift(|position| {
            Some(match position {
                it if it == one => other,
                it if it == other => one,
                it => it,
            })
        });
    }

    /// A callback has left the list.
    pub fn remove(&mut self, gone: usize) {
        self.shift(|position| (position != gone).then(|| position - usize::from(position > gone)));
    }

    fn shift(&mut self, to: impl Fn(usize) -> Option<usize>) {
        let all = std::mem::take(&mut self.0).into_iter();
        let moved =
            all.filter_map(|((position, class, name), text)| Some(((to(position)?, class, name), text)));
        self.0 = moved.collect();
    }

    /// The first field of these callbacks whose text is no value. What was typed into a field that is not
    /// there any more does not matter.
    pub fn first(&self, callbacks: &[CallbackSpec]) -> Option<(usize, Argument)> {
        self.0.keys().find_map(|(position, class, name)| {
            let spec = callbacks.get(*position).filter(|spec| spec.class_name() == *class)?;
            let argument = arguments(spec).into_iter().find(|argument| argument.name == *name)?;
            Some((*position, argument))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Place = (1, "EarlyStopping", "patience");

    fn first(drafts: &Drafts, callbacks: &[CallbackSpec]) -> Option<(usize, &'static str)> {
        drafts.first(callbacks).map(|(position, argument)| (position, argument.name))
    }

    #[test]
    fn a_text_moves_with_its_callback_and_goes_with_it() {
        let mut drafts = Drafts::default();
        drafts.set(PATIENCE, Some("two".to_owned()));
        drafts.set((3, "CSVLogger", "filename"), Some("x".to_owned()));
        drafts.swap(1, 0);
        assert_eq!((drafts.get((0, "EarlyStopping", "patience")), drafts.get(PATIENCE)), (Some("two"), None));
        drafts.remove(0);
        assert_eq!(drafts.get((2, "CSVLogger", "filename")), Some("x"));
        drafts.set((2, "CSVLogger", "filename"), None);
        assert_eq!(drafts, Drafts::default());
    }

    #[test]
    fn only_a_field_that_is_there_matters() {
        let mut list = CallbackSpec::palette();
        let mut drafts = Drafts::default();
        drafts.set((0, "EarlyStopping", "patience"), Some("two".to_owned()));
        assert_eq!(first(&drafts, &list), Some((0, "patience")));
        list.remove(0);
        assert_eq!((first(&drafts, &list), first(&drafts, &[])), (None, None));
    }

    #[test]
    fn another_schedule_takes_the_fields_of_the_one_before_away() {
        let list = CallbackSpec::palette();
        let position = list.iter().position(|spec| spec.class_name() == "LearningRateScheduler").unwrap();
        let mut drafts = Drafts::default();
        drafts.set((position, "LearningRateScheduler", "no_such_argument"), Some("x".to_owned()));
        assert_eq!(first(&drafts, &list), None);
    }
}
