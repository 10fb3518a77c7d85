//! Paints a [`Scene`] on a 2d context.

use super::scene::{Align, Area, ColorMap, Dash, Draw, Ink, Pen, Scene};
use super::svg::Colors;
use leptos::prelude::{document, window};
use std::cell::RefCell;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Levels in a colour map's table; more than a screen can tell apart.
const LEVELS: usize = 256;

/// The colours of the theme in force, resolved from the style sheet.
pub struct Palette {
    inks: Vec<String>,
    maps: [Vec<[u8; 3]>; ColorMap::ALL.len()],
    text_font: String,
    mono_font: String,
}

impl Palette {
    /// Reads every ink, colour map and font from the root element's custom properties.
    pub fn read() -> Palette {
        let style = document().document_element().and_then(|root| window().get_computed_style(&root).ok()?);
        let value = |token: &str| {
            let text = style.as_ref().and_then(|style| style.get_property_value(token).ok());
            text.unwrap_or_default().trim().to_owned()
        };
        Palette {
            inks: Ink::ALL.into_iter().map(|ink| value(ink.token())).collect(),
            maps: ColorMap::ALL.map(|map| {
                let stops: Vec<_> = map.stops().iter().map(|token| parse_hex(&value(token))).collect();
                (0..LEVELS).map(|level| mix(&stops, level as f32 / (LEVELS - 1) as f32)).collect()
            }),
            text_font: value("--font-text"),
            mono_font: value("--font-mono"),
        }
    }

    fn ink(&self, ink: Ink) -> &str {
        &self.inks[ink.idx()]
    }

    fn color(&self, map: ColorMap, value: f32) -> [u8; 3] {
        let level = map.position(value) * (LEVELS - 1) as f32;
        self.maps[map as usize][level.round() as usize]
    }
}

impl Colors for Palette {
    fn ink(&self, ink: Ink) -> String {
        Palette::ink(self, ink).to_owned()
    }

    fn cell(&self, map: ColorMap, value: f32) -> [u8; 3] {
        self.color(map, value)
    }

    fn font(&self, mono: bool) -> String {
        if mono { self.mono_font.clone() } else { self.text_font.clone() }
    }
}

/// `#rrggbb`; anything else is black, which a test on the style sheet rules out.
fn parse_hex(text: &str) -> [u8; 3] {
    let part = |at| text.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    [part(1), part(3), part(5)]
}

fn mix(stops: &[[u8; 3]], at: f32) -> [u8; 3] {
    let scaled = at * (stops.len() - 1) as f32;
    let low = (scaled as usize).min(stops.len() - 2);
    let share = scaled - low as f32;
    std::array::from_fn(|channel| {
        let (a, b) = (f32::from(stops[low][channel]), f32::from(stops[low + 1][channel]));
        (a + (b - a) * share).round() as u8
    })
}

/// Paints the scene and sizes the canvas to it, sharp on any display.
///
/// # Errors
/// When the browser refuses a context or an image, as it may when it runs out of memory.
pub fn paint(canvas: &HtmlCanvasElement, scene: &Scene, palette: &Palette) -> Result<(), JsValue> {
    let ratio = window().device_pixel_ratio().max(1.0);
    let (width, height) = ((scene.width * ratio).round() as u32, (scene.height * ratio).round() as u32);
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
        let size = format!("inline-size:{}px;block-size:{}px", scene.width, scene.height);
        canvas.set_attribute("style", &size)?;
    }
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    paint_on(&context.unchecked_into(), scene, ratio, palette)
}

/// Paints the scene on a context that has `ratio` pixels to a CSS pixel.
///
/// # Errors
/// As [`paint`].
pub fn paint_on(
    context: &CanvasRenderingContext2d,
    scene: &Scene,
    ratio: f64,
    palette: &Palette,
) -> Result<(), JsValue> {
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
    context.clear_rect(0.0, 0.0, scene.width, scene.height);
    let mut font = String::new();
    for draw in &scene.draws {
        paint_one(context, draw, palette, &mut font)?;
    }
    Ok(())
}

/// `font` is the one in force: numbers of a grid share theirs, and to set it costs more than to write one.
fn paint_one(
    context: &CanvasRenderingContext2d,
    draw: &Draw,
    palette: &Palette,
    font: &mut String,
) -> Result<(), JsValue> {
    match draw {
        Draw::Fill { area, ink } => {
            context.set_fill_style_str(palette.ink(*ink));
            context.fill_rect(area.x, area.y, area.width, area.height);
        }
        Draw::Stroke { area, pen } => {
            set_pen(context, *pen, palette)?;
            context.stroke_rect(area.x, area.y, area.width, area.height);
        }
        Draw::Polyline { points, pen } => {
            set_pen(context, *pen, palette)?;
            context.begin_path();
            for point in points {
                context.line_to(point.x, point.y);
            }
            context.stroke();
        }
        Draw::Segments { segments, pen } => {
            set_pen(context, *pen, palette)?;
            context.begin_path();
            for (from, to) in segments {
                context.move_to(from.x, from.y);
                context.line_to(to.x, to.y);
            }
            context.stroke();
        }
        Draw::Text { at, text, ink, size, align, mono } => {
            let family = if *mono { &palette.mono_font } else { &palette.text_font };
            let wanted = format!("{size}px {family}");
            if *font != wanted {
                context.set_font(&wanted);
                *font = wanted;
            }
            context.set_fill_style_str(palette.ink(*ink));
            context.set_text_baseline("middle");
            context.set_text_align(match align {
                Align::Start => "left",
                Align::Middle => "center",
                Align::End => "right",
            });
            context.fill_text(text, at.x, at.y)?;
        }
        Draw::Cells { area, cols, values, map } => paint_cells(context, *area, *cols, values, *map, palette)?,
        Draw::Hatch { area, ink, gap } => paint_hatch(context, *area, *ink, *gap, palette)?,
    }
    Ok(())
}

fn set_pen(context: &CanvasRenderingContext2d, pen: Pen, palette: &Palette) -> Result<(), JsValue> {
    context.set_stroke_style_str(palette.ink(pen.ink));
    context.set_line_width(pen.width);
    context.set_line_join("round");
    let lengths: &[f64] = match pen.dash {
        Dash::Solid => &[],
        Dash::Dashed => &[7.0, 5.0],
        Dash::Dotted => &[2.0, 4.0],
    };
    let dash: js_sys::Array = lengths.iter().map(|length| JsValue::from_f64(*length)).collect();
    context.set_line_dash(&dash)
}

/// One small image, enlarged without smoothing: two calls instead of one per cell.
fn paint_cells(
    context: &CanvasRenderingContext2d,
    area: Area,
    cols: usize,
    values: &[f32],
    map: ColorMap,
    palette: &Palette,
) -> Result<(), JsValue> {
    let rows = values.len() / cols.max(1);
    if rows == 0 {
        return Ok(());
    }
    let mut pixels = Vec::with_capacity(values.len() * 4);
    for value in values {
        let [r, g, b] = palette.color(map, *value);
        // Not-a-number is a cell without a value yet.
        pixels.extend([r, g, b, if value.is_nan() { 0 } else { 255 }]);
    }
    let Some((scratch, small)) = scratch(cols as u32, rows as u32)? else { return Ok(()) };
    // It looks into this program's memory, which must not grow before it is drawn.
    let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), cols as u32)?;
    small.put_image_data(&image, 0.0, 0.0)?;
    context.set_image_smoothing_enabled(false);
    context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &scratch,
        0.0,
        0.0,
        cols as f64,
        rows as f64,
        area.x,
        area.y,
        area.width,
        area.height,
    )
}

/// A canvas of at least that size that nobody sees. It is made once: a picture that moves would make a dozen for
/// every frame, and the browser would stop to clear them away.
fn scratch(
    width: u32,
    height: u32,
) -> Result<Option<(HtmlCanvasElement, CanvasRenderingContext2d)>, JsValue> {
    thread_local! {
        static SCRATCH: RefCell<Option<HtmlCanvasElement>> = const { RefCell::new(None) };
    }
    let canvas = match SCRATCH.with_borrow(Clone::clone) {
        Some(canvas) => canvas,
        None => document().create_element("canvas")?.unchecked_into(),
    };
    if canvas.width() < width || canvas.height() < height {
        canvas.set_width(canvas.width().max(width));
        canvas.set_height(canvas.height().max(height));
    }
    let context = canvas.get_context("2d")?.map(JsCast::unchecked_into);
    SCRATCH.set(Some(canvas.clone()));
    Ok(context.map(|context| (canvas, context)))
}

fn paint_hatch(
    context: &CanvasRenderingContext2d,
    area: Area,
    ink: Ink,
    gap: f64,
    palette: &Palette,
) -> Result<(), JsValue> {
    context.save();
    context.begin_path();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
    set_pen(context, Pen::solid(ink, 1.5), palette)?;
    context.begin_path();
    // Lines keep to multiples of the gap on the whole canvas, so that neighbouring areas join up.
    let mut at = ((area.x + area.y) / gap).floor() * gap;
    while at < area.x + area.width + area.y + area.height {
        context.move_to(at - area.y, area.y);
        context.line_to(at - area.y - area.height, area.y + area.height);
        at += gap;
    }
    context.stroke();
    context.restore();
    Ok(())
}
