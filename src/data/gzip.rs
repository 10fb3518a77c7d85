//! Gzip outside the browser, which has its own.

use std::io::{self, Read as _};

use flate2::bufread::GzDecoder;
use miniz_oxide::deflate::compress_to_vec;

/// Of 0 to 10; level 10 takes twice as long for the same total (42.05 MB for both datasets, measured).
/// Zopfli would save another 2 to 5 %, but takes about 20 s for each shard.
const LEVEL: u8 = 9;

/// Compresses as small as it gets. The same bytes give the same file, whenever and wherever it is made.
///
/// Not by `flate2`: which compressor that uses, and so which bytes come out, depends on what the other
/// crates of a build ask of it.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    // No name, no time, "unknown" operating system: nothing of this machine gets into the file.
    let mut compressed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    compressed.extend(compress_to_vec(bytes, LEVEL));
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    compressed.extend(crc.sum().to_le_bytes());
    compressed.extend((bytes.len() as u32).to_le_bytes());
    compressed
}

/// Decompresses one gzip member.
///
/// # Errors
/// When it is damaged, when more than `max_bytes` come out, or when something follows it.
pub fn decompress(compressed: &[u8], max_bytes: usize) -> io::Result<Vec<u8>> {
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut decoder = GzDecoder::new(compressed);
    let mut bytes = Vec::new();
    decoder.by_ref().take(max_bytes as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max_bytes {
        return Err(invalid("too large when decompressed"));
    }
    if !decoder.into_inner().is_empty() {
        return Err(invalid("something follows its end"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_comes_back_and_carries_no_trace_of_the_machine() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|i| ((i * i) >> 7) as u8).collect();
        let compressed = compress(&bytes);
        assert_eq!(compressed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
        assert_eq!(compressed, compress(&bytes));
        assert_eq!(decompress(&compressed, bytes.len()).unwrap(), bytes);
    }

    #[test]
    fn damaged_overlong_and_followed_streams_are_refused() {
        let bytes = [7; 1000];
        let compressed = compress(&bytes);
        assert!(decompress(&compressed, bytes.len() - 1).is_err());
        assert!(decompress(&[&compressed[..], &[0]].concat(), bytes.len()).is_err());
        for len in 0..compressed.len() {
            assert!(decompress(&compressed[..len], bytes.len()).is_err(), "cut to {len} bytes");
        }
    }
}
