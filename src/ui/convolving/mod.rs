//! The parts of the convolution page's view.

mod filter;
mod guess;
mod input;
mod layer;
mod stage;
mod words;

pub use filter::FilterCard;
pub use guess::{Guessing, NextGuess};
pub use input::InputCard;
pub use layer::LayerCard;
pub use stage::{Fault, LookedAt, Stage};
pub use words::{caption, names, sentence};

use super::components::{Walk, once_quiet};
use super::context::{Shell, shell};
use super::convolution::{Computed, LayerSetup, Picture, Setup};
use super::history::{History, Moment};
use super::pages::convolution::{Place, read_query};
use super::routes::Route;
use super::sources::{Fetched, fetched_picture};
use super::widgets::sliding_filter::{Known, Slide, Spot};
use leptos::prelude::*;
use std::sync::Arc;

/// The settings as they stand in the address, and what follows from them.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The settings, with what is on its way into them.
    pub setup: Memo<Arc<Setup>>,
    /// Settings that are still moving, as a weight that is dragged; they go into the address when they rest.
    draft: RwSignal<Option<Arc<Setup>>>,
    history: RwSignal<History<Arc<Setup>, Place>>,
    /// The picture that a sample of a dataset stands for; kept elsewhere, so that this stays small.
    fetched: StoredValue<Fetched>,
    /// What the settings lead to, be it nothing.
    pub result: Memo<Arc<Computed>>,
    /// The pictures, the walk over them and what is looked at. They show the last settings that lead somewhere.
    pub slide: Slide,
    /// Whether and what the reader guesses.
    pub guessing: Guessing,
    /// Writes settings and place into the address.
    write: Callback<()>,
    /// The same, once nothing moves.
    pub keep: Callback<()>,
}

impl Desk {
    pub fn open() -> Desk {
        let shell = shell();
        let draft = RwSignal::new(None::<Arc<Setup>>);
        let query = shell.query();
        let written = Memo::new(move |_| Arc::new(read_query(&query.read()).0));
        let setup = Memo::new(move |_| draft.get().unwrap_or_else(|| written.get()));
        let source = Memo::new(move |_| setup.read().source.clone());
        let fetched = fetched_picture(source.into());
        let result =
            Memo::new(move |_| Arc::new(Computed::new(setup.get(), fetched.picture.read().as_ref())));
        let computed = Memo::new(move |before: Option<&Arc<Computed>>| {
            let now = result.get();
            if now.maps.is_ok() {
                now
            } else {
                before.cloned().unwrap_or_else(|| plain(&setup.read(), fetched.picture.read().as_ref()))
            }
        });
        let place = read_query(&shell.query_untracked()).1;
        let walk = Walk::new(
            Signal::derive(move || computed.read().output()),
            place.cell(&computed.get_untracked()),
        );
        walk.follow_address(Memo::new(move |_| query.read().parse("at")));
        let guessing = Guessing::new(computed);
        let slide = Slide {
            computed,
            filter: RwSignal::new(place.filter),
            channel: RwSignal::new(place.channel),
            walk,
            spot: RwSignal::new(place.spot),
            pointed: RwSignal::new(None),
            guessed: Memo::new(move |_| guessing.known()),
        };
        let history = RwSignal::new(History::default());
        let write = move || write(shell, slide, setup, draft);
        let keep = once_quiet(write);
        let write = Callback::new(move |()| write());
        follow_address(shell, slide, draft);
        let fetched = StoredValue::new(fetched);
        Desk { setup, draft, history, fetched, result, slide, guessing, write, keep }
    }

    /// The picture that a sample of a dataset stands for.
    pub fn fetched(self) -> Fetched {
        self.fetched.get_value()
    }

    /// Whether the settings lead to something.
    pub fn works(self) -> bool {
        self.result.read().maps.is_ok()
    }

    /// Changes a setting; the window stays where it is in the image.
    pub fn change(self, edit: impl FnOnce(&mut Setup)) {
        let before = self.setup.get_untracked();
        let mut next = (*before).clone();
        next.change(edit);
        let next = self.held(next);
        if next != *before {
            self.note();
            self.set(Arc::new(next));
        }
    }

    /// Changes a setting as one of many steps of one change, such as a drag: all are undone together.
    pub fn sketch(self, edit: impl FnOnce(&mut Setup)) {
        let before = self.setup.get_untracked();
        let mut next = (*before).clone();
        next.change(edit);
        let next = self.held(next);
        if self.draft.read_untracked().is_none() {
            self.note();
        }
        self.draft.set(Some(Arc::new(next)));
        self.keep.run(());
    }

    /// Settings as the teacher allows them.
    fn held(self, next: Setup) -> Setup {
        let place = place(self.slide, &next);
        shell().held(next, |next| place.to_query(next), |query| read_query(query).0)
    }

    /// Chooses what lies under the filter, in its own shape.
    pub fn choose_source(self, source: super::convolution::Source) {
        self.change(|setup| setup.choose_source(source));
    }

    /// The settings as they stand, and where the reader is.
    fn moment(self) -> Moment<Arc<Setup>, Place> {
        let setup = self.setup.get_untracked();
        Moment { place: place(self.slide, &setup), setup }
    }

    fn note(self) {
        let before = self.moment();
        self.history.update(|history| history.note(before));
    }

    fn set(self, next: Arc<Setup>) {
        let before = self.slide.computed.get_untracked();
        let after = Computed::new(next.clone(), self.fetched().picture.read_untracked().as_ref());
        if !after.is_empty() {
            let walk = self.slide.walk;
            let from = walk.position.get_untracked().min(before.len().saturating_sub(1));
            walk.go(after.same_place(&before, from));
        }
        self.slide.pointed.set(None);
        self.draft.set(Some(next));
        self.write.run(());
    }

    /// Whether there are steps to undo, and to redo.
    pub fn steps(self) -> (bool, bool) {
        self.history.read().has()
    }

    /// Takes the last change back, or does it again; the window goes back as well.
    pub fn travel(self, is_back: bool) {
        let now = self.moment();
        let found = self.history.try_update(|history| history.travel(is_back, now)).flatten();
        if let Some(Moment { setup, place }) = found {
            self.draft.set(Some(setup));
            let slide = self.slide;
            slide.filter.set(place.filter);
            slide.channel.set(place.channel);
            slide.spot.set(place.spot);
            slide.pointed.set(None);
            slide.walk.go(place.cell(&slide.computed.read_untracked()));
            self.write.run(());
        }
    }

    /// What is known of the maps.
    pub fn known(self) -> Known {
        self.slide.known()
    }
}

/// Looks where the address says whenever that changes: by a link to another place of this page. What was still on
/// its way into the address before is dropped.
fn follow_address(shell: Shell, slide: Slide, draft: RwSignal<Option<Arc<Setup>>>) {
    Effect::new(move |before: Option<()>| {
        shell.location.track();
        if before.is_some() && draft.read_untracked().is_some() {
            draft.set(None);
        }
    });
    let query = shell.query();
    let place = Memo::new(move |_| {
        let place = read_query(&query.read()).1;
        (place.filter, place.channel, place.spot)
    });
    Effect::new(move |before: Option<(usize, usize, Spot)>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            slide.filter.set(now.0);
            slide.channel.set(now.1);
            slide.spot.set(now.2);
        }
        now
    });
}

/// A convolution that there always is of the same input: what to show where the first link leads to nothing.
fn plain(setup: &Setup, fetched: Option<&Picture>) -> Arc<Computed> {
    let mut plain = setup.clone();
    plain.change(|setup| {
        let [height, width, _] = setup.shape;
        let kernel_size = LayerSetup::default().kernel_size;
        let kernel_size = [kernel_size[0].min(height), kernel_size[1].min(width)];
        setup.layer = LayerSetup { kernel_size, ..LayerSetup::default() };
    });
    Arc::new(Computed::new(Arc::new(plain), fetched))
}

/// Writes settings and place into the address.
fn write(shell: Shell, slide: Slide, setup: Memo<Arc<Setup>>, draft: RwSignal<Option<Arc<Setup>>>) {
    let setup = setup.get_untracked();
    let query = place(slide, &setup).to_query(&setup);
    shell.replace_query(Route::Convolution, query);
    draft.set(None);
}

/// Where the reader is, in settings that may have more filters than the last that led somewhere.
fn place(slide: Slide, setup: &Setup) -> Place {
    untrack(|| Place {
        at: Some(slide.walk.reached()),
        filter: slide.filter.get().min(setup.outputs().saturating_sub(1)),
        channel: slide.channel.get().min(setup.shape[2] - 1),
        spot: slide.spot.get().within(&slide.computed.read()),
    })
}
