//! Where the command line finds datasets and networks.

use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::arrays::ArraysFile;
use super::error::CliError;
use super::model_files::{LayersArgs, describe, run_of};
use crate::data::files::{load_manifest, load_split};
use crate::data::manifest::FILE_NAME;
use crate::data::{DatasetId, LabeledImages, Manifest, Split, UnknownDataset};
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::ModelFile;
use crate::formats::run_json::{RunFile, read_run};

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
#[group(multiple = false)]
pub struct NetworkArgs {
    /// A ready network; mnist-cnn and fashion-cnn are trained with settings of their own, other options go before
    /// them
    #[arg(long, value_parser = preset_parser())]
    pub preset: Option<Preset>,
    /// A network from a model.json, .keras or .h5 file; only its layers are used
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// A whole run from a run.json: network, compile, fit, data and seed; other options go before it
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
}

/// A trained model.
#[derive(Debug, clap::Args)]
pub struct TrainedArgs {
    /// Its weights: .safetensors, .keras, .weights.h5, .h5 or .npz
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    #[command(flatten)]
    layers: LayersArgs,
}

fn dataset_parser() -> impl TypedValueParser<Value = DatasetId> {
    let names = PossibleValuesParser::new(DatasetId::ALL.map(DatasetId::folder));
    names.try_map(|name| name.parse::<DatasetId>().map_err(|error: UnknownDataset| error))
}

/// Names of ready networks.
pub fn preset_parser() -> impl TypedValueParser<Value = Preset> {
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
    /// Whether one is named.
    pub fn is_named(&self) -> bool {
        self.run.is_some() || self.model.is_some() || self.preset.is_some()
    }

    /// The network.
    ///
    /// # Errors
    /// If its file cannot be read or holds none.
    pub fn spec(&self) -> Result<ModelSpec, CliError> {
        match (&self.run, &self.model, self.preset) {
            (Some(path), ..) => Ok(read_run_file(path)?.run.model),
            (None, Some(path), _) => Ok(describe(path)?.model),
            (None, None, Some(preset)) => Ok(preset.spec()),
            (None, None, None) => Err(CliError::NoNetwork),
        }
    }
}

impl TrainedArgs {
    /// The model, and how it was made: its run where that is known, or one with default arguments.
    ///
    /// # Errors
    /// If a file cannot be read, or the weights do not belong to the layers.
    pub fn open(&self) -> Result<(RunSpec, Sequential), CliError> {
        let saved = self.layers.open(&self.weights)?.saved;
        let run = run_of(&saved);
        let model = Sequential::with_params(&run.model, saved.params)?;
        Ok((run, model))
    }
}

/// A run from a file.
///
/// # Errors
/// If it cannot be read.
pub fn read_run_file(path: &Path) -> Result<RunFile, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    read_run(&text).map_err(|error| CliError::Run { path: path.to_owned(), error })
}

/// A model's description from a file.
///
/// # Errors
/// If it cannot be read.
pub fn read_model(path: &Path) -> Result<ModelFile, CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
    ModelFile::from_json(&text)
        .map_err(|error| CliError::Format { path: path.to_owned(), error: Box::new(error) })
}
