//! Gradients of a convolution behind a pooling: most of the output's gradient is zero, and what is not
//! is listed.
//!
//! The weight gradient of a filter is the sum of the windows under its entries, each times the entry;
//! the input gradient below a cell is the sum of the kernels of its entries. Both go through rows of
//! `kw*c` neighboring values of an image with its padding around it, so that no window is written out.
//! The order of sums is that of [`super::im2col`] and the products of [`crate::tensor::kernels::gemm`],
//! and so are the bits, as long as the image and the kernel are finite.

use super::layout::Layout;
use crate::tensor::kernels::Window;
use crate::tensor::kernels::lists::Lists;
use crate::tensor::kernels::sparse::{self, Entry};

/// The gradient of one image's output: its entries by filter and by cell.
#[derive(Debug)]
pub struct Entries {
    /// For each filter its cells in row order; `at` is where the cell's window begins
    /// ([`Patches::start`]).
    pub by_filter: Lists,
    /// For each cell its filters; `at` is the filter's number.
    pub by_cell: Lists,
}

/// The room in which a convolution's gradients are computed.
pub struct Patches {
    layout: Layout,
    /// An image with its padding.
    image: Vec<f32>,
    /// The gradient of one.
    grad_image: Vec<f32>,
    /// The kernel, `[filters, kh, window_row]`.
    kernel: Vec<f32>,
    /// Its gradient.
    grad_kernel: Vec<f32>,
}

impl Patches {
    /// # Panics
    /// If the window has gaps.
    pub fn new(window: Window, filters: usize) -> Self {
        assert_eq!(window.dilation, [1, 1], "rows of a window are neighbors");
        let layout = Layout::new(window, filters);
        let image = vec![0.0; layout.image_len()];
        let kernel = vec![0.0; filters * layout.filter_len()];
        Self { layout, grad_image: image.clone(), image, grad_kernel: kernel.clone(), kernel }
    }

    /// Where the window of an output cell begins.
    pub fn start(&self, oh: usize, ow: usize) -> usize {
        let Layout { window, image_row, .. } = self.layout;
        oh * window.strides[0] * image_row + ow * window.strides[1] * window.input[2]
    }

    /// Begins a sum of weight gradients with `grad_kernel` `[kh, kw, c, filters]`.
    ///
    /// # Panics
    /// If it is not so large.
    pub fn begin_weight_gradient(&mut self, grad_kernel: &[f32]) {
        self.layout.turn(grad_kernel, &mut self.grad_kernel);
    }

    /// Adds the weight gradient of one image, and that of the bias.
    pub fn add_weight_gradient(&mut self, image: &[f32], entries: &Entries, grad_bias: Option<&mut [f32]>) {
        let layout = self.layout;
        layout.pad(image, &mut self.image);
        let filters = self.grad_kernel.chunks_exact_mut(layout.filter_len());
        for (filter, sums) in filters.enumerate() {
            let entries = entries.by_filter.list(filter);
            add_windows(entries, &self.image, layout.image_row, layout.window_row, sums);
        }
        if let Some(grad_bias) = grad_bias {
            for (filter, sum) in grad_bias.iter_mut().enumerate() {
                *sum = entries.by_filter.list(filter).iter().fold(*sum, |sum, entry| sum + entry.value);
            }
        }
    }

    /// Writes the sum that was begun.
    pub fn end_weight_gradient(&self, grad_kernel: &mut [f32]) {
        self.layout.turn_back(&self.grad_kernel, grad_kernel);
    }

    /// Takes the kernel `[kh, kw, c, filters]` for [`Patches::input_gradient`].
    ///
    /// # Panics
    /// If it is not so large.
    pub fn set_kernel(&mut self, kernel: &[f32]) {
        self.layout.turn(kernel, &mut self.kernel);
    }

    /// Writes the gradient of one image.
    pub fn input_gradient(&mut self, entries: &Entries, grad_image: &mut [f32]) {
        let Layout { window, image_row, window_row, .. } = self.layout;
        self.grad_image.fill(0.0);
        for (cell, (oh, ow)) in window.cells().enumerate() {
            let entries = entries.by_cell.list(cell);
            if entries.is_empty() {
                continue;
            }
            let start = self.start(oh, ow);
            for kh in 0..window.size[0] {
                let sums = &mut self.grad_image[start + kh * image_row..][..window_row];
                sparse::add_sum(entries, &self.kernel, self.layout.filter_len(), kh * window_row, sums);
            }
        }
        self.layout.unpad(&self.grad_image, grad_image);
    }
}

/// Adds to `sums` `[kh, window_row]` the windows that begin at the entries, each times its value.
fn add_windows(entries: &[Entry], image: &[f32], image_row: usize, window_row: usize, sums: &mut [f32]) {
    match (sums.len() / window_row, window_row) {
        (2, 4) => add_fixed::<2, 4>(entries, image, image_row, sums),
        (3, 4) => add_fixed::<3, 4>(entries, image, image_row, sums),
        (3, 8) => add_fixed::<3, 8>(entries, image, image_row, sums),
        (3, 12) => add_fixed::<3, 12>(entries, image, image_row, sums),
        (5, 8) => add_fixed::<5, 8>(entries, image, image_row, sums),
        _ => {
            for (kh, sums) in sums.chunks_exact_mut(window_row).enumerate() {
                sparse::add(entries, image, 1, kh * image_row, sums);
            }
        }
    }
}

/// [`add_windows`] for windows that are small enough to stay in registers.
fn add_fixed<const ROWS: usize, const ROW: usize>(
    entries: &[Entry],
    image: &[f32],
    image_row: usize,
    sums: &mut [f32],
) {
    let (rows, _) = sums.as_chunks_mut::<ROW>();
    let rows = rows.first_chunk_mut::<ROWS>().expect("there are so many rows");
    // A copy, so that the compiler knows that nothing else sees it and keeps it in registers.
    let mut window = *rows;
    for entry in entries {
        let image = &image[entry.at as usize..][..(ROWS - 1) * image_row + ROW];
        for (kh, sums) in window.iter_mut().enumerate() {
            let row = image[kh * image_row..].first_chunk::<ROW>().expect("a window lies inside its image");
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += entry.value * value;
            }
        }
    }
    *rows = window;
}
