//! The settings.

use super::Lesson;
use crate::engine::layers::Padding;
use crate::ui::components::{Held, Pair, RowsAndCols, Segmented, Select};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::pooling::{PoolInput, PoolKind, PoolSetup};
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridEditor, NumberGrid};
use leptos::prelude::*;

const OWN: &str = "own";

/// What, how large, how far, and how it meets the border.
#[component]
pub fn Controls(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let setup = lesson.setup;
    let kinds = Signal::derive(move || {
        vec![
            ("max".to_owned(), t_string!(i18n, pooling.controls.max).to_string()),
            ("average".to_owned(), t_string!(i18n, pooling.controls.average).to_string()),
        ]
    });
    let paddings = Signal::stored(["valid", "same"].map(|name| (name.to_owned(), name.to_owned())).to_vec());
    let choose_kind = move |name: String| {
        let kind = if name == "max" { PoolKind::Max } else { PoolKind::Average };
        lesson.change(|setup| setup.kind = kind);
    };
    let choose_padding = move |name: String| {
        let padding = if name == "same" { Padding::Same } else { Padding::Valid };
        lesson.change(|setup| setup.padding = padding);
    };
    let follow = move |event| {
        let follows = event_target_checked(&event);
        lesson.change(|setup| setup.strides = if follows { None } else { Some(setup.stride()) });
    };
    view! {
        <div class="fields">
            <Held name="kind">
                <Segmented
                    label=text!(i18n, pooling.controls.kind)
                    choices=kinds
                    value=Signal::derive(move || setup.read().kind_name().to_owned())
                    on_change=choose_kind
                />
            </Held>
            <Held name="padding">
                <Segmented
                    label=text!(i18n, pooling.controls.padding)
                    choices=paddings
                    value=Signal::derive(move || setup.read().padding_name().to_owned())
                    on_change=choose_padding
                />
            </Held>
        </div>
        <div class="fields">
            <Held name="pool_size">
                <Pair
                    label=text!(i18n, pooling.controls.pool_size)
                    value=Signal::derive(move || setup.read().pool_size)
                    range=1..=PoolSetup::MAX_SIZE
                    on_change=move |pair| lesson.change(|setup| setup.pool_size = pair)
                />
            </Held>
            <Held name="strides">
                <fieldset class="field">
                    <legend class="field__label">{t!(i18n, pooling.controls.strides)}</legend>
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || setup.read().strides.is_none()
                            on:change=follow
                        />
                        <span>{t!(i18n, pooling.controls.strides_none)}</span>
                    </label>
                    <Show when=move || setup.read().strides.is_some()>
                        <RowsAndCols
                            value=Signal::derive(move || setup.read().stride())
                            range=1..=PoolSetup::MAX_SIZE
                            on_change=move |pair| lesson.change(|setup| setup.strides = Some(pair))
                        />
                    </Show>
                </fieldset>
            </Held>
        </div>
    }
}

/// Which map, and its numbers.
#[component]
pub fn Numbers(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let setup = lesson.setup;
    let choices = Signal::derive(move || {
        let name = |input: &PoolInput| match input {
            PoolInput::Lecture => t_string!(i18n, pooling.input.lecture).to_string(),
            PoolInput::Ties => t_string!(i18n, pooling.input.ties).to_string(),
            PoolInput::Count => t_string!(i18n, pooling.input.count).to_string(),
            PoolInput::Digit(class) => t_string!(i18n, pooling.input.digit, class = *class).to_string(),
            PoolInput::Own(_) => t_string!(i18n, pooling.input.own).to_string(),
        };
        let mut all: Vec<_> =
            PoolInput::offered().iter().map(|input| (input.to_text(), name(input))).collect();
        if let own @ PoolInput::Own(_) = &setup.read().input {
            all.push((OWN.to_owned(), name(own)));
        }
        all
    });
    let chosen = Signal::derive(move || match &setup.read().input {
        PoolInput::Own(_) => OWN.to_owned(),
        offered => offered.to_text(),
    });
    let choose = move |text: String| {
        if let Some(input) = PoolInput::from_text(&text) {
            lesson.change(|setup| setup.input = input);
        }
    };
    let grid = Memo::new(move |_| setup.read().input.grid());
    let set = move |grid: NumberGrid| lesson.change(|setup| setup.input = PoolInput::of(grid));
    let resize = move |[rows, cols]: [usize; 2]| set(grid.get_untracked().resized(rows, cols));
    let is_editable = Memo::new(move |_| setup.read().input.is_editable());
    view! {
        <Select label=text!(i18n, pooling.input.which) choices=choices value=chosen on_change=choose />
        <Show
            when=move || is_editable.get()
            fallback=move || view! { <p class="field__hint">{t!(i18n, pooling.input.digit_hint)}</p> }
        >
            <RowsAndCols
                value=Signal::derive(move || [grid.read().rows, grid.read().cols])
                range=1..=NumberGrid::MAX_SIDE
                on_change=resize
            />
            <GridEditor grid=grid label=text!(i18n, pooling.input.numbers) on_change=set />
        </Show>
    }
}
