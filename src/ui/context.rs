//! What every page may ask for: language, theme, place, and the voice for screen readers.
//!
//! Provided once in [`App`](super::app::App); each is `Copy` and found with [`shell`].

use super::browser;
use super::canvas::Palette;
use super::i18n::Locale;
use super::locale::Language;
use super::routes::{Location, Query, Route};
use super::theme::Theme;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// The shell's signals.
#[derive(Clone, Copy)]
pub struct Shell {
    /// The page's language; translations follow it.
    pub language: RwSignal<Language>,
    /// The reader's choice of theme.
    pub theme: RwSignal<Theme>,
    /// Where the reader is.
    pub location: RwSignal<Location>,
    /// The colours canvases paint with, read from the style sheet once per theme change.
    pub palette: RwSignal<Arc<Palette>>,
    /// What the live region says.
    announcement: RwSignal<String>,
}

/// The shell's signals, from any component.
pub fn shell() -> Shell {
    expect_context()
}

impl Shell {
    /// Reads the remembered choices and the address, and listens for changes from outside.
    pub fn start() -> Shell {
        let wanted = browser::remembered("language").and_then(|tag| Language::from_tag(&tag));
        let language = wanted.unwrap_or_else(|| {
            let languages = browser::languages();
            Language::negotiate(languages.iter().map(String::as_str))
        });
        let theme = browser::remembered("theme").and_then(|name| Theme::from_name(&name)).unwrap_or_default();
        apply_theme(theme);
        let shell = Shell {
            language: RwSignal::new(language),
            theme: RwSignal::new(theme),
            location: RwSignal::new(read_location()),
            palette: RwSignal::new(Arc::new(Palette::read())),
            announcement: RwSignal::new(String::new()),
        };
        browser::on_media_change("(prefers-color-scheme: dark)", move || shell.refresh_palette());
        let hash = window_event_listener(leptos::ev::hashchange, move |_| {
            let location = read_location();
            if location != shell.location.get_untracked() {
                shell.location.set(location);
            }
        });
        on_cleanup(move || hash.remove());
        shell
    }

    /// Changes the language and remembers it.
    pub fn choose_language(self, language: Language) {
        browser::remember("language", language.tag());
        // What was said in the old language must not be found in a page of the new one.
        self.announcement.set(String::new());
        self.language.set(language);
    }

    /// Changes the theme and remembers it.
    pub fn choose_theme(self, theme: Theme) {
        browser::remember("theme", theme.name());
        apply_theme(theme);
        self.theme.set(theme);
        self.refresh_palette();
    }

    /// Says a sentence through the one live region; the same sentence twice is said twice.
    pub fn announce(self, text: impl Into<String>) {
        let mut text: String = text.into();
        // A region speaks only when its text changes.
        if self.announcement.with_untracked(|said| *said == text) {
            text.push('\u{a0}');
        }
        self.announcement.set(text);
    }

    /// What the live region holds.
    pub fn announcement(self) -> ReadSignal<String> {
        self.announcement.read_only()
    }

    /// The page the reader is on; `None` for an unknown address.
    pub fn route(self) -> Memo<Option<Route>> {
        Memo::new(move |_| self.location.read().route)
    }

    /// The state in the address, for the page the reader is on: it stands still once another page is there.
    /// What follows the address lives a moment longer than its page, and would read the next page's state as its own.
    pub fn query(self) -> Memo<Query> {
        let route = self.location.read_untracked().route;
        Memo::new(move |before: Option<&Query>| {
            let location = self.location.read();
            match before {
                Some(before) if location.route != route => before.clone(),
                _ => location.query.clone(),
            }
        })
    }

    /// The state in the address now, without following it.
    pub fn query_untracked(self) -> Query {
        self.location.read_untracked().query.clone()
    }

    /// Writes a page's state into the address without a new history entry and without navigation.
    pub fn replace_query(self, route: Route, query: Query) {
        let location = Location { route: Some(route), query };
        if self.location.with_untracked(|now| now.route != location.route || *now == location) {
            return;
        }
        let hash = location.to_hash();
        self.location.set(location);
        if let Ok(history) = window().history() {
            // A frame without history access keeps working, only its address stands still.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&hash));
        }
    }

    fn refresh_palette(self) {
        self.palette.set(Arc::new(Palette::read()));
    }
}

/// The translation library's name of a language.
pub fn locale_of(language: Language) -> Locale {
    match language {
        Language::En => Locale::en,
        Language::Ru => Locale::ru,
    }
}

fn apply_theme(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    // Setting an attribute fails only for an illegal name.
    let _ = match theme {
        Theme::Auto => root.remove_attribute("data-theme"),
        Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
    };
}

fn read_location() -> Location {
    Location::parse(&window().location().hash().unwrap_or_default())
}
