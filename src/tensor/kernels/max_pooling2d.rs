//! Max pooling of one image: `y[oh,ow,c] = max over (kh,kw) of x[oh*s + kh - pad, ow*s + kw - pad, c]`.
//!
//! Padding counts as −∞. Ties go to the first cell in row order, as in Keras. A NaN is larger than
//! every number, and the first NaN in row order wins: a diverged network shows it at its output
//! instead of hiding it behind a finite neighbor.

use super::Window;
use super::lanes::{Lanes, Mask, WIDTH, Words};

/// Writes the largest value under each window to `output` `[oh, ow, c]` and its index in `image`
/// to `winners`.
///
/// # Panics
/// If a slice does not fit `window`, or a window lies wholly in the padding.
pub fn forward(window: &Window, image: &[f32], output: &mut [f32], winners: &mut [u32]) {
    pool::<ByIndex>(window, image, output, winners);
}

/// How a pooling's winners are called, and what it does to its values.
pub(super) trait Naming {
    /// Whether relu is applied to the values; a winner that it cuts off is called [`CUT_OFF`].
    const RELU: bool = false;
    /// What one channel's name is more than that of the channel before.
    const STEP: u32 = 0;

    /// The name of a winner with this row and column in the window; `start` is where the first of its
    /// block of channels lies in the image.
    fn name(window: &Window, row: usize, column: usize, start: usize) -> u32;
}

/// The name of a winner that relu has cut off.
pub(super) const CUT_OFF: u32 = u32::MAX;

/// By the place in the image.
struct ByIndex;

impl Naming for ByIndex {
    const STEP: u32 = 1;

    fn name(_: &Window, _: usize, _: usize, start: usize) -> u32 {
        start as u32
    }
}

/// Max pooling of one image, its winners named by `T`.
///
/// # Panics
/// If a slice does not fit `window`, or a window lies wholly in the padding.
pub(super) fn pool<T: Naming>(window: &Window, image: &[f32], output: &mut [f32], winners: &mut [u32]) {
    let channels = window.input[2];
    assert_eq!(image.len(), window.image_len(), "an image of {window:?}");
    assert_eq!(output.len(), window.num_cells() * channels, "output of {window:?}");
    assert_eq!(winners.len(), output.len(), "one winner for each output");
    let row_len = window.output[1] * channels;
    let rows = output.chunks_exact_mut(row_len).zip(winners.chunks_exact_mut(row_len));
    for (oh, (output, winners)) in rows.enumerate() {
        let has_nan = match channels {
            1..4 => true,
            4..8 => row::<T, 1>(window, image, oh, output, winners),
            8..16 => row::<T, 2>(window, image, oh, output, winners),
            _ => row::<T, 4>(window, image, oh, output, winners),
        };
        if has_nan {
            careful_row::<T>(window, image, oh, output, winners);
        }
    }
}

/// One row of [`pool`], so many vectors of channels at a time; there are at least as many channels.
/// Gives whether a NaN was met; then the row is wrong.
fn row<T: Naming, const VECTORS: usize>(
    window: &Window,
    image: &[f32],
    oh: usize,
    output: &mut [f32],
    winners: &mut [u32],
) -> bool {
    let [_, width, channels] = window.input;
    let (khs, h) = window.inside(0, oh);
    let mut nan = [Mask::none(); VECTORS];
    let cells = output.chunks_exact_mut(channels).zip(winners.chunks_exact_mut(channels));
    for (ow, (output, winners)) in cells.enumerate() {
        let (kws, w) = window.inside(1, ow);
        assert!(!khs.is_empty() && !kws.is_empty(), "a window of {window:?} sees only padding");
        let pixel = (h * width + w) * channels;
        for c in (0..channels).step_by(VECTORS * WIDTH) {
            // The last block goes back to be whole: what it writes twice is the same.
            let c = c.min(channels - VECTORS * WIDTH);
            let mut best = [Lanes::splat(f32::NEG_INFINITY); VECTORS];
            let mut names = [Words::splat(T::name(window, khs.start, kws.start, pixel + c)); VECTORS];
            for (row, kh) in khs.clone().enumerate() {
                for (column, kw) in kws.clone().enumerate() {
                    let start = pixel + c + (row * width + column) * channels;
                    let name = Words::splat(T::name(window, kh, kw, start));
                    let (values, _) = image[start..start + VECTORS * WIDTH].as_chunks::<WIDTH>();
                    for (at, values) in values.iter().enumerate() {
                        let x = Lanes::load(*values);
                        let wins = x.is_greater(best[at]);
                        best[at] = x.where_else(wins, best[at]);
                        names[at] = name.where_else(wins, names[at]);
                        nan[at] = nan[at].or(x.is_nan());
                    }
                }
            }
            if T::RELU {
                let zero = Lanes::splat(0.0);
                for (best, name) in best.iter_mut().zip(&mut names) {
                    let lives = best.is_greater(zero);
                    *name = name.where_else(lives, Words::splat(CUT_OFF));
                    *best = best.where_else(lives, zero);
                }
            }
            let (output, _) = output[c..c + VECTORS * WIDTH].as_chunks_mut::<WIDTH>();
            let (winners, _) = winners[c..c + VECTORS * WIDTH].as_chunks_mut::<WIDTH>();
            for at in 0..VECTORS {
                output[at] = best[at].store();
                winners[at] = names[at].store();
                let steps = (at as u32 * 4..).map(|lane| lane * T::STEP);
                winners[at]
                    .iter_mut()
                    .zip(steps)
                    .for_each(|(winner, step)| *winner = winner.wrapping_add(step));
            }
        }
    }
    nan.iter().any(|nan| nan.any())
}

/// One row of [`pool`], value by value.
fn careful_row<T: Naming>(
    window: &Window,
    image: &[f32],
    oh: usize,
    output: &mut [f32],
    winners: &mut [u32],
) {
    let [_, width, channels] = window.input;
    let cells = output.chunks_exact_mut(channels).zip(winners.chunks_exact_mut(channels));
    for (ow, (output, winners)) in cells.enumerate() {
        for (c, (best, winner)) in output.iter_mut().zip(winners).enumerate() {
            let mut first = true;
            for (h, w, position) in window.under(oh, ow) {
                let start = (h * width + w) * channels;
                let x = image[start + c];
                // What is larger, and the first NaN; a NaN is larger than nothing and nothing than it.
                if first || x > *best || x.is_nan() && !best.is_nan() {
                    let (row, column) = (position / window.size[1], position % window.size[1]);
                    (*best, *winner) = (x, T::name(window, row, column, start) + c as u32 * T::STEP);
                }
                first = false;
            }
            assert!(!first, "a window of {window:?} sees only padding");
            if T::RELU {
                *winner = if *best > 0.0 { *winner } else { CUT_OFF };
                // A NaN stays one, as in relu by itself.
                *best = if *best <= 0.0 { 0.0 } else { *best };
            }
        }
    }
}

/// Adds each output's gradient to the input cell that won, in the order of outputs.
pub fn backward(winners: &[u32], grad_output: &[f32], grad_image: &mut [f32]) {
    for (winner, grad) in winners.iter().zip(grad_output) {
        grad_image[*winner as usize] += grad;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2×2 windows without overlap or padding.
    fn pool(input: [usize; 3], image: &[f32]) -> (Vec<f32>, Vec<u32>) {
        let output = [input[0] / 2, input[1] / 2];
        let window =
            Window { input, output, size: [2, 2], strides: [2, 2], dilation: [1, 1], before: [0, 0] };
        let mut values = vec![0.0; window.num_cells() * input[2]];
        let mut winners = vec![0; values.len()];
        forward(&window, image, &mut values, &mut winners);
        (values, winners)
    }

    /// One value after the other, as the formula is written.
    fn naive(window: &Window, image: &[f32]) -> (Vec<f32>, Vec<u32>) {
        let [_, width, channels] = window.input;
        let mut best = Vec::new();
        for (oh, ow) in window.cells() {
            for c in 0..channels {
                let mut under = window.under(oh, ow).map(|(h, w, _)| (h * width + w) * channels + c);
                let first = under.next().unwrap();
                best.push(under.fold((image[first], first as u32), |(best, winner), idx| {
                    let x = image[idx];
                    let wins = x > best || (x.is_nan() && !best.is_nan());
                    if wins { (x, idx as u32) } else { (best, winner) }
                }));
            }
        }
        best.into_iter().unzip()
    }

    #[test]
    fn any_number_of_channels_has_the_winners_of_the_naive_loop() {
        for channels in 1..=37 {
            for (size, strides, before) in
                [([2, 2], [2, 2], [0, 0]), ([3, 2], [1, 2], [1, 0]), ([2, 3], [2, 1], [0, 1])]
            {
                let input = [5, 6, channels];
                let output =
                    [0, 1].map(|axis| (input[axis] + 2 * before[axis] - size[axis]) / strides[axis] + 1);
                let window = Window { input, output, size, strides, dilation: [1, 1], before };
                // Few values, so that there are ties, and some that are no numbers.
                let value = |idx: usize| if idx % 13 == 5 { f32::NAN } else { (idx * idx % 7) as f32 - 3.0 };
                let image: Vec<f32> = (0..window.image_len()).map(value).collect();
                let mut values = vec![0.0; window.num_cells() * channels];
                let mut winners = vec![0; values.len()];
                forward(&window, &image, &mut values, &mut winners);
                let (expected, expected_winners) = naive(&window, &image);
                let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&values), bits(&expected), "{window:?}");
                assert_eq!(winners, expected_winners, "{window:?}");
            }
        }
    }

    #[test]
    fn each_channel_has_its_own_winner() {
        let image = [1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0];
        assert_eq!(pool([2, 2, 2], &image), (vec![4.0, 8.0], vec![6, 1]));
    }

    #[test]
    fn ties_go_to_the_first_cell_in_row_order() {
        assert_eq!(pool([2, 2, 1], &[1.0, 5.0, 5.0, 5.0]).1, [1]);
        assert_eq!(pool([2, 2, 1], &[f32::NEG_INFINITY; 4]), (vec![f32::NEG_INFINITY], vec![0]));
    }

    #[test]
    fn the_first_nan_wins() {
        let (values, winners) = pool([2, 2, 1], &[9.0, f32::NAN, f32::NAN, f32::INFINITY]);
        assert!(values[0].is_nan());
        assert_eq!(winners, [1]);
    }

    #[test]
    fn the_gradient_goes_to_the_winner_alone_and_adds_up() {
        let mut grad = [0.0; 4];
        backward(&[1, 1, 3], &[1.0, 2.0, 4.0], &mut grad);
        assert_eq!(grad, [0.0, 3.0, 0.0, 4.0]);
    }
}
