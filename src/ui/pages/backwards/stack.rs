//! A stack of dilated convolutions: how much of the input one cell of its result sees.
//!
//! Each layer of `k` weights, `d` cells apart, widens the receptive field by `(k − 1)·d`, so that
//! `R = 1 + (k − 1)·(d₁ + d₂ + …)` along an axis. What a cell sees of it are the offsets `Σ dᵢ·jᵢ` with `jᵢ < k`;
//! the rest are holes. There are none where, from the smallest dilation to the largest, none exceeds the receptive
//! field of those before it. Where all dilations are multiples of a number `g`, cells whose distance is no multiple
//! of `g` share nothing: the picture falls apart into `g²` grids.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// Convolutions with stride 1 and the same square kernel, without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Rows and columns of each kernel, within [`Stack::KERNEL`].
    pub kernel_size: usize,
    /// `dilation_rate` of each layer, from the input on.
    pub rates: Vec<usize>,
}

impl Default for Stack {
    fn default() -> Stack {
        Stack { kernel_size: 3, rates: vec![1, 2, 4] }
    }
}

impl Stack {
    /// Rows and columns of a kernel; one weight alone sees one cell.
    pub const KERNEL: RangeInclusive<usize> = 2..=5;
    /// Layers.
    pub const LAYERS: RangeInclusive<usize> = 1..=5;
    /// A layer's dilation.
    pub const RATE: RangeInclusive<usize> = 1..=8;
    /// Cells of the result that are shown side by side.
    pub const TOPS: usize = 6;
    /// Dilations worth a look: none, doubling, all even, with no common factor and no hole.
    pub const EXAMPLES: [&[usize]; 4] = [&[1, 1, 1], &[1, 2, 4], &[2, 2, 2], &[1, 2, 5]];

    /// The form in the address: `3-1,2,4`.
    pub fn to_text(&self) -> String {
        format!("{}-{}", self.kernel_size, self.rates_text())
    }

    /// The dilations, from the input on: `1,2,4`.
    pub fn rates_text(&self) -> String {
        self.rates.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
    }

    /// Reads [`Stack::to_text`].
    pub fn from_text(text: &str) -> Option<Stack> {
        let (kernel_size, rates) = text.split_once('-')?;
        let kernel_size = kernel_size.parse().ok().filter(|size| Stack::KERNEL.contains(size))?;
        let rate = |text: &str| text.parse().ok().filter(|rate| Stack::RATE.contains(rate));
        let layers = *Stack::LAYERS.end() + 1;
        let rates: Vec<usize> = rates.split(',').take(layers).map(rate).collect::<Option<_>>()?;
        Stack::LAYERS.contains(&rates.len()).then_some(Stack { kernel_size, rates })
    }

    /// With so many layers; each new one doubles the dilation of the last, as far as that goes.
    #[must_use]
    pub fn with_layers(&self, layers: usize) -> Stack {
        let mut rates = self.rates.clone();
        rates.truncate(layers);
        while rates.len() < layers {
            rates.push(rates.last().map_or(1, |last| (2 * last).min(*Stack::RATE.end())));
        }
        Stack { kernel_size: self.kernel_size, rates }
    }

    /// The same layers without dilation.
    #[must_use]
    pub fn plain(&self) -> Stack {
        Stack { kernel_size: self.kernel_size, rates: vec![1; self.rates.len()] }
    }

    /// Cells along an axis that the first `layers` layers together span.
    pub fn field(&self, layers: usize) -> usize {
        1 + (self.kernel_size - 1) * self.rates.iter().take(layers).sum::<usize>()
    }

    /// Cells along an axis that one cell of the result spans.
    pub fn side(&self) -> usize {
        self.field(self.rates.len())
    }

    /// Cells along an axis that a layer's kernel spans: `k + (k − 1)(d − 1)`.
    pub fn effective(&self, layer: usize) -> usize {
        self.kernel_size + (self.kernel_size - 1) * (self.rates[layer] - 1)
    }

    /// Weights of all layers, with one channel each and no bias.
    pub fn num_weights(&self) -> usize {
        self.rates.len() * self.kernel_size.pow(2)
    }

    /// Layers without dilation that see as far.
    pub fn plain_layers(&self) -> usize {
        self.rates.iter().sum()
    }

    /// The cells of level `level` that the first cell of the result depends on: 0 is the input, 1 the first layer's
    /// result. For each from the first that it depends on to the last, in how many ways.
    pub fn ways_from(&self, level: usize) -> Vec<u32> {
        let mut ways = vec![1];
        for rate in self.rates.iter().skip(level).rev() {
            let mut next = vec![0; ways.len() + (self.kernel_size - 1) * rate];
            for (offset, count) in ways.iter().enumerate() {
                for tap in 0..self.kernel_size {
                    next[offset + tap * rate] += count;
                }
            }
            ways = next;
        }
        ways
    }

    /// In how many ways each cell of the receptive field, along an axis, leads into the cell of the result.
    pub fn ways(&self) -> Vec<u32> {
        self.ways_from(0)
    }

    /// The same for the square of the field, row by row; what is not seen is NaN.
    pub fn square(&self) -> Vec<f32> {
        let ways = self.ways();
        let cell = |(row, col): (&u32, &u32)| {
            let count = row * col;
            // Within the limits a count is exact in f32.
            if count == 0 { f32::NAN } else { count as f32 }
        };
        ways.iter().flat_map(|row| ways.iter().map(move |col| cell((row, col)))).collect()
    }

    /// Cells along an axis that are seen.
    pub fn seen(&self) -> usize {
        self.ways().iter().filter(|count| **count > 0).count()
    }

    /// The greatest number that divides every dilation.
    pub fn shared_factor(&self) -> usize {
        let greatest = |a: usize, b: usize| {
            let (mut a, mut b) = (a, b);
            while b > 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        self.rates.iter().copied().fold(0, greatest)
    }

    /// How many of the cells that it sees along an axis a cell of the result shares with the next one.
    pub fn shared_with_next(&self) -> usize {
        self.ways().windows(2).filter(|pair| pair[0] > 0 && pair[1] > 0).count()
    }

    /// Cells of a level that the shown cells of the result span together.
    pub fn width(&self, level: usize) -> usize {
        Stack::TOPS + self.ways_from(level).len() - 1
    }

    /// The cells of the input, from 1, that a shown cell of the result sees along an axis, as ranges: `1, 3, 5–7`.
    pub fn seen_text(&self, top: usize) -> String {
        let ways = self.ways();
        let is_seen = |idx: usize| ways.get(idx).is_some_and(|count| *count > 0);
        let mut out = String::new();
        let mut idx = 0;
        while idx < ways.len() {
            if !is_seen(idx) {
                idx += 1;
                continue;
            }
            let start = idx;
            while is_seen(idx + 1) {
                idx += 1;
            }
            let comma = if out.is_empty() { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = match idx - start {
                0 => write!(out, "{comma}{}", top + start + 1),
                _ => write!(out, "{comma}{}–{}", top + start + 1, top + idx + 1),
            };
            idx += 1;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{Conv2dSpec, LayerSpec};
    use crate::tensor::Shape;
    use crate::ui::one_layer;

    fn stack(kernel_size: usize, rates: &[usize]) -> Stack {
        Stack { kernel_size, rates: rates.to_vec() }
    }

    /// Stacks of every kernel and all dilations up to `most`, up to `layers` of them.
    fn all(layers: usize, most: usize) -> Vec<Stack> {
        let mut rates: Vec<Vec<usize>> = vec![vec![]];
        let mut found = Vec::new();
        for _ in 0..layers {
            rates = rates
                .iter()
                .flat_map(|before| (1..=most).map(move |rate| [before.as_slice(), &[rate]].concat()))
                .collect();
            found.extend(rates.iter().flat_map(|rates| Stack::KERNEL.map(move |size| stack(size, rates))));
        }
        found
    }

    #[test]
    fn the_engines_gradient_of_a_stack_of_ones_counts_the_ways() {
        for stack in all(3, 3).into_iter().chain([stack(2, &[8, 4, 1, 1]), stack(3, &[1, 2, 4, 8])]) {
            let mut grad = vec![1.0];
            for level in (0..stack.rates.len()).rev() {
                let spec: LayerSpec = Conv2dSpec {
                    filters: 1,
                    kernel_size: [stack.kernel_size; 2],
                    dilation_rate: [stack.rates[level]; 2],
                    use_bias: false,
                    ..Conv2dSpec::default()
                }
                .into();
                let side = stack.ways_from(level).len();
                let kernel = vec![1.0; stack.kernel_size.pow(2)];
                let zeros = vec![0.0; side * side];
                let shape = Shape::from([side, side, 1]);
                grad = one_layer::backward(&spec, &shape, &zeros, &kernel, &grad).unwrap().input;
            }
            let square: Vec<f32> =
                stack.square().into_iter().map(|count| if count.is_nan() { 0.0 } else { count }).collect();
            assert_eq!(grad, square, "{stack:?}");
            assert_eq!(grad.len(), stack.side().pow(2));
        }
    }

    #[test]
    fn fields_grow_as_the_formula_says() {
        let doubling = stack(3, &[1, 2, 4]);
        assert_eq!([0, 1, 2, 3].map(|layers| doubling.field(layers)), [1, 3, 7, 15]);
        assert_eq!((doubling.plain().side(), doubling.plain_layers(), doubling.num_weights()), (7, 7, 27));
        assert_eq!([0, 1, 2].map(|layer| doubling.effective(layer)), [3, 5, 9]);
        assert_eq!(stack(3, &vec![1; doubling.plain_layers()]).side(), doubling.side());
        assert_eq!((doubling.width(3), doubling.width(0)), (6, 20));
    }

    #[test]
    fn dilations_with_a_common_factor_see_a_grid() {
        let even = stack(3, &[2, 2, 2]);
        assert_eq!((even.side(), even.seen(), even.shared_factor(), even.shared_with_next()), (13, 7, 2, 0));
        assert_eq!(even.seen_text(1), "2, 4, 6, 8, 10, 12, 14");
        assert_eq!(stack(3, &[1, 5]).seen_text(0), "1–3, 6–8, 11–13");
        for stack in all(3, 6) {
            let factor = stack.shared_factor();
            let ways = stack.ways();
            let is_grid = ways.iter().enumerate().all(|(idx, count)| *count == 0 || idx % factor == 0);
            assert!(is_grid, "{stack:?}");
            assert_eq!(stack.shared_with_next() == 0 && stack.seen() > 1, {
                let next = |idx: usize| ways.get(idx + 1).is_some_and(|count| *count > 0);
                ways.iter().enumerate().all(|(idx, count)| *count == 0 || !next(idx))
            });
        }
    }

    #[test]
    fn there_are_no_holes_where_no_dilation_exceeds_what_smaller_ones_see() {
        for stack in all(4, 7) {
            let mut sorted = stack.rates.clone();
            sorted.sort_unstable();
            let sorted = Stack { rates: sorted, ..stack.clone() };
            let fits = (0..sorted.rates.len()).all(|layer| sorted.rates[layer] <= sorted.field(layer));
            assert_eq!(stack.seen() == stack.side(), fits, "{stack:?}");
        }
        let seen = |rates: &[usize]| {
            let stack = stack(3, rates);
            (stack.seen(), stack.side())
        };
        assert_eq!(Stack::EXAMPLES.map(seen), [(7, 7), (15, 15), (7, 13), (17, 17)]);
    }

    #[test]
    fn a_stack_survives_the_address_and_grows() {
        for stack in all(2, 8) {
            assert_eq!(Stack::from_text(&stack.to_text()), Some(stack));
        }
        for text in ["", "3", "3-", "1-1", "6-1", "3-0", "3-9", "3-1,,2", "3-1,1,1,1,1,1", "x-1", "-1"] {
            assert_eq!(Stack::from_text(text), None, "{text}");
        }
        assert_eq!(Stack::default().with_layers(5).rates, [1, 2, 4, 8, 8]);
        assert_eq!(Stack::default().with_layers(1).rates, [1]);
    }
}
