//! Guessing the next number, or the size of the map, before it is shown.

use super::Desk;
use crate::ui::components::{Guess, Segmented};
use crate::ui::convolution::{Axis, Computed};
use crate::ui::guess::Guessed;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::translations::text;
use crate::ui::widgets::sliding_filter::Known;
use leptos::prelude::*;
use std::sync::Arc;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Value,
    Size,
}

/// What is asked for, and what was answered for which computation.
#[derive(Clone, Debug)]
struct Game {
    kind: Kind,
    guessed: Guessed<Computed>,
    /// How many axes' outputs were guessed, of these.
    sides: Option<([Axis; 2], usize)>,
}

/// Whether and what the reader guesses.
#[derive(Clone, Copy)]
pub struct Guessing {
    is_on: RwSignal<bool>,
    game: RwSignal<Game>,
    computed: Memo<Arc<Computed>>,
}

impl Guessing {
    pub fn new(computed: Memo<Arc<Computed>>) -> Guessing {
        let game = Game { kind: Kind::Value, guessed: Guessed::default(), sides: None };
        Guessing { is_on: RwSignal::new(false), game: RwSignal::new(game), computed }
    }

    /// Whether something is still to be guessed.
    pub fn is_open(self) -> bool {
        self.is_on.get()
            && match self.kind() {
                Kind::Value => self.asked(0).is_some(),
                Kind::Size => self.side().is_some(),
            }
    }

    fn kind(self) -> Kind {
        self.game.read().kind
    }

    /// The cells that were guessed, while numbers are.
    pub fn known(self) -> Option<Known> {
        let cells = || self.game.read().guessed.cells(&self.computed.read());
        (self.is_on.get() && self.kind() == Kind::Value).then(|| Known::Guessed(cells()))
    }

    /// The cell that is asked for while the window stands at `stands`.
    fn asked(self, stands: usize) -> Option<usize> {
        let computed = self.computed.read();
        self.game.read().guessed.asked(&computed, computed.len(), stands)
    }

    fn reveal(self, idx: usize) {
        let computed = self.computed.get_untracked();
        self.game.update(|game| game.guessed.reveal(&computed, idx));
    }

    /// The axis whose output is still to be guessed.
    fn side(self) -> Option<usize> {
        let axes = self.computed.read().axes;
        let answered = self.game.read().sides.filter(|(of, _)| *of == axes).map_or(0, |(_, count)| count);
        // Where both axes are alike, one answer says it all.
        let asked = if axes[0] == axes[1] { 1 } else { 2 };
        (answered < asked).then_some(answered)
    }

    /// Whether the size is still to be guessed.
    pub fn hides_size(self) -> bool {
        self.is_on.get() && self.kind() == Kind::Size && self.side().is_some()
    }

    fn answer_side(self) {
        let axes = self.computed.read_untracked().axes;
        let side = untrack(|| self.side()).unwrap_or(0);
        self.game.update(|game| game.sides = Some((axes, side + 1)));
    }
}

/// The offer, the question and the score.
#[component]
pub fn NextGuess(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (guessing, slide) = (desk.guessing, desk.slide);
    let asked = move || guessing.asked(slide.walk.reached());
    let question = Signal::derive(move || match guessing.kind() {
        Kind::Value => {
            let [row, col] = slide.computed.read().cell(asked()?);
            let (row, col, filter) = (row + 1, col + 1, slide.filter() + 1);
            Some(t_string!(i18n, convolution.guess.value, row, col, filter).to_string())
        }
        Kind::Size => Some(match guessing.side()? {
            0 => t_string!(i18n, convolution.guess.rows).to_string(),
            _ => t_string!(i18n, convolution.guess.cols).to_string(),
        }),
    });
    let truth = move |()| {
        untrack(|| {
            let computed = slide.computed.read();
            match guessing.kind() {
                Kind::Value => {
                    asked().and_then(|idx| computed.value(slide.filter(), idx)).map_or(f64::NAN, f64::from)
                }
                Kind::Size => guessing.side().map_or(f64::NAN, |side| computed.output()[side] as f64),
            }
        })
    };
    let on_answer = move |()| match untrack(|| guessing.kind()) {
        Kind::Value => {
            if let Some(idx) = untrack(asked) {
                guessing.reveal(idx);
                // The window stands where the next number is asked for.
                slide.walk.go(untrack(asked).unwrap_or(idx));
                desk.keep.run(());
            }
        }
        Kind::Size => guessing.answer_side(),
    };
    let done = Signal::derive(move || match guessing.kind() {
        Kind::Value => t_string!(i18n, convolution.guess.all_known).to_string(),
        Kind::Size => t_string!(i18n, convolution.guess.size_known).to_string(),
    });
    let kinds = Signal::derive(move || {
        vec![
            ("value".to_owned(), t_string!(i18n, convolution.guess.kind_value).to_string()),
            ("size".to_owned(), t_string!(i18n, convolution.guess.kind_size).to_string()),
        ]
    });
    let choose = move |name: String| {
        let kind = if name == "size" { Kind::Size } else { Kind::Value };
        guessing.game.update(|game| game.kind = kind);
    };
    let chosen = move || if guessing.kind() == Kind::Size { "size" } else { "value" }.to_owned();
    view! {
        <div class="convolution__guess">
            <Guess question=question truth=truth on_answer=on_answer is_on=guessing.is_on done=done />
            <Show when=move || guessing.is_on.get()>
                <Segmented
                    label=text!(i18n, convolution.guess.kind)
                    choices=kinds
                    value=Signal::derive(chosen)
                    on_change=choose
                />
            </Show>
        </div>
    }
}
