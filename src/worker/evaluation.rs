//! Evaluate, predict and show images, beside training and without disturbing it.

use std::sync::Arc;

use super::clock::{now_ms, slice_end_ms, yield_now};
use super::loader;
use super::session::Context;
use crate::data::{DatasetId, LabeledImages, Samples, Split};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::Measures;
use crate::engine::metrics::argmax_rows;
use crate::engine::spec::DataSpec;
use crate::protocol::{EvaluationReport, ImageSet, RunId, WorkerError, WorkerEvent};
use crate::tensor::{Shape, Tensor};

/// Images per pass through the network; small, so that a slice stays short.
const BATCH: usize = 32;

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
    let total = total_images.div_ceil(BATCH);
    let mut means = Measures::default();
    let (mut predicted, mut confidence) = (Vec::new(), Vec::new());
    let mut slice_end = slice_end_ms();
    for done in 0..total {
        let indices: Vec<u32> =
            (done * BATCH..((done + 1) * BATCH).min(total_images)).map(|i| i as u32).collect();
        let batch = Samples::batch(&*images, &indices);
        let loss = LossSpec::default();
        let result = model.evaluate_batch(&batch, loss);
        let batch_loss = loss.reduce(&result.losses, result.divisor) + f64::from(result.penalty);
        means.add_loss(batch_loss, batch.len());
        let probabilities = result.outputs.values;
        let best = argmax_rows(&probabilities);
        let rows = probabilities.values().chunks_exact(classes.len());
        confidence.extend(rows.zip(&best).map(|(row, class)| row[usize::from(*class)]));
        predicted.extend(best);
        if now_ms() >= slice_end {
            context.send(WorkerEvent::EvaluationProgress { run, done: done + 1, total });
            yield_now().await;
            slice_end = slice_end_ms();
        }
    }
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
pub fn predict(context: &Context, run: RunId, pixels: &[u8]) -> Result<(), WorkerError> {
    let kept = context.session.borrow_mut().current()?;
    let size = kept.model.input_shape.size();
    if pixels.is_empty() || !pixels.len().is_multiple_of(size) {
        return Err(WorkerError::WrongPixels { expected: kept.model.input_shape, got: pixels.len() });
    }
    let values = pixels.iter().map(|pixel| f32::from(*pixel) / 255.0).collect();
    let input = Tensor::new(&kept.model.input_shape.with_batch(pixels.len() / size), values);
    let output = kept.build()?.predict(&input);
    let classes = output.sample_shape().size();
    context.send(WorkerEvent::Predicted { run, classes, probabilities: output.into_values() });
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
