//! [`Refusal`]: why a file could not be read or written.

use crate::formats::FormatError;
use crate::protocol::WorkerError;

/// Why a file could not be read or written.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The file, or its format, does not allow it.
    Format(FormatError),
    /// The training worker did not take or give the model.
    Worker(WorkerError),
    /// The program that reads and writes files could not be loaded.
    Absent,
    /// It met a bug or ran out of memory.
    Died,
    /// It took too long and was ended.
    Slow,
}
