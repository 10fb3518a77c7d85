//! Maps, kernels, heat over an image, a scale and points, as data.

use super::frames::Frame;
use super::heat::Heat;
use crate::protocol::LayerOutput;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};

/// Channels of a layer that are drawn, at most; tables and files hold all.
pub const MOST_CHANNELS: usize = 64;
/// The least side of a map, in px.
const LEAST_TILE: f64 = 44.0;
/// Between maps, in px.
const GAP: f64 = 4.0;
/// Numbers in a row of a layer without rows and columns.
const ROW: usize = 32;
/// Height of a scale, in px.
const SCALE: f64 = 34.0;

/// Values brought to what a colour map takes: −1 to 1 where some are below 0, else 0 to 1.
pub struct Toned {
    /// As many as there were.
    pub values: Vec<f32>,
    /// Which map shows them.
    pub map: ColorMap,
    /// What became 1.
    pub largest: f32,
}

/// Divides by the largest amount; nothing is 0, which stays 0.
pub fn toned(values: &[f32]) -> Toned {
    let largest = values.iter().fold(0.0f32, |max, value| max.max(value.abs()));
    let divisor = if largest > 0.0 { largest } else { 1.0 };
    let map = if values.iter().any(|value| *value < 0.0) { ColorMap::Diverging } else { ColorMap::Gray };
    Toned { values: values.iter().map(|value| value / divisor).collect(), map, largest }
}

/// Every channel of a layer as a small picture; a layer without rows and columns is rows of cells. All on one scale, so
/// that a faint channel looks faint.
pub fn maps_scene(shape: [usize; 3], values: &[f32], width: f64) -> Scene {
    let [rows, cols, channels] = shape;
    let Toned { values, map, .. } = toned(values);
    if rows <= 1 && channels == 1 {
        return strip_scene(&values, map, width);
    }
    let shown = channels.min(MOST_CHANNELS);
    let tile = |channel: usize| values.iter().skip(channel).step_by(channels).copied().collect();
    tiles_scene((0..shown).map(tile).collect(), [rows, cols], map, width)
}

/// Every filter of a convolution of at most four input channels as small pictures, channel by channel; none for others.
pub fn kernels_scene(layer: &LayerOutput, width: f64) -> Option<Scene> {
    let [kh, kw, inputs, filters] = layer.kernel_shape;
    if layer.kernel.is_empty() || inputs > 4 {
        return None;
    }
    let Toned { values, .. } = toned(&layer.kernel);
    let tile = |filter: usize, input: usize| {
        (0..kh * kw).map(|at| values[(at * inputs + input) * filters + filter]).collect::<Vec<f32>>()
    };
    let pairs = (0..filters).flat_map(|filter| (0..inputs).map(move |input| (filter, input)));
    let tiles = pairs.take(MOST_CHANNELS).map(|(filter, input)| tile(filter, input)).collect();
    Some(tiles_scene(tiles, [kh, kw], ColorMap::Diverging, width))
}

fn tiles_scene(tiles: Vec<Vec<f32>>, [rows, cols]: [usize; 2], map: ColorMap, width: f64) -> Scene {
    let fit = ((width + GAP) / (LEAST_TILE + GAP)).floor().max(1.0);
    let across = fit.min(tiles.len().max(1) as f64);
    // A single map needs no more room than a few would.
    let side = ((width + GAP) / across - GAP).min(4.0 * LEAST_TILE);
    let height = side * rows as f64 / cols.max(1) as f64;
    let lines = (tiles.len() as f64 / across).ceil();
    let mut scene = Scene::new(width, (lines * (height + GAP) - GAP).max(1.0));
    for (idx, values) in tiles.into_iter().enumerate() {
        let (line, at) = ((idx as f64 / across).floor(), idx as f64 % across);
        let area = Area { x: at * (side + GAP), y: line * (height + GAP), width: side, height };
        scene.push(Draw::Cells { area, cols, values, map });
        scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Line, 1.0) });
    }
    scene
}

fn strip_scene(values: &[f32], map: ColorMap, width: f64) -> Scene {
    let side = width / ROW as f64;
    let lines = values.len().div_ceil(ROW);
    let mut scene = Scene::new(width, (lines as f64 * side).max(1.0));
    for (line, row) in values.chunks(ROW).enumerate() {
        let area = Area { x: 0.0, y: line as f64 * side, width: side * row.len() as f64, height: side };
        scene.push(Draw::Cells { area, cols: row.len(), values: row.to_vec(), map });
        scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Line, 1.0) });
    }
    scene
}

/// Each unit's share of zeros; dead ones are crossed out.
pub fn units_scene(zeros: &[f32], dead: &[u32], width: f64) -> Scene {
    let mut scene = strip_scene(zeros, ColorMap::Gray, width);
    let side = width / ROW as f64;
    let pen = Pen::solid(Ink::Window, 2.0);
    for unit in dead.iter().map(|unit| *unit as usize) {
        let (x, y) = ((unit % ROW) as f64 * side, (unit / ROW) as f64 * side);
        let (near, far) = (side * 0.2, side * 0.8);
        scene.line((x + near, y + near), (x + far, y + far), pen);
        scene.line((x + near, y + far), (x + far, y + near), pen);
        scene.push(Draw::Stroke { area: Area { x, y, width: side, height: side }.grown(-1.0), pen });
    }
    scene
}

/// A map over an image: the map's colours, and the edge of the image's ink on top of them, so that both are seen.
pub fn heat_scene(heat: &Heat, width: f64) -> Scene {
    let [rows, cols] = heat.image_size.map(|side| side.max(1));
    let height = width * rows as f64 / cols as f64;
    let mut scene = Scene::new(width, height);
    let area = Area { x: 0.0, y: 0.0, width, height };
    let values = toned(&heat.values).values;
    scene.push(Draw::Cells { area, cols: heat.size[1].max(1), values, map: ColorMap::Diverging });
    let cell = [height / rows as f64, width / cols as f64];
    let segments = outline(&heat.image, cols, cell);
    if !segments.is_empty() {
        scene.push(Draw::Segments { segments: segments.clone(), pen: Pen::solid(Ink::Halo, 3.0) });
        scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Text, 1.25) });
    }
    scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Outline, 1.0) });
    scene
}

/// Where ink meets paper.
fn outline(image: &[f32], cols: usize, [down, across]: [f64; 2]) -> Vec<(Point, Point)> {
    let is_ink = |idx: usize| image[idx] > 0.5;
    let at = |row: usize, col: usize| Point { x: col as f64 * across, y: row as f64 * down };
    let mut segments = Vec::new();
    for idx in 0..image.len() {
        let (row, col) = (idx / cols, idx % cols);
        if col + 1 < cols && is_ink(idx) != is_ink(idx + 1) {
            segments.push((at(row, col + 1), at(row + 1, col + 1)));
        }
        if idx + cols < image.len() && is_ink(idx) != is_ink(idx + cols) {
            segments.push((at(row + 1, col), at(row + 1, col + 1)));
        }
    }
    segments
}

/// The colours between two numbers; `ends` are their words, from the left.
pub fn scale_scene(has_sign: bool, ends: [String; 3], width: f64) -> Scene {
    let mut scene = Scene::new(width, SCALE);
    let area = Area { x: 0.0, y: 0.0, width, height: 14.0 };
    let steps = 64;
    let low = if has_sign { -1.0 } else { 0.0 };
    let values = (0..steps).map(|step| low + (1.0 - low) * step as f32 / (steps - 1) as f32).collect();
    scene.push(Draw::Cells { area, cols: steps, values, map: ColorMap::Diverging });
    scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Outline, 1.0) });
    let places = [(0.0, Align::Start), (width / 2.0, Align::Middle), (width, Align::End)];
    for (text, (x, align)) in ends.into_iter().zip(places) {
        let at = Point { x, y: 25.0 };
        scene.push(Draw::Text { at, text, ink: Ink::Muted, size: 12.0, align, mono: false });
    }
    scene
}

/// Where points are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// Width and height in px.
    pub side: f64,
    /// Least and greatest x, then y.
    pub bounds: [[f32; 2]; 2],
}

impl Plot {
    /// Room for half a mark at every edge, in px.
    const MARGIN: f64 = 14.0;

    /// A point's place; y goes up.
    pub fn place(&self, point: [f32; 2]) -> Point {
        let room = self.side - 2.0 * Self::MARGIN;
        let share = |axis: usize| {
            let [low, high] = self.bounds[axis].map(f64::from);
            if high > low { (f64::from(point[axis]) - low) / (high - low) } else { 0.5 }
        };
        Point { x: Self::MARGIN + share(0) * room, y: self.side - Self::MARGIN - share(1) * room }
    }

    /// The point nearest to a place, if one is near.
    pub fn nearest(&self, frame: &Frame, at: Point) -> Option<usize> {
        let distance = |idx: usize| {
            let place = self.place(frame.points[idx]);
            (place.x - at.x).powi(2) + (place.y - at.y).powi(2)
        };
        let idx = (0..frame.points.len()).min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
        (distance(idx) < 400.0).then_some(idx)
    }
}

/// Every image as the digit of its class; colours repeat after four, the digits do not. Marks of other classes than
/// `only` are faint.
pub fn points_scene(frame: &Frame, plot: Plot, only: Option<u8>) -> Scene {
    let mut scene = Scene::new(plot.side, plot.side);
    let area = Area { x: 0.0, y: 0.0, width: plot.side, height: plot.side };
    scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Line, 1.0) });
    for (point, label) in frame.points.iter().zip(&frame.labels) {
        let is_faint = only.is_some_and(|only| only != *label);
        let ink = if is_faint { Ink::Line } else { Ink::series(usize::from(*label)) };
        let (text, at) = (label.to_string(), plot.place(*point));
        scene.push(Draw::Text { at, text, ink, size: 12.0, align: Align::Middle, mono: true });
    }
    scene
}

/// The ring around the point that is looked at.
pub fn ring_scene(frame: &Frame, plot: Plot, idx: Option<usize>) -> Scene {
    let mut scene = Scene::new(plot.side, plot.side);
    if let Some(point) = idx.and_then(|idx| frame.points.get(idx)) {
        let at = plot.place(*point);
        let area = Area { x: at.x - 8.0, y: at.y - 9.0, width: 16.0, height: 18.0 };
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 4.0) });
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 2.0) });
    }
    scene
}

#[cfg(test)]
#[path = "scene_tests.rs"]
mod tests;
