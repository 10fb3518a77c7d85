//! The classes' probabilities as bars.

use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Draw, Ink, Point, Scene};

const ROW: f64 = 22.0;
const THICK: f64 = 14.0;
const TEXT: f64 = 13.0;
/// About the width of a letter of that size, in px.
const LETTER: f64 = 7.2;
/// Room for `100.0 %`, in px.
const NUMBER: f64 = 64.0;

/// Draws a bar for each of `shares` (0 to 1, all the room is 1); that of class `best` in the accent's colour.
pub fn shares_scene(names: &[String], shares: &[f32], best: usize, language: Language, width: f64) -> Scene {
    let mut scene = Scene::new(width, ROW * shares.len().max(1) as f64);
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let left = (longest as f64 * LETTER + 8.0).min(width * 0.4);
    let letters = ((left - 8.0) / LETTER).max(1.0) as usize;
    let plot = (width - left - NUMBER).max(1.0);
    for (row, share) in shares.iter().enumerate() {
        let middle = ROW * (row as f64 + 0.5);
        let length = f64::from(share.clamp(0.0, 1.0)) * plot;
        let area = Area { x: left, y: middle - THICK / 2.0, width: length, height: THICK };
        scene.push(Draw::Fill { area, ink: if row == best { Ink::Accent } else { Ink::Series1 } });
        let mut write = |text: String, x: f64, ink, align| {
            let at = Point { x, y: middle };
            scene.push(Draw::Text { at, text, ink, size: TEXT, align, mono: false });
        };
        let name: String =
            names.get(row).map_or_else(|| row.to_string(), |name| name.chars().take(letters).collect());
        write(name, left - 8.0, Ink::Text, Align::End);
        write(language.percent(f64::from(*share), 1), left + length + 6.0, Ink::Muted, Align::Start);
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_shares_and_stay_inside() {
        let names = ["0".to_owned(), "ankle boot".to_owned()];
        let scene = shares_scene(&names, &[0.25, 1.5], 1, Language::En, 300.0);
        let bars: Vec<_> = scene
            .draws
            .iter()
            .filter_map(|draw| if let Draw::Fill { area, ink } = draw { Some((area, *ink)) } else { None })
            .collect();
        assert!((bars[1].0.width - 4.0 * bars[0].0.width).abs() < 1e-9);
        assert!(bars[1].0.x + bars[1].0.width + NUMBER <= 300.0 + 1e-9);
        assert_eq!((bars[0].1, bars[1].1), (Ink::Series1, Ink::Accent));
    }
}
