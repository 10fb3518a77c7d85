//! What a model saw, against Keras; principal components and t-SNE, against scikit-learn.

use std::fs;

use serde::Deserialize;
use svertka::engine::probe::{
    Occlusion, Pca, Probe, Score, Tsne, TsneArguments, convolutions, grad_cam, joint_probabilities,
    kl_divergence, saliency,
};
use svertka::engine::spec::ModelSpec;
use svertka::formats::read_weights;

use super::case::{Array, Comparison, Tolerance, folder};

/// One image and one class of a model, whose parameters lie beside the case.
#[derive(Deserialize)]
pub struct ProbeCase {
    model: ModelSpec,
    tolerance: Tolerance,
    input: Array,
    class: usize,
    /// What softmax is given.
    logits: Vec<f32>,
    /// In inference.
    outputs: Vec<LayerOutput>,
    /// Gradients with respect to the image.
    of_logit: Vec<f32>,
    of_probability: Vec<f32>,
    /// Grad-CAM.
    maps: Vec<LayerMap>,
    occlusion: CoveredImages,
}

#[derive(Deserialize)]
struct LayerOutput {
    layer: usize,
    values: Vec<f32>,
}

#[derive(Deserialize)]
struct LayerMap {
    layer: usize,
    weights: Vec<f32>,
    values: Vec<f32>,
}

#[derive(Deserialize)]
struct CoveredImages {
    window: usize,
    stride: usize,
    fill: f32,
    values: Vec<f32>,
}

/// Rows of numbers, and points in the plane for them.
#[derive(Deserialize)]
pub struct EmbeddingCase {
    tolerance: Tolerance,
    rows: Array,
    components: Vec<f64>,
    variances: Vec<f64>,
    ratios: Vec<f64>,
    points: Vec<f64>,
    perplexity: f64,
    /// `p[ij]`
    joint: Vec<f64>,
    /// Some points, the loss there and its gradient.
    y: Vec<f64>,
    kl: f64,
    grad: Vec<f64>,
    /// Where the descent begins.
    begin: Vec<f64>,
    descent: Descent,
}

#[derive(Deserialize)]
struct Descent {
    learning_rate: f64,
    iterations: usize,
    points: Vec<f64>,
    kl: f64,
}

pub fn probe(name: &str, case: &ProbeCase) -> Vec<Comparison> {
    let bytes = fs::read(folder().join(format!("{name}.safetensors"))).unwrap();
    let mut probe = Probe::new(&case.model, read_weights(&case.model, &bytes).unwrap()).unwrap();
    let mut comparisons = Vec::new();
    let mut compare = |what: String, got: &[f32], expected: &[f32]| {
        comparisons.push(Comparison::of_arrays(what, got, expected, case.tolerance.allowed));
    };
    let image = case.input.tensor();
    let seen = probe.see(&image);
    compare("logits".into(), seen.logits.unwrap().values(), &case.logits);
    assert!(!case.outputs.is_empty());
    for LayerOutput { layer, values } in &case.outputs {
        compare(format!("output {layer}"), seen.outputs[*layer].values(), values);
        compare(format!("output of {layer} alone"), probe.output_of(*layer, &image).values(), values);
    }
    for (what, score, expected) in [
        ("gradient of the logit", Score::Logit, &case.of_logit),
        ("gradient of the probability", Score::Probability, &case.of_probability),
    ] {
        compare(what.into(), &saliency(&mut probe, &image, case.class, score).signed, expected);
    }
    let convolutions = convolutions(&case.model.layers);
    assert!(convolutions.iter().all(|layer| case.maps.iter().any(|map| map.layer == *layer)));
    for LayerMap { layer, weights, values } in &case.maps {
        let map = grad_cam(&mut probe, &image, case.class, *layer).unwrap();
        compare(format!("weights of {layer}"), &map.weights, weights);
        compare(format!("map of {layer}"), &map.values, values);
    }
    let CoveredImages { window, stride, fill, values } = &case.occlusion;
    let mut occlusion = Occlusion::new(image, case.class, *window, *stride, *fill).unwrap();
    while occlusion.step(&mut probe) {}
    compare("covered".into(), occlusion.values(), values);
    comparisons
}

pub fn embedding(case: &EmbeddingCase) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    let mut compare = |what: &str, got: Vec<f64>, expected: &[f64]| {
        comparisons.push(Comparison::new(what, got, expected.to_vec(), case.tolerance.allowed));
    };
    let [n, dims] = case.rows.extents[..] else { panic!("rows") };
    let mut pca = Pca::new(&case.rows.values, dims);
    while pca.step() {}
    let result = pca.result();
    compare("components", result.components.concat(), &case.components);
    compare("variances", result.variances.to_vec(), &case.variances);
    compare("ratios", result.ratios.to_vec(), &case.ratios);
    compare("points", flat(&result.points), &case.points);

    let rows = case.rows.values.chunks_exact(dims);
    let distance = |a: &[f32], b: &[f32]| -> f64 {
        a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
    };
    let distances: Vec<f64> = rows.clone().flat_map(|a| rows.clone().map(move |b| distance(a, b))).collect();
    let joint = joint_probabilities(&distances, n, case.perplexity);
    let (kl, grad) = kl_divergence(&pairs(&case.y), &joint, 1.0, true);
    compare("joint probabilities", joint, &case.joint);
    compare("kl", vec![kl.unwrap()], &[case.kl]);
    compare("gradient", flat(&grad), &case.grad);

    compare("beginning", flat(&Tsne::beginning(&result.points)), &case.begin);
    let Descent { learning_rate, iterations, points, kl } = &case.descent;
    let arguments = TsneArguments {
        perplexity: case.perplexity,
        learning_rate: Some(*learning_rate),
        max_iter: *iterations,
        ..TsneArguments::default()
    };
    let mut tsne = Tsne::new(case.rows.values.clone(), dims, pairs(&case.begin), arguments);
    while tsne.step() {}
    compare("points after both phases", flat(tsne.points()), points);
    compare("kl after both phases", vec![tsne.loss().unwrap()], &[*kl]);
    comparisons
}

fn flat(points: &[[f64; 2]]) -> Vec<f64> {
    points.concat()
}

fn pairs(values: &[f64]) -> Vec<[f64; 2]> {
    values.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}
