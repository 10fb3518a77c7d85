//! Maps of one size side by side, as large as their room allows.

use crate::ui::scene::{Align, Draw, Ink, Point, Scene};
use crate::ui::widgets::number_grid::Frame;

/// Room for outlines around a map, in px.
const EDGE: f64 = 4.0;
/// Space between maps, in px.
const GAP: f64 = 14.0;
/// Height of a map's name, in px; a single map has none.
const NAME: f64 = 22.0;
/// All maps together may be this high on a page of any width, in px.
const LOWEST: f64 = 420.0;
/// All maps together are not higher than so many times the width.
const TALLEST: f64 = 1.1;
/// From this size on cells are whole pixels, which keeps lines sharp, in px.
const WHOLE: f64 = 7.0;
/// Cells are not made smaller to save height, in px.
const SMALLEST: f64 = 2.0;

/// Where each of some maps stands in its picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tiles {
    /// Maps.
    pub count: usize,
    /// Maps beside each other.
    pub across: usize,
    /// Rows of a map.
    pub rows: usize,
    /// Columns of a map.
    pub cols: usize,
    /// The side of a cell, in px.
    pub cell: f64,
}

impl Tiles {
    /// The arrangement with the largest cells, up to `largest` px, within `width` px.
    pub fn fitted(count: usize, rows: usize, cols: usize, width: f64, largest: f64) -> Tiles {
        let (count, rows, cols) = (count.max(1), rows.max(1), cols.max(1));
        let name = if count > 1 { NAME } else { 0.0 };
        let highest = (width * TALLEST).max(LOWEST);
        let cell = |across: usize| {
            let down = count.div_ceil(across);
            let room = width - 2.0 * EDGE - GAP * (across - 1) as f64;
            let tall = highest - 2.0 * EDGE - (name + GAP) * down as f64;
            let by_height = (tall / (down * rows) as f64).max(SMALLEST);
            (room / (across * cols) as f64).min(by_height).min(largest)
        };
        let best = (1..=count).max_by(|a, b| cell(*a).total_cmp(&cell(*b))).unwrap_or(1);
        let cell = cell(best);
        let cell = if cell >= WHOLE { cell.floor() } else { cell.max(0.5) };
        Tiles { count, across: best, rows, cols, cell }
    }

    fn name(self) -> f64 {
        if self.count > 1 { NAME } else { 0.0 }
    }

    /// The map of that number.
    pub fn frame(self, tile: usize) -> Frame {
        let (down, across) = ((tile / self.across) as f64, (tile % self.across) as f64);
        let step_x = self.cols as f64 * self.cell + GAP;
        let step_y = self.rows as f64 * self.cell + GAP + self.name();
        let at = Point { x: EDGE + across * step_x, y: EDGE + self.name() + down * step_y };
        Frame { at, cell: self.cell, rows: self.rows, cols: self.cols }
    }

    /// A picture just large enough.
    pub fn scene(self) -> Scene {
        let (right, bottom) = (self.frame(self.across - 1).area(), self.frame(self.count - 1).area());
        Scene::new(right.x + right.width + EDGE, bottom.y + bottom.height + EDGE)
    }

    /// Writes a map's name above it; a single map needs none.
    pub fn push_name(self, scene: &mut Scene, tile: usize, text: &str, ink: Ink) {
        if self.count > 1 {
            let area = self.frame(tile).area();
            let at = Point { x: area.x, y: area.y - NAME / 2.0 };
            let text = text.to_owned();
            scene.push(Draw::Text { at, text, ink, size: 13.0, align: Align::Start, mono: false });
        }
    }

    /// The map under a point with row and column.
    pub fn hit(self, point: Point) -> Option<(usize, [usize; 2])> {
        (0..self.count).find_map(|tile| self.frame(tile).hit(point).map(|(row, col)| (tile, [row, col])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_of_any_number_and_size_fit_their_room_and_none_covers_another() {
        for (count, rows, cols) in
            [(1, 28, 28), (3, 64, 64), (8, 60, 60), (32, 64, 64), (2, 3, 64), (5, 64, 3)]
        {
            for width in [270.0, 420.0, 800.0] {
                let tiles = Tiles::fitted(count, rows, cols, width, 46.0);
                assert!(tiles.scene().width <= width + 0.01, "{tiles:?} in {width}");
                for tile in 0..count {
                    let frame = tiles.frame(tile);
                    let corner = frame.middle(rows - 1, cols - 1);
                    assert_eq!(tiles.hit(corner), Some((tile, [rows - 1, cols - 1])), "{tiles:?}");
                    assert!(corner.x < tiles.scene().width && corner.y < tiles.scene().height);
                }
            }
        }
    }

    #[test]
    fn three_channels_use_the_room_well() {
        let tiles = Tiles::fitted(3, 32, 32, 560.0, 46.0);
        assert_eq!((tiles.across, tiles.cell), (2, 8.0));
        assert_eq!(Tiles::fitted(1, 5, 5, 560.0, 46.0).cell, 46.0);
    }
}
