//! [`Hdf5Error`]: why an HDF5 file cannot be read, and where in it; or why it cannot be written.

use serde::{Deserialize, Serialize};

/// Why an HDF5 file cannot be read or written. Carries values, so that it can be said in any language.
///
/// `path` is the group or array that was being read, `/layers/conv2d/vars/0`, or an attribute of it,
/// `/model_weights@layer_names`; it is empty if none was reached. `at` is the byte in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Hdf5Error {
    /// The first bytes are others.
    #[error("this is no HDF5 file")]
    NotHdf5,
    /// The file ends early.
    #[error("the HDF5 file is cut: it should have {expected} bytes and has {got}")]
    Cut {
        /// By its own words.
        expected: u64,
        /// In the file.
        got: u64,
    },
    /// A part is not as it must be.
    #[error("{}the {part} at byte {at} {fault}", within(.path))]
    Damaged {
        /// See above.
        path: String,
        /// See above.
        at: u64,
        /// What is damaged.
        part: Part,
        /// How.
        fault: Fault,
    },
    /// A part that HDF5 knows and this reader does not.
    #[error("{}{feature} (byte {at}) cannot be read here", within(.path))]
    Unsupported {
        /// See above.
        path: String,
        /// See above.
        at: u64,
        /// Which.
        feature: Feature,
    },
    /// A group within itself.
    #[error("{}the group holds itself", within(.path))]
    Cycle {
        /// See above.
        path: String,
    },
    /// Groups within groups within groups.
    #[error("{}groups lie deeper than {max}", within(.path))]
    TooDeep {
        /// See above.
        path: String,
        /// That may lie within each other.
        max: usize,
    },
    /// What the file describes would take much more memory than the file itself.
    #[error("{}the file's contents take more than {max} bytes", within(.path))]
    TooLarge {
        /// See above.
        path: String,
        /// That may be taken.
        max: u64,
    },
    /// The same parts are named again and again, so that reading would not end in reasonable time.
    #[error("{}the file names its parts too often", within(.path))]
    TooOften {
        /// See above.
        path: String,
    },
    /// An attribute or a name that is to be written is longer than an object header can say.
    #[error("{}{bytes} bytes are to be written where HDF5 holds {max}", within(.path))]
    DoesNotFit {
        /// See above.
        path: String,
        /// That it takes.
        bytes: u64,
        /// That it may take.
        max: u64,
    },
}

fn within(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

impl Hdf5Error {
    /// The same with a path, if it had none yet.
    pub(super) fn of(mut self, name: impl FnOnce() -> String) -> Self {
        match &mut self {
            Self::NotHdf5 | Self::Cut { .. } => {}
            Self::Damaged { path, .. }
            | Self::Unsupported { path, .. }
            | Self::Cycle { path }
            | Self::TooDeep { path, .. }
            | Self::TooLarge { path, .. }
            | Self::TooOften { path }
            | Self::DoesNotFit { path, .. } => {
                if path.is_empty() {
                    *path = name();
                }
            }
        }
        self
    }
}

/// A part of an HDF5 file; the names are those of the format's specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum Part {
    #[error("superblock")]
    Superblock,
    #[error("object header")]
    ObjectHeader,
    #[error("link")]
    Link,
    #[error("symbol table")]
    SymbolTable,
    #[error("local heap")]
    LocalHeap,
    #[error("global heap")]
    GlobalHeap,
    #[error("fractal heap")]
    FractalHeap,
    #[error("B-tree")]
    BTree,
    #[error("attribute")]
    Attribute,
    #[error("dataspace")]
    Dataspace,
    #[error("datatype")]
    Datatype,
    #[error("data layout")]
    Layout,
    #[error("fill value")]
    FillValue,
    #[error("filter pipeline")]
    Filters,
    #[error("chunk index")]
    ChunkIndex,
    #[error("chunk")]
    Chunk,
    #[error("data")]
    Data,
    #[error("text")]
    Text,
}

/// How a part is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Fault {
    /// It would reach past the end of the file, or of what holds it.
    #[error("is cut")]
    Cut,
    /// It does not begin as it must.
    #[error("does not begin as one")]
    Signature,
    /// Its checksum is another.
    #[error("has a wrong checksum")]
    Checksum,
    /// It says something impossible.
    #[error("holds an impossible value")]
    Value,
}

/// What HDF5 has and is not read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Feature {
    /// Keras refuses them, too.
    #[error("a soft link")]
    SoftLink,
    /// Keras refuses them, too.
    #[error("a link to another file")]
    ExternalLink,
    /// Any other link.
    #[error("a link of kind {0}")]
    Link(u8),
    /// Keras refuses it, too.
    #[error("data in another file")]
    ExternalData,
    /// Keras refuses it, too.
    #[error("a virtual dataset")]
    VirtualData,
    /// A later version of a part.
    #[error("version {version} of a {part}")]
    Version {
        /// Of what.
        part: Part,
        /// Which.
        version: u8,
    },
    /// Addresses or lengths of unusual width.
    #[error("numbers of {0} bytes")]
    Width(u8),
    /// Compound, opaque, references and the like, by the specification's number.
    #[error("a datatype of class {0}")]
    Datatype(u8),
    /// Floats and integers that are not those of usual computers.
    #[error("an unusual format of numbers")]
    NumberFormat,
    /// A datatype with a name of its own.
    #[error("a committed datatype")]
    CommittedDatatype,
    /// A part that lies elsewhere, since several objects share it.
    #[error("a shared message")]
    SharedMessage,
    /// The numbers are HDF5's registered ones: 32000 is LZF, 4 is szip.
    #[error("filter {0}")]
    Filter(u16),
    /// Resizable arrays in the newest form: 4 is an extensible array, 5 a B-tree of version 2.
    #[error("a chunk index of kind {0}")]
    ChunkIndex(u8),
    /// A heap that is compressed itself.
    #[error("a filtered fractal heap")]
    FilteredHeap,
}
