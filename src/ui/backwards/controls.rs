//! The settings and the numbers.

use super::Desk;
use crate::engine::layers::LayerError;
use crate::ui::components::{Held, NumberField, RowsAndCols, Segmented, whole};
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::pages::backwards::{BackSetup, View};
use crate::ui::pages::chain::padding_of;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridEditor, NumberGrid};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// What a view shows.
pub fn view_name(i18n: I18nContext<Locale>, view: View) -> String {
    match view {
        View::Gradients => t_string!(i18n, backwards.controls.gradients),
        View::Transposed => t_string!(i18n, backwards.controls.transposed),
        View::Dilated => t_string!(i18n, backwards.controls.dilated),
    }
    .to_string()
}

/// What is shown, how far the window moves and how it meets the border.
#[component]
pub fn Controls(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let views = Signal::derive(move || {
        View::ALL.map(|view| (view.name().to_owned(), view_name(i18n, view))).to_vec()
    });
    let choose_view = move |name: String| {
        if let Some(view) = View::from_name(&name) {
            desk.walk.go(0);
            desk.change(|setup| setup.choose(view));
        }
    };
    let paddings = Signal::stored(["valid", "same"].map(|name| (name.to_owned(), name.to_owned())).to_vec());
    let choose_padding = move |name: String| {
        if let Some(padding) = padding_of(&name) {
            desk.change(|setup| setup.padding = padding);
        }
    };
    let view_now = Memo::new(move |_| setup.read().view);
    let fault = move || {
        let rate = setup.read().dilation_rate;
        Some(match desk.fault.get()? {
            LayerError::WindowTooLarge { window_height, window_width, height, width } if rate > 1 => {
                t_string!(i18n, backwards.fault.stretched, rate, window_height, window_width, height, width)
                    .to_string()
            }
            LayerError::WindowTooLarge { window_height, window_width, height, width } => {
                t_string!(i18n, backwards.fault.window, window_height, window_width, height, width)
                    .to_string()
            }
            _ => t_string!(i18n, backwards.fault.dilation).to_string(),
        })
    };
    view! {
        <Held name="view">
            <Segmented
                label=text!(i18n, backwards.controls.view)
                choices=views
                value=Signal::derive(move || setup.read().view.name().to_owned())
                on_change=choose_view
            />
        </Held>
        <div class="fields fields--small" lang="en">
            <Show when=move || view_now.get() != View::Dilated>
                <Held name="strides">
                    <NumberField
                        label=Signal::stored("strides".to_owned())
                        value=Signal::derive(move || setup.read().strides as f64)
                        bounds=whole(&(1..=BackSetup::MAX_STEP))
                        on_change=move |value| desk.change(|setup| setup.strides = value as usize)
                    />
                </Held>
            </Show>
            <Show when=move || view_now.get() != View::Transposed>
                <Held name="dilation_rate">
                    <NumberField
                        label=Signal::stored("dilation_rate".to_owned())
                        value=Signal::derive(move || setup.read().dilation_rate as f64)
                        bounds=whole(&(1..=BackSetup::MAX_STEP))
                        on_change=move |value| desk.change(|setup| setup.dilation_rate = value as usize)
                    />
                </Held>
            </Show>
            <Held name="padding">
                <Segmented
                    label=Signal::stored("padding".to_owned())
                    choices=paddings
                    value=Signal::derive(move || setup.read().padding_name().to_owned())
                    on_change=choose_padding
                />
            </Held>
        </div>
        <Show when=move || view_now.get() == View::Dilated>
            <p class="field__hint">{t!(i18n, backwards.dilated.strides)}</p>
        </Show>
        <Show when=move || desk.fault.get().is_some()>
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
        <Held name="input">
            <Sized grid=input max=NumberGrid::MAX_SIDE label=text!(i18n, backwards.numbers.input) on_change=set_input />
        </Held>
        <h3>{t!(i18n, backwards.numbers.kernel)}</h3>
        <Held name="kernel">
            <Sized grid=kernel max=BackSetup::MAX_KERNEL label=text!(i18n, backwards.numbers.kernel) on_change=set_kernel />
        </Held>
        <Show when=move || is_gradients.get()>
            <h3>{t!(i18n, backwards.numbers.sent)}</h3>
            <Held name="sent">
                <GridEditor grid=sent label=text!(i18n, backwards.numbers.sent) on_change=set_sent />
            </Held>
            <Held name="sent">
                <div class="buttons">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| desk.change(|setup| setup.sent = None)
                    >
                        {t!(i18n, backwards.numbers.ones)}
                    </button>
                </div>
            </Held>
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
    let resize = move |[rows, cols]: [usize; 2]| on_change.run(grid.get_untracked().resized(rows, cols));
    view! {
        <RowsAndCols
            value=Signal::derive(move || [grid.read().rows, grid.read().cols])
            range=1..=max
            on_change=resize
        />
        <GridEditor grid=grid label=label on_change=on_change />
    }
}
