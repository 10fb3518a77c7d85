//! The bytes of an HDF5 file: superblock of version 2, object headers of version 2 in one block each, links
//! and attributes in these headers, arrays in one piece, text in the global heap. libhdf5 reads that since
//! version 1.8, and so does Keras, which refuses soft links, external and virtual data.

use std::collections::VecDeque;

use super::checksum::lookup3;
use super::text_heap::{Reference, write_texts};
use super::{Array, Group, Hdf5Error, Node, Values, datatype};

/// An attribute or a link lies in the object header, whose messages are measured by 16 bits; longer ones do not fit.
/// A text counts 16 bytes, whatever its length.
pub const MAX_ATTRIBUTE_BYTES: usize = 65_000;

const SUPERBLOCK_BYTES: usize = 48;
/// The address of what is not there.
const NOWHERE: [u8; 8] = [255; 8];

/// Numbers of messages in the specification.
const DATASPACE: u8 = 1;
const LINK_INFO: u8 = 2;
const DATATYPE: u8 = 3;
const FILL_VALUE: u8 = 5;
const LINK: u8 = 6;
const LAYOUT: u8 = 8;
const GROUP_INFO: u8 = 10;
const ATTRIBUTE: u8 = 12;

/// The bytes of a file.
///
/// # Errors
/// If an attribute or a name takes more than [`MAX_ATTRIBUTE_BYTES`].
///
/// # Panics
/// If an array's values do not fill its extents.
pub fn write(root: &Group) -> Result<Vec<u8>, Hdf5Error> {
    let mut bytes = vec![0; SUPERBLOCK_BYTES];
    let texts = write_texts(root, &mut bytes);
    let mut writer = Writer { bytes, texts };
    let root = writer.group(root, "")?;
    let superblock = superblock(root, writer.bytes.len() as u64);
    writer.bytes[..SUPERBLOCK_BYTES].copy_from_slice(&superblock);
    Ok(writer.bytes)
}

fn superblock(root: u64, end: u64) -> Vec<u8> {
    // Version 2, addresses and lengths of 8 bytes, no flags, base address 0, no extension.
    let mut bytes = [b"\x89HDF\r\n\x1a\n".as_slice(), &[2, 8, 8, 0], &[0; 8], &NOWHERE].concat();
    bytes.extend(end.to_le_bytes());
    bytes.extend(root.to_le_bytes());
    bytes.extend(lookup3(&bytes).to_le_bytes());
    bytes
}

struct Writer {
    bytes: Vec<u8>,
    /// To the texts that are still to come.
    texts: VecDeque<Reference>,
}

impl Writer {
    /// Writes a group after all that is in it, and says where it lies.
    fn group(&mut self, group: &Group, path: &str) -> Result<u64, Hdf5Error> {
        let mut messages = Messages::default();
        // No fractal heap and no B-tree: the links are in the header, however many there are.
        messages.push(LINK_INFO, &[[0, 0].as_slice(), &NOWHERE, &NOWHERE].concat())?;
        messages.push(GROUP_INFO, &[0, 0])?;
        for (name, value) in &group.attributes {
            let message = self.attribute(name, value);
            messages.push(ATTRIBUTE, &message).map_err(|error| error.of(|| format!("{path}@{name}")))?;
        }
        for (name, node) in &group.members {
            let own = format!("{path}/{name}");
            let address = match node {
                Node::Group(group) => self.group(group, &own)?,
                Node::Array(array) => self.array(array)?,
            };
            messages.push(LINK, &link(name, address)).map_err(|error| error.of(|| own))?;
        }
        Ok(self.object_header(&messages))
    }

    fn array(&mut self, array: &Array) -> Result<u64, Hdf5Error> {
        let data = self.data(array);
        let address = if data.is_empty() { NOWHERE } else { self.place(&data).to_le_bytes() };
        let mut messages = Messages::default();
        messages.push(DATASPACE, &dataspace(array))?;
        messages.push(DATATYPE, &datatype::message(array))?;
        // Version 3: space is taken late, values are filled only if asked for, with zeros.
        messages.push(FILL_VALUE, &[3, 0x0a])?;
        // Version 3, in one piece.
        let layout = [[3, 1].as_slice(), &address, &(data.len() as u64).to_le_bytes()].concat();
        messages.push(LAYOUT, &layout)?;
        Ok(self.object_header(&messages))
    }

    fn attribute(&mut self, name: &str, value: &Array) -> Vec<u8> {
        let (datatype, dataspace, data) = (datatype::message(value), dataspace(value), self.data(value));
        // Version 3, nothing shared; the name ends with a zero and is UTF-8.
        let mut bytes = vec![3, 0];
        for len in [name.len() + 1, datatype.len(), dataspace.len()] {
            bytes.extend((len as u16).to_le_bytes());
        }
        bytes.push(1);
        bytes.extend(name.as_bytes());
        bytes.push(0);
        [bytes, datatype, dataspace, data].concat()
    }

    /// The elements as they lie in the file; text goes to the heap.
    fn data(&mut self, array: &Array) -> Vec<u8> {
        let extent: usize = array.extents.iter().product();
        let (data, len): (Vec<u8>, usize) = match &array.values {
            Values::F32(values) => (values.iter().flat_map(|v| v.to_le_bytes()).collect(), values.len()),
            Values::F64(values) => (values.iter().flat_map(|v| v.to_le_bytes()).collect(), values.len()),
            Values::I64(values) => (values.iter().flat_map(|v| v.to_le_bytes()).collect(), values.len()),
            Values::Text(texts) => (self.texts.drain(..texts.len()).flatten().collect(), texts.len()),
        };
        assert_eq!(extent, len, "values do not fill an array of {:?}", array.extents);
        data
    }

    /// Appends at a multiple of 8 and says where.
    fn place(&mut self, data: &[u8]) -> u64 {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let address = self.bytes.len() as u64;
        self.bytes.extend(data);
        address
    }

    fn object_header(&mut self, messages: &Messages) -> u64 {
        // Version 2; the length of its only block has 4 bytes, no times, no order of creation.
        let mut bytes = [b"OHDR".as_slice(), &[2, 2], &(messages.0.len() as u32).to_le_bytes()].concat();
        bytes.extend(&messages.0);
        bytes.extend(lookup3(&bytes).to_le_bytes());
        self.place(&bytes)
    }
}

/// The messages of an object header.
#[derive(Default)]
struct Messages(Vec<u8>);

impl Messages {
    fn push(&mut self, kind: u8, body: &[u8]) -> Result<(), Hdf5Error> {
        let len = u16::try_from(body.len()).ok().filter(|len| usize::from(*len) <= MAX_ATTRIBUTE_BYTES);
        let Some(len) = len else {
            let (bytes, max) = (body.len() as u64, MAX_ATTRIBUTE_BYTES as u64);
            return Err(Hdf5Error::DoesNotFit { path: String::new(), bytes, max });
        };
        self.0.push(kind);
        self.0.extend(len.to_le_bytes());
        self.0.push(0);
        self.0.extend(body);
        Ok(())
    }
}

/// A hard link; the name is UTF-8 and its length has 4 bytes.
fn link(name: &str, address: u64) -> Vec<u8> {
    let mut bytes = vec![1, 0x12, 1];
    bytes.extend((name.len() as u32).to_le_bytes());
    bytes.extend(name.as_bytes());
    bytes.extend(address.to_le_bytes());
    bytes
}

/// Version 2, no largest extents: a scalar, or an array of this rank.
fn dataspace(array: &Array) -> Vec<u8> {
    let is_scalar = array.extents.is_empty();
    let mut bytes = vec![2, array.extents.len() as u8, 0, u8::from(!is_scalar)];
    bytes.extend(array.extents.iter().flat_map(|extent| (*extent as u64).to_le_bytes()));
    bytes
}
