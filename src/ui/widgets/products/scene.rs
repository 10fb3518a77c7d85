//! Blocks of numbers: pixels × weights = products, channel by channel; then what becomes of the sums.

use super::state::{Form, Layout, Row, Sheet};
use crate::ui::convolution::ChannelPart;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, push_grid};

/// Height of a line below the blocks, in px.
const LINE: f64 = 27.0;
/// Size of its letters, in px.
const LETTERS: f64 = 16.0;
/// Digits after the point of sums.
const DECIMALS: usize = 3;

/// What is written beside the numbers.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SheetWords {
    /// A name for each channel of the input.
    pub channels: Vec<String>,
    /// Before the sum of all products.
    pub sum: String,
    /// Before the bias.
    pub bias: String,
    /// The activation's name; empty for none.
    pub activation: String,
}

impl SheetWords {
    /// The lines below the blocks.
    pub fn lines(&self, sheet: &Sheet, language: Language) -> Vec<String> {
        let number = |value: f32| {
            if sheet.is_hidden { "?".to_owned() } else { language.short(f64::from(value), DECIMALS) }
        };
        let arithmetic = &sheet.arithmetic;
        let parts: Vec<f32> = arithmetic.channels.iter().map(|part| part.sum).collect();
        let products = number(parts.iter().sum());
        let mut lines = vec![if (2..=4).contains(&parts.len()) {
            let each =
                parts.iter().map(|sum| number(*sum)).collect::<Vec<_>>().join(" + ").replace("+ −", "− ");
            format!("{}: {each} = {products}", self.sum)
        } else {
            format!("{}: {products}", self.sum)
        }];
        if sheet.has_bias {
            let bias = language.short(f64::from(arithmetic.bias), DECIMALS);
            lines.push(format!("+ {} {bias} = {}", self.bias, number(arithmetic.sum)));
        }
        if !self.activation.is_empty() {
            lines.push(format!(
                "{}({}) = {}",
                self.activation,
                number(arithmetic.sum),
                number(arithmetic.value)
            ));
        }
        lines
    }
}

/// Draws one output cell's arithmetic.
pub fn products_scene(sheet: &Sheet, words: &SheetWords, language: Language, width: f64) -> Scene {
    let parts = &sheet.arithmetic.channels;
    let layout = Layout::new(parts.len(), sheet.open, sheet.arithmetic.size, width);
    let lines = words.lines(sheet, language);
    let mut scene = Scene::new(width, layout.bottom + LINE * lines.len() as f64 + 2.0);
    for ((row, part), (map, scale)) in layout.rows.iter().zip(parts).zip(&sheet.looks) {
        let pixels = Look { map: *map, scale: *scale, language, decimals: 2 };
        push_row(&mut scene, row, part, sheet, pixels);
        if parts.len() > 1 {
            let name = words.channels.get(part.channel).map_or("", String::as_str);
            let sum =
                if sheet.is_hidden { "?".into() } else { language.short(f64::from(part.sum), DECIMALS) };
            let ink = if row.form == Form::Small { Ink::Muted } else { Ink::Text };
            push_text(&mut scene, row.name, format!("{name}: Σ = {sum}"), 14.0, ink);
        }
    }
    for (idx, text) in lines.into_iter().enumerate() {
        let at = Point { x: 3.0, y: layout.bottom + (idx as f64 + 0.5) * LINE };
        // The longest line of a narrow page is made smaller rather than cut off.
        let size = LETTERS.min((width - 6.0) / (text.chars().count() as f64 * 0.56));
        push_text(&mut scene, at, text, size, Ink::Text);
    }
    scene
}

fn push_text(scene: &mut Scene, at: Point, text: String, size: f64, ink: Ink) {
    scene.push(Draw::Text { at, text, ink, size, align: Align::Start, mono: false });
}

fn push_row(scene: &mut Scene, row: &Row, part: &ChannelPart, sheet: &Sheet, pixels: Look) {
    let [window, weights, products] = row.blocks;
    let signed = Look { map: ColorMap::Diverging, scale: sheet.scale * pixels.scale.max(1.0), ..pixels };
    let of_weights = Look { scale: sheet.scale, ..signed };
    if row.form == Form::Pairs {
        push_pairs(scene, window, part, pixels);
    } else {
        push_grid(scene, window, &part.window, pixels);
        push_zeros(scene, window, part);
        push_grid(scene, weights, &part.weights, of_weights);
        push_sign(scene, window, weights, "×");
    }
    if sheet.is_hidden {
        push_grid(scene, products, &vec![f32::NAN; part.products.len()], signed);
    } else {
        push_grid(scene, products, &part.products, signed);
    }
    push_sign(scene, weights, products, "=");
    scene.push(Draw::Stroke { area: window.area(), pen: Pen::solid(Ink::Window, 2.5) });
    if let Some([at_row, at_col]) = sheet.mark {
        for block in [window, weights, products] {
            let area = block.part(at_row, at_col, 1, 1);
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 5.0) });
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 2.0) });
        }
    }
}

/// Zeros of the padding are struck through, so that they are not taken for pixels.
fn push_zeros(scene: &mut Scene, frame: Frame, part: &ChannelPart) {
    let padding = part.is_padding.iter().enumerate().filter(|(_, is_padding)| **is_padding);
    let slash = |(idx, _): (usize, &bool)| {
        let Area { x, y, width, height } = frame.part(idx / frame.cols, idx % frame.cols, 1, 1).grown(-1.5);
        (Point { x, y: y + height }, Point { x: x + width, y })
    };
    let segments: Vec<_> = padding.map(slash).collect();
    if !segments.is_empty() {
        scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Line, 1.0) });
    }
}

/// A pixel over its weight in each cell.
fn push_pairs(scene: &mut Scene, frame: Frame, part: &ChannelPart, look: Look) {
    let shades: Vec<f32> = part.window.iter().map(|value| value / look.scale).collect();
    let area = frame.area();
    scene.push(Draw::Fill { area, ink: Ink::Paper });
    scene.push(Draw::Cells { area, cols: frame.cols, values: shades.clone(), map: look.map });
    for (idx, (pixel, weight)) in part.window.iter().zip(&part.weights).enumerate() {
        let middle = frame.middle(idx / frame.cols, idx % frame.cols);
        let ink = look.map.ink_on(shades[idx]);
        let number = |value: f32| look.language.short(f64::from(value), look.decimals);
        for (shift, text) in [(-0.2, number(*pixel)), (0.2, format!("×{}", number(*weight)))] {
            let size = ((frame.cell - 4.0) / (text.chars().count().max(4) as f64 * 0.6)).min(14.0);
            let at = Point { x: middle.x, y: middle.y + shift * frame.cell };
            scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
        }
    }
}

/// A sign between two blocks, beside or below each other.
fn push_sign(scene: &mut Scene, before: Frame, after: Frame, sign: &str) {
    let (a, b) = (before.area(), after.area());
    let at = if b.x > a.x {
        Point { x: (a.x + a.width + b.x) / 2.0, y: a.y + a.height / 2.0 }
    } else {
        Point { x: a.x + a.width / 2.0, y: (a.y + a.height + b.y) / 2.0 }
    };
    let size = if before.cell * before.cols as f64 > 70.0 { 24.0 } else { 15.0 };
    scene.push(Draw::Text { at, text: sign.into(), ink: Ink::Text, size, align: Align::Middle, mono: false });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Activation;
    use crate::ui::convolution::{Computed, PadChoice, Setup};
    use crate::ui::widgets::sliding_filter::{Scope, Spot};
    use std::sync::Arc;

    fn computed(depth: usize) -> Computed {
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.shape[2] = depth;
            setup.layer.padding = PadChoice::Same;
            setup.layer.use_bias = true;
            setup.layer.activation = Activation::Relu;
        });
        setup.bias = vec![-0.5];
        Computed::new(Arc::new(setup), None)
    }

    fn sheet(computed: &Computed, spot: Spot, is_hidden: bool) -> Sheet {
        Sheet::of(Scope { computed, filter: 0, current: 12 * 28 + 13, spot }, 0, is_hidden).unwrap()
    }

    fn words() -> SheetWords {
        let [sum, bias, activation] = ["Σ", "bias", "relu"].map(str::to_owned);
        SheetWords { channels: vec!["first".into(), "second".into()], sum, bias, activation }
    }

    #[test]
    fn all_75_numbers_and_the_lines_are_written_at_any_width() {
        let computed = computed(1);
        let sheet = sheet(&computed, Spot::Window, false);
        for (width, signs) in [(280.0, 1), (500.0, 1), (600.0, 2), (830.0, 2)] {
            let scene = products_scene(&sheet, &words(), Language::Ru, width);
            assert_eq!(scene.texts().count(), 75 + signs + 3, "{width}");
            for draw in &scene.draws {
                if let Draw::Text { text, size, .. } = draw {
                    assert!(*size >= 9.5, "{text} is {size} px at {width}");
                }
            }
        }
    }

    #[test]
    fn sums_of_channels_stand_beside_them_and_the_lines_add_up() {
        let computed = computed(2);
        let sheet = sheet(&computed, Spot::Weight([1, 2]), false);
        let arithmetic = &sheet.arithmetic;
        let lines = words().lines(&sheet, Language::En);
        let each = |idx: usize| Language::En.short(f64::from(arithmetic.channels[idx].sum), 3);
        let both = format!("{} + {}", each(0), each(1)).replace("+ −", "− ");
        assert!(lines[0].starts_with(&format!("Σ: {both} = ")), "{lines:?}");
        assert!(lines[1].starts_with("+ bias −0.5 = "), "{lines:?}");
        assert!(lines[2].starts_with("relu(") && lines.len() == 3);
        let scene = products_scene(&sheet, &words(), Language::En, 800.0);
        assert!(scene.texts().any(|text| text == format!("second: Σ = {}", each(1))));
        let marked = Pen::solid(Ink::Window, 2.0);
        let marks =
            scene.draws.iter().filter(|draw| matches!(draw, Draw::Stroke { pen, .. } if *pen == marked));
        assert_eq!(marks.count(), 6);
    }

    #[test]
    fn what_is_to_be_guessed_is_not_written() {
        let computed = computed(1);
        let sheet = sheet(&computed, Spot::Window, true);
        let scene = products_scene(&sheet, &words(), Language::En, 830.0);
        assert_eq!(scene.texts().count(), 50 + 2 + 3);
        assert_eq!(words().lines(&sheet, Language::En), ["Σ: ?", "+ bias −0.5 = ?", "relu(?) = ?"]);
    }
}
