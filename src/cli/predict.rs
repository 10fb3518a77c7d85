//! `svertka predict`: the class probabilities of single images, or the outputs for arrays.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use super::error::CliError;
use super::evaluate::check_ends;
use super::files::{DataArgs, DataFolder, TrainedArgs};
use super::report::LogArgs;
use super::{json, text};
use crate::data::Split;
use crate::engine::metrics::argmax_rows;
use crate::engine::model::Sequential;
use crate::engine::spec::SpecError;
use crate::formats::npy::write_npy;
use crate::tensor::{Extents, Shape, Tensor};

/// Keras's, too.
const BATCH_SIZE: usize = 32;

/// Arguments of `svertka predict`.
#[derive(Debug, clap::Args)]
pub struct PredictArgs {
    #[command(flatten)]
    trained: TrainedArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    images: ImageArgs,
    /// With arrays: which of them; otherwise x, x_test, x_train or x_val, the first that is there
    #[arg(long, value_name = "NAME")]
    array: Option<String>,
    /// With arrays: file for the outputs, .npy; otherwise they are printed, one JSON line per sample
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct ImageArgs {
    /// Positions in the test file, from 0, as in 0,1,2
    #[arg(long, value_delimiter = ',', value_name = "POSITIONS")]
    indices: Vec<u32>,
    /// Images as they lie in memory: one byte per value, 0 to 255, row by row; --dataset only names
    /// their classes
    #[arg(long, value_name = "FILE")]
    pixels: Option<PathBuf>,
}

/// Images to predict.
struct Input {
    /// As the network sees them.
    values: Tensor,
    /// What each is called.
    names: Vec<u32>,
    /// Their classes, where known.
    labels: Option<Vec<u8>>,
}

/// Predicts.
///
/// # Errors
/// If a file cannot be read, or the model is made for other images.
pub fn run(args: &PredictArgs) -> Result<(), CliError> {
    let (_, mut model) = args.trained.open()?;
    if let Some(file) = args.data.arrays()? {
        return predict_arrays(&mut model, &file.inputs(args.array.as_deref())?, args);
    }
    let data = DataFolder::open(&args.data, args.data.dataset.unwrap_or_default())?;
    check_ends(&model, &data)?;
    let input = match &args.images.pixels {
        Some(path) => raw_images(&model, path)?,
        None if args.images.indices.is_empty() => return Err(CliError::NothingToPredict),
        None => test_images(&data, &args.images.indices)?,
    };
    let output = model.predict(&input.values);
    let rows = output.values().chunks_exact(data.manifest.classes.len());
    for (idx, (row, predicted)) in rows.zip(argmax_rows(&output)).enumerate() {
        let (image, label) = (input.names[idx], input.labels.as_ref().map(|labels| labels[idx]));
        args.log.tell(
            || text::prediction(image, label, predicted, row, |class| data.class_name(class).to_owned()),
            || json::prediction(image, label, predicted, row),
        )?;
    }
    Ok(())
}

/// The outputs for `x`, into a file or as lines.
fn predict_arrays(model: &mut Sequential, x: &Tensor, args: &PredictArgs) -> Result<(), CliError> {
    let shape = model.spec().input_shape.clone();
    let given = Shape(x.extents().get(1..).unwrap_or_default().to_vec());
    if shape != given || x.extents().is_empty() {
        return Err(SpecError::WrongInput { expected: given, got: shape }.into());
    }
    let (mut extents, mut values) = (Extents::new(), Vec::new());
    // In parts, so that only one's activations are in memory at a time.
    for part in x.values().chunks(shape.size() * BATCH_SIZE) {
        let output = model.predict(&Tensor::new(&shape.with_batch(part.len() / shape.size()), part.to_vec()));
        extents = output.sample_shape().with_batch(x.batch());
        values.extend_from_slice(output.values());
    }
    let Some(path) = &args.out else {
        let size = values.len() / x.batch().max(1);
        let lines = values.chunks(size.max(1)).enumerate();
        let mut stdout = io::stdout().lock();
        return Ok(lines
            .map(|(idx, row)| json::output(idx, row))
            .try_for_each(|line| writeln!(stdout, "{line}"))?);
    };
    fs::write(path, write_npy(&extents, &values))
        .map_err(|error| CliError::File { path: path.clone(), error })?;
    args.log.tell(
        || format!("Saved {} outputs to {}", x.batch(), path.display()),
        || json::predicted(path, &extents),
    )?;
    Ok(())
}

fn test_images(data: &DataFolder, indices: &[u32]) -> Result<Input, CliError> {
    let samples = indices.iter().max().map_or(0, |last| *last as usize + 1);
    let (values, labels) = data.load(Split::Test, samples)?.batch(indices);
    Ok(Input { values, names: indices.to_vec(), labels: Some(labels.into_vec()) })
}

fn raw_images(model: &Sequential, path: &PathBuf) -> Result<Input, CliError> {
    let pixels = fs::read(path).map_err(|error| CliError::File { path: path.clone(), error })?;
    let shape = &model.spec().input_shape;
    let (n, size) = (pixels.len() / shape.size(), shape.size());
    if n == 0 || n * size != pixels.len() {
        return Err(CliError::WrongPixels { path: path.clone(), expected: shape.clone(), got: pixels.len() });
    }
    let values = pixels.iter().map(|pixel| f32::from(*pixel) / 255.0).collect();
    Ok(Input {
        values: Tensor::new(&shape.with_batch(n), values),
        names: (0..n as u32).collect(),
        labels: None,
    })
}
