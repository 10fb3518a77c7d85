//! [`Theatre`]: the signals of the page that rehearses callbacks.

use std::sync::Arc;

use leptos::prelude::*;

use super::curve::Curve;
use super::record::Record;
use crate::engine::callbacks::CallbackSpec;
use crate::ui::components::once_quiet;
use crate::ui::context::{Shell, shell};
use crate::ui::pages::callbacks::{Look, Setup, TheatreState};
use crate::ui::routes::Route;
use crate::ui::widgets::protocol_timeline::ProtocolState;

/// A `Copy` handle.
#[derive(Clone, Copy)]
pub struct Theatre {
    pub shell: Shell,
    pub setup: RwSignal<Setup>,
    /// The epoch that is looked at.
    pub epoch: RwSignal<usize>,
    /// A single call in it, counted from the beginning of the run.
    pub call: RwSignal<Option<usize>>,
    pub playing: RwSignal<bool>,
    /// The rehearsed run.
    pub state: Memo<Arc<TheatreState>>,
    /// Writes the address once nothing has moved for a while.
    keep: Callback<()>,
}

impl Theatre {
    /// Reads the address and follows it.
    pub fn open() -> Self {
        let shell = shell();
        let query = shell.query_untracked();
        let first = Setup::from_query(&query).0;
        let look = first.look(&query);
        let setup = RwSignal::new(first);
        let (epoch, call) = (RwSignal::new(look.epoch), RwSignal::new(look.moment));
        let state = Memo::new(move |_| Arc::new(TheatreState::new(setup.get())));
        let keep = once_quiet(move || {
            let look = Look { epoch: epoch.get_untracked(), moment: call.get_untracked() };
            shell.replace_query(Route::Callbacks, setup.read_untracked().to_query(look));
        });
        let theatre = Self { shell, setup, epoch, call, playing: RwSignal::new(false), state, keep };
        // A link to another rehearsal on the same page.
        Effect::new(move |before: Option<()>| {
            let location = shell.location.get();
            if before.is_some() && location.route == Some(Route::Callbacks) {
                theatre.follow(&Setup::from_query(&location.query).0, &location.query);
            }
        });
        theatre
    }

    fn follow(self, setup: &Setup, query: &crate::ui::routes::Query) {
        let look = setup.look(query);
        if *self.setup.read_untracked() != *setup {
            self.setup.set(setup.clone());
        }
        if self.playing.get_untracked() {
            return;
        }
        let (epoch, call) = (self.epoch.get_untracked(), self.call.get_untracked());
        if (epoch, call) != (look.epoch, look.moment) {
            self.epoch.set(look.epoch);
            self.call.set(look.moment);
        }
    }

    /// What is looked at, within what there is.
    pub fn look(self) -> Look {
        let last = self.setup.read().curve.epochs() - 1;
        Look { epoch: self.epoch.get().min(last), moment: self.call.get() }
    }

    /// The call that is looked at.
    pub fn moment(self) -> Option<usize> {
        self.state.read().moment(self.look())
    }

    /// Changes what is rehearsed.
    pub fn edit(self, change: impl FnOnce(&mut Setup)) {
        let mut next = self.setup.get_untracked();
        change(&mut next);
        let to_query = |next: &Setup| next.to_query(Look::default());
        self.setup.set(self.shell.held(next, to_query, |query| Setup::from_query(query).0));
        let last = self.setup.read_untracked().curve.epochs() - 1;
        if self.epoch.get_untracked() > last {
            self.epoch.set(last);
        }
        self.keep.run(());
    }

    /// Draws a value and looks at it.
    pub fn draw(self, epoch: usize, value: f64) {
        let is_same = self
            .setup
            .read_untracked()
            .curve
            .values()
            .get(epoch)
            .is_some_and(|now| now.to_bits() == value.to_bits());
        if !is_same {
            self.edit(|setup| setup.curve.set(epoch, value));
        }
        self.go(epoch);
    }

    /// Draws another curve.
    pub fn draw_all(self, curve: Curve) {
        self.edit(|setup| setup.curve = curve);
    }

    /// Chooses other callbacks.
    pub fn choose(self, callbacks: Vec<CallbackSpec>) {
        self.edit(|setup| setup.callbacks = callbacks);
    }

    /// Stops and looks at the end of an epoch.
    pub fn go(self, epoch: usize) {
        self.playing.set(false);
        let last = self.setup.read_untracked().curve.epochs() - 1;
        self.epoch.set(epoch.min(last));
        self.call.set(None);
        self.keep.run(());
    }

    /// Stops and looks at a single call.
    pub fn go_to_call(self, call: usize) {
        let look = self.state.read_untracked().look_at(call);
        if let Some(look) = look {
            self.playing.set(false);
            self.epoch.set(look.epoch);
            self.call.set(look.moment);
            self.keep.run(());
        }
    }

    /// Starts or stops; from the last epoch it starts over.
    pub fn toggle(self) {
        let last = self.setup.read_untracked().curve.epochs() - 1;
        self.call.set(None);
        if !self.playing.get_untracked() && self.epoch.get_untracked() >= last {
            self.epoch.set(0);
        }
        self.playing.update(|playing| *playing = !*playing);
        self.keep.run(());
    }

    /// Hears that the end was reached.
    pub fn settle(self) {
        self.keep.run(());
    }

    /// What the callbacks have done up to the call that is looked at.
    pub fn record(self) -> Memo<Arc<Record>> {
        Memo::new(move |_| {
            let state = self.state.read();
            let record = match (&state.run, self.moment()) {
                (Ok(run), Some(moment)) => run.record(moment),
                _ => Record::new(&state.setup.callbacks),
            };
            Arc::new(record)
        })
    }

    /// Where in the protocol that call is.
    pub fn protocol(self) -> Memo<ProtocolState> {
        Memo::new(move |_| self.moment().map(|moment| self.state.read().protocol(moment)).unwrap_or_default())
    }
}
