//! Convolution of one image as a matrix product.
//!
//! `y[oh,ow,o] = Σ_kh Σ_kw Σ_c x[oh*s + kh*d - pad, ow*s + kw*d - pad, c]·k[kh,kw,c,o]`: a
//! cross-correlation, as everywhere in this field. [`im2col`] writes what each output cell sees as
//! one row of a matrix `[oh*ow, kh*kw*c]`; that times the kernel is the output. One image at a
//! time, so that the matrix stays in the cache (Chellapilla, Puri, Simard 2006).

mod direct;
mod layout;
mod patches;
mod pooled;
mod winograd;

pub use direct::Direct;
pub use patches::{Entries, Patches};
pub use pooled::Pooled;
pub use winograd::Winograd;

use super::{Window, gemm};

/// Writes the convolution of one image with `kernel` `[kh, kw, c, o]`, and `bias` if there is one, to
/// `output` `[oh, ow, o]`. `columns` is room of [`Window::num_cells`] by [`Window::num_inputs`].
///
/// # Panics
/// If a slice does not fit `window`.
pub fn forward(
    window: &Window,
    image: &[f32],
    kernel: &[f32],
    bias: Option<&[f32]>,
    columns: &mut [f32],
    output: &mut [f32],
) {
    let (cells, inputs) = (window.num_cells(), window.num_inputs());
    match bias {
        Some(bias) => output.chunks_exact_mut(bias.len()).for_each(|cell| cell.copy_from_slice(bias)),
        None => output.fill(0.0),
    }
    im2col(window, image, columns);
    gemm::nn(cells, output.len() / cells, inputs, columns, kernel, output);
}

/// Adds one image's gradient of the kernel, given that of the output.
///
/// # Panics
/// If a slice does not fit `window`.
pub fn weight_gradient(
    window: &Window,
    image: &[f32],
    grad_output: &[f32],
    columns: &mut [f32],
    grad_kernel: &mut [f32],
) {
    let (cells, inputs) = (window.num_cells(), window.num_inputs());
    im2col(window, image, columns);
    gemm::tn(inputs, grad_output.len() / cells, cells, columns, grad_output, grad_kernel);
}

/// Adds one image's gradient of the input, given that of the output.
///
/// # Panics
/// If a slice does not fit `window`.
pub fn input_gradient(
    window: &Window,
    grad_output: &[f32],
    kernel: &[f32],
    columns: &mut [f32],
    grad_image: &mut [f32],
) {
    let (cells, inputs) = (window.num_cells(), window.num_inputs());
    columns.fill(0.0);
    gemm::nt(cells, inputs, grad_output.len() / cells, grad_output, kernel, columns);
    col2im(window, columns, grad_image);
}

/// Writes the window of every output cell as one row of `columns`, `[oh*ow, kh*kw*c]`; padding is 0.
///
/// # Panics
/// If a slice does not fit `window`.
pub fn im2col(window: &Window, image: &[f32], columns: &mut [f32]) {
    check(window, image, columns);
    let [_, width, channels] = window.input;
    let window_row = window.size[1] * channels;
    for ((oh, ow), row) in window.cells().zip(columns.chunks_exact_mut(window.num_inputs())) {
        let (khs, h) = window.inside(0, oh);
        let (kws, w) = window.inside(1, ow);
        if khs.len() < window.size[0] || kws.len() < window.size[1] {
            row.fill(0.0);
        }
        if window.dilation != [1, 1] {
            for (h, w, position) in window.under(oh, ow) {
                let (at, from) = (position * channels, (h * width + w) * channels);
                copy(&image[from..from + channels], &mut row[at..at + channels]);
            }
            continue;
        }
        let len = kws.len() * channels;
        for (kh, h) in khs.zip(h..) {
            let from = (h * width + w) * channels;
            copy(&image[from..from + len], &mut row[kh * window_row + kws.start * channels..][..len]);
        }
    }
}

/// Copies `from` to `to`. Short rows get code for their length: a copy of a length known only at
/// run time is a call, which for three values costs more than the copy.
fn copy(from: &[f32], to: &mut [f32]) {
    fn fixed<const N: usize>(from: &[f32], to: &mut [f32]) {
        if let (Some(from), Some(to)) = (from.first_chunk::<N>(), to.first_chunk_mut::<N>()) {
            *to = *from;
        }
    }
    match from.len() {
        1 => fixed::<1>(from, to),
        2 => fixed::<2>(from, to),
        3 => fixed::<3>(from, to),
        4 => fixed::<4>(from, to),
        5 => fixed::<5>(from, to),
        6 => fixed::<6>(from, to),
        7 => fixed::<7>(from, to),
        9 => fixed::<9>(from, to),
        _ => to.copy_from_slice(from),
    }
}

/// The transpose of [`im2col`]: adds every value of `columns` to the input cell it came from, in
/// the order of output cells, then of window positions.
///
/// # Panics
/// If a slice does not fit `window`.
pub fn col2im(window: &Window, columns: &[f32], image: &mut [f32]) {
    check(window, image, columns);
    let [_, width, channels] = window.input;
    let window_row = window.size[1] * channels;
    for ((oh, ow), row) in window.cells().zip(columns.chunks_exact(window.num_inputs())) {
        let (khs, h) = window.inside(0, oh);
        let (kws, w) = window.inside(1, ow);
        if window.dilation != [1, 1] {
            for (h, w, position) in window.under(oh, ow) {
                let (at, from) = (position * channels, (h * width + w) * channels);
                for (cell, value) in image[from..from + channels].iter_mut().zip(&row[at..at + channels]) {
                    *cell += value;
                }
            }
            continue;
        }
        let len = kws.len() * channels;
        for (kh, h) in khs.zip(h..) {
            let from = (h * width + w) * channels;
            let values = &row[kh * window_row + kws.start * channels..][..len];
            for (cell, value) in image[from..from + len].iter_mut().zip(values) {
                *cell += value;
            }
        }
    }
}

fn check(window: &Window, image: &[f32], columns: &[f32]) {
    assert_eq!(image.len(), window.image_len(), "an image of {window:?}");
    assert_eq!(columns.len(), window.num_cells() * window.num_inputs(), "columns of {window:?}");
}

/// The sum as it is written: what a lesson shows, and what the fast path must equal bit for bit.
///
/// Adds the convolution of one image with `kernel` `[kh, kw, c, o]` to `output` `[oh, ow, o]`.
pub fn naive(window: &Window, image: &[f32], kernel: &[f32], output: &mut [f32]) {
    let [height, width, channels] = window.input;
    let filters = output.len() / window.num_cells();
    for (cell, (oh, ow)) in window.cells().enumerate() {
        for o in 0..filters {
            let mut sum = output[cell * filters + o];
            for kh in 0..window.size[0] {
                for kw in 0..window.size[1] {
                    let h = (oh * window.strides[0] + kh * window.dilation[0])
                        .checked_sub(window.before[0])
                        .filter(|h| *h < height);
                    let w = (ow * window.strides[1] + kw * window.dilation[1])
                        .checked_sub(window.before[1])
                        .filter(|w| *w < width);
                    for c in 0..channels {
                        let x = if let (Some(h), Some(w)) = (h, w) {
                            image[(h * width + w) * channels + c]
                        } else {
                            0.0
                        };
                        sum += x * kernel[((kh * window.size[1] + kw) * channels + c) * filters + o];
                    }
                }
            }
            output[cell * filters + o] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::kernels::{gemm, max_pooling2d};
    use crate::tensor::rng::{Purpose, Rng};

    /// Windows of every kind: with and without padding, strides below, at and above the window, with
    /// and without gaps.
    fn windows() -> Vec<Window> {
        let mut all = Vec::new();
        for (input, size) in
            [([1, 1, 1], [1, 1]), ([5, 7, 3], [3, 2]), ([6, 6, 2], [5, 5]), ([9, 4, 1], [3, 3])]
        {
            for (strides, dilation) in
                [([1, 1], [1, 1]), ([2, 3], [1, 1]), ([4, 4], [1, 1]), ([1, 1], [2, 1]), ([1, 1], [3, 2])]
            {
                for padding in 0..3 {
                    let before = [padding.min(size[0] - 1), padding.min(size[1] - 1)];
                    let output = [0, 1].map(|axis| {
                        let padded: usize = input[axis] + 2 * before[axis];
                        let spread = (size[axis] - 1) * dilation[axis] + 1;
                        padded.checked_sub(spread).map_or(0, |room| room / strides[axis] + 1)
                    });
                    // The spread window may be larger than its image.
                    if output.iter().all(|cells| *cells > 0) {
                        all.push(Window { input, output, size, strides, dilation, before });
                    }
                }
            }
        }
        all
    }

    fn draw(len: usize, stream: u64) -> Vec<f32> {
        let mut rng = Rng::new(3, Purpose::Init, stream, 0);
        (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
    }

    #[test]
    fn im2col_and_a_product_have_the_bits_of_the_naive_sum() {
        for window in windows() {
            for filters in [1, 3, 9] {
                let image = draw(window.image_len(), 1);
                let kernel = draw(window.num_inputs() * filters, 2);
                let mut expected = draw(window.num_cells() * filters, 3);
                let mut output = expected.clone();
                naive(&window, &image, &kernel, &mut expected);
                // Whatever was there before must not show through.
                let mut columns = vec![f32::NAN; window.num_cells() * window.num_inputs()];
                im2col(&window, &image, &mut columns);
                gemm::nn(window.num_cells(), filters, window.num_inputs(), &columns, &kernel, &mut output);
                let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&output), bits(&expected), "{window:?}");
            }
        }
    }

    #[test]
    fn the_direct_way_has_the_bits_of_the_naive_sum() {
        let mut tried = 0;
        for window in windows() {
            for filters in [1, 3, 8, 9, 32] {
                let Some(mut direct) = Direct::new(window, filters, false) else { continue };
                tried += 1;
                for share in [1.0, 0.1, 0.0] {
                    let mut rng = Rng::new(6, Purpose::Init, tried, 0);
                    let mut image = draw(window.image_len(), 1);
                    image.iter_mut().filter(|_| rng.uniform(0.0, 1.0) >= share).for_each(|x| *x = 0.0);
                    let kernel = draw(window.num_inputs() * filters, 2);
                    let bias = draw(filters, 3);
                    let mut expected = bias.repeat(window.num_cells());
                    naive(&window, &image, &kernel, &mut expected);
                    let mut output = vec![f32::NAN; expected.len()];
                    direct.set_kernel(&kernel, Some(&bias));
                    direct.forward(&image, &mut output);
                    let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                    assert_eq!(bits(&output), bits(&expected), "{window:?}, {filters} filters");
                }
            }
        }
        assert!(tried >= 20, "only {tried} windows are small enough");
    }

    #[test]
    fn the_direct_way_pools_the_largest_of_the_same_cells() {
        let mut tried = 0;
        for window in windows() {
            for filters in [1, 3, 8, 9, 32] {
                let Some(mut direct) = Direct::new(window, filters, false) else { continue };
                let [rows, columns] = window.output.map(|cells| cells / 2);
                for share in [1.0, 0.1, 0.0] {
                    tried += usize::from(rows > 0);
                    let mut rng = Rng::new(7, Purpose::Init, tried as u64, 0);
                    let mut image = draw(window.image_len(), 1);
                    image.iter_mut().filter(|_| rng.uniform(0.0, 1.0) >= share).for_each(|x| *x = 0.0);
                    direct.set_kernel(&draw(window.num_inputs() * filters, 2), Some(&draw(filters, 3)));
                    let mut sums = vec![0.0; window.num_cells() * filters];
                    direct.forward(&image, &mut sums);
                    for relu in [false, true] {
                        let mut output = vec![f32::NAN; rows * columns * filters];
                        let mut winners = vec![9; output.len()];
                        direct.forward_pooled(relu, &image, &mut output, Some(&mut winners));
                        let mut alone = output.clone();
                        direct.forward_pooled(relu, &image, &mut alone, None);
                        assert_eq!(alone, output);
                        for (idx, (got, winner)) in output.iter().zip(&winners).enumerate() {
                            let (cell, filter) = (idx / filters, idx % filters);
                            let (row, column) = (cell / columns * 2, cell % columns * 2);
                            let sum = |down: usize, right: usize| {
                                sums[((row + down) * window.output[1] + column + right) * filters + filter]
                            };
                            let sums = [sum(0, 0), sum(0, 1), sum(1, 0), sum(1, 1)];
                            let largest = sums.into_iter().fold(f32::MIN, f32::max);
                            let first = sums.iter().position(|sum| *sum == largest).unwrap();
                            let is_cut_off = relu && largest <= 0.0;
                            let (value, name) = if is_cut_off {
                                (0.0, max_pooling2d::CUT_OFF)
                            } else {
                                (largest, first as u32)
                            };
                            let what = || format!("{sums:?}: {window:?}, {filters} filters");
                            assert!((*got, *winner) == (value, name), "{got} by {winner} of {}", what());
                        }
                    }
                }
            }
        }
        assert!(tried >= 40, "only {tried} were tried");
    }

    #[test]
    fn zero_times_infinity_is_not_left_out_of_the_direct_way() {
        let window = windows().into_iter().find(|window| window.input == [9, 4, 1] && window.output[1] >= 4);
        let window = window.expect("there is one");
        let mut kernel = vec![1.0; window.num_inputs()];
        kernel[0] = f32::INFINITY;
        let mut output = vec![0.0; window.num_cells()];
        let mut direct = Direct::new(window, 1, false).expect("it is small");
        direct.set_kernel(&kernel, None);
        direct.forward(&vec![0.0; window.image_len()], &mut output);
        assert!(output.iter().all(|value| value.is_nan()));
    }

    #[test]
    fn col2im_is_the_transpose_of_im2col() {
        for window in windows() {
            let (image, columns) =
                (draw(window.image_len(), 4), draw(window.num_cells() * window.num_inputs(), 5));
            let mut forward = vec![0.0; columns.len()];
            im2col(&window, &image, &mut forward);
            let mut backward = vec![0.0; image.len()];
            col2im(&window, &columns, &mut backward);
            // <A x, y> = <x, Aᵀ y>
            let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(x * y)).sum::<f64>();
            let (left, right) = (dot(&forward, &columns), dot(&image, &backward));
            assert!((left - right).abs() < 1e-4, "{window:?}: {left} {right}");
        }
    }
}
