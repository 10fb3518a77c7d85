//! The two pictures, moved by pointer and keyboard.

use super::maps::{maps_hit, maps_over, maps_scene};
use super::scene::{input_hit, input_over, input_scene};
use super::state::{Known, Scope, Spot};
use crate::ui::components::{Picture, PointerHit, Stage, Walk};
use crate::ui::context::shell;
use crate::ui::convolution::Computed;
use crate::ui::scene::Scene;
use crate::ui::walk::Move;
use leptos::prelude::*;
use std::sync::Arc;

/// The signals of one sliding filter.
#[derive(Clone, Copy)]
pub struct Slide {
    /// What the settings lead to.
    pub computed: Memo<Arc<Computed>>,
    /// The filter that is looked at, of those that there are.
    pub filter: RwSignal<usize>,
    /// The channel that is looked at, of the filter's.
    pub channel: RwSignal<usize>,
    /// The window on its way.
    pub walk: Walk,
    /// What is looked at.
    pub spot: RwSignal<Spot>,
    /// What is under the pointer or has the focus elsewhere, which is looked at instead.
    pub pointed: RwSignal<Option<Spot>>,
    /// The cells that were guessed, while the reader guesses.
    pub guessed: Memo<Option<Known>>,
}

/// What the stage says.
#[derive(Clone, Copy)]
pub struct StageWords {
    /// How to use it.
    pub keys: Signal<String>,
    /// Above the input.
    pub input: Signal<String>,
    /// Above the maps.
    pub maps: Signal<String>,
    /// A name for each channel.
    pub channels: Signal<Vec<String>>,
    /// A name for each filter.
    pub filters: Signal<Vec<String>>,
    /// What is looked at, held still while playing.
    pub sentence: Signal<String>,
    /// Whether even the size of the maps is still to be guessed.
    pub is_size_hidden: Signal<bool>,
}

impl Slide {
    /// The filter that is looked at.
    pub fn filter(self) -> usize {
        self.filter.get().min(self.computed.read().outputs().saturating_sub(1))
    }

    /// The channel that is looked at: of all, and of the filter's.
    pub fn channel(self) -> (usize, usize) {
        let computed = self.computed.read();
        let setup = &computed.setup;
        let own = setup.layer.channels_of(self.filter(), setup.shape[2]);
        let channel = self.channel.get().clamp(own.start, (own.end - 1).max(own.start));
        (channel, channel - own.start)
    }

    /// What is looked at.
    pub fn spot(self) -> Spot {
        self.pointed.get().unwrap_or_else(|| self.spot.get()).within(&self.computed.read())
    }

    /// Which cells of the maps are shown.
    pub fn known(self) -> Known {
        self.guessed.get().unwrap_or_else(|| Known::First(self.walk.reached() + 1))
    }

    /// Calls with what is looked at, following it.
    pub fn with_scope<T>(self, show: impl FnOnce(Scope) -> T) -> T {
        let computed = self.computed.read();
        let (filter, current, spot) = (self.filter(), self.walk.current(), self.spot());
        show(Scope { computed: &computed, filter, current, spot })
    }

    /// Goes to another filter or channel, by so many.
    pub fn turn(self, filters: isize, channels: isize) {
        untrack(|| {
            let last = self.computed.read().outputs().saturating_sub(1);
            let next = self.filter().saturating_add_signed(filters).min(last);
            let channel = self.channel().0.saturating_add_signed(channels);
            self.filter.set(next);
            self.channel.set(channel);
        });
    }
}

/// Input and maps. `say` gives the sentence for a new place, `on_move` hears that the reader moved.
#[component]
pub fn FilterStage(
    slide: Slide,
    words: StageWords,
    #[prop(into)] say: Callback<(), String>,
    #[prop(into)] on_move: Callback<()>,
) -> impl IntoView {
    let on_step = move |step: Move| {
        let computed = slide.computed.get_untracked();
        let spot = slide.spot.get_untracked();
        if spot == Spot::Window {
            return false;
        }
        slide.pointed.set(None);
        slide.spot.set(spot.moved(&computed, step));
        true
    };
    let on_other_key = move |key: String| {
        match key.as_str() {
            "," => slide.turn(-1, 0),
            "." => slide.turn(1, 0),
            "PageUp" => slide.turn(0, -1),
            "PageDown" => slide.turn(0, 1),
            _ => return false,
        }
        shell().announce(say.run(()));
        on_move.run(());
        true
    };
    view! {
        <Stage
            walk=slide.walk
            label=words.keys
            say=say
            on_move=on_move
            on_step=Callback::new(on_step)
            on_other_key=Callback::new(on_other_key)
            class="stage--filter"
        >
            <InputPicture slide words on_move />
            <MapsPicture slide words on_move />
        </Stage>
    }
}

#[component]
fn InputPicture(slide: Slide, words: StageWords, on_move: Callback<()>) -> impl IntoView {
    let language = shell().language;
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        input_scene(&slide.computed.read(), &words.channels.read(), language.get(), at_hand)
    };
    let over = move |at_hand: f64| slide.with_scope(|scope| input_over(scope, at_hand));
    let on_pointer = move |hit: PointerHit| {
        let computed = slide.computed.get_untracked();
        let find = |point| input_hit(&computed, point, width.get_value());
        match hit {
            PointerHit::Over(point) => set_pointed(slide, find(point).map(|(_, place)| Spot::Pixel(place))),
            PointerHit::Press(point) => {
                let Some((channel, [row, col])) = find(point) else { return };
                slide.channel.set(channel);
                if matches!(slide.spot.get_untracked(), Spot::Pixel(_)) {
                    slide.spot.set(Spot::Pixel([row, col]));
                } else {
                    slide.walk.go(computed.over(row, col));
                }
                on_move.run(());
            }
            PointerHit::Left => set_pointed(slide, None),
        }
    };
    let label = Signal::derive(move || format!("{}. {}", words.input.read(), words.sentence.read()));
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">{move || words.input.get()}</figcaption>
            <Picture
                scene=scene
                over=Callback::new(over)
                label=label
                on_pointer=Callback::new(on_pointer)
            />
        </figure>
    }
}

/// Repaints only when another place is pointed at.
fn set_pointed(slide: Slide, next: Option<Spot>) {
    slide.pointed.maybe_update(|now| std::mem::replace(now, next) != next);
}

#[component]
fn MapsPicture(slide: Slide, words: StageWords, on_move: Callback<()>) -> impl IntoView {
    let language = shell().language;
    let width = StoredValue::new(0.0);
    let filter = Memo::new(move |_| slide.filter());
    let scene = move |at_hand: f64| -> Scene {
        width.set_value(at_hand);
        if words.is_size_hidden.get() {
            return Scene::new(at_hand, 1.0);
        }
        let guessed = slide.guessed.read();
        let names = words.filters.read();
        maps_scene(&slide.computed.read(), filter.get(), guessed.as_ref(), &names, language.get(), at_hand)
    };
    let over = move |at_hand: f64| {
        if words.is_size_hidden.get() {
            return Scene::new(at_hand, 1.0);
        }
        slide.with_scope(|scope| maps_over(scope, &slide.known(), at_hand))
    };
    let on_pointer = move |hit: PointerHit| {
        let computed = slide.computed.get_untracked();
        let find = |point| maps_hit(&computed, point, width.get_value());
        match hit {
            PointerHit::Over(point) => {
                let next = find(point).map(|(_, idx)| idx);
                slide.walk.pointed.maybe_update(|now| std::mem::replace(now, next) != next);
            }
            PointerHit::Press(point) => {
                let Some((filter, idx)) = find(point) else { return };
                slide.filter.set(filter);
                slide.walk.go(idx);
                on_move.run(());
            }
            PointerHit::Left => slide.walk.pointed.set(None),
        }
    };
    let label = Signal::derive(move || format!("{}. {}", words.maps.read(), words.sentence.read()));
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">{move || words.maps.get()}</figcaption>
            <Picture
                scene=scene
                over=Callback::new(over)
                label=label
                on_pointer=Callback::new(on_pointer)
            />
        </figure>
    }
}
