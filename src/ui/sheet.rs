//! Several pictures with their captions on one sheet, to be saved as one file.

use super::scene::{Align, Area, Draw, Ink, Point, Scene};

/// Space around and between pictures, in px.
const GAP: f64 = 20.0;
/// Height of a caption, in px.
const CAPTION: f64 = 28.0;

/// Lays captioned pictures out in rows no wider than `width` px, on paper.
pub fn sheet(parts: &[(String, Scene)], width: f64) -> Scene {
    let (mut x, mut y, mut row_height, mut right) = (GAP, GAP, 0.0f64, 0.0f64);
    let mut draws = Vec::new();
    for (caption, part) in parts {
        // A caption may be wider than its picture: about half its size per letter.
        let room = part.width.max(caption.chars().count() as f64 * 7.5);
        if x > GAP && x + room + GAP > width {
            (x, y, row_height) = (GAP, y + row_height + GAP, 0.0);
        }
        let at = Point { x, y: y + CAPTION / 2.0 };
        let (text, ink, size) = (caption.clone(), Ink::Text, 14.0);
        draws.push(Draw::Text { at, text, ink, size, align: Align::Start, mono: false });
        draws.extend(part.draws.iter().map(|draw| moved(draw, x, y + CAPTION)));
        row_height = row_height.max(CAPTION + part.height);
        x += room + GAP;
        right = right.max(x);
    }
    let mut scene = Scene::new(right, y + row_height + GAP);
    let area = Area { x: 0.0, y: 0.0, width: scene.width, height: scene.height };
    scene.push(Draw::Fill { area, ink: Ink::Surface });
    scene.draws.append(&mut draws);
    scene
}

/// The same shape further to the right and down.
fn moved(draw: &Draw, x: f64, y: f64) -> Draw {
    let point = |at: &Point| Point { x: at.x + x, y: at.y + y };
    let place = |area: &Area| Area { x: area.x + x, y: area.y + y, ..*area };
    let mut draw = draw.clone();
    match &mut draw {
        Draw::Fill { area, .. }
        | Draw::Stroke { area, .. }
        | Draw::Cells { area, .. }
        | Draw::Hatch { area, .. } => *area = place(area),
        Draw::Polyline { points, .. } => points.iter_mut().for_each(|at| *at = point(at)),
        Draw::Segments { segments, .. } => {
            for (from, to) in segments {
                (*from, *to) = (point(from), point(to));
            }
        }
        Draw::Text { at, .. } => *at = point(at),
    }
    draw
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(width: f64) -> (String, Scene) {
        let mut scene = Scene::new(width, 50.0);
        scene.push(Draw::Fill { area: Area { x: 0.0, y: 0.0, width, height: 50.0 }, ink: Ink::Text });
        ("map".into(), scene)
    }

    #[test]
    fn pictures_stand_in_rows_and_none_covers_another() {
        let sheet = sheet(&[part(100.0), part(100.0), part(100.0)], 300.0);
        let areas: Vec<Area> = sheet
            .draws
            .iter()
            .filter_map(|draw| match draw {
                Draw::Fill { area, ink: Ink::Text } => Some(*area),
                _ => None,
            })
            .collect();
        let corners: Vec<_> = areas.iter().map(|area| (area.x, area.y)).collect();
        assert_eq!(corners, [(20.0, 48.0), (140.0, 48.0), (20.0, 146.0)]);
        assert!((sheet.width - 260.0).abs() < 1e-9 && (sheet.height - 216.0).abs() < 1e-9);
        assert_eq!(sheet.texts().count(), 3);
    }
}
