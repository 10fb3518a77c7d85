//! The plane with its points, what comes out everywhere, and the line between the classes.

use super::field::Field;
use super::points::{Points, Sample};
use super::state::NeuronState;
use crate::ui::locale::Language;
use crate::ui::plot::{Plot, push_disc, push_ring};
use crate::ui::scene::{Area, ColorMap, Draw, Ink, Pen, Point, Scene};

/// The picture is no wider, in px.
const WIDEST: f64 = 480.0;
/// A point within this distance is meant, in px.
const NEAR: f64 = 16.0;

/// The axes of the plane: equal on both.
pub fn plane(width: f64) -> Plot {
    let width = width.min(WIDEST);
    let reach = f64::from(Points::REACH);
    Plot { width, height: width, x: [-reach, reach], y: [-reach, reach], legend: 0 }
}

/// Draws all of it; a cross stands at the input in hand.
pub fn plane_scene(state: &NeuronState, field: &Field, language: Language, width: f64) -> Scene {
    let plot = plane(width);
    let mut scene = plot.scene(["x₁", "x₂"], language);
    // Above the ground, below axes and ticks.
    let cells =
        Draw::Cells { area: plot.area(), cols: field.side, values: field.shades(), map: ColorMap::Diverging };
    scene.draws.insert(1, cells);
    let at = |[x, y]: [f32; 2]| plot.at(f64::from(x), f64::from(y));
    let segments: Vec<(Point, Point)> =
        field.contour().into_iter().map(|[from, to]| (at(from), at(to))).collect();
    scene.push(Draw::Segments { segments: segments.clone(), pen: Pen::solid(Ink::Halo, 5.0) });
    scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Text, 2.0) });
    for sample in &state.samples {
        push_sample(&mut scene, at(sample.x), *sample);
    }
    let middle = at(state.input.x);
    let arm = 11.0;
    for (ink, width) in [(Ink::Halo, 5.0), (Ink::Window, 2.5)] {
        scene.line((middle.x - arm, middle.y), (middle.x + arm, middle.y), Pen::solid(ink, width));
        scene.line((middle.x, middle.y - arm), (middle.x, middle.y + arm), Pen::solid(ink, width));
    }
    scene
}

/// Class 0 is a ring, class 1 a disc, others are squares with their number of bars.
fn push_sample(scene: &mut Scene, at: Point, sample: Sample) {
    push_disc(scene, at, 6.5, Ink::Halo);
    match sample.class() {
        0 => push_ring(scene, at, 4.0, Pen::solid(Ink::Text, 2.0)),
        1 => push_disc(scene, at, 5.0, Ink::Text),
        class => {
            let area = Area { x: at.x - 4.5, y: at.y - 4.5, width: 9.0, height: 9.0 };
            scene.push(Draw::Fill { area, ink: Ink::series(class) });
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Text, 1.0) });
        }
    }
}

/// The point that is meant by a place of the picture.
pub fn nearest(samples: &[Sample], point: Point, width: f64) -> Option<usize> {
    let plot = plane(width);
    let distance = |sample: &Sample| {
        let at = plot.at(f64::from(sample.x[0]), f64::from(sample.x[1]));
        (at.x - point.x).abs().max((at.y - point.y).abs())
    };
    let near = samples.iter().enumerate().map(|(idx, sample)| (idx, distance(sample)));
    let best = near.min_by(|a, b| a.1.total_cmp(&b.1));
    best.filter(|(_, distance)| *distance <= NEAR).map(|(idx, _)| idx)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::neuron::{Example, NeuronSetup};

    #[test]
    fn the_plane_shows_every_point_the_field_and_the_line() {
        let mut setup = NeuronSetup::default();
        setup.take(Example::XorByHand);
        let state = NeuronState::new(&setup);
        let field = Field::new(&state.net, &state.params, 0, 31);
        for width in [300.0, 900.0] {
            let scene = plane_scene(&state, &field, Language::Ru, width);
            assert!(scene.width <= width.min(WIDEST));
            let cells = scene.draws.iter().filter(|draw| matches!(draw, Draw::Cells { .. })).count();
            let lines: usize = scene
                .draws
                .iter()
                .map(|draw| if let Draw::Segments { segments, .. } = draw { segments.len() } else { 0 })
                .sum();
            assert!(cells == 1 && lines > 20, "{cells} {lines}");
        }
    }

    #[test]
    fn pointing_finds_the_point_and_far_from_all_none() {
        let samples = Points::Xor.samples(1, 2);
        let plot = plane(320.0);
        for (idx, sample) in samples.iter().enumerate() {
            let at = plot.at(f64::from(sample.x[0]), f64::from(sample.x[1]));
            assert_eq!(nearest(&samples, Point { x: at.x + 5.0, y: at.y - 5.0 }, 320.0), Some(idx));
        }
        assert_eq!(nearest(&samples, plot.at(-1.5, -1.5), 320.0), None);
        assert_eq!(nearest(&[], plot.at(0.0, 0.0), 320.0), None);
    }
}
