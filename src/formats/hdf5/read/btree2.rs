//! B-trees of version 2, which find what lies in a fractal heap.

use super::super::error::{Fault, Hdf5Error, Part};
use super::Cursor;
use super::budget::Budget;
use super::cursor::File;

/// Deeper trees would hold more than any file.
const MAX_DEPTH: u16 = 16;
/// Of every node: four letters, version, kind, checksum.
const NODE_OVERHEAD: usize = 10;

/// How a tree is laid out.
struct Tree<'a> {
    file: File<'a>,
    kind: u8,
    record: usize,
    /// Bytes that say how many records a child holds.
    count_width: usize,
    /// By depth of the node whose children they count: bytes that say how many records lie below a child.
    total_widths: Vec<usize>,
}

/// Where the records of the tree at an address begin, in the tree's order.
pub(super) fn records(
    file: File,
    address: u64,
    kind: u8,
    budget: &mut Budget,
) -> Result<Vec<usize>, Hdf5Error> {
    let mut cursor = file.at(address, Part::BTree)?;
    let begin = cursor.at;
    cursor.expect(*b"BTHD")?;
    cursor.version(&[0])?;
    if cursor.u8()? != kind {
        return Err(cursor.damaged(Fault::Value));
    }
    let node = cursor.u32()? as usize;
    let record = usize::from(cursor.u16()?);
    let depth = cursor.u16()?;
    // At what filling nodes split and merge.
    cursor.skip(2)?;
    let root = cursor.address()?;
    let count = usize::from(cursor.u16()?);
    cursor.length()?;
    cursor.checksum(begin)?;
    let room = node.saturating_sub(NODE_OVERHEAD);
    if record == 0 || room < record || depth > MAX_DEPTH {
        return Err(cursor.damaged(Fault::Value));
    }
    let mut tree =
        Tree { file, kind, record, count_width: width((room / record) as u64), total_widths: vec![] };
    tree.total_widths = tree.widths(room, depth);
    let mut records = Vec::new();
    if let Some(root) = root {
        tree.node(root, count, depth, budget, &mut records)?;
    }
    Ok(records)
}

/// Bytes that hold a number.
fn width(max: u64) -> usize {
    max.max(1).ilog2() as usize / 8 + 1
}

impl Tree<'_> {
    /// [`Tree::total_widths`]: from what nodes of every depth can hold at most.
    fn widths(&self, room: usize, depth: u16) -> Vec<usize> {
        // Children of the lowest inner nodes are leaves, whose count says it all.
        let mut widths = vec![0, 0];
        let mut below = (room / self.record) as u64;
        for depth in 1..usize::from(depth) {
            let pointer = self.file.address_width + self.count_width + widths[depth];
            let records = (room.saturating_sub(pointer) / (self.record + pointer)) as u64;
            below = (records + 1).saturating_mul(below).saturating_add(records);
            widths.push(width(below));
        }
        widths
    }

    fn node(
        &self,
        address: u64,
        count: usize,
        depth: u16,
        budget: &mut Budget,
        records: &mut Vec<usize>,
    ) -> Result<(), Hdf5Error> {
        let mut cursor = self.file.at(address, Part::BTree)?;
        let begin = cursor.at;
        cursor.expect(if depth == 0 { *b"BTLF" } else { *b"BTIN" })?;
        cursor.version(&[0])?;
        if cursor.u8()? != self.kind {
            return Err(cursor.damaged(Fault::Value));
        }
        budget.work(count.saturating_mul(self.record) + NODE_OVERHEAD)?;
        let mut all = window(&mut cursor, count, self.record)?;
        let pointer = self.file.address_width + self.count_width + self.total_widths[usize::from(depth)];
        let mut children = if depth == 0 { None } else { Some(window(&mut cursor, count + 1, pointer)?) };
        cursor.checksum(begin)?;
        for idx in 0..=count {
            if let Some(children) = &mut children {
                let address = children.place()?;
                let count = children.uint(self.count_width)? as usize;
                children.skip(self.total_widths[usize::from(depth)])?;
                self.node(address, count, depth - 1, budget, records)?;
            }
            if idx < count {
                budget.allocate(2 * size_of::<usize>())?;
                records.push(all.at);
                all.skip(self.record)?;
            }
        }
        Ok(())
    }
}

/// So many things of this width.
fn window<'a>(cursor: &mut Cursor<'a>, count: usize, width: usize) -> Result<Cursor<'a>, Hdf5Error> {
    let len = count.checked_mul(width).ok_or_else(|| cursor.damaged(Fault::Cut))?;
    cursor.window(len)
}
