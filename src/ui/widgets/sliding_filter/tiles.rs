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
/// Maps that keep to another picture's height are not made smaller than a square of this side, in px.
const SMALLEST_MAP: f64 = 48.0;
/// Size of a map's name, in px.
const LETTERS: f64 = 13.0;
/// A longer name than its room is made smaller down to this, then it is only its last word, in px.
const LEAST_LETTERS: f64 = 10.0;
/// Width of a letter of size 1.
const LETTER: f64 = 0.56;

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
        Tiles::within([count, rows, cols], width, (width * TALLEST).max(LOWEST), SMALLEST, largest)
    }

    /// As [`Tiles::fitted`], but together about as high as `beside`, so that neither picture is far longer.
    pub fn fitted_beside(
        beside: Tiles,
        count: usize,
        rows: usize,
        cols: usize,
        width: f64,
        largest: f64,
    ) -> Tiles {
        let highest = (width * TALLEST).max(LOWEST).max(beside.scene().height);
        let smallest = SMALLEST_MAP / ((rows * cols).max(1) as f64).sqrt();
        let smallest = if smallest >= WHOLE { smallest.ceil() } else { smallest };
        Tiles::within([count, rows, cols], width, highest, smallest, largest)
    }

    fn within(sizes: [usize; 3], width: f64, highest: f64, smallest: f64, largest: f64) -> Tiles {
        let [count, rows, cols] = sizes.map(|size| size.max(1));
        let name = if count > 1 { NAME } else { 0.0 };
        let cell = |across: usize| {
            let down = count.div_ceil(across);
            let room = width - 2.0 * EDGE - GAP * (across - 1) as f64;
            let tall = highest - 2.0 * EDGE - (name + GAP) * down as f64;
            let by_height = (tall / (down * rows) as f64).max(smallest);
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
            let room = area.width + GAP - 4.0;
            let fitting = |text: &str| room / (text.chars().count().max(1) as f64 * LETTER);
            let short = text.rsplit(' ').next().unwrap_or(text);
            let text = if fitting(text) < LEAST_LETTERS { short } else { text };
            let size = fitting(text).clamp(LEAST_LETTERS, LETTERS);
            let text = text.to_owned();
            scene.push(Draw::Text { at, text, ink, size, align: Align::Start, mono: false });
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
    fn many_maps_keep_to_the_height_of_the_picture_beside_them_and_can_be_seen() {
        for width in [250.0, 270.0, 360.0, 420.0, 560.0, 800.0, 1100.0] {
            for (rows, cols) in [(64, 64), (60, 60), (84, 84), (32, 32), (5, 5), (64, 3), (3, 64)] {
                let beside = Tiles::fitted(8, 64, 64, width, 46.0);
                let tiles = Tiles::fitted_beside(beside, 32, rows, cols, width, 46.0);
                let (scene, area) = (tiles.scene(), tiles.frame(31).area());
                assert!(scene.width <= width + 0.01, "{tiles:?} in {width}");
                let highest = beside.scene().height.max(LOWEST).max(width * TALLEST);
                let is_smallest = area.width * area.height <= 51.0 * 51.0;
                assert!(scene.height <= highest + 0.01 || is_smallest, "{tiles:?} in {width}");
                assert!(area.width.max(area.height) >= 47.9, "{area:?} in {width}");
                assert_eq!(tiles.hit(tiles.frame(31).middle(rows - 1, 0)), Some((31, [rows - 1, 0])));
            }
        }
        let beside = Tiles::fitted(8, 64, 64, 400.0, 46.0);
        let tiles = Tiles::fitted_beside(beside, 32, 64, 64, 400.0, 46.0);
        assert!(tiles.across > 4 && tiles.scene().height <= beside.scene().height, "{tiles:?}");
    }

    #[test]
    fn names_have_room_beside_each_other() {
        let tiles = Tiles { count: 32, across: 8, rows: 64, cols: 64, cell: 0.75 };
        let mut scene = tiles.scene();
        tiles.push_name(&mut scene, 31, "Фильтр 32", Ink::Text);
        let narrow = Tiles { cell: 0.5, ..tiles };
        narrow.push_name(&mut scene, 31, "Фильтр 32", Ink::Text);
        assert_eq!(scene.texts().collect::<Vec<_>>(), ["Фильтр 32", "32"]);
    }

    #[test]
    fn three_channels_use_the_room_well() {
        let tiles = Tiles::fitted(3, 32, 32, 560.0, 46.0);
        assert_eq!((tiles.across, tiles.cell), (2, 8.0));
        assert_eq!(Tiles::fitted(1, 5, 5, 560.0, 46.0).cell, 46.0);
    }
}
