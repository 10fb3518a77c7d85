//! A photo or any other image, and the small picture that is made of it.

use crate::ui::convolution::{Picture, limit};

/// Pixels as the browser has decoded them.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// Rows, at least 1.
    pub height: usize,
    /// Columns, at least 1.
    pub width: usize,
    /// Red, green, blue and opacity, four bytes a pixel, row by row.
    pub rgba: Vec<u8>,
}

/// What becomes of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framing {
    /// Cells of the longer side.
    pub side: usize,
    /// Three channels rather than one.
    pub is_colour: bool,
    /// Dark becomes 1: for ink on paper, as the data sets have it.
    pub is_inverted: bool,
    /// The middle square rather than the whole photo.
    pub is_square: bool,
}

impl Default for Framing {
    fn default() -> Framing {
        Framing { side: 32, is_colour: true, is_inverted: false, is_square: true }
    }
}

impl Photo {
    /// Rows or columns that a photo is kept in, at most; the browser makes a larger one smaller.
    pub const MOST_SIDE: usize = 512;
    /// Bytes of a file that is opened, at most.
    pub const MOST_BYTES: f64 = 50e6;

    /// A photo of so many pixels; nothing if they are not as many, or none.
    pub fn new(height: usize, width: usize, rgba: Vec<u8>) -> Option<Photo> {
        let fits = height > 0 && width > 0 && rgba.len() == height * width * 4;
        fits.then_some(Photo { height, width, rgba })
    }

    /// The size to keep a photo in: its own, or smaller in proportion. Rows and columns.
    pub fn kept(height: usize, width: usize) -> [usize; 2] {
        let longer = height.max(width).max(1);
        let shrunk = |length: usize| (length * Photo::MOST_SIDE / longer).clamp(1, Photo::MOST_SIDE);
        if longer <= Photo::MOST_SIDE {
            [height.max(1), width.max(1)]
        } else {
            [shrunk(height), shrunk(width)]
        }
    }

    /// The small picture. What is transparent counts as white paper. Values are whole bytes, so that a
    /// link to the picture stays short.
    pub fn picture(&self, framing: Framing) -> Picture {
        let square = self.height.min(self.width);
        let [rows, cols] = if framing.is_square { [square; 2] } else { [self.height, self.width] };
        let (top, left) = ((self.height - rows) / 2, (self.width - cols) / 2);
        let mut values = Vec::with_capacity(rows * cols * 3);
        for row in top..top + rows {
            for col in left..left + cols {
                let at = (row * self.width + col) * 4;
                let opacity = f32::from(self.rgba[at + 3]) / 255.0;
                for byte in &self.rgba[at..at + 3] {
                    let light = f32::from(*byte) / 255.0 * opacity + 1.0 - opacity;
                    values.push(if framing.is_inverted { 1.0 - light } else { light });
                }
            }
        }
        let side = framing.side.clamp(*limit::SIDE.start(), *limit::SIDE.end());
        let longer = rows.max(cols);
        let cells = |length: usize| {
            ((length * side + longer / 2) / longer).clamp(*limit::SIDE.start(), *limit::SIDE.end())
        };
        let shape = [cells(rows), cells(cols), if framing.is_colour { 3 } else { 1 }];
        let fitted = Picture { shape: [rows, cols, 3], values }.fitted(shape);
        let whole = |value: f32| f32::from((value * 255.0).round().clamp(0.0, 255.0) as u8) / 255.0;
        Picture { shape, values: fitted.into_iter().map(whole).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::Source;
    use std::sync::Arc;

    /// Left half red, right half white, one transparent pixel at the top left.
    fn photo() -> Photo {
        let pixel = |col: usize| if col < 6 { [255, 0, 0, 255] } else { [255, 255, 255, 255] };
        let mut rgba: Vec<u8> = (0..8 * 12).flat_map(|idx| pixel(idx % 12)).collect();
        rgba[..4].copy_from_slice(&[0, 0, 0, 0]);
        Photo::new(8, 12, rgba).unwrap()
    }

    #[test]
    fn the_whole_photo_keeps_its_proportions() {
        let framing = Framing { side: 6, is_square: false, ..Framing::default() };
        let picture = photo().picture(framing);
        assert_eq!(picture.shape, [4, 6, 3]);
        assert_eq!(picture.values[3 * 5..3 * 6], [1.0, 1.0, 1.0]);
        assert_eq!(picture.values[3 * 7..3 * 8], [1.0, 0.0, 0.0]);
        // Of four pixels one is paper.
        assert_eq!(picture.values[..3], [1.0, 64.0 / 255.0, 64.0 / 255.0]);
    }

    #[test]
    fn a_square_is_cut_from_the_middle_and_ink_can_be_one() {
        let framing = Framing { side: 4, is_colour: false, is_inverted: true, is_square: true };
        let picture = photo().picture(framing);
        assert_eq!(picture.shape, [4, 4, 1]);
        // Red on the left is 0.299 as bright as white, inverted 0.701; white is 0.
        assert!((picture.values[0] - 0.701).abs() < 0.003 && picture.values[3] == 0.0);
    }

    #[test]
    fn every_photo_becomes_a_source_that_a_link_can_hold() {
        for (height, width) in [(1, 1), (1, 512), (3, 200), (512, 512)] {
            let rgba = (0..height * width * 4).map(|idx| (idx * 31 % 256) as u8).collect();
            let photo = Photo::new(height, width, rgba).unwrap();
            for (side, is_square) in [(3, true), (64, false), (64, true), (0, false), (900, true)] {
                let picture = photo.picture(Framing { side, is_square, ..Framing::default() });
                let source = Source::Own(Arc::new(picture));
                assert_eq!(Source::from_text(&source.to_text()), Some(source));
            }
        }
    }

    #[test]
    fn large_photos_are_kept_smaller_and_wrong_ones_refused() {
        assert_eq!(Photo::kept(3000, 4000), [384, 512]);
        assert_eq!(Photo::kept(100_000, 1), [512, 1]);
        assert_eq!(Photo::kept(480, 512), [480, 512]);
        assert_eq!(Photo::new(2, 2, vec![0; 15]), None);
        assert_eq!(Photo::new(0, 2, vec![]), None);
    }
}
