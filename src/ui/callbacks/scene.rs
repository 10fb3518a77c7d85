//! A learning rate from epoch to epoch as a staircase.

use crate::ui::locale::Language;
use crate::ui::scene::{Align, Dash, Draw, Ink, Pen, Point, Scene};

/// Rates to draw.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rates {
    /// The rate of each epoch that has one, by rising epoch.
    pub done: Vec<(usize, f64)>,
    /// The rate that a schedule plans for each epoch from 0; may be empty.
    pub planned: Vec<f64>,
    /// Epochs of the whole run.
    pub epochs: usize,
}

const HEIGHT: f64 = 96.0;
const LEFT: f64 = 8.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 18.0;

/// Draws the staircase `width` px wide; the axis begins at 0.
pub fn rate_scene(rates: &Rates, language: Language, width: f64) -> Scene {
    let mut scene = Scene::new(width, HEIGHT);
    let all = || rates.done.iter().map(|(_, rate)| *rate).chain(rates.planned.iter().copied());
    let top = all().filter(|rate| rate.is_finite()).fold(0.0, f64::max);
    let last = rates.done.iter().map(|(epoch, _)| epoch + 1).max().unwrap_or(0);
    let epochs = rates.epochs.max(last).max(1);
    let plot = (width - 2.0 * LEFT, HEIGHT - TOP - BOTTOM);
    let x = |epoch: usize| LEFT + epoch as f64 / epochs as f64 * plot.0;
    let y = |rate: f64| TOP + (1.0 - if top > 0.0 { rate / top } else { 0.0 }) * plot.1;
    let base = TOP + plot.1;
    scene.line((LEFT, base), (LEFT + plot.0, base), Pen::solid(Ink::Outline, 1.0));
    let steps = |values: &[(usize, f64)]| {
        let finite = values.iter().filter(|(_, rate)| rate.is_finite());
        let corners = |(epoch, rate): &(usize, f64)| {
            [Point { x: x(*epoch), y: y(*rate) }, Point { x: x(epoch + 1), y: y(*rate) }]
        };
        finite.flat_map(corners).collect::<Vec<_>>()
    };
    let planned: Vec<(usize, f64)> = rates.planned.iter().copied().enumerate().collect();
    let pen = |ink, width, dash| Pen { ink, width, dash };
    if !planned.is_empty() {
        scene.push(Draw::Polyline { points: steps(&planned), pen: pen(Ink::Muted, 1.5, Dash::Dotted) });
    }
    if !rates.done.is_empty() {
        scene.push(Draw::Polyline { points: steps(&rates.done), pen: pen(Ink::Series1, 2.25, Dash::Solid) });
    }
    let label = |x, y, text, align| Draw::Text {
        at: Point { x, y },
        text,
        ink: Ink::Muted,
        size: 12.0,
        align,
        mono: false,
    };
    scene.push(label(LEFT, 9.0, language.short(top, 8), Align::Start));
    scene.push(label(LEFT, base + 10.0, language.count(1), Align::Start));
    scene.push(label(LEFT + plot.0, base + 10.0, language.count(epochs), Align::End));
    scene
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(scene: &Scene) -> Vec<&[Point]> {
        let polylines = scene.draws.iter().filter_map(|draw| match draw {
            Draw::Polyline { points, .. } => Some(&points[..]),
            _ => None,
        });
        polylines.collect()
    }

    #[test]
    fn a_lower_rate_is_a_lower_step_and_all_stays_inside() {
        let rates = Rates { done: vec![(0, 0.5), (1, 0.25)], planned: vec![0.5, 0.5, 0.1], epochs: 3 };
        let scene = rate_scene(&rates, Language::En, 300.0);
        let lines = lines(&scene);
        let done = lines.last().unwrap();
        assert_eq!(done.len(), 4);
        assert!(done[2].y > done[1].y && (done[1].x - done[2].x).abs() < 1e-9);
        assert!(
            lines
                .iter()
                .flat_map(|line| line.iter())
                .all(|at| (0.0..=300.0).contains(&at.x) && (0.0..=scene.height).contains(&at.y))
        );
        assert!(scene.texts().any(|text| text == "0.5"));
    }

    #[test]
    fn no_rate_and_an_infinite_one_are_no_harm() {
        rate_scene(&Rates::default(), Language::Ru, 200.0);
        let rates = Rates { done: vec![(0, f64::INFINITY), (1, 0.0)], planned: vec![], epochs: 0 };
        let scene = rate_scene(&rates, Language::Ru, 200.0);
        assert!(lines(&scene).iter().flat_map(|line| line.iter()).all(|at| at.y.is_finite()));
    }
}
