//! Curves over two axes with a few marks, for the benches: the frame, its ticks, and where a point lies.

use super::locale::Language;
use super::scene::{Align, Area, Draw, Ink, Pen, Point, Scene};
use super::widgets::line_chart::{tick_texts, ticks};

/// Room for the numbers beside and below the frame, in px.
const LEFT: f64 = 46.0;
const BOTTOM: f64 = 36.0;
const TOP: f64 = 22.0;
const RIGHT: f64 = 12.0;
const TICK_SIZE: f64 = 12.0;
/// Height of a line of the legend, in px.
const LEGEND_LINE: f64 = 17.0;

/// A frame with two linear axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The whole picture's width in px.
    pub width: f64,
    /// Its height in px.
    pub height: f64,
    /// The least and the greatest value of the horizontal axis.
    pub x: [f64; 2],
    /// The same of the vertical axis.
    pub y: [f64; 2],
    /// Lines of the legend above the frame.
    pub legend: usize,
}

impl Plot {
    /// Where the curves are.
    pub fn area(&self) -> Area {
        let top = TOP + self.legend as f64 * LEGEND_LINE;
        let (width, height) = ((self.width - LEFT - RIGHT).max(1.0), (self.height - top - BOTTOM).max(1.0));
        Area { x: LEFT, y: top, width, height }
    }

    /// Where a point of the axes lies in the picture.
    pub fn at(&self, x: f64, y: f64) -> Point {
        let area = self.area();
        Point {
            x: area.x + (x - self.x[0]) / (self.x[1] - self.x[0]) * area.width,
            y: area.y + area.height - (y - self.y[0]) / (self.y[1] - self.y[0]) * area.height,
        }
    }

    /// What the axes say at a point of the picture, within their ends.
    pub fn values(&self, point: Point) -> [f64; 2] {
        let area = self.area();
        let along = |share: f64, ends: [f64; 2]| ends[0] + share.clamp(0.0, 1.0) * (ends[1] - ends[0]);
        [
            along((point.x - area.x) / area.width, self.x),
            along(1.0 - (point.y - area.y) / area.height, self.y),
        ]
    }

    /// The frame with ticks, lines through zero, and the axes' names.
    pub fn scene(&self, names: [&str; 2], language: Language) -> Scene {
        let mut scene = Scene::new(self.width, self.height);
        let area = self.area();
        scene.push(Draw::Fill { area, ink: Ink::Surface });
        let grid = Pen::solid(Ink::Line, 1.0);
        let text = |at, text: String, align, mono| Draw::Text {
            at,
            text,
            ink: Ink::Muted,
            size: TICK_SIZE,
            align,
            mono,
        };
        let across = ticks(self.x[0], self.x[1], ((area.width / 70.0) as usize).clamp(2, 10));
        for (tick, words) in across.iter().zip(tick_texts(&across, language)) {
            let at = self.at(*tick, self.y[0]);
            scene.line((at.x, area.y), (at.x, area.y + area.height), grid);
            let at = Point { x: at.x, y: area.y + area.height + 11.0 };
            scene.push(text(at, words, Align::Middle, true));
        }
        let up = ticks(self.y[0], self.y[1], ((area.height / 45.0) as usize).clamp(2, 8));
        for (tick, words) in up.iter().zip(tick_texts(&up, language)) {
            let at = self.at(self.x[0], *tick);
            scene.line((area.x, at.y), (area.x + area.width, at.y), grid);
            scene.push(text(Point { x: area.x - 5.0, y: at.y }, words, Align::End, true));
        }
        let axis = Pen::solid(Ink::Outline, 1.0);
        if self.y[0] < 0.0 && self.y[1] > 0.0 {
            let at = self.at(self.x[0], 0.0);
            scene.line((area.x, at.y), (area.x + area.width, at.y), axis);
        }
        if self.x[0] < 0.0 && self.x[1] > 0.0 {
            let at = self.at(0.0, self.y[0]);
            scene.line((at.x, area.y), (at.x, area.y + area.height), axis);
        }
        scene.push(Draw::Stroke { area, pen: axis });
        let end = Point { x: area.x + area.width, y: self.height - 8.0 };
        scene.push(text(end, names[0].to_owned(), Align::End, false));
        scene.push(text(Point { x: area.x, y: area.y - 11.0 }, names[1].to_owned(), Align::Start, false));
        scene
    }

    /// A curve through points of the axes; where it leaves the frame it is cut off.
    pub fn curve(&self, scene: &mut Scene, points: impl IntoIterator<Item = (f64, f64)>, pen: Pen) {
        let inside = |y: f64| (self.y[0]..=self.y[1]).contains(&y);
        let mut run: Vec<Point> = Vec::new();
        let mut before: Option<(f64, f64)> = None;
        for (x, y) in points {
            if let Some((from_x, from_y)) = before.filter(|(_, from)| from.is_finite() && y.is_finite())
                && inside(from_y) != inside(y)
            {
                // The point on the edge between the two.
                let edge = if from_y.max(y) > self.y[1] { self.y[1] } else { self.y[0] };
                let share = (edge - from_y) / (y - from_y);
                run.push(self.at(from_x + share * (x - from_x), edge));
            }
            if inside(y) {
                run.push(self.at(x, y));
            } else {
                push_run(scene, &mut run, pen);
            }
            before = Some((x, y));
        }
        push_run(scene, &mut run, pen);
    }

    /// Names the curves above the frame, one to a line.
    pub fn name_curves(&self, scene: &mut Scene, names: &[(String, Pen)]) {
        for (idx, (name, pen)) in names.iter().enumerate() {
            let y = 9.0 + idx as f64 * LEGEND_LINE;
            scene.line((LEFT, y), (LEFT + 26.0, y), *pen);
            let at = Point { x: LEFT + 33.0, y };
            let (text, align) = (name.clone(), Align::Start);
            scene.push(Draw::Text { at, text, ink: Ink::Text, size: TICK_SIZE, align, mono: false });
        }
    }

    /// An upright line at `x`.
    pub fn upright(&self, scene: &mut Scene, x: f64, pen: Pen) {
        let area = self.area();
        if (self.x[0]..=self.x[1]).contains(&x) {
            let at = self.at(x, self.y[0]);
            scene.line((at.x, area.y), (at.x, area.y + area.height), pen);
        }
    }

    /// A disc at a point of the axes, moved onto the edge where it lies outside.
    pub fn disc(&self, scene: &mut Scene, x: f64, y: f64, radius: f64, ink: Ink) {
        let at = self.at(x.clamp(self.x[0], self.x[1]), y.clamp(self.y[0], self.y[1]));
        push_disc(scene, at, radius, ink);
    }
}

fn push_run(scene: &mut Scene, run: &mut Vec<Point>, pen: Pen) {
    let points = std::mem::take(run);
    if points.len() > 1 {
        scene.push(Draw::Polyline { points, pen });
    }
}

/// Directions around a circle, in twelfths: cosine and sine.
const AROUND: [(f64, f64); 13] = [
    (1.0, 0.0),
    (0.866, 0.5),
    (0.5, 0.866),
    (0.0, 1.0),
    (-0.5, 0.866),
    (-0.866, 0.5),
    (-1.0, 0.0),
    (-0.866, -0.5),
    (-0.5, -0.866),
    (0.0, -1.0),
    (0.5, -0.866),
    (0.866, -0.5),
    (1.0, 0.0),
];

/// A circle's outline.
pub fn push_ring(scene: &mut Scene, at: Point, radius: f64, pen: Pen) {
    let points = AROUND.iter().map(|(x, y)| Point { x: at.x + x * radius, y: at.y + y * radius }).collect();
    scene.push(Draw::Polyline { points, pen });
}

/// A filled circle: an outline as broad as its radius, half way out.
pub fn push_disc(scene: &mut Scene, at: Point, radius: f64, ink: Ink) {
    push_ring(scene, at, radius / 2.0, Pen::solid(ink, radius));
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Plot = Plot { width: 320.0, height: 240.0, x: [-2.0, 2.0], y: [0.0, 4.0], legend: 1 };

    #[test]
    fn points_and_values_are_each_others_way_back() {
        for (x, y) in [(-2.0, 0.0), (0.5, 1.25), (2.0, 4.0)] {
            let [back_x, back_y] = PLOT.values(PLOT.at(x, y));
            assert!((back_x - x).abs() < 1e-9 && (back_y - y).abs() < 1e-9);
        }
        assert_eq!(PLOT.values(Point { x: -50.0, y: 1e4 }), [-2.0, 0.0]);
    }

    #[test]
    fn a_curve_is_cut_at_the_frame_and_where_it_is_no_number() {
        let mut scene = Scene::new(PLOT.width, PLOT.height);
        let points = (0..=80).map(|idx| f64::from(idx) / 10.0 - 4.0).map(|x| (x, x * x * 2.0));
        PLOT.curve(&mut scene, points, Pen::solid(Ink::Series0, 2.0));
        assert_eq!(scene.draws.len(), 1);
        let Draw::Polyline { points, .. } = &scene.draws[0] else { panic!("no line") };
        assert!(points.iter().all(|point| point.y >= PLOT.area().y - 1e-9));
        assert!((points[0].y - PLOT.area().y).abs() < 1e-9, "it begins at the edge");
        let mut broken = Scene::new(PLOT.width, PLOT.height);
        let points = [(-1.0, 1.0), (-0.5, 1.0), (0.0, f64::NAN), (0.5, 1.0), (1.0, 1.0)];
        PLOT.curve(&mut broken, points, Pen::solid(Ink::Series0, 2.0));
        assert_eq!(broken.draws.len(), 2);
    }

    #[test]
    fn the_frame_names_its_axes_in_the_readers_numbers() {
        let scene = Plot { y: [-0.5, 0.5], ..PLOT }.scene(["x", "y"], Language::Ru);
        let texts: Vec<&str> = scene.texts().collect();
        assert!(texts.contains(&"x") && texts.contains(&"y") && texts.contains(&"−0,5"), "{texts:?}");
    }
}
