//! Names of parts and classes in the reader's language.

use leptos_i18n::I18nContext;

use super::parts::Part;
use crate::data::{DatasetId, Split};
use crate::ui::i18n::{Locale, t_string};
use crate::ui::names::class_name;

/// A part's name.
pub fn part_name(i18n: I18nContext<Locale>, part: Part) -> String {
    match part {
        Part::Train => t_string!(i18n, data.part.train).to_string(),
        Part::Validation => t_string!(i18n, data.part.validation).to_string(),
        Part::Test => t_string!(i18n, data.part.test).to_string(),
    }
}

/// A file's name.
pub fn file_name(i18n: I18nContext<Locale>, split: Split) -> String {
    match split {
        Split::Train => t_string!(i18n, data.file.train).to_string(),
        Split::Test => t_string!(i18n, data.file.test).to_string(),
    }
}

/// The names of a dataset's classes.
pub fn class_names(i18n: I18nContext<Locale>, dataset: DatasetId) -> Vec<String> {
    dataset.classes().into_iter().map(|key| class_name(i18n, key)).collect()
}
