//! The arithmetic of one output cell: products, sums over channels, bias, activation.

use super::{Axis, Computed};
use crate::engine::layers::Activation;

/// Of more filters than this, only those with the greatest sums and the own one are written out.
const WRITTEN: usize = 8;
/// So many greatest sums are then written.
const GREATEST: usize = 4;

/// Every number on the way to one output cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Arithmetic {
    /// Rows and columns of the window.
    pub size: [usize; 2],
    /// One part for each channel that the filter looks at.
    pub channels: Vec<ChannelPart>,
    /// The bias; 0 where there is none.
    pub bias: f32,
    /// All products and the bias, added in the engine's order: the bias, then row by row, column by
    /// column, channel by channel.
    pub total: f32,
    /// The engine's sum before the activation; the same bits as `total`.
    pub sum: f32,
    /// What is written into the map.
    pub value: f32,
    /// What makes the value of the sum.
    pub activation: Activation,
    /// The filter whose cell it is.
    pub filter: usize,
    /// Every filter's sum at this place, which softmax looks at.
    pub sums: Vec<f32>,
}

impl Arithmetic {
    /// For an activation over all filters: its rule.
    pub fn rule(&self) -> Option<&'static str> {
        match self.activation {
            Activation::Softmax => Some("e^s / Σ e^s"),
            Activation::LogSoftmax => Some("s − ln Σ e^s"),
            _ => None,
        }
    }

    /// The rule with every filter's sum in it; of many filters those that count most, and dots.
    pub fn over_filters(&self, number: impl Fn(f32) -> String) -> Option<String> {
        let mut order: Vec<usize> = (0..self.sums.len()).collect();
        if order.len() > WRITTEN {
            order.sort_by(|a, b| self.sums[*b].total_cmp(&self.sums[*a]));
            let mut kept: Vec<usize> = order.into_iter().take(GREATEST).chain([self.filter]).collect();
            kept.sort_unstable();
            kept.dedup();
            order = kept;
        }
        let mut terms: Vec<String> = Vec::new();
        let mut next = 0;
        for filter in order {
            if filter > next {
                terms.push("…".into());
            }
            terms.push(format!("e^{}", number(self.sums[filter])));
            next = filter + 1;
        }
        if next < self.sums.len() {
            terms.push("…".into());
        }
        let (own, all) = (number(self.sum), terms.join(" + "));
        match self.activation {
            Activation::Softmax => Some(format!("e^{own} / ({all})")),
            Activation::LogSoftmax => Some(format!("{own} − ln({all})")),
            _ => None,
        }
    }
}

/// The products of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelPart {
    /// The input channel.
    pub channel: usize,
    /// The values under the window, row by row; zero in the padding.
    pub window: Vec<f32>,
    /// Whether a value is padding.
    pub is_padding: Vec<bool>,
    /// The weights.
    pub weights: Vec<f32>,
    /// Value times weight.
    pub products: Vec<f32>,
    /// Their sum, row by row.
    pub sum: f32,
}

/// See [`Computed::arithmetic`].
pub(super) fn arithmetic(computed: &Computed, output: usize, idx: usize) -> Option<Arithmetic> {
    let maps = computed.maps.as_ref().ok()?;
    let at = idx * computed.outputs() + output;
    let (sum, value) = (*maps.sums.get(at)?, *maps.values.get(at)?);
    let sums = maps.sums[at - output..][..computed.outputs()].to_vec();
    let setup = &computed.setup;
    let size = setup.layer.kernel_size;
    let channels = setup.layer.channels_of(output, setup.shape[2]);
    let kernel = &computed.kernels[output];
    let depth = channels.len();
    let cell = computed.cell(idx);
    let place = |position: usize| {
        let met = |axis: usize, weight: usize| Axis::met(computed.axes[axis], cell[axis], weight);
        (met(0, position / size[1]), met(1, position % size[1]))
    };
    let part = |(offset, channel): (usize, usize)| {
        let positions = 0..size[0] * size[1];
        let seen: Vec<Option<f32>> = positions
            .map(|position| {
                let (row, col) = place(position);
                computed.pixel(row, col, channel)
            })
            .collect();
        let window: Vec<f32> = seen.iter().map(|value| value.unwrap_or(0.0)).collect();
        let weights: Vec<f32> = kernel.iter().skip(offset).step_by(depth).copied().collect();
        let products: Vec<f32> = window.iter().zip(&weights).map(|(value, weight)| value * weight).collect();
        let is_padding = seen.iter().map(Option::is_none).collect();
        ChannelPart { channel, is_padding, sum: products.iter().sum(), window, weights, products }
    };
    let channels: Vec<ChannelPart> = channels.enumerate().map(part).collect();
    let bias = if setup.layer.use_bias { setup.bias[output] } else { 0.0 };
    let mut total = bias;
    for position in 0..size[0] * size[1] {
        for part in &channels {
            total += part.products[position];
        }
    }
    let activation = setup.layer.activation;
    Some(Arithmetic { size, channels, bias, total, sum, value, activation, filter: output, sums })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(activation: Activation, filter: usize, sums: &[f32]) -> Option<String> {
        let [bias, total, value] = [0.0; 3];
        let (channels, sums) = (Vec::new(), sums.to_vec());
        let sum = sums[filter];
        let arithmetic =
            Arithmetic { size: [1, 1], channels, bias, total, sum, value, activation, filter, sums };
        assert_eq!(arithmetic.rule().is_some(), arithmetic.over_filters(|sum| sum.to_string()).is_some());
        arithmetic.over_filters(|sum| sum.to_string())
    }

    #[test]
    fn softmax_is_written_with_the_sums_of_all_filters() {
        let sums = [-10.0, 3.0, 0.5];
        let softmax = written(Activation::Softmax, 0, &sums).unwrap();
        assert_eq!(softmax, "e^-10 / (e^-10 + e^3 + e^0.5)");
        let logarithm = written(Activation::LogSoftmax, 1, &sums).unwrap();
        assert_eq!(logarithm, "3 − ln(e^-10 + e^3 + e^0.5)");
        assert_eq!(written(Activation::Relu, 0, &sums), None);
    }

    #[test]
    fn of_many_filters_the_greatest_sums_and_the_own_one_are_written() {
        let sums: Vec<f32> = (0..32).map(|filter| ((filter * 7) % 32) as f32).collect();
        let text = written(Activation::Softmax, 0, &sums).unwrap();
        assert_eq!(text, "e^0 / (e^0 + … + e^28 + … + e^31 + … + e^30 + … + e^29 + …)");
        let text = written(Activation::Softmax, 9, &sums).unwrap();
        assert_eq!(text, "e^31 / (… + e^28 + … + e^31 + … + e^30 + … + e^29 + …)");
    }
}
