//! Blocks of numbers: pixels × weights = products, channel by channel; then what becomes of the sums.

use super::state::{Form, Layout, Row, Sheet};
use crate::engine::layers::Activation;
use crate::ui::convolution::{Arithmetic, ChannelPart};
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, push_grid};

/// Height of a line below the blocks, in px.
const LINE: f64 = 27.0;
/// Size of its letters, in px.
const LETTERS: f64 = 16.0;
/// Its letters are made smaller down to this before it is broken, in px.
const LEAST_LETTERS: f64 = 12.0;
/// Width of a letter of size 1.
const LETTER: f64 = 0.56;
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
    /// After the name of an activation that looks at every filter's sum.
    pub over_filters: String,
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
            let value =
                if sheet.is_hidden { "?".to_owned() } else { SheetWords::value(arithmetic, language) };
            match (arithmetic.rule(), arithmetic.over_filters(number)) {
                (Some(rule), Some(_)) if sheet.is_hidden => {
                    lines.push(format!("{} {}:", self.activation, self.over_filters));
                    lines.push(format!("{rule} = ?"));
                }
                (Some(rule), Some(formula)) => {
                    lines.push(format!("{} {}:", self.activation, self.over_filters));
                    lines.push(format!("{rule} = {formula}"));
                    lines.push(format!("= {value}"));
                }
                _ => lines.push(format!("{}({}) = {value}", self.activation, number(arithmetic.sum))),
            }
        }
        lines
    }

    /// What is written into the map. A small value that is no rounding error of a sum is not written as 0.
    pub fn value(arithmetic: &Arithmetic, language: Language) -> String {
        let short = |value: f32| language.short(f64::from(value), DECIMALS);
        let text = short(arithmetic.value);
        if arithmetic.rule().is_none() {
            let is_small = text == "0" && arithmetic.value != 0.0 && short(arithmetic.sum) != "0";
            return if is_small { powered(arithmetic.value, language) } else { text };
        }
        match (text.as_str(), arithmetic.value) {
            // Softmax of one filter alone is exactly 1, and its logarithm 0.
            ("0", 0.0) if arithmetic.activation == Activation::LogSoftmax => text,
            // A share that float32 has no room for.
            ("0", 0.0) => format!("0 (< {})", powered(f32::MIN_POSITIVE, language)),
            ("0", value) => powered(value, language),
            _ => text,
        }
    }
}

/// A small number with its power of ten, as in `1.2e-5`.
fn powered(value: f32, language: Language) -> String {
    let text = format!("{value:.1e}");
    let parts = text
        .split_once('e')
        .and_then(|(digits, power)| Some((digits.parse::<f64>().ok()?, power.parse::<i64>().ok()?)));
    parts.map_or(text.clone(), |(digits, power)| {
        format!("{}e{}", language.short(digits, 1), language.integer(power))
    })
}

/// A line in as many as a page takes whose lines have room for `room` letters.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Draws one output cell's arithmetic.
pub fn products_scene(sheet: &Sheet, words: &SheetWords, language: Language, width: f64) -> Scene {
    let parts = &sheet.arithmetic.channels;
    let layout = Layout::new(parts.len(), sheet.open, sheet.arithmetic.size, width);
    let room = ((width - 6.0) / (LEAST_LETTERS * LETTER)) as usize;
    let lines: Vec<String> =
        words.lines(sheet, language).iter().flat_map(|line| broken(line, room)).collect();
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
        let size = LETTERS.min((width - 6.0) / (text.chars().count() as f64 * LETTER));
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
        let over_filters = "over filters".into();
        SheetWords { channels: vec!["first".into(), "second".into()], sum, bias, activation, over_filters }
    }

    fn shared(activation: Activation, depthwise: bool, bias: &[f32]) -> Computed {
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.shape[2] = if depthwise { 8 } else { 1 };
            setup.layer.depthwise = depthwise;
            setup.layer.filters = if depthwise { 4 } else { bias.len() };
            setup.layer.use_bias = true;
            setup.layer.activation = activation;
        });
        setup.filters.iter_mut().for_each(|filter| filter.weights.fill(0.0));
        let count = setup.outputs();
        setup.bias = (0..count).map(|idx| bias[idx % bias.len()]).collect();
        Computed::new(Arc::new(setup), None)
    }

    fn lines_of(computed: &Computed, language: Language, is_hidden: bool) -> Vec<String> {
        let activation = computed.setup.layer.activation.name().to_owned();
        let words = SheetWords { activation, ..words() };
        words.lines(&sheet(computed, Spot::Window, is_hidden), language).split_off(2)
    }

    #[test]
    fn softmax_shows_every_filters_sum_and_a_small_share_is_not_0() {
        let computed = shared(Activation::Softmax, false, &[-10.0, 1.0, 0.5]);
        let lines = lines_of(&computed, Language::En, false);
        assert_eq!(lines, ["softmax over filters:", "e^s / Σ e^s = e^−10 / (e^−10 + e^1 + e^0.5)", "= 1e−5"]);
        assert_eq!(lines_of(&computed, Language::Ru, false)[2], "= 1e−5");
        let hidden = lines_of(&computed, Language::En, true);
        assert_eq!(hidden, ["softmax over filters:", "e^s / Σ e^s = ?"]);
        let lost = shared(Activation::Softmax, false, &[-900.0, 1.0]);
        assert_eq!(lines_of(&lost, Language::Ru, false)[2], "= 0 (< 1,2e−38)");
        let sure = shared(Activation::LogSoftmax, false, &[0.0, -10.0]);
        assert_eq!(
            lines_of(&sure, Language::En, false)[1..],
            ["s − ln Σ e^s = 0 − ln(e^0 + e^−10)", "= −4.5e−5"]
        );
        let curve = shared(Activation::Sigmoid, false, &[-10.0]);
        assert_eq!(lines_of(&curve, Language::En, false), ["sigmoid(−10) = 4.5e−5"]);
    }

    #[test]
    fn sums_of_32_filters_are_broken_into_lines_that_can_be_read() {
        let computed = shared(Activation::Softmax, true, &[-123.456, 98.765, 87.654, 1.0, 99.123]);
        let sheet = sheet(&computed, Spot::Window, false);
        for width in [250.0, 320.0, 560.0, 830.0] {
            let scene = products_scene(&sheet, &words(), Language::Ru, width);
            for draw in &scene.draws {
                if let Draw::Text { at, text, size, align: Align::Start, .. } = draw {
                    assert!(*size >= LEAST_LETTERS, "{text} is {size} px at {width}");
                    assert!(at.y < scene.height);
                    assert!(text.chars().count() as f64 * size * LETTER <= width - 5.0, "{text} at {width}");
                }
            }
        }
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
