//! Three layers as units and edges: values on the units, weights and gradients on the edges, as far as the pass has
//! come.

use super::net::Net;
use super::state::NeuronState;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};

const ROW: f64 = 46.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 26.0;
const HALF_HEIGHT: f64 = 13.0;

/// How far a pass has come: layers that are forward, the loss, layers that are back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase(pub usize);

impl Phase {
    /// How many there are for so many layers: nothing yet, each forward, the loss, each back.
    pub fn count(layers: usize) -> usize {
        2 * layers + 2
    }

    /// The last one.
    pub fn done(layers: usize) -> Phase {
        Phase(Phase::count(layers) - 1)
    }

    /// Layers whose values are known.
    pub fn forward(self, layers: usize) -> usize {
        self.0.min(layers)
    }

    /// Whether the loss is known.
    pub fn has_loss(self, layers: usize) -> bool {
        self.0 > layers
    }

    /// Whether a layer's gradients are known.
    pub fn is_back(self, layer: usize, layers: usize) -> bool {
        // The last layer is the first to be back.
        self.0 > layers + layers - layer
    }
}

struct Places {
    half_width: f64,
    columns: Vec<f64>,
    middle: f64,
    sizes: Vec<usize>,
}

impl Places {
    fn new(net: &Net, width: f64) -> Places {
        let half_width = if width < 420.0 { 20.0 } else { 26.0 };
        let last = (net.sizes.len() - 1) as f64;
        let (left, right) = (half_width + 3.0, width - half_width - 3.0);
        let column = |idx: usize| left + (right - left) * idx as f64 / last;
        let most = net.sizes.iter().copied().max().unwrap_or(1) as f64;
        Places {
            half_width,
            columns: (0..net.sizes.len()).map(column).collect(),
            middle: TOP + most * ROW / 2.0,
            sizes: net.sizes.clone(),
        }
    }

    fn height(&self) -> f64 {
        2.0 * (self.middle - TOP) + TOP + BOTTOM
    }

    fn unit(&self, column: usize, unit: usize) -> Point {
        let from_middle = unit as f64 - (self.sizes[column] as f64 - 1.0) / 2.0;
        Point { x: self.columns[column], y: self.middle + from_middle * ROW }
    }

    /// Where the edge of a weight begins and ends.
    fn edge(&self, layer: usize, from: usize, to: usize) -> (Point, Point) {
        let (from, to) = (self.unit(layer, from), self.unit(layer + 1, to));
        (Point { x: from.x + self.half_width, y: from.y }, Point { x: to.x - self.half_width, y: to.y })
    }
}

/// The network. `chosen` is the place of the parameter in hand.
pub fn diagram_scene(
    state: &NeuronState,
    phase: Phase,
    chosen: usize,
    language: Language,
    width: f64,
) -> Scene {
    let (net, layers) = (&state.net, state.net.activations.len());
    let places = Places::new(net, width);
    let mut scene = Scene::new(width, places.height());
    for layer in 0..layers {
        for from in 0..net.sizes[layer] {
            for to in 0..net.sizes[layer + 1] {
                let place = net.place(layer, from, to);
                let (begin, end) = places.edge(layer, from, to);
                let weight = state.params[place];
                let thick = 0.75 + f64::from(weight.abs().min(3.0)) * 1.5;
                let dash = if weight < 0.0 { Dash::Dashed } else { Dash::Solid };
                let ink = if weight < 0.0 { Ink::Series1 } else { Ink::Series0 };
                scene.line((begin.x, begin.y), (end.x, end.y), Pen { ink, width: thick, dash });
                if phase.is_back(layer, layers) {
                    push_gradient(&mut scene, begin, end, state.gradient[place]);
                }
            }
        }
    }
    push_chosen(&mut scene, &places, state, phase, chosen, language);
    for column in 0..net.sizes.len() {
        for unit in 0..net.sizes[column] {
            let is_known = column == 0 || phase.forward(layers) >= column;
            let value = match column {
                0 => state.input.x[unit],
                _ => state.trace.layers[column - 1].output[unit],
            };
            let text = if is_known { language.short(value.into(), 2) } else { "?".to_owned() };
            let is_back = column > 0 && phase.is_back(column - 1, layers);
            let back = is_back.then(|| state.trace.layers[column - 1].of_sums[unit]);
            push_unit(&mut scene, &places, places.unit(column, unit), &text, back, language);
        }
        let name = match column {
            0 => "x".to_owned(),
            _ => net.activations[column - 1].name().to_owned(),
        };
        let at = Point { x: places.columns[column], y: 9.0 };
        let align = match column {
            0 => Align::Start,
            _ if column == layers => Align::End,
            _ => Align::Middle,
        };
        let x = match align {
            Align::Start => 2.0,
            Align::Middle => at.x,
            Align::End => width - 2.0,
        };
        let at = Point { x, ..at };
        scene.push(Draw::Text { at, text: name, ink: Ink::Muted, size: 11.5, align, mono: true });
    }
    if phase.has_loss(layers) {
        let text = format!("L = {}", language.short(state.trace.loss.into(), 4));
        let at = Point { x: width - 2.0, y: places.height() - 9.0 };
        scene.push(Draw::Text { at, text, ink: Ink::Text, size: 13.0, align: Align::End, mono: true });
    }
    scene
}

/// A mark in the middle of an edge, as long as the gradient is large.
fn push_gradient(scene: &mut Scene, begin: Point, end: Point, gradient: f32) {
    let length = (f64::from(gradient.abs()) * 60.0).min(16.0);
    if length < 0.3 {
        return;
    }
    let middle = Point { x: f64::midpoint(begin.x, end.x), y: f64::midpoint(begin.y, end.y) };
    let across = (end.x - begin.x, end.y - begin.y);
    let whole = (across.0 * across.0 + across.1 * across.1).sqrt().max(1.0);
    let (x, y) = (-across.1 / whole * length / 2.0, across.0 / whole * length / 2.0);
    let pen = Pen::solid(Ink::Window, 3.0);
    scene.line((middle.x - x, middle.y - y), (middle.x + x, middle.y + y), pen);
}

fn push_unit(
    scene: &mut Scene,
    places: &Places,
    at: Point,
    value: &str,
    back: Option<f32>,
    language: Language,
) {
    let half = places.half_width;
    let area = Area { x: at.x - half, y: at.y - HALF_HEIGHT, width: 2.0 * half, height: 2.0 * HALF_HEIGHT };
    scene.push(Draw::Fill { area, ink: Ink::Surface });
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.5) });
    let (align, mono) = (Align::Middle, true);
    let y = if back.is_some() { at.y - 5.5 } else { at.y };
    let (text, size) = (value.to_owned(), 11.5);
    scene.push(Draw::Text { at: Point { x: at.x, y }, text, ink: Ink::Text, size, align, mono });
    if let Some(back) = back {
        let text = language.short(back.into(), 2);
        let at = Point { x: at.x, y: at.y + 6.5 };
        scene.push(Draw::Text { at, text, ink: Ink::Window, size: 10.5, align, mono });
    }
}

/// The parameter in hand: its edge, or its unit where it is a bias, and its numbers.
fn push_chosen(
    scene: &mut Scene,
    places: &Places,
    state: &NeuronState,
    phase: Phase,
    chosen: usize,
    language: Language,
) {
    if chosen >= state.params.len() {
        return;
    }
    let (layer, from, to) = state.net.part(chosen);
    let pen = Pen::solid(Ink::Window, 3.0);
    let end = places.unit(layer + 1, to);
    let at = if from == state.net.sizes[layer] {
        let area = Area {
            x: end.x - places.half_width,
            y: end.y - HALF_HEIGHT,
            width: 2.0 * places.half_width,
            height: 2.0 * HALF_HEIGHT,
        };
        scene.push(Draw::Stroke { area: area.grown(4.0), pen });
        Point { x: end.x, y: end.y + HALF_HEIGHT + 11.0 }
    } else {
        let (begin, end) = places.edge(layer, from, to);
        scene.line((begin.x, begin.y), (end.x, end.y), pen);
        Point { x: f64::midpoint(begin.x, end.x), y: f64::midpoint(begin.y, end.y) - 9.0 }
    };
    let mut text = language.short(state.params[chosen].into(), 3);
    if phase.is_back(layer, state.net.activations.len()) {
        text = format!("{text} ∂{}", language.short(state.gradient[chosen].into(), 3));
    }
    let half = 3.4 * text.chars().count() as f64 + 3.0;
    let x = at.x.clamp(half, (scene.width - half).max(half));
    let area = Area { x: x - half, y: at.y - 8.0, width: 2.0 * half, height: 16.0 };
    scene.push(Draw::Fill { area, ink: Ink::Surface });
    let (at, align) = (Point { x, y: at.y }, Align::Middle);
    scene.push(Draw::Text { at, text, ink: Ink::Text, size: 11.5, align, mono: true });
}

/// The parameter that is meant by a point: the bias of the unit that it is on, or the weight of the nearest edge.
pub fn diagram_hit(net: &Net, point: Point, width: f64) -> usize {
    let places = Places::new(net, width);
    let mut best = (f64::INFINITY, 0);
    for place in 0..net.num_params() {
        let (layer, from, to) = net.part(place);
        let distance = if from == net.sizes[layer] {
            let unit = places.unit(layer + 1, to);
            let outside =
                (point.x - unit.x).abs() > places.half_width || (point.y - unit.y).abs() > HALF_HEIGHT;
            if outside { f64::INFINITY } else { 0.0 }
        } else {
            let (begin, end) = places.edge(layer, from, to);
            let share = (point.x - begin.x) / (end.x - begin.x).max(1.0);
            let y = begin.y + share.clamp(0.0, 1.0) * (end.y - begin.y);
            let beside = (begin.x - point.x).max(point.x - end.x).max(0.0);
            1.0 + (point.y - y).abs() + beside
        };
        if distance < best.0 {
            best = (distance, place);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::neuron::{Example, NeuronSetup};

    fn state() -> NeuronState {
        let mut setup = NeuronSetup::default();
        setup.take(Example::XorLearns);
        NeuronState::new(&setup)
    }

    #[test]
    fn values_appear_layer_by_layer_and_gradients_come_back() {
        let state = state();
        let unknown = |phase| {
            let scene = diagram_scene(&state, Phase(phase), 0, Language::En, 360.0);
            scene.texts().filter(|text| *text == "?").count()
        };
        assert_eq!((0..5).map(unknown).collect::<Vec<_>>(), [8, 4, 1, 0, 0]);
        let back = |phase: usize| (0..3).map(|layer| Phase(phase).is_back(layer, 3)).collect::<Vec<_>>();
        assert_eq!(back(4), [false, false, false]);
        assert_eq!(back(5), [false, false, true]);
        assert_eq!(back(7), [true, true, true]);
        assert_eq!((Phase::count(3), Phase::done(3)), (8, Phase(7)));
        let has_loss = |phase| {
            let scene = diagram_scene(&state, Phase(phase), 0, Language::En, 360.0);
            scene.texts().any(|text| text.starts_with("L = "))
        };
        assert_eq!([3, 4].map(has_loss), [false, true]);
    }

    #[test]
    fn every_parameter_is_found_where_it_is_drawn() {
        let net = state().net;
        for width in [330.0, 700.0] {
            let places = Places::new(&net, width);
            for place in 0..net.num_params() {
                let (layer, from, to) = net.part(place);
                let point = if from == net.sizes[layer] {
                    places.unit(layer + 1, to)
                } else {
                    let (begin, end) = places.edge(layer, from, to);
                    // Near its own end edges lie apart.
                    Point { x: begin.x + 0.07 * (end.x - begin.x), y: begin.y + 0.07 * (end.y - begin.y) }
                };
                let (own_layer, own_from, _) = net.part(diagram_hit(&net, point, width));
                assert_eq!((own_layer, own_from), (layer, from));
            }
        }
    }
}
