//! Attributes of groups: in the object header, or, if there are many or large ones, in a fractal heap.

use super::super::datatype::Datatype;
use super::super::error::{Fault, Feature, Hdf5Error, Part};
use super::dataspace::Dataspace;
use super::fractal_heap::FractalHeap;
use super::object_header::{ATTRIBUTE, ATTRIBUTE_INFO, Messages};
use super::{Array, Cursor, Reader, btree2, name};

/// The B-tree of attributes by name: heap's number, flags of the message, order, hash.
const BY_NAME: u8 = 8;
const ID_BYTES: usize = 8;

impl<'a> Reader<'a> {
    /// All attributes of the object at an address.
    pub(super) fn attributes(&mut self, address: u64, path: &str) -> Result<Vec<(String, Array)>, Hdf5Error> {
        let mut attributes = Vec::new();
        let mut messages = Messages::open(self.file, address, &mut self.budget)?;
        while let Some(message) = messages.next(&mut self.budget)? {
            match message.kind {
                ATTRIBUTE => {
                    let cursor = message.open(Part::Attribute)?;
                    attributes.push(self.attribute(cursor, path)?);
                }
                ATTRIBUTE_INFO => {
                    let mut info = message.open(Part::Attribute)?;
                    self.dense_attributes(&mut info, path, &mut attributes)?;
                }
                _ => {}
            }
        }
        Ok(attributes)
    }

    fn dense_attributes(
        &mut self,
        info: &mut Cursor<'a>,
        path: &str,
        attributes: &mut Vec<(String, Array)>,
    ) -> Result<(), Hdf5Error> {
        info.version(&[0])?;
        if info.u8()? & 1 != 0 {
            // The highest order of creation.
            info.skip(2)?;
        }
        let Some(heap) = info.address()? else { return Ok(()) };
        let tree = info.place()?;
        let heap = FractalHeap::open(self.file, heap, &mut self.budget)?;
        let begin = attributes.len();
        for at in btree2::records(self.file, tree, BY_NAME, &mut self.budget)? {
            let mut record = self.file.span(at as u64, ID_BYTES as u64 + 1, Part::BTree)?;
            let id = record.window(ID_BYTES)?;
            if record.u8()? & 2 != 0 {
                return Err(record.unsupported(Feature::SharedMessage));
            }
            let cursor = heap.object(id, &mut self.budget)?.part(Part::Attribute);
            attributes.push(self.attribute(cursor, path)?);
        }
        // The tree is sorted by hashes, which mean nothing to a reader.
        attributes[begin..].sort_by(|(first, _), (second, _)| first.cmp(second));
        Ok(())
    }

    /// The message of an attribute.
    fn attribute(&mut self, mut cursor: Cursor<'a>, path: &str) -> Result<(String, Array), Hdf5Error> {
        let version = cursor.version(&[1, 2, 3])?;
        let flags = cursor.u8()?;
        let lens = [cursor.u16()?, cursor.u16()?, cursor.u16()?].map(usize::from);
        if version == 3 {
            // ASCII or UTF-8, which holds ASCII.
            cursor.skip(1)?;
        }
        // Version 1 fills every part up to a multiple of 8.
        let mut windows = Vec::with_capacity(3);
        for len in lens {
            let window = cursor.window(len)?;
            if version == 1 {
                cursor.skip(len.next_multiple_of(8) - len)?;
            }
            windows.push(window);
        }
        let [mut text, mut datatype, mut dataspace] =
            <[_; 3]>::try_from(windows).map_err(|_| cursor.damaged(Fault::Value))?;
        let bytes = text.rest();
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        let name = name(&bytes[..end], &text, &mut self.budget)?;
        let value = if version > 1 && flags & 3 != 0 {
            Err(datatype.unsupported(Feature::CommittedDatatype))
        } else {
            datatype = datatype.part(Part::Datatype);
            dataspace = dataspace.part(Part::Dataspace);
            self.attribute_value(&mut datatype, &mut dataspace, &mut cursor)
        };
        let value = value.map_err(|error| error.of(|| format!("{path}@{name}")))?;
        Ok((name, value))
    }

    fn attribute_value(
        &mut self,
        datatype: &mut Cursor<'a>,
        dataspace: &mut Cursor<'a>,
        data: &mut Cursor<'a>,
    ) -> Result<Array, Hdf5Error> {
        let datatype = Datatype::read(datatype)?;
        let dataspace = Dataspace::read(dataspace)?;
        let len = dataspace.bytes(datatype).ok_or_else(|| data.damaged(Fault::Cut))?;
        let mut data = data.window(len)?.part(Part::Data);
        let place = data.clone();
        let values = self.values(datatype, data.rest(), &place)?;
        self.array(dataspace, values)
    }
}
