//! Binary cross-entropy beside the squared error, and a loss with its penalty.

use super::binary::{BinaryPoint, BinaryState};
use super::penalty::{PenaltyState, Place};
use super::setup::LossSetup;
use crate::ui::locale::Language;
use crate::ui::plot::{Plot, push_ring};
use crate::ui::scene::{Dash, Ink, Pen, Scene};

const HEIGHT: f64 = 300.0;

/// Names of curves and axes, in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Of the axes: horizontal, vertical.
    pub axes: [String; 2],
    /// Of the curves, in the order they are drawn.
    pub curves: Vec<String>,
}

impl Curves {
    fn axes(&self) -> [&str; 2] {
        [&self.axes[0], &self.axes[1]]
    }

    fn with(&self, pens: &[Pen]) -> Vec<(String, Pen)> {
        self.curves.iter().cloned().zip(pens.iter().copied()).collect()
    }
}

const FIRST: Pen = Pen { ink: Ink::Series0, width: 2.5, dash: Dash::Solid };
const SECOND: Pen = Pen { ink: Ink::Series1, width: 2.5, dash: Dash::Dashed };
const THIRD: Pen = Pen { ink: Ink::Series2, width: 2.5, dash: Dash::Dotted };
const GUIDE: Pen = Pen { ink: Ink::Window, width: 1.5, dash: Dash::Dotted };

/// The axes of the losses over the prediction.
pub fn binary_plot(from_logits: bool, width: f64) -> Plot {
    let x = BinaryState::ends(from_logits).map(f64::from);
    Plot { width, height: HEIGHT, x, y: [0.0, if from_logits { 8.0 } else { 5.0 }], legend: 2 }
}

fn binary_curves(
    state: &BinaryState,
    plot: Plot,
    words: &Curves,
    language: Language,
    of: [fn(&BinaryPoint) -> f32; 2],
) -> Scene {
    let mut scene = plot.scene(words.axes(), language);
    plot.name_curves(&mut scene, &words.with(&[FIRST, SECOND]));
    let at = |point: &BinaryPoint| f64::from(point.at(state.from_logits));
    let now = at(&state.point);
    plot.upright(&mut scene, now, GUIDE);
    for (of, pen) in of.iter().zip([FIRST, SECOND]) {
        let points = state.curve.iter().map(|point| (at(point), f64::from(of(point))));
        plot.curve(&mut scene, points, pen);
    }
    for (of, pen) in of.iter().zip([FIRST, SECOND]) {
        plot.disc(&mut scene, now, f64::from(of(&state.point)), 6.0, pen.ink);
    }
    scene
}

/// Both losses over the prediction, with the point that is looked at.
pub fn binary_scene(state: &BinaryState, words: &Curves, language: Language, width: f64) -> Scene {
    let plot = binary_plot(state.from_logits, width);
    binary_curves(state, plot, words, language, [|point| point.loss, |point| point.squared])
}

/// Both gradients with respect to the logit.
pub fn gradient_scene(state: &BinaryState, words: &Curves, language: Language, width: f64) -> Scene {
    let plot = Plot { y: [-1.1, 1.1], ..binary_plot(state.from_logits, width) };
    binary_curves(state, plot, words, language, [|point| point.of_logit, |point| point.squared_of_logit])
}

/// The axes of the weight.
pub fn penalty_plot(width: f64) -> Plot {
    let x = [f64::from(*LossSetup::WEIGHTS.start()), f64::from(*LossSetup::WEIGHTS.end())];
    Plot { width, height: HEIGHT + 17.0, x, y: [0.0, 12.0], legend: 3 }
}

/// Loss, penalty and their sum over the weight; a ring at the least sum, discs where the weight has been.
pub fn penalty_scene(state: &PenaltyState, words: &Curves, language: Language, width: f64) -> Scene {
    let plot = penalty_plot(width);
    let mut scene = plot.scene(words.axes(), language);
    plot.name_curves(&mut scene, &words.with(&[FIRST, SECOND, THIRD]));
    let parts: [fn(&Place) -> f32; 3] = [|place| place.loss, |place| place.penalty, Place::sum];
    for (of, pen) in parts.into_iter().zip([SECOND, THIRD, FIRST]) {
        let points = state.curve.iter().map(|place| (f64::from(place.weight), f64::from(of(place))));
        plot.curve(&mut scene, points, pen);
    }
    let least = state.minimum.place;
    plot.upright(&mut scene, f64::from(least.weight), GUIDE);
    let at = plot.at(f64::from(least.weight), f64::from(least.sum()).min(plot.y[1]));
    push_ring(&mut scene, at, 8.0, Pen::solid(Ink::Window, 2.0));
    let path = state.path.iter().filter(|place| place.sum().is_finite());
    let spots: Vec<(f64, f64)> =
        path.map(|place| (f64::from(place.weight), f64::from(place.sum()))).collect();
    plot.curve(&mut scene, spots.iter().copied(), Pen::solid(Ink::Muted, 1.0));
    for (idx, (x, y)) in spots.iter().enumerate() {
        let is_last = idx + 1 == spots.len();
        let (radius, ink) = if is_last { (6.5, Ink::Accent) } else { (3.0, Ink::Muted) };
        plot.disc(&mut scene, *x, *y, radius, ink);
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::scene::Draw;

    fn words(count: usize) -> Curves {
        Curves {
            axes: ["x".into(), "y".into()],
            curves: (0..count).map(|idx| format!("curve {idx}")).collect(),
        }
    }

    fn lines(scene: &Scene, pen: Pen) -> usize {
        scene
            .draws
            .iter()
            .filter(|draw| matches!(draw, Draw::Polyline { pen: own, .. } if *own == pen))
            .count()
    }

    #[test]
    fn both_losses_are_drawn_and_named() {
        for from_logits in [false, true] {
            let state = BinaryState::new(&LossSetup { from_logits, ..LossSetup::default() });
            for scene in [
                binary_scene(&state, &words(2), Language::Ru, 320.0),
                gradient_scene(&state, &words(2), Language::Ru, 320.0),
            ] {
                assert!(scene.texts().any(|text| text == "curve 1"));
                // The curve and its sample in the legend.
                assert!(lines(&scene, FIRST) >= 2 && lines(&scene, SECOND) >= 2);
            }
        }
    }

    #[test]
    fn every_step_leaves_its_disc() {
        let discs = |steps| {
            let state = PenaltyState::new(&LossSetup { steps, ..LossSetup::default() });
            let scene = penalty_scene(&state, &words(3), Language::En, 320.0);
            lines(&scene, Pen::solid(Ink::Muted, 3.0))
        };
        assert_eq!((discs(0), discs(7)), (0, 7));
    }

    #[test]
    fn a_descent_that_runs_away_is_still_drawn() {
        let setup = LossSetup { learning_rate: 2.0, steps: 200, ..LossSetup::default() };
        let scene = penalty_scene(&PenaltyState::new(&setup), &words(3), Language::En, 320.0);
        let finite = |draw: &Draw| match draw {
            Draw::Polyline { points, .. } => points.iter().all(|at| at.x.is_finite() && at.y.is_finite()),
            _ => true,
        };
        assert!(scene.draws.iter().all(finite));
    }
}
