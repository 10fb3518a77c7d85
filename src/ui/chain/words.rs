//! What the pictures show, in sentences and a table.

use super::Desk;
use crate::engine::layers::{LayerDef, LayerError};
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;
use crate::ui::context::{locale_of, shell};
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::pages::chain::{ChainState, Look, runs};
use leptos::prelude::*;

/// A level's name: the image, or the layer's name in Keras.
pub fn level_name(state: &ChainState, level: usize, locale: Locale) -> String {
    if level == 0 {
        return td_string!(locale, chain.level.image).to_string();
    }
    let layers = state.layers.clone();
    let input_shape = Shape::from(state.maps[0].shape);
    let names = ModelSpec { name: String::new(), input_shape, layers }.layer_names();
    names[level - 1].clone()
}

/// The sentence for one cell.
pub fn sentence(state: &ChainState, look: Look) -> String {
    let language = shell().language.get_untracked();
    let locale = locale_of(language);
    let map = &state.maps[look.level];
    let [_, cols, _] = map.shape;
    let (row, col) = (look.cell / cols + 1, look.cell % cols + 1);
    let value = language.short(f64::from(map.at(look.channel, look.cell)), 4);
    let (name, number) = (level_name(state, look.level, locale), look.channel + 1);
    let place = td_string!(locale, chain.stage.cell, name, number, row, col, value).to_string();
    if look.level == 0 {
        return place;
    }
    let [rows, cols] = &state.trace(look)[0];
    let count = rows.len() * cols.len();
    let (rows, cols) = (spans(rows), spans(cols));
    let seen = td_string!(locale, chain.stage.sees, rows, cols, count = language.count(count)).to_string();
    format!("{place} {seen}")
}

/// Rows or columns from 1: `3–7`, `1, 3, 5`.
fn spans(cells: &[usize]) -> String {
    let span = |(first, len): (usize, usize)| match len {
        1 => (first + 1).to_string(),
        _ => format!("{}–{}", first + 1, first + len),
    };
    runs(cells).into_iter().map(span).collect::<Vec<_>>().join(", ")
}

/// Why a stack cannot be run, by the layer that is the reason.
#[component]
pub fn Fault(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let fault = desk.fault()?;
        let number = fault.layer + 1;
        Some(match fault.error {
            LayerError::WindowTooLarge { window_height, window_width, height, width } => {
                t_string!(i18n, chain.fault.window, number, window_height, window_width, height, width)
                    .to_string()
            }
            LayerError::StridesAndDilation { .. } => {
                t_string!(i18n, chain.fault.dilation, number).to_string()
            }
            _ => t_string!(i18n, chain.fault.other, number).to_string(),
        })
    };
    view! {
        <Show when=move || desk.fault().is_some()>
            <p class="remark remark--warn" role="status">{words}</p>
        </Show>
    }
}

/// One line per layer: shape, parameters, field of view.
#[component]
pub fn Fields(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = desk.shell.language;
    let rows = move || {
        let state = desk.state.read();
        let row = |level: usize| {
            let map = &state.maps[level];
            let [height, width, channels] = map.shape;
            let name = level_name(&state, level, locale_of(language.get()));
            let class = level.checked_sub(1).map(|idx| state.layers[idx].class_name());
            let params = level.checked_sub(1).map_or(0, |idx| state.num_params(idx));
            let both = |[rows, cols]: [usize; 2]| {
                if rows == cols { rows.to_string() } else { format!("{rows} × {cols}") }
            };
            let size = both(map.field.map(|field| field.size));
            let step = both(map.field.map(|field| field.step));
            view! {
                <tr>
                    <th scope="row" title=class>{name}</th>
                    <td>{format!("{height} × {width} × {channels}")}</td>
                    <td>{language.get().count(params)}</td>
                    <td>{size}</td>
                    <td>{step}</td>
                </tr>
            }
        };
        (0..state.maps.len()).map(row).collect_view()
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, chain.table.region)>
            <table class="table table--sizes">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, chain.table.layer)}</th>
                        <th scope="col">{t!(i18n, chain.table.shape)}</th>
                        <th scope="col">{t!(i18n, chain.table.params)}</th>
                        <th scope="col">{t!(i18n, chain.table.field)}</th>
                        <th scope="col">{t!(i18n, chain.table.step)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="field__hint">{t!(i18n, chain.table.hint)}</p>
    }
}
