//! The parts from left to right, in as many rows as the width asks for.

use super::state::{Body, NetworkDiagramState, Part};
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};

/// Width of a part with its arrow, in px.
const CELL: f64 = 132.0;
/// The arrow before a part, in px.
const ARROW: f64 = 22.0;
/// The largest side of a sheet, in px.
const FACE: f64 = 56.0;
/// From one sheet to the next, in px.
const SHIFT: f64 = 4.0;
/// Height of the picture of a part: the largest sheet and all that can lie behind it.
const BODY: f64 = FACE + SHIFT * (MOST_SHEETS - 1) as f64;
const MOST_SHEETS: usize = 10;
/// Nodes that are drawn; in their middle stand three dots when there are more.
const MOST_NODES: usize = 8;
const RADIUS: f64 = 4.0;
/// Height of a line of text, in px.
const LINE: f64 = 14.0;
/// Lines of layers' names; the last one counts the rest.
const LINES: usize = 4;
const TEXT: f64 = 11.0;
/// Between two rows, in px.
const GAP: f64 = 18.0;
const ROW: f64 = LINE * LINES as f64 + BODY + LINE + 2.0 * SHIFT + GAP;

/// The picture in the width at hand.
pub fn network_diagram(state: &NetworkDiagramState, width: f64) -> Scene {
    let columns = ((width / CELL).floor() as usize).max(1);
    let rows = state.parts.len().div_ceil(columns).max(1);
    let mut scene = Scene::new(width.max(CELL), rows as f64 * ROW);
    let longest = longest_side(state);
    for (idx, part) in state.parts.iter().enumerate() {
        let (left, top) = ((idx % columns) as f64 * CELL, (idx / columns) as f64 * ROW);
        let middle = left + ARROW + (CELL - ARROW) / 2.0;
        let picture = top + LINE * LINES as f64 + SHIFT;
        if idx > 0 {
            let before = (idx % columns > 0).then(|| &state.parts[idx - 1].body);
            if let (Some(Body::Nodes(from)), Body::Nodes(to)) = (before, &part.body) {
                connect(&mut scene, (middle - CELL, *from), (middle, *to), picture);
            }
            arrow(&mut scene, left + 2.0, picture + BODY / 2.0);
        }
        names(&mut scene, part, middle, top);
        match &part.body {
            Body::Volume(shape) => sheets(&mut scene, *shape, longest, middle, picture),
            Body::Nodes(count) => nodes(&mut scene, *count, middle, picture),
            Body::Other(_) => {
                let pen = Pen::solid(Ink::Series0, 1.5);
                scene.push(Draw::Stroke { area: frame(middle, picture), pen });
            }
            Body::Unknown => {
                let pen = Pen { ink: Ink::Window, width: 1.5, dash: Dash::Dashed };
                scene.push(Draw::Stroke { area: frame(middle, picture), pen });
                scene.push(text(middle, picture + BODY / 2.0, "?".to_owned(), Ink::Window, 22.0));
            }
        }
        if part.body != Body::Unknown {
            scene.push(text(middle, picture + BODY + LINE / 2.0 + 2.0, part.shape(), Ink::Text, TEXT + 1.0));
        }
    }
    scene
}

/// The longest side of all volumes, in cells.
fn longest_side(state: &NetworkDiagramState) -> f64 {
    let sides = state.parts.iter().map(|part| match part.body {
        Body::Volume([height, width, _]) => height.max(width),
        _ => 1,
    });
    sides.max().unwrap_or(1).max(1) as f64
}

/// How many sheets stand for so many channels: one more for each doubling.
fn num_sheets(channels: usize) -> usize {
    (channels.max(1).ilog2() as usize + 1).min(MOST_SHEETS)
}

fn sheets(scene: &mut Scene, [height, width, channels]: [usize; 3], longest: f64, middle: f64, top: f64) {
    let side = |cells: usize| (cells as f64 / longest * FACE).max(5.0);
    let (width, height) = (side(width), side(height));
    let count = num_sheets(channels);
    let spread = SHIFT * (count - 1) as f64;
    let (left, top) = (middle - f64::midpoint(width, spread), top + (BODY - height - spread) / 2.0);
    for idx in 0..count {
        // The first sheet is behind, up and to the right.
        let shift = SHIFT * idx as f64;
        let area = Area { x: left + spread - shift, y: top + shift, width, height };
        scene.push(Draw::Fill { area, ink: Ink::Surface });
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Series0, 1.25) });
    }
}

/// Where the nodes are, and whether one is left out in their middle.
fn node_places(count: usize, top: f64) -> (Vec<f64>, Option<f64>) {
    let shown = count.clamp(1, MOST_NODES);
    let step = BODY / MOST_NODES as f64;
    let first = top + (BODY - step * (shown - 1) as f64) / 2.0;
    let places: Vec<f64> = (0..shown).map(|idx| first + step * idx as f64).collect();
    if count <= MOST_NODES {
        return (places, None);
    }
    let hole = MOST_NODES / 2;
    let all = places.iter().enumerate().filter(|(idx, _)| *idx != hole).map(|(_, y)| *y);
    (all.collect(), Some(places[hole]))
}

fn nodes(scene: &mut Scene, count: usize, middle: f64, top: f64) {
    let (places, hole) = node_places(count, top);
    for y in places {
        let corner = |idx: u32| {
            let angle = f64::from(idx) / 12.0 * std::f64::consts::TAU;
            Point { x: middle + RADIUS * angle.cos(), y: y + RADIUS * angle.sin() }
        };
        let area = Area { x: middle, y, width: 0.0, height: 0.0 }.grown(RADIUS * 0.7);
        scene.push(Draw::Fill { area, ink: Ink::Surface });
        let points = (0..=12).map(corner).collect();
        scene.push(Draw::Polyline { points, pen: Pen::solid(Ink::Series1, 1.5) });
    }
    if let Some(y) = hole {
        scene.push(text(middle, y, "⋮".to_owned(), Ink::Muted, 12.0));
    }
}

/// Every node with every other.
fn connect(scene: &mut Scene, (from_x, from): (f64, usize), (to_x, to): (f64, usize), top: f64) {
    let ((from, _), (to, _)) = (node_places(from, top), node_places(to, top));
    let (left, right) = (from_x + RADIUS + 2.0, to_x - RADIUS - 2.0);
    let line = |from: f64, to: f64| (Point { x: left, y: from }, Point { x: right, y: to });
    let segments = from.iter().flat_map(|from| to.iter().map(|to| line(*from, *to))).collect();
    scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Line, 0.75) });
}

fn arrow(scene: &mut Scene, left: f64, y: f64) {
    let (pen, right) = (Pen::solid(Ink::Outline, 1.5), left + ARROW - 6.0);
    scene.line((left, y), (right, y), pen);
    let points = [(right - 4.0, y - 4.0), (right, y), (right - 4.0, y + 4.0)];
    scene.push(Draw::Polyline { points: points.map(|(x, y)| Point { x, y }).to_vec(), pen });
}

fn names(scene: &mut Scene, part: &Part, middle: f64, top: f64) {
    let is_too_many = part.layers.len() > LINES;
    let shown = if is_too_many { LINES - 1 } else { part.layers.len() };
    let mut lines = part.layers[..shown].to_vec();
    if is_too_many {
        lines.push(format!("+{}", part.layers.len() - shown));
    }
    // The last line stands right above the picture.
    let first = top + LINE * (LINES - lines.len()) as f64 + LINE / 2.0;
    for (idx, line) in lines.into_iter().enumerate() {
        let ink = if idx == 0 { Ink::Text } else { Ink::Muted };
        scene.push(text(middle, first + LINE * idx as f64, line, ink, TEXT));
    }
}

fn frame(middle: f64, top: f64) -> Area {
    Area { x: middle - FACE / 2.0, y: top + (BODY - FACE) / 2.0, width: FACE, height: FACE }
}

fn text(x: f64, y: f64, text: String, ink: Ink, size: f64) -> Draw {
    Draw::Text { at: Point { x, y }, text, ink, size, align: Align::Middle, mono: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Conv2dSpec;
    use crate::engine::presets::Preset;
    use crate::engine::spec::ModelSpec;

    fn drawn(model: &ModelSpec, width: f64) -> Scene {
        network_diagram(&NetworkDiagramState::of(model), width)
    }

    fn points(draw: &Draw) -> Vec<Point> {
        let corners = |area: &Area| {
            vec![Point { x: area.x, y: area.y }, Point { x: area.x + area.width, y: area.y + area.height }]
        };
        match draw {
            Draw::Fill { area, .. }
            | Draw::Stroke { area, .. }
            | Draw::Hatch { area, .. }
            | Draw::Cells { area, .. } => corners(area),
            Draw::Polyline { points, .. } => points.clone(),
            Draw::Segments { segments, .. } => segments.iter().flat_map(|(a, b)| [*a, *b]).collect(),
            Draw::Text { at, .. } => vec![*at],
        }
    }

    #[test]
    fn everything_stays_inside_at_every_width() {
        for preset in Preset::ALL {
            for width in [100.0, 280.0, 500.0, 1_100.0] {
                let scene = drawn(&preset.spec(), width);
                for point in scene.draws.iter().flat_map(points) {
                    let inside =
                        (0.0..=scene.width).contains(&point.x) && (0.0..=scene.height).contains(&point.y);
                    assert!(inside, "{preset:?} at {width}: {point:?} of {} × {}", scene.width, scene.height);
                }
            }
        }
    }

    #[test]
    fn more_channels_are_more_sheets() {
        assert_eq!([1, 2, 6, 16, 64, 512, 1 << 20].map(num_sheets), [1, 2, 3, 5, 7, 10, MOST_SHEETS]);
        let sheets =
            |scene: &Scene| scene.draws.iter().filter(|draw| matches!(draw, Draw::Stroke { .. })).count();
        // 1, 6, 6, 16 and 16 channels.
        assert_eq!(sheets(&drawn(&Preset::Lenet5.spec(), 2_000.0)), 1 + 3 + 3 + 5 + 5);
    }

    #[test]
    fn shapes_and_layers_are_written() {
        let scene = drawn(&Preset::Lenet5.spec(), 600.0);
        for expected in ["28 × 28 × 1", "Conv2D", "28 × 28 × 6", "MaxPooling2D", "Flatten", "400", "⋮", "10"]
        {
            assert!(scene.texts().any(|text| text == expected), "{expected}");
        }
    }

    #[test]
    fn dense_layers_are_connected_within_a_row() {
        let lines = |width| {
            let scene = drawn(&Preset::Mlp.spec(), width);
            let counts = scene.draws.iter().map(|draw| match draw {
                Draw::Segments { segments, .. } => segments.len(),
                _ => 0,
            });
            counts.sum::<usize>()
        };
        // 784 to 128 and 128 to 10, each as seven nodes.
        assert_eq!((lines(2_000.0), lines(100.0)), (2 * 7 * 7, 0));
    }

    #[test]
    fn a_mistake_is_a_question() {
        let mut model = Preset::Mlp.spec();
        model.layers.insert(1, Conv2dSpec::default().into());
        assert!(drawn(&model, 600.0).texts().any(|text| text == "?"));
    }

    #[test]
    fn many_layers_that_keep_the_shape_are_counted() {
        let mut model = Preset::MnistCnn.spec();
        let again = model.layers[2].clone();
        (0..4).for_each(|_| model.layers.insert(2, again.clone()));
        // Conv2D, five normalizations, Activation.
        assert!(drawn(&model, 600.0).texts().any(|text| text == "+4"));
    }
}
