//! [`Host`]: the page around a widget.
//!
//! Who it is comes from the address: `host` names its origin. Messages are taken from the parent window alone, and
//! only from that origin or the app's own. What is told holds nothing private (heights, shares, scores, the state
//! that any link shows), so where no origin is named it goes to whoever is around.

use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, ResizeObserver, Window};

use crate::engine::event::{Monitor, StopReason};
use crate::ui::browser;
use crate::ui::context::{Shell, shell};
use crate::ui::embed::{Frame, Heard, MAX_MESSAGE_BYTES, News, Task, TaskKind, Widget, Wish, heights, tell};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, TrainingState};
use crate::ui::routes::Query;

/// The part of a frame in which guesses are made.
const GUESS: &str = "guess";

/// A `Copy` handle, provided by [`FramedPage`](super::FramedPage).
#[derive(Clone, Copy)]
pub struct Host {
    shell: Shell,
    task: StoredValue<Task>,
    /// The height told last, in px.
    height: StoredValue<u32>,
    /// Whether somebody has sent what nobody understands; said once.
    has_complained: StoredValue<bool>,
    /// Whether the browser was asked to save a file, which a frame may not be allowed.
    pub has_saved: RwSignal<bool>,
    /// An address that could not be opened in another tab.
    pub blocked: RwSignal<Option<String>>,
}

/// The page around, if this one is framed.
pub fn host() -> Option<Host> {
    use_context()
}

impl Host {
    /// Begins to tell and to listen, for the life of the page.
    pub fn start() -> Host {
        let shell = shell();
        let task = shell.with_frame(|frame| {
            let kind = match frame.widget.map_or(TaskKind::Walk, Widget::task) {
                // What cannot be guessed can be walked through.
                TaskKind::Guesses if frame.is_hidden(GUESS) => TaskKind::Walk,
                kind => kind,
            };
            Task::new(kind, frame.goal)
        });
        let host = Host {
            shell,
            task: StoredValue::new(task.unwrap_or_else(|| Task::new(TaskKind::Walk, 1))),
            height: StoredValue::new(0),
            has_complained: StoredValue::new(false),
            has_saved: RwSignal::new(false),
            blocked: RwSignal::new(None),
        };
        provide_context(host);
        let messages = window_event_listener(leptos::ev::message, move |event| host.listen(&event));
        let saved = leptos::ev::Custom::<web_sys::Event>::new(browser::SAVED);
        let saved = window_event_listener(saved, move |_| host.has_saved.set(true));
        on_cleanup(move || {
            messages.remove();
            saved.remove();
        });
        host.follow_state();
        host.follow_work();
        // Whoever hears it may answer: by now everything listens.
        request_animation_frame(move || host.tell(&News::Ready));
        host
    }

    /// Takes in what the reader did.
    pub fn hear(self, heard: Heard) {
        let report = self.task.try_update_value(|task| task.hear(heard)).flatten();
        if let Some(report) = report {
            self.tell(&report.into());
        }
    }

    /// What it takes to be done.
    pub fn task_kind(self) -> TaskKind {
        self.task.with_value(Task::kind)
    }

    /// Opens an address in another tab; a frame may not be allowed to.
    pub fn open(self, address: String) {
        match window().open_with_url_and_target(&address, "_blank") {
            Ok(Some(opened)) => {
                // The other page must not reach back into this frame; one that cannot be told so is our own.
                let _ = js_sys::Reflect::set(&opened, &"opener".into(), &JsValue::NULL);
            }
            _ => self.blocked.set(Some(address)),
        }
    }

    /// Tells the height of an element whenever it changes.
    pub fn observe(self, element: &web_sys::Element) {
        let observed = element.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            let height = observed.get_bounding_client_rect().height().ceil() as u32;
            if self.height.try_get_value().is_some_and(|told| told != height) && height > 0 {
                self.height.set_value(height);
                let told = self.shell.with_frame(|frame| heights(frame, height));
                let Some((objects, texts)) = told else { return };
                // A height is nobody's secret, and several platforms hand frames on to other origins.
                for object in &objects {
                    post(&as_object(object), "*");
                }
                for text in &texts {
                    post(&text.into(), "*");
                }
            }
        });
        if let Ok(observer) = ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(element);
            // The frame lives as long as its document.
            std::mem::forget(observer);
        }
        measure.forget();
    }

    fn tell(self, news: &News) {
        let told = self.shell.with_frame(|frame| (tell(frame, news), frame.host.clone()));
        let Some(((object, text), origin)) = told else { return };
        let target = origin.as_deref().unwrap_or("*");
        post(&as_object(&object), target);
        if let Some(text) = text {
            post(&text.into(), target);
        }
    }

    fn listen(self, event: &MessageEvent) {
        let is_parent = parent()
            .is_some_and(|parent| event.source().is_some_and(|source| js_sys::Object::is(&source, &parent)));
        let data = event.data();
        let is_ours = |text: &str| text.contains("svertka-host");
        // Whatever is not addressed to a widget is none of our business and read no further.
        let text = match data.as_string() {
            Some(text) if text.len() <= MAX_MESSAGE_BYTES && is_ours(&text) => text,
            Some(_) => return,
            None => {
                let source = js_sys::Reflect::get(&data, &"source".into()).ok();
                if !source.and_then(|source| source.as_string()).is_some_and(|source| is_ours(&source)) {
                    return;
                }
                match js_sys::JSON::stringify(&data).ok().and_then(|text| text.as_string()) {
                    Some(text) => text,
                    None => return,
                }
            }
        };
        let is_known = |frame: &Frame| {
            let origin = event.origin();
            frame.host.as_ref() == Some(&origin)
                || window().location().origin().is_ok_and(|own| own == origin)
        };
        let wish =
            self.shell.with_frame(|frame| Wish::read(&text, frame).filter(|_| is_parent && is_known(frame)));
        match wish.flatten() {
            Some(wish) => self.grant(wish),
            None => self.complain(&event.origin()),
        }
    }

    fn grant(self, wish: Wish) {
        match wish {
            Wish::Theme(theme) => self.shell.choose_theme(theme),
            Wish::Language(language) => self.shell.choose_language(language),
            Wish::State(query) => self.shell.take_state(query),
            Wish::TellState => self.tell(&News::State(self.shell.query_untracked())),
        }
    }

    /// For whoever writes the page around; once, since a page may send many.
    fn complain(self, origin: &str) {
        if self.has_complained.try_update_value(|has| std::mem::replace(has, true)) == Some(false) {
            let text = format!(
                "svertka: a message from {origin} was ignored: it must come from the parent window, from the origin \
                 in the address's host, and have a form that docs/embedding.md describes"
            );
            web_sys::console::warn_1(&text.into());
        }
    }

    /// Tells the state whenever it changes, and counts changes of the settings.
    fn follow_state(self) {
        let shell = self.shell;
        let settings = move |query: &Query| -> Vec<(String, String)> {
            let widget = shell.with_frame(|frame| frame.widget).flatten();
            let is_setting = |key: &str| widget.is_some_and(|widget| widget.setting_of(key).is_some());
            let own = query.pairs().filter(|(key, _)| is_setting(key));
            own.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
        };
        Effect::new(move |before: Option<Query>| {
            let now = shell.location.read().query.clone();
            if let Some(before) = before.filter(|before| *before != now) {
                self.tell(&News::State(now.clone()));
                if settings(&before) != settings(&now) {
                    self.hear(Heard::Changed);
                }
            }
            now
        });
    }

    /// Follows a training and an evaluation, for widgets that are done by them.
    fn follow_work(self) {
        let lab = laboratory();
        match self.task_kind() {
            TaskKind::Training => Effect::new(move |_| {
                let (share, end) = lab.training.read(|state| (state.share_done(), ending(state)));
                if let Some(ended) = end {
                    self.hear(ended);
                } else if let Some(share) = share {
                    self.hear(Heard::Trained(share));
                }
            }),
            TaskKind::Evaluation => Effect::new(move |_| {
                let result = lab.evaluation.read().result.clone();
                if let Some(accuracy) = result.and_then(|result| result.confusion.accuracy()) {
                    self.hear(Heard::Evaluated(accuracy));
                }
            }),
            _ => return,
        };
    }
}

/// What the reader did by a training that came to its own end. Who stops it, or sees it diverge, is not done.
fn ending(state: &TrainingState) -> Option<Heard> {
    let outcome = state.outcome().filter(|_| state.phase() == Phase::Ended)?;
    let is_done = matches!(outcome.reason, StopReason::Completed | StopReason::Callback { .. });
    let logs = state.kept_epoch().map(|(_, logs)| logs.get(&Monitor::VAL_ACCURACY));
    is_done.then(|| Heard::Ended(logs.flatten()))
}

/// The window around this one; none where the widget is opened by itself.
fn parent() -> Option<Window> {
    let own = window();
    own.parent().ok().flatten().filter(|parent| !js_sys::Object::is(parent, &own))
}

fn post(message: &JsValue, target: &str) {
    if let Some(parent) = parent() {
        // An origin that is not around gets nothing, as it should be.
        let _ = parent.post_message(message, target);
    }
}

fn as_object(value: &Value) -> JsValue {
    // What was written as JSON can be read as JSON.
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}
