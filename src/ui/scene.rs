//! Drawing as data: a scene is a list of shapes in CSS pixels with named inks.
//!
//! Widgets build scenes from their state without a browser, so tests read them; `canvas` paints them.

pub use super::ink::{ColorMap, Ink};

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
    /// Many separate lines in one stroke.
    Segments { segments: Vec<(Point, Point)>, pen: Pen },
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
