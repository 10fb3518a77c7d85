//! The links of a group: messages in its header, a symbol table, or, if there are many, a fractal heap.

use std::collections::BTreeSet;

use super::super::error::{Fault, Feature, Hdf5Error, Part};
use super::btree1;
use super::fractal_heap::FractalHeap;
use super::object_header::{LINK, LINK_INFO, Messages, SYMBOL_TABLE};
use super::{Cursor, Reader, below, btree2, name};

/// The B-tree of links by name: hash, heap's number.
const BY_NAME: u8 = 5;
const ID_BYTES: usize = 7;
/// What a symbol table notes beside a link, if it is a soft one.
const CACHED_SOFT_LINK: u32 = 2;

/// Names, and where the object headers are.
type Links = Vec<(String, u64)>;

impl<'a> Reader<'a> {
    /// All links of the group at an address.
    pub(super) fn links(&mut self, address: u64, path: &str) -> Result<Links, Hdf5Error> {
        let mut links = Vec::new();
        let mut messages = Messages::open(self.file, address, &mut self.budget)?;
        while let Some(message) = messages.next(&mut self.budget)? {
            match message.kind {
                LINK => {
                    let mut cursor = message.open(Part::Link)?;
                    links.push(self.link(&mut cursor, path)?);
                }
                LINK_INFO => self.dense_links(&mut message.open(Part::Link)?, path, &mut links)?,
                SYMBOL_TABLE => self.symbol_table(&mut message.open(Part::SymbolTable)?, path, &mut links)?,
                _ => {}
            }
        }
        let mut names = BTreeSet::new();
        if links.iter().all(|(name, _)| names.insert(name.as_str())) {
            return Ok(links);
        }
        Err(self.file.at(address, Part::Link)?.damaged(Fault::Value))
    }

    fn link(&mut self, cursor: &mut Cursor<'a>, path: &str) -> Result<(String, u64), Hdf5Error> {
        cursor.version(&[1])?;
        let flags = cursor.u8()?;
        let kind = if flags & 8 != 0 { cursor.u8()? } else { 0 };
        if flags & 4 != 0 {
            // The order of creation.
            cursor.skip(8)?;
        }
        if flags & 16 != 0 {
            // ASCII or UTF-8, which holds ASCII.
            cursor.skip(1)?;
        }
        let len = cursor.uint(1 << (flags & 3))?;
        let len = cursor.size(len)?;
        let bytes = cursor.take(len)?;
        let name = name(bytes, cursor, &mut self.budget)?;
        let feature = match kind {
            0 => return Ok((name, cursor.place()?)),
            1 => Feature::SoftLink,
            64 => Feature::ExternalLink,
            kind => Feature::Link(kind),
        };
        Err(cursor.unsupported(feature).of(|| below(path, &name)))
    }

    fn dense_links(&mut self, info: &mut Cursor<'a>, path: &str, links: &mut Links) -> Result<(), Hdf5Error> {
        info.version(&[0])?;
        if info.u8()? & 1 != 0 {
            // The highest order of creation.
            info.skip(8)?;
        }
        let Some(heap) = info.address()? else { return Ok(()) };
        let tree = info.place()?;
        let heap = FractalHeap::open(self.file, heap, &mut self.budget)?;
        let begin = links.len();
        for at in btree2::records(self.file, tree, BY_NAME, &mut self.budget)? {
            let mut record = self.file.span(at as u64, 4 + ID_BYTES as u64, Part::BTree)?;
            record.skip(4)?;
            let id = record.window(ID_BYTES)?;
            let mut cursor = heap.object(id, &mut self.budget)?.part(Part::Link);
            links.push(self.link(&mut cursor, path)?);
        }
        // The tree is sorted by hashes, which mean nothing to a reader.
        links[begin..].sort();
        Ok(())
    }

    fn symbol_table(
        &mut self,
        message: &mut Cursor<'a>,
        path: &str,
        links: &mut Links,
    ) -> Result<(), Hdf5Error> {
        let (tree, heap) = (message.place()?, message.place()?);
        let names = self.local_heap(heap)?;
        for node in btree1::children(self.file, tree, btree1::Kind::Group, &mut self.budget)? {
            self.symbols(node.address, &names, path, links)?;
        }
        Ok(())
    }

    /// The names of a symbol table.
    fn local_heap(&mut self, address: u64) -> Result<Cursor<'a>, Hdf5Error> {
        let mut cursor = self.file.at(address, Part::LocalHeap)?;
        cursor.expect(*b"HEAP")?;
        cursor.version(&[0])?;
        cursor.skip(3)?;
        let len = cursor.length()?;
        cursor.length()?;
        let data = cursor.place()?;
        self.file.span(data, len, Part::LocalHeap)
    }

    /// A leaf of a symbol table.
    fn symbols(
        &mut self,
        address: u64,
        names: &Cursor<'a>,
        path: &str,
        links: &mut Links,
    ) -> Result<(), Hdf5Error> {
        let mut cursor = self.file.at(address, Part::SymbolTable)?;
        cursor.expect(*b"SNOD")?;
        cursor.version(&[1])?;
        cursor.skip(1)?;
        for _ in 0..cursor.u16()? {
            let offset = cursor.uint(self.file.address_width)?;
            let header = cursor.address()?;
            let cached = cursor.u32()?;
            cursor.skip(4 + 16)?;
            let mut text = names.clone();
            let offset = text.size(offset)?;
            text.skip(offset)?;
            let start = text.clone();
            let bytes = text.rest();
            let end = bytes.iter().position(|byte| *byte == 0).ok_or_else(|| start.damaged(Fault::Cut))?;
            self.budget.work(end)?;
            let name = name(&bytes[..end], &start, &mut self.budget)?;
            match header {
                _ if cached == CACHED_SOFT_LINK => {
                    return Err(cursor.unsupported(Feature::SoftLink).of(|| below(path, &name)));
                }
                Some(header) => links.push((name, header)),
                None => return Err(cursor.damaged(Fault::Value)),
            }
        }
        Ok(())
    }
}
