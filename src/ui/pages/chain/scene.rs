//! The maps of one level side by side, with the cells that the looked-at one is made of.

use super::setup::Look;
use super::state::{ChainState, Map};
use crate::ui::locale::Language;
use crate::ui::scene::{Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{self, Frame, push_grid, push_window};

/// Space around and between maps, in px.
const GAP: f64 = 10.0;
/// A map is never wider, in px; the image may be as wide as two.
const WIDEST: f64 = 150.0;
/// A cell is never larger, in px.
const LARGEST_CELL: f64 = 34.0;
/// Maps beside each other, at least where there are as many: a narrow page shows them small.
const FEWEST: usize = 4;

/// A cell of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which map.
    pub channel: usize,
    /// Which cell of it, row by row.
    pub cell: usize,
}

/// Where each map of a level stands.
fn frames([rows, cols, channels]: [usize; 3], width: f64) -> Vec<Frame> {
    let beside = |count: usize| (width - GAP * (count + 1) as f64) / count as f64;
    let widest = if channels == 1 { 2.0 * WIDEST } else { WIDEST };
    let most = channels.min(FEWEST.max((width / (WIDEST + GAP)) as usize)).max(1);
    let room = beside(most).min(widest);
    let cell = (room / cols as f64).min(LARGEST_CELL);
    let cell = if cell >= 2.0 { cell.floor() } else { cell };
    let step = (cols as f64 * cell + GAP, rows as f64 * cell + GAP);
    let place = |channel: usize| {
        let (down, across) = (channel / most, channel % most);
        Point { x: GAP + across as f64 * step.0, y: GAP + down as f64 * step.1 }
    };
    (0..channels).map(|channel| Frame { at: place(channel), cell, rows, cols }).collect()
}

/// The cell under a point of a level's picture.
pub fn hit(map: &Map, point: Point, width: f64) -> Option<Cell> {
    let all = frames(map.shape, width);
    let found = all.iter().enumerate().find_map(|(channel, frame)| Some((channel, frame.hit(point)?)));
    found.map(|(channel, (row, col))| Cell { channel, cell: row * map.shape[1] + col })
}

/// Neighbours in an ascending list as first and length: `[1, 2, 5]` is `[(1, 2), (5, 1)]`.
pub fn runs(cells: &[usize]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for cell in cells {
        match all.last_mut() {
            Some((first, len)) if *first + *len == *cell => *len += 1,
            _ => all.push((*cell, 1)),
        }
    }
    all
}

/// Draws the maps of a level; `look` says which cell is looked at, wherever it is.
pub fn map_scene(state: &ChainState, level: usize, look: Look, language: Language, width: f64) -> Scene {
    let map = &state.maps[level];
    let all = frames(map.shape, width);
    let bottom = all.iter().map(|frame| frame.area().y + frame.area().height).fold(0.0, f64::max);
    let right = all.iter().map(|frame| frame.area().x + frame.area().width).fold(0.0, f64::max);
    let mut scene = Scene::new(right + GAP, bottom + GAP);
    let colours = number_grid::Look::of(&map.values, language, 2);
    for (channel, frame) in all.iter().enumerate() {
        push_grid(&mut scene, *frame, &map.channel(channel), colours);
    }
    if level > look.level {
        return scene;
    }
    let [rows, cols] = &state.trace(look)[level];
    let (rows, cols) = (runs(rows), runs(cols));
    for channel in &state.channels(look)[level] {
        let frame = all[*channel];
        if level == look.level {
            let area = frame.area().grown(3.0);
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 1.5) });
        }
        for (top, height) in &rows {
            for (left, width) in &cols {
                push_window(&mut scene, frame.part(*top, *left, *height, *width));
            }
        }
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::chain::ChainSetup;

    #[test]
    fn neighbours_are_joined() {
        assert_eq!(runs(&[1, 2, 5, 7, 8, 9]), [(1, 2), (5, 1), (7, 3)]);
        assert_eq!(runs(&[]), []);
    }

    #[test]
    fn every_level_fits_and_is_found_again() {
        let state = ChainState::new(&ChainSetup::default(), None).unwrap();
        let look = Look { level: 4, channel: 1, cell: 12 };
        for width in [250.0, 420.0, 900.0] {
            for level in 0..state.maps.len() {
                let scene = map_scene(&state, level, look, Language::Ru, width);
                assert!(scene.width <= width, "{level}: {} of {width}", scene.width);
                let map = &state.maps[level];
                let last = map.shape[2] - 1;
                let frame = frames(map.shape, width)[last];
                let middle = frame.middle(1, 2);
                let cell = map.shape[1] + 2;
                assert_eq!(hit(map, middle, width), Some(Cell { channel: last, cell }));
            }
        }
    }

    #[test]
    fn a_convolution_looks_at_all_maps_and_a_pooling_at_its_own() {
        let state = ChainState::new(&ChainSetup::default(), None).unwrap();
        let look = Look { level: 4, channel: 1, cell: 12 };
        let windows = |level| {
            let scene = map_scene(&state, level, look, Language::En, 420.0);
            let is_window = |draw: &&Draw| matches!(draw, Draw::Stroke { pen, .. } if pen.ink == Ink::Window && pen.width > 2.0);
            scene.draws.iter().filter(is_window).count()
        };
        assert_eq!([0, 1, 2, 3, 4].map(windows), [1, 4, 4, 1, 1]);
    }
}
