//! The page: a short introduction, the stage, the arithmetic, the formulas, the settings, and what to take along.

use super::scene::sheet_parts;
use super::state::read_query;
use crate::ui::browser::focus_id;
use crate::ui::components::{Animation, BadLink, Card, Held, Later, SHEET, TakeAway, is_text, undo_by_keys};
use crate::ui::context::shell;
use crate::ui::convolution::{to_csv, to_python};
use crate::ui::convolving::{Desk, Fault, FilterCard, InputCard, LayerCard, Stage, names};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::scene::Scene;
use crate::ui::sheet::sheet;
use crate::ui::translations::text;
use crate::ui::widgets::products::ProductsView;
use crate::ui::widgets::size_formula::SizeFormula;
use crate::ui::widgets::sliding_filter::{Known, Scope, Spot};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ConvolutionPage() -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::open();
    // Typing is undone by the browser.
    let is_typing = StoredValue::new(false);
    view! {
        <article
            class="page"
            on:keydown=move |event| {
                undo_by_keys(|is_back| desk.travel(is_back), is_typing.get_value(), &event);
            }
            on:input=move |event| is_typing.set_value(is_text(&event))
            on:change=move |_| is_typing.set_value(false)
            on:focusin=move |_| is_typing.set_value(false)
        >
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, convolution.title)}</h1>
                <p class="lead for-site">{t!(i18n, convolution.lead)}</p>
            </header>
            <div class="columns for-site">
                <p>{t!(i18n, convolution.intro)}</p>
                <p>{t!(i18n, convolution.intro_steps)}</p>
            </div>
            <BadLink read=|query| read_query(query).2.join(", ") />
            <div class="bench convolution">
                <div class="stack" id=PICTURES tabindex="-1">
                    <Card title=text!(i18n, convolution.stage.title)>
                        <Fault desk />
                        <Jumps />
                        <Stage desk />
                    </Card>
                </div>
                <div class="stack convolution__settings">
                    <Later>
                        <div id=SETTINGS[0] tabindex="-1">
                            <Card title=text!(i18n, convolution.controls.title)>
                                <LayerCard desk />
                                <Back />
                            </Card>
                        </div>
                    </Later>
                    <Later>
                        <div id=SETTINGS[1] tabindex="-1">
                            <Card title=text!(i18n, convolution.kernel.title)>
                                <FilterCard desk />
                                <Back />
                            </Card>
                        </div>
                    </Later>
                    <Later>
                        <div id=SETTINGS[2] tabindex="-1">
                            <Card title=text!(i18n, convolution.input.title)>
                                <Held name="input">
                                    <InputCard desk />
                                </Held>
                                <Back />
                            </Card>
                        </div>
                    </Later>
                </div>
                <div class="stack convolution__rest">
                    <Later>
                        <Held name="products">
                            <Card title=text!(i18n, convolution.products.title)>
                                <Arithmetic desk />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="formula">
                            <Card title=text!(i18n, convolution.formula.title)>
                                <Sizes desk />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="take">
                            <Card title=text!(i18n, pooling.take.title)>
                                <Take desk />
                            </Card>
                        </Held>
                    </Later>
                </div>
            </div>
            <Later>
                <section class="section for-site" aria-labelledby="convolution-notes">
                    <h2 id="convolution-notes">{t!(i18n, convolution.notes.title)}</h2>
                    <div class="columns">
                        <p>{t!(i18n, convolution.notes.shared)}</p>
                        <p>{t!(i18n, convolution.notes.depth)}</p>
                        <p>{t!(i18n, convolution.notes.weights)}</p>
                    </div>
                </section>
            </Later>
        </article>
    }
}

/// The settings' places: layer, filter, input.
const SETTINGS: [&str; 3] = ["convolution-layer", "convolution-filter", "convolution-input"];

/// The pictures' place.
const PICTURES: &str = "convolution-pictures";

/// The way back to the pictures, where the settings do not stand beside them.
#[component]
fn Back() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button
            type="button"
            class="button convolution__jumps"
            on:click=move |_| focus_id(PICTURES.to_owned())
        >
            {t!(i18n, convolution.controls.back)}
        </button>
    }
}

/// Ways to the settings, which on a narrow page stand far below.
#[component]
fn Jumps() -> impl IntoView {
    let i18n = use_i18n();
    let names = [
        text!(i18n, convolution.controls.title),
        text!(i18n, convolution.kernel.title),
        text!(i18n, convolution.input.title),
    ];
    let jump = |(name, place): (Signal<String>, &'static str)| {
        view! {
            <button type="button" class="button" on:click=move |_| focus_id(place.to_owned())>
                {move || name.get()}
            </button>
        }
    };
    view! {
        <div
            class="buttons convolution__jumps"
            role="group"
            aria-label=move || t_string!(i18n, convolution.controls.jump)
        >
            {names.into_iter().zip(SETTINGS).map(jump).collect_view()}
        </div>
    }
}

#[component]
fn Arithmetic(desk: Desk) -> impl IntoView {
    // Made once for many frames.
    let words = Memo::new(move |_| names(&desk.slide.computed.read()).sheet);
    view! { <ProductsView slide=desk.slide words=words sentence=desk.sentence() /> }
}

#[component]
fn Sizes(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let is_hidden = Signal::derive(move || desk.guessing.hides_size());
    view! {
        <Show
            when=move || desk.works()
            fallback=move || view! { <p>{t!(i18n, convolution.formula.impossible)}</p> }
        >
            <SizeFormula setup=desk.setup is_hidden=is_hidden />
        </Show>
    }
}

#[component]
fn Take(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let is_offered = Memo::new(move |_| desk.works() && !desk.guessing.is_open());
    let code = Signal::derive(move || to_python(&desk.slide.computed.read()));
    let animation = film(desk);
    view! {
        <Show
            when=move || is_offered.get()
            fallback=move || view! { <p>{t!(i18n, convolution.take.later)}</p> }
        >
            <TakeAway
                name="convolution"
                title=text!(i18n, convolution.title)
                pictures=move |()| pictures(desk)
                csv=move |()| to_csv(&desk.slide.computed.read_untracked())
                code=code
                animation=animation
            />
        </Show>
    }
}

/// The pictures as they are now, for a file.
fn pictures(desk: Desk) -> Vec<(String, Scene)> {
    untrack(|| {
        let slide = desk.slide;
        let names = names(&slide.computed.read());
        let (channel, language) = (slide.channel().1, shell().language.get());
        slide.with_scope(|scope| sheet_parts(scope, channel, &desk.known(), &names, language))
    })
}

/// The whole walk of the window.
fn film(desk: Desk) -> Animation {
    let (slide, language) = (desk.slide, shell().language);
    let names = Memo::new(move |_| names(&slide.computed.read()));
    let frame = move |position: usize| {
        untrack(|| {
            let channel = slide.channel().1;
            let parts = slide.with_scope(|scope| {
                // The settings may have changed since the film was begun.
                let current = position.min(scope.computed.len().saturating_sub(1));
                let scope = Scope { current, spot: Spot::Window, ..scope };
                sheet_parts(scope, channel, &Known::First(current + 1), &names.read(), language.get())
            });
            sheet(&parts, SHEET)
        })
    };
    Animation { count: Signal::derive(move || slide.computed.read().len()), frame: Callback::new(frame) }
}
