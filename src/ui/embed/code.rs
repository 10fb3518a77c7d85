//! [`Code`]: what a teacher copies into a course page.

use super::Widget;
use crate::ui::locale::Language;
use crate::ui::routes::{Query, join_hash};
use crate::ui::theme::Theme;

/// A widget to be embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The address of the app, without its hash.
    pub base: String,
    /// What is embedded.
    pub widget: Widget,
    /// Its state.
    pub state: Query,
    /// The name for screen readers.
    pub title: String,
    /// The reader's own, if none.
    pub language: Option<Language>,
    /// As the reader's device says, if none.
    pub theme: Option<Theme>,
    /// Settings that are fixed.
    pub fixed: Vec<&'static str>,
    /// Settings and parts that are taken away.
    pub hidden: Vec<&'static str>,
    /// Before the widget has told its own, in px.
    pub height: u32,
}

impl Code {
    /// Heights that make sense, in px.
    pub const HEIGHTS: std::ops::RangeInclusive<u32> = 200..=3_000;
    /// The first one, in px.
    pub const HEIGHT: u32 = 720;

    /// The frame's own names, with their values.
    fn options(&self) -> Vec<(&'static str, String)> {
        let lists = [("lock", &self.fixed), ("hide", &self.hidden)];
        let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let language = self.language.map(|language| ("lang", language.tag().to_owned()));
        let theme = self.theme.map(|theme| ("theme", theme.name().to_owned()));
        let lists = lists.map(|(name, names)| (name, names.join(",")));
        language.into_iter().chain(theme).chain(lists).collect()
    }

    /// The plain address.
    pub fn link(&self) -> String {
        let own = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        let options = self.options().into_iter().map(|(name, value)| (name.to_owned(), value));
        let query: Query = self.state.pairs().map(own).chain(options).collect();
        format!("{}{}", self.base, join_hash(&format!("embed/{}", self.widget.name()), &query))
    }

    /// An `<iframe>`, which every page takes; it keeps its height.
    pub fn iframe(&self) -> String {
        let attributes = [
            ("src", self.link()),
            ("title", self.title.clone()),
            ("width", "100%".to_owned()),
            ("height", self.height.to_string()),
            ("loading", "lazy".to_owned()),
            ("allow", "fullscreen; clipboard-write".to_owned()),
            ("sandbox", SANDBOX.to_owned()),
        ];
        format!("<iframe {}></iframe>", written(attributes))
    }

    /// The custom element with its script; it grows with the widget.
    pub fn element(&self) -> String {
        let state = Some(("state", self.state.to_text())).filter(|(_, state)| !state.is_empty());
        let attributes = [("widget", self.widget.name().to_owned())].into_iter().chain(state);
        let attributes = attributes.chain(self.options());
        let attributes =
            attributes.chain([("title", self.title.clone()), ("height", self.height.to_string())]);
        let script = escaped(&format!("{}lab.js", self.base));
        format!(
            "<script src=\"{script}\" defer></script>\n<svertka-lab {}></svertka-lab>",
            written(attributes)
        )
    }
}

/// What a frame may do: nothing of the page around it is in its reach.
const SANDBOX: &str =
    "allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox";

fn written(attributes: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let one = |(name, value): (&str, String)| format!("{name}=\"{}\"", escaped(&value));
    attributes.into_iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A text between the quotation marks of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::embed::Frame;

    fn code() -> Code {
        Code {
            base: "https://lab.example/app/".into(),
            widget: Widget::Convolution,
            state: Query::from_text("strides=2,2&at=7"),
            title: "A \"filter\" & <more>".into(),
            language: Some(Language::Ru),
            theme: Some(Theme::Dark),
            fixed: vec!["strides", "kernel"],
            hidden: vec!["take"],
            height: 640,
        }
    }

    #[test]
    fn the_link_leads_to_a_frame_that_holds_what_was_chosen() {
        let link = code().link();
        let hash = link.strip_prefix("https://lab.example/app/").unwrap();
        let (frame, location) = Frame::parse(hash).unwrap();
        assert_eq!(
            (frame.widget, frame.language, frame.theme),
            (Some(Widget::Convolution), Some(Language::Ru), Some(Theme::Dark))
        );
        assert!(frame.is_fixed("strides") && frame.is_fixed("kernel") && frame.is_hidden("take"));
        assert_eq!((location.query, frame.bad.len()), (code().state, 0));
    }

    #[test]
    fn texts_stay_within_their_attributes() {
        let iframe = code().iframe();
        assert!(iframe.contains("title=\"A &quot;filter&quot; &amp; &lt;more&gt;\""), "{iframe}");
        assert!(
            iframe.contains(
                "?strides=2,2&amp;at=7&amp;lang=ru&amp;theme=dark&amp;lock=strides,kernel&amp;hide=take\""
            ),
            "{iframe}"
        );
        assert_eq!(iframe.matches('"').count() % 2, 0);
        let element = code().element();
        assert!(element.starts_with("<script src=\"https://lab.example/app/lab.js\" defer></script>\n<svertka-lab widget=\"convolution\" state=\"strides=2,2&amp;at=7\" lang=\"ru\""), "{element}");
    }

    #[test]
    fn what_was_not_chosen_is_not_written() {
        let bare = Code {
            state: Query::default(),
            language: None,
            theme: None,
            fixed: vec![],
            hidden: vec![],
            ..code()
        };
        assert_eq!(bare.link(), "https://lab.example/app/#/embed/convolution");
        for name in ["lang=", "theme=", "lock=", "hide=", "state="] {
            assert!(!bare.element().contains(name), "{name}");
        }
    }
}
