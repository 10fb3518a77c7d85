//! Arrays: their type, extents, and how their elements lie in the file.

use super::super::Values;
use super::super::datatype::Datatype;
use super::super::error::{Fault, Feature, Hdf5Error, Part};
use super::chunk_index::Index;
use super::chunks::Chunks;
use super::dataspace::Dataspace;
use super::filters::Filters;
use super::object_header::{
    DATASPACE, DATATYPE, EXTERNAL_FILES, FILL_VALUE, FILTERS, LAYOUT, Messages, OLD_FILL_VALUE,
};
use super::{Array, Cursor, Reader};

/// How the elements lie in the file.
enum Layout<'a> {
    /// In one piece.
    Whole(Cursor<'a>),
    /// Nowhere: all have the fill value.
    Missing,
    Chunks {
        extents: Vec<u64>,
        leaves_edges: bool,
        index: Index,
    },
}

/// What object headers say of arrays, not yet read.
#[derive(Default)]
struct Parts<'a> {
    dataspace: Option<Cursor<'a>>,
    datatype: Option<Cursor<'a>>,
    fill: Option<Cursor<'a>>,
    layout: Option<Cursor<'a>>,
    filters: Option<Cursor<'a>>,
}

impl<'a> Reader<'a> {
    /// The array whose object header is at an address.
    pub(super) fn dataset(&mut self, address: u64) -> Result<Array, Hdf5Error> {
        let parts = self.parts(address)?;
        let nothing = self.file.at(address, Part::ObjectHeader)?.damaged(Fault::Value);
        let (Some(mut dataspace), Some(mut datatype), Some(mut layout)) =
            (parts.dataspace, parts.datatype, parts.layout)
        else {
            return Err(nothing);
        };
        let dataspace = Dataspace::read(&mut dataspace)?;
        let datatype = Datatype::read(&mut datatype)?;
        let mut fill: &[u8] = &[];
        if let Some(mut cursor) = parts.fill {
            fill = cursor.rest();
        }
        let len = dataspace.bytes(datatype).ok_or_else(|| layout.damaged(Fault::Value))?;
        let place = layout.clone().part(Part::Data);
        let values = match read_layout(&mut layout, &dataspace, datatype)? {
            Layout::Whole(mut data) => {
                let place = data.clone();
                let bytes = data.take(len)?;
                self.values(datatype, bytes, &place)?
            }
            Layout::Missing => {
                let bytes = self.filled(datatype, fill, len)?;
                self.gathered(datatype, &bytes, &place)?
            }
            Layout::Chunks { extents, leaves_edges, index } => {
                let filters = match parts.filters {
                    Some(mut cursor) => Filters::read(&mut cursor)?,
                    None => Filters::default(),
                };
                let mut bytes = self.filled(datatype, fill, len)?;
                let chunks = Chunks::new(&dataspace, datatype, extents, &index, &place)?;
                self.chunks(&chunks, &index, &filters, leaves_edges, &mut bytes)?;
                self.gathered(datatype, &bytes, &place)?
            }
        };
        self.array(dataspace, values)
    }

    fn parts(&mut self, address: u64) -> Result<Parts<'a>, Hdf5Error> {
        let mut parts = Parts::default();
        let mut messages = Messages::open(self.file, address, &mut self.budget)?;
        while let Some(message) = messages.next(&mut self.budget)? {
            match message.kind {
                DATASPACE => parts.dataspace = Some(message.open(Part::Dataspace)?),
                DATATYPE => parts.datatype = Some(message.open(Part::Datatype)?),
                OLD_FILL_VALUE => {
                    let mut cursor = message.open(Part::FillValue)?;
                    parts.fill = parts.fill.or(sized(&mut cursor)?);
                }
                FILL_VALUE => parts.fill = fill_value(&mut message.open(Part::FillValue)?)?,
                EXTERNAL_FILES => return Err(message.body.unsupported(Feature::ExternalData)),
                LAYOUT => parts.layout = Some(message.open(Part::Layout)?),
                FILTERS => parts.filters = Some(message.open(Part::Filters)?),
                _ => {}
            }
        }
        Ok(parts)
    }

    /// So many bytes, all elements having the fill value.
    fn filled(&mut self, datatype: Datatype, fill: &[u8], len: usize) -> Result<Vec<u8>, Hdf5Error> {
        self.budget.allocate(len)?;
        self.budget.work(len)?;
        let mut bytes = vec![0; len];
        if fill.len() == datatype.width() && fill.iter().any(|byte| *byte != 0) {
            bytes.chunks_exact_mut(fill.len()).for_each(|element| element.copy_from_slice(fill));
        }
        Ok(bytes)
    }

    /// The elements that were gathered in `bytes`, which are no longer needed.
    fn gathered(&mut self, datatype: Datatype, bytes: &[u8], place: &Cursor) -> Result<Values, Hdf5Error> {
        let values = self.values(datatype, bytes, place)?;
        self.budget.free(bytes.len());
        Ok(values)
    }
}

/// The value with its length before it; `None` if it is zeros.
fn sized<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cursor<'a>>, Hdf5Error> {
    let len = cursor.u32()? as i32;
    usize::try_from(len).ok().map(|len| cursor.window(len)).transpose()
}

fn fill_value<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cursor<'a>>, Hdf5Error> {
    let version = cursor.version(&[1, 2, 3])?;
    // When space is taken and when values are filled is of no interest.
    let is_given = if version == 3 {
        cursor.u8()? & 0x20 != 0
    } else {
        cursor.skip(2)?;
        cursor.u8()? != 0 || version == 1
    };
    if is_given { sized(cursor) } else { Ok(None) }
}

fn read_layout<'a>(
    cursor: &mut Cursor<'a>,
    dataspace: &Dataspace,
    datatype: Datatype,
) -> Result<Layout<'a>, Hdf5Error> {
    let version = cursor.version(&[3, 4])?;
    let file = cursor.file;
    match cursor.u8()? {
        0 => {
            let len = cursor.u16()?;
            cursor.window(usize::from(len)).map(|data| Layout::Whole(data.part(Part::Data)))
        }
        1 => {
            let (address, len) = (cursor.address()?, cursor.length()?);
            match address {
                Some(address) if len > 0 => file.span(address, len, Part::Data).map(Layout::Whole),
                _ => Ok(Layout::Missing),
            }
        }
        2 => {
            let flags = if version == 4 { cursor.u8()? } else { 0 };
            let rank = usize::from(cursor.u8()?);
            let width = if version == 4 { usize::from(cursor.u8()?) } else { 4 };
            // The last axis is the elements' own width.
            if rank != dataspace.extents.len() + 1 || !(1..=8).contains(&width) {
                return Err(cursor.damaged(Fault::Value));
            }
            // Version 3 has the address first, version 4 last.
            let tree = if version == 3 { Some(Index::read_tree(cursor)?) } else { None };
            let mut extents = Vec::with_capacity(rank);
            for _ in 0..rank {
                extents.push(cursor.uint(width)?);
            }
            if extents.pop() != Some(datatype.width() as u64) || extents.contains(&0) {
                return Err(cursor.damaged(Fault::Value));
            }
            let index = match tree {
                Some(index) => index,
                None => Index::read(cursor, flags)?,
            };
            Ok(Layout::Chunks { extents, leaves_edges: flags & 1 != 0, index })
        }
        3 => Err(cursor.unsupported(Feature::VirtualData)),
        _ => Err(cursor.damaged(Fault::Value)),
    }
}
