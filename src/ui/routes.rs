//! Where the reader is: the page and its shareable state, both in the URL's hash.
//!
//! `#/convolution?padding=same&stride=2`. The hash never reaches a server, so any static host serves
//! every page from any folder, and a reload comes back to the same place.

use std::fmt::Write as _;

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The way in.
    Home,
    /// A filter slides over a digit.
    Convolution,
    /// A window takes the greatest number or the mean.
    Pooling,
    /// One image runs through a stack of layers.
    Chain,
    /// A gradient goes back through a convolution.
    Backwards,
    /// Losses, entropies and penalties to take in the hand.
    Losses,
    /// One neuron and three layers of them, likewise.
    Neuron,
    /// A network is built.
    Network,
    /// A network learns.
    Training,
    /// Callbacks act on a curve drawn by hand.
    Callbacks,
    /// Optimizers race.
    Optimizers,
    /// Every kept training.
    Runs,
    /// How well it learned.
    Evaluation,
    /// What it saw in an image.
    Inside,
    /// Weights to disk and back.
    Files,
    /// How fast this device is.
    Device,
}

impl Route {
    /// Every page.
    pub const ALL: [Route; 16] = [
        Route::Home,
        Route::Convolution,
        Route::Pooling,
        Route::Chain,
        Route::Backwards,
        Route::Losses,
        Route::Neuron,
        Route::Optimizers,
        Route::Network,
        Route::Training,
        Route::Callbacks,
        Route::Runs,
        Route::Evaluation,
        Route::Inside,
        Route::Files,
        Route::Device,
    ];
    /// The pages of the menu, in its order.
    pub const MENU: [Route; 7] = [
        Route::Convolution,
        Route::Losses,
        Route::Network,
        Route::Training,
        Route::Runs,
        Route::Evaluation,
        Route::Files,
    ];

    /// The pages of the convolution laboratory; the menu leads to the first of them, and there to the others.
    pub const LABORATORY: [Route; 4] = [Route::Convolution, Route::Pooling, Route::Chain, Route::Backwards];

    /// The benches: what learning is made of, part by part. The menu leads to them in the same way.
    pub const BENCHES: [Route; 3] = [Route::Losses, Route::Neuron, Route::Optimizers];

    /// The pages that look at a trained network, in the same way.
    pub const EXAMINATION: [Route; 2] = [Route::Evaluation, Route::Inside];

    /// The groups of pages with a menu of their own.
    pub const GROUPS: [&[Route]; 3] = [&Route::LABORATORY, &Route::BENCHES, &Route::EXAMINATION];

    /// The name in the URL.
    pub fn name(self) -> &'static str {
        match self {
            Route::Home => "",
            Route::Convolution => "convolution",
            Route::Pooling => "pooling",
            Route::Chain => "chain",
            Route::Backwards => "backwards",
            Route::Losses => "losses",
            Route::Neuron => "neuron",
            Route::Network => "network",
            Route::Training => "training",
            Route::Callbacks => "callbacks",
            Route::Optimizers => "optimizers",
            Route::Runs => "runs",
            Route::Evaluation => "evaluation",
            Route::Inside => "inside",
            Route::Files => "files",
            Route::Device => "device",
        }
    }

    /// The group this page belongs to, if it does.
    pub fn group(self) -> Option<&'static [Route]> {
        Route::GROUPS.into_iter().find(|group| group.contains(&self))
    }

    /// The link to this page.
    pub fn href(self) -> String {
        format!("#/{}", self.name())
    }
}

/// Named values after the `?`; unknown names are kept, so that a link survives a round trip.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of that name, if it parses.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// Adds or replaces a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: &impl ToString) -> Query {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in their order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads what stands after a `?`: `padding=same&stride=2`.
    pub fn from_text(text: &str) -> Query {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Query(pairs.collect())
    }

    /// The same, written.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for (key, value) in self.pairs() {
            if !out.is_empty() {
                out.push('&');
            }
            encode(key, &mut out);
            out.push('=');
            encode(value, &mut out);
        }
        out
    }
}

impl FromIterator<(String, String)> for Query {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Query {
        Query(pairs.into_iter().collect())
    }
}

/// The part of a hash before the `?`, without `#` and slashes around it, and the state after it.
pub fn split_hash(hash: &str) -> (&str, Query) {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
    (path.trim_matches('/'), Query::from_text(query))
}

/// The hash with its `#` that [`split_hash`] reads.
pub fn join_hash(path: &str, query: &Query) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("#/{path}{mark}{}", query.to_text())
}

/// A page with its state; `route` is `None` for an address nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The page.
    pub route: Option<Route>,
    /// Its state.
    pub query: Query,
}

impl Location {
    /// Reads `location.hash`, with or without the `#`.
    pub fn parse(hash: &str) -> Location {
        let (name, query) = split_hash(hash);
        Location { route: Route::ALL.into_iter().find(|route| route.name() == name), query }
    }

    /// The hash with its `#`.
    pub fn to_hash(&self) -> String {
        join_hash(self.route.unwrap_or(Route::Home).name(), &self.query)
    }
}

/// Percent-encodes all but letters, digits and `-_.,~`, which read well in a link.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.,~".contains(&byte) {
            out.push(byte as char);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut idx = 0;
    while idx < bytes.len() {
        let hex = (bytes[idx] == b'%').then(|| text.get(idx + 1..idx + 3)).flatten();
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            out.push(byte);
            idx += 3;
        } else {
            out.push(bytes[idx]);
            idx += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_by_its_own_link() {
        for route in Route::ALL {
            assert_eq!(Location::parse(&route.href()).route, Some(route));
        }
        assert_eq!(Location::parse("").route, Some(Route::Home));
        assert_eq!(Location::parse("#/nowhere").route, None);
    }

    #[test]
    fn every_group_is_in_the_menu_by_its_first_page_alone() {
        for group in Route::GROUPS {
            for (idx, route) in group.iter().enumerate() {
                assert_eq!(Route::MENU.contains(route), idx == 0, "{route:?}");
                assert_eq!(route.group(), Some(group));
            }
        }
        assert_eq!(Route::Network.group(), None);
    }

    #[test]
    fn a_location_survives_the_round_trip() {
        let query = Query::default().with("padding", &"same").with("kernel", &"1,−2;3 %").with("stride", &2);
        let location = Location { route: Some(Route::Convolution), query };
        assert_eq!(Location::parse(&location.to_hash()), location);
        assert!(location.to_hash().starts_with("#/convolution?padding=same&kernel=1,"));
    }

    #[test]
    fn bad_values_are_read_without_harm() {
        let location = Location::parse("#/training?seed=%&x&=1&name=%D0%B0%zz");
        assert_eq!(location.query.parse::<u64>("seed"), None);
        assert_eq!(location.query.get("x"), Some(""));
        assert_eq!(location.query.get("name"), Some("а%zz"));
    }
}
