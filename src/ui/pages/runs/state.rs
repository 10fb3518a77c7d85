//! [`RunsState`]: the order of the table, which runs are chosen, and what is being asked.

use std::sync::Arc;

use crate::ui::runs::{KeptRun, SortKey, sort};

/// What the reader is asked before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Whether these runs are to go.
    Remove(Vec<String>),
    /// Whether the weights of these runs are to go.
    RemoveWeights(Vec<String>),
}

/// What the page remembers.
#[derive(Clone, Debug, PartialEq)]
pub struct RunsState {
    /// What the table is ordered by.
    pub key: SortKey,
    /// Whether the largest comes first.
    pub is_falling: bool,
    /// Ids in the order in which they were chosen, which is that of colours and columns.
    pub chosen: Vec<String>,
    /// What is being asked.
    pub asking: Option<Ask>,
}

impl Default for RunsState {
    fn default() -> Self {
        let key = SortKey::default();
        Self { key, is_falling: key.is_falling_first(), chosen: Vec::new(), asking: None }
    }
}

impl RunsState {
    /// Orders by a column; a second time the other way round.
    pub fn sort_by(&mut self, key: SortKey) {
        self.is_falling = if self.key == key { !self.is_falling } else { key.is_falling_first() };
        self.key = key;
    }

    /// Chooses a run, or no longer.
    pub fn toggle(&mut self, id: &str) {
        match self.chosen.iter().position(|chosen| chosen == id) {
            Some(at) => drop(self.chosen.remove(at)),
            None => self.chosen.push(id.to_owned()),
        }
    }

    /// Chooses these runs and no others, each once.
    pub fn choose(&mut self, ids: impl IntoIterator<Item = String>) {
        self.chosen.clear();
        for id in ids {
            if !self.chosen.contains(&id) {
                self.chosen.push(id);
            }
        }
    }

    /// The table.
    pub fn ordered(&self, runs: &[Arc<KeptRun>]) -> Vec<Arc<KeptRun>> {
        let mut runs = runs.to_vec();
        sort(&mut runs, self.key, self.is_falling);
        runs
    }

    /// The chosen runs that are still there.
    pub fn chosen_of(&self, runs: &[Arc<KeptRun>]) -> Vec<Arc<KeptRun>> {
        self.chosen.iter().filter_map(|id| runs.iter().find(|run| run.id == *id).cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::runs::samples::run;

    #[test]
    fn a_second_click_turns_the_order_round() {
        let mut state = RunsState::default();
        assert!(state.is_falling, "the newest first");
        state.sort_by(SortKey::Name);
        assert_eq!((state.key, state.is_falling), (SortKey::Name, false));
        state.sort_by(SortKey::Name);
        assert!(state.is_falling);
        let runs = ["a", "b"].map(|id| Arc::new(KeptRun { name: id.to_owned(), ..run(id, 1) }));
        assert_eq!(state.ordered(&runs)[0].id, "b");
    }

    #[test]
    fn all_runs_that_came_are_chosen_each_once() {
        let mut state = RunsState::default();
        state.toggle("before");
        state.choose(["b", "a", "b"].map(str::to_owned));
        assert_eq!(state.chosen, ["b", "a"]);
    }

    #[test]
    fn chosen_runs_keep_their_order_and_one_that_is_gone_is_left_out() {
        let mut state = RunsState::default();
        for id in ["c", "a", "b", "c", "gone", "c"] {
            state.toggle(id);
        }
        let runs = ["a", "b", "c"].map(|id| Arc::new(run(id, 1)));
        let ids: Vec<String> = state.chosen_of(&runs).iter().map(|run| run.id.clone()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        state.toggle("a");
        assert_eq!(state.chosen_of(&runs).len(), 2);
    }
}
