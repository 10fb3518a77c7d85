//! A GIF, frame by frame. Of each frame only the rectangle that changed is written, and in it what stayed
//! is left transparent: a walk changes little at a time.

use super::{Colours, Size};
use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};
use std::borrow::Cow;

/// The place of "as before".
const AS_BEFORE: u8 = 255;

/// An unfinished file.
pub struct GifFile {
    encoder: Encoder<Vec<u8>>,
    colours: Colours,
    size: Size,
    before: Vec<u8>,
}

impl GifFile {
    /// A file for frames of this size, which begins again at its end.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(size: Size, colours: Colours) -> Result<GifFile, EncodingError> {
        let mut palette = colours.bytes();
        palette.resize(256 * 3, 0);
        let mut encoder = Encoder::new(Vec::new(), size.width, size.height, &palette)?;
        encoder.set_repeat(Repeat::Infinite)?;
        Ok(GifFile { encoder, colours, size, before: Vec::new() })
    }

    /// Adds a frame of four bytes a pixel that is seen for so many ms.
    ///
    /// # Errors
    /// When it has another size or cannot be written.
    pub fn push(&mut self, rgba: &[u8], delay_ms: u32) -> Result<(), EncodingError> {
        if rgba.len() != self.size.pixels() * 4 {
            return Err(EncodingError::from(std::io::Error::from(std::io::ErrorKind::InvalidData)));
        }
        let now = self.colours.places(rgba);
        let cols = usize::from(self.size.width);
        let changed = |idx: &usize| self.before.get(*idx) != Some(&now[*idx]);
        let [top, left, bottom, right] = bounds(cols, (0..now.len()).filter(changed));
        let inside = (top..=bottom).flat_map(|row| row * cols + left..=row * cols + right);
        let buffer: Vec<u8> = inside.map(|idx| if changed(&idx) { now[idx] } else { AS_BEFORE }).collect();
        self.encoder.write_frame(&Frame {
            // Hundredths of a second.
            delay: (delay_ms / 10).min(u32::from(u16::MAX)) as u16,
            dispose: DisposalMethod::Keep,
            transparent: Some(AS_BEFORE),
            top: top as u16,
            left: left as u16,
            width: (right - left + 1) as u16,
            height: (bottom - top + 1) as u16,
            buffer: Cow::Owned(buffer),
            ..Frame::default()
        })?;
        self.before = now;
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn finish(self) -> Result<Vec<u8>, EncodingError> {
        self.encoder.into_inner()
    }
}

/// Top, left, bottom and right of the smallest rectangle with these pixels; one pixel where there are none.
fn bounds(cols: usize, pixels: impl Iterator<Item = usize>) -> [usize; 4] {
    let grown = |bounds: Option<[usize; 4]>, idx: usize| {
        let (row, col) = (idx / cols, idx % cols);
        let [top, left, bottom, right] = bounds.unwrap_or([row, col, row, col]);
        Some([top.min(row), left.min(col), bottom.max(row), right.max(col)])
    };
    pixels.fold(None, grown).unwrap_or([0; 4])
}

#[cfg(test)]
mod tests {
    use super::super::Tally;
    use super::*;
    use gif::{ColorOutput, DecodeOptions};

    const PAPER: [u8; 4] = [251, 250, 246, 255];
    const WINDOW: [u8; 4] = [200, 30, 90, 255];

    /// A square that walks over paper.
    fn frames() -> Vec<Vec<u8>> {
        let frame = |at: usize| -> Vec<u8> {
            let is_window = |row: usize, col: usize| (4..8).contains(&row) && (at..at + 4).contains(&col);
            let cells = (0..12).flat_map(|row| (0..20).map(move |col| (row, col)));
            cells.flat_map(|(row, col)| if is_window(row, col) { WINDOW } else { PAPER }).collect()
        };
        // The last two are the same picture.
        [0, 2, 9, 16, 16].map(frame).to_vec()
    }

    fn size() -> Size {
        Size { width: 20, height: 12, ratio: 1.0 }
    }

    fn file() -> Vec<u8> {
        let mut tally = Tally::default();
        for frame in frames() {
            tally.add(&frame);
        }
        let mut file = GifFile::new(size(), tally.colours()).unwrap();
        for (idx, frame) in frames().iter().enumerate() {
            file.push(frame, 100 + 10 * idx as u32).unwrap();
        }
        file.finish().unwrap()
    }

    /// Every frame as a viewer shows it, laid over what was there, and its delay in ms.
    fn seen(file: &[u8]) -> Vec<(Vec<u8>, u32)> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        let mut decoder = options.read_info(file).unwrap();
        assert_eq!((decoder.width(), decoder.height(), decoder.repeat()), (20, 12, Repeat::Infinite));
        let mut shown = vec![0; 20 * 12 * 4];
        let mut seen = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            let (left, top, cols) = (frame.left as usize, frame.top as usize, frame.width as usize);
            for (idx, pixel) in frame.buffer.as_chunks::<4>().0.iter().enumerate() {
                if pixel[3] > 0 {
                    let at = ((top + idx / cols) * 20 + left + idx % cols) * 4;
                    shown[at..at + 4].copy_from_slice(pixel);
                }
            }
            seen.push((shown.clone(), u32::from(frame.delay) * 10));
        }
        seen
    }

    #[test]
    fn every_frame_is_seen_as_it_was_drawn() {
        let expected: Vec<_> =
            frames().into_iter().enumerate().map(|(idx, frame)| (frame, 100 + 10 * idx as u32)).collect();
        assert!(seen(&file()) == expected);
    }

    #[test]
    fn only_what_changed_is_written() {
        let file = file();
        let mut decoder = DecodeOptions::new().read_info(&file[..]).unwrap();
        let mut sizes = Vec::new();
        while let Some(frame) = decoder.next_frame_info().unwrap() {
            sizes.push((frame.left, frame.top, frame.width, frame.height));
        }
        assert_eq!(sizes, [(0, 0, 20, 12), (0, 4, 6, 4), (2, 4, 11, 4), (9, 4, 11, 4), (0, 0, 1, 1)]);
    }

    #[test]
    fn a_frame_of_another_size_is_refused() {
        let mut file = GifFile::new(size(), Tally::default().colours()).unwrap();
        assert!(file.push(&[0; 16], 100).is_err());
    }
}
