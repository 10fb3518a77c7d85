//! [`Budget`]: what reading a file may cost.

use super::super::error::Hdf5Error;

/// What is handed out may take so many times the file's length, and [`SLACK`].
const MEMORY_FACTOR: usize = 4;
/// Every structure is passed over a few times at most, unless it is named again and again.
const WORK_FACTOR: usize = 16;
/// Small files may be compressed well, and an array may name its fill value only.
const SLACK: usize = 1 << 20;

/// Bytes that may still be handed out, and bytes that may still be looked at.
#[derive(Debug)]
pub(super) struct Budget {
    max: usize,
    memory: usize,
    work: usize,
}

/// What the contents of a file of this length may take, if nobody says otherwise.
pub fn fair_memory(file: usize) -> usize {
    file.saturating_mul(MEMORY_FACTOR).saturating_add(SLACK)
}

impl Budget {
    /// For a file of this length.
    pub(super) fn new(max: usize, file: usize) -> Self {
        let work = file.saturating_mul(WORK_FACTOR).saturating_add(WORK_FACTOR * SLACK);
        Self { max, memory: max, work }
    }

    /// Before so much is allocated.
    pub(super) fn allocate(&mut self, bytes: usize) -> Result<(), Hdf5Error> {
        let left = self.memory.checked_sub(bytes);
        self.memory = left.ok_or(Hdf5Error::TooLarge { path: String::new(), max: self.max as u64 })?;
        Ok(())
    }

    /// As [`Budget::allocate`], of elements.
    pub(super) fn allocate_all(&mut self, count: usize, bytes: usize) -> Result<(), Hdf5Error> {
        self.allocate(count.saturating_mul(bytes))
    }

    /// After so much was freed.
    pub(super) fn free(&mut self, bytes: usize) {
        self.memory = self.memory.saturating_add(bytes).min(self.max);
    }

    /// Before so much is looked at.
    pub(super) fn work(&mut self, bytes: usize) -> Result<(), Hdf5Error> {
        let left = self.work.checked_sub(bytes);
        self.work = left.ok_or(Hdf5Error::TooOften { path: String::new() })?;
        Ok(())
    }
}
