//! The pictures with the player, what is looked at, and why there may be nothing new to see.

use super::words::{caption, channel_names, names, sentence};
use super::{Desk, NextGuess};
use crate::ui::components::{Held, Segmented, WalkKeys, WalkPlayer};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridTable, NumberGrid};
use crate::ui::widgets::sliding_filter::{FilterStage, Scope, Spot, StageWords};
use leptos::prelude::*;

impl Desk {
    /// What is looked at in words, held still while playing: for names of pictures and for speech.
    pub fn sentence(self) -> Signal<String> {
        let walk = self.slide.walk;
        self.words_at(move || walk.settled())
    }

    /// What is looked at in words, cell by cell.
    fn running_sentence(self) -> Signal<String> {
        let walk = self.slide.walk;
        self.words_at(move || walk.reached())
    }

    fn words_at(self, reached: impl Fn() -> usize + Send + Sync + 'static) -> Signal<String> {
        let (i18n, slide) = (use_i18n(), self.slide);
        Signal::derive(move || {
            if self.guessing.hides_size() {
                return t_string!(i18n, convolution.guess.size_hidden).to_string();
            }
            let (computed, known) = (slide.computed.read(), slide.guessed.get());
            let pointed = slide.walk.pointed.get().filter(|idx| *idx < computed.len());
            let current = pointed.unwrap_or_else(&reached);
            let scope = Scope { computed: &computed, filter: slide.filter(), current, spot: slide.spot() };
            sentence(scope, &known.unwrap_or(super::Known::First(0)))
        })
    }
}

/// Why there is nothing new to see.
#[component]
pub fn Fault(desk: Desk) -> impl IntoView {
    let (i18n, language) = (use_i18n(), shell().language);
    let words = move || {
        let error = desk.result.read().maps.as_ref().err().cloned()?;
        let error = ErrorText { i18n, language: language.get() }.layer(&error);
        Some(t_string!(i18n, convolution.fault, error).to_string())
    };
    view! {
        <div class="convolution__fault" role="status" data-testid="fault">
            {move || words().map(|words| view! { <p class="remark remark--warn">{words}</p> })}
        </div>
    }
}

/// Input, maps, player and sentence.
#[component]
pub fn Stage(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (slide, guessing) = (desk.slide, desk.guessing);
    let names = Memo::new(move |_| names(&slide.computed.read()));
    let (sentence, running) = (desk.sentence(), desk.running_sentence());
    let words = StageWords {
        keys: text!(i18n, convolution.stage.keys),
        input: Signal::derive(move || caption(&slide.computed.read(), false)),
        maps: Signal::derive(move || {
            if guessing.hides_size() {
                t_string!(i18n, convolution.stage.maps_hidden).to_string()
            } else {
                caption(&slide.computed.read(), true)
            }
        }),
        channels: Signal::derive(move || names.read().sheet.channels.clone()),
        filters: Signal::derive(move || names.read().filters.clone()),
        sentence,
        is_size_hidden: Signal::derive(move || guessing.hides_size()),
    };
    let say = move |()| sentence.get_untracked();
    view! {
        <FilterStage slide words say=say on_move=desk.keep />
        <Show when=move || !guessing.hides_size()>
            <WalkPlayer walk=slide.walk on_move=desk.keep />
        </Show>
        <p class="convolution__sentence" data-testid="sentence"><strong>{move || running.get()}</strong></p>
        <LookedAt desk />
        <Held name="guess">
            <NextGuess desk />
        </Held>
        <div class="hints">
            <p>{t!(i18n, convolution.stage.hint_point)} " " {t!(i18n, convolution.stage.sign_hint)}</p>
            <WalkKeys />
            <p>
                <kbd>"Page Up"</kbd> " " <kbd>"Page Down"</kbd> " " {t!(i18n, convolution.stage.key_channel)} "; "
                <kbd>","</kbd> " " <kbd>"."</kbd> " " {t!(i18n, convolution.stage.key_filter)} "; "
                <kbd>"Ctrl+Z"</kbd> " " <kbd>"Ctrl+Shift+Z"</kbd> " " {t!(i18n, convolution.stage.key_undo)}
            </p>
        </div>
        <Tables desk />
    }
}

/// What arrows and presses move: the window, a pixel or a weight.
#[component]
pub fn LookedAt(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let slide = desk.slide;
    let choices = Signal::derive(move || {
        vec![
            ("window".to_owned(), t_string!(i18n, convolution.look.window).to_string()),
            ("pixel".to_owned(), t_string!(i18n, convolution.look.pixel).to_string()),
            ("weight".to_owned(), t_string!(i18n, convolution.look.weight).to_string()),
        ]
    });
    let chosen = move || match slide.spot.get() {
        Spot::Window => "window",
        Spot::Pixel(_) => "pixel",
        Spot::Weight(_) => "weight",
    };
    let choose = move |name: String| {
        // A pixel or a weight begins in the middle of the window as it stands.
        let computed = slide.computed.get_untracked();
        let [rows, cols] = computed.setup.layer.kernel_size;
        let weight = [rows / 2, cols / 2];
        let current = slide.walk.position.get_untracked().min(computed.len().saturating_sub(1));
        let scope = Scope { computed: &computed, filter: 0, current, spot: Spot::Window };
        let spot = match name.as_str() {
            "pixel" => Spot::Pixel(scope.under(weight)),
            "weight" => Spot::Weight(weight),
            _ => Spot::Window,
        };
        slide.walk.playing.set(false);
        slide.spot.set(spot.within(&computed));
        desk.keep.run(());
    };
    view! {
        <div>
            <Segmented
                label=text!(i18n, convolution.look.label)
                choices=choices
                value=Signal::derive(move || chosen().to_owned())
                on_change=choose
            />
            <p class="field__hint">
                {move || match slide.spot.get() {
                    Spot::Window => t_string!(i18n, convolution.look.window_hint),
                    Spot::Pixel(_) => t_string!(i18n, convolution.look.pixel_hint),
                    Spot::Weight(_) => t_string!(i18n, convolution.look.weight_hint),
                }}
            </p>
        </div>
    }
}

/// The chosen map and the chosen channel as tables.
#[component]
fn Tables(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let slide = desk.slide;
    let map = Signal::derive(move || {
        let computed = slide.computed.read();
        let cols = computed.output()[1].max(1);
        let (known, settled) = (slide.guessed.get(), slide.walk.settled());
        let known = known.unwrap_or(super::Known::First(settled + 1));
        let value = |(idx, value)| if known.has(idx, usize::MAX) { value } else { f32::NAN };
        let values: Vec<f32> = computed.map(slide.filter()).into_iter().enumerate().map(value).collect();
        NumberGrid::new(cols, if values.is_empty() { vec![f32::NAN] } else { values })
    });
    let input = Signal::derive(move || {
        let computed = slide.computed.read();
        NumberGrid::new(computed.axes[1].padded(), computed.padded(slide.channel().0))
    });
    let of_input = Signal::derive(move || {
        let names = channel_names(&slide.computed.read().setup);
        let name = names.get(slide.channel().0).cloned().unwrap_or_default();
        t_string!(i18n, convolution.stage.input_table, name).to_string()
    });
    let of_map = Signal::derive(move || {
        t_string!(i18n, convolution.stage.map_table, number = slide.filter() + 1).to_string()
    });
    view! {
        <div>
            <GridTable summary=of_input grid=input decimals=3 />
            <Show when=move || !desk.guessing.hides_size()>
                <GridTable summary=of_map grid=map decimals=3 />
            </Show>
        </div>
    }
}
