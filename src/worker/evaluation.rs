//! Evaluate, predict and show images, beside training and without disturbing it.

use std::sync::Arc;

use super::clock::now_ms;
use super::inference::infer;
use super::loader;
use super::session::{Context, Kept};
use crate::data::{Arrays, DatasetId, LabeledImages, Samples, Selected, Split, Targets};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::{Measures, argmax_rows};
use crate::engine::model::Sequential;
use crate::engine::shared_inference::{InferredBatch, SharedInference};
use crate::engine::spec::{DataSpec, ModelSpec};
use crate::protocol::{
    Answers, Contender, EvaluationReport, ImageSet, LabelSet, OtherModel, RunId, WorkerError, WorkerEvent,
};
use crate::tensor::{Shape, Tensor};

/// Images per pass through the network; small, so that a slice stays short.
const BATCH: usize = 32;
/// The least time between two messages of how far an evaluation is, in milliseconds.
const TELL_MS: f64 = 50.0;

/// Evaluates a copy of the current model on test images, and a second model on the same ones.
pub async fn evaluate(
    context: &Context,
    run: RunId,
    data: &DataSpec,
    other: Option<OtherModel>,
) -> Result<(), WorkerError> {
    let kept = context.session.borrow_mut().current()?;
    if let Some(other) = &other {
        check_pair(&kept, other)?;
    }
    loader::load(context, run, data.dataset, 0, data.test_samples).await?;
    let (images, classes) = {
        let session = context.session.borrow();
        let loaded = session.datasets.get(&data.dataset).expect("load() has just put it there");
        (Arc::clone(&loaded.test), loaded.manifest.classes.clone())
    };
    let [h, w, c] = images.shape();
    check_ends(&kept.model.shapes()?, &Shape::from([h, w, c]), classes.len())?;
    let mut model = kept.build()?;
    let indices = data.choose_test(images.classes());
    let labels = indices.iter().map(|idx| images.labels()[*idx as usize]).collect();
    let samples = Selected::new(images, indices.clone());
    let mut telling = Telling { told_ms: now_ms(), before: 0, models: 1 + usize::from(other.is_some()) };
    let own = answers(context, run, &mut model, &samples, classes.len(), &mut telling).await;
    let other = match other {
        Some(OtherModel { model, params, .. }) => {
            let mut model = Sequential::with_params(&model, params)?;
            Some(answers(context, run, &mut model, &samples, classes.len(), &mut telling).await)
        }
        None => None,
    };
    let dataset = data.dataset;
    let report = EvaluationReport { dataset, classes, indices, labels, answers: own, other };
    context.send(WorkerEvent::Evaluated { run, report: Box::new(report) });
    Ok(())
}

/// How far an evaluation of one model or two is told to be.
struct Telling {
    told_ms: f64,
    /// Batches of models before this one.
    before: usize,
    /// All models.
    models: usize,
}

/// What one model makes of all samples.
async fn answers(
    context: &Context,
    run: RunId,
    model: &mut Sequential,
    samples: &Selected,
    classes: usize,
    telling: &mut Telling,
) -> Answers {
    let inference = SharedInference::new(0..samples.len(), BATCH);
    let num_batches = inference.num_batches();
    let loss = LossSpec::default();
    let mut means = Measures::default();
    let mut predicted = Vec::with_capacity(samples.len());
    let mut probabilities = Vec::with_capacity(samples.len() * classes);
    let see = |InferredBatch { range, result }: InferredBatch| {
        let batch_loss = loss.reduce(&result.losses, result.divisor) + f64::from(result.penalty);
        means.add_loss(batch_loss, range.len());
        predicted.extend(argmax_rows(&result.outputs.values));
        probabilities.extend_from_slice(result.outputs.values.values());
    };
    let tell = |done| {
        if now_ms() - telling.told_ms >= TELL_MS {
            telling.told_ms = now_ms();
            let (done, total) = (telling.before + done, telling.models * num_batches);
            context.send(WorkerEvent::EvaluationProgress { run, done, total });
        }
    };
    infer(context, model, samples, inference, loss, see, tell).await;
    telling.before += num_batches;
    Answers { loss: means.loss(), predicted, probabilities }
}

/// Two models are compared only by images that both take and classes that both tell.
fn check_pair(kept: &Kept, other: &OtherModel) -> Result<(), WorkerError> {
    let contender = |name: &str, model: &ModelSpec, dataset| {
        let shapes = model.shapes()?;
        let (input, output) = (shapes[0].clone(), shapes[shapes.len() - 1].clone());
        Ok::<_, WorkerError>(Contender { name: name.to_owned(), input, output, dataset })
    };
    let dataset = kept.job.as_ref().map(|job| job.data.dataset);
    let first = contender(&kept.model.name, &kept.model, dataset)?;
    let second = contender(&other.name, &other.model, other.dataset)?;
    if first.matches(&second) {
        return Ok(());
    }
    Err(WorkerError::Incomparable(Box::new([first, second])))
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
