//! Cells of one size with their colours and, where there is room, their numbers.

use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};

/// Room for outlines around a grid, in px.
const EDGE: f64 = 4.0;
/// From this size on a cell shows its number, in px.
const NUMBER_CELL: f64 = 24.0;
/// A number is never smaller, in px.
const LEGIBLE: f64 = 9.5;
/// From this size on lines stand between cells, in px.
const LINED_CELL: f64 = 7.0;

/// Where a grid stands in its picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The top left corner.
    pub at: Point,
    /// The side of a cell, in px.
    pub cell: f64,
    /// Rows of the grid.
    pub rows: usize,
    /// Columns of the grid.
    pub cols: usize,
}

impl Frame {
    /// As large as `width` px allow, but cells no larger than `largest` px.
    pub fn fitted(rows: usize, cols: usize, width: f64, largest: f64) -> Frame {
        let cell = ((width - 2.0 * EDGE) / cols.max(1) as f64).min(largest);
        // Whole pixels keep lines sharp; below that size there are none.
        let cell = if cell >= LINED_CELL { cell.floor() } else { cell.max(1.0) };
        Frame { at: Point { x: EDGE, y: EDGE }, cell, rows, cols }
    }

    /// A picture just large enough for the grid.
    pub fn scene(self) -> Scene {
        let area = self.area();
        Scene::new(area.x + area.width + EDGE, area.y + area.height + EDGE)
    }

    /// The whole grid.
    pub fn area(self) -> Area {
        self.part(0, 0, self.rows, self.cols)
    }

    /// So many rows and columns of it.
    pub fn part(self, top: usize, left: usize, rows: usize, cols: usize) -> Area {
        Area {
            x: self.at.x + left as f64 * self.cell,
            y: self.at.y + top as f64 * self.cell,
            width: cols as f64 * self.cell,
            height: rows as f64 * self.cell,
        }
    }

    /// So many rows and columns as a grid of their own.
    #[must_use]
    pub fn inner(self, top: usize, left: usize, rows: usize, cols: usize) -> Frame {
        let Area { x, y, .. } = self.part(top, left, rows, cols);
        Frame { at: Point { x, y }, rows, cols, ..self }
    }

    /// The cell under a point, as row and column.
    pub fn hit(self, point: Point) -> Option<(usize, usize)> {
        let along = |at: f64, start: f64| ((at - start) / self.cell) as usize;
        let is_inside = self.area().contains(point);
        is_inside.then(|| (along(point.y, self.at.y), along(point.x, self.at.x)))
    }

    /// The middle of a cell.
    pub fn middle(self, row: usize, col: usize) -> Point {
        let half = self.cell / 2.0;
        Point { x: self.at.x + col as f64 * self.cell + half, y: self.at.y + row as f64 * self.cell + half }
    }
}

/// How numbers look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// What the colours mean.
    pub map: ColorMap,
    /// The value at the colour map's end.
    pub scale: f32,
    /// The reader's language.
    pub language: Language,
    /// Digits after the point, at most.
    pub decimals: usize,
}

impl Look {
    /// Grey for numbers that are never negative, else colours with a neutral zero.
    pub fn of(values: &[f32], language: Language, decimals: usize) -> Look {
        let has_sign = values.iter().any(|value| *value < 0.0);
        let map = if has_sign { ColorMap::Diverging } else { ColorMap::Gray };
        Look { map, scale: super::state::scale_of(values), language, decimals }
    }
}

/// Draws `values` row by row; a NaN is a cell that is not known yet.
pub fn push_grid(scene: &mut Scene, frame: Frame, values: &[f32], look: Look) {
    let area = frame.area();
    let shades: Vec<f32> = values.iter().map(|value| value / look.scale).collect();
    scene.push(Draw::Fill { area, ink: Ink::Paper });
    scene.push(Draw::Cells { area, cols: frame.cols, values: shades.clone(), map: look.map });
    if frame.cell >= LINED_CELL {
        push_lines(scene, frame);
    }
    let has_numbers = frame.cell >= NUMBER_CELL && push_numbers(scene, frame, values, &shades, look);
    // A number has its own sign.
    if !has_numbers && look.map == ColorMap::Diverging {
        push_dashes(scene, frame, &shades);
    }
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) });
}

fn push_lines(scene: &mut Scene, frame: Frame) {
    let Area { x, y, width, height } = frame.area();
    let across = (1..frame.rows).map(|row| {
        let y = y + row as f64 * frame.cell;
        (Point { x, y }, Point { x: x + width, y })
    });
    let down = (1..frame.cols).map(|col| {
        let x = x + col as f64 * frame.cell;
        (Point { x, y }, Point { x, y: y + height })
    });
    let segments = across.chain(down).collect();
    scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Line, 0.5) });
}

/// Writes the numbers, unless they would be too small to read.
fn push_numbers(scene: &mut Scene, frame: Frame, values: &[f32], shades: &[f32], look: Look) -> bool {
    let texts: Vec<String> =
        values.iter().map(|value| look.language.short(f64::from(*value), look.decimals)).collect();
    // One size for the whole map, by its longest number: a monospaced sign is about 0.6 of its size wide.
    let longest = values.iter().zip(&texts).filter(|(value, _)| !value.is_nan());
    let longest = longest.map(|(_, text)| text.chars().count()).max().unwrap_or(1).max(2);
    let size = (frame.cell * 0.4).min((frame.cell - 4.0) / (longest as f64 * 0.6)).min(17.0);
    if size < LEGIBLE {
        return false;
    }
    for (idx, text) in texts.into_iter().enumerate().filter(|(idx, _)| !values[*idx].is_nan()) {
        let at = frame.middle(idx / frame.cols, idx % frame.cols);
        let ink = look.map.ink_on(shades[idx]);
        scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
    }
    true
}

/// The second cue beside colour where no number fits: a minus.
fn push_dashes(scene: &mut Scene, frame: Frame, shades: &[f32]) {
    let half = frame.cell * 0.22;
    for ink in [Ink::Text, Ink::Halo] {
        let negative = |shade: f32| shade < -0.08 && ColorMap::Diverging.ink_on(shade) == ink;
        let dashes = shades.iter().enumerate().filter(|(_, shade)| negative(**shade)).map(|(idx, _)| {
            let Point { x, y } = frame.middle(idx / frame.cols, idx % frame.cols);
            (Point { x: x - half, y }, Point { x: x + half, y })
        });
        scene.push(Draw::Segments { segments: dashes.collect(), pen: Pen::solid(ink, 1.25) });
    }
}

/// The window's outline, with a halo so that it shows on dark and on light cells.
pub fn push_window(scene: &mut Scene, area: Area) {
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 5.0) });
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 2.5) });
}

/// Marks a cell inside: corners that a window's outline does not have.
pub fn push_mark(scene: &mut Scene, area: Area) {
    let inset = (area.width * 0.12).clamp(1.0, 5.0);
    // On a small cell thick corners would hide what they mark.
    let weight = (area.width / 16.0).clamp(0.5, 1.0);
    let Area { x, y, width, height } = area.grown(-inset);
    let arm = width * 0.3;
    let (right, bottom) = (x + width, y + height);
    let corner = |x: f64, y: f64, dx: f64, dy: f64| {
        let at = Point { x, y };
        [(at, Point { x: x + dx, y }), (at, Point { x, y: y + dy })]
    };
    let segments: Vec<_> = [
        corner(x, y, arm, arm),
        corner(right, y, -arm, arm),
        corner(x, bottom, arm, -arm),
        corner(right, bottom, -arm, -arm),
    ]
    .concat();
    scene.push(Draw::Segments { segments: segments.clone(), pen: Pen::solid(Ink::Halo, 4.5 * weight) });
    scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Window, 2.25 * weight) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_where_there_is_room_and_signs_marked_where_there_is_none() {
        let values = [1.0, -2.0, f32::NAN, 0.0];
        let look = Look::of(&values, Language::Ru, 2);
        assert_eq!((look.map, look.scale), (ColorMap::Diverging, 2.0));
        let large = Frame::fitted(2, 2, 100.0, 60.0);
        let mut scene = large.scene();
        push_grid(&mut scene, large, &values, look);
        assert_eq!(scene.texts().collect::<Vec<_>>(), ["1", "−2", "0"]);
        let small = Frame::fitted(2, 2, 28.0, 60.0);
        let mut scene = small.scene();
        push_grid(&mut scene, small, &values, look);
        assert_eq!(scene.texts().count(), 0);
        let dashes = scene.draws.iter().map(|draw| match draw {
            Draw::Segments { segments, pen } if pen.ink != Ink::Line => segments.len(),
            _ => 0,
        });
        assert_eq!(dashes.sum::<usize>(), 1);
    }

    #[test]
    fn a_grid_fits_its_width_and_finds_its_cells() {
        for (rows, cols, width) in [(4, 4, 280.0), (28, 28, 280.0), (30, 30, 150.0), (8, 3, 400.0)] {
            let frame = Frame::fitted(rows, cols, width, 64.0);
            assert!(frame.scene().width <= width);
            assert_eq!(frame.hit(frame.middle(rows - 1, cols - 1)), Some((rows - 1, cols - 1)));
            let inner = frame.inner(1, 1, rows - 1, cols - 1);
            assert_eq!(inner.hit(frame.middle(1, 2)), Some((0, 1)));
            assert_eq!(frame.hit(Point { x: width + 1.0, y: 1.0 }), None);
        }
    }
}
