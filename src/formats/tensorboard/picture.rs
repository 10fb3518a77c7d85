//! Pictures of weights as PNG: a signature and three chunks, not compressed. Weights look like noise, which hardly
//! packs (uniform ones to 100 %, normal ones to 87 %), and a compressor would be one part in sixty of the worker that
//! every visitor loads. Sources: the PNG specification, third edition; RFC 1950 and RFC 1951 on stored blocks.

use flate2::Crc;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// A stored block counts its bytes in sixteen bits.
const MAX_BLOCK: usize = u16::MAX as usize;
/// Adler-32's modulus: the largest prime below 2¹⁶.
const ADLER: u32 = 65_521;

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
    chunk(&mut bytes, *b"IDAT", &stored(&rows))?;
    chunk(&mut bytes, *b"IEND", &[])?;
    Some(bytes)
}

/// A zlib stream of stored blocks: two bytes that say how it was made, the blocks, the checksum.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = Vec::with_capacity(bytes.len() + 5 * bytes.len().div_ceil(MAX_BLOCK) + 6);
    stream.extend([0x78, 0x01]);
    let mut blocks = bytes.chunks(MAX_BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let len = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(len.to_le_bytes());
        stream.extend((!len).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let sums = bytes.iter().fold((1, 0), |(a, b): (u32, u32), byte| {
        let a = (a + u32::from(*byte)) % ADLER;
        (a, (a + b) % ADLER)
    });
    stream.extend((sums.1 << 16 | sums.0).to_be_bytes());
    stream
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
