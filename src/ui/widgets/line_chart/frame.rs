//! Where a chart's numbers lie in its picture.

use super::axis::{log_tick_texts, log_ticks, tick_texts, ticks};
use super::look::{Curve, Look, Window, within};
use super::scene::ChartText;
use super::state::LineChartState;
use crate::ui::scene::{Area, Point};

/// Size of numbers, in px.
pub const TEXT: f64 = 13.0;
/// A digit's width at [`TEXT`], on the generous side.
const DIGIT: f64 = 8.2;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 44.0;
const RIGHT: f64 = 14.0;
/// Free room above and below the curves of a window, as a share of their height.
const MARGIN: f64 = 0.06;

/// The plot in the picture and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Size of the picture, in px.
    pub width: f64,
    /// See [`Frame::width`].
    pub height: f64,
    /// The plot in it.
    pub plot: Area,
    /// Which x.
    pub x: Window,
    /// Which y; their decimal logarithms where [`Frame::log`].
    pub y: Window,
    /// Whether y is logarithmic.
    pub log: bool,
    /// Numbers on the y axis.
    pub y_ticks: Vec<(f64, String)>,
    /// Numbers on the x axis.
    pub x_ticks: Vec<(f64, String)>,
}

impl Frame {
    /// The frame of a picture `width` px wide.
    pub fn new(
        state: &LineChartState,
        curves: &[Curve],
        look: &Look,
        words: &ChartText,
        width: f64,
    ) -> Frame {
        let height = (width * 0.6).clamp(200.0, 340.0);
        let (x, log) = (look.x_range(state), look.log_y);
        let y = y_range(state, curves, look, x);
        let numbers = if log { log_ticks(10f64.powf(y.0), 10f64.powf(y.1), 5) } else { ticks(y.0, y.1, 5) };
        let texts = y_texts(&numbers, words, log);
        let widest = texts.iter().map(|text| text.chars().count()).max().unwrap_or(1);
        let left = widest as f64 * DIGIT + 12.0;
        let plot =
            Area { x: left, y: TOP, width: (width - left - RIGHT).max(1.0), height: height - TOP - BOTTOM };
        let x_ticks = x_ticks(x, plot.width, words, state.epoch_lines);
        Frame { width, height, plot, x, y, log, y_ticks: numbers.into_iter().zip(texts).collect(), x_ticks }
    }

    /// Whether a value has a place on the y axis.
    pub fn takes(&self, y: f64) -> bool {
        y.is_finite() && (!self.log || y > 0.0)
    }

    /// Where a point lies; what is above or below lies on the edge.
    pub fn place(&self, x: f64, y: f64) -> Point {
        let y = if self.log { y.log10() } else { y };
        let y = y.clamp(self.y.0, self.y.1);
        Point {
            x: self.x_place(x),
            y: self.plot.y + (self.y.1 - y) / (self.y.1 - self.y.0) * self.plot.height,
        }
    }

    /// Where an x lies, in px from the left.
    pub fn x_place(&self, x: f64) -> f64 {
        self.plot.x + (x - self.x.0) / (self.x.1 - self.x.0) * self.plot.width
    }

    /// Which x lies so many px from the left; at the edges what is nearest.
    pub fn x_at(&self, place: f64) -> f64 {
        let share = ((place - self.plot.x) / self.plot.width).clamp(0.0, 1.0);
        self.x.0 + share * (self.x.1 - self.x.0)
    }

    /// The lower edge of the plot.
    pub fn base(&self) -> f64 {
        self.plot.y + self.plot.height
    }
}

/// While all is shown, zero belongs to it, so that heights can be compared; a window is for details.
fn y_range(state: &LineChartState, curves: &[Curve], look: &Look, x: Window) -> Window {
    if let (Some(range), None, false) = (state.y_range, look.window, look.log_y) {
        return range;
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut add = |points: &[(f64, f64)]| {
        for (_, y) in within(points, x) {
            if y.is_finite() && (!look.log_y || *y > 0.0) {
                (low, high) = (low.min(*y), high.max(*y));
            }
        }
    };
    for curve in curves {
        add(&curve.shown);
        if curve.is_smoothed {
            add(&curve.series.points);
        }
    }
    if look.log_y {
        let (low, high) = if low > high { (0.1, 1.0) } else { (low, high) };
        let (low, high) = (low.log10(), high.log10());
        let margin = ((high - low) * MARGIN).max(0.02);
        return (low - margin, high + margin);
    }
    if low > high {
        return state.y_range.unwrap_or((0.0, 1.0));
    }
    if look.window.is_none() {
        let (low, high) = (low.min(0.0), high.max(0.0));
        return (low, if high > low { high } else { low + 1.0 });
    }
    // What never changes is shown in the middle.
    let margin = if high > low { (high - low) * MARGIN } else { high.abs().max(1e-6) * 0.5 };
    (low - margin, high + margin)
}

fn y_texts(numbers: &[f64], words: &ChartText, log: bool) -> Vec<String> {
    let percents: Vec<f64> = numbers.iter().map(|y| y * 100.0).collect();
    let (numbers, unit) = if words.y_percent {
        (&percents[..], words.language.percent(0.0, 0).split_off(1))
    } else {
        (numbers, String::new())
    };
    let texts =
        if log { log_tick_texts(numbers, words.language) } else { tick_texts(numbers, words.language) };
    texts.into_iter().map(|text| text + &unit).collect()
}

/// As many numbers as there is room for. Of several epochs each is a whole one.
fn x_ticks(x: Window, width: f64, words: &ChartText, are_epochs: bool) -> Vec<(f64, String)> {
    let most = ((width / 48.0) as usize).clamp(2, 10);
    let wanted = |wanted| {
        let numbers = ticks(x.0, x.1, wanted);
        let texts = tick_texts(&numbers, words.language);
        let widest = texts.iter().map(|text| text.chars().count()).max().unwrap_or(1) as f64 * DIGIT;
        let step = numbers.windows(2).map(|pair| pair[1] - pair[0]).fold(x.1 - x.0, f64::min);
        let is_whole = !are_epochs || x.1 - x.0 < 2.0 || step >= 1.0;
        let has_room = width / (x.1 - x.0) * step >= widest + 10.0;
        (is_whole && has_room || wanted == 1).then(|| numbers.into_iter().zip(texts).collect())
    };
    (1..=most).rev().find_map(wanted).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::state::Series;
    use super::*;
    use crate::ui::locale::Language;

    fn words(y_percent: bool) -> ChartText {
        ChartText { language: Language::Ru, x_label: "эпоха".into(), y_label: String::new(), y_percent }
    }

    fn chart(points: Vec<(f64, f64)>) -> LineChartState {
        let series = vec![Series { label: "a".into(), points, ..Series::default() }];
        LineChartState { series, ..LineChartState::default() }
    }

    fn frame(state: &LineChartState, look: &Look, width: f64) -> Frame {
        Frame::new(state, &look.curves(state), look, &words(false), width)
    }

    #[test]
    fn a_loss_that_is_not_finite_does_not_set_the_scale() {
        let broken = chart(vec![(1.0, 2.3), (2.0, f64::NAN), (3.0, f64::INFINITY)]);
        assert_eq!(frame(&broken, &Look::default(), 400.0).y, (0.0, 2.3));
        let nothing = chart(vec![(1.0, f64::NAN)]);
        assert_eq!(frame(&nothing, &Look::default(), 400.0).y, (0.0, 1.0));
    }

    #[test]
    fn zero_belongs_to_what_is_negative_as_well() {
        let cosine = chart(vec![(1.0, -0.5), (2.0, -0.75)]);
        assert_eq!(frame(&cosine, &Look::default(), 400.0).y, (-0.75, 0.0));
        let nothing = chart(vec![(1.0, 0.0)]);
        assert_eq!(frame(&nothing, &Look::default(), 400.0).y, (0.0, 1.0));
    }

    #[test]
    fn a_window_shows_its_own_heights() {
        let state = chart(vec![(0.0, 9.0), (1.0, 0.2), (2.0, 0.1)]);
        let all = frame(&state, &Look::default(), 400.0);
        assert_eq!(all.y, (0.0, 9.0));
        let part = frame(&state, &Look { window: Some((0.5, 2.0)), ..Look::default() }, 400.0);
        assert!(part.y.0 > 0.08 && part.y.1 < 0.22, "{:?}", part.y);
    }

    #[test]
    fn a_logarithmic_axis_leaves_out_what_has_no_place_on_it() {
        let state = chart(vec![(0.0, 0.0), (1.0, 0.01), (2.0, 1.0)]);
        let frame = frame(&state, &Look { log_y: true, ..Look::default() }, 400.0);
        assert!(!frame.takes(0.0) && frame.takes(0.01));
        assert!(frame.y.0 < -2.0 && frame.y.0 > -2.5);
        let middle =
            frame.place(1.0, 0.1).y - f64::midpoint(frame.place(1.0, 0.01).y, frame.place(1.0, 1.0).y);
        assert!(middle.abs() < 1e-9, "a tenth of 1 lies halfway down to a hundredth");
        assert!(frame.y_ticks.iter().any(|(_, text)| text == "0,01"), "{:?}", frame.y_ticks);
    }

    #[test]
    fn numbers_never_touch_even_on_a_phone() {
        for (low, high) in [(0.0, 5.0), (0.0, 100.0), (2.0, 2.01), (17.338, 17.339), (0.0, 12_000.0)] {
            let state = chart(vec![(low, 0.0), (high, 1.0)]);
            let look = Look { window: Some((low, high)), ..Look::default() };
            let frame = frame(&state, &look, 290.0);
            let ends: Vec<_> = frame
                .x_ticks
                .iter()
                .map(|(x, text)| (frame.x_place(*x), text.chars().count() as f64 * 7.5 / 2.0))
                .collect();
            assert!(!ends.is_empty(), "{low}..{high}");
            assert!(ends.windows(2).all(|pair| pair[0].0 + pair[0].1 < pair[1].0 - pair[1].1), "{frame:?}");
        }
    }

    #[test]
    fn of_several_epochs_each_number_is_a_whole_one() {
        let texts = |state: &LineChartState| {
            let ticks = frame(state, &Look::default(), 640.0).x_ticks;
            ticks.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        let few = |end| LineChartState { epoch_lines: true, ..chart(vec![(0.0, 0.0), (end, 1.0)]) };
        assert_eq!(texts(&few(3.0)), ["0", "1", "2", "3"]);
        assert!(texts(&few(1.0)).len() > 3);
    }

    #[test]
    fn percents_keep_one_form() {
        let state = LineChartState { y_range: Some((0.0, 1.0)), ..chart(vec![(0.0, 0.5)]) };
        let look = Look::default();
        let frame = Frame::new(&state, &look.curves(&state), &look, &words(true), 400.0);
        let texts: Vec<_> = frame.y_ticks.iter().map(|(_, text)| &text[..]).collect();
        assert_eq!(texts, ["0\u{a0}%", "20\u{a0}%", "40\u{a0}%", "60\u{a0}%", "80\u{a0}%", "100\u{a0}%"]);
    }

    #[test]
    fn a_place_and_its_number_belong_together() {
        let frame = frame(&chart(vec![(0.0, 0.0), (8.0, 1.0)]), &Look::default(), 400.0);
        for x in [0.0, 1.25, 8.0] {
            assert!((frame.x_at(frame.x_place(x)) - x).abs() < 1e-9);
        }
        assert_eq!(frame.x_at(-50.0), 0.0);
    }
}
