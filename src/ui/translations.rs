//! The translation lookup, which `build.rs` makes from `www/locales`.

#[allow(clippy::all, clippy::pedantic, reason = "generated code")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}
pub use generated::i18n;

/// A translated text as a signal: `text!(i18n, common.nav.home)`.
macro_rules! text {
    ($i18n:expr, $($rest:tt)*) => {
        leptos::prelude::Signal::derive(move || $crate::ui::i18n::t_string!($i18n, $($rest)*).to_string())
    };
}
pub(crate) use text;
