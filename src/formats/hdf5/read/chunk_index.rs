//! [`Index`]: where the chunks of an array are.

use super::super::error::{Fault, Feature, Hdf5Error, Part};
use super::Cursor;
use super::btree1::{self, Kind};
use super::budget::Budget;
use super::chunks::Chunks;
use super::cursor::File;

/// The kinds of indices that libhdf5 writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Index {
    /// No chunk was ever written.
    Nothing,
    /// A B-tree of version 1: every file of the older format.
    Tree(u64),
    /// One chunk is the whole array.
    Single { address: u64, filtered: Option<(u64, u32)> },
    /// All chunks, one after the other.
    Implicit(u64),
    /// A list.
    FixedArray(u64),
}

/// A chunk in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Its position in the grid of all chunks, in C order.
    pub(super) idx: u64,
    pub(super) address: u64,
    /// Bytes in the file.
    pub(super) len: u64,
    /// A bit for every filter that was left out.
    pub(super) skipped: u32,
}

impl Index {
    /// In a layout of version 3.
    pub(super) fn read_tree(cursor: &mut Cursor) -> Result<Self, Hdf5Error> {
        Ok(cursor.address()?.map_or(Self::Nothing, Self::Tree))
    }

    /// In a layout of version 4.
    pub(super) fn read(cursor: &mut Cursor, flags: u8) -> Result<Self, Hdf5Error> {
        let place = cursor.clone();
        let kind = cursor.u8()?;
        let mut filtered = None;
        match kind {
            1 if flags & 2 != 0 => filtered = Some((cursor.length()?, cursor.u32()?)),
            1 | 2 => {}
            // How many entries make a page; the list itself says so, too.
            3 => cursor.skip(1)?,
            _ => return Err(place.unsupported(Feature::ChunkIndex(kind))),
        }
        Ok(match (cursor.address()?, kind) {
            (None, _) => Self::Nothing,
            (Some(address), 1) => Self::Single { address, filtered },
            (Some(address), 2) => Self::Implicit(address),
            (Some(address), _) => Self::FixedArray(address),
        })
    }

    /// Whether positions in the grid count the chunks to which the array may grow, too.
    pub(super) fn counts_growth(self) -> bool {
        matches!(self, Self::Implicit(_) | Self::FixedArray(_))
    }

    /// All chunks that were written.
    pub(super) fn chunks(
        self,
        file: File,
        chunks: &Chunks,
        budget: &mut Budget,
    ) -> Result<Vec<Chunk>, Hdf5Error> {
        let (len, skipped) = (chunks.bytes as u64, 0);
        match self {
            Self::Nothing => Ok(Vec::new()),
            Self::Tree(address) => tree(file, address, chunks, budget),
            Self::Single { address, filtered } => {
                let (len, skipped) = filtered.unwrap_or((len, skipped));
                Ok(vec![Chunk { idx: 0, address, len, skipped }])
            }
            Self::Implicit(address) => {
                let total = chunks.count.checked_mul(len);
                let all = total.map_or(Err(chunks.place.damaged(Fault::Cut)), |total| {
                    file.span(address, total, Part::Chunk)
                });
                all?;
                budget.allocate_all(chunks.count as usize, size_of::<Chunk>())?;
                let chunk = |idx| Chunk { idx, address: address + idx * len, len, skipped };
                Ok((0..chunks.count).map(chunk).collect())
            }
            Self::FixedArray(address) => fixed_array(file, address, chunks, budget),
        }
    }
}

fn tree(file: File, address: u64, chunks: &Chunks, budget: &mut Budget) -> Result<Vec<Chunk>, Hdf5Error> {
    let rank = chunks.grid.len();
    let mut all = Vec::new();
    for child in btree1::children(file, address, Kind::Chunks { rank }, budget)? {
        let mut key = file.at(child.key as u64, Part::ChunkIndex)?;
        let (len, skipped) = (u64::from(key.u32()?), key.u32()?);
        let mut idx = 0;
        for (axis, count) in chunks.grid.iter().enumerate() {
            let (begin, extent) = (key.uint(8)?, chunks.extents[axis]);
            if begin % extent != 0 || begin / extent >= *count {
                return Err(key.damaged(Fault::Value));
            }
            idx = idx * count + begin / extent;
        }
        // The tree is sorted; otherwise one chunk could be read again and again.
        if all.last().is_some_and(|last: &Chunk| last.idx >= idx) {
            return Err(key.damaged(Fault::Value));
        }
        budget.allocate(2 * size_of::<Chunk>())?;
        all.push(Chunk { idx, address: child.address, len, skipped });
    }
    Ok(all)
}

/// A list with an entry for every chunk; long ones are cut into pages, of which only those exist that were
/// ever written.
fn fixed_array(
    file: File,
    address: u64,
    chunks: &Chunks,
    budget: &mut Budget,
) -> Result<Vec<Chunk>, Hdf5Error> {
    let mut cursor = file.at(address, Part::ChunkIndex)?;
    let begin = cursor.at;
    cursor.expect(*b"FAHD")?;
    cursor.version(&[0])?;
    let is_filtered = cursor.u8()? == 1;
    let width = usize::from(cursor.u8()?);
    let page_bits = u32::from(cursor.u8()?);
    let count = cursor.length()?;
    let data = cursor.address()?;
    cursor.checksum(begin)?;
    // An entry of a filtered chunk has its address, its length, and the filters that were left out.
    let length_width = width.checked_sub(file.address_width + if is_filtered { 4 } else { 0 });
    let length_width = length_width.filter(|width| *width <= 8 && is_filtered == (*width > 0));
    let (Some(length_width), true) = (length_width, count == chunks.count && page_bits < 32) else {
        return Err(cursor.damaged(Fault::Value));
    };
    let Some(data) = data else { return Ok(Vec::new()) };
    let mut cursor = file.at(data, Part::ChunkIndex)?;
    let begin = cursor.at;
    cursor.expect(*b"FADB")?;
    cursor.version(&[0])?;
    cursor.skip(1)?;
    cursor.address()?;
    let page = 1_u64 << page_bits;
    let mut exists: &[u8] = &[];
    if count > page {
        let pages = cursor.size(count.div_ceil(page).div_ceil(8))?;
        exists = cursor.take(pages)?;
        cursor.checksum(begin)?;
    }
    let size = count.checked_mul(width as u64).ok_or_else(|| cursor.damaged(Fault::Cut))?;
    budget.work(cursor.size(size)?)?;
    let mut all = Vec::new();
    for first in (0..count).step_by(page as usize) {
        let number = (first / page) as usize;
        let entries = page.min(count - first);
        // The first page shares its checksum with the head, if it is the only one.
        let begin = if exists.is_empty() { begin } else { cursor.at };
        let mut entry = cursor.window(entries as usize * width)?;
        let was_written = exists.get(number / 8).is_none_or(|byte| byte & 0x80 >> (number % 8) != 0);
        if !was_written {
            cursor.skip(4)?;
            continue;
        }
        cursor.checksum(begin)?;
        for idx in first..first + entries {
            let address = entry.address()?;
            let len = if is_filtered { entry.uint(length_width)? } else { chunks.bytes as u64 };
            let skipped = if is_filtered { entry.u32()? } else { 0 };
            if let Some(address) = address {
                budget.allocate(2 * size_of::<Chunk>())?;
                all.push(Chunk { idx, address, len, skipped });
            }
        }
    }
    Ok(all)
}
