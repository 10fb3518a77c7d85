//! Trained models in files of every kind: what a path stands for, what is read from it, and what is written.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::clock;
use super::error::CliError;
use super::files::{preset_parser, read_model, read_run_file};
use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::{self, FormatError, Language, ModelFormat, OpenedModel, SavedModel, Wrapping};

/// The layers of a file that does not say them.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub struct LayersArgs {
    /// Its layers, where the file does not say them: those of a ready network
    #[arg(long, value_parser = preset_parser())]
    pub preset: Option<Preset>,
    /// Its layers, where the file does not say them: those of another file, .json, .keras or .h5. Otherwise
    /// they are those of the .json file beside it
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Its layers and how it is compiled, from a run.json
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
}

impl LayersArgs {
    /// The run that they describe, if there is one among them.
    ///
    /// # Errors
    /// If its file cannot be read.
    fn run(&self) -> Result<Option<RunSpec>, CliError> {
        Ok(match (&self.run, &self.model, self.preset) {
            (Some(path), ..) => Some(read_run_file(path)?.run),
            (None, Some(path), _) => Some(run_of(&describe(path)?)),
            (None, None, Some(preset)) => {
                Some(preset.own_run().unwrap_or_else(|| RunSpec::new(preset.spec())))
            }
            (None, None, None) => None,
        })
    }

    /// A trained model from a file of any kind that is read, into these layers where it has none.
    ///
    /// # Errors
    /// If it cannot be read, or does not belong to these layers.
    pub fn open(&self, path: &Path) -> Result<OpenedModel, CliError> {
        open(path, self.run()?)
    }
}

/// As [`LayersArgs::open`], for a run that is `named` already.
///
/// # Errors
/// If it cannot be read, or does not belong to that run's model.
pub fn open(path: &Path, named: Option<RunSpec>) -> Result<OpenedModel, CliError> {
    let bytes = fs::read(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    let name = file_name(path);
    let (format, stem) = kind(&name);
    if !format.is_read() {
        return Err(CliError::NotRead { path: path.to_owned(), format });
    }
    let read = |known: Option<&RunSpec>| formats::read(&name, &bytes, known);
    let mut epochs = None;
    let mut named = named;
    let mut opened = read(named.as_ref());
    if matches!(opened, Err(FormatError::NeedsModel { .. })) {
        (named, epochs) = beside(path, stem, format)?;
        opened = read(named.as_ref());
    }
    let opened = opened.map_err(|error| of_path(path, error))?;
    let mut saved = opened.saved;
    if let Some(run) = named {
        same_params(&run.model, &saved.model).map_err(|error| of_path(path, error))?;
        saved.model = run.model.clone();
        saved.job = Some(run);
    }
    saved.epochs = saved.epochs.or(epochs);
    Ok(OpenedModel { saved, notes: opened.notes })
}

/// A model without its weights, from a file that says its layers.
///
/// # Errors
/// If it cannot be read.
pub fn describe(path: &Path) -> Result<SavedModel, CliError> {
    if matches!(kind(&file_name(path)).0, ModelFormat::Keras | ModelFormat::KerasH5) {
        return Ok(open(path, None)?.saved);
    }
    let file = read_model(path)?;
    Ok(SavedModel {
        model: file.model,
        params: Vec::new(),
        job: file.job,
        epochs: file.epochs,
        optimizer: None,
    })
}

/// How a model was made: its run where that is known, or one with default arguments.
pub fn run_of(saved: &SavedModel) -> RunSpec {
    let run = saved.job.clone().unwrap_or_else(|| RunSpec::new(saved.model.clone()));
    RunSpec { model: saved.model.clone(), ..run }
}

/// What the `.json` file beside a file without layers says.
fn beside(
    path: &Path,
    stem: &str,
    format: ModelFormat,
) -> Result<(Option<RunSpec>, Option<usize>), CliError> {
    let description = path.with_file_name(format!("{stem}.json"));
    let file = match read_model(&description) {
        Err(CliError::File { error, .. })
            if error.kind() == io::ErrorKind::NotFound && format != ModelFormat::Safetensors =>
        {
            return Err(CliError::LayersNeeded { path: path.to_owned(), beside: description });
        }
        file => file?,
    };
    let run = file.job.unwrap_or_else(|| RunSpec::new(file.model.clone()));
    Ok((Some(RunSpec { model: file.model, ..run }), file.epochs))
}

/// Whether both have the same parameters, one by one; names do not matter.
fn same_params(expected: &ModelSpec, got: &ModelSpec) -> Result<(), FormatError> {
    let (expected, got) = (expected.params()?, got.params()?);
    for (idx, param) in expected.iter().enumerate() {
        let name = param.path.clone();
        let Some(got) = got.get(idx) else { return Err(FormatError::MissingTensor { name }) };
        if got.spec.extents != param.spec.extents {
            let (expected, got) = (param.spec.extents.clone(), got.spec.extents.clone());
            return Err(FormatError::WrongExtents { name, expected, got });
        }
    }
    match got.get(expected.len()) {
        Some(more) => Err(FormatError::UnknownTensor { name: more.path.clone() }),
        None => Ok(()),
    }
}

/// Where a model goes: one file, or several whose names have the same beginning.
#[derive(Debug, Clone)]
pub struct Destination {
    folder: PathBuf,
    /// What the file is called that was asked for by name.
    name: Option<String>,
    stem: String,
    /// Of what is written for people.
    pub language: Language,
    /// Which kind.
    pub format: ModelFormat,
}

impl Destination {
    /// The files at `path`, whose ending says their kind unless `format` does; weights with another ending
    /// are safetensors.
    ///
    /// # Errors
    /// If the weights would be written over the description of their model.
    pub fn of_file(path: &Path, format: Option<ModelFormat>) -> Result<Self, CliError> {
        let name = file_name(path);
        let (ending, stem) = kind(&name);
        let format = format.unwrap_or(ending);
        if format == ModelFormat::Safetensors && name == format!("{stem}.json") {
            let better = path.with_extension("safetensors");
            return Err(CliError::WeightsOverModel { path: path.to_owned(), better });
        }
        let stem = stem.to_owned();
        Ok(Self {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            name: Some(name),
            stem,
            language: Language::English,
            format,
        })
    }

    /// Files in a folder, called as the file `source` is.
    pub fn in_folder(folder: &Path, source: &Path, format: ModelFormat) -> Self {
        let name = file_name(source);
        Self {
            folder: folder.to_owned(),
            name: None,
            stem: kind(&name).1.to_owned(),
            language: Language::English,
            format,
        }
    }

    /// The bytes of every file, with its path.
    ///
    /// # Errors
    /// If this kind of file cannot hold the model.
    fn files(&self, saved: &SavedModel) -> Result<Vec<(PathBuf, Vec<u8>)>, CliError> {
        let wrapping = Wrapping { stem: self.stem.clone(), date: clock::date(), language: self.language };
        let asked = self.name.as_ref().map_or_else(|| self.folder.clone(), |name| self.folder.join(name));
        let files = formats::write(self.format, saved, &wrapping).map_err(|error| of_path(&asked, error))?;
        let is_alone = files.len() == 1;
        let place = |(idx, file): (usize, formats::NamedFile)| {
            // Files that speak of one another keep their names; ours do not, and weights may be called anything.
            let is_asked = is_alone || (idx == 0 && self.format == ModelFormat::Safetensors);
            let name = self.name.clone().filter(|_| is_asked).unwrap_or(file.name);
            (self.folder.join(name), file.bytes)
        };
        Ok(files.into_iter().enumerate().map(place).collect())
    }

    /// Checks that the model of `run` can be held and every file written, before hours of training.
    ///
    /// # Errors
    /// If not.
    pub fn check(&self, run: &RunSpec) -> Result<(), CliError> {
        for (path, _) in self.files(&blank(run)?)? {
            let existed = path.exists();
            // Opening without truncating leaves an older model whole until the new one is there.
            let opened = fs::OpenOptions::new().create(true).append(true).open(&path);
            opened.map_err(|error| CliError::File { path: path.clone(), error })?;
            if !existed {
                // An empty file would look like a model if training is interrupted; one that cannot be
                // removed is overwritten in the end.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }

    /// Writes all files; their paths, the one with the weights first.
    ///
    /// # Errors
    /// If this kind of file cannot hold the model, or one cannot be written.
    pub fn write(&self, saved: &SavedModel) -> Result<Vec<PathBuf>, CliError> {
        let mut paths = Vec::new();
        for (path, bytes) in self.files(saved)? {
            fs::write(&path, bytes).map_err(|error| CliError::File { path: path.clone(), error })?;
            paths.push(path);
        }
        Ok(paths)
    }
}

/// A run's model with weights of 0, to see what can be written of it.
///
/// # Errors
/// If it cannot be built.
pub fn blank(run: &RunSpec) -> Result<SavedModel, CliError> {
    let size: usize = run.model.params()?.iter().map(|param| param.spec.size()).sum();
    Ok(SavedModel {
        model: run.model.clone(),
        params: vec![0.0; size],
        job: Some(run.clone()),
        epochs: None,
        optimizer: None,
    })
}

/// The kind that a file's name stands for, and the name without its ending.
fn kind(name: &str) -> (ModelFormat, &str) {
    let other = || {
        (ModelFormat::Safetensors, Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name))
    };
    ModelFormat::of_name(name).unwrap_or_else(other)
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn of_path(path: &Path, error: FormatError) -> CliError {
    CliError::Format { path: path.to_owned(), error: Box::new(error) }
}
