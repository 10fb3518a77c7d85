//! The settings and the numbers.

use super::Desk;
use crate::engine::layers::LayerError;
use crate::ui::components::{Bounds, NumberField, Segmented};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::backwards::{BackSetup, View};
use crate::ui::pages::chain::padding_of;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridEditor, NumberGrid};
use leptos::prelude::*;

fn sizes(max: usize) -> Bounds {
    Bounds { min: 1.0, max: max as f64, step: 1.0, decimals: 0 }
}

/// What is shown, how far the window moves and how it meets the border.
#[component]
pub fn Controls(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let views = Signal::derive(move || {
        vec![
            ("gradients".to_owned(), t_string!(i18n, backwards.controls.gradients).to_string()),
            ("transposed".to_owned(), t_string!(i18n, backwards.controls.transposed).to_string()),
        ]
    });
    let choose_view = move |name: String| {
        let view = if name == "transposed" { View::Transposed } else { View::Gradients };
        desk.walk.go(0);
        desk.change(|setup| setup.view = view);
    };
    let paddings = Signal::stored(["valid", "same"].map(|name| (name.to_owned(), name.to_owned())).to_vec());
    let choose_padding = move |name: String| {
        if let Some(padding) = padding_of(&name) {
            desk.change(|setup| setup.padding = padding);
        }
    };
    let is_gradients = Memo::new(move |_| setup.read().view == View::Gradients);
    let fault = move || {
        Some(match desk.fault()? {
            LayerError::WindowTooLarge { window_height, window_width, height, width } => {
                t_string!(i18n, backwards.fault.window, window_height, window_width, height, width)
                    .to_string()
            }
            _ => t_string!(i18n, backwards.fault.dilation).to_string(),
        })
    };
    view! {
        <Segmented
            label=text!(i18n, backwards.controls.view)
            choices=views
            value=Signal::derive(move || setup.read().view_name().to_owned())
            on_change=choose_view
        />
        <div class="fields fields--small" lang="en">
            <NumberField
                label=Signal::stored("strides".to_owned())
                value=Signal::derive(move || setup.read().strides as f64)
                bounds=sizes(BackSetup::MAX_STEP)
                on_change=move |value| desk.change(|setup| setup.strides = value as usize)
            />
            <Show when=move || is_gradients.get()>
                <NumberField
                    label=Signal::stored("dilation_rate".to_owned())
                    value=Signal::derive(move || setup.read().dilation_rate as f64)
                    bounds=sizes(BackSetup::MAX_STEP)
                    on_change=move |value| desk.change(|setup| setup.dilation_rate = value as usize)
                />
            </Show>
            <Segmented
                label=Signal::stored("padding".to_owned())
                choices=paddings
                value=Signal::derive(move || setup.read().padding_name().to_owned())
                on_change=choose_padding
            />
        </div>
        <Show when=move || desk.fault().is_some()>
            <p class="remark remark--warn" role="status">{fault}</p>
        </Show>
    }
}

/// The numbers of input, kernel and the gradient that comes back.
#[component]
pub fn Numbers(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let input = Memo::new(move |_| setup.read().input.clone());
    let kernel = Memo::new(move |_| setup.read().kernel.clone());
    let sent = Memo::new(move |_| desk.state.read().sent.clone());
    let is_gradients = Memo::new(move |_| setup.read().view == View::Gradients);
    let set_input = Callback::new(move |grid| desk.change(|setup| setup.input = grid));
    let set_kernel = Callback::new(move |grid| desk.change(|setup| setup.kernel = grid));
    let set_sent = move |grid: NumberGrid| {
        let is_ones = grid.values.iter().all(|value| value.to_bits() == 1.0f32.to_bits());
        desk.change(|setup| setup.sent = (!is_ones).then_some(grid));
    };
    view! {
        <h3>{t!(i18n, backwards.numbers.input)}</h3>
        <Sized grid=input max=NumberGrid::MAX_SIDE label=text!(i18n, backwards.numbers.input) on_change=set_input />
        <h3>{t!(i18n, backwards.numbers.kernel)}</h3>
        <Sized grid=kernel max=BackSetup::MAX_KERNEL label=text!(i18n, backwards.numbers.kernel) on_change=set_kernel />
        <Show when=move || is_gradients.get()>
            <h3>{t!(i18n, backwards.numbers.sent)}</h3>
            <GridEditor grid=sent label=text!(i18n, backwards.numbers.sent) on_change=set_sent />
            <div class="buttons">
                <button
                    type="button"
                    class="button"
                    on:click=move |_| desk.change(|setup| setup.sent = None)
                >
                    {t!(i18n, backwards.numbers.ones)}
                </button>
            </div>
        </Show>
    }
}

/// Numbers whose rows and columns are chosen as well.
#[component]
fn Sized(
    grid: Memo<NumberGrid>,
    max: usize,
    label: Signal<String>,
    on_change: Callback<NumberGrid>,
) -> impl IntoView {
    let i18n = use_i18n();
    let resize = move |rows: usize, cols: usize| on_change.run(grid.get_untracked().resized(rows, cols));
    view! {
        <div class="fields fields--small">
            <NumberField
                label=text!(i18n, pooling.controls.rows)
                value=Signal::derive(move || grid.read().rows as f64)
                bounds=sizes(max)
                on_change=move |rows| resize(rows as usize, grid.get_untracked().cols)
            />
            <NumberField
                label=text!(i18n, pooling.controls.cols)
                value=Signal::derive(move || grid.read().cols as f64)
                bounds=sizes(max)
                on_change=move |cols| resize(grid.get_untracked().rows, cols as usize)
            />
        </div>
        <GridEditor grid=grid label=label on_change=on_change />
    }
}
