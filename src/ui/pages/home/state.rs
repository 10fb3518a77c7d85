//! Which digit, and where the frame stands.

use crate::ui::digits::{SIDE, digit};

/// Rows and columns of the frame whose numbers are shown.
pub const PATCH: usize = 9;

/// The picture's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeState {
    /// The digit, 0..=9.
    pub class: usize,
    /// The frame's top row, 0..=`SIDE − PATCH`.
    pub top: usize,
    /// The frame's left column, 0..=`SIDE − PATCH`.
    pub left: usize,
}

impl Default for HomeState {
    fn default() -> HomeState {
        HomeState { class: 5, top: 5, left: 8 }
    }
}

impl HomeState {
    /// The same frame moved by whole cells, held inside the image.
    #[must_use]
    pub fn moved(self, rows: isize, cols: isize) -> HomeState {
        let shift = |at: usize, by: isize| at.saturating_add_signed(by).min(SIDE - PATCH);
        HomeState { top: shift(self.top, rows), left: shift(self.left, cols), ..self }
    }

    /// The frame centred on a pixel, held inside the image.
    #[must_use]
    pub fn centred(self, row: usize, col: usize) -> HomeState {
        let start = |at: usize| at.saturating_sub(PATCH / 2).min(SIDE - PATCH);
        HomeState { top: start(row), left: start(col), ..self }
    }

    /// The numbers in the frame, 0..=255, row by row.
    pub fn patch(self) -> Vec<u8> {
        let pixels = digit(self.class);
        let rows = self.top..self.top + PATCH;
        rows.flat_map(|row| {
            let start = row * SIDE + self.left;
            pixels[start..start + PATCH].iter().map(|value| (value * 255.0).round() as u8).collect::<Vec<_>>()
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_stays_inside() {
        let state = HomeState::default().moved(-100, 100);
        assert_eq!((state.top, state.left), (0, SIDE - PATCH));
        assert_eq!(state.centred(SIDE, 0), HomeState { top: SIDE - PATCH, left: 0, ..state });
    }

    #[test]
    fn the_frame_holds_ink_at_first() {
        let patch = HomeState::default().patch();
        assert_eq!(patch.len(), PATCH * PATCH);
        assert!(patch.contains(&0) && patch.iter().any(|value| *value > 200));
    }
}
