//! `svertka predict`: the class probabilities of single images.

use std::fs;
use std::path::PathBuf;

use super::error::CliError;
use super::evaluate::check_ends;
use super::files::{DataArgs, DataFolder, TrainedArgs};
use super::report::LogArgs;
use super::{json, text};
use crate::data::Split;
use crate::engine::metrics::argmax_rows;
use crate::engine::model::Sequential;
use crate::tensor::Tensor;

/// Arguments of `svertka predict`.
#[derive(Debug, clap::Args)]
pub struct PredictArgs {
    #[command(flatten)]
    trained: TrainedArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    images: ImageArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
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
    let mut model = args.trained.build()?;
    let data = DataFolder::open(&args.data)?;
    check_ends(&model, &data)?;
    let input = match &args.images.pixels {
        Some(path) => raw_images(&model, path)?,
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

fn test_images(data: &DataFolder, indices: &[u32]) -> Result<Input, CliError> {
    let samples = indices.iter().max().map_or(0, |last| *last as usize + 1);
    let (values, labels) = data.load(Split::Test, samples)?.batch(indices);
    Ok(Input { values, names: indices.to_vec(), labels: Some(labels) })
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
