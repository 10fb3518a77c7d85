//! [`Inspector`]: one question about a model, answered piece by piece.

use std::sync::Arc;

use super::points::PointsWork;
use crate::data::LabeledImages;
use crate::engine::layers::LayerSpec;
use crate::engine::probe::{
    Occlusion, Probe, Score, Seen, UnitCounts, channels_last, convolutions, grad_cam, saliency,
};
use crate::protocol::{Finding, Inspection, LayerOutput, LayerUnits, Question, WorkerError};
use crate::tensor::Tensor;

/// Images of a sample that go through the network at once: few, so that a piece stays short.
const BATCH: usize = 4;
/// Windows of an occlusion map between two findings.
const WINDOWS: usize = 25;
/// Batches between two findings about units.
const BATCHES: usize = 16;

/// What a model is asked about, beside the model.
#[derive(Debug, Clone, Default)]
pub struct Images {
    /// The sample that the question is about; it begins with the images wanted.
    pub sample: Option<Arc<LabeledImages>>,
    /// Training images that make a batch with the image asked about.
    pub companions: Option<Tensor>,
    /// Completed epochs of the model, where they are known.
    pub epochs: Option<usize>,
}

/// The work on one question.
pub struct Inspector {
    probe: Probe,
    work: Work,
}

enum Work {
    Verdict(Tensor),
    Layers {
        image: Tensor,
        seen: Option<Seen>,
        next: usize,
    },
    Saliency {
        image: Tensor,
        class: Option<u32>,
        score: Score,
    },
    GradCam {
        image: Tensor,
        class: Option<u32>,
        layer: Option<u32>,
    },
    Occlusion {
        occlusion: Occlusion,
        class: u32,
    },
    Modes {
        batch: Tensor,
        step: u64,
        both: Option<[Vec<Tensor>; 2]>,
        next: usize,
    },
    Units {
        counts: UnitCounts,
        images: Arc<LabeledImages>,
        total: usize,
        batches: usize,
    },
    Points(Box<PointsWork>),
    /// The answer is that there is none.
    NoMap,
}

/// What a piece of work gave.
#[derive(Debug, PartialEq)]
pub struct Piece {
    /// Something to tell.
    pub finding: Option<Finding>,
    /// Whether there is more to do.
    pub goes_on: bool,
}

impl Piece {
    fn last(finding: Finding) -> Self {
        Self { finding: Some(finding), goes_on: false }
    }
}

impl Inspector {
    /// Begins the work.
    ///
    /// # Errors
    /// [`WorkerError::WrongPixels`] if the image or those of the sample are not the model's.
    pub fn new(mut probe: Probe, inspection: &Inspection, images: Images) -> Result<Self, WorkerError> {
        let wrong = |got| WorkerError::WrongPixels { expected: probe.spec().input_shape.clone(), got };
        let question = &inspection.question;
        if let Some((_, num_samples)) = question.sample() {
            let sample = images.sample.filter(|sample| !sample.is_empty()).ok_or_else(|| wrong(0))?;
            if sample.shape()[..] != probe.spec().input_shape.0[..] {
                return Err(wrong(sample.shape().iter().product()));
            }
            let work = if let Question::Points { samples, method, from, .. } = question {
                let work = PointsWork::new(&probe, sample, *samples, *method, from, images.epochs);
                Work::Points(Box::new(work))
            } else {
                let total = sample.len().min(num_samples as usize);
                Work::Units { counts: UnitCounts::new(&probe), images: sample, total, batches: 0 }
            };
            return Ok(Self { probe, work });
        }
        let bytes = &inspection.image;
        if bytes.is_empty() || bytes.len() != probe.spec().input_shape.size() {
            return Err(wrong(bytes.len()));
        }
        let values = bytes.iter().map(|byte| f32::from(*byte) / 255.0).collect();
        let image = Tensor::new(&probe.spec().input_shape.with_batch(1), values);
        let work = match *question {
            Question::Layers => Work::Layers { image, seen: None, next: 0 },
            Question::Saliency { class, of_probability } => {
                let score = if of_probability { Score::Probability } else { Score::Logit };
                Work::Saliency { image, class, score }
            }
            Question::GradCam { class, layer } => Work::GradCam { image, class, layer },
            Question::Occlusion { class, window, stride, fill } => {
                let class = named(&mut probe, &image, class);
                let fill = f32::from(fill) / 255.0;
                let occlusion = Occlusion::new(image, class as usize, window as usize, stride as usize, fill);
                occlusion.map_or(Work::NoMap, |occlusion| Work::Occlusion { occlusion, class })
            }
            Question::Modes { step } => Work::Modes {
                batch: together(image, images.companions),
                step: step.into(),
                both: None,
                next: 0,
            },
            Question::Verdict | Question::Units { .. } | Question::Points { .. } => Work::Verdict(image),
        };
        Ok(Self { probe, work })
    }

    /// Does one piece.
    pub fn step(&mut self) -> Piece {
        let probe = &mut self.probe;
        match &mut self.work {
            Work::NoMap => Piece::last(Finding::NoMap),
            Work::Verdict(image) => {
                let mut seen = probe.see(image);
                let logits = seen.logits.map_or_else(Vec::new, Tensor::into_values);
                let outputs = seen.outputs.pop().map_or_else(Vec::new, Tensor::into_values);
                Piece::last(Finding::Verdict { logits, outputs })
            }
            Work::Layers { image, seen, next } => {
                let outputs = &seen.get_or_insert_with(|| probe.see(image)).outputs;
                let finding = Finding::Layer(layer_output(probe, *next, &outputs[*next]));
                *next += 1;
                Piece { finding: Some(finding), goes_on: *next < probe.spec().layers.len() }
            }
            Work::Saliency { image, class, score } => {
                let class = named(probe, image, *class);
                let found = saliency(probe, image, class as usize, *score);
                Piece::last(Finding::Saliency { class, shape: found.shape, signed: found.signed })
            }
            Work::GradCam { image, class, layer } => {
                let class = named(probe, image, *class);
                let last = || convolutions(&probe.spec().layers).last().map(|layer| *layer as u32);
                let Some(layer) = layer.or_else(last) else { return Piece::last(Finding::NoMap) };
                let map = grad_cam(probe, image, class as usize, layer as usize);
                Piece::last(map.map_or(Finding::NoMap, |map| {
                    let (height, width) = (map.height, map.width);
                    Finding::Map { class, layer, height, width, values: map.values, weights: map.weights }
                }))
            }
            Work::Occlusion { occlusion, class } => {
                let goes_on = occlusion.step(probe);
                let tells = !goes_on || occlusion.done().is_multiple_of(WINDOWS);
                Piece { finding: tells.then(|| covered(occlusion, *class)), goes_on }
            }
            Work::Modes { batch, step, both, next } => {
                let [inference, training] = both.get_or_insert_with(|| {
                    [probe.see(batch).outputs, probe.see_in_training(batch, 0, *step)]
                });
                let layer = *next;
                let first = |output: &Tensor| first_of(probe, layer, output);
                let ((shape, inference), (_, training)) = (first(&inference[layer]), first(&training[layer]));
                *next += 1;
                let (batch, layer) = (batch.batch() as u32, layer as u32);
                let finding = Finding::Modes { layer, shape, inference, training, batch };
                Piece { finding: Some(finding), goes_on: *next < probe.spec().layers.len() }
            }
            Work::Units { counts, images, total, batches } => {
                let begin = counts.images();
                let indices: Vec<u32> = (begin..(begin + BATCH).min(*total)).map(|idx| idx as u32).collect();
                if !indices.is_empty() {
                    counts.step(probe, &images.batch(&indices).0);
                    *batches += 1;
                }
                let goes_on = counts.images() < *total;
                let tells = !goes_on || batches.is_multiple_of(BATCHES);
                Piece { finding: tells.then(|| units(counts)), goes_on }
            }
            Work::Points(points) => {
                let (finding, goes_on) = points.step(probe);
                Piece { finding, goes_on }
            }
        }
    }
}

/// The class asked for, or the one the model takes the image for.
fn named(probe: &mut Probe, image: &Tensor, class: Option<u32>) -> u32 {
    let classes = probe.classes() as u32;
    class.filter(|class| *class < classes).unwrap_or_else(|| {
        let outputs = probe.predict(image);
        let values = outputs.values();
        (0..values.len()).fold(0, |best, idx| if values[idx] > values[best] { idx } else { best }) as u32
    })
}

fn together(image: Tensor, companions: Option<Tensor>) -> Tensor {
    let Some(companions) = companions.filter(|other| other.sample_extents() == image.sample_extents()) else {
        return image;
    };
    let mut extents = image.extents().to_vec();
    extents[0] += companions.batch();
    Tensor::new(&extents, [image.values(), companions.values()].concat())
}

/// The first sample's output, channels last.
fn first_of(probe: &Probe, layer: usize, output: &Tensor) -> ([usize; 3], Vec<f32>) {
    channels_last(
        &probe.spec().layers[layer],
        &probe.shapes()[layer + 1],
        &output.values()[..output.sample_size()],
    )
}

fn layer_output(probe: &Probe, layer: usize, output: &Tensor) -> LayerOutput {
    let (shape, values) = first_of(probe, layer, output);
    let (mut kernel, mut kernel_shape) = (Vec::new(), [0; 4]);
    if matches!(probe.spec().layers[layer], LayerSpec::Conv2d(_)) {
        let params = probe.spec().params().unwrap_or_default();
        let found = params.into_iter().find(|param| param.layer == layer && param.spec.name == "kernel");
        if let Some(param) = found
            && let Ok(extents) = <[usize; 4]>::try_from(&param.spec.extents[..])
        {
            kernel = probe.params()[param.offset..param.offset + param.spec.size()].to_vec();
            kernel_shape = extents;
        }
    }
    LayerOutput { layer: layer as u32, shape, values, kernel, kernel_shape }
}

fn covered(occlusion: &Occlusion, class: u32) -> Finding {
    let wire = |starts: &[usize]| starts.iter().map(|start| *start as u32).collect();
    Finding::Covered {
        class,
        base: occlusion.base().unwrap_or(0.0),
        rows: wire(occlusion.rows()),
        columns: wire(occlusion.columns()),
        values: occlusion.values().to_vec(),
        drops: occlusion.drops(),
    }
}

fn units(counts: &UnitCounts) -> Finding {
    let layers = counts.layers().iter().map(|layer| LayerUnits {
        layer: layer.layer as u32,
        zeros: layer.shares(),
        dead: layer.dead().into_iter().map(|unit| unit as u32).collect(),
    });
    Finding::Units { images: counts.images() as u32, layers: layers.collect() }
}

#[cfg(test)]
#[path = "inspector_tests.rs"]
mod tests;
