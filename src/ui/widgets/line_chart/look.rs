//! How the reader wants to see a chart: smoothed, on a logarithmic axis, from here to there, without
//! some of its curves; and what is read off it at one x.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::smoothing::smoothed;
use super::state::{LineChartState, LineStyle, Role, Series, at};

/// The narrowest window, as a share of all there is.
const NARROWEST: f64 = 1.0 / 5_000.0;

/// A range of x.
pub type Window = (f64, f64);

/// What the reader chose.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Look {
    /// The weight of what came before, 0 (nothing is smoothed) up to
    /// [`MOST_SMOOTHING`](super::smoothing::MOST_SMOOTHING). Validation curves are never smoothed: they
    /// have one value an epoch.
    pub smoothing: f64,
    /// Whether y is logarithmic; what is not above 0 is then a gap.
    pub log_y: bool,
    /// Which x are shown; all, if nothing is said.
    pub window: Option<Window>,
    /// Names of curves that are hidden.
    pub hidden: BTreeSet<String>,
    /// The averages, if they are known already: a pointer that moves should not smooth everything again.
    pub averages: Option<Arc<Averages>>,
}

/// The averaged points of every curve of a chart.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Averages {
    weight: f64,
    /// None of a curve that is never smoothed.
    curves: Vec<Vec<(f64, f64)>>,
}

impl Averages {
    /// Smooths what is smoothed at all with this weight.
    pub fn of(state: &LineChartState, weight: f64) -> Averages {
        let average = |series: &Series| {
            if is_smoothed(series, weight) { smoothed(&series.points, weight) } else { Vec::new() }
        };
        Averages { weight, curves: state.series.iter().map(average).collect() }
    }

    /// What was made of these points, if they are those that it was made of.
    fn of_curve(&self, idx: usize, series: &Series, weight: f64) -> Option<&[(f64, f64)]> {
        let points = self.curves.get(idx).filter(|_| self.weight.to_bits() == weight.to_bits())?;
        let is_same =
            |at: Option<&(f64, f64)>, of: Option<&(f64, f64)>| at.map(|it| it.0) == of.map(|it| it.0);
        let are_same = points.len() == series.points.len() && is_same(points.last(), series.points.last());
        are_same.then_some(points)
    }
}

/// Validation curves have one value an epoch, and stay as they are.
fn is_smoothed(series: &Series, weight: f64) -> bool {
    weight > 0.0 && series.role != Role::Validation
}

/// A curve as it is drawn.
pub struct Curve<'a> {
    /// The curve.
    pub series: &'a Series,
    /// How it is told apart.
    pub style: LineStyle,
    /// Its points, smoothed where that is wanted.
    pub shown: Cow<'a, [(f64, f64)]>,
    /// Whether the shown points are not the measured ones.
    pub is_smoothed: bool,
}

/// One curve's value at an x.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The curve's name.
    pub label: String,
    /// The value that is drawn.
    pub shown: f64,
    /// The measured one, where another is drawn.
    pub measured: Option<f64>,
}

/// What is read off at one x.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Readout {
    /// Where.
    pub x: f64,
    /// Of every curve that has begun by then, its last value.
    pub readings: Vec<Reading>,
    /// Positions in [`LineChartState::marks`] of what happened there.
    pub marks: Vec<usize>,
}

impl Look {
    /// The curves that are not hidden.
    pub fn curves<'a>(&'a self, state: &'a LineChartState) -> Vec<Curve<'a>> {
        let all = state.series.iter().enumerate();
        let visible = all.filter(|(_, series)| !self.hidden.contains(&series.label));
        let curve = |(idx, series): (usize, &'a Series)| {
            let is_smoothed = is_smoothed(series, self.smoothing);
            let known = || self.averages.as_ref()?.of_curve(idx, series, self.smoothing);
            let shown = match is_smoothed.then(known) {
                None => Cow::Borrowed(&series.points[..]),
                Some(Some(known)) => Cow::Borrowed(known),
                Some(None) => Cow::Owned(smoothed(&series.points, self.smoothing)),
            };
            Curve { series, style: series.line_style(), shown, is_smoothed }
        };
        visible.map(curve).collect()
    }

    /// Which x are shown.
    pub fn x_range(&self, state: &LineChartState) -> Window {
        self.window.unwrap_or_else(|| state.x_range())
    }

    /// The x of the nearest point of the curve that has most of them.
    pub fn nearest(&self, state: &LineChartState, x: f64) -> Option<f64> {
        self.stepped(state, x, 0)
    }

    /// The x that lies so many points further on the curve that has most of them, and stays in view.
    pub fn stepped(&self, state: &LineChartState, x: f64, by: isize) -> Option<f64> {
        let range = self.x_range(state);
        let visible = state.series.iter().filter(|series| !self.hidden.contains(&series.label));
        let points = visible.map(|series| within(&series.points, range)).max_by_key(|points| points.len())?;
        let last = points.len().checked_sub(1)?;
        let after = points.partition_point(|point| point.0 < x).min(last);
        let is_before_nearer = after > 0 && (x - points[after - 1].0) < (points[after].0 - x).abs();
        let nearest = if is_before_nearer { after - 1 } else { after };
        Some(points[nearest.saturating_add_signed(by).min(last)].0)
    }

    /// Everything at one x.
    pub fn readout(&self, state: &LineChartState, x: f64) -> Readout {
        let reading = |curve: &Curve| {
            let idx = curve.shown.partition_point(|point| point.0 <= x + 1e-9).checked_sub(1)?;
            let measured = curve.is_smoothed.then(|| curve.series.points[idx].1);
            Some(Reading { label: curve.series.label.clone(), shown: curve.shown[idx].1, measured })
        };
        let readings = self.curves(state).iter().filter_map(reading).collect();
        // What happened since the point before belongs to this one.
        let before = self.stepped(state, x, -1).filter(|before| *before < x).unwrap_or(f64::NEG_INFINITY);
        let is_here = |mark: f64| (mark > before + 1e-9 && mark <= x + 1e-9) || (mark - x).abs() < 1e-9;
        let marks = state.marks.iter().enumerate().filter(|(_, mark)| is_here(mark.x));
        Readout { x, readings, marks: marks.map(|(idx, _)| idx).collect() }
    }
}

/// The points whose x lie in a range, ends included.
pub fn within(points: &[(f64, f64)], (low, high): Window) -> &[(f64, f64)] {
    let begin = points.partition_point(|point| point.0 < low - 1e-9);
    let end = points.partition_point(|point| point.0 <= high + 1e-9);
    &points[begin..end.max(begin)]
}

/// What is drawn of a curve exactly at an x.
pub fn shown_at(curve: &Curve, x: f64) -> Option<f64> {
    at(&curve.shown, x).filter(|y| y.is_finite())
}

/// The window `factor` times as wide around `about`, which stays where it is; all, when it would be wider.
pub fn zoomed(window: Window, full: Window, factor: f64, about: f64) -> Option<Window> {
    let about = about.clamp(window.0, window.1);
    let (low, high) = (about - (about - window.0) * factor, about + (window.1 - about) * factor);
    fitted((low, high), full)
}

/// The window moved by a share of its width; stays inside of what there is.
pub fn moved(window: Window, full: Window, by: f64) -> Option<Window> {
    let by = by * (window.1 - window.0);
    fitted((window.0 + by, window.1 + by), full)
}

/// A window of at least the least width inside of what there is; none when that is all.
pub fn fitted((low, high): Window, full: Window) -> Option<Window> {
    let all = full.1 - full.0;
    let width = (high - low).max(all * NARROWEST);
    if width >= all * 0.9999 {
        return None;
    }
    let low = low.clamp(full.0, full.1 - width);
    Some((low, low + width))
}

#[cfg(test)]
mod tests {
    use super::super::state::ChartMark;
    use super::*;

    fn chart() -> LineChartState {
        let training: Vec<_> = (1..=40).map(|x| (f64::from(x) * 0.1, 10.0 / f64::from(x))).collect();
        let validation = (1..=4).map(|x| (f64::from(x), f64::from(x))).collect();
        let series = |label: &str, role, points| Series { label: label.into(), role, points, style: None };
        LineChartState {
            series: vec![series("t", Role::Training, training), series("v", Role::Validation, validation)],
            marks: vec![ChartMark { x: 2.0, label: "1".into() }],
            ..LineChartState::default()
        }
    }

    #[test]
    fn a_reading_has_the_last_value_of_every_curve_and_what_happened() {
        let look = Look { smoothing: 0.5, ..Look::default() };
        let got = look.readout(&chart(), 2.0);
        assert_eq!(got.readings.len(), 2);
        assert_eq!((got.readings[0].measured, got.readings[1].shown), (Some(0.5), 2.0));
        assert_eq!((got.readings[1].measured, got.marks), (None, vec![0]));
        let early = look.readout(&chart(), 0.5);
        assert_eq!((early.readings.len(), early.marks), (1, Vec::new()), "validation has not begun");
    }

    #[test]
    fn known_averages_are_taken_and_those_of_other_points_are_not() {
        let (state, look) = (chart(), Look { smoothing: 0.5, ..Look::default() });
        let with = |weight: f64| {
            let averages = Some(Arc::new(Averages::of(&state, weight)));
            Look { averages, ..look.clone() }
        };
        let shown = |look: &Look, state: &LineChartState| -> Vec<(Vec<(f64, f64)>, bool)> {
            let owned = |curve: &Curve| (curve.shown.to_vec(), matches!(curve.shown, Cow::Owned(_)));
            look.curves(state).iter().map(owned).collect()
        };
        let plain = shown(&look, &state);
        assert!(plain[0].1 && !plain[1].1);
        let known = shown(&with(0.5), &state);
        assert_eq!((&known[0].0, known[0].1, &known[1].0), (&plain[0].0, false, &plain[1].0));
        assert!(look.curves(&state)[0].is_smoothed && !look.curves(&state)[1].is_smoothed);
        // Another weight, or points that have come since.
        assert_eq!(shown(&with(0.9), &state), plain);
        let mut longer = state.clone();
        longer.series[0].points.push((4.1, 7.0));
        assert_eq!(shown(&with(0.5), &longer), shown(&look, &longer));
    }

    #[test]
    fn steps_go_from_point_to_point_and_stay_in_view() {
        let look = Look { window: Some((1.0, 2.0)), ..Look::default() };
        let near = |x: Option<f64>, expected: f64| assert!((x.unwrap() - expected).abs() < 1e-9, "{x:?}");
        near(look.nearest(&chart(), 1.34), 1.3);
        near(look.stepped(&chart(), 1.3, 1), 1.4);
        near(look.stepped(&chart(), 1.0, -1), 1.0);
        near(look.stepped(&chart(), 1.9, 20), 2.0);
        assert_eq!(look.nearest(&LineChartState::default(), 1.0), None);
    }

    #[test]
    fn hidden_curves_are_neither_drawn_nor_read() {
        let look = Look { hidden: BTreeSet::from(["t".to_owned()]), ..Look::default() };
        assert_eq!(look.curves(&chart()).len(), 1);
        assert_eq!(look.readout(&chart(), 3.0).readings[0].label, "v");
        assert_eq!(look.nearest(&chart(), 1.3), Some(1.0));
    }

    #[test]
    fn a_zoom_keeps_its_middle_and_ends_at_what_there_is() {
        let full = (0.0, 10.0);
        assert_eq!(zoomed(full, full, 0.5, 5.0), Some((2.5, 7.5)));
        assert_eq!(zoomed((2.5, 7.5), full, 0.5, 2.5), Some((2.5, 5.0)));
        assert_eq!(zoomed((2.5, 7.5), full, 4.0, 5.0), None);
        assert_eq!(moved((2.0, 4.0), full, -5.0), Some((0.0, 2.0)));
        assert_eq!(moved((2.0, 4.0), full, 0.5), Some((3.0, 5.0)));
        let narrow = fitted((3.0, 3.0), full).unwrap();
        assert!(narrow.1 > narrow.0);
    }
}
