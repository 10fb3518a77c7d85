//! [`Shares`]: which parts of some work are computed here and which elsewhere.
//!
//! Parts stand in a row. Whoever has taken some hands in their results in any order; they are gathered
//! in the order of the row, so that nothing depends on who computed what.

use std::ops::Range;

/// A row of parts; neighbors that are computed elsewhere together have one result.
pub(super) struct Shares<R> {
    num_parts: usize,
    /// Parts that are done with.
    gathered: usize,
    /// Parts past those that are being computed elsewhere, or wait for their turn; in order.
    taken: Vec<Taken<R>>,
}

struct Taken<R> {
    parts: Range<usize>,
    /// None while it is computed elsewhere.
    result: Option<R>,
}

impl<R> Shares<R> {
    /// Parts that nobody has begun to compute.
    pub(super) fn new(num_parts: usize) -> Self {
        Self { num_parts, gathered: 0, taken: Vec::new() }
    }

    /// How many parts there are.
    pub(super) fn num_parts(&self) -> usize {
        self.num_parts
    }

    /// Parts that are done with.
    pub(super) fn gathered(&self) -> usize {
        self.gathered
    }

    /// Whether all parts are done with.
    pub(super) fn is_complete(&self) -> bool {
        self.gathered == self.num_parts
    }

    /// The first parts that are neither computed nor lent; empty if there are none.
    pub(super) fn free(&self) -> Range<usize> {
        let mut begin = self.gathered;
        for taken in &self.taken {
            if taken.parts.start > begin {
                return begin..taken.parts.start;
            }
            begin = taken.parts.end;
        }
        begin..self.num_parts
    }

    /// How many parts are neither computed nor lent.
    pub(super) fn num_free(&self) -> usize {
        self.num_parts - self.gathered - self.taken.iter().map(|taken| taken.parts.len()).sum::<usize>()
    }

    /// Whether no part is computed or lent yet.
    pub(super) fn is_untouched(&self) -> bool {
        self.gathered == 0 && self.taken.is_empty()
    }

    /// Whether nothing can be done until what was lent comes back.
    pub(super) fn is_waiting(&self) -> bool {
        self.free().is_empty() && self.taken.first().is_some_and(|first| first.result.is_none())
    }

    /// Takes parts to be computed elsewhere, or that are computed before their turn.
    ///
    /// # Panics
    /// If one of them is already computed or lent.
    pub(super) fn take(&mut self, parts: Range<usize>, result: Option<R>) {
        let is_free = |taken: &Taken<R>| taken.parts.end <= parts.start || parts.end <= taken.parts.start;
        let are_there = self.gathered <= parts.start && parts.end <= self.num_parts;
        assert!(are_there && self.taken.iter().all(is_free), "parts {parts:?} are not to be had");
        let place = self.taken.partition_point(|taken| taken.parts.start < parts.start);
        self.taken.insert(place, Taken { parts, result });
    }

    /// Takes the result of parts that were lent.
    ///
    /// # Errors
    /// The result itself, if they are not lent, or not any more.
    pub(super) fn hand_in(&mut self, parts: &Range<usize>, result: R) -> Result<(), R> {
        match self.taken.iter_mut().find(|taken| taken.result.is_none() && taken.parts == *parts) {
            Some(taken) => taken.result = Some(result),
            None => return Err(result),
        }
        Ok(())
    }

    /// Takes lent parts back, to be computed here.
    pub(super) fn take_back(&mut self, parts: &Range<usize>) {
        self.taken.retain(|taken| taken.result.is_some() || taken.parts != *parts);
    }

    /// Takes all lent parts back.
    pub(super) fn take_back_all(&mut self) {
        self.taken.retain(|taken| taken.result.is_some());
    }

    /// Counts the part whose turn it is, which was computed here.
    pub(super) fn gather(&mut self) {
        self.gathered += 1;
    }

    /// The parts whose turn it is and their result, if it is there; they are done with.
    pub(super) fn next_result(&mut self) -> Option<(Range<usize>, R)> {
        let is_next = |taken: &Taken<R>| taken.parts.start == self.gathered && taken.result.is_some();
        if !self.taken.first().is_some_and(is_next) {
            return None;
        }
        let Taken { parts, result } = self.taken.remove(0);
        self.gathered = parts.end;
        result.map(|result| (parts, result))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_out_in_the_order_of_the_parts() {
        let mut shares = Shares::new(7);
        shares.take(2..4, None);
        shares.take(5..7, None);
        assert_eq!((shares.free(), shares.num_free()), (0..2, 3));
        assert_eq!(shares.hand_in(&(5..7), "last"), Ok(()));
        assert_eq!(shares.next_result(), None);
        shares.gather();
        shares.gather();
        assert_eq!((shares.free(), shares.is_waiting()), (4..5, false));
        shares.take(4..5, Some("own"));
        assert!(shares.is_waiting());
        assert_eq!(shares.hand_in(&(2..4), "first"), Ok(()));
        assert!(!shares.is_waiting());
        let results: Vec<_> = std::iter::from_fn(|| shares.next_result()).collect();
        assert_eq!(results, [(2..4, "first"), (4..5, "own"), (5..7, "last")]);
        assert!(shares.is_complete());
    }

    #[test]
    fn what_was_taken_back_is_free_again_and_its_result_refused() {
        let mut shares = Shares::new(4);
        shares.take(0..2, None);
        shares.take(2..4, None);
        shares.take_back(&(0..2));
        assert_eq!(shares.free(), 0..2);
        assert_eq!(shares.hand_in(&(0..2), ()), Err(()));
        assert_eq!(shares.hand_in(&(2..4), ()), Ok(()));
        shares.take_back_all();
        assert_eq!(shares.num_free(), 2);
        assert_eq!(shares.hand_in(&(2..4), ()), Err(()), "it is handed in already");
    }

    #[test]
    #[should_panic(expected = "not to be had")]
    fn no_part_is_taken_twice() {
        let mut shares = Shares::<()>::new(4);
        shares.take(1..3, None);
        shares.take(2..4, None);
    }
}
