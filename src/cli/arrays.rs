//! Arrays from an `.npz` file: what `--data arrays.npz` stands for.
//!
//! `x_train`, `y_train` and `sample_weight` are trained on, `x_val`, `y_val` and `sample_weight_val`
//! validate, `x_test`, `y_test` and `sample_weight_test` are judged. Numbers stay as they are: nothing is
//! scaled.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::data::{Arrays, Batch, Samples, Targets};
use crate::formats::npy::Npy;
use crate::formats::npz::read_npz;
use crate::tensor::{Shape, Tensor};

/// An open `.npz` file.
pub struct ArraysFile {
    path: PathBuf,
    arrays: Vec<(String, Vec<u8>)>,
}

impl ArraysFile {
    /// Whether `path` names arrays and not a folder of images.
    pub fn is_one(path: &Path) -> bool {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npz")) && !path.is_dir()
    }

    /// Reads the whole file.
    ///
    /// # Errors
    /// If it cannot be read or is no `.npz` file.
    pub fn open(path: &Path) -> Result<Self, CliError> {
        let bytes = fs::read(path).map_err(|error| CliError::File { path: path.to_owned(), error })?;
        let arrays = read_npz(&bytes).map_err(|error| CliError::Array {
            path: path.to_owned(),
            array: None,
            error,
        })?;
        Ok(Self { path: path.to_owned(), arrays })
    }

    /// The part called `train`, `val` or `test`; `None` without its `x_`.
    ///
    /// Whole `y` are classes if the loss `wants_classes` and they are one number per sample.
    ///
    /// # Errors
    /// If an array is damaged or missing, or they do not belong together.
    pub fn part(&self, part: &str, wants_classes: bool) -> Result<Option<Arrays>, CliError> {
        let Some(x) = self.tensor(&format!("x_{part}"))? else { return Ok(None) };
        let name = format!("y_{part}");
        let Some(y) = self.array(&name)? else { return Err(self.missing(&[&name])) };
        let weights = [format!("sample_weight_{part}"), "sample_weight".to_owned()];
        // Only training has weights without a name of their own.
        let weights = if part == "train" { &weights[..] } else { &weights[..1] };
        let weights = weights.iter().find_map(|name| self.array(name).transpose()).transpose()?;
        let arrays = Arrays::new(x, targets(&y, wants_classes), weights.map(|weights| weights.floats()));
        Ok(Some(arrays.map_err(|error| CliError::Arrays {
            path: self.path.clone(),
            part: part.to_owned(),
            error,
        })?))
    }

    /// As [`ArraysFile::part`], of the first of `parts` that is there.
    ///
    /// # Errors
    /// As [`ArraysFile::part`], or if none is there.
    pub fn first_part(&self, parts: &[&str], wants_classes: bool) -> Result<Arrays, CliError> {
        for part in parts {
            if let Some(arrays) = self.part(part, wants_classes)? {
                return Ok(arrays);
            }
        }
        Err(self.missing(&parts.iter().map(|part| format!("x_{part}")).collect::<Vec<_>>()))
    }

    /// The array of that name, or else the inputs of a part.
    ///
    /// # Errors
    /// If it is damaged or not there.
    pub fn inputs(&self, name: Option<&str>) -> Result<Tensor, CliError> {
        let usual = ["x", "x_test", "x_train", "x_val"];
        let names = name.as_ref().map_or(&usual[..], std::slice::from_ref);
        for name in names {
            if let Some(x) = self.tensor(name)? {
                return Ok(x);
            }
        }
        Err(self.missing(names))
    }

    fn tensor(&self, name: &str) -> Result<Option<Tensor>, CliError> {
        Ok(self.array(name)?.map(|array| Tensor::new(array.extents(), array.floats())))
    }

    fn array(&self, name: &str) -> Result<Option<Npy<'_>>, CliError> {
        let Some((_, bytes)) = self.arrays.iter().find(|(found, _)| found == name) else { return Ok(None) };
        let damaged =
            |error| CliError::Array { path: self.path.clone(), array: Some(name.to_owned()), error };
        Npy::parse(bytes).map(Some).map_err(damaged)
    }

    fn missing(&self, expected: &[impl AsRef<str>]) -> CliError {
        CliError::NoArray {
            path: self.path.clone(),
            expected: expected.iter().map(|name| name.as_ref().to_owned()).collect(),
            got: self.arrays.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

fn targets(y: &Npy, wants_classes: bool) -> Targets {
    let one_each = matches!(y.extents(), [_] | [_, 1]);
    let classes = if wants_classes && one_each { y.classes() } else { None };
    let values = || Targets::Values(Tensor::new(y.extents(), y.floats()));
    classes.map_or_else(values, |classes| Targets::Classes(classes.into()))
}

/// Arrays to train on, and after them those that validate.
pub struct TrainingArrays {
    train: Arrays,
    validation: Option<Arrays>,
}

impl TrainingArrays {
    /// Both; what fits to a model was not checked.
    pub fn new(train: Arrays, validation: Option<Arrays>) -> Self {
        Self { train, validation }
    }

    /// What is trained on.
    pub fn train(&self) -> &Arrays {
        &self.train
    }

    /// What validates.
    pub fn validation(&self) -> Option<&Arrays> {
        self.validation.as_ref()
    }

    /// How many samples validate.
    pub fn num_validation(&self) -> usize {
        self.validation.as_ref().map_or(0, Samples::len)
    }
}

impl Samples for TrainingArrays {
    fn len(&self) -> usize {
        self.train.len() + self.num_validation()
    }

    fn sample_shape(&self) -> Shape {
        self.train.sample_shape()
    }

    fn targets(&self) -> Targets {
        self.train.targets()
    }

    /// # Panics
    /// If an index is past the end, or some are to be trained on and others validate.
    fn batch(&self, indices: &[u32]) -> Batch {
        let split = self.train.len() as u32;
        match &self.validation {
            Some(validation) if indices.first().is_some_and(|first| *first >= split) => {
                validation.batch(&indices.iter().map(|idx| idx - split).collect::<Vec<_>>())
            }
            _ => self.train.batch(indices),
        }
    }
}
