//! Named colours and colour maps; the style sheet gives them their values.

/// A named colour; each one is a custom property in `www/css/tokens.css`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The page behind everything.
    Paper,
    /// Cards and plots.
    Surface,
    /// Text and values.
    Text,
    /// Axis labels and hints.
    Muted,
    /// Grid lines, the faintest mark.
    Line,
    /// Borders that carry meaning (3:1 against the surface).
    Outline,
    /// The colour of what can be acted on.
    Accent,
    /// The filter's window.
    Window,
    /// Halo around the window, so that it shows on any cell.
    Halo,
    /// What no window reaches.
    Hatch,
    /// Line of a chart's series, told apart by dash as well.
    Series0,
    /// See [`Ink::Series0`].
    Series1,
    /// See [`Ink::Series0`].
    Series2,
    /// See [`Ink::Series0`].
    Series3,
    /// A colour more for those of whom there are up to eight: see [`Ink::RACERS`].
    Series4,
    /// See [`Ink::Series4`].
    Series5,
    /// See [`Ink::Series4`].
    Series6,
    /// See [`Ink::Series4`].
    Series7,
    /// Text on the dark cells of a map that is the same in every theme.
    OnDark,
    /// Text on its light cells.
    OnLight,
}

impl Ink {
    /// Every ink, in the order of [`Ink::idx`].
    pub const ALL: [Ink; 20] = [
        Ink::Paper,
        Ink::Surface,
        Ink::Text,
        Ink::Muted,
        Ink::Line,
        Ink::Outline,
        Ink::Accent,
        Ink::Window,
        Ink::Halo,
        Ink::Hatch,
        Ink::Series0,
        Ink::Series1,
        Ink::Series2,
        Ink::Series3,
        Ink::Series4,
        Ink::Series5,
        Ink::Series6,
        Ink::Series7,
        Ink::OnDark,
        Ink::OnLight,
    ];

    /// The colours of up to eight that run side by side, each with a sign of its own as well.
    pub const RACERS: [Ink; 8] = [
        Ink::Series0,
        Ink::Series1,
        Ink::Series2,
        Ink::Series4,
        Ink::Series5,
        Ink::Series6,
        Ink::Series7,
        Ink::Series3,
    ];

    /// The position in [`Ink::ALL`].
    pub fn idx(self) -> usize {
        self as usize
    }

    /// The custom property that holds this ink's colour.
    pub fn token(self) -> &'static str {
        match self {
            Ink::Paper => "--paper",
            Ink::Surface => "--surface",
            Ink::Text => "--text",
            Ink::Muted => "--muted",
            Ink::Line => "--line",
            Ink::Outline => "--outline",
            Ink::Accent => "--accent",
            Ink::Window => "--window",
            Ink::Halo => "--halo",
            Ink::Hatch => "--hatch",
            Ink::Series0 => "--series-0",
            Ink::Series1 => "--series-1",
            Ink::Series2 => "--series-2",
            Ink::Series3 => "--series-3",
            Ink::Series4 => "--series-4",
            Ink::Series5 => "--series-5",
            Ink::Series6 => "--series-6",
            Ink::Series7 => "--series-7",
            Ink::OnDark => "--on-dark",
            Ink::OnLight => "--on-light",
        }
    }

    /// The ink of a chart's series; after four they repeat.
    pub fn series(idx: usize) -> Ink {
        [Ink::Series0, Ink::Series1, Ink::Series2, Ink::Series3][idx % 4]
    }
}

/// How values become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    /// 0 (background) to 1 (stroke): pixels.
    Gray,
    /// −1 to 1 with a neutral zero: anything with a sign.
    Diverging,
    /// 0 (dark) to 1 (full light), the same in every theme: a photograph's brightness.
    Light,
    /// Its red light.
    Red,
    /// Its green light.
    Green,
    /// Its blue light.
    Blue,
}

impl ColorMap {
    /// Every map, in the order of their discriminants.
    pub const ALL: [ColorMap; 6] = [
        ColorMap::Gray,
        ColorMap::Diverging,
        ColorMap::Light,
        ColorMap::Red,
        ColorMap::Green,
        ColorMap::Blue,
    ];

    /// The custom properties of the map's evenly spaced stops, lowest value first.
    pub fn stops(self) -> &'static [&'static str] {
        match self {
            ColorMap::Gray => &["--map-gray-0", "--map-gray-1"],
            ColorMap::Diverging => {
                &["--map-minus-2", "--map-minus-1", "--map-zero", "--map-plus-1", "--map-plus-2"]
            }
            ColorMap::Light => &["--map-light-0", "--map-light-1"],
            ColorMap::Red => &["--map-light-0", "--map-red-1"],
            ColorMap::Green => &["--map-light-0", "--map-green-1"],
            ColorMap::Blue => &["--map-light-0", "--map-blue-1"],
        }
    }

    /// Where a value lies between the first stop (0) and the last (1); outside values are clamped.
    pub fn position(self, value: f32) -> f32 {
        let at = match self {
            ColorMap::Diverging => value / 2.0 + 0.5,
            _ => value,
        };
        if at.is_nan() { 0.5 } else { at.clamp(0.0, 1.0) }
    }

    /// The ink for text on a cell of that value: dark on light colours, light on dark ones, or the
    /// reverse in the dark theme. Maps of light are the same in both.
    pub fn ink_on(self, value: f32) -> Ink {
        let (is_strong, strong, weak) = match self {
            ColorMap::Gray => (value > 0.5, Ink::Halo, Ink::Text),
            ColorMap::Diverging => (value.abs() > 0.72, Ink::Halo, Ink::Text),
            ColorMap::Light => (value > 0.5, Ink::OnLight, Ink::OnDark),
            ColorMap::Red | ColorMap::Green | ColorMap::Blue => (value > 0.65, Ink::OnLight, Ink::OnDark),
        };
        if is_strong { strong } else { weak }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_stand_at_their_own_position() {
        for (idx, ink) in Ink::ALL.into_iter().enumerate() {
            assert_eq!(ink.idx(), idx, "{ink:?}");
        }
    }

    #[test]
    fn every_ink_and_stop_has_its_token_in_each_theme() {
        let css = include_str!("../../www/css/tokens.css");
        let stops = ColorMap::ALL.into_iter().flat_map(|map| map.stops().iter().copied());
        for token in Ink::ALL.into_iter().map(Ink::token).chain(stops) {
            let count = css.matches(&format!("{token}: #")).count();
            assert_eq!(
                count, 3,
                "{token} must be a hex colour in light, dark by preference and dark by choice"
            );
        }
    }

    #[test]
    fn zero_is_the_middle_of_the_diverging_map() {
        assert!((ColorMap::Diverging.position(0.0) - 0.5).abs() < f32::EPSILON);
        assert!((ColorMap::Diverging.position(-7.0)).abs() < f32::EPSILON);
        assert!((ColorMap::Gray.position(f32::NAN) - 0.5).abs() < f32::EPSILON);
    }
}
