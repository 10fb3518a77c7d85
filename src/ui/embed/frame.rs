//! [`Frame`]: what the address of an embedded widget says beside its state.
//!
//! `#/embed/convolution?strides=2,2&lang=ru&theme=dark&lock=strides,kernel&hide=take&host=https%3A%2F%2Fcourse.example`.

use std::collections::BTreeSet;

use super::Widget;
use crate::ui::locale::Language;
use crate::ui::routes::{Location, Query, join_hash, split_hash};
use crate::ui::theme::Theme;

/// Before the widget's name.
const FOLDER: &str = "embed/";
/// Names in the address that belong to the frame; no page has any of these.
const OWN: [&str; 7] = ["lang", "theme", "lock", "hide", "host", "id", "goal"];
/// Every setting.
const ALL: &str = "all";
/// Bytes of a list of names, at most.
const LIST_MAX_BYTES: usize = 1_000;
/// Bytes of an origin, at most: longer names no host can have.
const ORIGIN_MAX_BYTES: usize = 300;
/// Bytes of an id, at most.
const ID_MAX_BYTES: usize = 64;
/// Right answers or changes that are asked for, if the address does not say.
const GOAL: u32 = 5;
const MAX_GOAL: u32 = 100;

/// How a widget stands in another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The widget; none if there is none of that name.
    pub widget: Option<Widget>,
    /// In the place of the reader's language.
    pub language: Option<Language>,
    /// In the place of the reader's theme.
    pub theme: Option<Theme>,
    /// The origin of the page around it: who is listened to, and told.
    pub host: Option<String>,
    /// Tells several widgets of one page apart.
    pub id: String,
    /// Right answers or changes until it is done.
    pub goal: u32,
    /// Names of values that make no sense.
    pub bad: Vec<&'static str>,
    fixed: BTreeSet<&'static str>,
    hidden: BTreeSet<&'static str>,
    /// The state that the teacher gave.
    given: Query,
    /// The frame's own names, as they stood in the address.
    own: Query,
}

impl Frame {
    /// Reads `location.hash`; nothing if it is not that of an embedded widget.
    pub fn parse(hash: &str) -> Option<(Frame, Location)> {
        let (path, query) = split_hash(hash);
        let name = if path == FOLDER.trim_end_matches('/') { "" } else { path.strip_prefix(FOLDER)? };
        let widget = Widget::from_name(name);
        let is_own = |name: &str| OWN.contains(&name);
        let part = |wanted: bool| {
            let pairs = query.pairs().filter(|(name, _)| is_own(name) == wanted);
            pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Query>()
        };
        let (own, given) = (part(true), part(false));
        let mut frame = Frame {
            widget,
            language: None,
            theme: None,
            host: None,
            id: String::new(),
            goal: GOAL,
            bad: Vec::new(),
            fixed: BTreeSet::new(),
            hidden: BTreeSet::new(),
            given: given.clone(),
            own: own.clone(),
        };
        frame.read(&own);
        Some((frame, Location { route: widget.map(Widget::route), query: given }))
    }

    fn read(&mut self, own: &Query) {
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if own.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        read("lang", &mut |text| Language::from_tag(text).map(|it| self.language = Some(it)));
        read("theme", &mut |text| Theme::from_name(text).map(|it| self.theme = Some(it)));
        read("host", &mut |text| origin(text).map(|it| self.host = Some(it)));
        read("id", &mut |text| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
            (text.len() <= ID_MAX_BYTES && text.chars().all(is_plain)).then(|| text.clone_into(&mut self.id))
        });
        read("goal", &mut |text| {
            let goal = text.parse().ok().filter(|goal| (1..=MAX_GOAL).contains(goal))?;
            self.goal = goal;
            Some(())
        });
        let Some(widget) = self.widget else {
            self.bad = bad;
            return;
        };
        read("lock", &mut |text| {
            names(text, |name| match name {
                ALL => Some(widget.setting_names().collect()),
                name => widget.setting_of(name).map(|name| vec![name]),
            })
            .map(|(known, is_good)| {
                self.fixed = known;
                is_good
            })?
        });
        read("hide", &mut |text| {
            names(text, |name| {
                let part = widget.parts().iter().copied().find(|part| *part == name);
                part.or_else(|| widget.setting_of(name)).map(|name| vec![name])
            })
            .map(|(known, is_good)| {
                self.hidden = known;
                is_good
            })?
        });
        self.bad = bad;
    }

    /// Whether the reader must not change a setting.
    pub fn is_fixed(&self, name: &str) -> bool {
        self.fixed.contains(name)
    }

    /// Whether a setting or a part is not shown.
    pub fn is_hidden(&self, name: &str) -> bool {
        self.hidden.contains(name)
    }

    /// Whether anything is held.
    pub fn holds(&self) -> bool {
        !self.fixed.is_empty() || !self.hidden.is_empty()
    }

    /// A state in which everything that is fixed, or cannot be seen, has the teacher's value, whatever led to it.
    #[must_use]
    pub fn pin(&self, next: &Query) -> Query {
        let Some(widget) = self.widget.filter(|_| self.holds()) else { return next.clone() };
        let is_held = |key: &str| {
            widget.setting_of(key).is_some_and(|name| self.is_fixed(name) || self.is_hidden(name))
        };
        let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        let free = next.pairs().filter(|(key, _)| !is_held(key));
        // The teacher's names first, in the order in which they were given: the same state has the same form.
        self.given.pairs().filter(|(key, _)| is_held(key)).chain(free).map(owned).collect()
    }

    /// Whether it is the same frame, whatever its state.
    pub fn is_like(&self, other: &Frame) -> bool {
        (self.widget, &self.own) == (other.widget, &other.own)
    }

    /// Takes a state that the page around it has sent for the teacher's.
    pub fn give(&mut self, state: Query) {
        self.given = state;
    }

    /// The address of this frame with another state.
    pub fn to_hash(&self, state: &Query) -> String {
        let name = self.widget.map_or("", Widget::name);
        let all = state.pairs().chain(self.own.pairs());
        let all = all.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        join_hash(&format!("{FOLDER}{name}"), &all)
    }
}

/// The names of a list with commas, each translated by `find`; whether all were known comes second. Nothing if
/// the list is too long to be meant.
fn names(
    text: &str,
    find: impl Fn(&str) -> Option<Vec<&'static str>>,
) -> Option<(BTreeSet<&'static str>, Option<()>)> {
    if text.len() > LIST_MAX_BYTES {
        return None;
    }
    let given = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let (mut known, mut is_good) = (BTreeSet::new(), Some(()));
    for name in given {
        match find(name) {
            Some(found) => known.extend(found),
            None => is_good = None,
        }
    }
    Some((known, is_good))
}

/// The origin of an address: scheme, host and port and nothing else, as browsers write it in messages.
fn origin(text: &str) -> Option<String> {
    if text.len() > ORIGIN_MAX_BYTES {
        return None;
    }
    let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let (host, port) = match rest.rsplit_once(':') {
        // A colon within brackets is one of an IPv6 address.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match inner {
        Some(address) => !address.is_empty() && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':'),
        None => !host.is_empty() && host.chars().all(is_name),
    };
    let usual = match scheme {
        "https" => "443",
        "http" => "80",
        _ => return None,
    };
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port));
    // Browsers leave out the usual port.
    let port = port.filter(|port| *port != usual).map_or(String::new(), |port| format!(":{port}"));
    (is_host && is_port).then(|| format!("{scheme}://{host}{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Route;

    fn frame(hash: &str) -> Frame {
        Frame::parse(hash).unwrap().0
    }

    #[test]
    fn an_address_is_read_and_written() {
        let hash = "#/embed/convolution?strides=2,2&at=7&lang=ru&theme=dark&lock=strides&hide=take&host=https%3A%2F%2Fcourse.example&id=w-1&goal=3";
        let (frame, location) = Frame::parse(hash).unwrap();
        assert_eq!(location.route, Some(Route::Convolution));
        assert_eq!(location.query.to_text(), "strides=2,2&at=7");
        assert_eq!((frame.language, frame.theme), (Some(Language::Ru), Some(Theme::Dark)));
        assert_eq!(
            (frame.host.as_deref(), frame.id.as_str(), frame.goal),
            (Some("https://course.example"), "w-1", 3)
        );
        assert!(frame.is_fixed("strides") && !frame.is_fixed("kernel") && frame.is_hidden("take"));
        assert!(frame.bad.is_empty());
        assert_eq!(frame.to_hash(&location.query), hash);
    }

    #[test]
    fn pages_of_the_site_are_no_embeds_and_an_unknown_widget_is_a_lost_one() {
        assert_eq!(Frame::parse("#/convolution?lang=ru"), None);
        assert_eq!(Frame::parse(""), None);
        for hash in ["#/embed/nowhere?lang=ru", "#/embed", "#/embed/"] {
            let (frame, location) = Frame::parse(hash).unwrap();
            assert_eq!((frame.widget, location.route), (None, None), "{hash}");
        }
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_the_usual_ones_stay() {
        let long = format!("#/embed/pooling?lock={}&id={}", "x,".repeat(600), "y".repeat(65));
        assert_eq!(frame(&long).bad, ["id", "lock"]);
        let frame = frame(
            "#/embed/pooling?lang=xx&theme=pink&lock=strides,nothing&hide=all&host=javascript:1&id=<b>&goal=0",
        );
        assert_eq!(frame.bad, ["lang", "theme", "host", "id", "goal", "lock", "hide"]);
        assert_eq!(
            (frame.language, frame.theme, frame.host.as_deref(), frame.goal),
            (None, None, None, GOAL)
        );
        // What is known of a list holds all the same: a teacher's typing error opens nothing.
        assert!(frame.is_fixed("strides"));
    }

    #[test]
    fn all_fixes_every_setting_and_no_place() {
        let frame = frame("#/embed/convolution?lock=all&strides=2,2");
        assert!(Widget::Convolution.setting_names().all(|name| frame.is_fixed(name)));
        let next = Query::from_text("strides=1,1&padding=same&kernel=1&kernel2=5&at=9&look=3");
        assert_eq!(frame.pin(&next).to_text(), "strides=2,2&at=9&look=3");
    }

    #[test]
    fn what_is_fixed_or_hidden_wins_over_any_other_value() {
        let frame = frame("#/embed/training?epochs=3&model=x&lock=epochs&hide=network");
        let pinned = frame.pin(&Query::from_text("preset=lenet5&epochs=9&seed=1"));
        assert_eq!(pinned.to_text(), "epochs=3&model=x&seed=1");
        assert_eq!(frame.pin(&pinned), pinned);
        let free = Frame::parse("#/embed/training?epochs=3").unwrap().0;
        assert_eq!(free.pin(&Query::from_text("epochs=9")).to_text(), "epochs=9");
    }

    #[test]
    fn the_page_around_may_give_another_state() {
        let mut frame = frame("#/embed/pooling?strides=2,2&lock=strides");
        frame.give(Query::from_text("strides=3,3"));
        assert_eq!(frame.pin(&Query::from_text("strides=1,1")).to_text(), "strides=3,3");
    }

    #[test]
    fn origins_are_scheme_host_and_port() {
        for (text, read) in [
            ("https://course.example", Some("https://course.example")),
            ("https://Course.example/", Some("https://course.example")),
            ("https://course.example:443", Some("https://course.example")),
            ("http://127.0.0.1:8000", Some("http://127.0.0.1:8000")),
            ("http://[::1]:8000", Some("http://[::1]:8000")),
            ("http://[::1]", Some("http://[::1]")),
            ("https://course.example/path", None),
            ("https://a@b.example", None),
            ("https://", None),
            ("https://x:99999", None),
            ("ftp://x", None),
            ("file:///x", None),
            ("*", None),
            ("null", None),
        ] {
            assert_eq!(origin(text).as_deref(), read, "{text}");
        }
    }
}
