//! The surface from above with the racers' ways.

use super::contour::{Place, Relief};
use super::race::Trace;
use super::state::{RaceState, style};
use super::surface::{Region, Surface};
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::line_chart::{push_sign, tick_texts, ticks};

/// The picture is never wider, in px.
const WIDEST: f64 = 760.0;
/// Room for the numbers of the axes, in px.
const LEFT: f64 = 40.0;
const BELOW: f64 = 26.0;
const EDGE: f64 = 8.0;
const TEXT: f64 = 12.0;
/// So dark are the highest places; ways must stand out from them.
const DARKEST: f32 = 0.42;
/// Length of a gradient's arrow, in px.
const ARROW: f64 = 46.0;

/// Where the plane lies in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    area: Area,
    region: Region,
}

impl Plot {
    /// In a picture so many px wide.
    pub fn new(region: Region, width: f64) -> Plot {
        let width = width.min(WIDEST) - LEFT - EDGE;
        let ratio = (region.y.1 - region.y.0) / (region.x.1 - region.x.0);
        let area = Area { x: LEFT, y: EDGE, width, height: width * ratio.clamp(0.5, 0.85) };
        Plot { area, region }
    }

    /// Where a place is, in px.
    pub fn point(&self, [x, y]: Place) -> Point {
        let share = |at: f64, (low, high): (f64, f64)| (at - low) / (high - low);
        Point {
            x: self.area.x + self.area.width * share(x, self.region.x),
            y: self.area.y + self.area.height * (1.0 - share(y, self.region.y)),
        }
    }

    /// The place under a point, at the edge if it lies outside.
    pub fn place(&self, point: Point) -> Place {
        let mix = |share: f64, (low, high): (f64, f64)| low + (high - low) * share;
        let x = mix((point.x - self.area.x) / self.area.width, self.region.x);
        let y = mix(1.0 - (point.y - self.area.y) / self.area.height, self.region.y);
        self.region.nearest([x, y])
    }

    fn scene(&self) -> Scene {
        let Area { x, y, width, height } = self.area;
        Scene::new(x + width + EDGE, y + height + BELOW)
    }
}

/// The place under a point of the picture.
pub fn hit(region: Region, point: Point, width: f64) -> Place {
    Plot::new(region, width).place(point)
}

/// Heights, lines of equal height, axes and minima: what stands still.
pub fn surface_scene(surface: Surface, language: Language, width: f64) -> Scene {
    let plot = Plot::new(surface.kind.region(), width);
    let (relief, mut scene) = (Relief::of(surface), plot.scene());
    let (cols, shares) = relief.cells();
    let values = shares.into_iter().map(|share| share * DARKEST).collect();
    scene.push(Draw::Cells { area: plot.area, cols, values, map: ColorMap::Gray });
    let lines = relief.lines().into_iter().map(|(from, to)| (plot.point(from), plot.point(to)));
    scene.push(Draw::Segments { segments: lines.collect(), pen: Pen::solid(Ink::Outline, 0.75) });
    axes(&mut scene, &plot, language);
    for minimum in surface.kind.minima() {
        let at = plot.point(*minimum);
        let text = "min".to_owned();
        // The ring is a square: scenes have no circles.
        for (by, ink) in [(6.0, Ink::Halo), (4.5, Ink::Text)] {
            let area = Area { x: at.x, y: at.y, width: 0.0, height: 0.0 }.grown(by);
            scene.push(Draw::Stroke { area, pen: Pen::solid(ink, 1.5) });
        }
        let at = Point { x: at.x, y: at.y + 16.0 };
        scene.push(Draw::Text { at, text, ink: Ink::Text, size: TEXT, align: Align::Middle, mono: false });
    }
    scene
}

fn axes(scene: &mut Scene, plot: &Plot, language: Language) {
    let base = plot.area.y + plot.area.height;
    let mut label = |at: Point, text: String, align| {
        scene.push(Draw::Text { at, text, ink: Ink::Muted, size: TEXT, align, mono: false });
    };
    let xs = ticks(plot.region.x.0, plot.region.x.1, (plot.area.width / 70.0) as usize);
    for (x, text) in xs.iter().zip(tick_texts(&xs, language)) {
        let at = plot.point([*x, plot.region.y.0]);
        label(Point { x: at.x, y: base + 13.0 }, text, Align::Middle);
    }
    let ys = ticks(plot.region.y.0, plot.region.y.1, (plot.area.height / 50.0) as usize);
    for (y, text) in ys.iter().zip(tick_texts(&ys, language)) {
        let at = plot.point([plot.region.x.0, *y]);
        label(Point { x: LEFT - 6.0, y: at.y }, text, Align::End);
    }
    scene.push(Draw::Stroke { area: plot.area, pen: Pen::solid(Ink::Outline, 1.0) });
}

/// The ways up to a step, the racers' signs, and of the chosen one the gradient and the next move.
pub fn ways_scene(state: &RaceState, step: usize, chosen: usize, width: f64) -> Scene {
    let plot = Plot::new(state.setup.kind.region(), width);
    let mut scene = plot.scene();
    for (racer, trace) in state.running() {
        way(&mut scene, &plot, trace, racer, step);
    }
    start(&mut scene, &plot, state);
    if let Some(trace) = state.trace(chosen) {
        vectors(&mut scene, &plot, trace, chosen, step);
    }
    for (racer, trace) in state.running() {
        head(&mut scene, &plot, trace, racer, step, racer == chosen);
    }
    scene
}

/// Both together, for a file.
pub fn race_scene(state: &RaceState, step: usize, chosen: usize, language: Language, width: f64) -> Scene {
    let mut scene = surface_scene(state.setup.surface(), language, width);
    scene.draws.extend(ways_scene(state, step, chosen, width).draws);
    scene
}

fn place([x, y]: [f32; 2]) -> Place {
    [f64::from(x), f64::from(y)]
}

/// The part of a line inside an area, if any is.
fn clipped(area: Area, from: Point, to: Point) -> Option<(Point, Point)> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    if !(dx.is_finite() && dy.is_finite()) {
        return None;
    }
    let (mut begin, mut end) = (0.0f64, 1.0f64);
    let edges = [
        (-dx, from.x - area.x),
        (dx, area.x + area.width - from.x),
        (-dy, from.y - area.y),
        (dy, area.y + area.height - from.y),
    ];
    for (outwards, room) in edges {
        if outwards == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if outwards < 0.0 {
            begin = begin.max(room / outwards);
        } else {
            end = end.min(room / outwards);
        }
    }
    let at = |share: f64| Point { x: from.x + dx * share, y: from.y + dy * share };
    // Ends that lie inside stay to the bit, so that pieces can be joined.
    let first = if begin > 0.0 { at(begin) } else { from };
    let last = if end < 1.0 { at(end) } else { to };
    (begin <= end).then_some((first, last))
}

fn way(scene: &mut Scene, plot: &Plot, trace: &Trace, racer: usize, step: usize) {
    let style = style(racer);
    let places: Vec<Point> =
        trace.moments.iter().take(step + 1).map(|moment| plot.point(place(moment.at))).collect();
    let pieces: Vec<_> = places.windows(2).filter_map(|pair| clipped(plot.area, pair[0], pair[1])).collect();
    for (ink, width, dash) in [(Ink::Halo, 4.0, Dash::Solid), (style.ink, 2.0, style.dash)] {
        // One line for each stretch inside, so that dashes run through.
        for points in stretches(&pieces) {
            scene.push(Draw::Polyline { points, pen: Pen { ink, width, dash } });
        }
    }
    for at in places.iter().filter(|at| plot.area.contains(**at)) {
        let area = Area { x: at.x, y: at.y, width: 0.0, height: 0.0 }.grown(1.75);
        scene.push(Draw::Fill { area, ink: style.ink });
    }
}

/// Pieces that touch as lines.
fn stretches(pieces: &[(Point, Point)]) -> Vec<Vec<Point>> {
    let mut lines: Vec<Vec<Point>> = Vec::new();
    for (from, to) in pieces {
        match lines.last_mut() {
            Some(line) if line.last() == Some(from) => line.push(*to),
            _ => lines.push(vec![*from, *to]),
        }
    }
    lines
}

fn start(scene: &mut Scene, plot: &Plot, state: &RaceState) {
    let at = plot.point(place(state.setup.start));
    let cross = |by: f64| {
        let line = |x: f64, y: f64| (Point { x: at.x - x, y: at.y - y }, Point { x: at.x + x, y: at.y + y });
        vec![line(by, 0.0), line(0.0, by)]
    };
    scene.push(Draw::Segments { segments: cross(12.0), pen: Pen::solid(Ink::Halo, 5.0) });
    scene.push(Draw::Segments { segments: cross(11.0), pen: Pen::solid(Ink::Window, 2.0) });
}

/// A racer's sign and number where it is.
fn head(scene: &mut Scene, plot: &Plot, trace: &Trace, racer: usize, step: usize, is_chosen: bool) {
    let at = plot.point(place(trace.moment(step).at));
    if !plot.area.contains(at) {
        return;
    }
    let style = style(racer);
    let area = Area { x: at.x, y: at.y, width: 0.0, height: 0.0 }.grown(if is_chosen { 9.0 } else { 7.0 });
    scene.push(Draw::Fill { area, ink: Ink::Halo });
    if is_chosen {
        scene.push(Draw::Stroke { area, pen: Pen::solid(style.ink, 1.5) });
    }
    push_sign(scene, style.marker, at, style.ink);
    let at = Point { x: at.x + 11.0, y: at.y - 10.0 };
    let (text, ink) = ((racer + 1).to_string(), style.ink);
    scene.push(Draw::Text { at, text, ink, size: 13.0, align: Align::Start, mono: false });
}

/// Downhill, dotted and of one length; the next move, solid and as long as it is.
fn vectors(scene: &mut Scene, plot: &Plot, trace: &Trace, racer: usize, step: usize) {
    let now = trace.moment(step);
    let from = plot.point(place(now.at));
    if !plot.area.contains(from) {
        return;
    }
    let [x, y] = place(now.gradient);
    let ahead = plot.point([f64::from(now.at[0]) - x, f64::from(now.at[1]) - y]);
    let (dx, dy) = (ahead.x - from.x, ahead.y - from.y);
    let length = (dx * dx + dy * dy).sqrt();
    if length.is_finite() && length > 0.0 {
        let to = Point { x: from.x + dx / length * ARROW, y: from.y + dy / length * ARROW };
        arrow(scene, plot, from, to, Pen { ink: Ink::Text, width: 2.0, dash: Dash::Dotted });
    }
    if let Some(next) = trace.moments.get(step + 1) {
        arrow(scene, plot, from, plot.point(place(next.at)), Pen::solid(style(racer).ink, 3.5));
    }
}

fn arrow(scene: &mut Scene, plot: &Plot, from: Point, to: Point, pen: Pen) {
    let Some((from, end)) = clipped(plot.area, from, to) else { return };
    scene.push(Draw::Segments { segments: vec![(from, end)], pen });
    let (dx, dy) = (end.x - from.x, end.y - from.y);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 6.0 {
        return;
    }
    let (dx, dy) = (dx / length * 7.0, dy / length * 7.0);
    let side = |sign: f64| Point { x: end.x - dx + sign * dy * 0.6, y: end.y - dy - sign * dx * 0.6 };
    let tip = vec![(side(1.0), end), (side(-1.0), end)];
    scene.push(Draw::Segments { segments: tip, pen: Pen { dash: Dash::Solid, ..pen } });
}

#[cfg(test)]
mod tests {
    use super::super::setup::Setup;
    use super::*;
    use crate::engine::optimizers::SgdSpec;

    #[test]
    fn a_point_of_the_picture_is_the_place_that_is_drawn_there() {
        let region = Setup::default().kind.region();
        let plot = Plot::new(region, 500.0);
        for place in [[0.0, 0.0], [-4.0, 1.5], [4.5, -3.0]] {
            let back = hit(region, plot.point(place), 500.0);
            assert!((back[0] - place[0]).abs() < 1e-9 && (back[1] - place[1]).abs() < 1e-9);
        }
        assert_eq!(hit(region, Point { x: -50.0, y: 9999.0 }, 500.0), [-4.5, -3.0]);
    }

    #[test]
    fn nothing_is_drawn_outside_however_far_a_racer_goes() {
        let spec = SgdSpec { learning_rate: 0.5.into(), ..SgdSpec::default() };
        let state = RaceState::new(Setup { racers: vec![spec.into()], steps: 100, ..Setup::default() });
        let plot = Plot::new(state.setup.kind.region(), 400.0);
        for step in 0..=100 {
            for draw in ways_scene(&state, step, 0, 400.0).draws {
                let points = match draw {
                    Draw::Polyline { points, .. } => points,
                    Draw::Segments { segments, .. } => {
                        segments.into_iter().flat_map(|(a, b)| [a, b]).collect()
                    }
                    _ => continue,
                };
                // The arrow's wings may stand out by their own size.
                assert!(points.iter().all(|point| plot.area.grown(12.5).contains(*point)), "step {step}");
            }
        }
    }

    #[test]
    fn every_racer_has_its_number_and_the_surface_its_minima() {
        let state = RaceState::new(Setup::default());
        let scene = ways_scene(&state, 20, 1, 600.0);
        let mut texts: Vec<_> = scene.texts().collect();
        texts.sort_unstable();
        assert_eq!(texts, ["1", "2", "3", "4", "5"]);
        let still = surface_scene(state.setup.surface(), Language::Ru, 600.0);
        assert!(still.texts().any(|text| text == "min") && still.texts().any(|text| text == "−4"));
    }
}
