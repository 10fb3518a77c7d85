//! The drawing, its grid and the pen.

use super::state::Drawing;
use crate::ui::scene::{Area, ColorMap, Dash, Draw, Ink, Pen, Point, Scene};

/// The least size of a cell, in px, at which the grid is drawn.
const GRID_FROM: f64 = 6.0;

/// The pad at this width in CSS px.
pub fn pad_scene(drawing: &Drawing, width: f64) -> Scene {
    let side = drawing.side;
    let cell = width / side as f64;
    let mut scene = Scene::new(width, width);
    let area = Area { x: 0.0, y: 0.0, width, height: width };
    scene.push(Draw::Cells { area, cols: side, values: drawing.cells.clone(), map: ColorMap::Gray });
    if cell >= GRID_FROM {
        let line = |at: usize| {
            let at = at as f64 * cell;
            let (left, right) = (Point { x: 0.0, y: at }, Point { x: width, y: at });
            [(left, right), (Point { x: at, y: 0.0 }, Point { x: at, y: width })]
        };
        let segments = (1..side).flat_map(line).collect();
        scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Line, 1.0) });
    }
    scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Outline, 1.0) });
    let before = (drawing.pen - 1) / 2;
    let from = drawing.cursor.map(|at| at.saturating_sub(before));
    let to = drawing.cursor.map(|at| (at + drawing.pen - before).min(side));
    let under = Area {
        x: from[1] as f64 * cell,
        y: from[0] as f64 * cell,
        width: (to[1] - from[1]) as f64 * cell,
        height: (to[0] - from[0]) as f64 * cell,
    };
    scene.push(Draw::Stroke { area: under, pen: Pen::solid(Ink::Halo, 4.0) });
    scene.push(Draw::Stroke { area: under, pen: Pen { ink: Ink::Window, width: 2.0, dash: Dash::Solid } });
    scene
}

/// The cell at a point of a pad of this width; the nearest one for a point beside it.
pub fn hit(drawing: &Drawing, point: Point, width: f64) -> [usize; 2] {
    let at = |length: f64| (length / width * drawing.side as f64).floor().max(0.0) as usize;
    [point.y, point.x].map(|length| at(length).min(drawing.side - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_hit_where_it_is_drawn() {
        let drawing = Drawing::default();
        for (row, col) in [(0, 0), (13, 27), (27, 5)] {
            let point = Point { x: (col as f64 + 0.5) * 10.0, y: (row as f64 + 0.5) * 10.0 };
            assert_eq!(hit(&drawing, point, 280.0), [row, col]);
        }
        assert_eq!(hit(&drawing, Point { x: -5.0, y: 900.0 }, 280.0), [27, 0]);
    }

    #[test]
    fn a_pen_at_the_edge_stays_on_the_pad() {
        let mut drawing = Drawing::default();
        drawing.pen = 3;
        drawing.go(99, 99);
        let scene = pad_scene(&drawing, 280.0);
        let Some(Draw::Stroke { area, .. }) = scene.draws.last() else { panic!("the pen is on top") };
        assert_eq!((area.x, area.width, area.y + area.height), (260.0, 20.0, 280.0));
    }
}
