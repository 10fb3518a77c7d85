//! The front of a trained network, and what an address carries of it, so that a link shows the same maps.
//!
//! `1.<layers>.<weights>`: base 64 of JSON and of little-endian `f32`, every weight to the bit. A network that is too
//! large for a link leaves `mark-<16 hex digits>` there, by which another browser can tell whether the network it
//! holds is the same one.

use super::field::Geometry;
use crate::engine::layers::{LayerDef, LayerSpec, ParamSpec};
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;
use crate::ui::convolution::text::{from_base64, to_base64};
use crate::ui::one_layer;
use serde_json::{Map, Value};
use std::mem::discriminant;
use std::sync::Arc;

/// The layers of a trained network that see places, up to the first that does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// Tells it from other networks; first, so that these are told apart without a look at their weights.
    mark: u64,
    /// Height, width and channels of its input.
    pub shape: [usize; 3],
    /// The layers, without the arguments that only training reads.
    pub layers: Vec<LayerSpec>,
    /// The parameters of each.
    pub params: Vec<Vec<f32>>,
}

impl Trained {
    /// Takes the front of a network; nothing when it has no convolution there.
    pub fn of(spec: &ModelSpec, params: &[f32]) -> Option<Trained> {
        let shapes = spec.shapes().ok()?;
        let (height, width, channels) = spec.input_shape.image()?;
        let shape = [height, width, channels];
        let mut trained = Trained { mark: 0, shape, layers: vec![], params: vec![] };
        let (mut begin, mut input) = (0, spec.input_shape.clone());
        for (layer, output) in spec.layers.iter().zip(shapes.into_iter().skip(1)) {
            let (Some((rows, cols, _)), Some((height, width, _))) = (input.image(), output.image()) else {
                break;
            };
            let axes = [(0, rows, height), (1, cols, width)];
            // Where channels come first the last axes are other ones.
            let fits = |(which, before, after): (usize, usize, usize)| {
                Geometry::of(layer, which, before).is_some_and(|geometry| geometry.output == after)
            };
            if !axes.into_iter().all(fits) {
                break;
            }
            let end = begin + one_layer::num_params(layer, &input);
            trained.layers.push(plain(layer));
            trained.params.push(params.get(begin..end)?.to_vec());
            (begin, input) = (end, output);
        }
        let is_convolution = |layer: &LayerSpec| {
            matches!(
                layer,
                LayerSpec::Conv2d(_) | LayerSpec::DepthwiseConv2d(_) | LayerSpec::SeparableConv2d(_)
            )
        };
        trained.mark = trained.fnv();
        trained.layers.iter().any(is_convolution).then_some(trained)
    }

    /// How many weights it has.
    pub fn num_params(&self) -> usize {
        self.params.iter().map(Vec::len).sum()
    }

    /// Tells it from other networks: a hash of layers and weights.
    pub fn mark(&self) -> u64 {
        self.mark
    }

    /// FNV-1a, 64 bits.
    fn fnv(&self) -> u64 {
        let bytes = self.layers_json().into_iter().chain(self.weight_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |mark: u64, byte| {
            (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    fn layers_json(&self) -> Vec<u8> {
        let layers: Vec<Value> = self.layers.iter().filter_map(short).collect();
        serde_json::json!({ "input_shape": self.shape, "layers": layers }).to_string().into_bytes()
    }

    fn weight_bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.params.iter().flatten().flat_map(|weight| weight.to_le_bytes())
    }

    fn to_text(&self) -> String {
        let weights: Vec<u8> = self.weight_bytes().collect();
        format!("{VERSION}.{}.{}", to_base64(&self.layers_json()), to_base64(&weights))
    }

    fn from_text(text: &str) -> Option<Trained> {
        let parts: Vec<&str> = text.splitn(4, '.').collect();
        let [VERSION, layers, weights] = parts[..] else { return None };
        let json: Value = serde_json::from_slice(&from_base64(layers)?).ok()?;
        if !is_modest(&json) {
            return None;
        }
        let mut spec: ModelSpec = serde_json::from_value(json).ok()?;
        spec.layers = spec.layers.iter().map(plain).collect();
        let bytes = from_base64(weights)?;
        let (words, rest) = bytes.as_chunks::<4>();
        let params: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
        let is_whole = rest.is_empty() && params.iter().all(|weight| weight.is_finite());
        if !is_whole || num_params_of(&spec)? != params.len() {
            return None;
        }
        let trained = Trained::of(&spec, &params)?;
        (trained.layers.len() == spec.layers.len()).then_some(trained)
    }
}

/// What an address says of the network whose kernels it shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Carried {
    /// Nothing: it is the network of whoever opens the link.
    Nothing,
    /// All of it.
    Whole(Arc<Trained>),
    /// [`Trained::mark`] of one that is too large for a link.
    Mark(u64),
}

impl Carried {
    /// Letters that a network takes in an address, at most: room for LeNet-5, and links of some 20 KB still
    /// survive mail and chats.
    pub const MAX_LETTERS: usize = 20 * 1024;
    /// Weights that fit in so many letters beside a handful of layers.
    pub const MOST_PARAMS: usize = 3700;
    /// Layers, at most.
    const MAX_LAYERS: usize = 32;
    /// Cells of all maps together, at most, so that a link is drawn in a moment.
    const MAX_CELLS: usize = 1 << 20;
    /// Maps of all layers together, at most.
    const MAX_MAPS: usize = 1024;
    /// Multiplications of one image, at most; the room for windows is no larger.
    const MAX_WORK: usize = 1 << 24;
    /// Numbers among the layers' arguments, at most.
    const MAX_ARGUMENT: f64 = 4096.0;

    /// The whole network, or its mark where no link can carry it.
    pub fn of(trained: &Arc<Trained>) -> Carried {
        // A weight takes more than five letters: millions of them need not be written to see that they are too many.
        let is_small = trained.num_params() <= Carried::MAX_LETTERS / 5;
        match is_small.then(|| Carried::from_text(&trained.to_text())).flatten() {
            // What cannot be read back as it was, to the bit of its mark, is not in the link.
            Some(Carried::Whole(read)) if read == *trained => Carried::Whole(trained.clone()),
            _ => Carried::Mark(trained.mark),
        }
    }

    /// The form in the address.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Carried::Nothing => None,
            Carried::Whole(trained) => Some(trained.to_text()),
            Carried::Mark(mark) => Some(format!("{MARK}{mark:016x}")),
        }
    }

    /// Reads [`Carried::to_text`]; nothing unless all of it makes sense and is within the limits.
    pub fn from_text(text: &str) -> Option<Carried> {
        if text.len() > Carried::MAX_LETTERS {
            return None;
        }
        if let Some(digits) = text.strip_prefix(MARK) {
            let is_hex = digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            return u64::from_str_radix(digits, 16).ok().filter(|_| is_hex).map(Carried::Mark);
        }
        Trained::from_text(text).map(|trained| Carried::Whole(Arc::new(trained)))
    }

    /// Whether it is this network.
    pub fn is(&self, trained: &Trained) -> bool {
        match self {
            Carried::Nothing => false,
            Carried::Whole(own) => **own == *trained,
            Carried::Mark(mark) => *mark == trained.mark,
        }
    }
}

/// The form's version: a later one may pack weights in another way.
const VERSION: &str = "1";
const MARK: &str = "mark-";

/// Arguments that only training reads, by the ends of their names.
const TRAINING: [&str; 6] =
    ["_initializer", "_regularizer", "_constraint", "trainable", "seed", "noise_shape"];

/// A layer as inference sees it, in JSON: what differs from Keras's defaults.
fn short(layer: &LayerSpec) -> Option<Value> {
    let usual = LayerSpec::palette().into_iter().find(|usual| discriminant(usual) == discriminant(layer))?;
    let (own, usual) = (serde_json::to_value(layer).ok()?, serde_json::to_value(usual).ok()?);
    let Value::Object(own) = own else { return None };
    // One entry: the class with its arguments.
    let (class, own) = own.into_iter().next()?;
    let Value::Object(own) = own else { return None };
    let is_told = |name: &str, value: &Value| {
        usual[&class].get(name) != Some(value) && !TRAINING.iter().any(|end| name.ends_with(end))
    };
    let told: Map<String, Value> = own.into_iter().filter(|(name, value)| is_told(name, value)).collect();
    Some(Value::Object(Map::from_iter([(class, Value::Object(told))])))
}

/// A layer without the arguments that only training reads.
fn plain(layer: &LayerSpec) -> LayerSpec {
    let read = short(layer).and_then(|short| serde_json::from_value(short).ok());
    read.unwrap_or_else(|| layer.clone())
}

/// Whether no number is so large that reckoning with it could leave the range of `usize` or take long.
fn is_modest(json: &Value) -> bool {
    match json {
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= Carried::MAX_ARGUMENT),
        Value::Array(values) => values.iter().all(is_modest),
        Value::Object(values) => values.values().all(is_modest),
        _ => true,
    }
}

/// How many parameters the layers have; nothing unless all of them see places and what they do is within the limits.
fn num_params_of(spec: &ModelSpec) -> Option<usize> {
    if spec.layers.len() > Carried::MAX_LAYERS {
        return None;
    }
    let mut input = spec.input_shape.clone();
    let (mut all, mut cells, mut maps, mut work) = (0, 0usize, 0usize, 0usize);
    let mut count = |shape: &Shape| {
        let (_, _, channels) = shape.image()?;
        cells = cells.saturating_add(shape.size());
        maps = maps.saturating_add(channels);
        (shape.size() > 0 && cells <= Carried::MAX_CELLS && maps <= Carried::MAX_MAPS).then_some(())
    };
    count(&input)?;
    for layer in &spec.layers {
        let output = layer.output_shape(&input).ok()?;
        count(&output)?;
        let params = layer.params(&input);
        // Before they are added up: the sum of two that are too large might not be.
        if params.iter().any(|param| param.size() > Carried::MAX_LETTERS) {
            return None;
        }
        let own: usize = params.iter().map(ParamSpec::size).sum();
        let ((rows, cols, _), (height, width, _)) = (input.image()?, output.image()?);
        let window =
            Geometry::of(layer, 0, rows)?.window.saturating_mul(Geometry::of(layer, 1, cols)?.window);
        let pooled = output.size().saturating_mul(window);
        work = work.saturating_add(pooled).saturating_add((height * width).saturating_mul(own));
        all += own;
        if work > Carried::MAX_WORK || all > Carried::MAX_LETTERS {
            return None;
        }
        input = output;
    }
    Some(all)
}

#[cfg(test)]
#[path = "trained_tests.rs"]
mod tests;
