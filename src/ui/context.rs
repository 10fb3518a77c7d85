//! What every page may ask for: language, theme, place, and the voice for screen readers.
//!
//! Provided once in [`App`](super::app::App); each is `Copy` and found with [`shell`].

use super::browser;
use super::canvas::Palette;
use super::components::Building;
use super::embed::Frame;
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
    /// What of the page is still to be made.
    pub building: Building,
    /// What the live region says.
    announcement: RwSignal<String>,
    /// How the page stands in another one; none if it stands by itself.
    frame: StoredValue<Option<Frame>>,
}

/// The shell's signals, from any component.
pub fn shell() -> Shell {
    expect_context()
}

impl Shell {
    /// Reads the remembered choices and the address, and listens for changes from outside.
    pub fn start() -> Shell {
        let (frame, location) = read_address();
        let own = frame.as_ref().and_then(|frame| frame.language);
        let wanted = own.or_else(|| browser::remembered("language").and_then(|tag| Language::from_tag(&tag)));
        let language = wanted.unwrap_or_else(|| {
            let languages = browser::languages();
            Language::negotiate(languages.iter().map(String::as_str))
        });
        let own = frame.as_ref().and_then(|frame| frame.theme);
        let theme = own.or_else(|| browser::remembered("theme").and_then(|name| Theme::from_name(&name)));
        let theme = theme.unwrap_or_default();
        apply_theme(theme);
        let shell = Shell {
            language: RwSignal::new(language),
            theme: RwSignal::new(theme),
            location: RwSignal::new(location),
            palette: RwSignal::new(Arc::new(Palette::read())),
            building: Building::start(),
            announcement: RwSignal::new(String::new()),
            frame: StoredValue::new(frame),
        };
        browser::on_media_change("(prefers-color-scheme: dark)", move || shell.refresh_palette());
        let hash = window_event_listener(leptos::ev::hashchange, move |_| {
            shell.follow(read_address());
        });
        on_cleanup(move || hash.remove());
        shell
    }

    /// The address has changed from outside. Another frame is another page.
    fn follow(self, (frame, location): (Option<Frame>, Location)) {
        let is_same = self.frame.with_value(|now| match (now, &frame) {
            (None, None) => true,
            (Some(now), Some(frame)) => now.is_like(frame),
            _ => false,
        });
        if !is_same {
            // A browser that does not reload goes on with the frame that is there.
            let _ = window().location().reload();
            return;
        }
        self.frame.set_value(frame);
        if location != self.location.get_untracked() {
            self.location.set(location);
        }
    }

    /// What `aria-busy` says: whether a part of the page is still to come.
    pub fn when_building(self) -> impl Fn() -> Option<&'static str> + Copy + 'static {
        move || self.building.is_busy.get().then_some("true")
    }

    /// Whether the page stands in another one.
    pub fn is_framed(self) -> bool {
        self.frame.with_value(Option::is_some)
    }

    /// Reads how the page stands in another one, if it does.
    pub fn with_frame<T>(self, read: impl FnOnce(&Frame) -> T) -> Option<T> {
        self.frame.with_value(|frame| frame.as_ref().map(read))
    }

    /// Takes a state from the page around this one: what is fixed has its values from now on.
    pub fn take_state(self, query: Query) {
        self.frame.update_value(|frame| {
            if let Some(frame) = frame {
                frame.give(query.clone());
            }
        });
        let location = Location { query, ..self.location.get_untracked() };
        if location != self.location.get_untracked() {
            self.show(location);
        }
    }

    /// A state as the teacher allows it: `next`, unless something in it is fixed.
    pub fn held<S>(
        self,
        next: S,
        to_query: impl FnOnce(&S) -> Query,
        from_query: impl FnOnce(&Query) -> S,
    ) -> S {
        let pinned = self.with_frame(|frame| frame.holds().then(|| frame.pin(&to_query(&next)))).flatten();
        pinned.map_or(next, |query| from_query(&query))
    }

    /// The hash of a place, in this frame if there is one.
    fn hash_of(self, location: &Location) -> String {
        self.with_frame(|frame| frame.to_hash(&location.query)).unwrap_or_else(|| location.to_hash())
    }

    /// The whole address of the page by itself, with its state, also where it stands in another one.
    pub fn page_address(self) -> String {
        let hash = self.location.with_untracked(Location::to_hash);
        format!("{}{hash}", browser::base_address())
    }

    /// Changes the language and remembers it, unless the page stands in another one.
    pub fn choose_language(self, language: Language) {
        if !self.is_framed() {
            browser::remember("language", language.tag());
        }
        // What was said in the old language must not be found in a page of the new one.
        self.announcement.set(String::new());
        self.language.set(language);
    }

    /// Changes the theme and remembers it, unless the page stands in another one.
    pub fn choose_theme(self, theme: Theme) {
        if !self.is_framed() {
            browser::remember("theme", theme.name());
        }
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
        let query = self.with_frame(|frame| frame.pin(&query)).unwrap_or(query);
        let location = Location { route: Some(route), query };
        if self.location.with_untracked(|now| now.route != location.route || *now == location) {
            return;
        }
        self.show(location);
    }

    fn show(self, location: Location) {
        let hash = self.hash_of(&location);
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

/// Where the address says that the reader is, and in what frame.
pub fn read_address() -> (Option<Frame>, Location) {
    let hash = window().location().hash().unwrap_or_default();
    match Frame::parse(&hash) {
        Some((frame, location)) => (Some(frame), location),
        None => (None, Location::parse(&hash)),
    }
}
