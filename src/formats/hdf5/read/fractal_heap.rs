//! Fractal heaps, where large groups keep their links and attributes.
//!
//! Objects lie in direct blocks, which a table of growing rows holds together: the first two rows have blocks
//! of the smallest size, every further one of twice the size before. Blocks above a largest size are tables
//! themselves. An object is named by its place in the space that all blocks span.

use super::super::error::{Fault, Feature, Hdf5Error, Part};
use super::budget::Budget;
use super::cursor::File;
use super::{Cursor, btree2};

/// The B-tree of objects that lie on their own: address, length, number.
const HUGE_OBJECTS: u8 = 1;

/// A heap; all its blocks were found.
pub(super) struct FractalHeap<'a> {
    file: File<'a>,
    /// Bytes that say where in the heap an object lies, and how long it is.
    offset_width: usize,
    length_width: usize,
    /// First place in the heap, length, and address.
    blocks: Vec<(u64, u64, u64)>,
    huge: Option<u64>,
}

/// The table of blocks.
struct Table<'a> {
    file: File<'a>,
    offset_width: usize,
    /// Blocks in a row.
    width: u64,
    /// Bytes of a block in the first row, and of the largest direct block; powers of 2.
    smallest: u64,
    largest: u64,
    has_checksums: bool,
}

impl<'a> FractalHeap<'a> {
    /// Opens the heap at an address.
    pub(super) fn open(file: File<'a>, address: u64, budget: &mut Budget) -> Result<Self, Hdf5Error> {
        let mut cursor = file.at(address, Part::FractalHeap)?;
        let begin = cursor.at;
        cursor.expect(*b"FRHP")?;
        cursor.version(&[0])?;
        // The length of objects' names.
        cursor.skip(2)?;
        if cursor.u16()? != 0 {
            return Err(cursor.unsupported(Feature::FilteredHeap));
        }
        let flags = cursor.u8()?;
        let max_object = u64::from(cursor.u32()?);
        cursor.length()?;
        let huge = cursor.address()?;
        // Free space: its amount and where it is managed; then eight counts of what is in the heap.
        cursor.length()?;
        cursor.address()?;
        for _ in 0..8 {
            cursor.length()?;
        }
        let width = u64::from(cursor.u16()?);
        let (smallest, largest) = (cursor.length()?, cursor.length()?);
        let max_bits = usize::from(cursor.u16()?);
        cursor.skip(2)?;
        let root = cursor.address()?;
        let rows = u64::from(cursor.u16()?);
        cursor.checksum(begin)?;
        let is_right = width.is_power_of_two()
            && smallest.is_power_of_two()
            && largest.is_power_of_two()
            && (smallest..1 << 32).contains(&largest)
            && (1..=64).contains(&max_bits);
        if !is_right {
            return Err(cursor.damaged(Fault::Value));
        }
        let offset_width = max_bits.div_ceil(8);
        let length_width =
            (largest.ilog2() as usize).div_ceil(8).min(max_object.max(1).ilog2() as usize / 8 + 1);
        let table = Table { file, offset_width, width, smallest, largest, has_checksums: flags & 2 != 0 };
        let mut blocks = Vec::new();
        match root {
            Some(root) if rows == 0 => table.direct(root, 0, smallest, budget, &mut blocks)?,
            Some(root) => table.indirect(root, 0, rows, budget, &mut blocks)?,
            None => {}
        }
        Ok(Self { file, offset_width, length_width, blocks, huge })
    }

    /// The object of this name.
    pub(super) fn object(&self, mut id: Cursor<'a>, budget: &mut Budget) -> Result<Cursor<'a>, Hdf5Error> {
        id = id.part(Part::FractalHeap);
        let flags = id.u8()?;
        match flags >> 4 {
            0 => {
                let offset = id.uint(self.offset_width)?;
                let len = id.uint(self.length_width)?;
                self.managed(offset, len).ok_or_else(|| id.damaged(Fault::Value))?
            }
            1 => self.huge(&mut id, budget),
            // The name is the object itself.
            2 => id.window(usize::from(flags & 15) + 1),
            _ => Err(id.damaged(Fault::Value)),
        }
    }

    fn managed(&self, offset: u64, len: u64) -> Option<Result<Cursor<'a>, Hdf5Error>> {
        let next = self.blocks.partition_point(|(begin, ..)| *begin <= offset);
        let (begin, block, address) = *self.blocks.get(next.checked_sub(1)?)?;
        let within = offset - begin;
        let fits = within.checked_add(len).is_some_and(|end| end <= block);
        fits.then(|| self.file.span(address.saturating_add(within), len, Part::FractalHeap))
    }

    fn huge(&self, id: &mut Cursor<'a>, budget: &mut Budget) -> Result<Cursor<'a>, Hdf5Error> {
        let number = id.uint(id.left().min(self.file.length_width))?;
        let tree = self.huge.ok_or_else(|| id.damaged(Fault::Value))?;
        let record = self.file.address_width + 2 * self.file.length_width;
        for at in btree2::records(self.file, tree, HUGE_OBJECTS, budget)? {
            let mut record = self.file.span(at as u64, record as u64, Part::FractalHeap)?;
            let (address, len) = (record.place()?, record.length()?);
            if record.length()? == number {
                return self.file.span(address, len, Part::FractalHeap);
            }
        }
        Err(id.damaged(Fault::Value))
    }
}

impl Table<'_> {
    /// Bytes that a block of a row spans.
    fn block(&self, row: u64) -> Option<u64> {
        self.smallest.checked_shl(u32::try_from(row.saturating_sub(1)).ok()?).filter(|size| {
            // Bits must not have gone lost.
            *size >= self.smallest
                && size.ilog2() as u64 == u64::from(self.smallest.ilog2()) + row.saturating_sub(1)
        })
    }

    fn direct(
        &self,
        address: u64,
        offset: u64,
        size: u64,
        budget: &mut Budget,
        blocks: &mut Vec<(u64, u64, u64)>,
    ) -> Result<(), Hdf5Error> {
        let mut cursor = self.file.span(address, size, Part::FractalHeap)?;
        let block = cursor.clone();
        cursor.expect(*b"FHDB")?;
        cursor.version(&[0])?;
        cursor.address()?;
        if cursor.uint(self.offset_width)? != offset {
            return Err(cursor.damaged(Fault::Value));
        }
        budget.work(block.left())?;
        if self.has_checksums {
            block.checksum_with_hole(cursor)?;
        }
        budget.allocate(2 * size_of::<(u64, u64, u64)>())?;
        blocks.push((offset, size, address));
        Ok(())
    }

    fn indirect(
        &self,
        address: u64,
        offset: u64,
        rows: u64,
        budget: &mut Budget,
        blocks: &mut Vec<(u64, u64, u64)>,
    ) -> Result<(), Hdf5Error> {
        let mut cursor = self.file.at(address, Part::FractalHeap)?;
        let begin = cursor.at;
        cursor.expect(*b"FHIB")?;
        cursor.version(&[0])?;
        cursor.address()?;
        if cursor.uint(self.offset_width)? != offset {
            return Err(cursor.damaged(Fault::Value));
        }
        let len = rows.saturating_mul(self.width).saturating_mul(self.file.address_width as u64);
        let len = cursor.size(len)?;
        let mut children = cursor.window(len)?;
        budget.work(len)?;
        cursor.checksum(begin)?;
        let mut offset = offset;
        for row in 0..rows {
            let size = self.block(row).ok_or_else(|| children.damaged(Fault::Value))?;
            for _ in 0..self.width {
                match children.address()? {
                    Some(child) if size <= self.largest => {
                        self.direct(child, offset, size, budget, blocks)?;
                    }
                    Some(child) => {
                        // As many rows as span that much: fewer than here, so that this ends.
                        let first = self.smallest.saturating_mul(self.width).ilog2();
                        let rows = u64::from(size.ilog2().saturating_sub(first)) + 1;
                        self.indirect(child, offset, rows.min(row), budget, blocks)?;
                    }
                    None => {}
                }
                offset = offset.checked_add(size).ok_or_else(|| children.damaged(Fault::Value))?;
            }
        }
        Ok(())
    }
}
