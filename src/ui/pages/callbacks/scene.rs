//! The paper: the drawn curve with what is compared on it, a line of signs for each callback, and the
//! learning rate.

use super::setup::Look;
use super::state::TheatreState;
use crate::ui::callbacks::Metric;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};

/// Words of the picture in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperText {
    /// For numbers.
    pub language: Language,
    /// At the end of the epochs' axis.
    pub epoch: String,
    /// Beside the best value.
    pub best: String,
    /// Above the staircase.
    pub rate: String,
}

const LEFT: f64 = 46.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 28.0;
const AXIS: f64 = 30.0;
const LANE: f64 = 42.0;
const RATE: f64 = 74.0;
const TEXT: f64 = 12.0;
/// The least room of a minor sign, in px.
const SIGN: f64 = 11.0;

/// Where the curve is.
#[derive(Clone, Copy)]
struct Plot {
    area: Area,
    epochs: usize,
    top: f64,
}

impl Plot {
    fn of(state: &TheatreState, width: f64) -> Plot {
        let height = (width * 0.42).clamp(190.0, 300.0);
        let area = Area { x: LEFT, y: TOP, width: (width - LEFT - RIGHT).max(1.0), height };
        Plot { area, epochs: state.setup.curve.epochs(), top: state.setup.curve.top() }
    }

    fn step(self) -> f64 {
        self.area.width / self.epochs as f64
    }

    fn x(self, epoch: usize) -> f64 {
        self.area.x + (epoch as f64 + 0.5) * self.step()
    }

    fn y(self, value: f64) -> f64 {
        self.area.y + (1.0 - (value / self.top).clamp(0.0, 1.0)) * self.area.height
    }

    fn right(self) -> f64 {
        self.area.x + self.area.width
    }

    fn bottom(self) -> f64 {
        self.area.y + self.area.height
    }
}

/// The epoch and the value under a point; places beside the curve count as its edge.
pub fn paper_hit(state: &TheatreState, point: Point, width: f64) -> (usize, f64) {
    let plot = Plot::of(state, width);
    let epoch = ((point.x - plot.area.x) / plot.step()).floor().clamp(0.0, (plot.epochs - 1) as f64);
    let share = ((plot.bottom() - point.y) / plot.area.height).clamp(0.0, 1.0);
    (epoch as usize, share * plot.top)
}

/// Whether a point is under the axis, among the signs: to look at, not to draw.
pub fn paper_is_below(state: &TheatreState, point: Point, width: f64) -> bool {
    // A little more than the axis, so that zero is easy to reach.
    point.y > Plot::of(state, width).bottom() + AXIS / 2.0
}

/// Draws the paper `width` px wide.
pub fn paper_scene(state: &TheatreState, look: Look, text: &PaperText, width: f64) -> Scene {
    let plot = Plot::of(state, width);
    let lanes = state.setup.callbacks.len();
    let mut scene = Scene::new(width, plot.bottom() + AXIS + lanes as f64 * LANE + RATE);
    push_axes(&mut scene, plot, state, text);
    push_look(&mut scene, plot, look);
    push_band(&mut scene, plot, state, look, text);
    push_curve(&mut scene, plot, state, look);
    for callback in 0..lanes {
        push_lane(&mut scene, plot, state, look, callback);
    }
    push_rates(&mut scene, plot, state, text, plot.bottom() + AXIS + lanes as f64 * LANE);
    scene
}

fn label(x: f64, y: f64, text: String, ink: Ink, align: Align) -> Draw {
    Draw::Text { at: Point { x, y }, text, ink, size: TEXT, align, mono: false }
}

fn number(state: &TheatreState, value: f64, decimals: usize, language: Language) -> String {
    match state.setup.curve.metric {
        Metric::ValLoss => language.short(value, decimals),
        Metric::ValAccuracy => language.percent(value, decimals.saturating_sub(2)),
    }
}

fn push_axes(scene: &mut Scene, plot: Plot, state: &TheatreState, text: &PaperText) {
    // The top is 1, 2 or 5 times a power of ten, so a fifth of it has one digit.
    for value in (0..=5).map(|part| plot.top * f64::from(part) / 5.0) {
        let y = plot.y(value);
        scene.line((plot.area.x, y), (plot.right(), y), Pen::solid(Ink::Line, 1.0));
        let name = number(state, value, 2, text.language);
        scene.push(label(plot.area.x - 6.0, y, name, Ink::Muted, Align::End));
    }
    let metric = state.setup.curve.metric.name().to_owned();
    scene.push(label(2.0, 9.0, metric, Ink::Muted, Align::Start));
    let pen = Pen::solid(Ink::Outline, 1.5);
    scene.line((plot.area.x, plot.bottom()), (plot.right(), plot.bottom()), pen);
    // Every so many epochs have their number, so that numbers do not touch.
    let every = (26.0 / plot.step()).ceil().max(1.0) as usize;
    for epoch in (0..plot.epochs).filter(|epoch| (epoch + 1).is_multiple_of(every)) {
        let name = text.language.count(epoch + 1);
        scene.push(label(plot.x(epoch), plot.bottom() + 11.0, name, Ink::Muted, Align::Middle));
    }
    scene.push(label(2.0, plot.bottom() + 11.0, text.epoch.clone(), Ink::Muted, Align::Start));
}

/// The epoch that is looked at, from the curve through all lines.
fn push_look(scene: &mut Scene, plot: Plot, look: Look) {
    let half = (plot.step() / 2.0).min(16.0);
    let x = plot.x(look.epoch.min(plot.epochs - 1));
    let area = Area { x: x - half, y: TOP, width: 2.0 * half, height: scene.height - TOP };
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 1.5) });
}

fn push_band(scene: &mut Scene, plot: Plot, state: &TheatreState, look: Look, text: &PaperText) {
    let Some(band) = state.moment(look).and_then(|moment| state.band(moment)) else { return };
    let (best, threshold) = (plot.y(band.best), plot.y(band.threshold));
    let (top, height) = (best.min(threshold), (best - threshold).abs());
    if height >= 1.0 {
        let area = Area { x: plot.area.x, y: top, width: plot.area.width, height };
        scene.push(Draw::Hatch { area, ink: Ink::Hatch, gap: 6.0 });
    }
    let line = |y: f64, dash| {
        let points = vec![Point { x: plot.area.x, y }, Point { x: plot.right(), y }];
        Draw::Polyline { points, pen: Pen { ink: Ink::Series2, width: 1.5, dash } }
    };
    scene.push(line(best, Dash::Solid));
    if height >= 1.0 {
        scene.push(line(threshold, Dash::Dotted));
    }
    let name = format!("{} {}", text.best, number(state, band.best, 4, text.language));
    // Above the line where the curve comes from above, else below it.
    let is_low = best > plot.area.y + plot.area.height / 2.0;
    let y = if is_low { (best + 10.0).min(plot.bottom() - 7.0) } else { best - 9.0 };
    scene.push(label(plot.right() - 4.0, y, name, Ink::Text, Align::End));
}

fn push_curve(scene: &mut Scene, plot: Plot, state: &TheatreState, look: Look) {
    let values = state.setup.curve.values();
    let reached = state.reached();
    let place = |epoch: usize| Point { x: plot.x(epoch), y: plot.y(values[epoch]) };
    let runs = |epochs: std::ops::Range<usize>| {
        let all: Vec<usize> = epochs.collect();
        let split = all.split(|epoch| !values[*epoch].is_finite()).filter(|run| !run.is_empty());
        split.map(|run| run.iter().map(|epoch| place(*epoch)).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    // What comes after the end was drawn, but never happened.
    for points in runs(reached.saturating_sub(1)..values.len()) {
        scene.push(Draw::Polyline { points, pen: Pen { ink: Ink::Muted, width: 1.5, dash: Dash::Dotted } });
    }
    for points in runs(0..reached) {
        scene.push(Draw::Polyline { points, pen: Pen::solid(Ink::Series0, 2.5) });
    }
    for (epoch, value) in values.iter().enumerate() {
        if value.is_nan() {
            let sign = if plot.step() >= 28.0 { "NaN" } else { "×" };
            scene.push(label(plot.x(epoch), plot.area.y + 8.0, sign.to_owned(), Ink::Text, Align::Middle));
            continue;
        }
        let size = if epoch == look.epoch { 5.0 } else { 3.0 };
        let at = place(epoch);
        let area = Area { x: at.x, y: at.y, width: 0.0, height: 0.0 }.grown(size);
        if epoch < reached {
            scene
                .push(Draw::Fill { area, ink: if epoch == look.epoch { Ink::Window } else { Ink::Series0 } });
        } else {
            scene.push(Draw::Fill { area, ink: Ink::Surface });
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Muted, 1.5) });
        }
    }
}

fn push_lane(scene: &mut Scene, plot: Plot, state: &TheatreState, look: Look, callback: usize) {
    let top = plot.bottom() + AXIS + callback as f64 * LANE;
    let Some(spec) = state.setup.callbacks.get(callback) else { return };
    let name = format!("{} {}", callback + 1, spec.class_name());
    scene.push(label(2.0, top + 8.0, name, Ink::Muted, Align::Start));
    let middle = top + 27.0;
    scene.line((plot.area.x, middle + 10.0), (plot.right(), middle + 10.0), Pen::solid(Ink::Line, 1.0));
    for epoch in 0..state.reached() {
        let Some(mark) = state.mark(callback, epoch) else { continue };
        if !mark.is_major && plot.step() < SIGN {
            continue;
        }
        // What is still to come is there, but faint.
        let ink = match (epoch <= look.epoch, mark.is_major) {
            (true, true) => Ink::Window,
            (true, false) => Ink::Text,
            (false, _) => Ink::Outline,
        };
        let (at, align) = (Point { x: plot.x(epoch), y: middle }, Align::Middle);
        scene.push(Draw::Text { at, text: mark.sign, ink, size: 14.0, align, mono: false });
    }
    if let Some(epoch) = state.restored(callback) {
        let half = (plot.step() / 2.0 - 1.0).clamp(4.0, 9.0);
        let area = Area { x: plot.x(epoch), y: middle, width: 0.0, height: 0.0 }.grown(half);
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Series2, 2.0) });
    }
}

fn push_rates(scene: &mut Scene, plot: Plot, state: &TheatreState, text: &PaperText, top: f64) {
    let rates = state.rates();
    scene.push(label(2.0, top + 8.0, text.rate.clone(), Ink::Muted, Align::Start));
    let most = rates.iter().copied().filter(|rate| rate.is_finite()).fold(0.0, f32::max);
    let (base, height) = (top + RATE - 8.0, RATE - 40.0);
    scene.line((plot.area.x, base), (plot.right(), base), Pen::solid(Ink::Outline, 1.0));
    let y = |rate: f32| base - if most > 0.0 { f64::from(rate / most).max(0.0) } else { 0.0 } * height;
    let mut points = Vec::new();
    let mut free_from = 0.0;
    for (epoch, rate) in rates.iter().enumerate().filter(|(_, rate)| rate.is_finite()) {
        let x = plot.area.x + epoch as f64 * plot.step();
        points.extend([Point { x, y: y(*rate) }, Point { x: x + plot.step(), y: y(*rate) }]);
        let is_new = epoch == 0 || rates[epoch - 1].to_bits() != rate.to_bits();
        if is_new && x >= free_from {
            let name = text.language.short(f64::from(*rate), 8);
            let wide = name.chars().count() as f64 * 7.0;
            // Of a late step the number stands before it, where there is room, not beyond the edge.
            let at = x.min(plot.right() - wide);
            if at >= free_from {
                free_from = at + wide + 8.0;
                scene.push(label(at + 1.0, y(*rate) - 8.0, name, Ink::Text, Align::Start));
            }
        }
    }
    if !points.is_empty() {
        scene.push(Draw::Polyline { points, pen: Pen::solid(Ink::Series1, 2.25) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::callbacks::{Course, Curve, callbacks_from_text};
    use crate::ui::pages::callbacks::Setup;

    fn text() -> PaperText {
        let word = |word: &str| word.to_owned();
        PaperText {
            language: Language::Ru,
            epoch: word("эпоха"),
            best: word("лучшее"),
            rate: word("скорость"),
        }
    }

    fn scene(state: &TheatreState, epoch: usize, width: f64) -> Scene {
        paper_scene(state, Look { epoch, moment: None }, &text(), width)
    }

    #[test]
    fn what_is_pressed_is_what_is_drawn() {
        let state = TheatreState::new(Setup::default());
        for width in [300.0, 800.0] {
            let plot = Plot::of(&state, width);
            for (epoch, value) in state.setup.curve.values().iter().enumerate() {
                let (hit, found) = paper_hit(&state, Point { x: plot.x(epoch), y: plot.y(*value) }, width);
                assert!(hit == epoch && (found - value).abs() < 1e-9, "{epoch}: {hit}, {found}");
            }
            assert_eq!(paper_hit(&state, Point { x: -9.0, y: 9e9 }, width), (0, 0.0));
            assert!(paper_is_below(&state, Point { x: 90.0, y: 9e9 }, width));
            assert!(!paper_is_below(&state, Point { x: 90.0, y: plot.y(0.0) }, width));
            let beyond = paper_hit(&state, Point { x: 9e9, y: -9.0 }, width);
            assert_eq!(beyond, (Setup::EPOCHS - 1, plot.top));
        }
    }

    #[test]
    fn every_callback_has_its_line_and_its_signs() {
        let state = TheatreState::new(Setup::default());
        let drawn = scene(&state, 13, 700.0);
        for name in ["1 EarlyStopping", "2 ReduceLROnPlateau", "3 ModelCheckpoint", "4 TerminateOnNaN"] {
            assert!(drawn.texts().any(|text| text == name), "{name}");
        }
        for sign in ["■", "✓", "↓", "●"] {
            assert!(
                drawn.texts().any(|text| text == sign),
                "{sign}: {:?}",
                drawn.texts().collect::<Vec<_>>()
            );
        }
        assert!(drawn.texts().any(|text| text.starts_with("лучшее 0,")));
    }

    #[test]
    fn a_min_delta_is_a_hatched_band_and_none_is_not() {
        let with = |callbacks: &str| {
            let callbacks = callbacks_from_text(callbacks).unwrap();
            TheatreState::new(Setup { callbacks, ..Setup::default() })
        };
        let hatched = |state: &TheatreState| {
            scene(state, 4, 700.0).draws.iter().filter(|draw| matches!(draw, Draw::Hatch { .. })).count()
        };
        assert_eq!(hatched(&with("EarlyStopping~patience-9~min_delta-0.05")), 1);
        assert_eq!(hatched(&with("EarlyStopping~patience-9")), 0);
        assert_eq!(hatched(&with("CSVLogger")), 0);
    }

    #[test]
    fn all_stays_inside_at_every_length_and_width() {
        for (course, epochs, width) in [(Course::Diverges, 60, 280.0), (Course::Noisy, 1, 900.0)] {
            for metric in Metric::ALL {
                let curve = Curve::of(course, metric, epochs);
                let state = TheatreState::new(Setup { curve, ..Setup::default() });
                let drawn = scene(&state, epochs - 1, width);
                for draw in &drawn.draws {
                    let points = match draw {
                        Draw::Polyline { points, .. } => points.clone(),
                        Draw::Text { at, .. } => vec![*at],
                        _ => Vec::new(),
                    };
                    let is_inside =
                        |at: &Point| (0.0..=width).contains(&at.x) && (0.0..=drawn.height).contains(&at.y);
                    assert!(points.iter().all(is_inside), "{draw:?}");
                }
            }
        }
    }
}
