//! The second model of a comparison: where it comes from, and how it is read from files.

use std::path::Path;

use super::evaluated::Second;
use crate::data::DatasetId;
use crate::engine::spec::ModelSpec;
use crate::formats::{FormatError, ModelFile, read_weights};
use crate::protocol::OtherModel;
use crate::ui::pages::files::Picked;

/// Where the second model comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The best epoch of a kept run, by its id.
    Best(String),
    /// The last epoch of a kept run.
    Last(String),
    /// A file of `ModelCheckpoint` in a kept run, by id and name.
    File(String, String),
    /// Files on the reader's disk.
    Disk,
}

impl Source {
    /// The value of its choice in a list.
    pub fn value(&self) -> String {
        match self {
            Source::Best(id) => format!("best/{id}"),
            Source::Last(id) => format!("last/{id}"),
            Source::File(id, path) => format!("file/{id}/{path}"),
            Source::Disk => "disk".to_owned(),
        }
    }

    /// The source of a choice; ids of runs hold no slash, names of files may.
    pub fn from_value(value: &str) -> Option<Source> {
        let (kind, rest) = value.split_once('/').unwrap_or((value, ""));
        Some(match kind {
            "best" => Source::Best(rest.to_owned()),
            "last" => Source::Last(rest.to_owned()),
            "file" => {
                let (id, path) = rest.split_once('/')?;
                Source::File(id.to_owned(), path.to_owned())
            }
            "disk" => Source::Disk,
            _ => return None,
        })
    }
}

/// A model from the reader's files. Weights alone are taken for those of `own`, the current model, which
/// was trained on `dataset` as far as is known.
///
/// # Errors
/// If the files cannot be read, or the weights are of another model.
pub fn from_files(
    description: Option<&Picked>,
    weights: &Picked,
    own: &ModelSpec,
    dataset: Option<DatasetId>,
) -> Result<(OtherModel, Second), FormatError> {
    let (model, dataset, epochs) = match description {
        Some(file) => {
            // What is not UTF-8 is no JSON either; the parser says where.
            let file = ModelFile::from_json(&String::from_utf8_lossy(&file.bytes))?;
            (file.model, file.job.map(|job| job.data.dataset), file.epochs)
        }
        None => (own.clone(), dataset, None),
    };
    let params = read_weights(&model, &weights.bytes)?;
    let stem = Path::new(&weights.name).file_stem().unwrap_or_default();
    let name = stem.to_string_lossy().into_owned();
    Ok((OtherModel { name: name.clone(), model, params, dataset }, Second { name, epochs }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Sequential;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;
    use crate::formats::write_weights;

    #[test]
    fn every_source_is_found_by_its_value() {
        let id = || "18f-0a".to_owned();
        let sources = [
            Source::Best(id()),
            Source::Last(id()),
            Source::File(id(), "runs/03-0.12.keras".to_owned()),
            Source::Disk,
        ];
        for source in sources {
            assert_eq!(Source::from_value(&source.value()), Some(source));
        }
        assert_eq!(Source::from_value("other/1"), None);
    }

    fn picked(preset: Preset) -> (Picked, Vec<f32>) {
        let spec = preset.spec();
        let params = Sequential::new(&spec, 7).unwrap().params().to_vec();
        let bytes = write_weights(&spec, &params).unwrap();
        (Picked { name: "monday.safetensors".into(), bytes }, params)
    }

    #[test]
    fn weights_alone_are_of_the_current_model() {
        let (weights, params) = picked(Preset::Mlp);
        let own = Preset::Mlp.spec();
        let (other, second) = from_files(None, &weights, &own, Some(DatasetId::Mnist)).unwrap();
        assert_eq!((&other.model, other.params, other.dataset), (&own, params, Some(DatasetId::Mnist)));
        assert_eq!((second.name.as_str(), second.epochs), ("monday", None));
        assert!(from_files(None, &weights, &Preset::Lenet5.spec(), None).is_err());
    }

    #[test]
    fn a_description_says_what_the_weights_are_of() {
        let (weights, _) = picked(Preset::Lenet5);
        let mut job = RunSpec::new(Preset::Lenet5.spec());
        job.data.dataset = DatasetId::FashionMnist;
        let json = ModelFile::new(job.model.clone(), Some(job)).with_epochs(Some(4)).to_json();
        let description = Picked { name: "model.json".into(), bytes: json.into_bytes() };
        let (other, second) = from_files(Some(&description), &weights, &Preset::Mlp.spec(), None).unwrap();
        assert_eq!((other.model, other.dataset), (Preset::Lenet5.spec(), Some(DatasetId::FashionMnist)));
        assert_eq!(second.epochs, Some(4));
    }
}
