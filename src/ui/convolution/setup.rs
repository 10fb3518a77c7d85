//! Everything the reader has chosen, and how choices fit together.

use super::{Axis, Filter, LayerSetup, Preset, Source, limit};

/// The reader's choices. The filters and the bias always fit the layer and the depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// What lies under the filter.
    pub source: Source,
    /// Height, width and channels of the input.
    pub shape: [usize; 3],
    /// The layer's arguments.
    pub layer: LayerSetup,
    /// One filter for each output map.
    pub filters: Vec<Filter>,
    /// One number for each output map; they count only with `use_bias`.
    pub bias: Vec<f32>,
    /// Whether the filters are turned by half a turn before they are laid on: a convolution in the
    /// mathematician's sense, which Keras does not compute.
    pub flip: bool,
}

impl Default for Setup {
    fn default() -> Setup {
        let layer = LayerSetup::default();
        Setup {
            source: Source::Digit(5),
            shape: [28, 28, 1],
            layer,
            filters: vec![Filter::preset(Preset::of_filter(0), layer.kernel_size, 1)],
            bias: vec![0.0],
            flip: false,
        }
    }
}

impl Setup {
    /// Rows (0) or columns (1).
    pub fn axis(&self, which: usize) -> Axis {
        self.layer.axis(which, [self.shape[0], self.shape[1]])
    }

    /// Output maps.
    pub fn outputs(&self) -> usize {
        self.layer.outputs(self.shape[2])
    }

    /// Changes the choices and makes filters and bias fit them again.
    pub fn change(&mut self, edit: impl FnOnce(&mut Setup)) {
        edit(self);
        self.fit();
    }

    /// Makes filters and bias fit the layer and the depth.
    pub fn fit(&mut self) {
        let (size, depth) = (self.layer.kernel_size, self.layer.filter_depth(self.shape[2]));
        let outputs = self.outputs();
        self.filters.truncate(outputs);
        for filter in &mut self.filters {
            if (filter.size, filter.depth) != (size, depth) {
                *filter = filter.fitted(size, depth);
            }
        }
        for idx in self.filters.len()..outputs {
            self.filters.push(Filter::preset(Preset::of_filter(idx), size, depth));
        }
        self.bias.resize(outputs, 0.0);
    }

    /// Chooses another source, in its natural shape.
    pub fn choose_source(&mut self, source: Source) {
        self.change(|setup| {
            setup.shape = source.natural_shape();
            setup.source = source;
        });
    }

    /// The filters as they are laid on, each `[kh, kw, c]`.
    pub fn laid_on(&self) -> Vec<Vec<f32>> {
        self.filters
            .iter()
            .map(|filter| if self.flip { filter.turned() } else { filter.weights.clone() })
            .collect()
    }

    /// The layer's parameters in the engine's order: the kernel, then the bias if it counts.
    pub fn params(&self) -> Vec<f32> {
        let laid_on = self.laid_on();
        let [kh, kw] = self.layer.kernel_size;
        let depth = self.layer.filter_depth(self.shape[2]);
        let mut params = Vec::with_capacity(laid_on.len() * kh * kw * depth);
        for position in 0..kh * kw {
            if self.layer.depthwise {
                // `[kh, kw, c, m]`, and output `c·M + m` is the m-th of channel c.
                params.extend(laid_on.iter().map(|weights| weights[position]));
            } else {
                for channel in 0..depth {
                    params.extend(laid_on.iter().map(|weights| weights[position * depth + channel]));
                }
            }
        }
        if self.layer.use_bias {
            params.extend(&self.bias);
        }
        params
    }

    /// Multiplications for the whole output, padding included, as every textbook counts them.
    pub fn multiplications(&self) -> usize {
        self.axis(0).output() * self.axis(1).output() * self.outputs() * self.filter_len()
    }

    /// Weights of one filter.
    pub fn filter_len(&self) -> usize {
        self.layer.kernel_size.iter().product::<usize>() * self.layer.filter_depth(self.shape[2])
    }

    /// Trained numbers of the layer.
    pub fn num_params(&self) -> usize {
        self.outputs() * (self.filter_len() + usize::from(self.layer.use_bias))
    }

    /// Whether every number is within its limits.
    pub fn is_within_limits(&self) -> bool {
        let layer = &self.layer;
        let most_filters = if layer.depthwise { limit::MULTIPLIER } else { limit::FILTERS };
        let both = |range: std::ops::RangeInclusive<usize>, pair: [usize; 2]| {
            pair.iter().all(|number| range.contains(number))
        };
        both(limit::SIDE, [self.shape[0], self.shape[1]])
            && limit::DEPTH.contains(&self.shape[2])
            && both(limit::KERNEL, layer.kernel_size)
            && both(limit::STRIDE, layer.strides)
            && both(limit::DILATION, layer.dilation_rate)
            && limit::GROUPS.contains(&layer.groups)
            && most_filters.contains(&layer.filters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_follow_the_layer() {
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.layer.filters = 3;
            setup.layer.kernel_size = [3, 2];
            setup.shape[2] = 4;
        });
        assert_eq!((setup.filters.len(), setup.bias.len(), setup.filters[2].weights.len()), (3, 3, 24));
        setup.change(|setup| setup.layer.depthwise = true);
        assert_eq!((setup.filters.len(), setup.filters[11].weights.len()), (12, 6));
        assert_eq!(setup.num_params(), 12 * 6);
    }
}
