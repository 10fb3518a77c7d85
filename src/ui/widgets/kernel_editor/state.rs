//! How keys and a dragged pointer change a weight, and how much of it a field shows.

use crate::ui::convolution::limit;
use crate::ui::locale::Language;

/// With more columns the fields stand close, and have no room for every number.
const TIGHT: usize = 6;
/// Digits after the point where there is room.
const DECIMALS: usize = 3;
/// Digits after the point of a weight in full; f32 has no more of a weight around 1.
const ALL_DECIMALS: usize = 6;

/// What one step adds.
const STEP: f64 = 0.1;
/// How far the pointer is dragged for one step, in px.
const PER_STEP: f64 = 6.0;
/// A pointer that has moved less is still a press, in px.
const SLACK: f64 = 5.0;

/// A weight after so many steps; digits beyond a thousandth, which nobody typed, go.
pub fn stepped(weight: f32, steps: f64) -> f32 {
    let next = ((f64::from(weight) + steps * STEP) * 1000.0).round() / 1000.0;
    (next as f32).clamp(-limit::VALUE, limit::VALUE)
}

/// Whether fields of so many columns stand too close for every number.
pub fn is_tight(cols: usize) -> bool {
    cols > TIGHT
}

/// How many signs a field has room for, beside as many others as make `cols`, on a page 360 px wide.
fn room(cols: usize) -> usize {
    match cols {
        0..=TIGHT => usize::MAX,
        7 => 6,
        8 => 5,
        _ => 4,
    }
}

/// A weight in full.
pub fn whole(weight: f32, language: Language) -> String {
    language.short(f64::from(weight), ALL_DECIMALS)
}

/// A weight as a field shows it beside as many others as make `cols`: rounded to what it has room for. What is not zero
/// does not look like it.
pub fn shown(weight: f32, cols: usize, language: Language) -> String {
    let text = |decimals| language.short(f64::from(weight), decimals);
    let fits = |text: &String| text.chars().count() <= room(cols);
    let fitting = (0..=DECIMALS).rev().map(text).find(fits).unwrap_or_else(|| text(0));
    let looks_like_zero = !fitting.contains(|sign: char| ('1'..='9').contains(&sign));
    if looks_like_zero && weight != 0.0 && is_tight(cols) { "≈0".into() } else { fitting }
}

/// A pointer that was pressed on a weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    /// Which weight.
    pub idx: usize,
    /// Its value then.
    pub weight: f32,
    /// Where it was pressed, in px from the left.
    pub from: f64,
    /// Whether it has moved far enough to be a drag.
    pub is_moving: bool,
}

impl Drag {
    /// After the pointer came to `x`; the weight there, if it is a drag.
    pub fn to(&mut self, x: f64) -> Option<f32> {
        let way = x - self.from;
        self.is_moving |= way.abs() >= SLACK;
        self.is_moving.then(|| stepped(self.weight, (way / PER_STEP).round()))
    }
}

/// What a key does in a field of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the field of that number.
    Go(usize),
    /// Changes the weight by so many steps.
    Step(i8),
}

impl Way {
    /// By the key's DOM name, in field `idx` of `[rows, cols]`. Sideways arrows leave the field only from the
    /// ends of its text.
    pub fn of_key(
        key: &str,
        shift: bool,
        [rows, cols]: [usize; 2],
        idx: usize,
        (is_at_start, is_at_end): (bool, bool),
    ) -> Option<Way> {
        let (row, col) = (idx / cols.max(1), idx % cols.max(1));
        let size = if shift { 10 } else { 1 };
        match key {
            "PageUp" => Some(Way::Step(size)),
            "PageDown" => Some(Way::Step(-size)),
            _ if shift => None,
            "ArrowUp" if row > 0 => Some(Way::Go(idx - cols)),
            "ArrowDown" | "Enter" if row + 1 < rows => Some(Way::Go(idx + cols)),
            "ArrowLeft" if is_at_start && col > 0 => Some(Way::Go(idx - 1)),
            "ArrowRight" if is_at_end && col + 1 < cols => Some(Way::Go(idx + 1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_way_is_a_press_and_a_long_one_a_drag_in_tenths() {
        let mut drag = Drag { idx: 3, weight: 0.25, from: 100.0, is_moving: false };
        assert_eq!(drag.to(103.0), None);
        assert_eq!(drag.to(112.0), Some(0.45));
        // Back at its start it stays a drag.
        assert_eq!(drag.to(100.0), Some(0.25));
        assert_eq!(drag.to(70.0), Some(-0.25));
        assert_eq!(stepped(998.95, 5.0), limit::VALUE);
        assert_eq!(stepped(0.1, -1.0), 0.0);
    }

    #[test]
    fn a_field_shows_as_much_of_a_weight_as_it_has_room_for() {
        let shown_in = |cols| {
            let show = |weight: f32| shown(weight, cols, Language::En);
            [-0.1256, 12.345, -998.75, 0.0004, 0.0, 1.0].map(show)
        };
        assert_eq!(shown_in(6), ["−0.126", "12.345", "−998.75", "0", "0", "1"]);
        assert_eq!(shown_in(7), ["−0.126", "12.345", "−998.8", "≈0", "0", "1"]);
        assert_eq!(shown_in(8), ["−0.13", "12.35", "−999", "≈0", "0", "1"]);
        assert_eq!(shown_in(11), ["−0.1", "12.3", "−999", "≈0", "0", "1"]);
        assert_eq!(
            (shown(-0.04, 11, Language::Ru), shown(-0.14, 11, Language::Ru)),
            ("≈0".into(), "−0,1".into())
        );
        assert_eq!(whole(-0.125_6, Language::Ru), "−0,1256");
        for cols in 7..=11 {
            for weight in [-999.0, -99.96, -9.996, -0.996, 0.333_333, 998.999] {
                let text = shown(weight, cols, Language::En);
                assert!(text.chars().count() <= room(cols), "{text} in {cols}");
            }
        }
    }

    #[test]
    fn keys_walk_over_the_weights_and_change_them() {
        let way = |key, shift, ends| Way::of_key(key, shift, [3, 3], 4, ends);
        let all = (true, true);
        assert_eq!(way("ArrowUp", false, all), Some(Way::Go(1)));
        assert_eq!(way("Enter", false, all), Some(Way::Go(7)));
        assert_eq!(way("ArrowLeft", false, (false, true)), None);
        assert_eq!(way("ArrowRight", false, all), Some(Way::Go(5)));
        assert_eq!(way("PageUp", true, all), Some(Way::Step(10)));
        assert_eq!(way("PageDown", false, all), Some(Way::Step(-1)));
        assert_eq!(Way::of_key("ArrowRight", false, [3, 3], 5, all), None);
        assert_eq!(way("ArrowUp", true, all), None);
    }
}
