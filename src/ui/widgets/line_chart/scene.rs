//! Axes, grid, curves and what lies over them as drawing lists.

use super::frame::{Frame, TEXT};
use super::look::{Curve, Look, shown_at};
use super::state::{LineChartState, LineStyle, Marker, Series};
use super::thinning::thinned;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Draw, Ink, Pen, Point, Scene};

/// Words and sizes of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartText {
    /// The reader's language, for numbers.
    pub language: Language,
    /// The name of the x axis.
    pub x_label: String,
    /// The name of the y axis.
    pub y_label: String,
    /// Whether y is a share (0..1) shown as percent.
    pub y_percent: bool,
}

/// Space between the signs on a curve of many points, in px.
const BETWEEN_SIGNS: f64 = 70.0;
/// Curves of no more points have a sign on each.
const FEW: usize = 60;
/// Space that the number of a mark needs, in px.
const MARK: f64 = 16.0;
/// Epochs are told apart by lines no closer than this, in px.
const LINES: f64 = 10.0;
/// Height of a line of the legend, in px.
const ENTRY: f64 = 22.0;

/// Draws the chart `width` px wide.
pub fn line_chart(state: &LineChartState, look: &Look, words: &ChartText, width: f64) -> Scene {
    let curves = look.curves(state);
    let frame = Frame::new(state, &curves, look, words, width);
    let mut scene = Scene::new(width, frame.height);
    axes(&mut scene, &frame, state, words);
    marks(&mut scene, &frame, state);
    // What is measured lies behind what is smoothed.
    for curve in curves.iter().filter(|curve| curve.is_smoothed) {
        lines(&mut scene, &frame, &curve.series.points, Pen::solid(Ink::Line, 1.5), None);
    }
    for Curve { style, shown, .. } in &curves {
        let pen = Pen { ink: style.ink, width: 2.25, dash: style.dash };
        lines(&mut scene, &frame, shown, pen, Some(*style));
    }
    scene
}

/// What moves over the chart: the line at `x` with a point on each curve, and a range being chosen.
pub fn crosshair(
    state: &LineChartState,
    look: &Look,
    words: &ChartText,
    width: f64,
    x: Option<f64>,
    chosen: Option<(f64, f64)>,
) -> Scene {
    let curves = look.curves(state);
    let frame = Frame::new(state, &curves, look, words, width);
    let mut scene = Scene::new(width, frame.height);
    if let Some((from, to)) = chosen {
        let (from, to) = (frame.x_place(from.min(to)), frame.x_place(from.max(to)));
        let area = Area { x: from, width: to - from, ..frame.plot };
        scene.push(Draw::Hatch { area, ink: Ink::Outline, gap: 9.0 });
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Accent, 1.5) });
    }
    let Some(x) = x.filter(|x| (frame.x.0 - 1e-9..=frame.x.1 + 1e-9).contains(x)) else { return scene };
    let at = frame.x_place(x);
    scene.line((at, frame.plot.y), (at, frame.base()), Pen::solid(Ink::Accent, 1.5));
    for curve in &curves {
        if let Some(y) = shown_at(curve, x).filter(|y| frame.takes(*y)) {
            let area = point_area(frame.place(x, y));
            scene.push(Draw::Fill { area: area.grown(5.5), ink: Ink::Halo });
            scene.push(Draw::Fill { area: area.grown(4.0), ink: curve.style.ink });
        }
    }
    scene
}

/// The curves' names with samples of their lines, one below the other: for a picture that leaves the page.
pub fn legend(state: &LineChartState, look: &Look) -> Scene {
    let visible: Vec<_> = state.series.iter().filter(|series| !look.hidden.contains(&series.label)).collect();
    let longest = visible.iter().map(|series| series.label.chars().count()).max().unwrap_or(0);
    let mut scene = Scene::new(46.0 + longest as f64 * 8.0, visible.len() as f64 * ENTRY);
    for (idx, series) in visible.into_iter().enumerate() {
        let y = (idx as f64 + 0.5) * ENTRY;
        sample_line(&mut scene, series.line_style(), y);
        scene.push(label(44.0, y, series.label.clone(), Align::Start));
    }
    scene
}

fn axes(scene: &mut Scene, frame: &Frame, state: &LineChartState, words: &ChartText) {
    let (plot, base) = (frame.plot, frame.base());
    let right = plot.x + plot.width;
    for (y, text) in &frame.y_ticks {
        let at = frame.place(frame.x.0, *y);
        scene.line((plot.x, at.y), (right, at.y), Pen::solid(Ink::Line, 1.0));
        scene.push(label(plot.x - 7.0, at.y, text.clone(), Align::End));
    }
    if state.epoch_lines && plot.width / (frame.x.1 - frame.x.0) >= LINES {
        let segments = (frame.x.0.ceil() as i64..=frame.x.1.floor() as i64).map(|epoch| {
            let x = frame.x_place(epoch as f64);
            (Point { x, y: plot.y }, Point { x, y: base })
        });
        scene.push(Draw::Segments { segments: segments.collect(), pen: Pen::solid(Ink::Line, 1.0) });
    }
    for (x, text) in &frame.x_ticks {
        let x = frame.x_place(*x);
        scene.line((x, base), (x, base + 5.0), Pen::solid(Ink::Outline, 1.0));
        scene.push(label(x, base + 15.0, text.clone(), Align::Middle));
    }
    scene.line((plot.x, base), (right, base), Pen::solid(Ink::Outline, 1.5));
    scene.line((plot.x, plot.y), (plot.x, base), Pen::solid(Ink::Outline, 1.5));
    scene.push(label(2.0, 11.0, words.y_label.clone(), Align::Start));
    scene.push(label(right, frame.height - 9.0, words.x_label.clone(), Align::End));
}

/// A line for each mark; their names as far as there is room.
fn marks(scene: &mut Scene, frame: &Frame, state: &LineChartState) {
    let mut free = f64::NEG_INFINITY;
    for mark in state.marks.iter().filter(|mark| (frame.x.0..=frame.x.1 + 1e-9).contains(&mark.x)) {
        let x = frame.x_place(mark.x);
        let pen = Pen { ink: Ink::Window, width: 1.5, dash: crate::ui::scene::Dash::Dotted };
        scene.line((x, frame.plot.y), (x, frame.base()), pen);
        let room = (mark.label.chars().count() as f64 * 8.0).max(MARK);
        if x - room / 2.0 >= free {
            let at = Point { x, y: frame.plot.y - 8.0 };
            let text = mark.label.clone();
            scene.push(Draw::Text {
                at,
                text,
                ink: Ink::Window,
                size: TEXT,
                align: Align::Middle,
                mono: false,
            });
            free = x + room / 2.0;
        }
    }
}

/// The stretches of a curve between gaps that lie in view.
fn lines(scene: &mut Scene, frame: &Frame, points: &[(f64, f64)], pen: Pen, style: Option<LineStyle>) {
    for run in points.split(|point| !frame.takes(point.1)).filter(|run| !run.is_empty()) {
        let points = thinned(in_view(run, frame).into_iter());
        if points.is_empty() {
            continue;
        }
        if let Some(style) = style {
            // Where a line leaves the plot, nothing was measured.
            let (begin, end) = (run[0].0 < frame.x.0, run[run.len() - 1].0 > frame.x.1);
            let measured =
                points.get(usize::from(begin)..points.len() - usize::from(end)).unwrap_or_default();
            signs(scene, style, measured, points.len() == 1);
        }
        if points.len() > 1 {
            scene.push(Draw::Polyline { points, pen });
        }
    }
}

/// The points of a run in px, cut off where they leave the plot.
fn in_view(run: &[(f64, f64)], frame: &Frame) -> Vec<Point> {
    let begin = run.partition_point(|point| point.0 < frame.x.0);
    let end = run.partition_point(|point| point.0 <= frame.x.1);
    let place = |point: &(f64, f64)| frame.place(point.0, point.1);
    let cut = |a: Point, b: Point, x: f64| Point { x, y: a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) };
    let (left, right) = (frame.plot.x, frame.plot.x + frame.plot.width);
    let mut points = Vec::with_capacity(end.saturating_sub(begin) + 2);
    if begin > 0 && begin < run.len() {
        points.push(cut(place(&run[begin - 1]), place(&run[begin]), left));
    }
    if begin < end {
        points.extend(run[begin..end].iter().map(place));
    }
    if end > 0 && end < run.len() {
        points.push(cut(place(&run[end - 1]), place(&run[end]), right));
    }
    points
}

fn signs(scene: &mut Scene, style: LineStyle, points: &[Point], is_alone: bool) {
    // A single value would have no line to be seen by.
    let marker = if is_alone && style.marker == Marker::None { Marker::Square } else { style.marker };
    let space = if points.len() <= FEW { 0.0 } else { BETWEEN_SIGNS };
    let mut free = f64::NEG_INFINITY;
    for at in points {
        if at.x >= free {
            push_sign(scene, marker, *at, style.ink);
            free = at.x + space;
        }
    }
}

/// Puts a curve's sign at a place.
pub fn push_sign(scene: &mut Scene, marker: Marker, at: Point, ink: Ink) {
    let pen = Pen::solid(ink, 2.0);
    let by = |x: f64, y: f64| Point { x: at.x + x, y: at.y + y };
    let path = |corners: &[(f64, f64)]| {
        let points = corners.iter().map(|(x, y)| by(*x, *y)).collect();
        Draw::Polyline { points, pen }
    };
    scene.push(match marker {
        Marker::None => return,
        Marker::Square => Draw::Fill { area: point_area(at).grown(3.0), ink },
        Marker::Diamond => path(&[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0), (0.0, -5.0)]),
        Marker::Triangle => path(&[(0.0, -5.0), (4.5, 3.5), (-4.5, 3.5), (0.0, -5.0)]),
        Marker::Cross => {
            let segments = vec![(by(-4.0, -4.0), by(4.0, 4.0)), (by(-4.0, 4.0), by(4.0, -4.0))];
            Draw::Segments { segments, pen }
        }
        Marker::Plus => {
            let segments = vec![(by(-5.0, 0.0), by(5.0, 0.0)), (by(0.0, -5.0), by(0.0, 5.0))];
            Draw::Segments { segments, pen }
        }
        Marker::Down => path(&[(0.0, 5.0), (4.5, -3.5), (-4.5, -3.5), (0.0, 5.0)]),
        Marker::Star => {
            let rays = [(5.0, 0.0), (2.5, 4.3), (-2.5, 4.3)];
            Draw::Segments { segments: rays.map(|(x, y)| (by(-x, -y), by(x, y))).to_vec(), pen }
        }
        Marker::Frame => path(&[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0), (-4.0, -4.0)]),
    });
}

fn point_area(at: Point) -> Area {
    Area { x: at.x, y: at.y, width: 0.0, height: 0.0 }
}

fn label(x: f64, y: f64, text: String, align: Align) -> Draw {
    Draw::Text { at: Point { x, y }, text, ink: Ink::Muted, size: TEXT, align, mono: false }
}

fn sample_line(scene: &mut Scene, style: LineStyle, y: f64) {
    scene.line((0.0, y), (36.0, y), Pen { ink: style.ink, width: 2.5, dash: style.dash });
    push_sign(scene, style.marker, Point { x: 18.0, y }, style.ink);
}

impl Series {
    /// A short sample of the curve's line for the legend.
    pub fn sample(&self) -> Scene {
        let mut scene = Scene::new(36.0, 14.0);
        sample_line(&mut scene, self.line_style(), 7.0);
        scene
    }
}

#[cfg(test)]
#[path = "scene_tests.rs"]
mod tests;
