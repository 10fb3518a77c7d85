//! Event files read back, for tests: every sum is looked at.

use prost::Message;

use super::message::Event;
use super::record::checksum;

/// The records of a file, each with its event.
///
/// # Panics
/// If it is no such file.
pub fn records(bytes: &[u8]) -> Vec<(&[u8], Event)> {
    let mut rest = bytes;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        assert_eq!(checksum(&rest[..8]), rest[8..12], "the sum of a length");
        let (record, others) = rest.split_at(16 + length);
        let payload = &record[12..12 + length];
        assert_eq!(checksum(payload), record[12 + length..], "the sum of an event");
        records.push((record, Event::decode(payload).unwrap()));
        rest = others;
    }
    records
}

/// Width, height and values of a PNG.
pub fn pixels(png: &[u8]) -> ((usize, usize), Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(frame.bit_depth, png::BitDepth::Eight);
    ((frame.width as usize, frame.height as usize), pixels)
}
