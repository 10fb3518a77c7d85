//! The two pictures, moved by pointer and keyboard.

use super::scene::{input_hit, input_scene, map_hit, map_scene};
use super::state::{SlidingFilterState, Step};
use crate::ui::components::{Picture, PointerHit};
use crate::ui::context::shell;
use crate::ui::digits::SIDE;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::scene::Point;
use crate::ui::widgets::size_formula::WINDOW;
use leptos::{ev::KeyboardEvent, prelude::*};
use std::sync::Arc;

/// The signals of one sliding filter.
#[derive(Clone, Copy)]
pub struct Slide {
    /// What the settings lead to.
    pub state: Memo<Arc<SlidingFilterState>>,
    /// The last map cell computed so far.
    pub position: RwSignal<usize>,
    /// The cell under the pointer, which is shown instead.
    pub pointed: RwSignal<Option<usize>>,
    /// Whether it plays.
    pub playing: RwSignal<bool>,
    settled: Memo<usize>,
}

impl Slide {
    /// Signals around a state, standing at `position`.
    pub fn new(state: Memo<Arc<SlidingFilterState>>, position: usize) -> Slide {
        let (position, playing) = (RwSignal::new(position), RwSignal::new(false));
        // Words follow only when nothing moves: no speech and no DOM work sixty times a second.
        let settled = Memo::new(move |before: Option<&usize>| {
            let last = state.read().len().saturating_sub(1);
            match before {
                Some(before) if playing.get() => (*before).min(last),
                _ => position.get().min(last),
            }
        });
        Slide { state, position, pointed: RwSignal::new(None), playing, settled }
    }

    fn within(self, idx: usize) -> usize {
        idx.min(self.state.read().len().saturating_sub(1))
    }

    /// The last computed cell.
    pub fn reached(self) -> usize {
        self.within(self.position.get())
    }

    /// The cell whose window is shown.
    pub fn current(self) -> usize {
        self.pointed.get().map_or_else(|| self.reached(), |idx| self.within(idx))
    }

    /// The last computed cell, held still while playing.
    pub fn settled(self) -> usize {
        self.settled.get()
    }

    /// Stops and moves the window to a cell.
    pub fn go(self, idx: usize) {
        self.playing.set(false);
        self.pointed.set(None);
        self.position.set(idx);
    }

    /// Stops and moves the window by a step.
    pub fn step(self, step: Step) {
        let state = self.state.get_untracked();
        let from = self.position.get_untracked().min(state.len().saturating_sub(1));
        self.go(state.stepped(from, step));
    }

    /// Starts or stops; from the last cell it starts over.
    pub fn toggle(self) {
        let last = self.state.get_untracked().len().saturating_sub(1);
        if !self.playing.get_untracked() && self.position.get_untracked() >= last {
            self.position.set(0);
        }
        self.playing.update(|playing| *playing = !*playing);
    }
}

fn key_step(key: &str) -> Option<Step> {
    Some(match key {
        "ArrowUp" => Step::By(-1, 0),
        "ArrowDown" => Step::By(1, 0),
        "ArrowLeft" => Step::By(0, -1),
        "ArrowRight" => Step::By(0, 1),
        "[" => Step::Previous,
        "]" => Step::Next,
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return None,
    })
}

/// The stage. `on_move` hears that the reader moved the window.
#[component]
pub fn SlidingFilter(slide: Slide, #[prop(into)] on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        if key == " " {
            event.prevent_default();
            slide.toggle();
            on_move.run(());
        } else if let Some(step) = key_step(&key) {
            event.prevent_default();
            slide.step(step);
            shell().announce(cell_text(slide));
            on_move.run(());
        }
    };
    view! {
        <div
            class="stage"
            tabindex="0"
            role="application"
            aria-label=move || t_string!(i18n, convolution.stage.keys)
            on:keydown=on_key
        >
            <InputPicture slide on_move />
            <MapPicture slide on_move />
        </div>
    }
}

fn cell_text(slide: Slide) -> String {
    let (state, idx) = (slide.state.get_untracked(), slide.position.get_untracked());
    let (row, col) = state.cell(idx);
    let value = shell().language.get_untracked().decimal(f64::from(state.map[idx]), 2);
    let locale = crate::ui::context::locale_of(shell().language.get_untracked());
    crate::ui::i18n::td_string!(locale, convolution.stage.cell, row = row + 1, col = col + 1, value)
}

/// What the pointer does on either picture, given how it finds the cell under a point.
fn follow(
    slide: Slide,
    on_move: Callback<()>,
    find: impl Fn(&SlidingFilterState, Point) -> Option<usize> + Send + Sync + 'static,
) -> Callback<PointerHit> {
    Callback::new(move |hit| {
        let found = |point| find(&slide.state.read_untracked(), point);
        match hit {
            PointerHit::Over(point) => {
                let next = found(point);
                slide.pointed.maybe_update(|now| std::mem::replace(now, next) != next);
            }
            PointerHit::Press(point) => {
                if let Some(idx) = found(point) {
                    slide.go(idx);
                    on_move.run(());
                }
            }
            PointerHit::Left => slide.pointed.set(None),
        }
    })
}

#[component]
fn InputPicture(slide: Slide, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        input_scene(&slide.state.read(), slide.current(), at_hand)
    };
    let label = Signal::derive(move || {
        let state = slide.state.get();
        let (top, left) = state.corner(slide.settled());
        let (bottom, right) = (top + WINDOW, left + WINDOW);
        let (top, left, digit) = (top + 1, left + 1, state.class);
        t_string!(i18n, convolution.stage.input_label, digit, top, bottom, left, right)
    });
    let caption = move || match slide.state.read().axis.padded() {
        SIDE => t_string!(i18n, convolution.stage.input, side = SIDE),
        padded => t_string!(i18n, convolution.stage.input_padded, side = SIDE, padded),
    };
    let on_pointer = follow(slide, on_move, move |state, point| input_hit(state, point, width.get_value()));
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">{caption}</figcaption>
            <Picture scene=scene label=label on_pointer=on_pointer />
        </figure>
    }
}

#[component]
fn MapPicture(slide: Slide, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        map_scene(&slide.state.read(), slide.reached() + 1, slide.current(), language.get(), at_hand)
    };
    let label = Signal::derive(move || {
        let (state, idx) = (slide.state.get(), slide.settled());
        let (row, col) = state.cell(idx);
        let number = |value: f32| language.get().decimal(f64::from(value), 2);
        let (side, row, col, value) = (state.axis.output(), row + 1, col + 1, number(state.map[idx]));
        let least = number(state.map.iter().copied().fold(f32::INFINITY, f32::min));
        let most = number(state.map.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        t_string!(i18n, convolution.stage.map_label, side, least, most, row, col, value)
    });
    let on_pointer = follow(slide, on_move, move |state, point| map_hit(state, point, width.get_value()));
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">
                {t!(i18n, convolution.stage.map, side = move || slide.state.read().axis.output())}
            </figcaption>
            <Picture scene=scene label=label on_pointer=on_pointer />
        </figure>
    }
}
