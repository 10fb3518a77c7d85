//! A place on a map of cells, and the ways to move it: by one cell in its row order, by arrows, to an end.

/// A way to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One cell on, into the next row at the end.
    Next,
    /// One cell back.
    Previous,
    /// Down and to the right by so many; stays at the edge.
    By(isize, isize),
    /// To the first cell.
    First,
    /// To the last cell.
    Last,
}

impl Move {
    /// What a key of the keyboard asks for, by its DOM name.
    pub fn of_key(key: &str) -> Option<Move> {
        Some(match key {
            "ArrowUp" => Move::By(-1, 0),
            "ArrowDown" => Move::By(1, 0),
            "ArrowLeft" => Move::By(0, -1),
            "ArrowRight" => Move::By(0, 1),
            "[" => Move::Previous,
            "]" => Move::Next,
            "Home" => Move::First,
            "End" => Move::Last,
            _ => return None,
        })
    }

    /// Where this leads from the cell `idx` of a map of `[rows, cols]`.
    pub fn from(self, [rows, cols]: [usize; 2], idx: usize) -> usize {
        let last = (rows * cols).saturating_sub(1);
        let (row, col) = (idx / cols.max(1), idx % cols.max(1));
        let shift =
            |at: usize, by: isize, len: usize| at.saturating_add_signed(by).min(len.saturating_sub(1));
        match self {
            Move::Next => (idx + 1).min(last),
            Move::Previous => idx.saturating_sub(1),
            Move::By(down, right) => shift(row, down, rows) * cols + shift(col, right, cols),
            Move::First => 0,
            Move::Last => last,
        }
    }
}

/// What a key asks for whose character is a letter of another alphabet: brackets and comma stand where `х`, `ъ` and `б`
/// are typed. `key` and `code` are the DOM's names of the character and of the place on the keyboard.
pub fn sign_of_key<'a>(key: &'a str, code: &str) -> &'a str {
    let mut letters = key.chars();
    let is_foreign = letters.next().is_some_and(|letter| letter.is_alphabetic() && !letter.is_ascii());
    if !is_foreign || letters.next().is_some() {
        return key;
    }
    match code {
        "BracketLeft" => "[",
        "BracketRight" => "]",
        "Comma" => ",",
        "Period" => ".",
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_stay_on_the_map() {
        let map = [3, 4];
        assert_eq!(Move::Next.from(map, 3), 4);
        assert_eq!(Move::By(0, 1).from(map, 3), 3);
        assert_eq!(Move::By(1, 0).from(map, 3), 7);
        assert_eq!(Move::By(1, 0).from(map, 11), 11);
        assert_eq!(Move::Previous.from(map, 0), 0);
        assert_eq!(Move::Last.from(map, 0), 11);
        assert_eq!(Move::Next.from([0, 0], 0), 0);
    }

    #[test]
    fn signs_are_found_on_a_russian_keyboard_too() {
        assert_eq!(["х", "ъ", "б", "ю"].map(|key| sign_of_key(key, "BracketLeft")), ["["; 4]);
        assert_eq!(sign_of_key("ъ", "BracketRight"), "]");
        assert_eq!((sign_of_key("б", "Comma"), sign_of_key("ю", "Period")), (",", "."));
        for (key, code) in
            [("ф", "KeyA"), ("?", "Comma"), ("]", "BracketRight"), ("ArrowUp", "ArrowUp"), ("", "")]
        {
            assert_eq!(sign_of_key(key, code), key);
        }
    }

    #[test]
    fn keys_that_mean_nothing_are_left_to_the_browser() {
        assert_eq!(Move::of_key("]"), Some(Move::Next));
        assert_eq!(Move::of_key("Tab"), None);
    }
}
