//! The filters: which one is edited, where its weights come from, and each of them.

use super::Desk;
use super::words::{channel_names, preset_hint, preset_name};
use crate::ui::components::{Bounds, Held, NumberField, Segmented, Select, UndoButtons};
use crate::ui::convolution::{Filter, Preset, Recipe, limit};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::sources::TrainedFilterPicker;
use crate::ui::translations::text;
use crate::ui::widgets::kernel_editor::{FilterBank, WeightEditor};
use crate::ui::widgets::sliding_filter::Spot;
use leptos::prelude::*;

const OWN: &str = "own";
const RANDOM: &str = "random";

/// The filters' settings.
#[component]
pub fn FilterCard(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (setup, slide) = (desk.setup, desk.slide);
    // Of the settings as they stand, which may have more filters than the last that led somewhere.
    let filter = Memo::new(move |_| slide.filter.get().min(setup.read().outputs().saturating_sub(1)));
    let channel = Memo::new(move |_| slide.channel().1.min(setup.read().filters[filter.get()].depth - 1));
    let edit = move |change: &dyn Fn(&Filter) -> Filter, is_moving: bool| {
        let idx = filter.get_untracked();
        let apply =
            |setup: &mut crate::ui::convolution::Setup| setup.filters[idx] = change(&setup.filters[idx]);
        if is_moving { desk.sketch(apply) } else { desk.change(apply) }
    };
    let weights = Signal::derive(move || {
        let setup = setup.read();
        let own = &setup.filters[filter.get()];
        (own.size, own.channel(channel.get()))
    });
    let on_change = move |(idx, weight, is_moving): (usize, f32, bool)| {
        let at = channel.get_untracked();
        edit(&|own: &Filter| own.with(idx * own.depth + at, weight), is_moving);
    };
    let on_look = move |weight: Option<[usize; 2]>| {
        let next = weight.map(|[row, col]| {
            // The picture shows the filter as it is laid on.
            let setup = setup.read_untracked();
            let [rows, cols] = setup.layer.kernel_size;
            Spot::Weight(if setup.flip { [rows - 1 - row, cols - 1 - col] } else { [row, col] })
        });
        slide.pointed.maybe_update(|now| std::mem::replace(now, next) != next);
    };
    let chosen = Signal::derive(move || (filter.get(), channel.get()));
    let choose = move |(next, channel): (usize, usize)| {
        slide.filter.set(next);
        let setup = setup.read_untracked();
        slide.channel.set(setup.layer.channels_of(next, setup.shape[2]).start + channel);
        desk.keep.run(());
    };
    let has_many = Memo::new(move |_| setup.read().filters.len() * setup.read().filters[0].depth > 1);
    view! {
        <Show when=move || has_many.get()>
            <FilterBank setup=setup chosen=chosen label=text!(i18n, convolution.kernel.bank) on_choose=choose />
            <WhichOne desk chosen on_choose=choose />
        </Show>
        <Held name="kernel">
            <Recipes desk filter />
        </Held>
        <Held name="kernel">
            <Trained desk filter />
        </Held>
        <Held name="kernel">
            <WeightEditor
                weights=weights
                label=text!(i18n, convolution.kernel.weights)
                on_change=on_change
                on_look=on_look
            />
        </Held>
        <UndoButtons
            steps=Signal::derive(move || desk.steps())
            on_travel=move |is_back| desk.travel(is_back)
        />
        <Show when=move || setup.read().layer.use_bias>
            <div class="fields--small">
                <Held name="bias">
                    <NumberField
                        label=text!(i18n, convolution.kernel.bias)
                        value=Signal::derive(move || f64::from(setup.read().bias[filter.get()]))
                        bounds=Bounds { min: -f64::from(limit::VALUE), max: limit::VALUE.into(), step: 0.1, decimals: 3 }
                        on_change=move |bias: f64| {
                            let idx = filter.get_untracked();
                            desk.sketch(|setup| setup.bias[idx] = bias as f32);
                        }
                    />
                </Held>
            </div>
        </Show>
        <Held name="flip">
            <Flip desk />
        </Held>
    }
}

/// The filter and its channel by name.
#[component]
fn WhichOne(
    desk: Desk,
    chosen: Signal<(usize, usize)>,
    #[prop(into)] on_choose: Callback<(usize, usize)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let filters = Signal::derive(move || {
        (0..setup.read().filters.len())
            .map(|idx| (idx.to_string(), (idx + 1).to_string()))
            .collect::<Vec<_>>()
    });
    let depth = Memo::new(move |_| setup.read().filters[0].depth);
    let channels = Signal::derive(move || {
        let setup = setup.read();
        let own = setup.layer.channels_of(chosen.get().0, setup.shape[2]);
        let names = channel_names(&setup);
        own.enumerate()
            .map(|(idx, channel)| (idx.to_string(), names.get(channel).cloned().unwrap_or_default()))
            .collect::<Vec<_>>()
    });
    let choose_filter = move |text: String| {
        if let Ok(idx) = text.parse() {
            on_choose.run((idx, chosen.get_untracked().1));
        }
    };
    let choose_channel = move |text: String| {
        if let Ok(idx) = text.parse() {
            on_choose.run((chosen.get_untracked().0, idx));
        }
    };
    view! {
        <Show when=move || { setup.read().filters.len() > 1 }>
            <Segmented
                label=text!(i18n, convolution.kernel.filter)
                compact=true
                choices=filters
                value=Signal::derive(move || chosen.get().0.to_string())
                on_change=choose_filter
            />
        </Show>
        <Show when=move || { depth.get() > 1 }>
            <Select
                label=text!(i18n, convolution.kernel.channel)
                choices=channels
                value=Signal::derive(move || chosen.get().1.to_string())
                on_change=choose_channel
            />
        </Show>
    }
}

/// Ready-made and random weights.
#[component]
fn Recipes(desk: Desk, filter: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let recipe = Memo::new(move |_| setup.read().filters[filter.get()].recipe);
    let choices = Signal::derive(move || {
        let mut all: Vec<_> =
            Preset::ALL.into_iter().map(|preset| (preset.name().to_owned(), preset_name(preset))).collect();
        all.push((RANDOM.to_owned(), t_string!(i18n, convolution.kernel.random).to_string()));
        if recipe.get() == Recipe::Own {
            all.push((OWN.to_owned(), t_string!(i18n, convolution.kernel.own).to_string()));
        }
        all
    });
    let chosen = move || match recipe.get() {
        Recipe::Preset(preset) => preset.name().to_owned(),
        Recipe::Random(_) => RANDOM.to_owned(),
        Recipe::Own => OWN.to_owned(),
    };
    let replace = move |make: &dyn Fn(&Filter) -> Filter| {
        let idx = filter.get_untracked();
        desk.change(|setup| setup.filters[idx] = make(&setup.filters[idx]));
    };
    let draw = move || {
        let seed = match recipe.get_untracked() {
            Recipe::Random(seed) => seed.wrapping_add(1),
            // Filters that are drawn one after the other differ.
            _ => filter.get_untracked() as u32 + 1,
        };
        replace(&|own: &Filter| Filter::random(seed, own.size, own.depth));
    };
    let choose = move |name: String| {
        if let Some(preset) = Preset::from_name(&name) {
            replace(&|own: &Filter| Filter::preset(preset, own.size, own.depth));
        } else if name == RANDOM {
            draw();
        }
    };
    let hint = move || match recipe.get() {
        Recipe::Preset(preset) => preset_hint(preset),
        Recipe::Random(seed) => t_string!(i18n, convolution.kernel.random_hint, seed).to_string(),
        Recipe::Own => t_string!(i18n, convolution.kernel.own_hint).to_string(),
    };
    view! {
        <Select
            label=text!(i18n, convolution.kernel.preset)
            choices=choices
            value=Signal::derive(chosen)
            on_change=choose
            hint=Signal::derive(hint)
        />
        <button type="button" class="button" on:click=move |_| draw()>
            {t!(i18n, convolution.kernel.draw)}
        </button>
    }
}

/// Weights of the network that was trained here, asked for when they are wanted.
#[component]
fn Trained(desk: Desk, filter: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let was_opened = RwSignal::new(false);
    let on_choose = move |chosen: Filter| {
        let idx = filter.get_untracked();
        desk.change(|setup| {
            setup.layer.kernel_size = chosen.size;
            if chosen.depth > 1 && !setup.layer.depthwise && setup.layer.groups == 1 {
                setup.shape[2] = chosen.depth;
            }
            setup.filters[idx] = chosen;
        });
    };
    view! {
        <details on:toggle=move |_| was_opened.set(true)>
            <summary>{t!(i18n, convolution.kernel.trained)}</summary>
            <Show when=move || was_opened.get()>
                <p class="field__hint">{t!(i18n, convolution.kernel.trained_hint)}</p>
                <TrainedFilterPicker on_choose=on_choose />
            </Show>
        </details>
    }
}

/// Cross-correlation or convolution.
#[component]
fn Flip(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="convolution__flip">
            <label class="check">
                <input
                    type="checkbox"
                    role="switch"
                    prop:checked=move || desk.setup.read().flip
                    on:change=move |event| {
                        let is_on = event_target_checked(&event);
                        desk.change(|setup| setup.flip = is_on);
                    }
                />
                <span>{t!(i18n, convolution.flip.label)}</span>
            </label>
            <p class="field__hint">
                {move || {
                    if desk.setup.read().flip {
                        t!(i18n, convolution.flip.on).into_any()
                    } else {
                        t!(i18n, convolution.flip.off).into_any()
                    }
                }}
            </p>
        </div>
    }
}
