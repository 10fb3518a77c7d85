//! The dataspace: how many axes an array has, and how long they are.

use super::super::datatype::Datatype;
use super::super::error::{Fault, Hdf5Error};
use super::Cursor;

/// HDF5 allows no more.
const MAX_RANK: u8 = 32;

/// The extents of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dataspace {
    pub(super) extents: Vec<usize>,
    /// To which the axes may grow; chunks are counted by them.
    pub(super) max_extents: Vec<u64>,
    /// All extents multiplied.
    pub(super) len: usize,
}

impl Dataspace {
    /// Reads the message of a dataspace.
    pub(super) fn read(cursor: &mut Cursor) -> Result<Self, Hdf5Error> {
        let version = cursor.version(&[1, 2])?;
        let rank = cursor.u8()?;
        let flags = cursor.u8()?;
        let kind = cursor.u8()?;
        if version == 1 {
            cursor.skip(4)?;
        }
        // A scalar, an array, nothing; version 1 has no nothing.
        if version == 2 && kind == 2 {
            return Ok(Self { extents: vec![0], max_extents: vec![0], len: 0 });
        }
        if rank > MAX_RANK || version == 2 && (kind > 2 || kind == 0 && rank != 0) {
            return Err(cursor.damaged(Fault::Value));
        }
        let mut extents = Vec::with_capacity(usize::from(rank));
        for _ in 0..rank {
            let extent = cursor.length()?;
            extents.push(cursor.size(extent)?);
        }
        let mut max_extents: Vec<u64> = extents.iter().map(|extent| *extent as u64).collect();
        if flags & 1 != 0 {
            for max in &mut max_extents {
                *max = cursor.length()?;
            }
        }
        let product =
            |extents: &[usize]| extents.iter().try_fold(1_usize, |len, extent| len.checked_mul(*extent));
        // Axes without length make the array empty, however long the others claim to be.
        let len = if extents.contains(&0) { Some(0) } else { product(&extents) };
        let len = len.ok_or_else(|| cursor.damaged(Fault::Value))?;
        Ok(Self { extents, max_extents, len })
    }

    /// What the elements take in the file; `None` if nothing can hold so many.
    pub(super) fn bytes(&self, datatype: Datatype) -> Option<usize> {
        self.len.checked_mul(datatype.width())
    }
}
