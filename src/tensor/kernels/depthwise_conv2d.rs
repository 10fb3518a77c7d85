//! Depthwise convolution of one image: every channel has `m` kernels of its own,
//! `y[oh,ow,c*M + m] = Σ_kh Σ_kw x[oh*s + kh*d - pad, ow*s + kw*d - pad, c]·k[kh,kw,c,m]`.
//!
//! It is a convolution whose kernel is 0 between different channels; written out, the zeros cost
//! nothing.

use super::Window;

/// Adds the convolution to `output` `[oh, ow, c*M]`, in the order of window positions. `kernel` is
/// `[kh, kw, c, M]`.
///
/// # Panics
/// If a slice does not fit `window`.
pub fn forward(window: &Window, image: &[f32], kernel: &[f32], output: &mut [f32]) {
    let Sizes { width, channels, outputs, multiplier } = Sizes::of(window, image, kernel, output);
    for ((oh, ow), sums) in window.cells().zip(output.chunks_exact_mut(outputs)) {
        for (h, w, position) in window.under(oh, ow) {
            let cell = &image[(h * width + w) * channels..][..channels];
            let weights = &kernel[position * outputs..][..outputs];
            if multiplier == 1 {
                for ((sum, x), weight) in sums.iter_mut().zip(cell).zip(weights) {
                    *sum += x * weight;
                }
                continue;
            }
            let of_channels = sums.chunks_exact_mut(multiplier).zip(weights.chunks_exact(multiplier));
            for (x, (sums, weights)) in cell.iter().zip(of_channels) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += x * weight;
                }
            }
        }
    }
}

/// Adds the kernel's gradient, in the order of output cells.
///
/// # Panics
/// As [`forward`].
pub fn backward_kernel(window: &Window, image: &[f32], grad_output: &[f32], grad_kernel: &mut [f32]) {
    let Sizes { width, channels, outputs, multiplier } = Sizes::of(window, image, grad_kernel, grad_output);
    for ((oh, ow), grads) in window.cells().zip(grad_output.chunks_exact(outputs)) {
        for (h, w, position) in window.under(oh, ow) {
            let cell = &image[(h * width + w) * channels..][..channels];
            let grad_weights = &mut grad_kernel[position * outputs..][..outputs];
            let of_channels = grad_weights.chunks_exact_mut(multiplier).zip(grads.chunks_exact(multiplier));
            for (x, (grad_weights, grads)) in cell.iter().zip(of_channels) {
                for (grad_weight, grad) in grad_weights.iter_mut().zip(grads) {
                    *grad_weight += x * grad;
                }
            }
        }
    }
}

/// Adds the image's gradient, in the order of output cells.
///
/// # Panics
/// As [`forward`].
pub fn backward_image(window: &Window, kernel: &[f32], grad_output: &[f32], grad_image: &mut [f32]) {
    let Sizes { width, channels, outputs, multiplier } = Sizes::of(window, grad_image, kernel, grad_output);
    for ((oh, ow), grads) in window.cells().zip(grad_output.chunks_exact(outputs)) {
        for (h, w, position) in window.under(oh, ow) {
            let cell = &mut grad_image[(h * width + w) * channels..][..channels];
            let weights = &kernel[position * outputs..][..outputs];
            let of_channels = weights.chunks_exact(multiplier).zip(grads.chunks_exact(multiplier));
            for (x, (weights, grads)) in cell.iter_mut().zip(of_channels) {
                for (weight, grad) in weights.iter().zip(grads) {
                    *x += weight * grad;
                }
            }
        }
    }
}

struct Sizes {
    width: usize,
    channels: usize,
    /// Output channels.
    outputs: usize,
    /// Kernels of each channel.
    multiplier: usize,
}

impl Sizes {
    fn of(window: &Window, image: &[f32], kernel: &[f32], output: &[f32]) -> Self {
        let [_, width, channels] = window.input;
        let multiplier = kernel.len() / window.num_inputs();
        assert_eq!(image.len(), window.image_len(), "an image of {window:?}");
        assert_eq!(kernel.len(), window.num_inputs() * multiplier, "a kernel of {window:?}");
        assert_eq!(output.len(), window.num_cells() * channels * multiplier, "output of {window:?}");
        Self { width, channels, outputs: channels * multiplier, multiplier }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::kernels::conv2d;
    use crate::tensor::rng::{Purpose, Rng};

    fn draw(len: usize, stream: u64) -> Vec<f32> {
        let mut rng = Rng::new(4, Purpose::Init, stream, 0);
        (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
    }

    /// The same kernel with the zeros between different channels.
    fn written_out(window: &Window, kernel: &[f32], multiplier: usize) -> Vec<f32> {
        let channels = window.input[2];
        let outputs = channels * multiplier;
        let mut full = vec![0.0; window.num_inputs() * outputs];
        for (row, weights) in kernel.chunks_exact(multiplier).enumerate() {
            let at = row * outputs + (row % channels) * multiplier;
            full[at..at + multiplier].copy_from_slice(weights);
        }
        full
    }

    #[test]
    fn it_is_a_convolution_without_sums_over_channels() {
        for (strides, dilation) in [([1, 1], [1, 1]), ([2, 1], [1, 1]), ([1, 1], [2, 1]), ([2, 2], [2, 2])] {
            for multiplier in [1, 3] {
                let window = Window {
                    input: [6, 5, 2],
                    output: [3, 2],
                    size: [3, 2],
                    strides,
                    dilation,
                    before: [1, 0],
                };
                let image = draw(window.image_len(), 1);
                let kernel = draw(window.num_inputs() * multiplier, 2);
                let mut output = draw(window.num_cells() * 2 * multiplier, 3);
                let mut expected = output.clone();
                forward(&window, &image, &kernel, &mut output);
                conv2d::naive(&window, &image, &written_out(&window, &kernel, multiplier), &mut expected);
                assert_eq!(output, expected, "{window:?} with {multiplier} kernels");
            }
        }
    }
}
