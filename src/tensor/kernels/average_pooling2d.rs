//! Average pooling of one image:
//! `y[oh,ow,c] = 1/|inside| · Σ over (kh,kw) inside of x[oh*s + kh - pad, ow*s + kw - pad, c]`.
//!
//! Only the cells of the window that lie inside the image count: padding is neither added nor
//! divided by, as in Keras.

use super::Window;

/// Writes the mean under each window to `output` `[oh, ow, c]`, adding in row order.
///
/// # Panics
/// If a slice does not fit `window`, or a window lies wholly in the padding.
pub fn forward(window: &Window, image: &[f32], output: &mut [f32]) {
    let [_, width, channels] = window.input;
    check(window, image, output);
    for ((oh, ow), mean) in window.cells().zip(output.chunks_exact_mut(channels)) {
        let (khs, h) = window.inside(0, oh);
        let (kws, w) = window.inside(1, ow);
        mean.fill(0.0);
        for h in h..h + khs.len() {
            for w in w..w + kws.len() {
                let start = (h * width + w) * channels;
                mean.iter_mut().zip(&image[start..start + channels]).for_each(|(sum, x)| *sum += x);
            }
        }
        let count = count(khs.len() * kws.len());
        for sum in mean.iter_mut() {
            *sum /= count;
        }
    }
}

/// Adds each output's gradient, divided among the cells it is the mean of, in the order of outputs.
///
/// # Panics
/// As [`forward`].
pub fn backward(window: &Window, grad_output: &[f32], grad_image: &mut [f32]) {
    let [_, width, channels] = window.input;
    check(window, grad_image, grad_output);
    for ((oh, ow), grad) in window.cells().zip(grad_output.chunks_exact(channels)) {
        let (khs, h) = window.inside(0, oh);
        let (kws, w) = window.inside(1, ow);
        let count = count(khs.len() * kws.len());
        for h in h..h + khs.len() {
            for w in w..w + kws.len() {
                let start = (h * width + w) * channels;
                let cells = grad_image[start..start + channels].iter_mut();
                cells.zip(grad).for_each(|(cell, grad)| *cell += grad / count);
            }
        }
    }
}

fn count(cells: usize) -> f32 {
    assert!(cells > 0, "a window sees only padding");
    cells as f32
}

fn check(window: &Window, image: &[f32], output: &[f32]) {
    assert_eq!(image.len(), window.image_len(), "an image of {window:?}");
    assert_eq!(output.len(), window.num_cells() * window.input[2], "output of {window:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2×2 windows at every cell of a 2×2 image; what sticks out is padding.
    const OVERLAPPING: Window = Window {
        input: [2, 2, 1],
        output: [2, 2],
        size: [2, 2],
        strides: [1, 1],
        dilation: [1, 1],
        before: [0, 0],
    };

    #[test]
    fn padding_is_not_divided_by() {
        let mut output = [0.0; 4];
        forward(&OVERLAPPING, &[1.0, 2.0, 3.0, 4.0], &mut output);
        assert_eq!(output, [2.5, 3.0, 3.5, 4.0]);
    }

    #[test]
    fn the_gradient_is_divided_among_the_cells_and_adds_up() {
        let mut grad = [0.0; 4];
        backward(&OVERLAPPING, &[4.0, 2.0, 2.0, 1.0], &mut grad);
        assert_eq!(grad, [1.0, 2.0, 2.0, 4.0]);
    }
}
