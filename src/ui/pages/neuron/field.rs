//! What comes out everywhere on the plane, and the line where it is one half.

use super::net::Net;
use super::points::Points;

/// Values on a grid of places, row by row from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Places to a side.
    pub side: usize,
    /// The output at each.
    pub values: Vec<f32>,
}

impl Field {
    /// The share that divides the classes.
    pub const THRESHOLD: f32 = 0.5;

    /// The output `shown` at the middle of every cell.
    pub fn new(net: &Net, params: &[f32], shown: usize, side: usize) -> Field {
        let places: Vec<[f32; 2]> =
            (0..side * side).map(|idx| Field::place(side, idx % side, idx / side)).collect();
        let outputs = net.outputs();
        let values = net.predict(params, &places);
        let shown = shown.min(outputs - 1);
        Field { side, values: values.iter().skip(shown).step_by(outputs).copied().collect() }
    }

    /// The middle of a cell.
    fn place(side: usize, col: usize, row: usize) -> [f32; 2] {
        let along = |idx: usize| (idx as f32 + 0.5) / side as f32 * 2.0 * Points::REACH - Points::REACH;
        [along(col), -along(row)]
    }

    /// −1 for 0, 1 for 1: with the threshold in the middle of a diverging map.
    pub fn shades(&self) -> Vec<f32> {
        self.values.iter().map(|value| (value - Field::THRESHOLD) * 2.0).collect()
    }

    /// Pieces of the line where the output is the threshold, between the middles of neighbouring cells.
    pub fn contour(&self) -> Vec<[[f32; 2]; 2]> {
        let mut pieces = Vec::new();
        for row in 0..self.side.saturating_sub(1) {
            for col in 0..self.side - 1 {
                self.push_pieces(row, col, &mut pieces);
            }
        }
        pieces
    }

    /// The line's way through one square of four neighbours.
    fn push_pieces(&self, row: usize, col: usize, pieces: &mut Vec<[[f32; 2]; 2]>) {
        let corners = [(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1)];
        let at = |(col, row): (usize, usize)| {
            (Field::place(self.side, col, row), self.values[row * self.side + col] - Field::THRESHOLD)
        };
        let mut crossings = Vec::with_capacity(4);
        for side in 0..4 {
            let (from, to) = (at(corners[side]), at(corners[(side + 1) % 4]));
            if (from.1 > 0.0) != (to.1 > 0.0) && from.1.is_finite() && to.1.is_finite() {
                let share = from.1 / (from.1 - to.1);
                let along = |axis: usize| from.0[axis] + share * (to.0[axis] - from.0[axis]);
                crossings.push([along(0), along(1)]);
            }
        }
        // Two crossings are one piece; at a saddle there are four, and two pieces.
        pieces.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Activation;
    use crate::ui::pages::neuron::LossKind;

    #[test]
    fn the_line_of_one_neuron_is_where_its_sum_is_zero() {
        let activations = vec![Activation::Sigmoid];
        let net = Net { sizes: vec![2, 1], activations, loss: LossKind::Crossentropy };
        let field = Field::new(&net, &[1.0, 2.0, 0.5], 0, 40);
        let pieces = field.contour();
        assert!(pieces.len() > 20);
        for [x, y] in pieces.as_flattened().iter().copied() {
            assert!((x + 2.0 * y + 0.5).abs() < 0.02, "{x} {y}");
        }
        assert!(field.shades().iter().all(|shade| shade.abs() <= 1.0));
    }

    #[test]
    fn each_of_several_outputs_has_its_field() {
        let net = Net { sizes: vec![2, 3], activations: vec![Activation::Softmax], loss: LossKind::Squared };
        let params = net.initial(1);
        let fields: Vec<Field> = (0..3).map(|shown| Field::new(&net, &params, shown, 9)).collect();
        for idx in 0..81 {
            let sum: f32 = fields.iter().map(|field| field.values[idx]).sum();
            assert!((sum - 1.0).abs() < 1e-5);
        }
    }
}
