//! The points of each curve, and how curves are told apart.

use crate::ui::scene::{Dash, Ink};

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

/// The sign that is put on a curve here and there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Marker {
    /// No sign.
    #[default]
    None,
    /// ■
    Square,
    /// ◇
    Diamond,
    /// △
    Triangle,
    /// ×
    Cross,
    /// +
    Plus,
    /// ▽
    Down,
    /// ✳
    Star,
    /// □
    Frame,
}

/// How a curve is drawn. No two of the first twenty runs look alike, whatever colours one sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineStyle {
    /// Its colour.
    pub ink: Ink,
    /// How its line is broken.
    pub dash: Dash,
    /// Its sign.
    pub marker: Marker,
}

impl LineStyle {
    /// The curves of a single run.
    pub fn of_role(role: Role) -> LineStyle {
        let (ink, marker) = match role {
            Role::Training => (Ink::Series0, Marker::None),
            Role::Validation => (Ink::Series1, Marker::Square),
            Role::Other => (Ink::Series2, Marker::None),
        };
        LineStyle { ink, dash: role.dash(), marker }
    }

    /// The curves of one of several runs: colour and sign are the run's, the dash is the role's.
    pub fn of_run(run: usize, role: Role) -> LineStyle {
        const MARKERS: [Marker; 5] =
            [Marker::Square, Marker::Diamond, Marker::Triangle, Marker::Cross, Marker::Plus];
        LineStyle { ink: Ink::series(run), dash: role.dash(), marker: MARKERS[run % MARKERS.len()] }
    }
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Series {
    /// Its name, already in the reader's language; no other curve of the chart has it.
    pub label: String,
    /// What it measures.
    pub role: Role,
    /// How it is drawn, if not as its role alone says.
    pub style: Option<LineStyle>,
    /// Points by rising x; a y that is not finite is a gap.
    pub points: Vec<(f64, f64)>,
}

/// Something that happened at an x.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ChartMark {
    /// Where.
    pub x: f64,
    /// Its short name, such as its number in a list.
    pub label: String,
}

/// All curves of one chart.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LineChartState {
    /// The curves, in the order of the legend.
    pub series: Vec<Series>,
    /// A fixed range of the y axis while all of x is shown; without it the points decide.
    pub y_range: Option<(f64, f64)>,
    /// The x axis reaches at least this far, so that a running curve does not rescale it.
    pub x_end: Option<f64>,
    /// What happened, by rising x.
    pub marks: Vec<ChartMark>,
    /// Whether whole numbers of x are the ends of epochs, marked by faint lines.
    pub epoch_lines: bool,
}

/// Lends the curves to a reader.
#[cfg(feature = "ui")]
pub type Lend = Box<dyn Fn(&mut dyn FnMut(&LineChartState)) + Send + Sync>;

/// What a reader makes of lent curves; nothing if none are lent.
#[cfg(feature = "ui")]
pub fn lent<T>(with: &Lend, read: impl FnOnce(&LineChartState) -> T) -> Option<T> {
    let (mut read, mut out) = (Some(read), None);
    with(&mut |state| out = read.take().map(|read| read(state)));
    out
}

impl LineChartState {
    /// Whether no curve has a point yet.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }

    /// The range of x: from zero or the first point to the last or the promised end.
    pub fn x_range(&self) -> (f64, f64) {
        let ends = || self.series.iter().flat_map(|series| [series.points.first(), series.points.last()]);
        let xs = || ends().flatten().map(|point| point.0);
        let low = xs().fold(0.0, f64::min);
        let high = xs().fold(self.x_end.unwrap_or(low), f64::max);
        (low, if high > low { high } else { low + 1.0 })
    }

    /// Every x that has a point, rising, at most `limit` of them, evenly thinned; the last one stays.
    pub fn table_xs(&self, limit: usize) -> Vec<f64> {
        let xs = self.xs();
        if xs.len() <= limit || limit < 2 {
            return xs;
        }
        (0..limit).map(|idx| xs[idx * (xs.len() - 1) / (limit - 1)]).collect()
    }

    /// Every x that has a point, rising.
    pub fn xs(&self) -> Vec<f64> {
        let mut xs: Vec<f64> = self.series.iter().flat_map(|s| &s.points).map(|point| point.0).collect();
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        xs
    }

    /// The chart's numbers as a file: one line for each x, nothing where a curve has no point.
    pub fn csv(&self, x_name: &str) -> String {
        let field = |text: &str| {
            if text.contains([',', '"', '\n']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text.to_owned()
            }
        };
        let mut out = field(x_name);
        for series in &self.series {
            out.push(',');
            out.push_str(&field(&series.label));
        }
        out.push('\n');
        for x in self.xs() {
            out.push_str(&x.to_string());
            for series in &self.series {
                out.push(',');
                out.push_str(&series.at(x).map_or(String::new(), |y| y.to_string()));
            }
            out.push('\n');
        }
        out
    }
}

impl Series {
    /// How it is drawn.
    pub fn line_style(&self) -> LineStyle {
        self.style.unwrap_or_else(|| LineStyle::of_role(self.role))
    }

    /// The curve's value exactly at `x`, if it has one.
    pub fn at(&self, x: f64) -> Option<f64> {
        at(&self.points, x)
    }
}

/// The value exactly at `x`, if there is one.
pub fn at(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let idx = points.partition_point(|point| point.0 < x - 1e-9);
    points.get(idx).filter(|point| (point.0 - x).abs() < 1e-9).map(|point| point.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: &[(f64, f64)]) -> LineChartState {
        let series = Series { label: "a".into(), points: points.to_vec(), ..Series::default() };
        LineChartState { series: vec![series], ..LineChartState::default() }
    }

    #[test]
    fn an_empty_chart_still_has_a_range() {
        let empty = LineChartState { x_end: Some(5.0), ..LineChartState::default() };
        assert!(empty.is_empty());
        assert_eq!(empty.x_range(), (0.0, 5.0));
        assert_eq!(LineChartState::default().x_range(), (0.0, 1.0));
    }

    #[test]
    fn a_long_table_is_thinned_and_keeps_its_ends() {
        let points: Vec<_> = (0..1000).map(|x| (f64::from(x), 0.0)).collect();
        let xs = chart(&points).table_xs(100);
        assert_eq!((xs.len(), xs[0], xs[99]), (100, 0.0, 999.0));
        assert_eq!(chart(&points).series[0].at(17.0), Some(0.0));
        assert_eq!(chart(&points).series[0].at(17.5), None);
    }

    #[test]
    fn a_file_has_a_line_for_each_x_and_leaves_out_what_is_not_there() {
        let mut chart = chart(&[(0.5, 2.0), (1.0, 1.0)]);
        chart.series.push(Series { label: "b, c".into(), points: vec![(1.0, 0.25)], ..Series::default() });
        assert_eq!(chart.csv("epoch"), "epoch,a,\"b, c\"\n0.5,2,\n1,1,0.25\n");
    }

    #[test]
    fn twenty_runs_differ_in_more_than_their_colour() {
        let styles: Vec<_> = (0..20).map(|run| LineStyle::of_run(run, Role::Training)).collect();
        for (idx, style) in styles.iter().enumerate() {
            assert!(styles[..idx].iter().all(|before| before != style), "run {idx}");
        }
        let (training, validation) =
            (LineStyle::of_run(3, Role::Training), LineStyle::of_run(3, Role::Validation));
        assert!(training.dash != validation.dash && training.ink == validation.ink);
        assert!((0..4).all(|run| LineStyle::of_run(run, Role::Training).marker
            != LineStyle::of_run(run + 1, Role::Training).marker));
    }
}
