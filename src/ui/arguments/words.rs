//! The words of arguments in the reader's language.

use leptos_i18n::I18nContext;

use super::meanings::for_each_meaning;
use crate::ui::i18n::{Locale, t_string};

macro_rules! find {
    ($($key:ident,)*) => {
        /// What the argument is for, by its key in [`MEANINGS`](super::MEANINGS).
        pub fn meaning_text(i18n: I18nContext<Locale>, key: &str) -> String {
            match key {
                $(stringify!($key) => t_string!(i18n, network.argument.$key).to_string(),)*
                other => other.to_owned(),
            }
        }
    };
}
for_each_meaning!(find);
