//! The reliability curve: the share right over the mean probability of each bin, with the bins' counts below.

use crate::engine::scores::{Bin, Calibration};
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};

/// The picture's words in the reader's language.
#[derive(Debug, Clone, PartialEq)]
pub struct ReliabilityWords {
    /// For numbers.
    pub language: Language,
    /// The name of the x axis.
    pub x: String,
    /// The name of the y axis.
    pub y: String,
    /// The name of the diagonal.
    pub ideal: String,
    /// The name of the counts.
    pub counts: String,
}

const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 24.0;
/// Height of the curve's plot, at most, in px.
const MOST_HEIGHT: f64 = 340.0;
/// Height of the counts' plot, in px.
const COUNTS: f64 = 84.0;
/// Between both plots: the ticks and the counts' name, in px.
const BETWEEN: f64 = 60.0;
/// Below the counts: the name of the x axis, in px.
const BOTTOM: f64 = 26.0;
const TEXT: f64 = 13.0;
/// About the width of a digit of that size, in px.
const DIGIT: f64 = 8.0;

/// Where shares lie in a plot.
struct Frame {
    plot: Area,
}

impl Frame {
    fn x(&self, share: f64) -> f64 {
        self.plot.x + share * self.plot.width
    }

    fn y(&self, share: f64) -> f64 {
        self.plot.y + (1.0 - share) * self.plot.height
    }
}

/// Draws the curve `width` px wide.
pub fn reliability(calibration: &Calibration, words: &ReliabilityWords, width: f64) -> Scene {
    let side = (width - LEFT - RIGHT).max(1.0);
    let plot = Area { x: LEFT, y: TOP, width: side, height: side.min(MOST_HEIGHT) };
    let below = Area { y: plot.y + plot.height + BETWEEN, height: COUNTS, ..plot };
    let mut scene = Scene::new(width, below.y + COUNTS + BOTTOM);
    let frame = Frame { plot };
    axes(&mut scene, &frame, words);
    curve(&mut scene, &frame, calibration);
    counts(&mut scene, &Frame { plot: below }, calibration, words);
    scene
}

fn axes(scene: &mut Scene, frame: &Frame, words: &ReliabilityWords) {
    let Area { x, y, width, height } = frame.plot;
    let (right, base) = (x + width, y + height);
    for tick in 0..=5 {
        let share = f64::from(tick) / 5.0;
        let text = words.language.percent(share, 0);
        let (at_x, at_y) = (frame.x(share), frame.y(share));
        scene.line((x, at_y), (right, at_y), Pen::solid(Ink::Line, 1.0));
        scene.line((at_x, y), (at_x, base), Pen::solid(Ink::Line, 1.0));
        write(scene, (x - 7.0, at_y), text.clone(), Align::End);
        // The last one would stand out of the picture.
        let align = if tick == 5 { Align::End } else { Align::Middle };
        write(scene, (at_x, base + 14.0), text, align);
    }
    scene.line((x, base), (right, base), Pen::solid(Ink::Outline, 1.5));
    scene.line((x, y), (x, base), Pen::solid(Ink::Outline, 1.5));
    let ideal = Pen { ink: Ink::Muted, width: 1.5, dash: Dash::Dashed };
    scene.line((x, base), (right, y), ideal);
    write(scene, (2.0, 10.0), words.y.clone(), Align::Start);
    // Beside the line's beginning: with ten classes no probability of the likeliest is below a tenth.
    write(scene, (frame.x(0.08) + 6.0, frame.y(0.04)), words.ideal.clone(), Align::Start);
    write(scene, (right, scene.height - 9.0), words.x.clone(), Align::End);
}

fn curve(scene: &mut Scene, frame: &Frame, calibration: &Calibration) {
    let points = calibration.curve();
    // How far each bin is from what its probabilities promise.
    let gap = |(mean, accuracy): &(f64, f64)| {
        let x = frame.x(*mean);
        (Point { x, y: frame.y(*accuracy) }, Point { x, y: frame.y(*mean) })
    };
    let pen = Pen { ink: Ink::Series1, width: 2.0, dash: Dash::Dotted };
    scene.push(Draw::Segments { segments: points.iter().map(gap).collect(), pen });
    let place = |(mean, accuracy): &(f64, f64)| Point { x: frame.x(*mean), y: frame.y(*accuracy) };
    let places: Vec<Point> = points.iter().map(place).collect();
    if places.len() > 1 {
        scene.push(Draw::Polyline { points: places.clone(), pen: Pen::solid(Ink::Series0, 2.25) });
    }
    for Point { x, y } in places {
        let area = Area { x, y, width: 0.0, height: 0.0 };
        scene.push(Draw::Fill { area: area.grown(4.0), ink: Ink::Series0 });
    }
}

fn counts(scene: &mut Scene, frame: &Frame, calibration: &Calibration, words: &ReliabilityWords) {
    let Area { x, y, width, height } = frame.plot;
    let most = calibration.bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
    write(scene, (2.0, y - 26.0), words.counts.clone(), Align::Start);
    let bar_width = width / calibration.bins.len().max(1) as f64;
    let text = |bin: &Bin| words.language.count(bin.count);
    let longest = calibration.bins.iter().map(|bin| text(bin).chars().count()).max().unwrap_or(0);
    let has_room = longest as f64 * DIGIT <= bar_width;
    for bin in calibration.bins.iter().filter(|bin| bin.count > 0) {
        // A bin with a single image is seen beside one with thousands.
        let tall = (bin.count as f64 / most as f64 * height).max(1.5);
        let (from, to) = (frame.x(bin.from), frame.x(bin.to));
        let gap = (bar_width / 10.0).min(2.0);
        let area = Area { x: from + gap, y: y + height - tall, width: to - from - 2.0 * gap, height: tall };
        scene.push(Draw::Fill { area, ink: Ink::Series3 });
        if has_room {
            write(scene, (f64::midpoint(from, to), area.y - 9.0), text(bin), Align::Middle);
        }
    }
    if !has_room {
        write(scene, (x - 7.0, y), words.language.count(most), Align::End);
    }
    scene.line((x, y + height), (x + width, y + height), Pen::solid(Ink::Outline, 1.5));
}

fn write(scene: &mut Scene, (x, y): (f64, f64), text: String, align: Align) {
    scene.push(Draw::Text { at: Point { x, y }, text, ink: Ink::Muted, size: TEXT, align, mono: false });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> ReliabilityWords {
        let [x, y, ideal, counts] = ["probability", "right", "ideal", "images"].map(str::to_owned);
        ReliabilityWords { language: Language::En, x, y, ideal, counts }
    }

    fn scene(bins: usize, width: f64) -> Scene {
        let answers = [(0.55, true), (0.55, false), (0.95, true), (0.95, true), (0.95, true)];
        reliability(&Calibration::new(bins, answers), &words(), width)
    }

    fn fills(scene: &Scene, wanted: Ink) -> Vec<Area> {
        let fill = |draw: &Draw| match draw {
            Draw::Fill { area, ink } if *ink == wanted => Some(*area),
            _ => None,
        };
        scene.draws.iter().filter_map(fill).collect()
    }

    #[test]
    fn every_bin_with_images_has_a_point_and_a_bar() {
        let scene = scene(10, 466.0);
        let points = fills(&scene, Ink::Series0);
        assert_eq!(points.len(), 2);
        let middle = |area: &Area| (area.x + area.width / 2.0, area.y + area.height / 2.0);
        // 400 px for all shares: half right at 0.55, all right at 0.95.
        let (x, y) = middle(&points[0]);
        assert!((x - (LEFT + 220.0)).abs() < 1e-9 && (y - (TOP + MOST_HEIGHT / 2.0)).abs() < 1e-9);
        assert!((middle(&points[1]).1 - TOP).abs() < 1e-9);
        let bars = fills(&scene, Ink::Series3);
        assert_eq!(bars.len(), 2);
        assert!((bars[1].height - COUNTS).abs() < 1e-9 && (bars[0].height - COUNTS * 2.0 / 3.0).abs() < 1e-9);
        assert!(scene.texts().any(|text| text == "3") && scene.texts().any(|text| text == "60%"));
    }

    #[test]
    fn narrow_bars_say_only_how_many_the_largest_has_and_all_stays_inside() {
        for (bins, width) in [(50, 280.0), (2, 280.0), (50, 1100.0)] {
            let scene = scene(bins, width);
            for draw in &scene.draws {
                let (Draw::Fill { area, .. } | Draw::Stroke { area, .. }) = draw else { continue };
                assert!(area.x >= 0.0 && area.x + area.width <= width, "{area:?}");
                assert!(area.y >= 0.0 && area.y + area.height <= scene.height, "{area:?}");
            }
        }
        assert_eq!(scene(50, 280.0).texts().filter(|text| *text == "3").count(), 1);
    }

    #[test]
    fn without_images_the_axes_stand_alone() {
        let scene = reliability(&Calibration::new(10, []), &words(), 300.0);
        assert!(fills(&scene, Ink::Series0).is_empty() && fills(&scene, Ink::Series3).is_empty());
    }
}
