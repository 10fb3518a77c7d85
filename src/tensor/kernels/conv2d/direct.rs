//! Convolution without a matrix of windows, for windows of few values.
//!
//! Tiles of four neighboring cells by eight filters read the padded image itself. Where a tile sees nothing but
//! zeros, as over most of a handwritten digit, its sums are the bias. Four cells that a max pooling makes one are
//! compared before they leave the registers. Order of sums and bits are those of [`super::naive`], but for the
//! sign of a zero.
//!
//! Measured against writing out the windows and one product with the pooling behind it, in WebAssembly with simd128
//! (V8 in Node 20, one core of a busy Zen 5 server, shortest of many): the second convolution of LeNet-5, of 150
//! values, takes 0.16 instead of 0.31 ms for 16 images, that of the CNN, of 288 values, 1.08 instead of 1.65 ms; a
//! sixth of that comes from cells that the pooling leaves out. Code of its own for short rows of windows gained nothing.
//! More values were not measured; a panel of eight filters should fit the first-level cache beside the image's rows.

use std::ops::Range;

use super::layout::Layout;
use crate::tensor::kernels::lanes::{Lanes, WIDTH, Words};
use crate::tensor::kernels::max_pooling2d::CUT_OFF;
use crate::tensor::kernels::{Window, sparse};

/// Values under a window up to which this is faster.
const MAX_INPUTS: usize = 384;
/// Values under a window from which on cells that are computed twice count.
const MANY_INPUTS: usize = 32;
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
    /// None where windows have gaps or too many values, or a row has fewer cells than a tile. `pooled` says
    /// that only [`Direct::forward_pooled`] will be called.
    pub fn new(window: Window, filters: usize, pooled: bool) -> Option<Self> {
        let (inputs, cells) = (window.num_inputs(), window.output[1]);
        // The last tile of a row may be computed for a single cell more.
        let is_whole = pooled || inputs <= MANY_INPUTS || cells.next_multiple_of(CELLS) * 5 <= cells * 6;
        if window.dilation != [1, 1] || inputs > MAX_INPUTS || cells < CELLS || !is_whole {
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
        let Layout { window, filters, image_row, .. } = self.layout;
        assert_eq!(output.len(), window.num_cells() * filters, "output of {window:?}");
        self.take_image(image);
        let step = window.strides[1] * window.input[2];
        let rows = output.chunks_exact_mut(window.output[1] * filters);
        for (oh, output) in rows.enumerate() {
            let top = oh * window.strides[0];
            let seen = self.span(top..top + window.size[0]);
            // Eight filters' weights stay in the cache for a row.
            for block in 0..self.bias.len() {
                for ow in (0..window.output[1]).step_by(CELLS) {
                    // The last tile goes back to be whole: what it writes twice is the same.
                    let ow = ow.min(window.output[1] - CELLS);
                    let left = ow * window.strides[1];
                    let columns = left..left + (CELLS - 1) * window.strides[1] + window.size[1];
                    let begin = top * image_row + ow * step;
                    let begins = [begin, begin + step, begin + 2 * step, begin + 3 * step];
                    let sums = self.tile_or_bias(block, begins, &columns, &seen);
                    let cells = output[ow * filters..].chunks_exact_mut(filters);
                    for (cell, sums) in cells.zip(sums) {
                        write(sums.map(Lanes::store), cell, block * FILTERS);
                    }
                }
            }
        }
    }

    /// Writes the largest of each 2×2 cells of the convolution of one image to `output`, `[oh/2, ow/2, o]`:
    /// max pooling without padding; after relu if asked for. An odd row or column at the end is left out.
    /// `winners` get who won, 0 to 3 in row order, or `u32::MAX` where relu cut it off.
    ///
    /// # Panics
    /// If a slice does not fit the window.
    pub fn forward_pooled(
        &mut self,
        relu: bool,
        image: &[f32],
        output: &mut [f32],
        mut winners: Option<&mut [u32]>,
    ) {
        let Layout { window, filters, image_row, .. } = self.layout;
        let [rows, columns] = window.output.map(|cells| cells / 2);
        let len = rows * columns * filters;
        assert_eq!(output.len(), len, "output of {window:?}");
        assert!(winners.as_ref().is_none_or(|winners| winners.len() == len), "one winner for each output");
        self.take_image(image);
        let (down, right) = (window.strides[0] * image_row, window.strides[1] * window.input[2]);
        for row in 0..rows {
            let top = row * 2 * window.strides[0];
            let seen = self.span(top..top + window.strides[0] + window.size[0]);
            for block in 0..self.bias.len() {
                for column in 0..columns {
                    let left = column * 2 * window.strides[1];
                    let seeing = left..left + window.strides[1] + window.size[1];
                    let begin = row * 2 * down + column * 2 * right;
                    let begins = [begin, begin + right, begin + down, begin + down + right];
                    let tile = self.tile_or_bias(block, begins, &seeing, &seen);
                    let cell = (row * columns + column) * filters..(row * columns + column + 1) * filters;
                    if let Some(winners) = &mut winners {
                        let names = winners_of(&tile, relu).map(Words::store);
                        write(names, &mut winners[cell.clone()], block * FILTERS);
                    }
                    write(largest_of(&tile, relu).map(Lanes::store), &mut output[cell], block * FILTERS);
                }
            }
        }
    }

    fn take_image(&mut self, image: &[f32]) {
        assert_eq!(image.len(), self.layout.window.image_len(), "an image of {:?}", self.layout.window);
        self.layout.pad(image, &mut self.image);
        self.find_spans();
    }

    /// The columns of these rows of the padded image between which all that is not zero lies.
    fn span(&self, rows: Range<usize>) -> Range<usize> {
        let [first, end] = self.spans[rows]
            .iter()
            .fold([usize::MAX, 0], |[first, end], span| [first.min(span[0]), end.max(span[1])]);
        first..end
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

    /// The sums of four cells; `columns` are those of the padded image that they see, `seen` those that are not
    /// all zero.
    fn tile_or_bias(
        &self,
        block: usize,
        begins: [usize; CELLS],
        columns: &Range<usize>,
        seen: &Range<usize>,
    ) -> Tile {
        let is_empty = self.is_finite && (seen.end <= columns.start || columns.end <= seen.start);
        if is_empty { self.bias_tile(block) } else { self.tile(block, begins) }
    }

    /// The sums of four cells, given where their windows begin in the padded image.
    fn tile(&self, block: usize, begins: [usize; CELLS]) -> Tile {
        let Layout { window, image_row, .. } = self.layout;
        let len = window.size[1] * window.input[2];
        let panels = &self.panels[block * window.num_inputs()..][..window.num_inputs()];
        let mut sums = self.bias_tile(block);
        for (kh, panels) in panels.chunks_exact(len).enumerate() {
            let row = |cell: usize| &self.image[begins[cell] + kh * image_row..][..len];
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

/// The largest of the cells.
fn largest_of([first, others @ ..]: &Tile, relu: bool) -> [Lanes; VECTORS] {
    std::array::from_fn(|at| {
        let largest = others.iter().fold(first[at], |largest, cell| largest.largest(cell[at]));
        if relu { largest.relu() } else { largest }
    })
}

/// Which of the cells it is.
fn winners_of([first, others @ ..]: &Tile, relu: bool) -> [Words; VECTORS] {
    std::array::from_fn(|at| {
        let (mut largest, mut winner) = (first[at], Words::splat(0));
        for (name, cell) in (1..).zip(others) {
            let wins = largest.is_less(cell[at]);
            largest = cell[at].where_else(wins, largest);
            winner = Words::splat(name).where_else(wins, winner);
        }
        let lives = largest.is_greater(Lanes::splat(0.0));
        if relu { winner.where_else(lives, Words::splat(CUT_OFF)) } else { winner }
    })
}

/// Writes a cell's filters from `first` on.
fn write<T: Copy>(vectors: [[T; WIDTH]; VECTORS], cell: &mut [T], first: usize) {
    let len = FILTERS.min(cell.len() - first);
    let values = &mut cell[first..first + len];
    if len == FILTERS {
        let (cells, _) = values.as_chunks_mut::<WIDTH>();
        cells.copy_from_slice(&vectors);
    } else {
        // Value by value: a copy of a length known only at run time is a call.
        values.iter_mut().zip(vectors.as_flattened()).for_each(|(value, of)| *value = *of);
    }
}
