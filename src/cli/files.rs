//! Where the command line finds datasets and models, and how it writes models.

use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::arrays::ArraysFile;
use super::error::CliError;
use crate::data::files::{load_manifest, load_split};
use crate::data::manifest::FILE_NAME;
use crate::data::{DatasetId, LabeledImages, Manifest, Split, UnknownDataset};
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::run_json::{RunFile, read_run};
use crate::formats::{ModelFile, read_weights, write_weights};

/// Where the images are.
#[derive(Debug, clap::Args)]
pub struct DataArgs {
    /// Which images; otherwise those of --run, or mnist
    #[arg(long, value_parser = dataset_parser())]
    pub dataset: Option<DatasetId>,
    /// Folder with mnist/ and fashion-mnist/, or an .npz file with arrays instead of images. Otherwise the
    /// variable SVERTKA_DATA names the folder, or it is www/data or data, here or beside this program
    #[arg(long, alias = "arrays", value_name = "FOLDER|NPZ")]
    pub data: Option<PathBuf>,
}

impl DataArgs {
    /// The arrays, if they are given instead of images.
    ///
    /// # Errors
    /// If their file cannot be read.
    pub fn arrays(&self) -> Result<Option<ArraysFile>, CliError> {
        self.data.as_deref().filter(|path| ArraysFile::is_one(path)).map(ArraysFile::open).transpose()
    }
}

/// Which network.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct NetworkArgs {
    /// A ready network; mnist-cnn and fashion-cnn are trained with settings of their own, other options go before
    /// them
    #[arg(long, value_parser = preset_parser())]
    pub preset: Option<Preset>,
    /// A network from a model.json; only its layers are used
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// A whole run from a run.json: network, compile, fit, data and seed; other options go before it
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
}

/// A trained model.
#[derive(Debug, clap::Args)]
pub struct TrainedArgs {
    /// Its weights
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// Its layers; otherwise from the .json file beside the weights
    #[arg(long, value_name = "FILE", conflicts_with = "run")]
    pub model: Option<PathBuf>,
    /// Its layers and how it is compiled, from a run.json
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
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
    pub fn open(args: &DataArgs, id: DatasetId) -> Result<Self, CliError> {
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
        match (&self.run, &self.model, self.preset) {
            (Some(path), ..) => Ok(read_run_file(path)?.run.model),
            (None, Some(path), _) => Ok(read_model(path)?.model),
            (None, None, preset) => Ok(preset.unwrap_or_default().spec()),
        }
    }
}

impl TrainedArgs {
    /// How the model was made: its run where that is known, or one with default arguments.
    ///
    /// # Errors
    /// If its description cannot be read.
    pub fn run(&self) -> Result<RunSpec, CliError> {
        if let Some(path) = &self.run {
            return Ok(read_run_file(path)?.run);
        }
        let path = self.model.clone().unwrap_or_else(|| beside(&self.weights));
        let file = read_model(&path)?;
        let run = file.job.unwrap_or_else(|| RunSpec::new(file.model.clone()));
        Ok(RunSpec { model: file.model, ..run })
    }

    /// Reads the weights and builds the model.
    ///
    /// # Errors
    /// If they cannot be read, or do not belong to `model`.
    pub fn build(&self, model: &ModelSpec) -> Result<Sequential, CliError> {
        Ok(Sequential::with_params(model, read_params(model, &self.weights)?)?)
    }
}

/// The weights of `model` from a file.
///
/// # Errors
/// If they cannot be read, or do not belong to `model`.
pub fn read_params(model: &ModelSpec, path: &Path) -> Result<Vec<f32>, CliError> {
    let bytes = fs::read(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    read_weights(model, &bytes)
        .map_err(|error| CliError::Format { path: path.to_owned(), error: Box::new(error) })
}

/// A run from a file.
///
/// # Errors
/// If it cannot be read.
pub fn read_run_file(path: &Path) -> Result<RunFile, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    read_run(&text).map_err(|error| CliError::Run { path: path.to_owned(), error })
}

fn read_model(path: &Path) -> Result<ModelFile, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    ModelFile::from_json(&text)
        .map_err(|error| CliError::Format { path: path.to_owned(), error: Box::new(error) })
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
            .map_err(|error| CliError::Format { path: self.weights.clone(), error: Box::new(error) })?;
        let json = ModelFile::new(job.model.clone(), Some(job.clone())).with_epochs(Some(epochs)).to_json();
        write(&self.weights, &weights)?;
        write(&self.model, json.as_bytes())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    fs::write(path, bytes).map_err(|error| CliError::File { path: path.to_owned(), error })
}
