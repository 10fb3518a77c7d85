//! A convolution's relu and max pooling in one go, and their gradient as entries.
//!
//! Of each window of the pooling one cell has won, so that at most one of its cells has a gradient;
//! where relu has cut it off, none has. The winners are therefore all that is kept of the convolution's
//! output, and the zeros between them are neither written nor read.

use super::{Entries, Patches};
use crate::tensor::kernels::Window;
use crate::tensor::kernels::lists::Lists;
use crate::tensor::kernels::max_pooling2d::{self, CUT_OFF, Naming};
use crate::tensor::kernels::sparse::Entry;

/// Max pooling without overlap or padding above and to the left, of a convolution's output or of relu
/// of it.
pub struct Pooled {
    window: Window,
    relu: bool,
    places: Vec<Place>,
    /// Distances, in convolution's windows, between neighboring windows along each axis.
    steps: [usize; 2],
    entries: Entries,
}

/// A position in the window.
#[derive(Clone, Copy)]
struct Place {
    /// The first list of its row.
    list: usize,
    /// Its distance in cells.
    cell: usize,
    /// Its distance in convolution's windows.
    start: usize,
}

/// By the position in the window.
struct ByPosition;

impl Naming for ByPosition {
    fn name(window: &Window, row: usize, column: usize, _: usize) -> u32 {
        (row * window.size[1] + column) as u32
    }
}

/// After relu, which commutes with the maximum.
struct BehindRelu;

impl Naming for BehindRelu {
    const RELU: bool = true;

    fn name(window: &Window, row: usize, column: usize, start: usize) -> u32 {
        ByPosition::name(window, row, column, start)
    }
}

impl Pooled {
    /// `window` is that of the pooling, `patches` the convolution's.
    ///
    /// # Panics
    /// If windows overlap or padding comes before the image.
    pub fn new(window: Window, relu: bool, patches: &Patches) -> Self {
        let overlaps = [0, 1].iter().any(|axis| window.strides[*axis] < window.size[*axis]);
        assert!(!overlaps && window.before == [0, 0], "cells belong to at most one window");
        let [_, columns, filters] = window.input;
        let cells = (0..window.size[0]).flat_map(|row| (0..window.size[1]).map(move |column| (row, column)));
        let places = cells.map(|(row, column)| Place {
            list: row * filters,
            cell: row * columns + column,
            start: patches.start(row, column),
        });
        // The first row's lists become those of all rows.
        let capacity = |list: usize| if list < filters { window.num_cells() } else { window.output[1] };
        Self {
            places: places.collect(),
            steps: [patches.start(window.strides[0], 0), patches.start(0, window.strides[1])],
            entries: Entries {
                by_filter: Lists::new((0..window.size[0] * filters).map(capacity)),
                by_cell: Lists::new(std::iter::repeat_n(filters, window.input[0] * columns)),
            },
            window,
            relu,
        }
    }

    /// Writes the largest value under each window to `output` `[oh, ow, c]` and who won to `winners`.
    ///
    /// # Panics
    /// If a slice does not fit.
    pub fn forward(&self, sums: &[f32], output: &mut [f32], winners: &mut [u32]) {
        if self.relu {
            max_pooling2d::pool::<BehindRelu>(&self.window, sums, output, winners);
        } else {
            max_pooling2d::pool::<ByPosition>(&self.window, sums, output, winners);
        }
    }

    /// Lists the gradient of the convolution's sums, given that of the pooling's output; by cell only if
    /// asked for.
    pub fn list(&mut self, winners: &[u32], grad: &[f32], by_cell: bool) -> &Entries {
        let Window { input: [_, columns, filters], output: [_, pooled_columns], .. } = self.window;
        let [down, right] = self.window.strides;
        let Entries { by_filter: lists, by_cell: cell_lists } = &mut self.entries;
        lists.clear_all();
        if by_cell {
            cell_lists.clear_all();
        }
        let row_len = pooled_columns * filters;
        let rows = winners.chunks_exact(row_len).zip(grad.chunks_exact(row_len));
        for (oh, (winners, grads)) in rows.enumerate() {
            let cells = winners.chunks_exact(filters).zip(grads.chunks_exact(filters));
            for (ow, (winners, grads)) in cells.enumerate() {
                let first = oh * self.steps[0] + ow * self.steps[1];
                let first_cell = oh * down * columns + ow * right;
                for (filter, (winner, value)) in winners.iter().zip(grads).enumerate() {
                    let value = *value;
                    let keep = *winner != CUT_OFF && value != 0.0;
                    let place = self.places[if keep { *winner as usize } else { 0 }];
                    let at = (first + place.start) as u32;
                    lists.put(place.list + filter, Entry { at, value }, keep);
                    if by_cell {
                        let entry = Entry { at: filter as u32, value };
                        cell_lists.put(first_cell + place.cell, entry, keep);
                    }
                }
            }
            for row in 1..self.window.size[0] {
                (0..filters).for_each(|filter| lists.append(filter, row * filters + filter));
                lists.clear(row * filters..(row + 1) * filters);
            }
        }
        &self.entries
    }

    /// Writes the gradient of the sums of a convolution with all its zeros; `window` is that of the pooling.
    pub fn spread(window: &Window, winners: &[u32], grad: &[f32], grad_sums: &mut [f32]) {
        let [_, columns, filters] = window.input;
        let [down, right] = window.strides;
        grad_sums.fill(0.0);
        let cells = winners.chunks_exact(filters).zip(grad.chunks_exact(filters));
        for ((oh, ow), (winners, grads)) in window.cells().zip(cells) {
            for (filter, (winner, value)) in winners.iter().zip(grads).enumerate() {
                if *winner != CUT_OFF {
                    let (row, column) =
                        (*winner as usize / window.size[1], *winner as usize % window.size[1]);
                    let cell = (oh * down + row) * columns + ow * right + column;
                    grad_sums[cell * filters + filter] = *value;
                }
            }
        }
    }
}
