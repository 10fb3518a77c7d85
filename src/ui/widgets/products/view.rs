//! The blocks, and the same as tables.

use super::scene::{SheetWords, products_scene};
use super::state::{Layout, Sheet};
use crate::ui::components::{Picture, PointerHit};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::scene::Scene;
use crate::ui::widgets::sliding_filter::{Slide, Spot};
use leptos::prelude::*;

/// The arithmetic of the cell in view; `sentence` says it in words.
#[component]
pub fn ProductsView(
    slide: Slide,
    #[prop(into)] words: Signal<SheetWords>,
    #[prop(into)] sentence: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let sheet = move || {
        let known = slide.guessed.read();
        slide.with_scope(|scope| {
            let is_hidden = known.as_ref().is_some_and(|known| !known.has(scope.current, scope.current));
            Sheet::of(scope, slide.channel().1, is_hidden)
        })
    };
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        let Some(sheet) = sheet() else { return Scene::new(at_hand, 1.0) };
        products_scene(&sheet, &words.read(), language.get(), at_hand)
    };
    let on_pointer = move |hit: PointerHit| {
        let find = |point| {
            let computed = slide.computed.get_untracked();
            let (filter, open) = untrack(|| (slide.filter(), slide.channel().1));
            let setup = &computed.setup;
            let channels = setup.layer.channels_of(filter, setup.shape[2]);
            let layout = Layout::new(channels.len(), open, setup.layer.kernel_size, width.get_value());
            layout.hit(point).map(|(channel, weight)| (channels.start + channel, weight))
        };
        match hit {
            PointerHit::Over(point) => {
                let next = find(point).and_then(|(_, weight)| weight).map(Spot::Weight);
                slide.pointed.maybe_update(|now| std::mem::replace(now, next) != next);
            }
            PointerHit::Press(point) => {
                let Some((channel, weight)) = find(point) else { return };
                slide.channel.set(channel);
                if let (Some(weight), Spot::Weight(_)) = (weight, slide.spot.get_untracked()) {
                    slide.spot.set(Spot::Weight(weight));
                }
            }
            PointerHit::Left => slide.pointed.set(None),
        }
    };
    let is_open = RwSignal::new(false);
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    let tables = move || {
        // Held still while playing: a table is hundreds of nodes.
        slide.walk.settled();
        slide.computed.track();
        slide.guessed.track();
        slide.filter.track();
        is_open
            .get()
            .then(|| untrack(sheet))
            .flatten()
            .map(|sheet| tables(&sheet, &words.read(), language.get()))
    };
    view! {
        <div class="products">
            <p class="products__words">{t!(i18n, convolution.products.pixels)}</p>
            <Picture scene=scene label=sentence on_pointer=Callback::new(on_pointer) />
            <details on:toggle=on_toggle>
                <summary>{t!(i18n, convolution.products.table)}</summary>
                {tables}
            </details>
        </div>
    }
}

fn tables(sheet: &Sheet, words: &SheetWords, language: Language) -> AnyView {
    let i18n = use_i18n();
    let [rows, cols] = sheet.arithmetic.size;
    let number = move |value: f32| language.short(f64::from(value), 3);
    let is_hidden = sheet.is_hidden;
    let table = |part: &crate::ui::convolution::ChannelPart| {
        let name = words.channels.get(part.channel).cloned().unwrap_or_default();
        let caption = t_string!(i18n, convolution.products.caption, name).to_string();
        let cell = |idx: usize| {
            let (pixel, weight) = (number(part.window[idx]), number(part.weights[idx]));
            let product = if is_hidden { "?".into() } else { number(part.products[idx]) };
            view! { <td>{format!("{pixel} × {weight} = {product}")}</td> }
        };
        let row = |row: usize| {
            let cells = (0..cols).map(|col| cell(row * cols + col)).collect_view();
            view! { <tr><th scope="row">{row + 1}</th>{cells}</tr> }
        };
        let heads = (1..=cols).map(|col| view! { <th scope="col">{col}</th> }).collect_view();
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label=caption.clone()>
                <table class="table products__table">
                    <caption>{caption.clone()}</caption>
                    <thead><tr><td></td>{heads}</tr></thead>
                    <tbody>{(0..rows).map(row).collect_view()}</tbody>
                </table>
            </div>
        }
    };
    sheet.arithmetic.channels.iter().map(table).collect_view().into_any()
}
