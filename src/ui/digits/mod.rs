//! Ten real digits, one of each class, from the MNIST test set: lessons start before any download.
//!
//! `make.py` beside this file wrote `digits.bin`; source and licence as in `www/data/mnist/manifest.json`.

/// Rows and columns of a digit.
pub const SIDE: usize = 28;

const PIXELS: &[u8] = include_bytes!("digits.bin");

/// Positions in the MNIST test set, by class.
pub const TEST_IDXS: [usize; 10] = [10, 2, 1, 32, 4, 15, 22, 17, 110, 12];

/// The digit's pixels row by row, 0 (paper) to 1 (full stroke); classes above 9 give 9.
pub fn digit(class: usize) -> Vec<f32> {
    let start = class.min(9) * SIDE * SIDE;
    PIXELS[start..start + SIDE * SIDE].iter().map(|byte| f32::from(*byte) / 255.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_ten_digits_with_ink_and_paper() {
        assert_eq!(PIXELS.len(), 10 * SIDE * SIDE);
        for class in 0..10 {
            let pixels = digit(class);
            assert!(pixels.iter().any(|value| *value > 0.9), "{class}");
            assert!(pixels[..SIDE].iter().all(|value| *value == 0.0), "{class} touches the frame");
        }
    }
}
