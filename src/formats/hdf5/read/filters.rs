//! What chunks went through before they were written: gzip, the shuffling of bytes, a checksum.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::super::checksum::fletcher32;
use super::super::error::{Fault, Feature, Hdf5Error};
use super::Cursor;

/// libhdf5 allows no more.
const MAX_FILTERS: u8 = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    Deflate,
    /// First the first bytes of all elements of this width, then the second ones, and so on.
    Shuffle {
        width: usize,
    },
    Fletcher32,
}

/// In the order in which they were applied.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Filters(Vec<Filter>);

impl Filters {
    /// Reads the message of a filter pipeline.
    pub(super) fn read(cursor: &mut Cursor) -> Result<Self, Hdf5Error> {
        let version = cursor.version(&[1, 2])?;
        let count = cursor.u8()?;
        if count > MAX_FILTERS {
            return Err(cursor.damaged(Fault::Value));
        }
        if version == 1 {
            cursor.skip(6)?;
        }
        let mut filters = Vec::new();
        for _ in 0..count {
            filters.push(Self::read_filter(cursor, version)?);
        }
        Ok(Self(filters))
    }

    fn read_filter(cursor: &mut Cursor, version: u8) -> Result<Filter, Hdf5Error> {
        let place = cursor.clone();
        let id = cursor.u16()?;
        // Version 2 names only filters that are not HDF5's own.
        let name = if version == 1 || id >= 256 { cursor.u16()? } else { 0 };
        cursor.skip(2)?;
        let values = usize::from(cursor.u16()?);
        let name = usize::from(name);
        cursor.skip(if version == 1 { name.next_multiple_of(8) } else { name })?;
        let mut values_of_filter = cursor.window(4 * values)?;
        if version == 1 && values % 2 == 1 {
            cursor.skip(4)?;
        }
        match id {
            1 => Ok(Filter::Deflate),
            2 => match values_of_filter.u32()? as usize {
                0 => Err(place.damaged(Fault::Value)),
                width => Ok(Filter::Shuffle { width }),
            },
            3 => Ok(Filter::Fletcher32),
            id => Err(place.unsupported(Feature::Filter(id))),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a chunk was before, which is so long at most, if nothing is wrong with it.
    pub(super) fn undo<'a>(&self, chunk: &'a [u8], skipped: u32, max: usize) -> Option<Cow<'a, [u8]>> {
        let mut bytes = Cow::Borrowed(chunk);
        // A checksum that was taken before the compression comes out of it.
        let max = max.checked_add(4 * self.0.len())?;
        for (number, filter) in self.0.iter().enumerate().rev() {
            if skipped >> number & 1 == 1 {
                continue;
            }
            bytes = match filter {
                Filter::Deflate => Cow::Owned(inflate(&bytes, max)?),
                Filter::Shuffle { width } => Cow::Owned(unshuffle(&bytes, *width)),
                Filter::Fletcher32 => {
                    let len = check(&bytes)?;
                    match bytes {
                        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..len]),
                        Cow::Owned(mut bytes) => {
                            bytes.truncate(len);
                            Cow::Owned(bytes)
                        }
                    }
                }
            };
        }
        Some(bytes)
    }
}

fn inflate(bytes: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    // All at once, since the length is known: growing by doubling could take twice as much.
    all.try_reserve_exact(max + 1).ok()?;
    ZlibDecoder::new(bytes).take(max as u64 + 1).read_to_end(&mut all).ok()?;
    (all.len() <= max).then_some(all)
}

fn unshuffle(bytes: &[u8], width: usize) -> Vec<u8> {
    let count = bytes.len() / width;
    let mut all = bytes.to_vec();
    for (element, target) in all.chunks_exact_mut(width).enumerate() {
        for (position, byte) in target.iter_mut().enumerate() {
            *byte = bytes[position * count + element];
        }
    }
    all
}

/// The length without the checksum, if it is right. Old libraries on some machines wrote it in another order.
fn check(bytes: &[u8]) -> Option<usize> {
    let (data, sum) = bytes.split_last_chunk::<4>()?;
    let (sum, expected) = (u32::from_le_bytes(*sum), fletcher32(data));
    let swapped = (expected & 0x00ff_00ff) << 8 | (expected & 0xff00_ff00) >> 8;
    (sum == expected || sum == swapped).then_some(data.len())
}
