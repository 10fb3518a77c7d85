//! Lists of entries that are filled in any order.

use super::sparse::Entry;

/// Lists that each have room for so many entries. Memory is kept when they are filled again.
#[derive(Debug)]
pub struct Lists {
    entries: Vec<Entry>,
    /// Where each list begins in `entries`.
    begins: Vec<usize>,
    /// Where each list ends in `entries`.
    ends: Vec<usize>,
}

/// Entries that are copied together.
const BLOCK: usize = 4;

impl Lists {
    /// An empty list for each of the `capacities`.
    pub fn new(capacities: impl IntoIterator<Item = usize>) -> Self {
        let (mut begins, mut end) = (Vec::new(), 0);
        for capacity in capacities {
            begins.push(end);
            // A block more each: what is not kept is written too.
            end += capacity + BLOCK;
        }
        Self { entries: vec![Entry::default(); end], ends: begins.clone(), begins }
    }

    /// Empties lists.
    pub fn clear(&mut self, lists: std::ops::Range<usize>) {
        self.ends[lists.clone()].copy_from_slice(&self.begins[lists]);
    }

    /// Empties all lists.
    pub fn clear_all(&mut self) {
        self.ends.copy_from_slice(&self.begins);
    }

    /// Adds an entry to a list if `keep` says so: without a branch, which would be guessed wrong every
    /// other time. A list must not get more than it has room for.
    pub fn put(&mut self, list: usize, entry: Entry, keep: bool) {
        let end = &mut self.ends[list];
        self.entries[*end] = entry;
        *end += usize::from(keep);
    }

    /// Adds the entries of one list to another. The other must have room for them.
    pub fn append(&mut self, to: usize, from: usize) {
        let (begin, len) = (self.begins[from], self.ends[from] - self.begins[from]);
        let end = self.ends[to];
        // In whole blocks: a copy of a length known only at run time is a call.
        for at in (0..len).step_by(BLOCK) {
            let block = *self.entries[begin + at..].first_chunk::<BLOCK>().expect("lists have a block more");
            *self.entries[end + at..].first_chunk_mut::<BLOCK>().expect("lists have a block more") = block;
        }
        self.ends[to] += len;
    }

    /// The entries of a list, in the order in which they were put.
    pub fn list(&self, list: usize) -> &[Entry] {
        &self.entries[self.begins[list]..self.ends[list]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: u32) -> Entry {
        Entry { at, value: at as f32 }
    }

    fn places(lists: &Lists, list: usize) -> Vec<u32> {
        lists.list(list).iter().map(|entry| entry.at).collect()
    }

    #[test]
    fn lists_hold_what_was_kept_in_its_order_and_are_filled_again() {
        let mut lists = Lists::new([3, 0, 9]);
        for round in 0..2 {
            for at in 0..9 {
                lists.put(2, entry(at), true);
                lists.put(0, entry(at), at % 4 == round);
                lists.put(1, entry(at), false);
            }
            let kept: &[u32] = if round == 0 { &[0, 4, 8] } else { &[1, 5] };
            assert_eq!(places(&lists, 0), kept);
            assert_eq!((lists.list(1), places(&lists, 2)), (&[][..], (0..9).collect::<Vec<_>>()));
            lists.clear_all();
        }
    }

    #[test]
    fn one_list_is_added_to_another_and_leaves_its_neighbors_alone() {
        for len in 0..=9 {
            let mut lists = Lists::new([12, 9, 2]);
            (0..3).for_each(|at| lists.put(0, entry(at), true));
            (10..10 + len).for_each(|at| lists.put(1, entry(at), true));
            (20..22).for_each(|at| lists.put(2, entry(at), true));
            lists.append(0, 1);
            let expected: Vec<u32> = (0..3).chain(10..10 + len).collect();
            assert_eq!(places(&lists, 0), expected);
            assert_eq!(places(&lists, 1), expected[3..]);
            assert_eq!(places(&lists, 2), [20, 21]);
            lists.clear(1..2);
            assert_eq!((lists.list(1).len(), lists.list(0).len()), (0, expected.len()));
        }
    }
}
