//! Where the command line finds datasets and models, and how it writes models.

use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use crate::data::files::{load_manifest, load_split};
use crate::data::manifest::FILE_NAME;
use crate::data::{DatasetId, LabeledImages, Manifest, Split, UnknownDataset};
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::{ModelFile, read_weights, write_weights};

/// Where the images are.
#[derive(Debug, clap::Args)]
pub struct DataArgs {
    /// Which images
    #[arg(long, default_value = "mnist", value_parser = dataset_parser())]
    pub dataset: DatasetId,
    /// Folder with mnist/ and fashion-mnist/. Otherwise the variable SVERTKA_DATA names it, or it is
    /// www/data or data, here or beside this program
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Which network.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct NetworkArgs {
    /// A ready network
    #[arg(long, value_parser = preset_parser())]
    pub preset: Option<Preset>,
    /// A network from a model.json; only its layers are used
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

/// A trained model.
#[derive(Debug, clap::Args)]
pub struct TrainedArgs {
    /// Its weights
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// Its layers; otherwise from the .json file beside the weights
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

fn dataset_parser() -> impl TypedValueParser<Value = DatasetId> {
    let names = PossibleValuesParser::new(DatasetId::ALL.map(DatasetId::folder));
    names.try_map(|name| name.parse::<DatasetId>().map_err(|error: UnknownDataset| error))
}

fn preset_parser() -> impl TypedValueParser<Value = Preset> {
    let names = PossibleValuesParser::new(Preset::ALL.map(Preset::id));
    names.map(|name| Preset::from_id(&name).expect("only these names are let through"))
}

/// A dataset on disk.
pub struct DataFolder {
    folder: PathBuf,
    /// What it consists of.
    pub manifest: Manifest,
}

impl DataFolder {
    /// Finds the dataset and reads its manifest.
    ///
    /// # Errors
    /// If it is nowhere, or its manifest is damaged.
    pub fn open(args: &DataArgs) -> Result<Self, CliError> {
        let id = args.dataset;
        let named = args.data.clone().or_else(|| env::var_os("SVERTKA_DATA").map(PathBuf::from));
        let tried = named.map_or_else(usual_folders, |folder| vec![folder]);
        let is_there = |folder: &&PathBuf| folder.join(id.folder()).join(FILE_NAME).is_file();
        let Some(folder) = tried.iter().find(is_there).cloned() else {
            return Err(CliError::NoData { dataset: id, tried });
        };
        let manifest =
            load_manifest(&folder, id).map_err(|error| CliError::Data { folder: folder.clone(), error })?;
        Ok(Self { folder, manifest })
    }

    /// The first images of one split.
    ///
    /// # Errors
    /// If there are not as many, or a shard is missing or damaged.
    pub fn load(&self, split: Split, samples: usize) -> Result<LabeledImages, CliError> {
        load_split(&self.folder, &self.manifest, split, samples)
            .map_err(|error| CliError::Data { folder: self.folder.clone(), error })
    }

    /// A class in words: a digit, or the last part of its locale key.
    pub fn class_name(&self, class: usize) -> &str {
        let name = &self.manifest.classes[class];
        name.rsplit('.').next().unwrap_or(name)
    }
}

/// The folders below which datasets are looked for: here, then beside this program and above it, so
/// that `target/speed/svertka` finds the repository's.
fn usual_folders() -> Vec<PathBuf> {
    let program = env::current_exe().unwrap_or_default();
    let above = program.ancestors().skip(1).take(3).filter(|folder| !folder.as_os_str().is_empty());
    let here = Path::new("");
    std::iter::once(here)
        .chain(above)
        .flat_map(|folder| [folder.join("www/data"), folder.join("data")])
        .collect()
}

impl NetworkArgs {
    /// The network.
    ///
    /// # Errors
    /// If its file cannot be read or holds none.
    pub fn spec(&self) -> Result<ModelSpec, CliError> {
        match (&self.model, self.preset) {
            (Some(path), _) => Ok(read_model(path)?.model),
            (None, preset) => Ok(preset.unwrap_or_default().spec()),
        }
    }
}

impl TrainedArgs {
    /// Reads both files and builds the model.
    ///
    /// # Errors
    /// If one cannot be read, or they do not belong together.
    pub fn build(&self) -> Result<Sequential, CliError> {
        let path = self.model.clone().unwrap_or_else(|| beside(&self.weights));
        let spec = read_model(&path)?.model;
        let bytes =
            fs::read(&self.weights).map_err(|error| CliError::File { path: self.weights.clone(), error })?;
        let params = read_weights(&spec, &bytes)
            .map_err(|error| CliError::Format { path: self.weights.clone(), error })?;
        Ok(Sequential::with_params(&spec, params)?)
    }
}

fn read_model(path: &Path) -> Result<ModelFile, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    ModelFile::from_json(&text).map_err(|error| CliError::Format { path: path.to_owned(), error })
}

/// The file that describes the model whose weights are in `weights`.
fn beside(weights: &Path) -> PathBuf {
    weights.with_extension("json")
}

/// The two files of a trained model.
#[derive(Debug, Clone)]
pub struct ModelPaths {
    /// `model.safetensors`
    pub weights: PathBuf,
    /// `model.json`
    pub model: PathBuf,
}

impl ModelPaths {
    /// Checks that both can be written, before hours of training.
    ///
    /// # Errors
    /// If the folder is missing, or both would be one file.
    pub fn new(weights: &Path) -> Result<Self, CliError> {
        let model = beside(weights);
        if model == weights {
            let better = weights.with_extension("safetensors");
            return Err(CliError::WeightsOverModel { path: model, better });
        }
        for path in [&model, weights] {
            let existed = path.exists();
            // Opening without truncating leaves an older model whole until the new one is there.
            let opened = fs::OpenOptions::new().create(true).append(true).open(path);
            opened.map_err(|error| CliError::File { path: path.to_owned(), error })?;
            if !existed {
                // An empty file would look like a model if training is interrupted; one that cannot be
                // removed is overwritten in the end.
                let _ = fs::remove_file(path);
            }
        }
        Ok(Self { weights: weights.to_owned(), model })
    }

    /// Writes both; `epochs` were completed.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn save(&self, job: &RunSpec, epochs: usize, params: &[f32]) -> Result<(), CliError> {
        let weights = write_weights(&job.model, params)
            .map_err(|error| CliError::Format { path: self.weights.clone(), error })?;
        let json = ModelFile::new(job.model.clone(), Some(job.clone())).with_epochs(Some(epochs)).to_json();
        write(&self.weights, &weights)?;
        write(&self.model, json.as_bytes())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    fs::write(path, bytes).map_err(|error| CliError::File { path: path.to_owned(), error })
}
