//! The digit with the frame, and the frame's cells with their numbers.

use super::state::{HomeState, PATCH};
use crate::ui::digits::{SIDE, digit};
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};

/// Space between the two parts.
const GAP: f64 = 28.0;
/// Below this width the parts stand one above the other.
const WIDE: f64 = 560.0;

struct Layout {
    digit: Area,
    patch: Area,
}

fn layout(width: f64) -> Layout {
    let side = if width >= WIDE { ((width - GAP) / 2.0).min(420.0) } else { width.min(380.0) };
    let patch_at = if width >= WIDE { (side + GAP, 1.0) } else { (1.0, side + GAP) };
    let square = |x, y| Area { x, y, width: side - 2.0, height: side - 2.0 };
    Layout { digit: square(1.0, 1.0), patch: square(patch_at.0, patch_at.1) }
}

/// The pixel of the digit under a point, as row and column.
pub fn hit(point: Point, width: f64) -> Option<(usize, usize)> {
    let Layout { digit, .. } = layout(width);
    let cell = digit.width / SIDE as f64;
    digit
        .contains(point)
        .then(|| (((point.y - digit.y) / cell) as usize, ((point.x - digit.x) / cell) as usize))
}

/// Draws both parts and the lines that join them.
pub fn patch_scene(state: HomeState, width: f64) -> Scene {
    let Layout { digit: whole, patch } = layout(width);
    let mut scene = Scene::new(width, patch.y + patch.height + 1.0);
    let cells = |area, cols, values| Draw::Cells { area, cols, values, map: ColorMap::Gray };
    scene.push(cells(whole, SIDE, digit(state.class)));
    scene.push(Draw::Stroke { area: whole, pen: Pen::solid(Ink::Outline, 1.0) });

    let cell = whole.width / SIDE as f64;
    let frame = Area {
        x: whole.x + state.left as f64 * cell,
        y: whole.y + state.top as f64 * cell,
        width: PATCH as f64 * cell,
        height: PATCH as f64 * cell,
    };
    let beside = patch.x > whole.x;
    let joins = if beside {
        [((frame.x + frame.width, frame.y), (patch.x, patch.y)), {
            ((frame.x + frame.width, frame.y + frame.height), (patch.x, patch.y + patch.height))
        }]
    } else {
        [((frame.x, frame.y + frame.height), (patch.x, patch.y)), {
            ((frame.x + frame.width, frame.y + frame.height), (patch.x + patch.width, patch.y))
        }]
    };
    for (from, to) in joins {
        scene.line(from, to, Pen::solid(Ink::Halo, 4.0));
        scene.line(from, to, Pen::solid(Ink::Window, 1.5));
    }
    scene.push(Draw::Stroke { area: frame, pen: Pen::solid(Ink::Halo, 5.0) });
    scene.push(Draw::Stroke { area: frame, pen: Pen::solid(Ink::Window, 2.5) });
    push_numbers(&mut scene, &state.patch(), patch);
    scene.push(Draw::Stroke { area: patch, pen: Pen::solid(Ink::Window, 2.5) });
    scene
}

fn push_numbers(scene: &mut Scene, values: &[u8], area: Area) {
    let shades = values.iter().map(|value| f32::from(*value) / 255.0).collect();
    scene.push(Draw::Cells { area, cols: PATCH, values: shades, map: ColorMap::Gray });
    let cell = area.width / PATCH as f64;
    for (idx, value) in values.iter().enumerate() {
        let at = Point {
            x: area.x + ((idx % PATCH) as f64 + 0.5) * cell,
            y: area.y + ((idx / PATCH) as f64 + 0.5) * cell,
        };
        let ink = ColorMap::Gray.ink_on(f32::from(*value) / 255.0);
        let size = (cell * 0.38).min(15.0);
        scene.push(Draw::Text { at, text: value.to_string(), ink, size, align: Align::Middle, mono: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_frame_is_written() {
        let scene = patch_scene(HomeState::default(), 800.0);
        assert_eq!(scene.texts().count(), PATCH * PATCH);
        assert!(scene.width >= 800.0 && scene.height < 450.0);
    }

    #[test]
    fn a_narrow_page_stacks_the_parts() {
        assert!(patch_scene(HomeState::default(), 320.0).height > 640.0);
    }

    #[test]
    fn a_point_on_the_digit_is_a_pixel_and_one_beside_it_is_not() {
        assert_eq!(hit(Point { x: 2.0, y: 2.0 }, 800.0), Some((0, 0)));
        assert_eq!(hit(Point { x: 600.0, y: 100.0 }, 800.0), None);
    }
}
