//! The padded image with the window, and the activation map with its scale.

use super::state::SlidingFilterState;
use crate::ui::digits::SIDE;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::kernel_editor::grid;
use crate::ui::widgets::size_formula::WINDOW;

/// Cells along the input picture: the image and the widest padding on both sides, so that the image
/// keeps its place and size while padding is added around it.
pub const FRAME: usize = SIDE + 8;
/// A map cell is never larger, in px; then numbers fit into it.
const LARGEST_CELL: f64 = 60.0;
/// From this size on a cell shows its number, in px.
const NUMBER_CELL: f64 = 34.0;
/// Height of the colour scale under the map, in px.
const LEGEND: f64 = 46.0;

fn input_cell(width: f64) -> f64 {
    (width / FRAME as f64).floor().max(4.0)
}

fn input_area(state: &SlidingFilterState, width: f64) -> Area {
    let cell = input_cell(width);
    let corner = (FRAME - SIDE) as f64 / 2.0 - state.axis.before() as f64;
    let side = state.axis.padded() as f64 * cell;
    Area { x: corner * cell, y: corner * cell, width: side, height: side }
}

/// The map position whose window is around a point of the input picture.
pub fn input_hit(state: &SlidingFilterState, point: Point, width: f64) -> Option<usize> {
    let area = input_area(state, width);
    let cell = input_cell(width);
    let along = |at: f64, start: f64| ((at - start) / cell) as usize;
    area.contains(point).then(|| state.over(along(point.y, area.y), along(point.x, area.x)))
}

/// Draws the padded image, what no window reaches, and the window at `current`.
pub fn input_scene(state: &SlidingFilterState, current: usize, width: f64) -> Scene {
    let cell = input_cell(width);
    let side = FRAME as f64 * cell;
    let area = input_area(state, width);
    let mut scene = Scene::new(side, side);
    let values = state.padded.clone();
    scene.push(Draw::Cells { area, cols: state.axis.padded(), values, map: ColorMap::Gray });
    push_padding(&mut scene, state, area, cell);

    let unreached = state.axis.unreached() as f64 * cell;
    if unreached > 0.0 {
        let reached = area.width - unreached;
        let right = Area { x: area.x + reached, width: unreached, ..area };
        let bottom = Area { y: area.y + reached, width: reached, height: unreached, ..area };
        for area in [right, bottom] {
            scene.push(Draw::Hatch { area, ink: Ink::Hatch, gap: 6.0 });
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Hatch, 1.0) });
        }
    }

    let (top, left) = state.corner(current);
    let window = Area {
        x: area.x + left as f64 * cell,
        y: area.y + top as f64 * cell,
        width: WINDOW as f64 * cell,
        height: WINDOW as f64 * cell,
    };
    scene.push(grid(window, WINDOW, WINDOW));
    push_outline(&mut scene, window);
    scene
}

/// The ring of zeros: a grid of its own, zeros where they can be read, and the image's edge inside.
fn push_padding(scene: &mut Scene, state: &SlidingFilterState, area: Area, cell: f64) {
    let (before, padded) = (state.axis.before(), state.axis.padded());
    let inset = before as f64 * cell;
    let image =
        Area { x: area.x + inset, y: area.y + inset, width: SIDE as f64 * cell, height: SIDE as f64 * cell };
    if padded > SIDE {
        let inside = |at: usize| (before..before + SIDE).contains(&at);
        let ring = (0..padded * padded).filter(|idx| !inside(idx / padded) || !inside(idx % padded));
        let mut crosses = Vec::new();
        for idx in ring {
            let at = Point {
                x: area.x + ((idx % padded) as f64 + 0.5) * cell,
                y: area.y + ((idx / padded) as f64 + 0.5) * cell,
            };
            if cell >= 10.0 {
                let (ink, size) = (Ink::Muted, cell * 0.72);
                scene.push(Draw::Text { at, text: "0".into(), ink, size, align: Align::Middle, mono: true });
            } else {
                crosses.push((Point { x: at.x, y: at.y - 1.5 }, Point { x: at.x, y: at.y + 1.5 }));
            }
        }
        scene.push(Draw::Segments { segments: crosses, pen: Pen::solid(Ink::Muted, 1.5) });
        let pen = Pen { ink: Ink::Outline, width: 1.0, dash: Dash::Dashed };
        scene.push(Draw::Stroke { area: area.grown(-0.5), pen });
    }
    scene.push(Draw::Stroke { area: image.grown(-0.5), pen: Pen::solid(Ink::Outline, 1.0) });
}

/// The window's outline, with a halo so that it shows on ink and on paper.
fn push_outline(scene: &mut Scene, area: Area) {
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 5.0) });
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 2.5) });
}

fn map_cell(state: &SlidingFilterState, width: f64) -> f64 {
    let side = FRAME as f64 * input_cell(width);
    (side / state.axis.output().max(1) as f64).floor().min(LARGEST_CELL)
}

/// The map cell under a point of the map's picture.
pub fn map_hit(state: &SlidingFilterState, point: Point, width: f64) -> Option<usize> {
    let cell = map_cell(state, width);
    let side = state.axis.output() as f64 * cell;
    let area = Area { x: 0.0, y: 0.0, width: side, height: side };
    area.contains(point).then(|| (point.y / cell) as usize * state.axis.output() + (point.x / cell) as usize)
}

/// Draws the map up to `grown` cells, the one at `current` outlined, and the colour scale.
pub fn map_scene(
    state: &SlidingFilterState,
    grown: usize,
    current: usize,
    language: Language,
    width: f64,
) -> Scene {
    let cell = map_cell(state, width);
    let cols = state.axis.output();
    let side = cols as f64 * cell;
    let full = FRAME as f64 * input_cell(width);
    let mut scene = Scene::new(full, side.max(full) + LEGEND);
    let area = Area { x: 0.0, y: 0.0, width: side, height: side };
    let shade = |idx: usize| {
        let known = idx < grown || idx == current;
        if known { state.map[idx] / state.scale } else { f32::NAN }
    };
    let values: Vec<f32> = (0..state.len()).map(shade).collect();
    scene.push(Draw::Fill { area, ink: Ink::Paper });
    scene.push(Draw::Cells { area, cols, values: values.clone(), map: ColorMap::Diverging });
    if cell >= 8.0 {
        scene.push(grid(area, cols, cols));
    }
    push_signs(&mut scene, state, &values, cell, language);
    scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Outline, 1.0) });
    let (row, col) = state.cell(current);
    let spot = Area { x: col as f64 * cell, y: row as f64 * cell, width: cell, height: cell };
    push_outline(&mut scene, spot);
    push_legend(&mut scene, state.scale, full, language);
    scene
}

/// The second cue beside colour: the number where it fits, a minus where it does not.
fn push_signs(scene: &mut Scene, state: &SlidingFilterState, values: &[f32], cell: f64, language: Language) {
    let middle = |idx: usize| {
        let (row, col) = state.cell(idx);
        Point { x: (col as f64 + 0.5) * cell, y: (row as f64 + 0.5) * cell }
    };
    if cell >= NUMBER_CELL {
        for (idx, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            let decimals = if state.scale >= 10.0 { 1 } else { 2 };
            let text = language.short(f64::from(state.map[idx]), decimals);
            let size = ((cell - 4.0) / (text.chars().count().max(3) as f64 * 0.6)).min(13.0);
            let ink = ColorMap::Diverging.ink_on(*value);
            scene.push(Draw::Text { at: middle(idx), text, ink, size, align: Align::Middle, mono: true });
        }
        return;
    }
    for ink in [Ink::Text, Ink::Halo] {
        let half = cell * 0.22;
        let negative = |value: f32| value < -0.08 && ColorMap::Diverging.ink_on(value) == ink;
        let dashes = values.iter().enumerate().filter(|(_, value)| negative(**value)).map(|(idx, _)| {
            let Point { x, y } = middle(idx);
            (Point { x: x - half, y }, Point { x: x + half, y })
        });
        scene.push(Draw::Segments { segments: dashes.collect(), pen: Pen::solid(ink, 1.25) });
    }
}

fn push_legend(scene: &mut Scene, scale: f32, width: f64, language: Language) {
    const STEPS: usize = 65;
    let top = scene.height - LEGEND + 14.0;
    let bar = Area { x: 0.5, y: top, width: (width - 1.0).min(320.0), height: 12.0 };
    let values = (0..STEPS).map(|step| step as f32 / 32.0 - 1.0).collect();
    scene.push(Draw::Cells { area: bar, cols: STEPS, values, map: ColorMap::Diverging });
    scene.push(Draw::Stroke { area: bar, pen: Pen::solid(Ink::Outline, 1.0) });
    let ends = [(0.0, -scale, Align::Start), (0.5, 0.0, Align::Middle), (1.0, scale, Align::End)];
    for (share, value, align) in ends {
        let at = Point { x: bar.x + bar.width * share, y: top + 23.0 };
        let text = language.short(f64::from(value), 2);
        scene.push(Draw::Text { at, text, ink: Ink::Muted, size: 13.0, align, mono: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::kernel_editor::Kernel;
    use crate::ui::widgets::size_formula::{Axis, PadChoice};

    fn state(padding: PadChoice, stride: usize) -> SlidingFilterState {
        SlidingFilterState::new(5, Kernel::default(), Axis { length: SIDE, stride, padding })
    }

    fn hatches(scene: &Scene) -> usize {
        scene.draws.iter().filter(|draw| matches!(draw, Draw::Hatch { .. })).count()
    }

    #[test]
    fn what_no_window_reaches_is_hatched() {
        assert_eq!(hatches(&input_scene(&state(PadChoice::Valid, 2), 0, 400.0)), 2);
        assert_eq!(hatches(&input_scene(&state(PadChoice::Valid, 1), 0, 400.0)), 0);
        assert_eq!(hatches(&input_scene(&state(PadChoice::Same, 2), 0, 400.0)), 0);
    }

    #[test]
    fn pointing_at_a_map_cell_finds_it() {
        let state = state(PadChoice::Valid, 1);
        let cell = map_cell(&state, 400.0);
        let point = Point { x: 7.5 * cell, y: 3.5 * cell };
        assert_eq!(map_hit(&state, point, 400.0), Some(3 * 24 + 7));
        assert_eq!(map_hit(&state, Point { x: 399.0, y: 399.0 }, 400.0), None);
    }

    #[test]
    fn the_map_shows_only_what_has_grown() {
        let state = state(PadChoice::Valid, 4);
        let scene = map_scene(&state, 3, 2, Language::En, 400.0);
        let known = scene.draws.iter().find_map(|draw| match draw {
            Draw::Cells { values, .. } => Some(values.iter().filter(|value| !value.is_nan()).count()),
            _ => None,
        });
        assert_eq!(known, Some(3));
        // Three numbers in the cells, three on the scale.
        assert_eq!(scene.texts().count(), 6);
    }

    #[test]
    fn pictures_fit_a_narrow_page() {
        for choice in PadChoice::ALL {
            let state = state(choice, 1);
            assert!(input_scene(&state, 0, 280.0).width <= 280.0);
            assert!(map_scene(&state, 9, 8, Language::Ru, 280.0).width <= 280.0);
        }
    }
}
