//! Convolution without a matrix of windows, for windows of few values.
//!
//! A product of 9 or 25 steps is over before writing out its windows has paid. Here tiles of four
//! neighboring cells by eight filters read the padded image itself. Where a tile sees nothing but
//! zeros, as over most of a handwritten digit, its sums are the bias. Order of sums and bits are those of
//! [`super::naive`], but for the sign of a zero.

use super::layout::Layout;
use crate::tensor::kernels::lanes::{Lanes, WIDTH};
use crate::tensor::kernels::{Window, sparse};

/// Values under a window up to which this is faster. With 54, LeNet's second, it is not.
const MAX_INPUTS: usize = 32;
/// Neighboring cells of a tile.
const CELLS: usize = 4;
/// Vectors of filters of a tile.
const VECTORS: usize = 2;
const FILTERS: usize = VECTORS * WIDTH;

/// A convolution's kernel as tiles read it, and room for an image.
pub struct Direct {
    layout: Layout,
    /// An image with its padding.
    image: Vec<f32>,
    /// Of each eight filters their weights, the last ones filled up with zeros.
    panels: Vec<[f32; FILTERS]>,
    /// Of each eight filters their bias.
    bias: Vec<[f32; FILTERS]>,
    /// Whether zeros may be left out.
    is_finite: bool,
    /// Of each row of the padded image the first column that is not zero, and the last one and 1.
    spans: Vec<[usize; 2]>,
}

impl Direct {
    /// None where windows have gaps or many values, or a row has fewer cells than a tile.
    pub fn new(window: Window, filters: usize) -> Option<Self> {
        if window.dilation != [1, 1] || window.num_inputs() > MAX_INPUTS || window.output[1] < CELLS {
            return None;
        }
        let layout = Layout::new(window, filters);
        let blocks = filters.div_ceil(FILTERS);
        Some(Self {
            image: vec![0.0; layout.image_len()],
            panels: vec![[0.0; FILTERS]; blocks * window.num_inputs()],
            bias: vec![[0.0; FILTERS]; blocks],
            is_finite: false,
            spans: vec![[0; 2]; layout.rows],
            layout,
        })
    }

    /// Takes kernel `[kh, kw, c, o]` and bias.
    ///
    /// # Panics
    /// If they do not fit the window.
    pub fn set_kernel(&mut self, kernel: &[f32], bias: Option<&[f32]>) {
        let (filters, inputs) = (self.layout.filters, self.layout.window.num_inputs());
        assert_eq!(kernel.len(), inputs * filters, "a kernel of {:?}", self.layout.window);
        for (input, values) in kernel.chunks_exact(filters).enumerate() {
            for (block, values) in values.chunks(FILTERS).enumerate() {
                self.panels[block * inputs + input][..values.len()].copy_from_slice(values);
            }
        }
        for (block, values) in bias.unwrap_or_default().chunks(FILTERS).enumerate() {
            self.bias[block][..values.len()].copy_from_slice(values);
        }
        self.is_finite = sparse::is_finite(kernel);
    }

    /// Writes the convolution of one image to `output` `[oh, ow, o]`.
    ///
    /// # Panics
    /// If a slice does not fit the window.
    pub fn forward(&mut self, image: &[f32], output: &mut [f32]) {
        let Layout { window, filters, .. } = self.layout;
        assert_eq!(image.len(), window.image_len(), "an image of {window:?}");
        assert_eq!(output.len(), window.num_cells() * filters, "output of {window:?}");
        self.layout.pad(image, &mut self.image);
        self.find_spans();
        let rows = output.chunks_exact_mut(window.output[1] * filters);
        for (oh, output) in rows.enumerate() {
            let top = oh * window.strides[0];
            let [first, end] = self.spans[top..top + window.size[0]]
                .iter()
                .fold([usize::MAX, 0], |[first, end], span| [first.min(span[0]), end.max(span[1])]);
            for ow in (0..window.output[1]).step_by(CELLS) {
                // The last tile goes back to be whole: what it writes twice is the same.
                let ow = ow.min(window.output[1] - CELLS);
                let left = ow * window.strides[1];
                let right = left + (CELLS - 1) * window.strides[1] + window.size[1];
                let is_empty = self.is_finite && (end <= left || right <= first);
                let cells = &mut output[ow * filters..(ow + CELLS) * filters];
                for block in 0..self.bias.len() {
                    let sums = if is_empty { self.bias_tile(block) } else { self.tile(block, top, left) };
                    write(sums, cells, filters, block * FILTERS);
                }
            }
        }
    }

    fn find_spans(&mut self) {
        let channels = self.layout.window.input[2];
        for (span, row) in self.spans.iter_mut().zip(self.image.chunks_exact(self.layout.image_row)) {
            let first = row.iter().position(|value| *value != 0.0);
            let last = row.iter().rposition(|value| *value != 0.0);
            // An empty row begins behind all others.
            *span = first
                .zip(last)
                .map_or([usize::MAX, 0], |(first, last)| [first / channels, last / channels + 1]);
        }
    }

    fn bias_tile(&self, block: usize) -> Tile {
        let (bias, _) = self.bias[block].as_chunks::<WIDTH>();
        [std::array::from_fn(|at| Lanes::load(bias[at])); CELLS]
    }

    /// The sums of the cells whose windows begin at row `top` and, the first, column `left`.
    fn tile(&self, block: usize, top: usize, left: usize) -> Tile {
        let Layout { window, image_row, .. } = self.layout;
        let channels = window.input[2];
        let (step, len) = (window.strides[1] * channels, window.size[1] * channels);
        let panels = &self.panels[block * window.num_inputs()..][..window.num_inputs()];
        let mut sums = self.bias_tile(block);
        for (kh, panels) in panels.chunks_exact(len).enumerate() {
            let begin = (top + kh) * image_row + left * channels;
            let row = |cell: usize| &self.image[begin + cell * step..][..len];
            let rows = row(0).iter().zip(row(1)).zip(row(2)).zip(row(3));
            for ((((x0, x1), x2), x3), panel) in rows.zip(panels) {
                let (weights, _) = panel.as_chunks::<WIDTH>();
                let weights: [Lanes; VECTORS] = std::array::from_fn(|at| Lanes::load(weights[at]));
                for (sums, x) in sums.iter_mut().zip([x0, x1, x2, x3]) {
                    let x = Lanes::splat(*x);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = sum.add_product(x, weight);
                    }
                }
            }
        }
        sums
    }
}

type Tile = [[Lanes; VECTORS]; CELLS];

/// Writes a tile's filters from `first` on.
fn write(tile: Tile, cells: &mut [f32], filters: usize, first: usize) {
    let len = FILTERS.min(filters - first);
    for (cell, sums) in cells.chunks_exact_mut(filters).zip(tile) {
        let sums = sums.map(Lanes::store);
        let values = &mut cell[first..first + len];
        if len == FILTERS {
            let (vectors, _) = values.as_chunks_mut::<WIDTH>();
            vectors.copy_from_slice(&sums);
        } else {
            // Value by value: a copy of a length known only at run time is a call.
            values.iter_mut().zip(sums.as_flattened()).for_each(|(value, sum)| *value = *sum);
        }
    }
}
