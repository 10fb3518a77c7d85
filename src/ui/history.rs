//! The steps of a reader that can be taken back: the settings, and where the reader was with them.

/// Settings, and where the reader was with them.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment<S, P> {
    /// The settings.
    pub setup: S,
    /// The place.
    pub place: P,
}

/// Moments to go back and forth between.
#[derive(Clone, Debug, PartialEq)]
pub struct History<S, P> {
    past: Vec<Moment<S, P>>,
    future: Vec<Moment<S, P>>,
}

impl<S, P> Default for History<S, P> {
    fn default() -> History<S, P> {
        History { past: Vec::new(), future: Vec::new() }
    }
}

/// Steps that are kept.
const LONGEST: usize = 200;

impl<S: PartialEq, P> History<S, P> {
    /// Notes the moment before a change.
    pub fn note(&mut self, before: Moment<S, P>) {
        // Nothing was changed since, so there is one step to take back, to where the reader is now.
        if self.past.last().is_some_and(|last| last.setup == before.setup) {
            self.past.pop();
        }
        if self.past.len() == LONGEST {
            self.past.remove(0);
        }
        self.past.push(before);
        self.future.clear();
    }

    /// Leaves `now` for the moment before the last change, or for the one after it.
    pub fn travel(&mut self, is_back: bool, now: Moment<S, P>) -> Option<Moment<S, P>> {
        let (past, future) = (&mut self.past, &mut self.future);
        let (from, to) = if is_back { (past, future) } else { (future, past) };
        let found = from.pop()?;
        to.push(now);
        Some(found)
    }

    /// Whether there are steps to take back, and to take again.
    pub fn has(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(setup: u32, place: usize) -> Moment<u32, usize> {
        Moment { setup, place }
    }

    #[test]
    fn steps_are_taken_back_and_again_until_another_is_taken() {
        let mut history = History::default();
        assert_eq!((history.has(), history.travel(true, moment(0, 0))), ((false, false), None));
        history.note(moment(1, 10));
        history.note(moment(2, 25));
        // After the change the reader has moved on.
        assert_eq!(history.travel(true, moment(3, 30)), Some(moment(2, 25)));
        assert_eq!(history.travel(true, moment(2, 26)), Some(moment(1, 10)));
        assert_eq!(history.travel(true, moment(1, 11)), None);
        assert_eq!(history.travel(false, moment(1, 11)), Some(moment(2, 26)));
        assert_eq!(history.has(), (true, true));
        history.note(moment(2, 27));
        assert_eq!((history.has(), history.travel(false, moment(4, 0))), ((true, false), None));
        assert_eq!(history.travel(true, moment(4, 0)), Some(moment(2, 27)));
        assert_eq!(history.travel(true, moment(2, 27)), Some(moment(1, 11)), "the place left last");
    }

    #[test]
    fn the_same_settings_are_noted_once_with_the_place_that_was_left_last() {
        let mut history = History::default();
        history.note(moment(1, 5));
        history.note(moment(1, 6));
        assert_eq!(history.travel(true, moment(3, 0)), Some(moment(1, 6)));
        assert_eq!(history.has(), (false, true));
    }

    #[test]
    fn the_oldest_steps_are_forgotten() {
        let mut history = History::default();
        (0..300).for_each(|setup| history.note(moment(setup, 0)));
        assert_eq!((history.past.len(), &history.past[0]), (LONGEST, &moment(100, 0)));
    }
}
