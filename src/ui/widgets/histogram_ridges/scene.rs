//! The histograms as steps, the latest in front.

use super::state::RidgesState;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::line_chart::{tick_texts, ticks};

/// Words of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct RidgeText {
    /// The reader's language, for numbers.
    pub language: Language,
    /// What the numbers at the right count.
    pub epoch: String,
}

const TEXT: f64 = 12.0;
const LEFT: f64 = 8.0;
const RIGHT: f64 = 44.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 24.0;
/// Height of the tallest histogram, in px.
const TALLEST: f64 = 56.0;
/// How far one stands before the other, in px.
const STEP: f64 = 16.0;
/// More histograms are not shown.
const MOST: usize = 12;
/// The width, as a share of the axis, of numbers that are all equal.
const NARROWEST: f64 = 0.01;

/// Draws the histograms `width` px wide.
pub fn histogram_ridges(state: &RidgesState, words: &RidgeText, width: f64) -> Scene {
    let shown = state.shown(MOST);
    let rows = shown.len().max(state.planned.min(MOST)).max(1) as f64;
    let height = TOP + TEXT + TALLEST + (rows - 1.0) * STEP + BOTTOM;
    let mut scene = Scene::new(width, height);
    let (low, high) = state.x_range();
    let plot =
        Area { x: LEFT, y: TOP, width: (width - LEFT - RIGHT).max(1.0), height: height - TOP - BOTTOM };
    let place = |x: f64| plot.x + (x - low) / (high - low) * plot.width;
    let base = plot.y + plot.height;

    let densities: Vec<_> = shown.iter().map(|ridge| ridge.densities((high - low) * NARROWEST)).collect();
    let tallest = densities.iter().flatten().map(|(_, _, density)| *density).fold(0.0, f64::max);
    let numbers = ticks(low, high, ((plot.width / 72.0) as usize).clamp(2, 6));
    for (x, text) in numbers.iter().zip(tick_texts(&numbers, words.language)) {
        let x = place(*x);
        scene.line((x, plot.y + TEXT), (x, base + 4.0), Pen::solid(Ink::Line, 1.0));
        // A number at the edge stays in the picture.
        let half = text.chars().count() as f64 * 3.8;
        let at = Point { x: x.clamp(half, (width - half).max(half)), y: base + 14.0 };
        scene.push(Draw::Text { at, text, ink: Ink::Muted, size: TEXT, align: Align::Middle, mono: false });
    }
    let caption = Point { x: width - 2.0, y: TOP };
    let text = words.epoch.clone();
    scene.push(Draw::Text { at: caption, text, ink: Ink::Muted, size: TEXT, align: Align::End, mono: false });

    for (row, (ridge, ranges)) in shown.iter().zip(&densities).enumerate() {
        let ground = base - (rows - 1.0 - row as f64) * STEP;
        let is_last = row + 1 == shown.len();
        let mut outline = Vec::with_capacity(2 * ranges.len() + 2);
        outline.push(Point { x: plot.x, y: ground });
        let begin = ranges.first().map_or(plot.x, |range| place(range.0));
        outline.push(Point { x: begin, y: ground });
        for (from, to, density) in ranges {
            let top = ground - density / tallest.max(f64::MIN_POSITIVE) * TALLEST;
            let (from, to) = (place(*from), place(*to));
            let area = Area { x: from, y: top, width: to - from, height: ground - top };
            scene.push(Draw::Fill { area, ink: Ink::Surface });
            outline.extend([Point { x: from, y: top }, Point { x: to, y: top }]);
        }
        let end = ranges.last().map_or(plot.x, |range| place(range.1));
        outline.extend([Point { x: end, y: ground }, Point { x: plot.x + plot.width, y: ground }]);
        let ink = if is_last { Ink::Series0 } else { Ink::Series3 };
        scene.push(Draw::Polyline {
            points: outline,
            pen: Pen::solid(ink, if is_last { 2.25 } else { 1.25 }),
        });
        let at = Point { x: width - 2.0, y: ground - 5.0 };
        let (text, ink) = (words.language.count(ridge.epochs), if is_last { Ink::Text } else { Ink::Muted });
        scene.push(Draw::Text { at, text, ink, size: TEXT, align: Align::End, mono: false });
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::super::state::Ridge;
    use super::*;

    fn words() -> RidgeText {
        RidgeText { language: Language::Ru, epoch: "эпоха".into() }
    }

    fn state(epochs: usize) -> RidgesState {
        let counts = |epoch: usize| (0..30).map(|idx| (idx * (29 - idx)) as u32 + epoch as u32).collect();
        let ridge = |epochs| {
            let reach = 0.1 + epochs as f64 * 0.05;
            Ridge { epochs, min: -reach, max: reach, counts: counts(epochs), ..Ridge::default() }
        };
        RidgesState { ridges: (0..=epochs).map(ridge).collect(), planned: 0 }
    }

    fn outlines(scene: &Scene) -> Vec<&[Point]> {
        let outline = scene.draws.iter().map(|draw| match draw {
            Draw::Polyline { points, .. } if points.len() > 2 => Some(&points[..]),
            _ => None,
        });
        outline.flatten().collect()
    }

    #[test]
    fn every_epoch_stands_before_the_one_before_and_all_stay_inside() {
        let scene = histogram_ridges(&state(4), &words(), 290.0);
        let outlines = outlines(&scene);
        assert_eq!(outlines.len(), 5);
        assert!(outlines.windows(2).all(|pair| pair[1][0].y > pair[0][0].y));
        let inside = |p: &Point| (0.0..=290.0).contains(&p.x) && (0.0..=scene.height).contains(&p.y);
        assert!(outlines.iter().flat_map(|points| points.iter()).all(inside));
    }

    #[test]
    fn the_picture_keeps_its_size_while_a_planned_run_goes_on() {
        let after = |epochs| RidgesState { planned: 5, ..state(epochs) };
        let scenes: Vec<Scene> =
            (0..5).map(|epochs| histogram_ridges(&after(epochs), &words(), 290.0)).collect();
        let height = |scene: &Scene| scene.height.to_bits();
        assert!(scenes.iter().all(|scene| height(scene) == height(&scenes[0])));
        let ground = |scene: &Scene, row: usize| outlines(scene)[row][0].y;
        assert!(
            scenes[1..].iter().all(|scene| ground(scene, 0).to_bits() == ground(&scenes[0], 0).to_bits())
        );
        assert_eq!(scenes[4], histogram_ridges(&state(4), &words(), 290.0));
        let endless = histogram_ridges(&RidgesState { planned: usize::MAX, ..state(0) }, &words(), 290.0);
        assert_eq!(height(&endless), height(&histogram_ridges(&state(100), &words(), 290.0)));
    }

    #[test]
    fn what_is_spread_wider_is_lower() {
        let scene = histogram_ridges(&state(4), &words(), 290.0);
        let height =
            |points: &[Point]| points[0].y - points.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
        let heights: Vec<f64> = outlines(&scene).into_iter().map(height).collect();
        assert!(heights.windows(2).all(|pair| pair[1] < pair[0]), "{heights:?}");
        assert!((heights[0] - TALLEST).abs() < 1e-6);
    }

    #[test]
    fn many_epochs_are_thinned_and_none_still_make_a_picture() {
        assert_eq!(outlines(&histogram_ridges(&state(100), &words(), 290.0)).len(), MOST);
        let empty = histogram_ridges(&RidgesState::default(), &words(), 290.0);
        assert!(outlines(&empty).is_empty() && empty.height > 0.0);
    }

    #[test]
    fn numbers_that_are_all_equal_have_a_place() {
        let ridge = Ridge { epochs: 0, counts: vec![0, 7], ..Ridge::default() };
        let scene = histogram_ridges(&RidgesState { ridges: vec![ridge], planned: 0 }, &words(), 290.0);
        let points = outlines(&scene)[0];
        assert!(points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
    }
}
