//! HDF5, as far as Keras's files need it: groups, attributes, and arrays.
//!
//! Written is one plain form, which every HDF5 library since 1.8 reads. Read is that, and what h5py, h5repack
//! and old libraries make of such files: symbol tables, dense groups, chunks with gzip, every width of
//! numbers. What is not read is refused by name. Source: the HDF5 File Format Specification, version 3.0.
//!
//! A reader believes no size, address or count before it has found that the file can hold it. Everything that
//! it hands out is counted: at most four times the file's length and a megabyte.

mod checksum;
mod datatype;
mod error;
mod read;
mod text_heap;
mod write;

pub use error::{Fault, Feature, Hdf5Error, Part};
pub use read::{fair_memory, memory_of, read, read_within};
pub use write::{MAX_ATTRIBUTE_BYTES, write};

/// A group: attributes, and members by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// By name, in the order in which they are written.
    pub attributes: Vec<(String, Array)>,
    /// By name, in the order in which they are written.
    pub members: Vec<(String, Node)>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Another group.
    Group(Group),
    /// An array. Attributes of arrays are not kept: Keras has none.
    Array(Array),
}

/// An array of any rank; a scalar has no extents.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// The extent of every axis. HDF5's null dataspace, `h5py.Empty`, is read as one axis of extent 0.
    pub extents: Vec<usize>,
    /// In C order.
    pub values: Values,
}

/// What an array holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// 32-bit floats; 16-bit floats are read as such, too.
    F32(Vec<f32>),
    /// 64-bit floats.
    F64(Vec<f64>),
    /// Integers of any width and sign, as far as 64 bits hold them, and booleans.
    I64(Vec<i64>),
    /// Text; written with variable length as UTF-8, read with any length.
    Text(Vec<String>),
}

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod h5py_tests;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod oracle_tests;
#[cfg(test)]
mod round_trip_tests;
