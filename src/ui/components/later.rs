//! [`Later`]: what stands further down on a page is made in a task of its own, so that the page is shown before it is
//! whole and answers in between.

use std::cell::Cell;

use leptos::prelude::*;

use super::super::browser;
use super::super::context::shell;
use super::super::queue::Queue;

/// How long to wait for a moment in which the browser has nothing to do, in ms.
const QUIET_MS: u32 = 2_000;

/// Shows its children after everything that stands before them on the page, in a task and a frame of their own; `unless`
/// they are among what is seen first, and what follows them would jump.
#[component]
pub fn Later(#[prop(optional)] unless: bool, children: Children) -> impl IntoView {
    let is_due = RwSignal::new(unless);
    if !unless {
        shell().building.ask(is_due);
    }
    let mut children = Some(children);
    move || is_due.get().then(|| children.take().map(|children| children()))
}

/// What of the page is still to be made; one for the whole app.
#[derive(Clone, Copy)]
pub struct Building {
    /// Whether anything is.
    pub is_busy: RwSignal<bool>,
    queue: StoredValue<Queue<RwSignal<bool>>>,
}

impl Building {
    /// Nothing yet.
    pub fn start() -> Self {
        Self { is_busy: RwSignal::new(false), queue: StoredValue::new(Queue::default()) }
    }

    /// Waits until the page is whole and the browser has nothing else to do.
    pub async fn settled(self) {
        loop {
            browser::idle(QUIET_MS).await;
            if !self.is_busy.get_untracked() {
                return;
            }
        }
    }

    fn ask(self, is_due: RwSignal<bool>) {
        self.queue.update_value(|queue| queue.push(is_due));
        if !self.is_busy.get_untracked() {
            self.is_busy.set(true);
            self.go_on();
        }
    }

    fn go_on(self) {
        let has_gone = Cell::new(false);
        // A frame for each, which holds its layout and its first picture.
        browser::after_paint(move || {
            if has_gone.replace(true) {
                return;
            }
            let Some(is_due) = self.queue.try_update_value(Queue::take_next).flatten() else {
                self.is_busy.set(false);
                return;
            };
            // A reader who has left the page needs its rest no longer.
            is_due.try_set(true);
            self.go_on();
        });
    }
}
