//! B-trees of version 1, which find the leaves of a symbol table or the chunks of an array.

use super::super::error::{Fault, Hdf5Error, Part};
use super::budget::Budget;
use super::cursor::File;

/// Deeper trees would hold more than any file.
const MAX_LEVEL: u8 = 32;

/// What a tree leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Leaves of symbol tables.
    Group,
    /// Chunks of an array of this rank.
    Chunks { rank: usize },
}

/// What a leaf of the tree names.
pub(super) struct Child {
    pub(super) address: u64,
    /// Where the key before it begins: of a chunk, its size, the filters that were left out, and where it
    /// belongs.
    pub(super) key: usize,
}

/// Everything that the leaves of the tree at an address name, in their order.
pub(super) fn children(
    file: File,
    address: u64,
    kind: Kind,
    budget: &mut Budget,
) -> Result<Vec<Child>, Hdf5Error> {
    let mut children = Vec::new();
    node(file, address, kind, None, budget, &mut children)?;
    Ok(children)
}

fn node(
    file: File,
    address: u64,
    kind: Kind,
    level: Option<u8>,
    budget: &mut Budget,
    children: &mut Vec<Child>,
) -> Result<(), Hdf5Error> {
    let part = if kind == Kind::Group { Part::BTree } else { Part::ChunkIndex };
    let mut cursor = file.at(address, part)?;
    cursor.expect(*b"TREE")?;
    let got = (cursor.u8()?, cursor.u8()?);
    let (number, key) = match kind {
        Kind::Group => (0, file.length_width),
        // The elements' own width counts as an axis.
        Kind::Chunks { rank } => (1, 4 + 4 + 8 * (rank + 1)),
    };
    // Children lie one level lower: a tree cannot lead back to itself.
    if got.0 != number || got.1 > MAX_LEVEL || level.is_some_and(|level| got.1 != level) {
        return Err(cursor.damaged(Fault::Value));
    }
    let count = cursor.u16()?;
    // The neighbours.
    cursor.address()?;
    cursor.address()?;
    budget.work(usize::from(count) * (key + file.address_width) + 24)?;
    for _ in 0..count {
        let at = cursor.at;
        cursor.skip(key)?;
        let address = cursor.place()?;
        if let Some(level) = got.1.checked_sub(1) {
            node(file, address, kind, Some(level), budget, children)?;
        } else {
            budget.allocate(2 * size_of::<Child>())?;
            children.push(Child { address, key: at });
        }
    }
    Ok(())
}
