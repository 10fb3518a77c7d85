//! Drawing as data: a scene is a list of shapes in CSS pixels with named inks.
//!
//! Widgets build scenes from their state without a browser, so tests read them; `canvas` paints them.

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
}

impl Ink {
    /// Every ink, in the order of [`Ink::idx`].
    pub const ALL: [Ink; 14] = [
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
}

impl ColorMap {
    /// Both maps, in the order of their discriminants.
    pub const ALL: [ColorMap; 2] = [ColorMap::Gray, ColorMap::Diverging];

    /// The custom properties of the map's evenly spaced stops, lowest value first.
    pub fn stops(self) -> &'static [&'static str] {
        match self {
            ColorMap::Gray => &["--map-gray-0", "--map-gray-1"],
            ColorMap::Diverging => {
                &["--map-minus-2", "--map-minus-1", "--map-zero", "--map-plus-1", "--map-plus-2"]
            }
        }
    }

    /// Where a value lies between the first stop (0) and the last (1); outside values are clamped.
    pub fn position(self, value: f32) -> f32 {
        let at = match self {
            ColorMap::Gray => value,
            ColorMap::Diverging => value / 2.0 + 0.5,
        };
        if at.is_nan() { 0.5 } else { at.clamp(0.0, 1.0) }
    }
}

/// A place in CSS pixels from the scene's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Area {
    /// The same rectangle with every edge moved outwards by `by` px.
    #[must_use]
    pub fn grown(self, by: f64) -> Area {
        Area { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    /// Whether the point lies inside.
    pub fn contains(self, point: Point) -> bool {
        (self.x..self.x + self.width).contains(&point.x) && (self.y..self.y + self.height).contains(&point.y)
    }
}

/// How a line is broken, the second cue beside its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long dashes.
    Dashed,
    /// Short dots.
    Dotted,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    /// Its colour.
    pub ink: Ink,
    /// Its width in CSS pixels.
    pub width: f64,
    /// Its dash.
    pub dash: Dash,
}

impl Pen {
    /// An unbroken line.
    pub fn solid(ink: Ink, width: f64) -> Pen {
        Pen { ink, width, dash: Dash::Solid }
    }
}

/// Which side of a text stands at its point; vertically the point is its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The text begins at the point.
    Start,
    /// The text is centred on the point.
    Middle,
    /// The text ends at the point.
    End,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// A filled rectangle.
    Fill { area: Area, ink: Ink },
    /// A rectangle's outline.
    Stroke { area: Area, pen: Pen },
    /// Connected points.
    Polyline { points: Vec<Point>, pen: Pen },
    /// A short text; `size` in CSS pixels, `mono` for numbers in columns.
    Text { at: Point, text: String, ink: Ink, size: f64, align: Align, mono: bool },
    /// A grid of coloured cells that fills the area, row by row, `cols` to a row.
    Cells { area: Area, cols: usize, values: Vec<f32>, map: ColorMap },
    /// Slanted lines over an area, `gap` px apart.
    Hatch { area: Area, ink: Ink, gap: f64 },
}

/// A picture: its size and its shapes, painted in order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scene {
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// The shapes, the first at the bottom.
    pub draws: Vec<Draw>,
}

impl Scene {
    /// An empty picture.
    pub fn new(width: f64, height: f64) -> Scene {
        Scene { width, height, draws: Vec::new() }
    }

    /// Adds a shape on top.
    pub fn push(&mut self, draw: Draw) {
        self.draws.push(draw);
    }

    /// Adds a straight line on top.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), pen: Pen) {
        let points = vec![Point { x: from.0, y: from.1 }, Point { x: to.0, y: to.1 }];
        self.push(Draw::Polyline { points, pen });
    }

    /// The texts, in painting order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.draws.iter().filter_map(|draw| match draw {
            Draw::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
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
