//! What is wrong with an HDF5 file, as a sentence in the reader's language. The parts of such a file have the
//! specification's English names in every language.
//!
//! No match here has a wildcard: a new variant does not compile before it has words.

use super::errors::ErrorText;
use super::i18n::t_string;
use crate::formats::Hdf5Error;
use crate::formats::hdf5::{Fault, Feature};

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

/// What was being read comes first, if that is known.
fn within(path: &str, text: String) -> String {
    if path.is_empty() { text } else { format!("{path}: {text}") }
}

impl ErrorText {
    /// What is wrong with an HDF5 file.
    pub fn hdf5(self, error: &Hdf5Error) -> String {
        match error {
            Hdf5Error::NotHdf5 => say!(self, errors.hdf5.not_hdf5),
            Hdf5Error::Cut { expected, got } => {
                say!(self, errors.hdf5.cut, expected = self.long(*expected), got = self.long(*got))
            }
            Hdf5Error::Damaged { path, at, part, fault } => {
                let (part, at, fault) = (part.to_string(), self.long(*at), self.fault(*fault));
                within(path, say!(self, errors.hdf5.damaged, part, at, fault))
            }
            Hdf5Error::Unsupported { path, at, feature } => {
                let (feature, at) = (self.feature(*feature), self.long(*at));
                within(path, say!(self, errors.hdf5.unsupported, feature, at))
            }
            Hdf5Error::Cycle { path } => within(path, say!(self, errors.hdf5.cycle)),
            Hdf5Error::TooDeep { path, max } => within(path, say!(self, errors.hdf5.too_deep, max = *max)),
            Hdf5Error::TooLarge { path, max } => {
                within(path, say!(self, errors.hdf5.too_large, max = self.long(*max)))
            }
            Hdf5Error::TooOften { path } => within(path, say!(self, errors.hdf5.too_often)),
            Hdf5Error::DoesNotFit { path, bytes, max } => {
                let (bytes, max) = (self.long(*bytes), self.long(*max));
                within(path, say!(self, errors.hdf5.does_not_fit, bytes, max))
            }
        }
    }

    fn fault(self, fault: Fault) -> String {
        match fault {
            Fault::Cut => say!(self, errors.hdf5.fault.cut),
            Fault::Signature => say!(self, errors.hdf5.fault.signature),
            Fault::Checksum => say!(self, errors.hdf5.fault.checksum),
            Fault::Value => say!(self, errors.hdf5.fault.value),
        }
    }

    fn feature(self, feature: Feature) -> String {
        match feature {
            Feature::SoftLink => say!(self, errors.hdf5.feature.soft_link),
            Feature::ExternalLink => say!(self, errors.hdf5.feature.external_link),
            Feature::Link(kind) => say!(self, errors.hdf5.feature.link, kind),
            Feature::ExternalData => say!(self, errors.hdf5.feature.external_data),
            Feature::VirtualData => say!(self, errors.hdf5.feature.virtual_data),
            Feature::Version { part, version } => {
                say!(self, errors.hdf5.feature.version, part = part.to_string(), version)
            }
            Feature::Width(bytes) => say!(self, errors.hdf5.feature.width, bytes),
            Feature::Datatype(class) => say!(self, errors.hdf5.feature.datatype, class),
            Feature::NumberFormat => say!(self, errors.hdf5.feature.number_format),
            Feature::CommittedDatatype => say!(self, errors.hdf5.feature.committed_datatype),
            Feature::SharedMessage => say!(self, errors.hdf5.feature.shared_message),
            Feature::Filter(filter) => say!(self, errors.hdf5.feature.filter, filter),
            Feature::ChunkIndex(kind) => say!(self, errors.hdf5.feature.chunk_index, kind),
            Feature::FilteredHeap => say!(self, errors.hdf5.feature.filtered_heap),
        }
    }
}
