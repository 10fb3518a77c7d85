//! Object headers of versions 1 and 2: a list of messages, perhaps spread over several blocks.

use std::collections::VecDeque;

use super::super::error::{Fault, Feature, Hdf5Error, Part};
use super::budget::Budget;
use super::cursor::{Cursor, File};

/// Numbers of messages in the specification.
pub(super) const DATASPACE: u16 = 1;
pub(super) const LINK_INFO: u16 = 2;
pub(super) const DATATYPE: u16 = 3;
pub(super) const OLD_FILL_VALUE: u16 = 4;
pub(super) const FILL_VALUE: u16 = 5;
pub(super) const LINK: u16 = 6;
pub(super) const EXTERNAL_FILES: u16 = 7;
pub(super) const LAYOUT: u16 = 8;
pub(super) const FILTERS: u16 = 11;
pub(super) const ATTRIBUTE: u16 = 12;
const CONTINUATION: u16 = 16;
pub(super) const SYMBOL_TABLE: u16 = 17;
pub(super) const ATTRIBUTE_INFO: u16 = 21;

/// The body lies elsewhere.
const SHARED: u8 = 2;

/// A message of an object header.
pub(super) struct Message<'a> {
    pub(super) kind: u16,
    pub(super) body: Cursor<'a>,
    is_shared: bool,
}

impl<'a> Message<'a> {
    /// The body as this part.
    ///
    /// # Errors
    /// If it lies elsewhere.
    pub(super) fn open(self, part: Part) -> Result<Cursor<'a>, Hdf5Error> {
        let Self { kind, body, is_shared } = self;
        match (is_shared, kind) {
            (false, _) => Ok(body.part(part)),
            (true, DATATYPE) => Err(body.unsupported(Feature::CommittedDatatype)),
            (true, _) => Err(body.unsupported(Feature::SharedMessage)),
        }
    }
}

/// Passes over the messages of one header.
pub(super) struct Messages<'a> {
    file: File<'a>,
    is_version_2: bool,
    /// Every message says when it was made.
    has_order: bool,
    block: Cursor<'a>,
    /// Blocks that are still to come.
    later: VecDeque<(u64, u64)>,
    /// Bytes of all blocks together.
    total: u64,
}

impl<'a> Messages<'a> {
    /// Opens the header at an address.
    pub(super) fn open(file: File<'a>, address: u64, budget: &mut Budget) -> Result<Self, Hdf5Error> {
        let mut cursor = file.at(address, Part::ObjectHeader)?;
        let begin = cursor.at;
        let is_version_2 = cursor.clone().expect(*b"OHDR").is_ok();
        let (block, has_order) =
            if is_version_2 { Self::head_2(&mut cursor)? } else { (Self::head_1(&mut cursor)?, false) };
        budget.work(block.left())?;
        if is_version_2 {
            cursor.checksum(begin)?;
        }
        let total = block.left() as u64;
        Ok(Self { file, is_version_2, has_order, block, later: VecDeque::new(), total })
    }

    fn head_1(cursor: &mut Cursor<'a>) -> Result<Cursor<'a>, Hdf5Error> {
        cursor.version(&[1])?;
        // Nothing; counts of messages and of links to this object.
        cursor.skip(1 + 2 + 4)?;
        let len = cursor.u32()? as usize;
        // Messages begin at a multiple of 8.
        cursor.skip(4)?;
        cursor.window(len)
    }

    fn head_2(cursor: &mut Cursor<'a>) -> Result<(Cursor<'a>, bool), Hdf5Error> {
        cursor.expect(*b"OHDR")?;
        cursor.version(&[2])?;
        let flags = cursor.u8()?;
        if flags & 0x20 != 0 {
            // Four times, of 4 bytes each.
            cursor.skip(16)?;
        }
        if flags & 0x10 != 0 {
            // How many attributes make the header dense.
            cursor.skip(4)?;
        }
        let len = cursor.uint(1 << (flags & 3))?;
        let len = cursor.size(len)?;
        Ok((cursor.window(len)?, flags & 4 != 0))
    }

    /// The next message that is of any interest.
    pub(super) fn next(&mut self, budget: &mut Budget) -> Result<Option<Message<'a>>, Hdf5Error> {
        let head = match (self.is_version_2, self.has_order) {
            (false, _) => 8,
            (true, false) => 4,
            (true, true) => 6,
        };
        loop {
            // What is shorter than a message is a gap.
            if self.block.left() < head {
                let Some((address, len)) = self.later.pop_front() else { return Ok(None) };
                self.block = self.continuation(address, len, budget)?;
                continue;
            }
            let (kind, len, flags) = if self.is_version_2 {
                let (kind, len) = (u16::from(self.block.u8()?), self.block.u16()?);
                (kind, len, self.block.u8()?)
            } else {
                (self.block.u16()?, self.block.u16()?, self.block.u8()?)
            };
            self.block.skip(if self.is_version_2 { head - 4 } else { 3 })?;
            let mut body = self.block.window(usize::from(len))?;
            match kind {
                CONTINUATION => {
                    let place = (body.place()?, body.length()?);
                    self.later.push_back(place);
                }
                DATASPACE..=LAYOUT | FILTERS | ATTRIBUTE | SYMBOL_TABLE | ATTRIBUTE_INFO => {
                    return Ok(Some(Message { kind, body, is_shared: flags & SHARED != 0 }));
                }
                _ => {}
            }
        }
    }

    fn continuation(&mut self, address: u64, len: u64, budget: &mut Budget) -> Result<Cursor<'a>, Hdf5Error> {
        let mut cursor = self.file.span(address, len, Part::ObjectHeader)?;
        // Blocks that name each other would go on for ever.
        self.total = self.total.saturating_add(len);
        if self.total > self.file.bytes.len() as u64 {
            return Err(cursor.damaged(Fault::Value));
        }
        budget.work(cursor.left())?;
        if !self.is_version_2 {
            return Ok(cursor);
        }
        let begin = cursor.at;
        cursor.expect(*b"OCHK")?;
        let len = cursor.left().checked_sub(4).ok_or_else(|| cursor.damaged(Fault::Cut))?;
        let block = cursor.window(len)?;
        cursor.checksum(begin)?;
        Ok(block)
    }
}
