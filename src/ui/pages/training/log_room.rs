//! How long a log grows.

/// Lines that a log holds, at most.
pub const MOST_LINES: usize = 2_000;
/// So many of the oldest go together, so that a long log is not moved at every line.
const STEP: usize = 200;

/// Forgets the oldest lines of a log that is full; how many.
pub fn make_room<T>(log: &mut Vec<T>) -> usize {
    if log.len() < MOST_LINES {
        return 0;
    }
    let gone = log.len() - (MOST_LINES - STEP);
    log.drain(..gone);
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_stay_and_the_others_are_counted() {
        let (mut log, mut gone) = (Vec::new(), 0);
        for line in 0..10_000 {
            gone += make_room(&mut log);
            log.push(line);
            assert!(log.len() <= MOST_LINES && log.len() + gone == line + 1);
        }
        assert_eq!((log[0], log[log.len() - 1]), (gone, 9_999));
    }
}
