//! The global heap, where text of variable length lies, in collections of at most 65,535 texts.
//!
//! An array of text holds references: length, address of the collection, number within it. The collections
//! are written before anything that refers to them, so all texts of a file are gathered first.

use std::collections::VecDeque;

use super::{Array, Group, Node, Values};

/// libhdf5 makes no smaller collection and reads so much at once.
const MIN_BYTES: usize = 4096;
/// A collection that is longer takes no further text.
const FULL_BYTES: usize = 1 << 20;
const MAX_TEXTS: u32 = 65_535;
/// `GCOL`, the version, the length; and before every text: number, count of references, length.
const HEAD_BYTES: usize = 16;

/// A reference to a text, as it lies in an array.
pub(super) type Reference = [u8; 16];

/// Appends the collections to a file and gives the references in the order in which [`super::write()`] comes
/// to the texts: a group's attributes, then its members.
pub(super) fn write_texts(root: &Group, bytes: &mut Vec<u8>) -> VecDeque<Reference> {
    let mut heap = Heap { address: bytes.len(), bytes, num_texts: 0, references: VecDeque::new() };
    heap.group(root);
    heap.close();
    heap.references
}

struct Heap<'a> {
    bytes: &'a mut Vec<u8>,
    /// Where the open collection begins, or the next one if none is open.
    address: usize,
    /// In the open collection.
    num_texts: u32,
    references: VecDeque<Reference>,
}

impl Heap<'_> {
    fn group(&mut self, group: &Group) {
        group.attributes.iter().for_each(|(_, value)| self.array(value));
        for (_, node) in &group.members {
            match node {
                Node::Group(group) => self.group(group),
                Node::Array(array) => self.array(array),
            }
        }
    }

    fn array(&mut self, array: &Array) {
        let Values::Text(texts) = &array.values else { return };
        for text in texts {
            let reference = self.add(text);
            self.references.push_back(reference);
        }
    }

    fn add(&mut self, text: &str) -> Reference {
        let mut reference = [0; 16];
        if text.is_empty() {
            // No address stands for no text.
            return reference;
        }
        if self.num_texts == MAX_TEXTS || self.bytes.len() - self.address > FULL_BYTES {
            self.close();
        }
        if self.num_texts == 0 {
            self.bytes.resize(self.address + HEAD_BYTES, 0);
        }
        self.num_texts += 1;
        let len = text.len() as u64;
        self.bytes.extend((self.num_texts as u16).to_le_bytes());
        self.bytes.extend([1, 0, 0, 0, 0, 0]);
        self.bytes.extend(len.to_le_bytes());
        self.bytes.extend(text.as_bytes());
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        reference[..4].copy_from_slice(&(len as u32).to_le_bytes());
        reference[4..12].copy_from_slice(&(self.address as u64).to_le_bytes());
        reference[12..].copy_from_slice(&self.num_texts.to_le_bytes());
        reference
    }

    /// Writes the head of the open collection, and an object of number 0 if there is space left for one.
    fn close(&mut self) {
        if self.num_texts == 0 {
            return;
        }
        let end = self.bytes.len().max(self.address + MIN_BYTES);
        let free = end - self.bytes.len();
        if free >= HEAD_BYTES {
            self.bytes.extend([0; 8]);
            self.bytes.extend((free as u64).to_le_bytes());
        }
        self.bytes.resize(end, 0);
        let len = (end - self.address) as u64;
        let head = [b"GCOL".as_slice(), &[1, 0, 0, 0], &len.to_le_bytes()].concat();
        self.bytes[self.address..self.address + HEAD_BYTES].copy_from_slice(&head);
        (self.address, self.num_texts) = (end, 0);
    }
}
