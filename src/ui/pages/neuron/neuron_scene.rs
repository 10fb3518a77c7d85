//! One neuron with a number on every edge, forward and back, and its activation with the working point.

use super::net::activation_curve;
use super::state::NeuronState;
use crate::engine::layers::Activation;
use crate::ui::locale::Language;
use crate::ui::plot::{Plot, push_ring};
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};

const HEIGHT: f64 = 250.0;
const RADIUS: f64 = 21.0;
/// Heights of the two inputs and of the bias, in px.
const ROWS: [f64; 3] = [38.0, 125.0, 212.0];

fn columns(width: f64) -> [f64; 4] {
    // On the left a gradient that is wider than its node stands below it.
    let (left, right) = (RADIUS + 12.0, width - RADIUS - 4.0);
    let along = |share: f64| left + share * (right - left);
    [left, along(0.48), along(0.75), right]
}

/// The neuron. `chosen` is the number that the keys move: the two inputs, the two weights, the bias.
pub fn neuron_scene(state: &NeuronState, chosen: usize, language: Language, width: f64) -> Scene {
    let mut scene = Scene::new(width, HEIGHT);
    let layer = &state.trace.layers[0];
    let [input, sum, output, loss] = columns(width);
    let short = |value: f32| language.short(value.into(), 3);
    let middle = ROWS[1];
    for (idx, y) in ROWS.into_iter().enumerate() {
        let weight = state.params[idx];
        let (from, to) = (Point { x: input + RADIUS, y }, Point { x: sum - RADIUS, y: middle });
        let thick = 1.5 + f64::from(weight.abs().min(3.0)) * 1.5;
        let is_chosen = chosen == idx + 2;
        let dash = if weight < 0.0 { Dash::Dashed } else { Dash::Solid };
        let ink = if is_chosen {
            Ink::Window
        } else if weight < 0.0 {
            Ink::Series1
        } else {
            Ink::Series0
        };
        scene.line((from.x, from.y), (to.x, to.y), Pen { ink, width: thick, dash });
        let at = Point { x: from.x + (to.x - from.x) * 0.45, y: from.y + (to.y - from.y) * 0.45 };
        let name = ["w₁", "w₂", "b"][idx];
        push_label(
            &mut scene,
            Point { x: at.x, y: at.y - 9.0 },
            &format!("{name} {}", short(weight)),
            Ink::Text,
        );
        let back = format!("∂ {}", short(layer.of_params[idx]));
        push_label(&mut scene, Point { x: at.x, y: at.y + 9.0 }, &back, Ink::Window);
    }
    let arrow = Pen::solid(Ink::Outline, 2.0);
    scene.line((sum + RADIUS, middle), (output - RADIUS, middle), arrow);
    scene.line((output + RADIUS, middle), (loss - RADIUS, middle), arrow);
    let inputs = [short(state.input.x[0]), short(state.input.x[1]), "1".to_owned()];
    for (idx, value) in inputs.into_iter().enumerate() {
        let at = Point { x: input, y: ROWS[idx] };
        let name = ["x₁", "x₂", ""][idx];
        push_node(&mut scene, at, name, &value, chosen == idx && idx < 2);
        if idx < 2 {
            let back = format!("∂ {}", short(layer.of_input[idx]));
            push_label(&mut scene, Point { x: at.x, y: at.y + RADIUS + 9.0 }, &back, Ink::Window);
        }
    }
    let nodes = [
        (sum, "z", layer.sums[0], layer.of_sums[0]),
        (output, "y", layer.output[0], layer.of_output[0]),
        (loss, "L", state.trace.loss, 1.0),
    ];
    for (x, name, value, back) in nodes {
        push_node(&mut scene, Point { x, y: middle }, name, &short(value), false);
        let at = Point { x, y: middle + RADIUS + 11.0 };
        push_label(&mut scene, at, &format!("∂ {}", short(back)), Ink::Window);
    }
    scene
}

fn push_node(scene: &mut Scene, at: Point, name: &str, value: &str, is_chosen: bool) {
    let area = Area { x: at.x - RADIUS, y: at.y - RADIUS * 0.75, width: 2.0 * RADIUS, height: RADIUS * 1.5 };
    scene.push(Draw::Fill { area, ink: Ink::Surface });
    let ink = if is_chosen { Ink::Window } else { Ink::Outline };
    scene.push(Draw::Stroke { area, pen: Pen::solid(ink, if is_chosen { 3.0 } else { 1.5 }) });
    let size = if value.chars().count() > 4 { 11.5 } else { 13.0 };
    let (text, ink, align) = (value.to_owned(), Ink::Text, Align::Middle);
    scene.push(Draw::Text { at, text, ink, size, align, mono: true });
    let (at, text) = (Point { x: at.x, y: at.y - RADIUS * 0.75 - 9.0 }, name.to_owned());
    scene.push(Draw::Text { at, text, ink: Ink::Muted, size: 13.0, align, mono: false });
}

/// A number on an edge, on a ground of its own.
fn push_label(scene: &mut Scene, at: Point, text: &str, ink: Ink) {
    let width = 6.6 * text.chars().count() as f64 + 4.0;
    let area = Area { x: at.x - width / 2.0, y: at.y - 7.5, width, height: 15.0 };
    scene.push(Draw::Fill { area, ink: Ink::Surface });
    let (text, align) = (text.to_owned(), Align::Middle);
    scene.push(Draw::Text { at, text, ink, size: 11.5, align, mono: true });
}

/// The number under a point: 0 and 1 the inputs, 2 and 3 the weights, 4 the bias.
pub fn neuron_hit(point: Point, width: f64) -> usize {
    let [input, sum, ..] = columns(width);
    let share = ((point.x - input) / (sum - input)).clamp(0.0, 1.0);
    // Edges run together towards the sum.
    let height = |row: usize| ROWS[row] + share * (ROWS[1] - ROWS[row]);
    let near = (0..3).min_by(|a, b| {
        let distance = |row: &usize| (height(*row) - point.y).abs();
        distance(a).total_cmp(&distance(b))
    });
    let row = near.unwrap_or(0);
    if point.x <= input + RADIUS && row < 2 { row } else { row + 2 }
}

/// Names of the two curves.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveNames {
    /// Of the function.
    pub value: String,
    /// Of its derivative.
    pub slope: String,
}

/// The activation and its derivative, with the sum in hand on both.
pub fn activation_scene(
    kind: Activation,
    sum: f32,
    names: &CurveNames,
    language: Language,
    width: f64,
) -> Scene {
    const POINTS: usize = 181;
    let plot = Plot { width, height: 260.0, x: [-5.0, 5.0], y: [-1.5, 3.0], legend: 2 };
    let mut scene = plot.scene(["z", ""], language);
    let pens = [Pen::solid(Ink::Series0, 2.5), Pen { ink: Ink::Series1, width: 2.5, dash: Dash::Dashed }];
    plot.name_curves(&mut scene, &[(names.value.clone(), pens[0]), (names.slope.clone(), pens[1])]);
    let axis: Vec<f32> = (0..POINTS).map(|idx| idx as f32 / (POINTS - 1) as f32 * 10.0 - 5.0).collect();
    let curve = activation_curve(kind, &axis);
    let z = f64::from(sum);
    plot.upright(&mut scene, z, Pen { ink: Ink::Window, width: 1.5, dash: Dash::Dotted });
    let wide = |x: &f32, y: f32| (f64::from(*x), f64::from(y));
    let values = axis.iter().zip(&curve).map(|(x, point)| wide(x, point.0));
    plot.curve(&mut scene, values, pens[0]);
    let slopes = axis.iter().zip(&curve).map(|(x, point)| wide(x, point.1));
    plot.curve(&mut scene, slopes, pens[1]);
    let now = activation_curve(kind, &[sum])[0];
    for (value, pen) in [(now.0, pens[0]), (now.1, pens[1])] {
        plot.disc(&mut scene, z, f64::from(value), 6.0, pen.ink);
        let at = plot.at(z.clamp(-5.0, 5.0), f64::from(value).clamp(-1.5, 3.0));
        push_ring(&mut scene, at, 8.0, Pen::solid(Ink::Text, 1.5));
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::neuron::NeuronSetup;

    #[test]
    fn every_edge_carries_its_numbers_in_the_readers_notation() {
        let state = NeuronState::new(&NeuronSetup::default());
        let scene = neuron_scene(&state, 2, Language::Ru, 320.0);
        let texts: Vec<&str> = scene.texts().collect();
        for text in ["w₁ 0,5", "w₂ −0,75", "b 0,25", "x₁", "0,5", "z", "y", "L"] {
            assert!(texts.contains(&text), "{text} is not in {texts:?}");
        }
        // Three parameters, two inputs, z, y and L.
        assert_eq!(texts.iter().filter(|text| text.starts_with("∂ ")).count(), 8);
        assert!(scene.width <= 320.0);
    }

    #[test]
    fn a_press_finds_inputs_weights_and_bias() {
        for width in [300.0, 700.0] {
            let [input, sum, ..] = columns(width);
            for (row, y) in ROWS.into_iter().enumerate() {
                let middle = Point { x: f64::midpoint(input, sum), y: f64::midpoint(y, ROWS[1]) };
                assert_eq!(neuron_hit(middle, width), row + 2);
            }
            assert_eq!(neuron_hit(Point { x: input, y: ROWS[0] }, width), 0);
            assert_eq!(neuron_hit(Point { x: input, y: ROWS[1] }, width), 1);
            assert_eq!(neuron_hit(Point { x: input, y: ROWS[2] }, width), 4);
        }
    }

    #[test]
    fn every_activation_is_drawn_with_finite_points() {
        let names = CurveNames { value: "f".into(), slope: "g".into() };
        for kind in Activation::ALL {
            for sum in [-30.0, 0.0, 1.5, 90.0] {
                let scene = activation_scene(kind, sum, &names, Language::En, 320.0);
                let finite = |draw: &Draw| match draw {
                    Draw::Polyline { points, .. } => {
                        points.iter().all(|at| at.x.is_finite() && at.y.is_finite())
                    }
                    _ => true,
                };
                assert!(scene.draws.iter().all(finite), "{kind:?} at {sum}");
            }
        }
    }
}
