//! [`Queue`]: parts of a page that are still to be made.

use std::collections::VecDeque;

/// What waits, in the order of the page.
#[derive(Debug)]
pub struct Queue<T> {
    waiting: VecDeque<T>,
    /// Asked for since the last one came out. These are parts of that one, and stand before all others.
    fresh: Vec<T>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), fresh: vec![] }
    }
}

impl<T> Queue<T> {
    /// One part more.
    pub fn push(&mut self, part: T) {
        self.fresh.push(part);
    }

    /// The part that stands first on the page.
    pub fn take_next(&mut self) -> Option<T> {
        for part in self.fresh.drain(..).rev() {
            self.waiting.push_front(part);
        }
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn parts_come_in_the_order_of_the_page_whenever_they_are_asked_for() {
        let mut queue = Queue::default();
        for part in ["stage", "settings", "notes"] {
            queue.push(part);
        }
        let mut seen = vec![];
        while let Some(part) = queue.take_next() {
            seen.push(part);
            if part == "settings" {
                queue.push("first setting");
                queue.push("second setting");
            }
        }
        assert_eq!(seen, ["stage", "settings", "first setting", "second setting", "notes"]);
    }
}
