//! The two distributions as bars, and the entropies as lengths that add up.

use super::shares::Shares;
use super::state::EntropyState;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};

const HEIGHT: f64 = 200.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 24.0;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 6.0;
/// A bar takes this share of its place.
const THICK: f64 = 0.72;

/// How one distribution is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct BarText {
    /// The letter of the distribution.
    pub letter: &'static str,
    /// The colour of its bars.
    pub ink: Ink,
    /// Whether its bars are hatched, the second cue.
    pub is_hatched: bool,
    /// The class that the keys move.
    pub chosen: usize,
    /// Marks beside the bars, such as the smoothed targets.
    pub marks: Option<Vec<f32>>,
}

fn frame(width: f64) -> Area {
    Area { x: LEFT, y: TOP, width: (width - LEFT - RIGHT).max(1.0), height: HEIGHT - TOP - BOTTOM }
}

/// The bars of a distribution with their numbers.
pub fn bar_scene(shares: &Shares, text: &BarText, language: Language, width: f64) -> Scene {
    let mut scene = Scene::new(width, HEIGHT);
    let area = frame(width);
    let place = area.width / shares.len() as f64;
    for share in [0.0, 0.5, 1.0] {
        let y = area.y + area.height * (1.0 - share);
        scene.line((area.x, y), (area.x + area.width, y), Pen::solid(Ink::Line, 1.0));
        let (at, label) = (Point { x: area.x - 5.0, y }, language.short(share, 1));
        scene.push(Draw::Text {
            at,
            text: label,
            ink: Ink::Muted,
            size: 12.0,
            align: Align::End,
            mono: true,
        });
    }
    // Ten numbers side by side have room for two digits each on a phone.
    let (decimals, size) = if place < 40.0 { (2, 11.0) } else { (4, 12.0) };
    for (class, share) in shares.values().into_iter().enumerate() {
        let height = area.height * f64::from(share);
        let x = area.x + place * (class as f64 + (1.0 - THICK) / 2.0);
        let bar = Area { x, y: area.y + area.height - height, width: place * THICK, height };
        if text.is_hatched {
            scene.push(Draw::Hatch { area: bar, ink: text.ink, gap: 6.0 });
            scene.push(Draw::Stroke { area: bar, pen: Pen::solid(text.ink, 1.5) });
        } else {
            scene.push(Draw::Fill { area: bar, ink: text.ink });
        }
        if let Some(mark) = text.marks.as_ref().and_then(|marks| marks.get(class)) {
            let y = area.y + area.height * (1.0 - f64::from(*mark));
            let pen = Pen { ink: Ink::Window, width: 2.0, dash: Dash::Dashed };
            scene.line((x - 3.0, y), (x + place * THICK + 3.0, y), pen);
        }
        let middle = area.x + place * (class as f64 + 0.5);
        let words = |at, text, ink| Draw::Text { at, text, ink, size, align: Align::Middle, mono: true };
        let number = language.short(f64::from(share), decimals);
        scene.push(words(Point { x: middle, y: bar.y - 8.0 }, number, Ink::Text));
        let name = Point { x: middle, y: HEIGHT - BOTTOM / 2.0 };
        scene.push(words(name, format!("{}{}", text.letter, class + 1), Ink::Muted));
        if class == text.chosen {
            let whole =
                Area { x: area.x + place * class as f64, y: area.y, width: place, height: area.height };
            scene.push(Draw::Stroke { area: whole, pen: Pen::solid(Ink::Outline, 1.0) });
        }
    }
    scene
}

/// The class under a point and the share it asks for, in ten-thousandths, rounded to hundredths of the whole.
pub fn bar_hit(classes: usize, point: Point, width: f64) -> (usize, u32) {
    let area = frame(width);
    let class = ((point.x - area.x) / area.width * classes as f64).clamp(0.0, classes as f64 - 1.0);
    let share = (1.0 - (point.y - area.y) / area.height).clamp(0.0, 1.0);
    (class as usize, (share * 100.0).round() as u32 * (Shares::WHOLE / 100))
}

/// H(p) and KL(p‖q) one after the other above H(p,q), which is as long as both. `unit` divides nats: 1, or ln 2 for
/// bits.
pub fn length_scene(state: &EntropyState, unit: f64, language: Language, width: f64) -> Scene {
    const LINE: f64 = 30.0;
    const GAP: f64 = 26.0;
    let mut scene = Scene::new(width, 2.0 * (LINE + GAP) + 8.0);
    let whole = width - 4.0;
    let is_infinite = state.cross_entropy.is_infinite();
    // What is infinite goes to the edge; beside it the entropy keeps a length that can be seen.
    let longest = if is_infinite { 2.0 * state.entropy_p.max(0.5) } else { state.cross_entropy.max(1e-9) };
    let length = |nats: f64| (nats / longest * whole).min(whole);
    let own = length(state.entropy_p);
    let rest = if is_infinite { whole - own } else { length(state.divergence).min(whole - own) };
    let number = |nats: f64| language.short(nats / unit, 4);
    let mut piece = |x: f64, y: f64, width: f64, ink: Ink, is_hatched: bool, words: String, align: Align| {
        let area = Area { x, y, width: width.max(1.0), height: LINE };
        if is_hatched {
            scene.push(Draw::Hatch { area, ink, gap: 6.0 });
        } else {
            scene.push(Draw::Fill { area, ink });
        }
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) });
        let x = if align == Align::Start { x } else { x + width };
        let at = Point { x, y: y - 9.0 };
        scene.push(Draw::Text { at, text: words, ink: Ink::Text, size: 13.0, align, mono: false });
    };
    let above = 18.0;
    piece(2.0, above, own, Ink::Series0, false, format!("H(p) = {}", number(state.entropy_p)), Align::Start);
    let words = format!("KL(p‖q) = {}", number(state.divergence));
    piece(2.0 + own, above, rest, Ink::Series1, true, words, Align::End);
    let words = format!("H(p, q) = {}", number(state.cross_entropy));
    let below = above + LINE + GAP;
    piece(2.0, below, own + rest, Ink::Series2, false, words, Align::Start);
    scene
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::losses::{LossSetup, Preset};

    fn text(chosen: usize) -> BarText {
        BarText { letter: "p", ink: Ink::Series0, is_hatched: false, chosen, marks: None }
    }

    #[test]
    fn the_top_of_a_bar_asks_for_the_share_it_shows() {
        let shares = Shares::peak(10, 3, 4_300);
        let area = frame(320.0);
        for class in 0..10 {
            let share = f64::from(shares.parts(class)) / f64::from(Shares::WHOLE);
            let x = area.x + area.width * (class as f64 + 0.5) / 10.0;
            let point = Point { x, y: area.y + area.height * (1.0 - share) };
            let (hit, parts) = bar_hit(10, point, 320.0);
            assert_eq!(hit, class);
            assert!(parts.abs_diff(shares.parts(class)) <= 50);
        }
        assert_eq!(bar_hit(10, Point { x: -5.0, y: 1e4 }, 320.0), (0, 0));
    }

    #[test]
    fn bars_say_their_numbers_in_the_readers_notation() {
        let scene = bar_scene(&Shares::peak(2, 0, 7_500), &text(0), Language::Ru, 320.0);
        let texts: Vec<&str> = scene.texts().collect();
        assert!(texts.contains(&"0,75") && texts.contains(&"p2"), "{texts:?}");
    }

    #[test]
    fn entropy_and_divergence_are_as_long_as_the_cross_entropy() {
        let mut setup = LossSetup::default();
        setup.p.give(0, 6_000);
        let fills = |setup: &LossSetup| -> Vec<Area> {
            let scene = length_scene(&EntropyState::new(setup), 1.0, Language::En, 400.0);
            let area = |draw: &Draw| match draw {
                Draw::Fill { area, .. } | Draw::Hatch { area, .. } => Some(*area),
                _ => None,
            };
            scene.draws.iter().filter_map(area).collect()
        };
        let areas = fills(&setup);
        assert!((areas[0].width + areas[1].width - areas[2].width).abs() < 1e-6, "{areas:?}");
        setup.take(Preset::Zero);
        let areas = fills(&setup);
        assert!((areas[2].width - 396.0).abs() < 1e-6, "what is infinite reaches the edge: {areas:?}");
        let scene = length_scene(&EntropyState::new(&setup), 1.0, Language::En, 400.0);
        assert!(scene.texts().any(|text| text == "H(p, q) = ∞"));
    }
}
