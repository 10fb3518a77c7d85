//! Marks over cells: many at once, one that is looked at, and covers over what is not known yet.

use crate::ui::scene::{Area, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::Frame;

/// From this size on a mark is a ring, so that it leaves the number free; below it is a dot, in px.
const RING_CELL: f64 = 14.0;

/// Marks many cells in two strokes.
pub fn push_marks(scene: &mut Scene, frame: Frame, cells: &[[usize; 2]]) {
    let cell = frame.cell;
    let mut segments = Vec::with_capacity(cells.len() * 4);
    for [row, col] in cells {
        let Point { x, y } = frame.middle(*row, *col);
        if cell >= RING_CELL {
            let half = cell / 2.0 - 2.5;
            let corners = [(-half, -half), (half, -half), (half, half), (-half, half)];
            let corners = corners.map(|(right, down)| Point { x: x + right, y: y + down });
            segments.extend((0..4).map(|idx| (corners[idx], corners[(idx + 1) % 4])));
        } else {
            let half = (cell * 0.2).max(0.5);
            segments.push((Point { x: x - half, y }, Point { x: x + half, y }));
        }
    }
    let weight = if cell >= RING_CELL { 1.75 } else { (cell * 0.4).max(1.0) };
    let halo = weight + if cell >= 5.0 { 2.0 } else { 0.75 };
    scene.push(Draw::Segments { segments: segments.clone(), pen: Pen::solid(Ink::Halo, halo) });
    scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Window, weight) });
}

/// The one cell that the reader points at: a double frame, which no window has.
pub fn push_cursor(scene: &mut Scene, area: Area) {
    let area = area.grown(1.5);
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 6.0) });
    scene.push(Draw::Stroke { area: area.grown(1.5), pen: Pen::solid(Ink::Window, 1.5) });
    scene.push(Draw::Stroke { area: area.grown(-1.5), pen: Pen::solid(Ink::Window, 1.5) });
}

/// Rectangles over the cells that are not known, as few as rows allow.
pub fn covers(rows: usize, cols: usize, is_known: impl Fn(usize) -> bool) -> Vec<[usize; 4]> {
    let mut all: Vec<[usize; 4]> = Vec::new();
    for row in 0..rows {
        let mut col = 0;
        while col < cols {
            if is_known(row * cols + col) {
                col += 1;
                continue;
            }
            let first = col;
            while col < cols && !is_known(row * cols + col) {
                col += 1;
            }
            match all.last_mut() {
                Some([top, left, height, width])
                    if *left == first && *width == col - first && *top + *height == row && *width == cols =>
                {
                    *height += 1;
                }
                _ => all.push([row, first, 1, col - first]),
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_hide_exactly_what_is_not_known() {
        for known in [vec![], vec![0], vec![0, 1, 2, 3, 4, 5, 6], vec![5, 9], (0..12).collect()] {
            let is_known = |idx: usize| known.contains(&idx);
            let mut hidden = [0; 12];
            for [top, left, height, width] in covers(3, 4, is_known) {
                for row in top..top + height {
                    for col in left..left + width {
                        hidden[row * 4 + col] += 1;
                    }
                }
            }
            for (idx, times) in hidden.into_iter().enumerate() {
                assert_eq!(times, usize::from(!is_known(idx)), "{known:?} at {idx}");
            }
        }
        assert_eq!(covers(60, 60, |idx| idx < 100), [[1, 40, 1, 20], [2, 0, 58, 60]]);
    }

    #[test]
    fn any_number_of_marks_is_two_strokes() {
        let frame = Frame { at: Point { x: 0.0, y: 0.0 }, cell: 5.0, rows: 60, cols: 60 };
        let mut scene = frame.scene();
        push_marks(&mut scene, frame, &(0..3600).map(|idx| [idx / 60, idx % 60]).collect::<Vec<_>>());
        assert_eq!(scene.draws.len(), 2);
    }
}
