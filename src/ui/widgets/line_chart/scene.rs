//! Axes, grid, curves and a legend as a drawing list.

use super::state::{LineChartState, Role, Series, tick_decimals, ticks};
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

const TEXT: f64 = 13.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 44.0;
const RIGHT: f64 = 14.0;
/// A digit's width at [`TEXT`], on the generous side.
const DIGIT: f64 = 8.2;

/// Draws the chart `width` px wide.
pub fn line_chart(state: &LineChartState, words: &ChartText, width: f64) -> Scene {
    let height = (width * 0.6).clamp(200.0, 340.0);
    let mut scene = Scene::new(width, height);
    let (x_range, y_range) = (state.x_range(), state.y_range());
    let y_ticks = ticks(y_range.0, y_range.1, 5);
    let y_texts: Vec<String> = y_ticks.iter().map(|y| y_text(*y, &y_ticks, words)).collect();
    let widest = y_texts.iter().map(|text| text.chars().count()).max().unwrap_or(1);
    let left = widest as f64 * DIGIT + 12.0;
    let plot = Area { x: left, y: TOP, width: width - left - RIGHT, height: height - TOP - BOTTOM };
    let place = |x: f64, y: f64| Point {
        x: plot.x + (x - x_range.0) / (x_range.1 - x_range.0) * plot.width,
        y: plot.y + (y_range.1 - y) / (y_range.1 - y_range.0) * plot.height,
    };

    for (y, text) in y_ticks.iter().zip(y_texts) {
        let at = place(x_range.0, *y);
        scene.line((plot.x, at.y), (plot.x + plot.width, at.y), Pen::solid(Ink::Line, 1.0));
        scene.push(label(plot.x - 7.0, at.y, text, Align::End));
    }
    let x_ticks = ticks(x_range.0, x_range.1, ((plot.width / 48.0) as usize).clamp(2, 10));
    for x in &x_ticks {
        let at = place(*x, y_range.0);
        scene.line(
            (at.x, plot.y + plot.height),
            (at.x, plot.y + plot.height + 5.0),
            Pen::solid(Ink::Outline, 1.0),
        );
        let text = words.language.decimal(*x, tick_decimals(&x_ticks));
        scene.push(label(at.x, plot.y + plot.height + 15.0, text, Align::Middle));
    }
    let base = plot.y + plot.height;
    scene.line((plot.x, base), (plot.x + plot.width, base), Pen::solid(Ink::Outline, 1.5));
    scene.line((plot.x, plot.y), (plot.x, base), Pen::solid(Ink::Outline, 1.5));
    scene.push(label(2.0, 11.0, words.y_label.clone(), Align::Start));
    scene.push(label(plot.x + plot.width, height - 9.0, words.x_label.clone(), Align::End));

    for (idx, series) in state.series.iter().enumerate() {
        let ink = Ink::series(idx);
        for run in runs(&series.points) {
            let points = thin(run, plot.width, &|x, y| place(x, y.clamp(y_range.0, y_range.1)));
            let pen = Pen { ink, width: 2.25, dash: series.role.dash() };
            if series.role == Role::Validation || points.len() == 1 {
                points.iter().filter(|_| points.len() <= 60).for_each(|at| scene.push(mark(*at, ink)));
            }
            scene.push(Draw::Polyline { points, pen });
        }
    }
    scene
}

fn y_text(y: f64, ticks: &[f64], words: &ChartText) -> String {
    let decimals = tick_decimals(ticks);
    if words.y_percent {
        words.language.percent(y, decimals.saturating_sub(2))
    } else {
        words.language.decimal(y, decimals)
    }
}

fn label(x: f64, y: f64, text: String, align: Align) -> Draw {
    Draw::Text { at: Point { x, y }, text, ink: Ink::Muted, size: TEXT, align, mono: false }
}

fn mark(at: Point, ink: Ink) -> Draw {
    Draw::Fill { area: Area { x: at.x, y: at.y, width: 0.0, height: 0.0 }.grown(3.0), ink }
}

/// Stretches of finite points between gaps.
fn runs(points: &[(f64, f64)]) -> impl Iterator<Item = &[(f64, f64)]> {
    points.split(|point| !point.1.is_finite()).filter(|run| !run.is_empty())
}

/// At most four points for each pixel column (first, least, greatest, last), which look the same as all.
fn thin(run: &[(f64, f64)], width: f64, place: &dyn Fn(f64, f64) -> Point) -> Vec<Point> {
    let placed = run.iter().map(|point| place(point.0, point.1));
    if (run.len() as f64) < width * 4.0 {
        return placed.collect();
    }
    let all: Vec<Point> = placed.collect();
    let mut out = Vec::new();
    for column in all.chunk_by(|a, b| a.x.floor() as i64 == b.x.floor() as i64) {
        let least = column.iter().copied().min_by(|a, b| a.y.total_cmp(&b.y));
        let greatest = column.iter().copied().max_by(|a, b| a.y.total_cmp(&b.y));
        out.extend([Some(column[0]), least, greatest, column.last().copied()].into_iter().flatten());
    }
    out
}

impl Series {
    /// A short sample of the curve's line for the legend.
    pub fn sample(&self, idx: usize) -> Scene {
        let mut scene = Scene::new(36.0, 12.0);
        let pen = Pen { ink: Ink::series(idx), width: 2.5, dash: self.role.dash() };
        scene.line((0.0, 6.0), (36.0, 6.0), pen);
        if self.role == Role::Validation {
            scene.push(mark(Point { x: 18.0, y: 6.0 }, pen.ink));
        }
        scene
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> ChartText {
        let (x_label, y_label) = ("эпоха".into(), "потери".into());
        ChartText { language: Language::Ru, x_label, y_label, y_percent: false }
    }

    fn chart(points: Vec<(f64, f64)>) -> LineChartState {
        let series = Series { label: "a".into(), role: Role::Training, points };
        LineChartState { series: vec![series], ..LineChartState::default() }
    }

    fn curve(scene: &Scene) -> &[Point] {
        let last = scene.draws.iter().rev().find_map(|draw| match draw {
            Draw::Polyline { points, .. } => Some(points),
            _ => None,
        });
        last.unwrap()
    }

    #[test]
    fn axes_speak_the_readers_language() {
        let scene = line_chart(&chart(vec![(0.0, 0.0), (4.0, 1.0)]), &words(), 400.0);
        assert!(scene.texts().any(|text| text == "0,4"), "{:?}", scene.texts().collect::<Vec<_>>());
        assert!(scene.texts().any(|text| text == "эпоха"));
    }

    #[test]
    fn a_rising_curve_goes_up_and_stays_inside() {
        let scene = line_chart(&chart(vec![(0.0, 0.0), (1.0, 1.0)]), &words(), 400.0);
        let points = curve(&scene);
        assert!(points[1].y < points[0].y && points[1].x > points[0].x);
        assert!(points.iter().all(|p| (0.0..=400.0).contains(&p.x) && (0.0..=scene.height).contains(&p.y)));
    }

    #[test]
    fn a_gap_breaks_the_line() {
        let scene =
            line_chart(&chart(vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 1.0), (3.0, 2.0)]), &words(), 400.0);
        assert_eq!(curve(&scene).len(), 2);
    }

    #[test]
    fn ten_thousand_points_become_a_few_per_pixel() {
        let points = (0..10_000).map(|x| (f64::from(x), f64::from(x % 7))).collect();
        let scene = line_chart(&chart(points), &words(), 300.0);
        assert!(curve(&scene).len() < 1300, "{}", curve(&scene).len());
    }
}
