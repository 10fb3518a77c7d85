//! Reading: from the superblock down the groups.

mod attribute;
mod btree1;
mod btree2;
mod budget;
mod chunk_index;
mod chunks;
mod cursor;
mod dataset;
mod dataspace;
mod filters;
mod fractal_heap;
mod global_heap;
mod links;
mod object_header;
mod superblock;

pub use budget::fair_memory;
pub(super) use cursor::Cursor;

use super::error::{Fault, Feature, Hdf5Error, Part};
use super::{Array, Group, Node, Values};
use budget::Budget;
use cursor::File;
use global_heap::GlobalHeap;
use object_header::Messages;

/// Keras nests a model in a model by two groups.
const MAX_DEPTH: usize = 64;
/// What a member or an attribute takes in memory besides its name and values: itself in a vector that may
/// have grown to twice what it needs, and what the allocator keeps.
const ENTRY_MEMORY: usize = 2 * size_of::<(String, Node)>() + 16;

/// Reads a file, whose contents may take four times its length in memory, and a megabyte.
///
/// # Errors
/// If it is no HDF5 file, a damaged one, or one with parts that are not read here.
pub fn read(bytes: &[u8]) -> Result<Group, Hdf5Error> {
    read_within(bytes, fair_memory(bytes.len()))
}

/// As [`read()`], of a file whose contents may take so many bytes in memory: one out of an archive, say.
///
/// # Errors
/// As [`read()`].
pub fn read_within(bytes: &[u8], max: usize) -> Result<Group, Hdf5Error> {
    let (file, root) = superblock::read_superblock(bytes)?;
    Reader::new(file, max).root(root)
}

/// As [`read()`], but checksums may be wrong: damage gets further.
#[cfg(test)]
pub(super) fn read_unverified(bytes: &[u8]) -> Result<Group, Hdf5Error> {
    let (mut file, root) = superblock::read_superblock(bytes)?;
    file.verifies = false;
    Reader::new(file, fair_memory(bytes.len())).root(root)
}

/// What a group takes in memory, and how much of that are the values of its arrays.
pub fn memory_of(group: &Group) -> (usize, usize) {
    let mut total = Memory::default();
    total.add(group);
    (total.entries + total.values, total.values)
}

#[derive(Default)]
struct Memory {
    entries: usize,
    values: usize,
}

impl Memory {
    fn add(&mut self, group: &Group) {
        self.entries += size_of::<(String, Array)>() * group.attributes.capacity();
        self.entries += size_of::<(String, Node)>() * group.members.capacity();
        for (name, value) in &group.attributes {
            self.entries += name.capacity();
            self.add_array(value);
        }
        for (name, node) in &group.members {
            self.entries += name.capacity();
            match node {
                Node::Group(group) => self.add(group),
                Node::Array(array) => self.add_array(array),
            }
        }
    }

    fn add_array(&mut self, array: &Array) {
        self.entries += size_of::<usize>() * array.extents.capacity();
        match &array.values {
            Values::F32(values) => self.values += 4 * values.capacity(),
            Values::F64(values) => self.values += 8 * values.capacity(),
            Values::I64(values) => self.values += 8 * values.capacity(),
            Values::Text(texts) => {
                self.entries += size_of::<String>() * texts.capacity();
                self.entries += texts.iter().map(String::capacity).sum::<usize>();
            }
        }
    }
}

/// A file while it is read.
struct Reader<'a> {
    file: File<'a>,
    budget: Budget,
    texts: GlobalHeap<'a>,
    /// Where the groups begin in which the reader is.
    open: Vec<u64>,
}

/// What an object header describes.
enum Kind {
    Group,
    Array,
}

impl<'a> Reader<'a> {
    fn new(file: File<'a>, max: usize) -> Self {
        let budget = Budget::new(max, file.bytes.len());
        Self { file, budget, texts: GlobalHeap::default(), open: Vec::new() }
    }

    fn root(mut self, address: u64) -> Result<Group, Hdf5Error> {
        match self.node(address, "/")? {
            Node::Group(group) => Ok(group),
            Node::Array(_) => {
                let root = self.file.at(address, Part::ObjectHeader)?;
                Err(root.damaged(Fault::Value).of(|| "/".to_owned()))
            }
        }
    }

    /// The object whose header is at an address.
    fn node(&mut self, address: u64, path: &str) -> Result<Node, Hdf5Error> {
        let kind = self.kind(address).map_err(|error| error.of(|| path.to_owned()))?;
        match kind {
            Kind::Group => self.group(address, path).map(Node::Group),
            Kind::Array => self.dataset(address).map(Node::Array),
        }
        .map_err(|error| error.of(|| path.to_owned()))
    }

    fn kind(&mut self, address: u64) -> Result<Kind, Hdf5Error> {
        let mut messages = Messages::open(self.file, address, &mut self.budget)?;
        let mut datatype = None;
        while let Some(message) = messages.next(&mut self.budget)? {
            match message.kind {
                object_header::LINK_INFO | object_header::SYMBOL_TABLE => return Ok(Kind::Group),
                object_header::LAYOUT => return Ok(Kind::Array),
                object_header::DATATYPE => datatype = Some(message.body),
                _ => {}
            }
        }
        Err(match datatype {
            Some(datatype) => datatype.unsupported(Feature::CommittedDatatype),
            None => self.file.at(address, Part::ObjectHeader)?.damaged(Fault::Value),
        })
    }

    fn group(&mut self, address: u64, path: &str) -> Result<Group, Hdf5Error> {
        if self.open.contains(&address) {
            return Err(Hdf5Error::Cycle { path: path.to_owned() });
        }
        if self.open.len() == MAX_DEPTH {
            return Err(Hdf5Error::TooDeep { path: path.to_owned(), max: MAX_DEPTH });
        }
        self.open.push(address);
        let attributes = self.attributes(address, path)?;
        let links = self.links(address, path)?;
        let mut members = Vec::with_capacity(links.len());
        for (name, address) in links {
            let path = below(path, &name);
            let node = self.node(address, &path)?;
            members.push((name, node));
        }
        self.open.pop();
        Ok(Group { attributes, members })
    }
}

/// The path of a member.
fn below(path: &str, name: &str) -> String {
    if path == "/" { format!("/{name}") } else { format!("{path}/{name}") }
}

/// The name of a member or an attribute, after its memory was counted.
fn name(bytes: &[u8], cursor: &Cursor, budget: &mut Budget) -> Result<String, Hdf5Error> {
    budget.allocate_all(1, ENTRY_MEMORY + bytes.len())?;
    let name = std::str::from_utf8(bytes).ok().filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| cursor.clone().part(Part::Text).damaged(Fault::Value))
}
