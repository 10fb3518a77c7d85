//! What lies under the filter: where it comes from, its size, and its numbers where they can be typed.

use super::Desk;
use super::words::channel_names;
use crate::ui::components::{NumberField, Pair, Segmented, Select, whole};
use crate::ui::convolution::{Picture, Setup, Source, limit};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::sources::{FetchNote, OtherSource};
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridEditor, NumberGrid};
use leptos::prelude::*;
use std::sync::Arc;

/// An input whose numbers are fields has no more rows or columns: on a phone they still can be touched.
const MOST_FIELDS: usize = NumberGrid::MAX_SIDE;

fn kind(source: &Source) -> &'static str {
    match source {
        Source::Digit(_) => "digit",
        Source::Sample(_) => "sample",
        Source::Landscape => "landscape",
        Source::Numbers(_) => "numbers",
        Source::Count => "count",
        Source::Impulse => "impulse",
        Source::Own(_) => "own",
    }
}

/// Whether the numbers are few enough to be typed.
fn is_typed(setup: &Setup) -> bool {
    setup.shape[0].max(setup.shape[1]) <= MOST_FIELDS
}

/// The input's settings.
#[component]
pub fn InputCard(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let now = Memo::new(move |_| kind(&setup.read().source));
    let choices = Signal::derive(move || {
        let mut all = vec![
            ("digit".to_owned(), t_string!(i18n, convolution.input.digit).to_string()),
            ("landscape".to_owned(), t_string!(i18n, convolution.input.landscape).to_string()),
            ("numbers".to_owned(), t_string!(i18n, convolution.input.numbers).to_string()),
            ("count".to_owned(), t_string!(i18n, convolution.input.count).to_string()),
            ("impulse".to_owned(), t_string!(i18n, convolution.input.impulse).to_string()),
            ("own".to_owned(), t_string!(i18n, convolution.input.own).to_string()),
        ];
        if now.get() == "sample" {
            all.push(("sample".to_owned(), t_string!(i18n, convolution.input.sample).to_string()));
        }
        all
    });
    let choose = move |name: String| match name.as_str() {
        "digit" => desk.choose_source(Source::Digit(5)),
        "landscape" => desk.choose_source(Source::Landscape),
        "numbers" => desk.choose_source(Source::Numbers(1)),
        "count" => desk.choose_source(Source::Count),
        "impulse" => desk.choose_source(Source::Impulse),
        "own" => desk.change(|setup| own(setup, desk.fetched().picture.read_untracked().as_ref())),
        _ => {}
    };
    view! {
        <Select label=text!(i18n, convolution.input.which) choices=choices value=Signal::derive(move || now.get().to_owned()) on_change=choose />
        <Show when=move || now.get() == "digit">
            <Digits desk />
        </Show>
        <OtherSource
            source=Signal::derive(move || setup.read().source.clone())
            on_choose=move |source| desk.choose_source(source)
        />
        <FetchNote fetched=desk.fetched() />
        <Show when=move || now.get() == "numbers">
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    desk.change(|setup| {
                        if let Source::Numbers(seed) = setup.source {
                            setup.source = Source::Numbers(seed.wrapping_add(1));
                        }
                    });
                }
            >
                {t!(i18n, convolution.input.anew)}
            </button>
        </Show>
        <Pair
            label=text!(i18n, convolution.input.size)
            value=Signal::derive(move || [setup.read().shape[0], setup.read().shape[1]])
            range=limit::SIDE
            on_change=move |[rows, cols]: [usize; 2]| {
                desk.change(|setup| reshape(setup, [rows, cols, setup.shape[2]]));
            }
        />
        <div class="fields--small">
            <NumberField
                label=text!(i18n, convolution.input.depth)
                value=Signal::derive(move || setup.read().shape[2] as f64)
                bounds=whole(&limit::DEPTH)
                on_change=move |depth: f64| {
                    desk.change(|setup| reshape(setup, [setup.shape[0], setup.shape[1], depth as usize]));
                }
            />
        </div>
        <Show
            when=move || is_typed(&setup.read())
            fallback=move || view! { <p class="field__hint">{t!(i18n, convolution.input.too_many)}</p> }
        >
            <OwnNumbers desk />
        </Show>
    }
}

/// Makes the input the reader's own, with the numbers that it has.
fn own(setup: &mut Setup, fetched: Option<&Picture>) {
    let values = setup.source.values(setup.shape, fetched);
    setup.source = Source::Own(Arc::new(Picture { shape: setup.shape, values }));
}

/// Another shape. Numbers that were typed keep their places, a picture is made larger or smaller.
fn reshape(setup: &mut Setup, shape: [usize; 3]) {
    let is_typed = |shape: [usize; 3]| shape[0].max(shape[1]) <= MOST_FIELDS;
    if let Source::Own(picture) = &setup.source
        && is_typed(shape)
        && is_typed(picture.shape)
    {
        let [height, width, depth] = picture.shape;
        let at = |row: usize, col: usize, channel: usize| {
            let is_inside = row < height && col < width;
            if is_inside { picture.values[(row * width + col) * depth + channel % depth] } else { 0.0 }
        };
        let cells = (0..shape[0]).flat_map(|row| (0..shape[1]).map(move |col| (row, col)));
        let values = cells.flat_map(|(row, col)| (0..shape[2]).map(move |channel| at(row, col, channel)));
        let values = values.collect();
        setup.source = Source::Own(Arc::new(Picture { shape, values }));
    }
    setup.shape = shape;
}

#[component]
fn Digits(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let digits: Vec<_> = (0..10).map(|digit| (digit.to_string(), digit.to_string())).collect();
    let chosen = move || match desk.setup.read().source {
        Source::Digit(class) => class.to_string(),
        _ => String::new(),
    };
    let choose = move |digit: String| {
        if let Ok(class) = digit.parse() {
            desk.change(|setup| setup.source = Source::Digit(class));
        }
    };
    view! {
        <Segmented
            label=text!(i18n, convolution.input.which_digit)
            compact=true
            choices=Signal::stored(digits)
            value=Signal::derive(chosen)
            on_change=choose
        />
    }
}

/// The numbers of one channel as fields.
#[component]
fn OwnNumbers(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let depth = Memo::new(move |_| setup.read().shape[2]);
    let channel = RwSignal::new(0usize);
    let now = move || channel.get().min(depth.get() - 1);
    let grid = Memo::new(move |_| {
        let setup = setup.read();
        let [_, cols, depth] = setup.shape;
        let values = setup.source.values(setup.shape, desk.fetched().picture.read().as_ref());
        NumberGrid::new(cols, values.into_iter().skip(now()).step_by(depth).collect())
    });
    let set = move |grid: NumberGrid| {
        let (channel, fetched) = (untrack(now), desk.fetched().picture.get_untracked());
        desk.change(|setup| {
            own(setup, fetched.as_ref());
            let depth = setup.shape[2];
            if let Source::Own(picture) = &mut setup.source {
                let picture = Arc::make_mut(picture);
                for (idx, value) in grid.values.iter().enumerate() {
                    picture.values[idx * depth + channel] = *value;
                }
            }
        });
    };
    let channels = Signal::derive(move || {
        let names = channel_names(&setup.read());
        names.into_iter().enumerate().map(|(idx, name)| (idx.to_string(), name)).collect::<Vec<_>>()
    });
    let choose = move |text: String| {
        if let Ok(idx) = text.parse() {
            channel.set(idx);
        }
    };
    view! {
        <Show when=move || { depth.get() > 1 }>
            <Select
                label=text!(i18n, convolution.input.of_channel)
                choices=channels
                value=Signal::derive(move || now().to_string())
                on_change=choose
            />
        </Show>
        <GridEditor grid=grid label=text!(i18n, convolution.input.cells) on_change=set />
    }
}
