//! Three ways to choose a picture, one at a time.

use super::photo::{Darkroom, OwnPhoto};
use super::samples::Samples;
use crate::ui::components::Segmented;
use crate::ui::convolution::Source;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::translations::text;
use crate::ui::widgets::drawing_pad::{Drawing, DrawingPad};
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Samples,
    Draw,
    Photo,
}

impl Way {
    const ALL: [Way; 3] = [Way::Samples, Way::Draw, Way::Photo];

    fn name(self) -> &'static str {
        match self {
            Way::Samples => "samples",
            Way::Draw => "draw",
            Way::Photo => "photo",
        }
    }
}

/// The picker behind a summary, made when it is opened.
#[component]
pub fn OtherSource(
    #[prop(into)] source: Signal<Source>,
    #[prop(into)] on_choose: Callback<Source>,
) -> impl IntoView {
    let i18n = use_i18n();
    let was_opened = RwSignal::new(false);
    view! {
        <details on:toggle=move |_| was_opened.set(true)>
            <summary>{t!(i18n, sources.other)}</summary>
            <Show when=move || was_opened.get()>
                <SourcePicker source on_choose />
            </Show>
        </details>
    }
}

/// The picker. `source` is what is chosen now; `on_choose` hears of every new choice, stroke by stroke.
#[component]
pub fn SourcePicker(
    #[prop(into)] source: Signal<Source>,
    #[prop(into)] on_choose: Callback<Source>,
) -> impl IntoView {
    let i18n = use_i18n();
    let drawing = RwSignal::new(match source.get_untracked() {
        Source::Own(picture) => Drawing::begin(&picture),
        _ => Drawing::default(),
    });
    let way = RwSignal::new(match source.get_untracked() {
        Source::Own(_) => Way::Draw,
        _ => Way::Samples,
    });
    let room = Darkroom::new(on_choose);
    let choices = Signal::derive(move || {
        let word = |way: Way| match way {
            Way::Samples => t_string!(i18n, sources.way.samples).to_string(),
            Way::Draw => t_string!(i18n, sources.way.draw).to_string(),
            Way::Photo => t_string!(i18n, sources.way.photo).to_string(),
        };
        Way::ALL.into_iter().map(|way| (way.name().to_owned(), word(way))).collect()
    });
    let choose = move |name: String| {
        if let Some(next) = Way::ALL.into_iter().find(|way| way.name() == name) {
            way.set(next);
        }
    };
    let on_drawn = Callback::new(move |()| {
        on_choose.run(Source::Own(Arc::new(drawing.read_untracked().picture())));
    });
    view! {
        <div class="sources">
            <Segmented
                label=text!(i18n, sources.way.label)
                choices=choices
                value=Signal::derive(move || way.get().name().to_owned())
                on_change=choose
            />
            {move || match way.get() {
                Way::Samples => view! { <Samples source on_choose /> }.into_any(),
                Way::Draw => view! { <DrawingPad drawing on_change=on_drawn /> }.into_any(),
                Way::Photo => view! { <OwnPhoto room /> }.into_any(),
            }}
        </div>
    }
}
