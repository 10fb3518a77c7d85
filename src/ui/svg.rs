//! Writes a [`Scene`] as SVG, to be taken into a paper or a slide.

use super::scene::{Align, Area, ColorMap, Dash, Draw, Ink, Pen, Point, Scene};
use std::fmt::Write as _;

/// The colours and fonts to write with.
pub trait Colors {
    /// The CSS colour of an ink.
    fn ink(&self, ink: Ink) -> String;
    /// The red, green and blue of a value.
    fn cell(&self, map: ColorMap, value: f32) -> [u8; 3];
    /// The font family for words, or for numbers in columns.
    fn font(&self, mono: bool) -> String;
}

/// The whole file. `title` says what the picture shows.
pub fn to_svg(scene: &Scene, title: &str, colors: &impl Colors) -> String {
    let (width, height) = (short(scene.width), short(scene.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n",
        escaped(title)
    );
    for (idx, draw) in scene.draws.iter().enumerate() {
        push_draw(&mut out, draw, idx, colors);
    }
    out.push_str("</svg>\n");
    out
}

/// Writing to a String cannot fail, so results of `write!` are dropped throughout.
fn push_draw(out: &mut String, draw: &Draw, idx: usize, colors: &impl Colors) {
    let _ = match draw {
        Draw::Fill { area, ink } => {
            writeln!(out, "<rect {} fill=\"{}\"/>", extent(*area), quoted(&colors.ink(*ink)))
        }
        Draw::Stroke { area, pen } => {
            writeln!(out, "<rect {} fill=\"none\" {}/>", extent(*area), stroke(*pen, colors))
        }
        Draw::Polyline { points, pen } => {
            let path = points.iter().enumerate().map(|(idx, point)| step(idx == 0, *point));
            let path: String = path.collect();
            writeln!(out, "<path d=\"{path}\" fill=\"none\" {}/>", stroke(*pen, colors))
        }
        Draw::Segments { segments, pen } => {
            if segments.is_empty() {
                return;
            }
            let path: String =
                segments.iter().map(|(from, to)| step(true, *from) + &step(false, *to)).collect();
            writeln!(out, "<path d=\"{path}\" fill=\"none\" {}/>", stroke(*pen, colors))
        }
        Draw::Text { at, text, ink, size, align, mono } => {
            let anchor = match align {
                Align::Start => "start",
                Align::Middle => "middle",
                Align::End => "end",
            };
            writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" fill=\"{}\" font-size=\"{}\" font-family=\"{}\" \
                 text-anchor=\"{anchor}\" dominant-baseline=\"central\">{}</text>",
                short(at.x),
                short(at.y),
                quoted(&colors.ink(*ink)),
                short(*size),
                quoted(&colors.font(*mono)),
                escaped(text)
            )
        }
        Draw::Cells { area, cols, values, map } => {
            push_cells(out, *area, *cols, values, *map, colors);
            Ok(())
        }
        Draw::Hatch { area, ink, gap } => writeln!(
            out,
            "<pattern id=\"hatch-{idx}\" width=\"{gap}\" height=\"{gap}\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><path d=\"M0 0V{gap}\" {}/></pattern>\
             <rect {} fill=\"url(#hatch-{idx})\"/>",
            stroke(Pen::solid(*ink, 1.5), colors),
            extent(*area),
        ),
    };
}

/// A rectangle for each run of cells of one colour in a row, and none where there is no value: pictures have large parts of
/// one colour.
fn push_cells(
    out: &mut String,
    area: Area,
    cols: usize,
    values: &[f32],
    map: ColorMap,
    colors: &impl Colors,
) {
    let cols = cols.max(1);
    let rows = (values.len() / cols).max(1);
    let (width, height) = (area.width / cols as f64, area.height / rows as f64);
    out.push_str("<g shape-rendering=\"crispEdges\">");
    let color = |value: f32| (!value.is_nan()).then(|| colors.cell(map, value));
    for (row, values) in values.chunks(cols).enumerate() {
        let mut col = 0;
        for run in values.chunk_by(|a, b| color(*a) == color(*b)) {
            if let Some([red, green, blue]) = color(run[0]) {
                let (x, y) = (area.x + col as f64 * width, area.y + row as f64 * height);
                let cells = extent(Area { x, y, width: run.len() as f64 * width, height });
                let _ = write!(out, "<rect {cells} fill=\"#{red:02x}{green:02x}{blue:02x}\"/>");
            }
            col += run.len();
        }
    }
    out.push_str("</g>\n");
}

fn step(is_first: bool, point: Point) -> String {
    format!("{}{} {}", if is_first { 'M' } else { 'L' }, short(point.x), short(point.y))
}

fn extent(area: Area) -> String {
    let (x, y, width, height) = (short(area.x), short(area.y), short(area.width), short(area.height));
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

fn stroke(pen: Pen, colors: &impl Colors) -> String {
    let dash = match pen.dash {
        Dash::Solid => "",
        Dash::Dashed => " stroke-dasharray=\"7 5\"",
        Dash::Dotted => " stroke-dasharray=\"2 4\"",
    };
    let (ink, width) = (colors.ink(pen.ink), short(pen.width));
    format!("stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dash}", quoted(&ink))
}

/// At most two digits after the point: a hundredth of a pixel is enough.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn quoted(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

/// Plain colours, for tests.
#[cfg(test)]
pub struct Plain;

#[cfg(test)]
impl Colors for Plain {
    fn ink(&self, ink: Ink) -> String {
        ink.token().into()
    }

    fn cell(&self, _map: ColorMap, value: f32) -> [u8; 3] {
        [(value * 255.0) as u8; 3]
    }

    fn font(&self, _mono: bool) -> String {
        "\"A\", b".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_written_and_texts_are_escaped() {
        let area = Area { x: 0.5, y: 1.0, width: 10.0, height: 20.0 };
        let pen = Pen { ink: Ink::Window, width: 1.5, dash: Dash::Dotted };
        let (from, to) = (Point { x: 0.0, y: 0.0 }, Point { x: 3.333_333, y: -0.001 });
        let mut scene = Scene::new(30.0, 40.0);
        scene.push(Draw::Fill { area, ink: Ink::Paper });
        scene.push(Draw::Stroke { area, pen });
        scene.push(Draw::Polyline { points: vec![from, to], pen });
        scene.push(Draw::Segments { segments: vec![(from, to)], pen });
        scene.push(Draw::Segments { segments: vec![], pen });
        scene.push(Draw::Cells { area, cols: 2, values: vec![0.0, 1.0, f32::NAN, 0.0], map: ColorMap::Gray });
        scene.push(Draw::Hatch { area, ink: Ink::Hatch, gap: 6.0 });
        let text = "1 < 2 & 3".to_owned();
        scene.push(Draw::Text { at: to, text, ink: Ink::Text, size: 12.0, align: Align::End, mono: true });
        let svg = to_svg(&scene, "<title>", &Plain);
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"40\""));
        for part in [
            "<title>&lt;title&gt;</title>",
            "M0 0L3.33 0",
            "fill=\"#ffffff\"",
            "url(#hatch-6)",
            "text-anchor=\"end\"",
            "font-family=\"&quot;A&quot;, b\"",
            "1 &lt; 2 &amp; 3</text>",
            "stroke-dasharray=\"2 4\"",
        ] {
            assert!(svg.contains(part), "{part} is not in {svg}");
        }
        // Three cells have a value, one has none.
        assert_eq!(svg.matches("fill=\"#").count(), 3);
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    }
}
