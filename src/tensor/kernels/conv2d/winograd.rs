//! Convolution with windows of 3×3 in fewer multiplications, for inference.
//!
//! F(2×2, 3×3) of Winograd's minimal filtering (Lavin and Gray 2016, "Fast Algorithms for
//! Convolutional Neural Networks", section 4.1): a tile of 4×4 pixels `d` and a filter `g` give a tile of
//! 2×2 cells, `y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`, with 16 multiplications instead of 36. Summed over channels the
//! 16 positions are 16 matrix products `[tiles, c]·[c, filters]`.
//!
//! Sums are rounded in an order of their own, so this is not what training computes: its forward pass keeps the
//! bits of [`super::naive`], and so does the laboratory, whose convolutions have few channels. The bits are the same
//! on every target, in any batch and for any number of workers.
//!
//! Exact enough: over 40 random images of 32 channels behind relu and 64 filters, the largest error was 1.1e-6 of
//! the root mean square of the output; that of the naive sum, of 288 products, 2.2e-6. F(4×4, 3×3), which would
//! save another 44 % of the products, made 1.9e-5, and predictions would show it in their fifth digit.
//!
//! An infinite pixel makes all cells of the tiles that see it NaN, since they subtract pixels from each other; the
//! naive sum has finite neighbors there. Either way the output is no number to go on with.

use crate::tensor::kernels::Window;
use crate::tensor::kernels::lanes::{Lanes, WIDTH};

/// Channels and filters from which on this is faster; fewer do not pay for the transforms.
const MIN_DEPTH: usize = 16;
/// Pixels of a tile along an axis.
const SIDE: usize = 4;
/// Cells that a tile gives along an axis, and how far apart tiles begin.
const CELLS: usize = 2;
/// Positions in a tile.
const POSITIONS: usize = SIDE * SIDE;
/// Tiles up to which all is computed at once, so that it stays in the second-level cache.
const MAX_TILES: usize = 64;
/// Tiles of a block of running sums.
const ROWS: usize = 4;
/// Vectors of filters of such a block.
const VECTORS: usize = 2;
const FILTERS: usize = VECTORS * WIDTH;

type Vector = [f32; WIDTH];
/// One value for every position in a tile.
type Tile<const N: usize> = [[Lanes; N]; N];

/// A convolution's kernel, transformed, and room for an image.
pub struct Winograd {
    window: Window,
    filters: usize,
    /// Rows and columns of tiles.
    tiles: [usize; 2],
    /// Rows of tiles that are computed at once.
    strip: usize,
    /// An image with its padding, and what the last tiles see beyond it.
    image: Vec<Vector>,
    /// `[positions, filters/8, c]`.
    kernel: Vec<[f32; FILTERS]>,
    bias: Vec<Vector>,
    /// The transformed pixels of a strip, `[positions, tiles, c]`.
    pixels: Vec<Vector>,
    /// Their products with the kernel, `[positions, tiles, filters]`.
    products: Vec<Vector>,
}

impl Winograd {
    /// None where it is not faster, or not possible.
    pub fn new(window: Window, filters: usize) -> Option<Self> {
        let channels = window.input[2];
        let is_plain = window.size == [3, 3] && window.strides == [1, 1] && window.dilation == [1, 1];
        let is_deep = channels >= MIN_DEPTH && filters >= MIN_DEPTH;
        let is_even = channels.is_multiple_of(WIDTH) && filters.is_multiple_of(FILTERS);
        let tiles = window.output.map(|cells| cells.div_ceil(CELLS));
        let strip = (MAX_TILES / tiles[1]).clamp(1, tiles[0]);
        let at_once = strip * tiles[1];
        if !(is_plain && is_deep && is_even) || at_once < ROWS {
            return None;
        }
        let [rows, columns] = tiles.map(|tiles| tiles * CELLS + SIDE - CELLS);
        Some(Self {
            image: vec![[0.0; WIDTH]; rows * columns * channels / WIDTH],
            kernel: vec![[0.0; FILTERS]; POSITIONS * filters / FILTERS * channels],
            bias: vec![[0.0; WIDTH]; filters / WIDTH],
            pixels: vec![[0.0; WIDTH]; POSITIONS * at_once * channels / WIDTH],
            products: vec![[0.0; WIDTH]; POSITIONS * at_once * filters / WIDTH],
            window,
            filters,
            tiles,
            strip,
        })
    }

    /// Takes kernel `[kh, kw, c, o]` and bias.
    ///
    /// # Panics
    /// If they do not fit the window.
    pub fn set_kernel(&mut self, kernel: &[f32], bias: Option<&[f32]>) {
        let (channels, filters) = (self.window.input[2], self.filters);
        assert_eq!(kernel.len(), self.window.num_inputs() * filters, "a kernel of {:?}", self.window);
        let (weights, _) = kernel.as_chunks::<WIDTH>();
        let vectors = filters / WIDTH;
        for channel in 0..channels {
            for vector in 0..vectors {
                let weight = |at: usize| Lanes::load(weights[(at * channels + channel) * vectors + vector]);
                let filter = [0, 1, 2].map(|kh| [0, 1, 2].map(|kw| weight(kh * 3 + kw)));
                let (panel, begin) = (vector / VECTORS, vector % VECTORS * WIDTH);
                for (position, values) in transform_filter(filter).as_flattened().iter().enumerate() {
                    let at = (position * filters / FILTERS + panel) * channels + channel;
                    self.kernel[at][begin..begin + WIDTH].copy_from_slice(&values.store());
                }
            }
        }
        match bias {
            Some(bias) => self.bias.as_flattened_mut().copy_from_slice(bias),
            None => self.bias.fill([0.0; WIDTH]),
        }
    }

    /// Writes the convolution of one image to `output` `[oh, ow, o]`.
    ///
    /// # Panics
    /// If a slice does not fit the window.
    pub fn forward(&mut self, image: &[f32], output: &mut [f32]) {
        let ([rows, columns], vectors) = (self.window.output, self.filters / WIDTH);
        assert_eq!(output.len(), self.window.num_cells() * self.filters, "output of {:?}", self.window);
        let (output, _) = output.as_chunks_mut::<WIDTH>();
        self.each_tile(image, |[row, column], vector, tile| {
            for (oh, cells) in (row * CELLS..rows).zip(tile) {
                for (ow, cell) in (column * CELLS..columns).zip(cells) {
                    output[(oh * columns + ow) * vectors + vector] = cell.store();
                }
            }
        });
    }

    /// Writes the largest of each tile of the convolution of one image to `output`, `[oh/2, ow/2, o]`: max
    /// pooling of 2×2 without padding; after relu if asked for.
    ///
    /// # Panics
    /// If a slice does not fit the window, or it gives an odd number of rows or columns.
    pub fn forward_pooled(&mut self, relu: bool, image: &[f32], output: &mut [f32]) {
        let ([_, columns], vectors) = (self.tiles, self.filters / WIDTH);
        assert_eq!(self.window.output, self.tiles.map(|tiles| tiles * CELLS), "cells in whole tiles");
        assert_eq!(output.len(), self.window.num_cells() / 4 * self.filters, "output of {:?}", self.window);
        let (output, _) = output.as_chunks_mut::<WIDTH>();
        self.each_tile(image, |[row, column], vector, [[a, b], [c, d]]| {
            let largest = a.largest(b).largest(c).largest(d);
            let largest = if relu { largest.relu() } else { largest };
            output[(row * columns + column) * vectors + vector] = largest.store();
        });
    }

    /// Calls `write` with each tile's row and column, a vector of filters and their cells.
    fn each_tile(&mut self, image: &[f32], mut write: impl FnMut([usize; 2], usize, Tile<CELLS>)) {
        self.pad(image);
        let [rows, columns] = self.tiles;
        for first in (0..rows).step_by(self.strip) {
            // The last strip goes back to be whole: what it writes twice is the same.
            let first = first.min(rows - self.strip);
            self.transform_pixels(first);
            self.multiply();
            for tile in 0..self.strip * columns {
                let place = [first + tile / columns, tile % columns];
                for vector in 0..self.filters / WIDTH {
                    write(place, vector, self.cells(tile, vector));
                }
            }
        }
    }

    /// Copies an image to where its padding is around it.
    fn pad(&mut self, image: &[f32]) {
        assert_eq!(image.len(), self.window.image_len(), "an image of {:?}", self.window);
        let ([height, width, channels], [above, left]) = (self.window.input, self.window.before);
        let [rows, columns] = self.tiles.map(|tiles| tiles * CELLS + SIDE - CELLS);
        let len = width.min(columns - left) * channels;
        let padded = self.image.as_flattened_mut();
        for (h, row) in image.chunks_exact(width * channels).enumerate().take(height.min(rows - above)) {
            padded[((above + h) * columns + left) * channels..][..len].copy_from_slice(&row[..len]);
        }
    }

    /// Transforms the pixels of a strip of tiles.
    fn transform_pixels(&mut self, first: usize) {
        let depth = self.window.input[2] / WIDTH;
        let columns = self.tiles[1];
        let row_len = (columns * CELLS + SIDE - CELLS) * depth;
        let plane = self.strip * columns * depth;
        for tile in 0..self.strip * columns {
            let begin = (first + tile / columns) * CELLS * row_len + tile % columns * CELLS * depth;
            for channel in 0..depth {
                let pixel = |row: usize, column: usize| {
                    Lanes::load(self.image[begin + channel + row * row_len + column * depth])
                };
                let pixels = std::array::from_fn(|row| std::array::from_fn(|column| pixel(row, column)));
                let transformed = transform_pixels(pixels);
                for (position, values) in transformed.as_flattened().iter().enumerate() {
                    self.pixels[position * plane + tile * depth + channel] = values.store();
                }
            }
        }
    }

    /// The products of transformed pixels and kernel, position by position.
    fn multiply(&mut self) {
        let (channels, tiles) = (self.window.input[2], self.strip * self.tiles[1]);
        let pixels = self.pixels.as_flattened().chunks_exact(tiles * channels);
        let kernels = self.kernel.chunks_exact(self.filters / FILTERS * channels);
        let products = self.products.chunks_exact_mut(tiles * self.filters / WIDTH);
        for ((pixels, kernel), products) in pixels.zip(kernels).zip(products) {
            for (panel, weights) in kernel.chunks_exact(channels).enumerate() {
                for tile in (0..tiles).step_by(ROWS) {
                    // The last block goes back to be whole: what it writes twice is the same.
                    let tile = tile.min(tiles - ROWS);
                    let sums = block(&pixels[tile * channels..(tile + ROWS) * channels], weights);
                    for (row, sums) in sums.iter().enumerate() {
                        let at = (tile + row) * self.filters / WIDTH + panel * VECTORS;
                        products[at..at + VECTORS].copy_from_slice(&sums.map(Lanes::store));
                    }
                }
            }
        }
    }

    /// What a tile of the strip gives, for one vector of filters.
    fn cells(&self, tile: usize, vector: usize) -> Tile<CELLS> {
        let vectors = self.filters / WIDTH;
        let plane = self.strip * self.tiles[1] * vectors;
        let product = |at: usize| Lanes::load(self.products[at * plane + tile * vectors + vector]);
        let products = std::array::from_fn(|row| std::array::from_fn(|column| product(row * SIDE + column)));
        let bias = Lanes::load(self.bias[vector]);
        transform_products(products).map(|cells| cells.map(|cell| cell + bias))
    }
}

/// Four rows of pixels times eight columns of weights.
fn block(pixels: &[f32], weights: &[[f32; FILTERS]]) -> [[Lanes; VECTORS]; ROWS] {
    let mut sums = [[Lanes::splat(0.0); VECTORS]; ROWS];
    let row = |row: usize| &pixels[row * weights.len()..][..weights.len()];
    let rows = row(0).iter().zip(row(1)).zip(row(2)).zip(row(3));
    for ((((x0, x1), x2), x3), weights) in rows.zip(weights) {
        let (weights, _) = weights.as_chunks::<WIDTH>();
        let weights: [Lanes; VECTORS] = std::array::from_fn(|at| Lanes::load(weights[at]));
        for (sums, x) in sums.iter_mut().zip([x0, x1, x2, x3]) {
            let x = Lanes::splat(*x);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = sum.add_product(x, weight);
            }
        }
    }
    sums
}

/// `Bᵀ d B`.
fn transform_pixels(pixels: Tile<SIDE>) -> Tile<SIDE> {
    let along = |[d0, d1, d2, d3]: [Lanes; SIDE]| [d0 - d2, d1 + d2, d2 - d1, d1 - d3];
    transposed(transposed(pixels).map(along)).map(along)
}

/// `G g Gᵀ`.
fn transform_filter(filter: Tile<3>) -> Tile<SIDE> {
    let half = Lanes::splat(0.5);
    let along = |[g0, g1, g2]: [Lanes; 3]| {
        let ends = g0 + g2;
        [g0, (ends + g1) * half, (ends - g1) * half, g2]
    };
    transposed(transposed(filter).map(along)).map(along)
}

/// `Aᵀ m A`.
fn transform_products(products: Tile<SIDE>) -> Tile<CELLS> {
    let along = |[m0, m1, m2, m3]: [Lanes; SIDE]| [m0 + m1 + m2, m1 - m2 - m3];
    transposed(transposed(products).map(along)).map(along)
}

/// Rows for columns.
fn transposed<const ROWS: usize, const COLUMNS: usize>(
    tile: [[Lanes; COLUMNS]; ROWS],
) -> [[Lanes; ROWS]; COLUMNS] {
    std::array::from_fn(|column| std::array::from_fn(|row| tile[row][column]))
}

#[cfg(test)]
mod tests {
    use super::super::naive;
    use super::*;
    use crate::tensor::kernels::max_pooling2d;
    use crate::tensor::rng::{Purpose, Rng};

    /// Of the sum of the products regardless of sign.
    const TOLERANCE: f32 = 5e-7;

    fn draw(len: usize, stream: u64) -> Vec<f32> {
        let mut rng = Rng::new(8, Purpose::Init, stream, 0);
        (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
    }

    fn window(input: [usize; 3], before: [usize; 2], output: [usize; 2]) -> Window {
        Window { input, output, size: [3, 3], strides: [1, 1], dilation: [1, 1], before }
    }

    /// Valid and same, whole tiles and half ones, one strip and several.
    fn windows() -> Vec<(Window, usize)> {
        let mut all = Vec::new();
        for (height, width) in [(4, 10), (5, 9), (13, 13), (6, 41), (40, 7), (130, 4)] {
            for (channels, filters) in [(16, 16), (20, 24), (32, 64)] {
                let input = [height, width, channels];
                all.push((window(input, [0, 0], [height - 2, width - 2]), filters));
                all.push((window(input, [1, 1], [height, width]), filters));
            }
        }
        all
    }

    /// The naive convolution, and for each cell the sum of its products regardless of sign.
    fn expected(window: &Window, image: &[f32], kernel: &[f32], bias: &[f32]) -> [Vec<f32>; 2] {
        let [mut sums, mut sizes] = [(); 2].map(|()| bias.repeat(window.num_cells()));
        naive(window, image, kernel, &mut sums);
        let size = |values: &[f32]| values.iter().map(|value| value.abs()).collect::<Vec<_>>();
        naive(window, &size(image), &size(kernel), &mut sizes);
        [sums, sizes]
    }

    fn assert_close(got: &[f32], [sums, sizes]: &[Vec<f32>; 2], what: &dyn std::fmt::Debug) {
        assert_eq!(got.len(), sums.len());
        for ((got, sum), size) in got.iter().zip(sums).zip(sizes) {
            assert!(
                (got - sum).abs() <= TOLERANCE * (1.0 + size.abs()),
                "{got} for {sum} of {size}: {what:?}"
            );
        }
    }

    #[test]
    fn the_convolution_is_that_of_the_naive_sum() {
        for (window, filters) in windows() {
            let mut winograd = Winograd::new(window, filters).unwrap();
            // Twice, so that what one image leaves behind would show in the next.
            for round in 0..2 {
                let image = draw(window.image_len(), round);
                let kernel = draw(window.num_inputs() * filters, 2 + round);
                let bias = draw(filters, 4 + round);
                winograd.set_kernel(&kernel, Some(&bias));
                let mut got = vec![f32::NAN; window.num_cells() * filters];
                winograd.forward(&image, &mut got);
                assert_close(&got, &expected(&window, &image, &kernel, &bias), &window);
            }
        }
    }

    #[test]
    fn pooling_takes_the_largest_of_the_same_cells() {
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        for (window, filters) in windows() {
            if window.output.iter().any(|cells| cells % 2 > 0) {
                continue;
            }
            let mut winograd = Winograd::new(window, filters).unwrap();
            let image = draw(window.image_len(), 1);
            winograd.set_kernel(&draw(window.num_inputs() * filters, 2), None);
            let mut sums = vec![0.0; window.num_cells() * filters];
            winograd.forward(&image, &mut sums);
            let [rows, columns] = window.output;
            let pooling = Window {
                input: [rows, columns, filters],
                output: [rows / 2, columns / 2],
                size: [2, 2],
                strides: [2, 2],
                ..window
            };
            let pooling = Window { before: [0, 0], ..pooling };
            let mut expected = vec![0.0; sums.len() / 4];
            max_pooling2d::forward(&pooling, &sums, &mut expected, &mut vec![0; sums.len() / 4]);
            for relu in [false, true] {
                if relu {
                    for value in &mut expected {
                        *value = value.max(0.0);
                    }
                }
                let mut got = vec![f32::NAN; expected.len()];
                winograd.forward_pooled(relu, &image, &mut got);
                assert_eq!(bits(&got), bits(&expected), "{window:?}, relu {relu}");
            }
        }
    }

    #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
    #[cfg_attr(not(target_arch = "wasm32"), test)]
    fn bits_are_the_same_on_every_target() {
        let window = window([13, 13, 32], [0, 0], [11, 11]);
        let mut winograd = Winograd::new(window, 64).unwrap();
        winograd.set_kernel(&draw(window.num_inputs() * 64, 1), Some(&draw(64, 2)));
        let mut output = vec![0.0; window.num_cells() * 64];
        winograd.forward(&draw(window.image_len(), 3), &mut output);
        let fold = |sum: u32, value: &f32| sum.rotate_left(5) ^ value.to_bits();
        assert_eq!(output.iter().fold(0, fold), 0xef4a_5119);
    }

    #[test]
    fn what_is_not_finite_shows() {
        let window = window([6, 6, 16], [1, 1], [6, 6]);
        let mut winograd = Winograd::new(window, 16).unwrap();
        winograd.set_kernel(&draw(window.num_inputs() * 16, 1), None);
        let mut image = draw(window.image_len(), 2);
        image[(2 * 6 + 3) * 16 + 5] = f32::NAN;
        let mut output = vec![0.0; window.num_cells() * 16];
        winograd.forward(&image, &mut output);
        for (cell, values) in output.chunks_exact(16).enumerate() {
            let (row, column) = (cell / 6, cell % 6);
            if (1..=3).contains(&row) && (2..=4).contains(&column) {
                assert!(values.iter().all(|value| value.is_nan()), "cell {row}, {column}");
            }
        }
    }

    #[test]
    fn what_is_not_faster_is_left_to_others() {
        let plain = window([13, 13, 32], [0, 0], [11, 11]);
        assert!(Winograd::new(plain, 64).is_some());
        for (window, filters) in [
            (Window { size: [5, 5], ..plain }, 64),
            (Window { strides: [1, 2], ..plain }, 64),
            (Window { dilation: [2, 1], ..plain }, 64),
            (Window { input: [13, 13, 8], ..plain }, 64),
            (Window { input: [13, 13, 18], ..plain }, 64),
            (Window { output: [2, 3], ..plain }, 64),
            (plain, 12),
            (plain, 20),
        ] {
            assert!(Winograd::new(window, filters).is_none(), "{window:?}, {filters} filters");
        }
    }
}
