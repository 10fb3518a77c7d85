//! Small drawings for buttons, always beside or instead of a spoken name.

use leptos::prelude::*;

/// The drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Start moving.
    Play,
    /// Hold.
    Pause,
    /// One step on.
    Next,
    /// One step back.
    Previous,
    /// To the beginning.
    First,
    /// To the end.
    Last,
    /// End for good.
    Stop,
    /// Begin anew.
    Restart,
    /// To disk.
    Download,
    /// From disk.
    Upload,
    /// Fixed by somebody else.
    Lock,
}

impl Icon {
    /// The outline in a 24 × 24 box.
    fn path(self) -> &'static str {
        match self {
            Icon::Play => "M7 4.5v15l12-7.5z",
            Icon::Pause => "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
            Icon::Next => "M5 5l9 7-9 7zM15.5 5h3v14h-3z",
            Icon::Previous => "M19 5l-9 7 9 7zM5.5 5h3v14h-3z",
            Icon::First => "M12.5 5l-8 7 8 7zM20.5 5l-8 7 8 7zM3 5h2v14H3z",
            Icon::Last => "M11.5 5l8 7-8 7zM3.5 5l8 7-8 7zM19 5h2v14h-2z",
            Icon::Stop => "M6 6h12v12H6z",
            Icon::Restart => "M12 5a7 7 0 1 0 7 7h-2.4A4.6 4.6 0 1 1 12 7.4V11l6-4.8L12 1.5z",
            Icon::Download => "M11 3h2v9h4l-5 5-5-5h4zM4 19h16v2H4z",
            Icon::Lock => "M7 10V8a5 5 0 0 1 10 0v2h1.5v11h-13V10zm2.2 0h5.6V8a2.8 2.8 0 0 0-5.6 0z",
            Icon::Upload => "M11 17h2V8h4l-5-5-5 5h4zM4 19h16v2H4z",
        }
    }
}

/// A drawing that says nothing by itself.
#[component]
pub fn IconMark(#[prop(into)] icon: Signal<Icon>) -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="currentColor">
            <path d=move || icon.get().path() />
        </svg>
    }
}

/// A button that shows only a drawing; its name is spoken and shown as a hint.
#[component]
pub fn IconButton(
    #[prop(into)] icon: Signal<Icon>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_click: Callback<()>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] primary: bool,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button--icon"
            class:button--primary=primary
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || disabled.get()
            on:click=move |_| on_click.run(())
        >
            <IconMark icon=icon />
        </button>
    }
}
