//! What is said to the page around a widget, and what is heard from there.

use serde::Deserialize;
use serde_json::{Value, json};

use super::task::Report;
use super::{Frame, Widget};
use crate::ui::locale::Language;
use crate::ui::routes::Query;
use crate::ui::theme::Theme;

/// Of the messages' form.
const VERSION: u32 = 1;
/// Who speaks.
const SOURCE: &str = "svertka";
/// Who is listened to.
const HOST_SOURCE: &str = "svertka-host";
/// Bytes of a message from the page around, at most: a state fits in easily.
pub const MAX_MESSAGE_BYTES: usize = 32_000;

/// What is told of a widget.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// It is there and listens.
    Ready,
    /// The share that is done, 0 to 1.
    Progress(f64),
    /// It is done, with a score from 0 to 1 if there is one.
    Completed(Option<f64>),
    /// Its state, as it stands in the address.
    State(Query),
}

impl From<Report> for News {
    fn from(report: Report) -> News {
        match report {
            Report::Progress(share) => News::Progress(share),
            Report::Completed(score) => News::Completed(score),
        }
    }
}

/// The message that tells it, and a text for who listens to that form alone.
pub fn tell(frame: &Frame, news: &News) -> (Value, Option<String>) {
    let mut message = json!({
        "source": SOURCE,
        "version": VERSION,
        "id": frame.id,
        "widget": frame.widget.map_or("", Widget::name),
    });
    let (kind, name, value) = match news {
        News::Ready => ("ready", "", Value::Null),
        News::Progress(share) => ("progress", "progress", json!(share)),
        News::Completed(score) => ("completed", "score", json!(score)),
        News::State(query) => ("state", "state", json!(query.to_text())),
    };
    message["type"] = kind.into();
    if !name.is_empty() {
        message[name] = value;
    }
    // OpenLearning listens to this.
    let text = matches!(news, News::Completed(_)).then(|| json!({ "action": "complete" }).to_string());
    (message, text)
}

/// The messages that tell a height in px: objects, then texts. Canvas, Sakai and others listen to
/// `lti.frameResize`, plain scripts to `resize`, OpenLearning to a text.
pub fn heights(frame: &Frame, height: u32) -> ([Value; 2], [String; 1]) {
    let objects = [
        json!({ "subject": "lti.frameResize", "height": height }),
        json!({ "source": SOURCE, "version": VERSION, "id": frame.id, "type": "resize", "height": height }),
    ];
    (objects, [json!({ "action": "resize", "height": height }).to_string()])
}

/// What the page around asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Another theme.
    Theme(Theme),
    /// Another language.
    Language(Language),
    /// Another state, which is the teacher's from now on.
    State(Query),
    /// To be told the state.
    TellState,
}

/// A message as it comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WishSpec {
    source: String,
    version: u32,
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    theme: Option<String>,
    language: Option<String>,
    state: Option<String>,
}

impl Wish {
    /// Reads a message, as JSON; nothing if it has another form, or is meant for another widget.
    pub fn read(text: &str, frame: &Frame) -> Option<Wish> {
        if text.len() > MAX_MESSAGE_BYTES {
            return None;
        }
        let message: WishSpec = serde_json::from_str(text).ok()?;
        let is_for_us = message.id.is_none_or(|id| id == frame.id);
        if message.source != HOST_SOURCE || message.version != VERSION || !is_for_us {
            return None;
        }
        match (message.kind.as_str(), message.theme, message.language, message.state) {
            ("set-theme", Some(name), None, None) => Theme::from_name(&name).map(Wish::Theme),
            ("set-language", None, Some(tag), None) => Language::from_tag(&tag).map(Wish::Language),
            ("set-state", None, None, Some(text)) => Some(Wish::State(Query::from_text(&text))),
            ("get-state", None, None, None) => Some(Wish::TellState),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::parse("#/embed/pooling?id=a").unwrap().0
    }

    fn read(text: &str) -> Option<Wish> {
        Wish::read(text, &frame())
    }

    #[test]
    fn wishes_of_the_right_form_are_read() {
        let with = |rest: &str| read(&format!(r#"{{"source":"svertka-host","version":1,{rest}}}"#));
        assert_eq!(with(r#""type":"set-theme","theme":"dark""#), Some(Wish::Theme(Theme::Dark)));
        assert_eq!(
            with(r#""type":"set-language","language":"ru","id":"a""#),
            Some(Wish::Language(Language::Ru))
        );
        let state = Query::from_text("strides=2,2&kind=max");
        assert_eq!(with(r#""type":"set-state","state":"strides=2,2&kind=max""#), Some(Wish::State(state)));
        assert_eq!(with(r#""type":"get-state""#), Some(Wish::TellState));
        for rest in [
            r#""type":"get-state","id":"b""#,
            r#""type":"set-theme","theme":"pink""#,
            r#""type":"set-theme","theme":"dark","state":"x=1""#,
            r#""type":"set-theme","theme":7"#,
            r#""type":"set-language","language":"xx""#,
            r#""type":"set-state""#,
            r#""type":"eval","state":"x""#,
            r#""type":"get-state","more":1"#,
        ] {
            assert_eq!(with(rest), None, "{rest}");
        }
    }

    #[test]
    fn foreign_old_long_and_broken_messages_are_not() {
        for text in [
            "",
            "null",
            "[]",
            "7",
            r#"{"source":"svertka","version":1,"type":"get-state"}"#,
            r#"{"source":"svertka-host","version":2,"type":"get-state"}"#,
            r#"{"source":"svertka-host","type":"get-state"}"#,
            r#"{"type":"get-state"}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let long = "x".repeat(MAX_MESSAGE_BYTES);
        assert_eq!(
            read(&format!(r#"{{"source":"svertka-host","version":1,"type":"set-state","state":"{long}"}}"#)),
            None
        );
    }

    #[test]
    fn news_are_objects_with_their_source_and_widget() {
        let (ready, text) = tell(&frame(), &News::Ready);
        assert_eq!(
            ready,
            json!({"source": "svertka", "version": 1, "id": "a", "widget": "pooling", "type": "ready"})
        );
        assert_eq!(text, None);
        let (done, text) = tell(&frame(), &News::Completed(Some(0.5)));
        assert_eq!((&done["type"], &done["score"]), (&json!("completed"), &json!(0.5)));
        assert_eq!(text.as_deref(), Some(r#"{"action":"complete"}"#));
        assert_eq!(tell(&frame(), &News::Completed(None)).0["score"], Value::Null);
        assert_eq!(tell(&frame(), &News::Progress(0.25)).0["progress"], 0.25);
        assert_eq!(tell(&frame(), &News::State(Query::from_text("a=1&b=2"))).0["state"], "a=1&b=2");
    }

    #[test]
    fn heights_are_told_in_every_form_that_platforms_listen_to() {
        let (objects, texts) = heights(&frame(), 640);
        assert_eq!(objects[0], json!({"subject": "lti.frameResize", "height": 640}));
        assert_eq!((&objects[1]["source"], &objects[1]["type"]), (&json!("svertka"), &json!("resize")));
        assert_eq!(texts[0], r#"{"action":"resize","height":640}"#);
    }
}
