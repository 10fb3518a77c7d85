//! A drawing made ready as MNIST's digits were.
//!
//! LeCun, Cortes, Burges, "The MNIST database": a digit is scaled, its proportions kept, until its longer side is 20
//! pixels, with gray levels where the edge of the ink cuts a pixel, and lies in a field of 28×28 so that its centre of
//! mass is the middle. In the files that is the pixel at row 14 and column 14, counted from 0, to within half a pixel:
//! images are moved by whole pixels.

use crate::ui::convolution::Picture;
use crate::ui::digits::SIDE;

/// Pixels of the longer side.
const LONGER: usize = 20;
/// Where the centre of mass belongs, row and column from 0.
const MIDDLE: f64 = 14.0;
/// Less than this is paper: cameras see gray everywhere.
const INK: f32 = 0.1;

/// Each step of the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// Of one channel.
    pub gray: Picture,
    /// First row and column with ink, and how many of each.
    pub ink_box: [usize; 4],
    /// What lies in the box, its longer side 20 pixels.
    pub scaled: Picture,
    /// Row and column of its centre of mass.
    pub center: [f64; 2],
    /// Where its first row and column come to lie; below 0 where they are cut off.
    pub offset: [isize; 2],
    /// 28×28, 0 to 1.
    pub pixels: Vec<f32>,
}

/// Makes a drawing ready; none where there is no ink.
pub fn prepare(drawing: &Picture) -> Option<Prepared> {
    let [rows, cols, _] = drawing.shape;
    let gray = Picture { shape: [rows, cols, 1], values: drawing.fitted([rows, cols, 1]) };
    let ink_box = ink_box(&gray)?;
    let [top, left, height, width] = ink_box;
    let inside =
        (top..top + height).flat_map(|row| &gray.values[row * cols + left..row * cols + left + width]);
    let cut = Picture { shape: [height, width, 1], values: inside.copied().collect() };
    let scaled_side = |side: usize| (side * LONGER + height.max(width) / 2) / height.max(width);
    let [h, w] = [height, width].map(|side| scaled_side(side).max(1));
    let scaled = Picture { shape: [h, w, 1], values: cut.fitted([h, w, 1]) };
    let center = center(&scaled);
    let offset = center.map(|at| (MIDDLE - at).round() as isize);
    let mut pixels = vec![0.0; SIDE * SIDE];
    for (idx, value) in scaled.values.iter().enumerate() {
        let row = (idx / w).checked_add_signed(offset[0]).filter(|row| *row < SIDE);
        let col = (idx % w).checked_add_signed(offset[1]).filter(|col| *col < SIDE);
        if let (Some(row), Some(col)) = (row, col) {
            pixels[row * SIDE + col] = value.clamp(0.0, 1.0);
        }
    }
    Some(Prepared { gray, ink_box, scaled, center, offset, pixels })
}

fn ink_box(gray: &Picture) -> Option<[usize; 4]> {
    let [_, cols, _] = gray.shape;
    let inked =
        || (0..gray.values.len()).filter(|idx| gray.values[*idx] > INK).map(|idx| (idx / cols, idx % cols));
    let (top, left) = (inked().map(|at| at.0).min()?, inked().map(|at| at.1).min()?);
    let (bottom, right) = (inked().map(|at| at.0).max()?, inked().map(|at| at.1).max()?);
    Some([top, left, bottom - top + 1, right - left + 1])
}

fn center(picture: &Picture) -> [f64; 2] {
    let [_, cols, _] = picture.shape;
    let mut sums = [0.0; 3];
    for (idx, value) in picture.values.iter().enumerate() {
        let value = f64::from(*value);
        for (sum, part) in sums.iter_mut().zip([1.0, (idx / cols) as f64, (idx % cols) as f64]) {
            *sum += value * part;
        }
    }
    [sums[1] / sums[0], sums[2] / sums[0]]
}

#[cfg(test)]
#[path = "prepared_tests.rs"]
mod tests;
