//! Images with their padding around them, and kernels filter by filter.

use crate::tensor::kernels::Window;

/// Rows of a window are filled up to whole vectors; what is added there is not used.
const LANES: usize = 4;

/// How images and kernels lie in memory.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub window: Window,
    pub filters: usize,
    /// Rows of a padded image, as far as windows see it.
    pub rows: usize,
    /// Values of such a row.
    pub image_row: usize,
    /// Values of a window's row, filled up.
    pub window_row: usize,
}

impl Layout {
    pub(super) fn new(window: Window, filters: usize) -> Self {
        let [_, _, channels] = window.input;
        let seen = [0, 1].map(|axis| (window.output[axis] - 1) * window.strides[axis] + window.size[axis]);
        let window_row = (window.size[1] * channels).next_multiple_of(LANES);
        Self { window, filters, rows: seen[0], image_row: seen[1] * channels, window_row }
    }

    /// Values of a padded image. Windows at the end read as much more as their rows are filled up with.
    pub(super) fn image_len(&self) -> usize {
        self.rows * self.image_row + LANES
    }

    /// Values of one filter.
    pub(super) fn filter_len(&self) -> usize {
        self.window.size[0] * self.window_row
    }

    /// Where the first filter's weight of the `input`-th value under the window lies.
    pub(super) fn place(&self, input: usize) -> usize {
        let columns = self.window.size[1] * self.window.input[2];
        input / columns * self.window_row + input % columns
    }

    /// Writes `kernel` `[kh, kw, c, filters]` filter by filter.
    pub(super) fn turn(&self, kernel: &[f32], turned: &mut [f32]) {
        assert_eq!(kernel.len(), self.window.num_inputs() * self.filters, "a kernel of {:?}", self.window);
        // What rows are filled up with.
        turned.fill(0.0);
        for (input, values) in kernel.chunks_exact(self.filters).enumerate() {
            let cells = turned[self.place(input)..].iter_mut().step_by(self.filter_len());
            cells.zip(values).for_each(|(cell, value)| *cell = *value);
        }
    }

    /// The transpose of [`Layout::turn`].
    pub(super) fn turn_back(&self, turned: &[f32], kernel: &mut [f32]) {
        for (input, values) in kernel.chunks_exact_mut(self.filters).enumerate() {
            let cells = turned[self.place(input)..].iter().step_by(self.filter_len());
            values.iter_mut().zip(cells).for_each(|(value, cell)| *value = *cell);
        }
    }

    /// The part of an image that windows see: first row of the padded image, rows, first value of a
    /// padded row, values.
    pub(super) fn seen(&self) -> [usize; 4] {
        let ([height, width, channels], [above, left]) = (self.window.input, self.window.before);
        let row = self.image_row / channels;
        let rows = height.min(self.rows.saturating_sub(above));
        [above, rows, left * channels, width.min(row.saturating_sub(left)) * channels]
    }

    /// Copies an image to where its padding is around it.
    pub(super) fn pad(&self, image: &[f32], padded: &mut [f32]) {
        let [above, rows, left, len] = self.seen();
        let images = image.chunks_exact(self.window.input[1] * self.window.input[2]).take(rows);
        let padded = padded[above * self.image_row..].chunks_exact_mut(self.image_row);
        for (padded, image) in padded.zip(images) {
            padded[left..left + len].copy_from_slice(&image[..len]);
        }
    }

    /// Copies an image from where its padding is around it; zero where no window comes.
    pub(super) fn unpad(&self, padded: &[f32], image: &mut [f32]) {
        let [above, rows, left, len] = self.seen();
        let padded = padded[above * self.image_row..].chunks_exact(self.image_row).take(rows);
        image.fill(0.0);
        for (image, padded) in image.chunks_exact_mut(self.window.input[1] * self.window.input[2]).zip(padded)
        {
            image[..len].copy_from_slice(&padded[left..left + len]);
        }
    }
}
