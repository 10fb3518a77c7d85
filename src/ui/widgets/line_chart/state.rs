//! The points of each curve, and the numbers an axis shows.

use crate::ui::scene::Dash;

/// What a curve measures; told apart by dash and marks as well as by colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Role {
    /// On the images the network learns from: an unbroken line.
    #[default]
    Training,
    /// On images kept aside: a dashed line with marks.
    Validation,
    /// Anything else: a dotted line.
    Other,
}

impl Role {
    /// How the curve's line is broken.
    pub fn dash(self) -> Dash {
        match self {
            Role::Training => Dash::Solid,
            Role::Validation => Dash::Dashed,
            Role::Other => Dash::Dotted,
        }
    }
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Series {
    /// Its name, already in the reader's language.
    pub label: String,
    /// What it measures.
    pub role: Role,
    /// Points by rising x; a y that is not finite is a gap.
    pub points: Vec<(f64, f64)>,
}

/// All curves of one chart.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LineChartState {
    /// The curves, in the order of their colours.
    pub series: Vec<Series>,
    /// A fixed range of the y axis; without it the points decide.
    pub y_range: Option<(f64, f64)>,
    /// The x axis reaches at least this far, so that a running curve does not rescale it.
    pub x_end: Option<f64>,
}

impl LineChartState {
    /// Whether no curve has a point yet.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }

    /// The range of x: from zero or the first point to the last or the promised end.
    pub fn x_range(&self) -> (f64, f64) {
        let xs = || self.series.iter().flat_map(|series| &series.points).map(|point| point.0);
        let low = xs().fold(0.0, f64::min);
        let high = xs().fold(self.x_end.unwrap_or(low), f64::max);
        (low, if high > low { high } else { low + 1.0 })
    }

    /// The range of y: given, or from the points, with zero in it for curves that stay above.
    pub fn y_range(&self) -> (f64, f64) {
        if let Some(range) = self.y_range {
            return range;
        }
        let ys =
            || self.series.iter().flat_map(|series| &series.points).map(|p| p.1).filter(|y| y.is_finite());
        let low = ys().fold(0.0, f64::min);
        let high = ys().fold(low, f64::max);
        (low, if high > low { high } else { low + 1.0 })
    }

    /// Every x that has a point, rising, at most `limit` of them, evenly thinned; the last one stays.
    pub fn table_xs(&self, limit: usize) -> Vec<f64> {
        let mut xs: Vec<f64> = self.series.iter().flat_map(|s| &s.points).map(|point| point.0).collect();
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        if xs.len() <= limit || limit < 2 {
            return xs;
        }
        (0..limit).map(|idx| xs[idx * (xs.len() - 1) / (limit - 1)]).collect()
    }
}

impl Series {
    /// The curve's value exactly at `x`, if it has one.
    pub fn at(&self, x: f64) -> Option<f64> {
        let idx = self.points.partition_point(|point| point.0 < x);
        self.points.get(idx).filter(|point| (point.0 - x).abs() < 1e-9).map(|point| point.1)
    }
}

/// Round numbers that cut a range into about `wanted` parts: steps of 1, 2 or 5 times a power of ten.
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let rough = (high - low) / wanted.max(1) as f64;
    if !rough.is_finite() || rough <= 0.0 {
        return vec![low];
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|unit| unit * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|idx| idx as f64 * step).collect()
}

/// Digits after the point that tell neighbouring ticks apart.
pub fn tick_decimals(ticks: &[f64]) -> usize {
    let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if step.is_finite() { (-step.log10().floor()).clamp(0.0, 6.0) as usize } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: &[(f64, f64)]) -> LineChartState {
        let series = Series { points: points.to_vec(), ..Series::default() };
        LineChartState { series: vec![series], ..LineChartState::default() }
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        let small = ticks(0.03, 0.29, 4);
        assert_eq!(small.len(), 2, "{small:?}");
        assert_eq!(tick_decimals(&small), 1);
        assert_eq!(ticks(3.0, 3.0, 4), [3.0]);
    }

    #[test]
    fn an_empty_chart_still_has_a_range() {
        let empty = LineChartState { x_end: Some(5.0), ..LineChartState::default() };
        assert!(empty.is_empty());
        assert_eq!((empty.x_range(), empty.y_range()), ((0.0, 5.0), (0.0, 1.0)));
    }

    #[test]
    fn a_loss_that_is_not_finite_does_not_set_the_scale() {
        let broken = chart(&[(1.0, 2.3), (2.0, f64::NAN), (3.0, f64::INFINITY)]);
        assert_eq!(broken.y_range(), (0.0, 2.3));
    }

    #[test]
    fn a_long_table_is_thinned_and_keeps_its_ends() {
        let points: Vec<_> = (0..1000).map(|x| (f64::from(x), 0.0)).collect();
        let xs = chart(&points).table_xs(100);
        assert_eq!((xs.len(), xs[0], xs[99]), (100, 0.0, 999.0));
        assert_eq!(chart(&points).series[0].at(17.0), Some(0.0));
        assert_eq!(chart(&points).series[0].at(17.5), None);
    }
}
