//! What the pictures show, in sentences and names.

use crate::engine::layers::Activation;
use crate::ui::context::{locale_of, shell};
use crate::ui::convolution::{Computed, Preset, Setup, Source};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::convolution::Names;
use crate::ui::widgets::products::SheetWords;
use crate::ui::widgets::sliding_filter::{Known, Scope, Spot};
use leptos::prelude::Get;

/// Digits after the point in sentences.
const DECIMALS: usize = 3;

fn locale() -> Locale {
    locale_of(shell().language.get())
}

/// A number in the reader's notation.
fn number(value: f32) -> String {
    shell().language.get().short(f64::from(value), DECIMALS)
}

/// A name for each channel of the input.
pub fn channel_names(setup: &Setup) -> Vec<String> {
    let locale = locale();
    let is_coloured = setup.shape[2] == 3
        && match &setup.source {
            Source::Landscape => true,
            Source::Own(picture) => picture.shape[2] == 3,
            _ => false,
        };
    let name = |channel: usize| match (is_coloured, channel) {
        (true, 0) => td_string!(locale, convolution.names.red).to_string(),
        (true, 1) => td_string!(locale, convolution.names.green).to_string(),
        (true, _) => td_string!(locale, convolution.names.blue).to_string(),
        (false, _) => td_string!(locale, convolution.names.channel, number = channel + 1).to_string(),
    };
    (0..setup.shape[2]).map(name).collect()
}

/// An activation as it stands in a sentence.
fn activation_name(activation: Activation) -> &'static str {
    match activation {
        Activation::Linear => "",
        Activation::Relu => "ReLU",
        other => other.name(),
    }
}

/// Every name in the pictures.
pub fn names(computed: &Computed) -> Names {
    let locale = locale();
    let filter = |idx: usize| td_string!(locale, convolution.names.filter, number = idx + 1).to_string();
    let sheet = SheetWords {
        channels: channel_names(&computed.setup),
        sum: td_string!(locale, convolution.products.sum).to_string(),
        bias: td_string!(locale, convolution.products.bias).to_string(),
        activation: activation_name(computed.setup.layer.activation).to_owned(),
        over_filters: td_string!(locale, convolution.products.over_filters, filters = computed.outputs())
            .to_string(),
    };
    let captions = [
        caption(computed, false),
        caption(computed, true),
        td_string!(locale, convolution.products.title).to_string(),
    ];
    Names { captions, filters: (0..computed.outputs()).map(filter).collect(), sheet }
}

/// What stands above the input, or above the maps.
pub fn caption(computed: &Computed, of_maps: bool) -> String {
    let locale = locale();
    if of_maps {
        let ([rows, cols], count) = (computed.output(), computed.outputs());
        return td_string!(locale, convolution.stage.maps, count, rows, cols).to_string();
    }
    let [height, width, depth] = computed.setup.shape;
    let [rows, cols] = computed.axes.map(crate::ui::convolution::Axis::padded);
    if [rows, cols] == [height, width] {
        td_string!(locale, convolution.stage.input, height, width, depth).to_string()
    } else {
        td_string!(locale, convolution.stage.input_padded, height, width, depth, rows, cols).to_string()
    }
}

/// What is looked at, in words.
pub fn sentence(scope: Scope, known: &Known) -> String {
    match scope.spot {
        Spot::Window => cell_sentence(scope, known),
        Spot::Pixel(place) => pixel_sentence(scope, place),
        Spot::Weight(weight) => weight_sentence(scope, weight, known),
    }
}

/// Whether the cell that is looked at is still to be guessed.
fn is_hidden(scope: Scope, known: &Known) -> bool {
    matches!(known, Known::Guessed(_)) && !known.has(scope.current, scope.current)
}

fn cell_sentence(scope: Scope, known: &Known) -> String {
    let (computed, locale) = (scope.computed, locale());
    let Some(arithmetic) = computed.arithmetic(scope.filter, scope.current) else { return String::new() };
    let [row, col] = computed.cell(scope.current).map(|at| at + 1);
    let place = if computed.outputs() > 1 {
        td_string!(locale, convolution.say.place_of, filter = scope.filter + 1, row, col).to_string()
    } else {
        td_string!(locale, convolution.say.place, row, col).to_string()
    };
    if is_hidden(scope, known) {
        return format!("{place} {}", td_string!(locale, convolution.say.hidden));
    }
    let layer = &computed.setup.layer;
    let products: f32 = arithmetic.channels.iter().map(|part| part.sum).sum();
    let (sum, value) = (number(products), SheetWords::value(&arithmetic, shell().language.get()));
    let name = activation_name(layer.activation).to_owned();
    let bias = number(arithmetic.bias);
    let total = number(arithmetic.sum);
    let over_filters = arithmetic.rule().zip(arithmetic.over_filters(number));
    let is_last = layer.activation == Activation::Linear || over_filters.is_some();
    let mut words = match (layer.use_bias, is_last) {
        (false, true) => td_string!(locale, convolution.say.sum, sum).to_string(),
        (true, true) => td_string!(locale, convolution.say.with_bias, sum, bias, total).to_string(),
        (false, false) => {
            td_string!(locale, convolution.say.activated, sum, name = name.clone(), value = value.clone())
                .to_string()
        }
        (true, false) => {
            td_string!(locale, convolution.say.whole, sum, bias, name = name.clone(), value = value.clone())
                .to_string()
        }
    };
    if let Some((rule, formula)) = over_filters {
        let (filters, formula) = (computed.outputs(), format!("{rule} = {formula}"));
        let then = td_string!(locale, convolution.say.over_filters, name, filters, formula, value);
        words = format!("{words} {then}");
    }
    format!("{place} {words}")
}

fn pixel_sentence(scope: Scope, [row, col]: [usize; 2]) -> String {
    let (computed, locale) = (scope.computed, locale());
    let axes = computed.axes;
    let count = scope.fed().len();
    let place = [row, col];
    let own: Vec<Option<usize>> = (0..2)
        .map(|axis| place[axis].checked_sub(axes[axis].before()).filter(|at| *at < axes[axis].length))
        .collect();
    let what = if let [Some(row), Some(col)] = own[..] {
        let values =
            (0..computed.setup.shape[2]).filter_map(|channel| computed.pixel(place[0], place[1], channel));
        // Where the comma is a decimal one, it cannot separate.
        let values = values.map(number).collect::<Vec<_>>().join("; ");
        td_string!(locale, convolution.say.pixel, row = row + 1, col = col + 1, values).to_string()
    } else {
        td_string!(locale, convolution.say.padding, row = row + 1, col = col + 1).to_string()
    };
    let fed = if count == 0 {
        td_string!(locale, convolution.say.feeds_nothing).to_string()
    } else {
        td_string!(locale, convolution.say.feeds, count = count).to_string()
    };
    let met = scope.weight().map(|[row, col]| {
        format!(" {}", td_string!(locale, convolution.say.meets, row = row + 1, col = col + 1))
    });
    format!("{what} {fed}{}", met.unwrap_or_default())
}

fn weight_sentence(scope: Scope, weight: [usize; 2], known: &Known) -> String {
    let (computed, locale) = (scope.computed, locale());
    let [row, col] = weight.map(|at| at + 1);
    let count = computed.len();
    let first = td_string!(locale, convolution.say.weight, count = count, row, col).to_string();
    let Some(arithmetic) = computed.arithmetic(scope.filter, scope.current) else { return first };
    let at = weight[0] * arithmetic.size[1] + weight[1];
    let pair = |part: &crate::ui::convolution::ChannelPart| {
        let product = if is_hidden(scope, known) { "?".into() } else { number(part.products[at]) };
        format!("{} × {} = {product}", number(part.window[at]), number(part.weights[at]))
    };
    let pairs = arithmetic.channels.iter().map(pair).collect::<Vec<_>>().join("; ");
    format!("{first} {}", td_string!(locale, convolution.say.pairs, pairs))
}

/// A ready-made kernel's name.
pub fn preset_name(preset: Preset) -> String {
    let locale = locale();
    match preset {
        Preset::Identity => td_string!(locale, convolution.preset.identity).to_string(),
        Preset::BoxBlur => td_string!(locale, convolution.preset.box_blur).to_string(),
        Preset::Gaussian => td_string!(locale, convolution.preset.gaussian).to_string(),
        Preset::Sharpen => td_string!(locale, convolution.preset.sharpen).to_string(),
        Preset::SobelVertical => td_string!(locale, convolution.preset.sobel_vertical).to_string(),
        Preset::SobelHorizontal => td_string!(locale, convolution.preset.sobel_horizontal).to_string(),
        Preset::ScharrVertical => td_string!(locale, convolution.preset.scharr_vertical).to_string(),
        Preset::ScharrHorizontal => td_string!(locale, convolution.preset.scharr_horizontal).to_string(),
        Preset::Laplacian => td_string!(locale, convolution.preset.laplacian).to_string(),
        Preset::Emboss => td_string!(locale, convolution.preset.emboss).to_string(),
        Preset::Gabor => td_string!(locale, convolution.preset.gabor).to_string(),
        Preset::StrokeHorizontal => td_string!(locale, convolution.preset.stroke_horizontal).to_string(),
        Preset::StrokeVertical => td_string!(locale, convolution.preset.stroke_vertical).to_string(),
        Preset::StrokeRising => td_string!(locale, convolution.preset.stroke_rising).to_string(),
        Preset::StrokeFalling => td_string!(locale, convolution.preset.stroke_falling).to_string(),
    }
}

/// What a ready-made kernel does.
pub fn preset_hint(preset: Preset) -> String {
    let locale = locale();
    match preset {
        Preset::Identity => td_string!(locale, convolution.does.identity).to_string(),
        Preset::BoxBlur => td_string!(locale, convolution.does.box_blur).to_string(),
        Preset::Gaussian => td_string!(locale, convolution.does.gaussian).to_string(),
        Preset::Sharpen => td_string!(locale, convolution.does.sharpen).to_string(),
        Preset::SobelVertical | Preset::SobelHorizontal => {
            td_string!(locale, convolution.does.sobel).to_string()
        }
        Preset::ScharrVertical | Preset::ScharrHorizontal => {
            td_string!(locale, convolution.does.scharr).to_string()
        }
        Preset::Laplacian => td_string!(locale, convolution.does.laplacian).to_string(),
        Preset::Emboss => td_string!(locale, convolution.does.emboss).to_string(),
        Preset::Gabor => td_string!(locale, convolution.does.gabor).to_string(),
        Preset::StrokeHorizontal | Preset::StrokeVertical | Preset::StrokeRising | Preset::StrokeFalling => {
            td_string!(locale, convolution.does.stroke).to_string()
        }
    }
}
