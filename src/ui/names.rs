//! Names of classes in the reader's language.

use super::i18n::{Locale, t_string};
use leptos_i18n::I18nContext;

/// A class's name: its translation if `key` is a locale key, else the key itself, as for digits.
pub fn class_name(i18n: I18nContext<Locale>, key: &str) -> String {
    let Some(class) = key.strip_prefix("dataset.fashion_mnist.class.") else { return key.to_owned() };
    match class {
        "t_shirt" => t_string!(i18n, evaluation.class.t_shirt),
        "trouser" => t_string!(i18n, evaluation.class.trouser),
        "pullover" => t_string!(i18n, evaluation.class.pullover),
        "dress" => t_string!(i18n, evaluation.class.dress),
        "coat" => t_string!(i18n, evaluation.class.coat),
        "sandal" => t_string!(i18n, evaluation.class.sandal),
        "shirt" => t_string!(i18n, evaluation.class.shirt),
        "sneaker" => t_string!(i18n, evaluation.class.sneaker),
        "bag" => t_string!(i18n, evaluation.class.bag),
        "ankle_boot" => t_string!(i18n, evaluation.class.ankle_boot),
        unknown => unknown,
    }
    .to_string()
}

/// Whether these names are too long for the narrow columns of a matrix.
pub fn are_long(names: &[String]) -> bool {
    names.iter().any(|name| name.chars().count() > 3)
}
