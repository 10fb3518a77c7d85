//! ZIP archives, read within bounds and written with the same bytes each time.
//!
//! The reader is our own, since others take memory by the number of files that an archive claims to have, keep
//! one of two files of the same name in silence, and look for a directory again and again. It reads what
//! Keras, NumPy and usual tools write: stored and deflated files, with or without ZIP64. Source: PKWARE's
//! APPNOTE 6.3.10.

mod read;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod write;

pub(in crate::formats) use read::read_files;
pub use read::{MAX_FILES, read_zip};
pub use write::write_zip;

use serde::{Deserialize, Serialize};

/// Why an archive cannot be read. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ArchiveError {
    /// There is no directory of files at the end.
    #[error("this is no ZIP archive, or its end is missing")]
    NotZip,
    /// The directory, or what belongs to a file, is damaged.
    #[error("the ZIP archive is damaged at byte {at}{}", of(.name))]
    Damaged {
        /// Where.
        at: u64,
        /// Of which file; empty if it is not known yet.
        name: String,
    },
    /// The contents of a file are not what they were.
    #[error("{name} in the ZIP archive is damaged")]
    WrongContents {
        /// The file.
        name: String,
    },
    /// The files would not fit into memory.
    #[error("the files in the ZIP archive take more than {max} bytes")]
    TooLarge {
        /// That may be read.
        max: u64,
    },
    /// More files than anybody needs.
    #[error("the ZIP archive holds {got} files, more than {max}")]
    TooMany {
        /// That may be in it.
        max: u64,
        /// By its directory.
        got: u64,
    },
    /// Two files have the same name.
    #[error("the ZIP archive holds two files {name}")]
    Duplicate {
        /// The files'.
        name: String,
    },
    /// A file needs a password.
    #[error("{name} in the ZIP archive is encrypted")]
    Encrypted {
        /// The file.
        name: String,
    },
    /// A file is compressed by other means than deflate.
    #[error("{name} in the ZIP archive is compressed by method {method}, which is not read here")]
    Method {
        /// The file.
        name: String,
        /// The number that ZIP has for it.
        method: u16,
    },
    /// A name that is no UTF-8, or leads out of the folder to which the archive is unpacked.
    #[error("the ZIP archive holds a file with the name {name:?}, which is not allowed")]
    BadName {
        /// As far as it can be read.
        name: String,
    },
    /// The archive consists of several files.
    #[error("the ZIP archive is spread over several files")]
    Spread,
}

fn of(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(", in {name}") }
}
