//! What is done with a file, without a browser.

use crate::engine::spec::RunSpec;
use crate::formats::{
    self, FormatError, ModelFile, ModelFormat, NamedFile, OpenedModel, SavedModel, Wrapping, archive,
};
use crate::protocol::Reading;

/// Bytes in a ZIP of a model's files, at most.
const MOST_BYTES: usize = 1 << 30;

/// Why a file cannot be read.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub error: FormatError,
    /// The positions of those [`Reading::others`] that could take its weights.
    pub fits: Vec<usize>,
}

/// Reads a file.
///
/// # Errors
/// If it cannot be read.
pub fn read(reading: Reading) -> Result<OpenedModel, Box<Refusal>> {
    let Reading { file, description, known, others } = reading;
    let alone = |error| Box::new(Refusal { error, fits: Vec::new() });
    let (file, description) = unpacked(file, description).map_err(alone)?;
    if let Some(text) = description {
        return described(&file, &text).map_err(alone);
    }
    formats::read(&file.name, &file.bytes, known.as_ref()).map_err(|error| {
        let fits = formats::fitting(&file.name, &file.bytes, &others);
        Box::new(Refusal { error, fits })
    })
}

/// Weights of the model in a `model.json`.
fn described(file: &NamedFile, text: &str) -> Result<OpenedModel, FormatError> {
    let ModelFile { model, job, epochs, .. } = ModelFile::from_json(text)?;
    let known = job.clone().unwrap_or_else(|| RunSpec::new(model));
    let mut opened = formats::read(&file.name, &file.bytes, Some(&known))?;
    opened.saved.job = job;
    opened.saved.epochs = epochs.or(opened.saved.epochs);
    Ok(opened)
}

/// The model's two files in a ZIP, as they are saved here; any other file as it is.
fn unpacked(
    file: NamedFile,
    description: Option<String>,
) -> Result<(NamedFile, Option<String>), FormatError> {
    if description.is_some() || !has_ending(&file.name, ".zip") {
        return Ok((file, description));
    }
    let mut entries = archive::read_zip(&file.bytes, MOST_BYTES)?;
    let position = |ending: &str| entries.iter().position(|entry| has_ending(&entry.name, ending));
    let (weights, json) = (position(".safetensors"), position(".json"));
    // A file of Keras is a ZIP as well, and has its own JSON.
    let Some(weights) = weights else { return Ok((file, None)) };
    // What is not UTF-8 is no JSON either; the parser says where.
    let description = json.map(|json| String::from_utf8_lossy(&entries[json].bytes).into_owned());
    Ok((entries.swap_remove(weights), description))
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ending)
}

/// Writes a model; several files become one ZIP.
///
/// # Errors
/// If the format cannot hold the model.
pub fn write(format: ModelFormat, saved: &SavedModel, wrapping: &Wrapping) -> Result<NamedFile, FormatError> {
    let mut files = formats::write(format, saved, wrapping)?;
    if files.len() == 1 {
        return Ok(files.remove(0));
    }
    let name = format!("{}.{}.zip", wrapping.stem, format.id());
    Ok(NamedFile { name, bytes: archive::write_zip(&files) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Sequential;
    use crate::engine::presets::Preset;
    use crate::formats::Language;

    fn saved(preset: Preset) -> SavedModel {
        let model = preset.spec();
        let params = Sequential::new(&model, 5).unwrap().params().to_vec();
        let job = Some(RunSpec::new(model.clone()));
        SavedModel { model, params, job, epochs: Some(3), optimizer: None }
    }

    fn wrapping() -> Wrapping {
        let (stem, date) = ("net".to_owned(), "2026-11-29@13:05:00".to_owned());
        Wrapping { stem, date, language: Language::English }
    }

    fn reading(file: NamedFile) -> Reading {
        Reading { file, description: None, known: None, others: Vec::new() }
    }

    #[test]
    fn every_format_that_is_read_comes_back() {
        for format in ModelFormat::ALL.into_iter().filter(|format| format.is_read()) {
            let saved = saved(Preset::Mlp);
            let file = write(format, &saved, &wrapping()).unwrap();
            let reading = Reading { known: saved.job.clone(), ..reading(file) };
            let opened = read(reading).unwrap_or_else(|refusal| panic!("{format:?}: {}", refusal.error));
            assert_eq!(opened.saved.params, saved.params, "{format:?}");
            assert_eq!(opened.saved.model.layers, saved.model.layers, "{format:?}");
        }
    }

    #[test]
    fn weights_that_fit_another_model_say_which() {
        let saved = saved(Preset::Mlp);
        let file = write(ModelFormat::Npz, &saved, &wrapping()).unwrap();
        let known = Some(RunSpec::new(Preset::Lenet5.spec()));
        let others = vec![Preset::Lenet5.spec(), Preset::Mlp.spec()];
        let refusal = read(Reading { known, others, ..reading(file) }).unwrap_err();
        assert_eq!(refusal.fits, [1]);
    }

    #[test]
    fn a_description_says_what_weights_are_of() {
        let saved = saved(Preset::Mlp);
        let bytes = formats::write_weights(&saved.model, &saved.params).unwrap();
        let file = NamedFile { name: "a.safetensors".to_owned(), bytes };
        let text = ModelFile::new(saved.model.clone(), saved.job.clone()).with_epochs(Some(3)).to_json();
        let known = Some(RunSpec::new(Preset::Lenet5.spec()));
        let opened = read(Reading { description: Some(text), known, ..reading(file) }).unwrap();
        assert_eq!((&opened.saved.params, opened.saved.epochs), (&saved.params, Some(3)));
        assert_eq!(opened.saved.job, saved.job);
    }

    #[test]
    fn several_files_are_one_zip() {
        let file = write(ModelFormat::Safetensors, &saved(Preset::Mlp), &wrapping()).unwrap();
        assert_eq!(file.name, "net.safetensors.zip");
        assert!(file.bytes.starts_with(b"PK"));
    }
}
