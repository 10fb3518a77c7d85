//! Samples of what can be wrong with a file, as its readers say it.

use svertka::formats::hdf5::{Fault, Feature, Part};
use svertka::formats::keras_file::ChainProblem;
use svertka::formats::run_json::RunJsonError;
use svertka::formats::{ArchiveError, Hdf5Error, KerasFileError};

use crate::assert_holds_every_variant;

fn text(text: &str) -> String {
    text.to_owned()
}

/// One of every kind.
pub fn hdf5_errors() -> Vec<Hdf5Error> {
    let path = || text("/layers/conv2d/vars/0");
    let mut samples = vec![
        Hdf5Error::NotHdf5,
        Hdf5Error::Cut { expected: u64::MAX, got: 1 },
        Hdf5Error::Cycle { path: path() },
        Hdf5Error::TooDeep { path: path(), max: 32 },
        Hdf5Error::TooLarge { path: path(), max: u64::MAX },
        Hdf5Error::TooOften { path: path() },
        Hdf5Error::DoesNotFit { path: path(), bytes: 70_000, max: 65_000 },
    ];
    let faults = [Fault::Cut, Fault::Signature, Fault::Checksum, Fault::Value];
    assert_holds_every_variant!(faults, Fault { Cut, Signature, Checksum, Value });
    let damaged = |fault| Hdf5Error::Damaged { path: path(), at: 512, part: Part::BTree, fault };
    samples.extend(faults.map(damaged));
    let features = [
        Feature::SoftLink,
        Feature::ExternalLink,
        Feature::Link(64),
        Feature::ExternalData,
        Feature::VirtualData,
        Feature::Version { part: Part::Layout, version: 5 },
        Feature::Width(3),
        Feature::Datatype(6),
        Feature::NumberFormat,
        Feature::CommittedDatatype,
        Feature::SharedMessage,
        Feature::Filter(32_000),
        Feature::ChunkIndex(4),
        Feature::FilteredHeap,
    ];
    assert_holds_every_variant!(
        features,
        Feature {
            SoftLink,
            ExternalLink,
            Link,
            ExternalData,
            VirtualData,
            Version,
            Width,
            Datatype,
            NumberFormat,
            CommittedDatatype,
            SharedMessage,
            Filter,
            ChunkIndex,
            FilteredHeap,
        }
    );
    samples.extend(features.map(|feature| Hdf5Error::Unsupported { path: path(), at: 8, feature }));
    assert_holds_every_variant!(
        samples,
        Hdf5Error { NotHdf5, Cut, Damaged, Unsupported, Cycle, TooDeep, TooLarge, TooOften, DoesNotFit }
    );
    samples
}

/// One of every kind.
pub fn archive_errors() -> Vec<ArchiveError> {
    let name = || text("config.json");
    let samples = vec![
        ArchiveError::NotZip,
        ArchiveError::Damaged { at: u64::MAX, name: name() },
        ArchiveError::WrongContents { name: name() },
        ArchiveError::TooLarge { max: 1 },
        ArchiveError::TooMany { max: 1, got: 2 },
        ArchiveError::Duplicate { name: name() },
        ArchiveError::Encrypted { name: name() },
        ArchiveError::Method { name: name(), method: 14 },
        ArchiveError::BadName { name: text("../x") },
        ArchiveError::Spread,
    ];
    assert_holds_every_variant!(
        samples,
        ArchiveError {
            NotZip,
            Damaged,
            WrongContents,
            TooLarge,
            TooMany,
            Duplicate,
            Encrypted,
            Method,
            BadName,
            Spread,
        }
    );
    samples
}

/// One of every kind.
pub fn keras_file_errors() -> Vec<KerasFileError> {
    let layer = || text("conv2d_1");
    let mut samples = vec![
        KerasFileError::NoFile { name: text("config.json") },
        KerasFileError::NoPart { name: text("layers") },
        KerasFileError::Json { name: text("config.json"), line: 1, column: 2, detail: text("EOF") },
        KerasFileError::Config(RunJsonError::Missing { path: text("model"), key: text("layers") }),
        KerasFileError::OtherModel { class_name: text("MyModel") },
        KerasFileError::NoInputShape,
        KerasFileError::OpenInputShape { got: text("[None, None, 3]") },
        KerasFileError::OtherNumbers { layer: layer(), got: text("mixed_float16") },
        KerasFileError::OtherInKeras2 { layer: layer(), argument: text("activation"), value: text("x") },
        KerasFileError::NotBuilt { layer: layer(), argument: text("renorm") },
        KerasFileError::LayerCount { expected: 3, got: 2 },
    ];
    let problems = [
        ChainProblem::Inputs { got: 2 },
        ChainProblem::Uses { got: 2 },
        ChainProblem::Outputs { got: 2 },
        ChainProblem::AlwaysTraining,
        ChainProblem::AlwaysInference,
        ChainProblem::Unknown,
    ];
    assert_holds_every_variant!(
        problems,
        ChainProblem { Inputs, Uses, Outputs, AlwaysTraining, AlwaysInference, Unknown }
    );
    samples.extend(problems.map(|problem| KerasFileError::NotAChain { layer: layer(), problem }));
    assert_holds_every_variant!(
        samples,
        KerasFileError {
            NoFile,
            NoPart,
            Json,
            Config,
            OtherModel,
            NotAChain,
            NoInputShape,
            OpenInputShape,
            OtherNumbers,
            OtherInKeras2,
            NotBuilt,
            LayerCount,
        }
    );
    samples
}
