//! A place that moves over a map of cells: by pointer, by keyboard and by itself.

use super::super::context::shell;
use super::super::i18n::{t, use_i18n};
use super::super::scene::Point;
use super::super::walk::{Move, sign_of_key};
use super::{Player, PlayerWords, Playing, PointerHit};
use leptos::{ev::KeyboardEvent, prelude::*};
use std::time::Duration;

/// The signals of one moving place.
#[derive(Clone, Copy)]
pub struct Walk {
    /// Rows and columns of the map.
    pub cells: Signal<[usize; 2]>,
    /// The cell reached so far.
    pub position: RwSignal<usize>,
    /// The cell under the pointer, which is shown instead.
    pub pointed: RwSignal<Option<usize>>,
    /// Whether it moves by itself.
    pub playing: RwSignal<bool>,
    settled: Memo<usize>,
}

impl Walk {
    /// Signals around a map, standing at `position`.
    pub fn new(cells: Signal<[usize; 2]>, position: usize) -> Walk {
        let (position, playing) = (RwSignal::new(position), RwSignal::new(false));
        // Words follow only when nothing moves: no speech and no DOM work sixty times a second.
        let settled = Memo::new(move |before: Option<&usize>| {
            let last = len(cells.get()).saturating_sub(1);
            match before {
                Some(before) if playing.get() => (*before).min(last),
                _ => position.get().min(last),
            }
        });
        Walk { cells, position, pointed: RwSignal::new(None), playing, settled }
    }

    fn within(self, idx: usize) -> usize {
        idx.min(len(self.cells.get()).saturating_sub(1))
    }

    /// The cell reached so far.
    pub fn reached(self) -> usize {
        self.within(self.position.get())
    }

    /// The cell that is shown.
    pub fn current(self) -> usize {
        self.pointed.get().map_or_else(|| self.reached(), |idx| self.within(idx))
    }

    /// The cell reached so far, held still while playing.
    pub fn settled(self) -> usize {
        self.settled.get()
    }

    /// Stops and goes to a cell.
    pub fn go(self, idx: usize) {
        self.playing.set(false);
        self.pointed.set(None);
        self.position.set(idx);
    }

    /// Stops and goes one way.
    pub fn step(self, step: Move) {
        let cells = self.cells.get_untracked();
        let from = self.position.get_untracked().min(len(cells).saturating_sub(1));
        self.go(step.from(cells, from));
    }

    /// Goes where the address says whenever that changes: by a link to another place of the same page.
    pub fn follow_address(self, at: Memo<Option<usize>>) {
        Effect::new(move |before: Option<Option<usize>>| {
            let now = at.get();
            let is_new = before.is_some_and(|before| before != now);
            if let Some(idx) = now.filter(|idx| is_new && *idx != self.position.get_untracked()) {
                self.go(idx);
            }
            now
        });
    }

    /// Starts or stops; from the last cell it starts over.
    pub fn toggle(self) {
        let last = len(self.cells.get_untracked()).saturating_sub(1);
        if !self.playing.get_untracked() && self.position.get_untracked() >= last {
            self.position.set(0);
        }
        self.playing.update(|playing| *playing = !*playing);
    }

    /// Follows the pointer over a picture, given how it finds the cell under a point.
    pub fn follow(
        self,
        on_move: Callback<()>,
        find: impl Fn(Point) -> Option<usize> + Send + Sync + 'static,
    ) -> Callback<PointerHit> {
        Callback::new(move |hit| match hit {
            PointerHit::Over(point) => {
                let next = find(point);
                self.pointed.maybe_update(|now| std::mem::replace(now, next) != next);
            }
            PointerHit::Press(point) => {
                if let Some(idx) = find(point) {
                    self.go(idx);
                    on_move.run(());
                }
            }
            PointerHit::Left => self.pointed.set(None),
        })
    }
}

fn len([rows, cols]: [usize; 2]) -> usize {
    rows * cols
}

/// The place around the pictures that takes the keys. `say` gives the sentence for a new cell,
/// `on_move` hears that the reader moved, `on_other_key` sees keys that mean nothing here and says whether it took
/// them, `on_step` sees a step before the walk does and says the same.
#[component]
pub fn Stage(
    walk: Walk,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] say: Callback<(), String>,
    #[prop(into)] on_move: Callback<()>,
    #[prop(optional, into)] on_other_key: Option<Callback<String, bool>>,
    #[prop(optional, into)] on_step: Option<Callback<Move, bool>>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let (key, code) = (event.key(), event.code());
        let key = sign_of_key(&key, &code);
        if key == " " {
            event.prevent_default();
            walk.toggle();
            on_move.run(());
        } else if let Some(step) = Move::of_key(key) {
            event.prevent_default();
            if !on_step.is_some_and(|take| take.run(step)) {
                walk.step(step);
            }
            shell().announce(say.run(()));
            on_move.run(());
        } else if on_other_key.is_some_and(|take| take.run(key.to_owned())) {
            event.prevent_default();
        }
    };
    view! {
        <div
            class=format!("stage {class}")
            tabindex="0"
            role="application"
            aria-label=move || label.get()
            on:keydown=on_key
        >
            {children()}
        </div>
    }
}

/// Play, pause, step and scrub through the map. `on_move` hears that the reader moved.
#[component]
pub fn WalkPlayer(walk: Walk, #[prop(into)] on_move: Callback<()>) -> impl IntoView {
    let what = Playing {
        position: walk.position,
        playing: walk.playing,
        length: Signal::derive(move || len(walk.cells.get())),
    };
    let on_toggle = move |()| {
        walk.toggle();
        on_move.run(());
    };
    let on_go = move |position| {
        walk.go(position);
        on_move.run(());
    };
    view! { <Player what words=PlayerWords::of_cells() on_toggle=on_toggle on_go=on_go on_settle=on_move /> }
}

/// The keys of a [`Stage`], in a line.
#[component]
pub fn WalkKeys() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p>
            {t!(i18n, convolution.stage.hint_keys)} " " <kbd>"←"</kbd> " " <kbd>"↑"</kbd> " "
            <kbd>"→"</kbd> " " <kbd>"↓"</kbd> " " {t!(i18n, convolution.stage.key_move)} "; "
            <kbd>"["</kbd> " " <kbd>"]"</kbd> " " {t!(i18n, convolution.stage.key_step)} "; "
            <kbd>"Home"</kbd> " " <kbd>"End"</kbd> " " {t!(i18n, convolution.stage.key_ends)} "; "
            <kbd>"Space"</kbd> " " {t!(i18n, convolution.stage.key_play)}
        </p>
    }
}

/// Calls `action` once things have been quiet for a while: browsers allow about a hundred address
/// changes in half a minute, fewer than a held arrow key makes.
pub fn once_quiet(action: impl Fn() + Copy + Send + Sync + 'static) -> Callback<()> {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Callback::new(move |()| {
        if let Some(before) = pending.get_value() {
            before.clear();
        }
        let later = move || {
            // The page may have been left meanwhile.
            if pending.try_get_value().is_some() {
                action();
            }
        };
        pending.set_value(set_timeout_with_handle(later, Duration::from_millis(QUIET_MS)).ok());
    })
}

/// How long nothing must have moved, in ms.
const QUIET_MS: u64 = 400;
