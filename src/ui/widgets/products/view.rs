//! The blocks, the sum, and the same as a table.

use super::scene::products_scene;
use super::state::Products;
use crate::ui::components::Picture;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::widgets::size_formula::WINDOW;
use crate::ui::widgets::sliding_filter::Slide;
use leptos::prelude::*;

/// The arithmetic of the position in view.
#[component]
pub fn ProductsView(slide: Slide) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let products = move || slide.state.read().products(slide.current());
    let scene = move |width: f64| products_scene(&products(), language.get(), width);
    let label = Signal::derive(move || {
        let value = slide.state.read().products(slide.settled()).sum;
        let sum = language.get().decimal(f64::from(value), 3);
        t_string!(i18n, convolution.products.picture, sum)
    });
    let cell = move || slide.state.read().cell(slide.current());
    let is_open = RwSignal::new(false);
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <div class="products">
            <p class="products__words">{t!(i18n, convolution.products.pixels)}</p>
            <Picture scene=scene label=label />
            <p class="products__sum">
                {t!(i18n, convolution.products.sum, row = move || cell().0 + 1, col = move || cell().1 + 1)}
                " "
                <strong class="number">
                    {move || language.get().decimal(f64::from(products().sum), 3)}
                </strong>
            </p>
            <details on:toggle=on_toggle>
                <summary>{t!(i18n, convolution.products.table)}</summary>
                {move || is_open.get().then(|| table(&slide.state.read().products(slide.settled())))}
            </details>
        </div>
    }
}

fn table(products: &Products) -> AnyView {
    let i18n = use_i18n();
    let language = shell().language.get();
    let products = *products;
    let number = move |value: f32| language.short(f64::from(value), 3);
    let cell = move |idx: usize| {
        let (pixel, weight) = (number(products.window[idx]), number(products.kernel.0[idx]));
        view! { <td>{format!("{pixel} × {weight} = {}", number(products.products[idx]))}</td> }
    };
    let row = move |row: usize| {
        let cells = (0..WINDOW).map(|col| cell(row * WINDOW + col)).collect_view();
        view! { <tr><th scope="row">{row + 1}</th>{cells}</tr> }
    };
    let heads = (1..=WINDOW).map(|col| view! { <th scope="col">{col}</th> }).collect_view();
    view! {
        <div
            class="table-scroll"
            tabindex="0"
            role="region"
            aria-label=t_string!(i18n, convolution.products.caption)
        >
            <table class="table products__table">
                <caption>{t_string!(i18n, convolution.products.caption)}</caption>
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{(0..WINDOW).map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
