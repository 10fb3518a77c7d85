//! Max pooling of one image: `y[oh,ow,c] = max over (kh,kw) of x[oh*s + kh - pad, ow*s + kw - pad, c]`.
//!
//! Padding counts as −∞. Ties go to the first cell in row order, as in Keras. A NaN is larger than
//! every number, and the first NaN in row order wins: a diverged network shows it at its output
//! instead of hiding it behind a finite neighbor.

use super::Window;

/// Writes the largest value under each window to `output` `[oh, ow, c]` and its index in `image`
/// to `winners`.
///
/// # Panics
/// If a slice does not fit `window`, or a window lies wholly in the padding.
pub fn forward(window: &Window, image: &[f32], output: &mut [f32], winners: &mut [u32]) {
    match window.input[2] {
        1..4 => forward_by::<1>(window, image, output, winners),
        4..8 => forward_by::<4>(window, image, output, winners),
        _ => forward_by::<8>(window, image, output, winners),
    }
}

/// [`forward`], `N` channels at a time; there are at least as many.
fn forward_by<const N: usize>(window: &Window, image: &[f32], output: &mut [f32], winners: &mut [u32]) {
    let [_, width, channels] = window.input;
    assert_eq!(image.len(), window.image_len(), "an image of {window:?}");
    assert_eq!(output.len(), window.num_cells() * channels, "output of {window:?}");
    assert_eq!(winners.len(), output.len(), "one winner for each output");
    let row_len = window.output[1] * channels;
    let rows = output.chunks_exact_mut(row_len).zip(winners.chunks_exact_mut(row_len));
    for (oh, (output, winners)) in rows.enumerate() {
        let (khs, h) = window.inside(0, oh);
        let cells = output.chunks_exact_mut(channels).zip(winners.chunks_exact_mut(channels));
        for (ow, (best, winner)) in cells.enumerate() {
            let (kws, w) = window.inside(1, ow);
            assert!(!khs.is_empty() && !kws.is_empty(), "a window of {window:?} sees only padding");
            let first = (h * width + w) * channels;
            for c in (0..channels).step_by(N) {
                // The last block goes back to be whole: what it writes twice is the same.
                let c = c.min(channels - N);
                let extents = [khs.len(), kws.len()];
                let steps = [width * channels, channels];
                let name = |_, _, start: usize| start as u32;
                let (values, mut indices) = largest::<N>(image, first + c, extents, steps, |x| x, name);
                indices.iter_mut().zip(0..).for_each(|(index, lane)| *index += lane);
                best[c..c + N].copy_from_slice(&values);
                winner[c..c + N].copy_from_slice(&indices);
            }
        }
    }
}

/// Of `N` neighboring channels the largest values under one window, and who won. The window begins at
/// `first` and has so many `rows` and `columns`, which are `steps` apart. `map` is applied to every
/// value; `name` is told the winner's row, column and where the channels begin there.
#[expect(clippy::inline_always, reason = "the running values stay in registers only if this is inlined")]
#[inline(always)]
pub(super) fn largest<const N: usize>(
    image: &[f32],
    first: usize,
    [rows, columns]: [usize; 2],
    steps: [usize; 2],
    map: impl Fn(f32) -> f32,
    name: impl Fn(usize, usize, usize) -> u32,
) -> ([f32; N], [u32; N]) {
    let values =
        |start: usize| image[start..].first_chunk::<N>().expect("a block lies inside its pixel").map(&map);
    let (mut best, mut winner) = (values(first), [name(0, 0, first); N]);
    for row in 0..rows {
        for column in 0..columns {
            let start = first + row * steps[0] + column * steps[1];
            let name = name(row, column, start);
            for ((best, winner), x) in best.iter_mut().zip(&mut winner).zip(values(start)) {
                // What is larger, and the first NaN; a NaN is larger than nothing and nothing than it.
                let wins = ((x > *best) | x.is_nan()) & !best.is_nan();
                *best = if wins { x } else { *best };
                *winner = if wins { name } else { *winner };
            }
        }
    }
    (best, winner)
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
        for channels in 1..=20 {
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
