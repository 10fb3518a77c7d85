//! One filter: weights for each of its channels, and where they came from.

use super::text;
use super::{Preset, limit};
use crate::tensor::rng::{Purpose, Rng};

/// Where a filter's weights came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// A ready-made kernel, the same for every channel.
    Preset(Preset),
    /// Drawn with this seed.
    Random(u32),
    /// Written by the reader, or taken from somewhere.
    Own,
}

/// A filter `[kh, kw, c]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Where the weights came from.
    pub recipe: Recipe,
    /// Rows and columns.
    pub size: [usize; 2],
    /// Channels.
    pub depth: usize,
    /// The weights: row by row, then column, then channel.
    pub weights: Vec<f32>,
}

impl Filter {
    /// A ready-made filter.
    pub fn preset(preset: Preset, size: [usize; 2], depth: usize) -> Filter {
        let weights = preset.weights(size).into_iter().flat_map(|weight| vec![weight; depth]).collect();
        Filter { recipe: Recipe::Preset(preset), size, depth, weights }
    }

    /// A filter of random weights, −1..1 in steps of a hundredth.
    pub fn random(seed: u32, size: [usize; 2], depth: usize) -> Filter {
        let mut rng = Rng::new(u64::from(seed), Purpose::Init, 0, 0);
        let draw = |_| (rng.below(201) as f32 - 100.0) / 100.0;
        let weights = (0..size[0] * size[1] * depth).map(draw).collect();
        Filter { recipe: Recipe::Random(seed), size, depth, weights }
    }

    /// A filter of these weights; values out of bounds are brought to the bound.
    ///
    /// # Panics
    /// If there are not as many as it has places.
    pub fn own(size: [usize; 2], depth: usize, weights: Vec<f32>) -> Filter {
        assert_eq!(weights.len(), size[0] * size[1] * depth, "weights do not fill {size:?} by {depth}");
        let weights = weights.into_iter().map(|weight| weight.clamp(-limit::VALUE, limit::VALUE)).collect();
        Filter { recipe: Recipe::Own, size, depth, weights }
    }

    /// The position of a weight.
    pub fn at(&self, row: usize, col: usize, channel: usize) -> usize {
        (row * self.size[1] + col) * self.depth + channel
    }

    /// The same filter at another size: what was made is made anew, what was written keeps its middle
    /// and its channels; a channel that it did not have begins as the first.
    #[must_use]
    pub fn fitted(&self, size: [usize; 2], depth: usize) -> Filter {
        if (self.size, self.depth) == (size, depth) {
            return self.clone();
        }
        match self.recipe {
            Recipe::Preset(preset) => Filter::preset(preset, size, depth),
            Recipe::Random(seed) => Filter::random(seed, size, depth),
            Recipe::Own => {
                let mut next = Filter::own(size, depth, vec![0.0; size[0] * size[1] * depth]);
                // Where the old cell lies that has the same place about the middle.
                let old = |at: usize, axis: usize| {
                    (at + (self.size[axis] - 1) / 2).checked_sub((size[axis] - 1) / 2)
                };
                for row in 0..size[0] {
                    for col in 0..size[1] {
                        let (Some(from_row), Some(from_col)) = (old(row, 0), old(col, 1)) else { continue };
                        if from_row >= self.size[0] || from_col >= self.size[1] {
                            continue;
                        }
                        for channel in 0..depth {
                            let from = if channel < self.depth { channel } else { 0 };
                            let to = next.at(row, col, channel);
                            next.weights[to] = self.weights[self.at(from_row, from_col, from)];
                        }
                    }
                }
                next
            }
        }
    }

    /// The same filter with one weight changed.
    #[must_use]
    pub fn with(&self, idx: usize, weight: f32) -> Filter {
        let mut weights = self.weights.clone();
        weights[idx] = weight;
        Filter::own(self.size, self.depth, weights)
    }

    /// Turned by half a turn, as a mathematician's convolution lays it on.
    #[must_use]
    pub fn turned(&self) -> Vec<f32> {
        let cells = self.weights.chunks_exact(self.depth).rev();
        cells.flatten().copied().collect()
    }

    /// One channel's weights, row by row.
    pub fn channel(&self, channel: usize) -> Vec<f32> {
        self.weights.iter().skip(channel).step_by(self.depth).copied().collect()
    }

    /// The greatest weight regardless of sign, 1 for an empty filter.
    pub fn scale(&self) -> f32 {
        scale(&self.weights)
    }

    /// The form in the address.
    pub fn to_text(&self) -> String {
        match self.recipe {
            Recipe::Preset(preset) => preset.name().into(),
            Recipe::Random(seed) => format!("random-{seed}"),
            Recipe::Own => text::numbers(&self.weights),
        }
    }

    /// Reads [`Filter::to_text`].
    pub fn from_text(text: &str, size: [usize; 2], depth: usize) -> Option<Filter> {
        if let Some(preset) = Preset::from_name(text) {
            return Some(Filter::preset(preset, size, depth));
        }
        if let Some(seed) = text.strip_prefix("random-") {
            return seed.parse().ok().map(|seed| Filter::random(seed, size, depth));
        }
        let weights = text::parse_numbers(text, size[0] * size[1] * depth)?;
        Some(Filter::own(size, depth, weights))
    }
}

/// The greatest value regardless of sign, 1 where all are zero.
pub fn scale(values: &[f32]) -> f32 {
    let greatest = values.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    if greatest > 0.0 { greatest } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_survive_the_address() {
        let own = Filter::random(5, [3, 2], 4).with(7, -0.25);
        for filter in [Filter::preset(Preset::Gabor, [5, 3], 3), Filter::random(7, [11, 11], 8), own] {
            assert_eq!(Filter::from_text(&filter.to_text(), filter.size, filter.depth), Some(filter));
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in
            ["", "round", "random-x", "random--1", "1,2,3", &["1"; 26].join(","), &["1e9"; 25].join(",")]
        {
            assert_eq!(Filter::from_text(text, [5, 5], 1), None, "{text}");
        }
    }

    #[test]
    fn what_was_written_keeps_its_middle() {
        let small = Filter::own([3, 3], 1, (1..=9).map(|value| value as f32).collect());
        let large = small.fitted([5, 5], 2);
        assert_eq!(large.weights[large.at(2, 2, 0)], 5.0);
        assert_eq!(large.weights[large.at(1, 1, 1)], 1.0);
        assert_eq!(large.weights[large.at(0, 0, 0)], 0.0);
        assert_eq!(large.fitted([3, 3], 1), small);
        assert_eq!(small.fitted([1, 2], 1).weights, [5.0, 6.0]);
    }

    #[test]
    fn a_half_turn_keeps_the_channels() {
        let filter = Filter::own([1, 2], 2, vec![1.0, 2.0, 3.0, 4.0]);
        assert_eq!(filter.turned(), [3.0, 4.0, 1.0, 2.0]);
        assert_eq!(filter.channel(1), [2.0, 4.0]);
    }
}
