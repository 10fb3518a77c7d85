//! Pictures of weights as PNG: a signature and three chunks, on the compressor and the checksum that archives
//! need as well. A crate for PNG would bring a second compressor into the worker. Source: the PNG specification,
//! third edition.

use flate2::Crc;
use miniz_oxide::deflate::compress_to_vec_zlib;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Of zlib; pictures of weights are small.
const LEVEL: u8 = 6;

/// Pixels of so many values, row after row, as a PNG; `None` if there are more or fewer, or none at all.
pub fn png(width: usize, height: usize, channels: usize, pixels: &[u8]) -> Option<Vec<u8>> {
    let color = match channels {
        1 => 0,
        3 => 2,
        4 => 6,
        _ => return None,
    };
    let row = width.checked_mul(channels).filter(|row| *row > 0)?;
    if height == 0 || row.checked_mul(height) != Some(pixels.len()) {
        return None;
    }
    let extents = [u32::try_from(width).ok()?, u32::try_from(height).ok()?].map(u32::to_be_bytes).concat();
    // Eight bits a value; the only compression and filters that there are; rows from top to bottom.
    let header = [&extents[..], &[8, color, 0, 0, 0]].concat();
    let mut rows = Vec::with_capacity(pixels.len() + height);
    for row in pixels.chunks_exact(row) {
        // Each row says how it was filtered: not at all.
        rows.push(0);
        rows.extend_from_slice(row);
    }
    let mut bytes = SIGNATURE.to_vec();
    chunk(&mut bytes, *b"IHDR", &header)?;
    chunk(&mut bytes, *b"IDAT", &compress_to_vec_zlib(&rows, LEVEL))?;
    chunk(&mut bytes, *b"IEND", &[])?;
    Some(bytes)
}

/// A length, a name, content, and the checksum of the last two.
fn chunk(bytes: &mut Vec<u8>, name: [u8; 4], content: &[u8]) -> Option<()> {
    bytes.extend(u32::try_from(content.len()).ok()?.to_be_bytes());
    let mut crc = Crc::new();
    for part in [&name[..], content] {
        bytes.extend_from_slice(part);
        crc.update(part);
    }
    bytes.extend(crc.sum().to_be_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tensorboard::read::pixels;

    #[test]
    fn a_picture_comes_back() {
        for channels in [1, 3, 4] {
            let values: Vec<u8> = (0..12 * channels as u8).map(|value| value * 5).collect();
            assert_eq!(pixels(&png(4, 3, channels, &values).unwrap()), ((4, 3), values));
        }
        let large: Vec<u8> = (0..784 * 128_u32).map(|value| (value.wrapping_mul(value) >> 7) as u8).collect();
        assert_eq!(pixels(&png(784, 128, 1, &large).unwrap()), ((784, 128), large));
    }

    #[test]
    fn a_picture_without_pixels_or_with_too_few_is_none() {
        assert_eq!(png(0, 3, 1, &[]), None);
        assert_eq!(png(3, 0, 1, &[]), None);
        assert_eq!(png(2, 2, 1, &[0; 3]), None);
        assert_eq!(png(1, 1, 2, &[0; 2]), None);
        assert_eq!(png(usize::MAX, 2, 4, &[0; 8]), None);
    }
}
