//! One event as a record: its length, the length's checksum, its bytes, their checksum.

use prost::Message;

use super::message::{Event, SourceMetadata};

/// What the first event of every file says.
const VERSION: &str = "brain.Event:2";
/// Who wrote it.
const WRITER: &str = "svertka";

/// The first record of a file that is begun at `wall_time`, in seconds since 1970.
pub fn first(wall_time: f64) -> Vec<u8> {
    let source_metadata = Some(SourceMetadata { writer: WRITER.to_owned() });
    record(&Event { wall_time, file_version: Some(VERSION.to_owned()), source_metadata, ..Event::default() })
}

/// An event's record.
pub fn record(event: &Event) -> Vec<u8> {
    let bytes = event.encode_to_vec();
    let length = (bytes.len() as u64).to_le_bytes();
    [&length[..], &checksum(&length), &bytes, &checksum(&bytes)].concat()
}

/// CRC-32C, masked: a checksum of bytes that hold their own checksum would say little.
pub fn checksum(bytes: &[u8]) -> [u8; 4] {
    const MASK: u32 = 0xa282_ead8;
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(MASK).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published with the polynomial: the sum of "123456789" is e3069283.
    #[test]
    fn a_checksum_is_the_masked_sum_of_castagnoli() {
        let masked = 0xe306_9283_u32.rotate_right(15).wrapping_add(0xa282_ead8);
        assert_eq!(checksum(b"123456789"), masked.to_le_bytes());
    }

    #[test]
    fn a_file_begins_with_its_version() {
        let bytes = first(1.5);
        assert_eq!(u64::from_le_bytes(bytes[..8].try_into().unwrap()), bytes.len() as u64 - 16);
        assert!(bytes.windows(VERSION.len()).any(|part| part == VERSION.as_bytes()));
    }
}
