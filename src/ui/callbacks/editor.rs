//! A list of callbacks that can be added, removed, moved and changed.

use leptos::prelude::*;

use super::argument::callback_named;
use super::drafts::Drafts;
use super::form::CallbackForm;
use super::help::what;
use super::text::MAX_CALLBACKS;
use crate::engine::callbacks::{CallbackSpec, HistorySpec};
use crate::engine::event::Monitor;
use crate::ui::browser::focus_id;
use crate::ui::components::{Select, fresh_id};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::translations::text;

/// What stands in a card above its form: given the callback's position and itself.
pub type Stand = Callback<(usize, Signal<CallbackSpec>), AnyView>;

/// The handles that every card shares.
#[derive(Clone, Copy)]
struct List {
    callbacks: Signal<Vec<CallbackSpec>>,
    on_change: Callback<Vec<CallbackSpec>>,
    /// What is to be said about the callbacks.
    remarks: Signal<Vec<Remark>>,
    /// Values that can be watched.
    monitors: Signal<Vec<String>>,
    drafts: RwSignal<Drafts>,
    is_nested: bool,
    prefix: StoredValue<String>,
}

impl List {
    fn edit(self, change: impl FnOnce(&mut Vec<CallbackSpec>)) {
        let mut callbacks = self.callbacks.get_untracked();
        change(&mut callbacks);
        self.on_change.run(callbacks);
    }

    fn title_id(self, position: usize) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}-{position}"))
    }

    fn add_id(self) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}-add"))
    }

    /// Moves a card; the focus goes with it.
    fn shift(self, from: usize, to: usize) {
        if to < self.callbacks.read_untracked().len() {
            self.drafts.update(|drafts| drafts.swap(from, to));
            self.edit(|callbacks| callbacks.swap(from, to));
            focus_id(self.title_id(to));
        }
    }

    fn remove(self, position: usize) {
        self.drafts.update(|drafts| drafts.remove(position));
        self.edit(|callbacks| drop(callbacks.remove(position)));
        let left = self.callbacks.read_untracked().len();
        focus_id(if left == 0 { self.add_id() } else { self.title_id(position.min(left - 1)) });
    }
}

/// What is to be said about a callback of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// Its position in the list.
    pub callback: usize,
    /// A sentence.
    pub text: String,
    /// Whether it can be used all the same.
    pub is_warning: bool,
}

/// The list. `remarks` stand on the cards they are about; `stand` fills the cards above their forms;
/// `monitors` are the values that can be watched, otherwise what every run measures; `drafts` are the texts that
/// are no values, for whoever wants to know of them. `is_nested`: whether a heading of the third rank stands above.
#[component]
pub fn CallbackEditor(
    #[prop(into)] callbacks: Signal<Vec<CallbackSpec>>,
    #[prop(into)] on_change: Callback<Vec<CallbackSpec>>,
    #[prop(optional, into)] remarks: Signal<Vec<Remark>>,
    #[prop(optional)] stand: Option<Stand>,
    #[prop(optional, into)] monitors: Option<Signal<Vec<String>>>,
    #[prop(optional)] drafts: Option<RwSignal<Drafts>>,
    #[prop(optional)] is_nested: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let usual = || Signal::stored(Monitor::ALL.iter().rev().map(Monitor::to_string).collect());
    let list = List {
        callbacks,
        on_change,
        remarks,
        monitors: monitors.unwrap_or_else(usual),
        drafts: drafts.unwrap_or_else(|| RwSignal::new(Drafts::default())),
        is_nested,
        prefix: StoredValue::new(fresh_id("callback")),
    };
    // A card stays while its arguments change.
    let keys = Memo::new(move |_| {
        callbacks.read().iter().enumerate().map(|(idx, spec)| (idx, spec.class_name())).collect::<Vec<_>>()
    });
    let card = move |(position, class_name): (usize, &'static str)| {
        view! { <CallbackCard position class_name list stand /> }
    };
    view! {
        <div class="callback-editor">
            <p class="note" hidden=move || !callbacks.read().is_empty()>{t!(i18n, callbacks.editor.empty)}</p>
            <ol class="callback-editor__list">
                <For each=move || keys.get() key=|key| *key children=card />
            </ol>
            <AddCallback list />
        </div>
    }
}

#[component]
fn CallbackCard(
    position: usize,
    class_name: &'static str,
    list: List,
    stand: Option<Stand>,
) -> impl IntoView {
    let i18n = use_i18n();
    let first = callback_named(class_name).unwrap_or_else(|| CallbackSpec::History(HistorySpec::default()));
    // A card may live a moment longer than its callback.
    let spec: Signal<CallbackSpec> = Memo::new(move |before: Option<&CallbackSpec>| {
        let now = list.callbacks.read().get(position).filter(|it| it.class_name() == class_name).cloned();
        now.or(before.cloned()).unwrap_or_else(|| first.clone())
    })
    .into();
    let count = Memo::new(move |_| list.callbacks.read().len());
    let remark =
        Memo::new(move |_| list.remarks.read().iter().find(|remark| remark.callback == position).cloned());
    let text = move |is_warning: bool| {
        remark.get().filter(|remark| remark.is_warning == is_warning).map(|remark| remark.text)
    };
    let (error, warning) = (move || text(false), move || text(true));
    let set = move |changed: CallbackSpec| {
        list.edit(|callbacks| {
            if let Some(place) = callbacks.get_mut(position) {
                *place = changed;
            }
        });
    };
    let name = move || format!("{} {class_name}", position + 1);
    let up = move |_: leptos::ev::MouseEvent| list.shift(position, position.wrapping_sub(1));
    let down = move |_: leptos::ev::MouseEvent| list.shift(position, position + 1);
    let is_last = move || position + 1 >= count.get();
    let id = list.title_id(position);
    let title = if list.is_nested {
        view! {
            <h4 class="callback-editor__name" id=id tabindex="-1">
                <code lang="en">{name}</code>
            </h4>
        }
        .into_any()
    } else {
        view! {
            <h3 class="callback-editor__name" id=id tabindex="-1">
                <code lang="en">{name}</code>
            </h3>
        }
        .into_any()
    };
    view! {
        <li class="callback-editor__card" class:callback-editor__card--bad=move || error().is_some()>
            <div class="callback-editor__head">
                {title}
                <div class="buttons" role="group" aria-label=name>
                    <button
                        type="button"
                        class="button button--icon"
                        aria-label=move || t_string!(i18n, callbacks.editor.up)
                        title=move || t_string!(i18n, callbacks.editor.up)
                        disabled=position == 0
                        on:click=up
                    >
                        "↑"
                    </button>
                    <button
                        type="button"
                        class="button button--icon"
                        aria-label=move || t_string!(i18n, callbacks.editor.down)
                        title=move || t_string!(i18n, callbacks.editor.down)
                        disabled=is_last
                        on:click=down
                    >
                        "↓"
                    </button>
                    <button type="button" class="button" on:click=move |_| list.remove(position)>
                        {t!(i18n, callbacks.editor.remove)}
                    </button>
                </div>
            </div>
            <p class="field__error" role="status" hidden=move || error().is_none()>{error}</p>
            <p class="remark remark--warn" role="status" hidden=move || warning().is_none()>{warning}</p>
            {stand.map(|stand| stand.run((position, spec)))}
            <details>
                <summary>{t!(i18n, callbacks.editor.arguments)}</summary>
                <p class="field__hint">{move || what(i18n, &spec.read())}</p>
                <CallbackForm position spec on_change=set monitors=list.monitors drafts=list.drafts />
            </details>
        </li>
    }
}

#[component]
fn AddCallback(list: List) -> impl IntoView {
    let i18n = use_i18n();
    let names: Vec<&'static str> = CallbackSpec::palette().iter().map(CallbackSpec::class_name).collect();
    let chosen = RwSignal::new(names.first().copied().unwrap_or_default().to_owned());
    let choices =
        Signal::stored(names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect::<Vec<_>>());
    let is_full = move || list.callbacks.read().len() >= MAX_CALLBACKS;
    let help = move || callback_named(&chosen.read()).map(|spec| what(i18n, &spec)).unwrap_or_default();
    let add = move |_| {
        let Some(spec) = callback_named(&chosen.read_untracked()) else { return };
        list.edit(|callbacks| callbacks.push(spec));
        let position = list.callbacks.read_untracked().len().saturating_sub(1);
        focus_id(list.title_id(position));
        let name = chosen.get_untracked();
        shell().announce(t_string!(i18n, callbacks.editor.added, name).to_string());
    };
    view! {
        <div class="callback-editor__add">
            <Select
                label=text!(i18n, callbacks.editor.which)
                choices=choices
                value=chosen
                on_change=move |name: String| chosen.set(name)
                hint=Signal::derive(help)
            />
            <button type="button" class="button" id=list.add_id() disabled=is_full on:click=add>
                {t!(i18n, callbacks.editor.add)}
            </button>
            <p class="note" hidden=move || !is_full()>
                {t!(i18n, callbacks.editor.full, max = MAX_CALLBACKS)}
            </p>
        </div>
    }
}
