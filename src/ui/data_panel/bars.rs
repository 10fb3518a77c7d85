//! How many images of each class, as bars.

use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Draw, Ink, Point, Scene};

/// One class.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its name in the reader's language.
    pub name: String,
    /// Its images.
    pub count: usize,
}

const ROW: f64 = 22.0;
const THICK: f64 = 14.0;
const TEXT: f64 = 13.0;
/// About the width of a letter of that size, in px.
const LETTER: f64 = 7.2;

/// Draws the bars `width` px wide; the longest one takes all the room that names and numbers leave.
pub fn bars_scene(bars: &[Bar], ink: Ink, language: Language, width: f64) -> Scene {
    let mut scene = Scene::new(width, ROW * bars.len().max(1) as f64);
    let room = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0) as f64 * LETTER + 8.0;
    // Names have at most half of the width.
    let left = room(&mut bars.iter().map(|bar| bar.name.chars().count())).min(width / 2.0);
    let right = room(&mut bars.iter().map(|bar| language.count(bar.count).chars().count()));
    let plot = (width - left - right).max(1.0);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    // A little more, so that rounding takes no letter away.
    let letters = ((left - 8.0) / LETTER + 0.01).max(1.0) as usize;
    for (row, bar) in bars.iter().enumerate() {
        let middle = ROW * (row as f64 + 0.5);
        let length = bar.count as f64 / most as f64 * plot;
        let area = Area { x: left, y: middle - THICK / 2.0, width: length, height: THICK };
        if bar.count > 0 {
            scene.push(Draw::Fill { area, ink });
        }
        let mut write = |text: String, x: f64, ink, align| {
            let at = Point { x, y: middle };
            scene.push(Draw::Text { at, text, ink, size: TEXT, align, mono: false });
        };
        write(shortened(&bar.name, letters), left - 8.0, Ink::Text, Align::End);
        write(language.count(bar.count), left + length + 6.0, Ink::Muted, Align::Start);
    }
    scene
}

fn shortened(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        return name.to_owned();
    }
    name.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_counts_and_stay_inside() {
        let bars = [("ботинок", 500), ("брюки", 1_000), ("платье", 0)]
            .map(|(name, count)| Bar { name: name.to_owned(), count });
        let scene = bars_scene(&bars, Ink::Series1, Language::Ru, 280.0);
        let widths: Vec<f64> = scene
            .draws
            .iter()
            .filter_map(|draw| match draw {
                Draw::Fill { area, .. } => Some(area.width),
                _ => None,
            })
            .collect();
        assert_eq!(widths.len(), 2, "nothing is drawn for none");
        assert!((widths[1] - 2.0 * widths[0]).abs() < 1e-9);
        assert!(scene.texts().eq(["ботинок", "500", "брюки", "1000", "платье", "0"]));
    }

    #[test]
    fn a_long_name_is_cut_rather_than_drawn_over_the_bars() {
        let bars = [Bar { name: "a very long name of a class".into(), count: 1 }];
        let scene = bars_scene(&bars, Ink::Series0, Language::En, 120.0);
        assert!(scene.texts().next().is_some_and(|text| text.ends_with('…') && text.chars().count() < 10));
    }
}
