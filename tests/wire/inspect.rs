//! Samples of questions about a model, and of what was found.

use svertka::data::DatasetId;
use svertka::protocol::{Embedding, Finding, Inspection, LayerOutput, LayerUnits, Question};

use crate::assert_holds_every_variant;

/// One question of each kind, with and without what may be missing.
pub fn inspections() -> Vec<Inspection> {
    let dataset = DatasetId::FashionMnist;
    let tsne = Embedding::Tsne { perplexity: 30.0, iterations: 1_000 };
    let points = |method, from| Question::Points { dataset, samples: 1_000, method, from };
    let questions = [
        Question::Verdict,
        Question::Layers,
        Question::Saliency { class: Some(9), of_probability: true },
        Question::GradCam { class: None, layer: Some(u32::MAX) },
        Question::Occlusion { class: None, window: 5, stride: 2, fill: 255 },
        Question::Modes { step: 7 },
        Question::Units { dataset, samples: 200 },
        points(Embedding::Pca, vec![-0.0, f32::MAX]),
        points(tsne, Vec::new()),
    ];
    assert_holds_every_variant!(
        questions,
        Question { Verdict, Layers, Saliency, GradCam, Occlusion, Modes, Units, Points }
    );
    assert_holds_every_variant!([Embedding::Pca, tsne], Embedding { Pca, Tsne });
    let mut kinds: Vec<u8> = questions.iter().map(Question::kind).collect();
    kinds.dedup();
    assert!(kinds.is_sorted_by(|a, b| a < b), "kinds are told apart");
    questions.into_iter().map(|question| Inspection { image: vec![0, 128, 255], question }).collect()
}

/// One of each kind.
pub fn findings() -> Vec<Finding> {
    let values = || vec![-0.5, f32::INFINITY];
    let layer = LayerOutput {
        layer: 3,
        shape: [1, 2, 1],
        values: values(),
        kernel: vec![0.25],
        kernel_shape: [1, 1, 1, 1],
    };
    let units = LayerUnits { layer: 1, zeros: vec![0.0, 1.0], dead: vec![1] };
    let points = |epochs, layer, loss| Finding::Points {
        epochs,
        layer,
        dims: 84,
        iteration: 250,
        loss,
        ratios: [0.5, 0.25],
        points: vec![1.0, -1.0],
        labels: vec![7],
    };
    let samples = vec![
        Finding::Verdict { logits: Vec::new(), outputs: values() },
        Finding::Layer(layer),
        Finding::Saliency { class: 2, shape: [1, 2, 1], signed: values() },
        Finding::Map { class: 2, layer: 0, height: 1, width: 2, values: values(), weights: vec![1.0] },
        Finding::NoMap,
        Finding::Covered {
            class: 1,
            base: 0.75,
            rows: vec![0],
            columns: vec![0, 3],
            values: values(),
            drops: values(),
        },
        Finding::Modes { layer: 4, shape: [1, 2, 1], inference: values(), training: values(), batch: 32 },
        Finding::Units { images: 200, layers: vec![units] },
        points(Some(3), Some(6), Some(f64::MAX)),
        points(None, None, None),
    ];
    assert_holds_every_variant!(
        samples,
        Finding { Verdict, Layer, Saliency, Map, NoMap, Covered, Modes, Units, Points }
    );
    samples
}
