//! The second model of a comparison: where it comes from, and what it is called.

use super::evaluated::Second;
use crate::formats::SavedModel;
use crate::protocol::OtherModel;

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

/// A model from the reader's disk. What files of other programs were trained on is not known.
pub fn of_file(file_name: &str, saved: SavedModel) -> (OtherModel, Second) {
    let SavedModel { model, params, job, epochs, .. } = saved;
    let name = stem(file_name).to_owned();
    let dataset = job.filter(|_| epochs.is_some()).map(|job| job.data.dataset);
    (OtherModel { name: name.clone(), model, params, dataset }, Second { name, epochs })
}

/// A file's name without its ending, of which `.weights.h5` has two parts.
fn stem(file_name: &str) -> &str {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    stem.strip_suffix(".weights").unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DatasetId;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;

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

    #[test]
    fn a_model_from_a_file_is_called_as_the_file_is() {
        let mut job = RunSpec::new(Preset::Lenet5.spec());
        job.data.dataset = DatasetId::FashionMnist;
        let (model, params) = (job.model.clone(), vec![0.5]);
        let saved = SavedModel { model, params, job: Some(job), epochs: Some(4), optimizer: None };
        let (other, second) = of_file("monday.weights.h5", saved.clone());
        assert_eq!((other.model, other.dataset), (Preset::Lenet5.spec(), Some(DatasetId::FashionMnist)));
        assert_eq!((second.name.as_str(), second.epochs), ("monday", Some(4)));
        let (other, _) = of_file("monday.keras", SavedModel { epochs: None, ..saved });
        assert_eq!((other.name.as_str(), other.dataset), ("monday", None), "Keras does not say");
    }
}
