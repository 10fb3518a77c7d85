use super::*;
use crate::engine::layers::{Activation, DataFormat, DenseSpec, DropoutSpec, FlattenSpec, LayerSpec};
use crate::engine::layers::{BatchNormalizationSpec, Conv2dSpec, RandomFlipSpec};
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::ModelSpec;
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Shape, Tensor};

fn image(extents: &[usize]) -> Tensor {
    let mut rng = Rng::new(7, Purpose::Init, 0, 0);
    Tensor::new(extents, (0..extents.iter().product()).map(|_| rng.unit()).collect())
}

fn model(input: Shape, layers: Vec<LayerSpec>) -> ModelSpec {
    ModelSpec { name: String::new(), input_shape: input, layers }
}

fn probe(spec: &ModelSpec) -> Probe {
    Probe::new(spec, Sequential::new(spec, 3).unwrap().params().to_vec()).unwrap()
}

fn dense(units: usize, activation: Activation) -> LayerSpec {
    DenseSpec { units, activation, ..DenseSpec::default() }.into()
}

#[test]
fn every_preset_predicts_as_its_model_does() {
    for preset in Preset::ALL {
        let spec = preset.spec();
        let mut model = Sequential::new(&spec, 3).unwrap();
        let mut probe = Probe::new(&spec, model.params().to_vec()).unwrap();
        let images = image(&[2, 28, 28, 1]);
        let (whole, parts) = (model.predict(&images), probe.see(&images));
        let near =
            |a: &Tensor, b: &Tensor| a.values().iter().zip(b.values()).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(near(&whole, parts.outputs.last().unwrap()), "{}", preset.id());
        assert!(near(&whole, &probe.predict(&images)), "{}", preset.id());
        assert_eq!(parts.outputs.len(), spec.layers.len());
        for (output, shape) in parts.outputs.iter().zip(&probe.shapes()[1..]) {
            assert_eq!(output.sample_shape(), *shape, "{}", preset.id());
        }
    }
}

#[test]
fn classes_are_read_from_the_layer_before_the_last_kernel() {
    assert_eq!(probe(&Preset::Mlp.spec()).penultimate(), Some(1));
    assert_eq!(probe(&Preset::Softmax.spec()).penultimate(), Some(0));
    let alone = model(Shape::from([4]), vec![dense(2, Activation::Softmax)]);
    assert_eq!(probe(&alone).penultimate(), None);
}

#[test]
fn a_perceptron_has_no_map_and_a_flat_input_no_window() {
    let mlp = Preset::Mlp.spec();
    assert!(convolutions(&mlp.layers).is_empty());
    let mut probe = probe(&mlp);
    assert_eq!(grad_cam(&mut probe, &image(&[1, 28, 28, 1]), 0, 1), None);
    assert_eq!(grad_cam(&mut probe, &image(&[1, 28, 28, 1]), 0, 99), None);
    assert!(Occlusion::new(image(&[1, 8]), 0, 2, 1, 0.0).is_none());
}

#[test]
fn a_map_does_not_depend_on_where_the_channels_are() {
    let conv = |data_format| Conv2dSpec { filters: 3, data_format, ..Conv2dSpec::default() }.into();
    let flatten = |data_format| FlattenSpec { data_format }.into();
    let build =
        |input, format| model(input, vec![conv(format), flatten(format), dense(2, Activation::Softmax)]);
    let last = build(Shape::from([5, 6, 1]), DataFormat::ChannelsLast);
    let first = build(Shape::from([1, 5, 6]), DataFormat::ChannelsFirst);
    let params = Sequential::new(&last, 3).unwrap().params().to_vec();
    let map = |spec: &ModelSpec, extents: &[usize]| {
        let mut probe = Probe::new(spec, params.clone()).unwrap();
        grad_cam(&mut probe, &image(extents), 1, 0).unwrap()
    };
    assert_eq!(map(&last, &[1, 5, 6, 1]), map(&first, &[1, 1, 5, 6]));
}

#[test]
fn questions_in_inference_meet_nothing_random() {
    let layers = vec![
        RandomFlipSpec::default().into(),
        FlattenSpec::default().into(),
        DropoutSpec { rate: 0.9, ..DropoutSpec::default() }.into(),
        BatchNormalizationSpec::default().into(),
        dense(3, Activation::Softmax),
    ];
    let spec = model(Shape::from([3, 3, 1]), layers);
    let mut probe = probe(&spec);
    let image = image(&[1, 3, 3, 1]);
    let first = saliency(&mut probe, &image, 1, Score::Probability);
    assert_eq!(first, saliency(&mut probe, &image, 1, Score::Probability));
    assert!(first.signed.iter().all(|g| *g != 0.0));
    assert_eq!(probe.see(&image).outputs[2].values(), image.values());
    let trained = probe.see_in_training(&image, 1, 0);
    assert!(trained[2].values().contains(&0.0));
    // Normalized with the statistics of one image, each value is its own mean.
    assert!(trained[3].values().iter().all(|value| *value == 0.0));
    assert_eq!(trained, probe.see_in_training(&image, 1, 0));
    assert_ne!(trained, probe.see_in_training(&image, 1, 1));
}

#[test]
fn windows_reach_every_pixel_and_a_step_covers_one() {
    let spec =
        model(Shape::from([5, 4, 1]), vec![FlattenSpec::default().into(), dense(2, Activation::Softmax)]);
    let mut probe = probe(&spec);
    let mut occlusion = Occlusion::new(image(&[1, 5, 4, 1]), 0, 2, 2, 0.0).unwrap();
    assert_eq!((occlusion.rows(), occlusion.columns(), occlusion.total()), (&[0, 2, 3][..], &[0, 2][..], 6));
    assert!(occlusion.drops().iter().all(|drop| *drop == 0.0));
    let mut steps = 1;
    while occlusion.step(&mut probe) {
        steps += 1;
    }
    assert_eq!((steps, occlusion.done()), (6, 6));
    assert!(!occlusion.step(&mut probe) && occlusion.done() == 6);
    assert!(occlusion.drops().iter().all(|drop| *drop != 0.0));
    let whole = Occlusion::new(image(&[1, 5, 4, 1]), 0, 99, 0, 0.0).unwrap();
    assert_eq!(whole.total(), 1);
}

#[test]
fn a_unit_that_is_zero_for_every_image_is_dead() {
    let spec = model(Shape::from([2]), vec![dense(3, Activation::Relu), dense(2, Activation::Softmax)]);
    // Kernel [2, 3] and bias of the first layer: always, never, sometimes zero.
    let mut params = vec![-1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 0.0, 1.0, 0.0];
    params.extend([0.0; 8]);
    let mut probe = Probe::new(&spec, params).unwrap();
    let mut counts = UnitCounts::new(&probe);
    assert_eq!(counts.layers()[0].dead(), Vec::<usize>::new());
    counts.step(&mut probe, &Tensor::new(&[2, 2], vec![1.0, 0.5, 0.5, 1.0]));
    counts.step(&mut probe, &Tensor::new(&[2, 2], vec![1.0, 0.0, 0.0, 1.0]));
    assert_eq!((counts.images(), counts.layers().len()), (4, 1));
    assert_eq!(counts.layers()[0].shares(), [1.0, 0.0, 0.5]);
    assert_eq!(counts.layers()[0].dead(), [0]);
}

#[test]
fn rows_that_do_not_vary_have_no_components() {
    let mut pca = Pca::new(&[1.0, 2.0, 1.0, 2.0], 2);
    while pca.step() {}
    let result = pca.result();
    assert_eq!((result.variances, result.ratios), ([0.0; 2], [0.0; 2]));
    assert_eq!(result.points, [[0.0; 2]; 2]);
    let mut narrow = Pca::new(&[1.0, 2.0, 4.0], 1);
    while narrow.step() {}
    assert!((narrow.result().ratios[0] - 1.0).abs() < 1e-12);
}

#[test]
fn neighbors_stay_together_and_the_loss_falls() {
    let mut rng = Rng::new(1, Purpose::Init, 0, 0);
    let rows: Vec<f32> = (0..60)
        .flat_map(|row| [(row % 3) as f32 * 9.0, (row % 3) as f32, 0.0])
        .map(|center| center + rng.unit())
        .collect();
    let mut pca = Pca::new(&rows, 3);
    while pca.step() {}
    let begin = Tsne::beginning(&pca.result().points);
    let arguments = TsneArguments { perplexity: 8.0, max_iter: 400, ..TsneArguments::default() };
    let mut tsne = Tsne::new(rows, 3, begin, arguments);
    while tsne.step() {}
    assert_eq!(tsne.iteration(), 400);
    assert!(tsne.loss().unwrap() < 0.5);
    let points = tsne.points();
    let distance = |a: usize, b: usize| {
        let [dx, dy] = [0, 1].map(|axis| points[a][axis] - points[b][axis]);
        dx * dx + dy * dy
    };
    let nearest = |a: usize| {
        (0..60).filter(|b| *b != a).min_by(|x, y| distance(a, *x).total_cmp(&distance(a, *y))).unwrap()
    };
    assert!((0..60).all(|point| nearest(point) % 3 == point % 3));
}

#[test]
fn one_point_has_no_neighbors() {
    assert!(!Tsne::new(vec![1.0], 1, vec![[0.0; 2]], TsneArguments::default()).step());
}
