//! Evaluate, predict and show images, beside training and without disturbing it.

use std::sync::Arc;

use super::clock::now_ms;
use super::inference::infer;
use super::loader;
use super::session::Context;
use crate::data::{Arrays, DatasetId, LabeledImages, Split, Targets};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::Measures;
use crate::engine::metrics::argmax_rows;
use crate::engine::shared_inference::{InferredBatch, SharedInference};
use crate::engine::spec::DataSpec;
use crate::protocol::{EvaluationReport, ImageSet, LabelSet, RunId, WorkerError, WorkerEvent};
use crate::tensor::{Shape, Tensor};

/// Images per pass through the network; small, so that a slice stays short.
const BATCH: usize = 32;
/// The least time between two messages of how far an evaluation is, in milliseconds.
const TELL_MS: f64 = 50.0;

/// Evaluates a copy of the current model on test images.
pub async fn evaluate(context: &Context, run: RunId, data: &DataSpec) -> Result<(), WorkerError> {
    let kept = context.session.borrow_mut().current()?;
    loader::load(context, run, data.dataset, 0, data.test_samples).await?;
    let (images, classes) = {
        let session = context.session.borrow();
        let loaded = session.datasets.get(&data.dataset).expect("load() has just put it there");
        (Arc::clone(&loaded.test), loaded.manifest.classes.clone())
    };
    let [h, w, c] = images.shape();
    let shapes = kept.model.shapes()?;
    check_ends(&shapes, &Shape::from([h, w, c]), classes.len())?;
    let mut model = kept.build()?;
    let total_images = data.test_samples.min(images.len());
    let inference = SharedInference::new(0..total_images, BATCH);
    let total = inference.num_batches();
    let loss = LossSpec::default();
    let mut means = Measures::default();
    let (mut predicted, mut confidence) = (Vec::new(), Vec::new());
    let see = |InferredBatch { range, result }: InferredBatch| {
        let batch_loss = loss.reduce(&result.losses, result.divisor) + f64::from(result.penalty);
        means.add_loss(batch_loss, range.len());
        let probabilities = result.outputs.values;
        let best = argmax_rows(&probabilities);
        let rows = probabilities.values().chunks_exact(classes.len());
        confidence.extend(rows.zip(&best).map(|(row, class)| row[usize::from(*class)]));
        predicted.extend(best);
    };
    let mut told_ms = now_ms();
    let tell = |done| {
        if now_ms() - told_ms >= TELL_MS {
            told_ms = now_ms();
            context.send(WorkerEvent::EvaluationProgress { run, done, total });
        }
    };
    infer(context, &mut model, &*images, inference, loss, see, tell).await;
    let labels = images.labels()[..total_images].to_vec();
    let dataset = data.dataset;
    let report = EvaluationReport { dataset, classes, loss: means.loss(), labels, predicted, confidence };
    context.send(WorkerEvent::Evaluated { run, report: Box::new(report) });
    Ok(())
}

fn check_ends(shapes: &[Shape], input: &Shape, classes: usize) -> Result<(), WorkerError> {
    use crate::engine::spec::SpecError;
    let (first, last) = (&shapes[0], &shapes[shapes.len() - 1]);
    if first != input {
        return Err(SpecError::WrongInput { expected: input.clone(), got: first.clone() }.into());
    }
    if *last != Shape::from([classes]) {
        return Err(SpecError::WrongOutput { expected: Shape::from([classes]), got: last.clone() }.into());
    }
    Ok(())
}

/// Probabilities of images that the page has.
pub async fn predict(context: &Context, run: RunId, pixels: &[u8]) -> Result<(), WorkerError> {
    let kept = context.session.borrow_mut().current()?;
    let size = kept.model.input_shape.size();
    if pixels.is_empty() || !pixels.len().is_multiple_of(size) {
        return Err(WorkerError::WrongPixels { expected: kept.model.input_shape, got: pixels.len() });
    }
    let images = pixels.len() / size;
    let values = pixels.iter().map(|pixel| f32::from(*pixel) / 255.0).collect();
    let input = Tensor::new(&kept.model.input_shape.with_batch(images), values);
    // Nobody asks for losses, so any classes will do.
    let classes = Targets::Classes(vec![0; images].into());
    let samples = Arrays::new(input, classes, None).expect("there are as many classes as images");
    let mut model = kept.build()?;
    let classes = model.output_shape().size();
    let mut probabilities = Vec::with_capacity(images * classes);
    let see = |batch: InferredBatch| probabilities.extend_from_slice(batch.result.outputs.values.values());
    let inference = SharedInference::new(0..images, BATCH).without_losses();
    infer(context, &mut model, &samples, inference, LossSpec::default(), see, |_| ()).await;
    context.send(WorkerEvent::Predicted { run, classes, probabilities });
    Ok(())
}

/// Single images, fetched if they are not there yet.
pub async fn images(
    context: &Context,
    run: RunId,
    dataset: DatasetId,
    split: Split,
    indices: Vec<u32>,
) -> Result<(), WorkerError> {
    let needed = indices.iter().max().map_or(0, |last| *last as usize + 1);
    let (train, test) = match split {
        Split::Train => (needed, 0),
        Split::Test => (0, needed),
    };
    loader::load(context, run, dataset, train, test).await?;
    let source: Arc<LabeledImages> = {
        let session = context.session.borrow();
        let loaded = session.datasets.get(&dataset).expect("load() has just put it there");
        Arc::clone(if split == Split::Train { &loaded.train } else { &loaded.test })
    };
    let pixels = indices.iter().flat_map(|idx| source.image(*idx as usize)).copied().collect();
    let labels = indices.iter().map(|idx| source.labels()[*idx as usize]).collect();
    let images = ImageSet { dataset, split, shape: source.shape(), indices, pixels, labels };
    context.send(WorkerEvent::Images { run, images: Box::new(images) });
    Ok(())
}

/// The classes of the first images of either file, fetched if they are not there yet.
pub async fn labels(
    context: &Context,
    run: RunId,
    dataset: DatasetId,
    train: usize,
    test: usize,
) -> Result<(), WorkerError> {
    loader::load(context, run, dataset, train, test).await?;
    let labels = {
        let session = context.session.borrow();
        let loaded = session.datasets.get(&dataset).expect("load() has just put it there");
        let (train, test) = (loaded.train.labels()[..train].to_vec(), loaded.test.labels()[..test].to_vec());
        LabelSet { dataset, train, test }
    };
    context.send(WorkerEvent::Labels { run, labels: Box::new(labels) });
    Ok(())
}
