//! Arrays in chunks: every chunk is found, filtered back, and copied to where it belongs.

use super::super::datatype::Datatype;
use super::super::error::{Fault, Hdf5Error, Part};
use super::chunk_index::{Chunk, Index};
use super::dataspace::Dataspace;
use super::filters::Filters;
use super::{Cursor, Reader};

/// How an array is divided.
pub(super) struct Chunks<'a> {
    /// Of the array.
    array: Vec<u64>,
    /// Of a chunk.
    pub(super) extents: Vec<u64>,
    /// Chunks along every axis.
    pub(super) grid: Vec<u64>,
    /// Chunks in the grid.
    pub(super) count: u64,
    /// Of a whole chunk.
    pub(super) bytes: usize,
    /// Of an element.
    width: usize,
    /// Where the file says all this.
    pub(super) place: Cursor<'a>,
}

impl<'a> Chunks<'a> {
    /// Of an array, by the extents of a chunk.
    pub(super) fn new(
        dataspace: &Dataspace,
        datatype: Datatype,
        extents: Vec<u64>,
        index: &Index,
        place: &Cursor<'a>,
    ) -> Result<Self, Hdf5Error> {
        let array: Vec<u64> = dataspace.extents.iter().map(|extent| *extent as u64).collect();
        let counted = if index.counts_growth() { &dataspace.max_extents } else { &array };
        let grid: Vec<u64> =
            counted.iter().zip(&extents).map(|(array, chunk)| array.div_ceil(*chunk)).collect();
        let product =
            |factors: &[u64]| factors.iter().try_fold(1_u64, |product, factor| product.checked_mul(*factor));
        let wrong = || place.damaged(Fault::Value);
        let count = product(&grid).ok_or_else(wrong)?;
        let width = datatype.width();
        let bytes = product(&extents).and_then(|len| len.checked_mul(width as u64)).ok_or_else(wrong)?;
        let bytes = place.size(bytes)?;
        Ok(Self { array, extents, grid, count, bytes, width, place: place.clone() })
    }

    /// Where a chunk begins along every axis; `None` if the array does not reach it.
    fn begin(&self, mut idx: u64) -> Option<Vec<u64>> {
        let mut begin = vec![0; self.grid.len()];
        for axis in (0..self.grid.len()).rev() {
            begin[axis] = idx % self.grid[axis] * self.extents[axis];
            idx /= self.grid[axis];
        }
        begin.iter().zip(&self.array).all(|(begin, extent)| begin < extent).then_some(begin)
    }

    /// Copies a chunk's elements to where they belong, except for those past the array's ends.
    fn copy(&self, chunk: &[u8], begin: &[u64], array: &mut [u8]) {
        let rank = self.grid.len();
        let Some(last) = rank.checked_sub(1) else {
            array.copy_from_slice(&chunk[..array.len()]);
            return;
        };
        let extent = |axis: usize| self.extents[axis].min(self.array[axis] - begin[axis]);
        let row = extent(last) as usize * self.width;
        let mut position = vec![0; last];
        loop {
            let (mut from, mut to) = (0, 0);
            for (axis, begin) in begin.iter().enumerate() {
                let within = position.get(axis).copied().unwrap_or(0);
                from = from * self.extents[axis] + within;
                to = to * self.array[axis] + begin + within;
            }
            let (from, to) = (from as usize * self.width, to as usize * self.width);
            array[to..to + row].copy_from_slice(&chunk[from..from + row]);
            // The next row, the last axis but one going fastest.
            let Some(axis) = (0..last).rev().find(|axis| position[*axis] + 1 < extent(*axis)) else { return };
            position[axis] += 1;
            position[axis + 1..].fill(0);
        }
    }

    /// Whether a chunk reaches past the array's ends.
    fn is_edge(&self, begin: &[u64]) -> bool {
        (0..begin.len()).any(|axis| self.array[axis] - begin[axis] < self.extents[axis])
    }
}

impl Reader<'_> {
    /// Fills `array` from all chunks that were written.
    pub(super) fn chunks(
        &mut self,
        chunks: &Chunks,
        index: &Index,
        filters: &Filters,
        leaves_edges: bool,
        array: &mut [u8],
    ) -> Result<(), Hdf5Error> {
        if array.is_empty() {
            return Ok(());
        }
        // Two copies while a filter goes from one to the other.
        let memory = if filters.is_empty() { 0 } else { chunks.bytes.saturating_mul(2) };
        self.budget.allocate(memory)?;
        let all = index.chunks(self.file, chunks, &mut self.budget)?;
        for chunk in &all {
            let Some(begin) = chunks.begin(chunk.idx) else { continue };
            self.budget.work(chunks.bytes.saturating_add(chunk.len as usize))?;
            let mut chunk = *chunk;
            if leaves_edges && chunks.is_edge(&begin) {
                chunk.skipped = u32::MAX;
            }
            self.chunk(chunks, chunk, filters, &begin, array)?;
        }
        self.budget.free(memory);
        self.budget.free(all.len() * size_of::<Chunk>());
        Ok(())
    }

    fn chunk(
        &mut self,
        chunks: &Chunks,
        chunk: Chunk,
        filters: &Filters,
        begin: &[u64],
        array: &mut [u8],
    ) -> Result<(), Hdf5Error> {
        let mut cursor = self.file.span(chunk.address, chunk.len, Part::Chunk)?;
        let place = cursor.clone();
        let bytes = filters.undo(cursor.rest(), chunk.skipped, chunks.bytes);
        let bytes =
            bytes.filter(|bytes| bytes.len() >= chunks.bytes).ok_or_else(|| place.damaged(Fault::Value))?;
        chunks.copy(&bytes, begin, array);
        Ok(())
    }
}
