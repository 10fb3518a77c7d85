//! The arithmetic of one output cell: products, sums over channels, bias, activation.

use super::{Axis, Computed};

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
    Some(Arithmetic { size, channels, bias, total, sum, value })
}
