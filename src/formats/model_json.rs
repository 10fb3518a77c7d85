//! `model.json`: what a model is and how it was trained.

use serde::{Deserialize, Serialize};

use super::json_tree::{fair_memory, spec_bytes};
use super::{FormatError, MAX_JSON};
use crate::engine::spec::{ModelSpec, RunSpec};

/// What the file says it is.
const FORMAT: &str = "svertka-model";
/// Of the file's layout.
const VERSION: u32 = 1;

/// The file's contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    format: String,
    version: u32,
    /// The network.
    pub model: ModelSpec,
    /// The run that made its weights, if one is known.
    pub job: Option<RunSpec>,
    /// Epochs that this run had completed, if that is known: it may have been stopped early.
    #[serde(default)]
    pub epochs: Option<usize>,
}

/// Read first, so that another or a newer file is named as such and not as a missing field.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl ModelFile {
    /// The contents for a model.
    pub fn new(model: ModelSpec, job: Option<RunSpec>) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, model, job, epochs: None }
    }

    /// The same, with the number of completed epochs.
    #[must_use]
    pub fn with_epochs(self, epochs: Option<usize>) -> Self {
        Self { epochs, ..self }
    }

    /// The file's text.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("specs hold nothing that JSON cannot say")
    }

    /// Reads and checks the file's text.
    ///
    /// # Errors
    /// If it is another kind of file, a newer one, damaged, or holds a model that cannot be built.
    pub fn from_json(text: &str) -> Result<Self, FormatError> {
        if text.len() > MAX_JSON {
            return Err(FormatError::TooLong { max: MAX_JSON, got: text.len() });
        }
        // Nothing is kept of it but the specs.
        let (max, got) = (fair_memory(text.len()), spec_bytes(text.as_bytes()));
        if got > max {
            return Err(FormatError::TooLong { max, got });
        }
        let head: Head = serde_json::from_str(text).map_err(|error| json_error(&error))?;
        if head.format != FORMAT {
            return Err(FormatError::OtherFormat { expected: FORMAT.to_owned(), got: head.format });
        }
        if head.version > VERSION {
            return Err(FormatError::NewerVersion { expected: VERSION, got: head.version });
        }
        let file: Self = serde_json::from_str(text).map_err(|error| json_error(&error))?;
        file.model.validate()?;
        Ok(file)
    }
}

fn json_error(error: &serde_json::Error) -> FormatError {
    FormatError::Json { line: error.line(), column: error.column(), detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;

    #[test]
    fn every_preset_comes_back() {
        for preset in Preset::ALL {
            let model = preset.spec();
            let job = RunSpec::new(model.clone());
            let file = ModelFile::new(model, Some(job)).with_epochs(Some(3));
            assert_eq!(ModelFile::from_json(&file.to_json()), Ok(file));
        }
    }

    #[test]
    fn a_file_need_not_know_its_epochs() {
        let text = ModelFile::new(Preset::Mlp.spec(), None).to_json();
        let without = text.replace(",\n  \"epochs\": null", "");
        assert_ne!(without, text);
        assert_eq!(ModelFile::from_json(&without).unwrap().epochs, None);
    }

    #[test]
    fn other_newer_damaged_and_impossible_files_are_told_apart() {
        let text = ModelFile::new(Preset::Lenet5.spec(), None).to_json();
        let read = |from: &str, to: &str| ModelFile::from_json(&text.replacen(from, to, 1)).unwrap_err();
        assert!(matches!(read("svertka-model", "layers-model"), FormatError::OtherFormat { .. }));
        assert!(matches!(read("\"version\": 1", "\"version\": 2"), FormatError::NewerVersion { got: 2, .. }));
        assert!(matches!(read("\"filters\": 6", "\"filters\": 0"), FormatError::Spec(_)));
        assert!(matches!(read("\"filters\": 6", "\"filters\": -6"), FormatError::Json { .. }));
        assert!(matches!(ModelFile::from_json(&text[..text.len() / 2]), Err(FormatError::Json { .. })));
    }
}
