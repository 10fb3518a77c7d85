//! The page: a short introduction, the settings, the stage, the arithmetic, the formula.

use crate::ui::components::{Card, Player, Playing, Segmented};
use crate::ui::context::{Shell, shell};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::routes::{Query, Route};
use crate::ui::translations::text;
use crate::ui::widgets::kernel_editor::KernelEditor;
use crate::ui::widgets::products::ProductsView;
use crate::ui::widgets::size_formula::{PadChoice, SizeFormula};
use crate::ui::widgets::sliding_filter::{Setup, Slide, SlidingFilter};
use leptos::prelude::*;
use std::sync::Arc;

/// The settings as they stand in the address, and the sliding filter that follows from them.
#[derive(Clone, Copy)]
struct Lesson {
    shell: Shell,
    setup: Memo<Setup>,
    slide: Slide,
}

impl Lesson {
    fn new() -> Lesson {
        let shell = shell();
        let setup = Memo::new(move |_| Setup::from_query(&shell.location.read().query).0);
        let state = Memo::new(move |_| Arc::new(setup.get().computed()));
        let first = setup.get_untracked().position(&shell.query_untracked());
        Lesson { shell, setup, slide: Slide::new(state, first) }
    }

    /// Changes a setting; the window stays where it is in the image.
    fn change(self, edit: impl FnOnce(&mut Setup)) {
        let before = self.slide.state.get_untracked();
        let mut next = self.setup.get_untracked();
        edit(&mut next);
        let from = self.slide.position.get_untracked().min(before.len().saturating_sub(1));
        let position = next.computed().same_place(&before, from);
        self.slide.pointed.set(None);
        self.slide.position.set(position);
        self.shell.replace_query(Route::Convolution, next.to_query(position));
    }

    /// Writes the window's position into the address.
    fn keep(self) {
        let query = self.setup.get_untracked().to_query(self.slide.position.get_untracked());
        self.shell.replace_query(Route::Convolution, query);
    }
}

/// The page.
#[component]
pub fn ConvolutionPage() -> impl IntoView {
    let i18n = use_i18n();
    let lesson = Lesson::new();
    let slide = lesson.slide;
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, convolution.title)}</h1>
                <p class="lead">{t!(i18n, convolution.lead)}</p>
            </header>
            <div class="columns">
                <p>{t!(i18n, convolution.intro)}</p>
                <p>{t!(i18n, convolution.intro_steps)}</p>
            </div>
            <BadLink query=Signal::derive(move || lesson.shell.location.read().query.clone()) />
            <div class="bench">
                <div class="stack">
                    <Card title=text!(i18n, convolution.stage.title)>
                        <Controls lesson />
                        <SlidingFilter slide on_move=debounced_keep(lesson) />
                        <Playback lesson />
                        <Hints />
                    </Card>
                    <Card title=text!(i18n, convolution.products.title)>
                        <ProductsView slide />
                    </Card>
                </div>
                <div class="stack">
                    <Card title=text!(i18n, convolution.kernel.title)>
                        <KernelEditor
                            kernel=Signal::derive(move || lesson.setup.read().kernel)
                            on_change=move |kernel| lesson.change(|setup| setup.kernel = kernel)
                        />
                    </Card>
                    <Card title=text!(i18n, convolution.formula.title)>
                        <SizeFormula axis=Signal::derive(move || lesson.setup.read().axis()) />
                    </Card>
                </div>
            </div>
            <section class="section" aria-labelledby="convolution-notes">
                <h2 id="convolution-notes">{t!(i18n, convolution.notes.title)}</h2>
                <div class="columns">
                    <p>{t!(i18n, convolution.notes.flip)}</p>
                    <p>{t!(i18n, convolution.notes.shared)}</p>
                    <p>{t!(i18n, convolution.notes.weights)}</p>
                </div>
            </section>
        </article>
    }
}

/// Browsers allow about a hundred address changes in half a minute, fewer than a held arrow key makes.
fn debounced_keep(lesson: Lesson) -> Callback<()> {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Callback::new(move |()| {
        if let Some(before) = pending.get_value() {
            before.clear();
        }
        let wait = std::time::Duration::from_millis(400);
        let keep = move || {
            // The page may have been left meanwhile.
            if pending.try_get_value().is_some() {
                lesson.keep();
            }
        };
        pending.set_value(set_timeout_with_handle(keep, wait).ok());
    })
}

/// Says which parts of a link could not be read.
#[component]
fn BadLink(query: Signal<Query>) -> impl IntoView {
    let i18n = use_i18n();
    let bad = Memo::new(move |_| Setup::from_query(&query.read()).1);
    view! {
        <Show when=move || !bad.read().is_empty()>
            <p class="field__error" role="status">
                {t!(i18n, convolution.bad_link, keys = move || bad.read().join(", "))}
            </p>
        </Show>
    }
}

#[component]
fn Controls(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let setup = lesson.setup;
    let plain = |names: Vec<String>| {
        Signal::stored(names.into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>())
    };
    let digits = plain((0..10).map(|digit: usize| digit.to_string()).collect());
    let paddings = plain(PadChoice::ALL.map(PadChoice::name).to_vec());
    let strides = plain((1..=4).map(|stride: usize| stride.to_string()).collect());
    let choose_digit = move |digit: String| {
        if let Ok(class) = digit.parse() {
            lesson.change(|setup| setup.class = class);
        }
    };
    let choose_padding = move |name: String| {
        if let Some(padding) = PadChoice::from_name(&name) {
            lesson.change(|setup| setup.padding = padding);
        }
    };
    let choose_stride = move |stride: String| {
        if let Ok(stride) = stride.parse() {
            lesson.change(|setup| setup.stride = stride);
        }
    };
    view! {
        <div class="fields">
            <Segmented
                label=text!(i18n, convolution.controls.digit)
                compact=true
                choices=digits
                value=Signal::derive(move || setup.read().class.to_string())
                on_change=choose_digit
            />
            <Segmented
                label=text!(i18n, convolution.controls.padding)
                compact=true
                choices=paddings
                value=Signal::derive(move || setup.read().padding.name())
                on_change=choose_padding
            />
            <Segmented
                label=text!(i18n, convolution.controls.stride)
                compact=true
                choices=strides
                value=Signal::derive(move || setup.read().stride.to_string())
                on_change=choose_stride
            />
        </div>
    }
}

#[component]
fn Playback(lesson: Lesson) -> impl IntoView {
    let slide = lesson.slide;
    let what = Playing {
        position: slide.position,
        playing: slide.playing,
        length: Signal::derive(move || slide.state.read().len()),
    };
    let keep = debounced_keep(lesson);
    let on_toggle = move |()| {
        slide.toggle();
        keep.run(());
    };
    let on_go = move |position| {
        slide.go(position);
        keep.run(());
    };
    view! { <Player what on_toggle=on_toggle on_go=on_go on_settle=keep /> }
}

#[component]
fn Hints() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="hints">
            <p>{t!(i18n, convolution.stage.hint_point)} " " {t!(i18n, convolution.stage.sign_hint)}</p>
            <p>
                {t!(i18n, convolution.stage.hint_keys)} " " <kbd>"←"</kbd> " " <kbd>"↑"</kbd> " "
                <kbd>"→"</kbd> " " <kbd>"↓"</kbd> " " {t!(i18n, convolution.stage.key_move)} "; "
                <kbd>"["</kbd> " " <kbd>"]"</kbd> " " {t!(i18n, convolution.stage.key_step)} "; "
                <kbd>"Home"</kbd> " " <kbd>"End"</kbd> " " {t!(i18n, convolution.stage.key_ends)} "; "
                <kbd>"Space"</kbd> " " {t!(i18n, convolution.stage.key_play)}
            </p>
        </div>
    }
}
