//! The global heap: collections of texts to which arrays refer.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::super::datatype::Datatype;
use super::super::error::{Fault, Hdf5Error, Part};
use super::super::{Array, Values};
use super::budget::Budget;
use super::cursor::File;
use super::dataspace::Dataspace;
use super::{Cursor, Reader};

/// The collections that were looked into: their texts by number.
#[derive(Default)]
pub(super) struct GlobalHeap<'a> {
    collections: BTreeMap<u64, Vec<(u16, &'a [u8])>>,
}

impl<'a> GlobalHeap<'a> {
    /// The text of a number in the collection at an address.
    fn text(
        &mut self,
        file: File<'a>,
        (address, number): (u64, u32),
        budget: &mut Budget,
    ) -> Result<&'a [u8], Hdf5Error> {
        let texts = match self.collections.entry(address) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(read_collection(file, address, budget)?),
        };
        let found = texts.binary_search_by_key(&number, |(number, _)| u32::from(*number));
        match found {
            Ok(idx) => Ok(texts[idx].1),
            Err(_) => Err(file.at(address, Part::GlobalHeap)?.damaged(Fault::Value)),
        }
    }
}

fn read_collection<'a>(
    file: File<'a>,
    address: u64,
    budget: &mut Budget,
) -> Result<Vec<(u16, &'a [u8])>, Hdf5Error> {
    let mut cursor = file.at(address, Part::GlobalHeap)?;
    let begin = cursor.at;
    cursor.expect(*b"GCOL")?;
    cursor.version(&[1])?;
    cursor.skip(3)?;
    let len = cursor.length()?;
    let head = cursor.at - begin;
    let len = cursor.size(len)?.checked_sub(head).ok_or_else(|| cursor.damaged(Fault::Value))?;
    let mut collection = cursor.window(len)?;
    budget.work(len)?;
    let mut texts = Vec::new();
    // What is shorter than the head of a text is free.
    while collection.left() >= 8 + file.length_width {
        let number = collection.u16()?;
        if number == 0 {
            break;
        }
        // The count of references, and nothing.
        collection.skip(2 + 4)?;
        let len = collection.length()?;
        let len = collection.size(len)?;
        budget.allocate(2 * size_of::<(u16, &[u8])>())?;
        texts.push((number, collection.take(len)?));
        collection.skip((len.next_multiple_of(8) - len).min(collection.left()))?;
    }
    texts.sort_by_key(|(number, _)| *number);
    Ok(texts)
}

impl Reader<'_> {
    /// The elements that `bytes` are; `place` is where they lie, for errors.
    pub(super) fn values(
        &mut self,
        datatype: Datatype,
        bytes: &[u8],
        place: &Cursor,
    ) -> Result<Values, Hdf5Error> {
        self.budget.work(bytes.len())?;
        self.budget.allocate_all(bytes.len() / datatype.width(), datatype.memory())?;
        let wrong_text = || place.clone().part(Part::Text).damaged(Fault::Value);
        let elements = bytes.chunks_exact(datatype.width());
        let mut texts = Vec::new();
        match datatype {
            Datatype::FixedText { padding, .. } => {
                texts.reserve_exact(elements.len());
                for element in elements {
                    let text = std::str::from_utf8(padding.trim(element)).map_err(|_| wrong_text())?;
                    texts.push(text.to_owned());
                }
            }
            Datatype::VariableText { .. } => {
                texts.reserve_exact(elements.len());
                for reference in elements {
                    let text = std::str::from_utf8(self.text(reference)?).map_err(|_| wrong_text())?;
                    texts.push(text.to_owned());
                }
            }
            _ => return datatype.numbers(bytes).ok_or_else(|| place.damaged(Fault::Value)),
        }
        Ok(Values::Text(texts))
    }

    /// The text to which an element refers.
    fn text(&mut self, reference: &[u8]) -> Result<&[u8], Hdf5Error> {
        let uint = |bytes: &[u8]| bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let (len, rest) = reference.split_at(4);
        let (address, number) = rest.split_at(self.file.address_width);
        let (len, address, number) = (uint(len), uint(address), uint(number) as u32);
        if address == 0 || len == 0 {
            return Ok(&[]);
        }
        let text = self.texts.text(self.file, (address, number), &mut self.budget)?;
        let text = usize::try_from(len).ok().and_then(|len| text.get(..len));
        let text = text
            .ok_or(())
            .or_else(|()| Err(self.file.at(address, Part::GlobalHeap)?.damaged(Fault::Value)))?;
        self.budget.allocate(text.len())?;
        self.budget.work(text.len())?;
        Ok(text)
    }

    /// An array of these extents, which were counted already except for their own memory.
    pub(super) fn array(&mut self, dataspace: Dataspace, values: Values) -> Result<Array, Hdf5Error> {
        self.budget.allocate_all(dataspace.extents.len(), size_of::<usize>())?;
        Ok(Array { extents: dataspace.extents, values })
    }
}
