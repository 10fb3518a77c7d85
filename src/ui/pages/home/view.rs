//! The first page: a hook that needs no theory, then the way to each task.

use super::scene::{hit, patch_scene};
use super::state::{HomeState, PATCH};
use crate::ui::components::{Picture, PointerHit, Segmented};
use crate::ui::context::shell;
use crate::ui::digits::TEST_IDXS;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::routes::Route;
use crate::ui::translations::text;
use leptos::{ev::KeyboardEvent, prelude::*};

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <article class="page home">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.home.title)}</h1>
                <p class="lead for-site">{t!(i18n, common.home.lead)}</p>
            </header>
            <Patch />
            <section class="section" aria-labelledby="home-tasks">
                <h2 id="home-tasks">{t!(i18n, common.home.tasks)}</h2>
                <ol class="home__tasks"><Tasks /></ol>
                <p>
                    <a href=Route::Optimizers.href()>{t!(i18n, common.nav.optimizers)}</a> ". "
                    {t!(i18n, common.home.optimizers)}
                </p>
            </section>
        </article>
    }
}

#[component]
fn Patch() -> impl IntoView {
    let i18n = use_i18n();
    let state = RwSignal::new(HomeState::default());
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        patch_scene(state.get(), at_hand)
    };
    let on_pointer = move |event: PointerHit| {
        let (PointerHit::Over(point) | PointerHit::Press(point)) = event else { return };
        if let Some((row, col)) = hit(point, width.get_value()) {
            let next = state.get_untracked().centred(row, col);
            state.maybe_update(|now| std::mem::replace(now, next) != next);
        }
    };
    let label = Signal::derive(move || {
        let HomeState { class, top, left } = state.get();
        let (bottom, right) = (top + PATCH, left + PATCH);
        t_string!(i18n, common.home.picture, digit = class, top = top + 1, bottom, left = left + 1, right)
            .to_string()
    });
    let on_key = move |event: KeyboardEvent| {
        let (rows, cols) = match event.key().as_str() {
            "ArrowUp" => (-1, 0),
            "ArrowDown" => (1, 0),
            "ArrowLeft" => (0, -1),
            "ArrowRight" => (0, 1),
            _ => return,
        };
        event.prevent_default();
        state.update(|now| *now = now.moved(rows, cols));
        shell().announce(label.get_untracked());
    };
    let digits: Vec<_> = (0..10).map(|class| (class.to_string(), class.to_string())).collect();
    let choose = move |class: String| {
        if let Ok(class) = class.parse() {
            state.update(|now| now.class = class);
        }
    };
    view! {
        <figure class="home__patch">
            <Segmented
                label=text!(i18n, common.home.digit)
                compact=true
                choices=Signal::stored(digits)
                value=Signal::derive(move || state.read().class.to_string())
                on_change=choose
            />
            <div
                class="home__stage"
                tabindex="0"
                role="application"
                aria-label=move || t_string!(i18n, common.home.hint)
                on:keydown=on_key
            >
                <Picture scene=scene label=label on_pointer=Callback::new(on_pointer) />
            </div>
            <figcaption class="home__caption">
                <p>{t!(i18n, common.home.hint)}</p>
                <p>{t!(i18n, common.home.caption, number = move || TEST_IDXS[state.read().class])}</p>
            </figcaption>
        </figure>
    }
}

#[component]
fn Tasks() -> impl IntoView {
    let i18n = use_i18n();
    let task = |route: Route, title: Signal<String>, words: Signal<String>| {
        view! {
            <li class="card home__task">
                <h3><a href=route.href()>{move || title.get()}</a></h3>
                <p>{move || words.get()}</p>
            </li>
        }
    };
    (
        task(Route::Convolution, text!(i18n, common.nav.convolution), text!(i18n, common.home.convolution)),
        task(Route::Training, text!(i18n, common.nav.training), text!(i18n, common.home.training)),
        task(Route::Evaluation, text!(i18n, common.nav.evaluation), text!(i18n, common.home.evaluation)),
    )
}
