//! The layer's arguments, by Keras's names.

use super::Desk;
use crate::engine::layers::Activation;
use crate::ui::components::{Held, NumberField, Pair, Segmented, Select, whole};
use crate::ui::convolution::{PadChoice, limit};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::backwards::View;
use crate::ui::routes::Route;
use crate::ui::translations::text;
use leptos::prelude::*;

/// The number that is offered first when padding goes by number.
const FIRST_PADDING: usize = 1;

/// The layers of this page, by their names in the form and in Keras.
const KINDS: [(&str, &str); 2] = [("conv", "Conv2D"), ("depthwise", "DepthwiseConv2D")];

/// The settings of the layer.
#[component]
pub fn LayerCard(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let layer = Memo::new(move |_| setup.read().layer);
    let kinds = Signal::stored(KINDS.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec());
    let choose_kind = move |name: String| {
        desk.change(|setup| {
            setup.layer.depthwise = name == "depthwise";
            let most = if setup.layer.depthwise { limit::MULTIPLIER } else { limit::FILTERS };
            setup.layer.filters = setup.layer.filters.min(*most.end());
        });
    };
    let is_depthwise = Memo::new(move |_| layer.read().depthwise);
    let filters = move || {
        let (label, range) = if is_depthwise.get() {
            (text!(i18n, convolution.controls.multiplier), limit::MULTIPLIER)
        } else {
            (text!(i18n, convolution.controls.filters), limit::FILTERS)
        };
        view! {
            <NumberField
                label=label
                value=Signal::derive(move || layer.read().filters as f64)
                bounds=whole(&range)
                on_change=move |number: f64| desk.change(|setup| setup.layer.filters = number as usize)
            />
        }
    };
    view! {
        <Held name="layer">
            <Segmented
                label=text!(i18n, convolution.controls.layer)
                choices=kinds
                value=Signal::derive(move || if is_depthwise.get() { "depthwise" } else { "conv" }.to_owned())
                on_change=choose_kind
            />
        </Held>
        <div class="fields fields--small convolution__row">
            <Held name="filters">{filters}</Held>
            <Show when=move || !is_depthwise.get()>
                <Held name="groups">
                    <NumberField
                        label=text!(i18n, convolution.controls.groups)
                        value=Signal::derive(move || layer.read().groups as f64)
                        bounds=whole(&limit::GROUPS)
                        on_change=move |number: f64| desk.change(|setup| setup.layer.groups = number as usize)
                    />
                </Held>
            </Show>
        </div>
        <Held name="kernel_size">
            <Pair
                label=text!(i18n, convolution.controls.kernel_size)
                value=Signal::derive(move || layer.read().kernel_size)
                range=limit::KERNEL
                on_change=move |pair| desk.change(|setup| setup.layer.kernel_size = pair)
            />
        </Held>
        <Held name="strides">
            <Pair
                label=text!(i18n, convolution.controls.strides)
                value=Signal::derive(move || layer.read().strides)
                range=limit::STRIDE
                on_change=move |pair| desk.change(|setup| setup.layer.strides = pair)
            />
        </Held>
        <Held name="padding">
            <PaddingField desk />
        </Held>
        <Held name="dilation_rate">
            <Pair
                label=text!(i18n, convolution.controls.dilation_rate)
                value=Signal::derive(move || layer.read().dilation_rate)
                range=limit::DILATION
                on_change=move |pair| desk.change(|setup| setup.layer.dilation_rate = pair)
            />
        </Held>
        <p class="field__hint">
            <a href=format!("{}?view={}", Route::Backwards.href(), View::Dilated.name())>
                {t!(i18n, convolution.controls.dilation_more)}
            </a>
        </p>
        <Held name="activation">
            <Activations desk />
        </Held>
        <Held name="use_bias">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || layer.read().use_bias
                    on:change=move |event| {
                        let is_on = event_target_checked(&event);
                        desk.change(|setup| setup.layer.use_bias = is_on);
                    }
                />
                <span>{t!(i18n, convolution.controls.use_bias)}</span>
            </label>
        </Held>
    }
}

#[component]
fn PaddingField(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let padding = Memo::new(move |_| desk.setup.read().layer.padding);
    let choices = Signal::derive(move || {
        let number = t_string!(i18n, convolution.controls.padding_number).to_string();
        vec![
            ("valid".to_owned(), "valid".to_owned()),
            ("same".to_owned(), "same".to_owned()),
            ("number".to_owned(), number),
        ]
    });
    let choose = move |name: String| {
        let choice = PadChoice::from_name(&name).unwrap_or(PadChoice::Cells(FIRST_PADDING));
        desk.change(|setup| setup.layer.padding = choice);
    };
    let chosen = move || match padding.get() {
        PadChoice::Cells(_) => "number".to_owned(),
        other => other.name(),
    };
    view! {
        <div class="fields fields--small convolution__row">
            <Segmented
                label=text!(i18n, convolution.controls.padding)
                choices=choices
                value=Signal::derive(chosen)
                on_change=choose
            />
            <Show when=move || matches!(padding.get(), PadChoice::Cells(_))>
                <NumberField
                    label=text!(i18n, convolution.controls.padding_cells)
                    value=Signal::derive(move || padding.get().cells() as f64)
                    bounds=whole(&limit::PADDING)
                    on_change=move |cells: f64| {
                        desk.change(|setup| setup.layer.padding = PadChoice::Cells(cells as usize));
                    }
                />
            </Show>
        </div>
    }
}

#[component]
fn Activations(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let names =
        Activation::ALL.map(|activation| (activation.name().to_owned(), activation.name().to_owned()));
    let choose = move |name: String| {
        if let Some(activation) = Activation::ALL.into_iter().find(|activation| activation.name() == name) {
            desk.change(|setup| setup.layer.activation = activation);
        }
    };
    view! {
        <div lang="en">
            <Select
                label=text!(i18n, convolution.controls.activation)
                choices=Signal::stored(names.to_vec())
                value=Signal::derive(move || desk.setup.read().layer.activation.name().to_owned())
                on_change=choose
            />
        </div>
    }
}
