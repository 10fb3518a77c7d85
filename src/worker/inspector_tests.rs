use super::*;
use crate::data::DatasetId;
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::ModelSpec;
use crate::protocol::Embedding;

fn probe(spec: &ModelSpec) -> Probe {
    Probe::new(spec, Sequential::new(spec, 3).unwrap().params().to_vec()).unwrap()
}

fn sample() -> Arc<LabeledImages> {
    let pixels = (0..30 * 784u32).map(|idx| (idx.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    Arc::new(LabeledImages::new([28, 28, 1], pixels, (0..30).map(|idx| idx % 10).collect()))
}

fn inspection(question: Question) -> Inspection {
    Inspection { image: sample().image(3).to_vec(), question }
}

/// All findings of a question.
fn answer(preset: Preset, question: Question) -> Vec<Finding> {
    let images = Images { sample: Some(sample()), companions: None, epochs: Some(2) };
    let mut inspector = Inspector::new(probe(&preset.spec()), &inspection(question), images).unwrap();
    let mut found = Vec::new();
    loop {
        let piece = inspector.step();
        found.extend(piece.finding);
        if !piece.goes_on {
            return found;
        }
    }
}

const NETWORKS: [Preset; 3] = [Preset::Mlp, Preset::Lenet5, Preset::MnistCnn];

#[test]
fn every_network_answers_every_question() {
    for preset in NETWORKS {
        let layers = preset.spec().layers.len();
        let questions = [
            (Question::Verdict, 1),
            (Question::Layers, layers),
            (Question::Saliency { class: None, of_probability: true }, 1),
            (Question::GradCam { class: Some(3), layer: None }, 1),
            (Question::Occlusion { class: Some(99), window: 7, stride: 7, fill: 0 }, 1),
            (Question::Modes { step: 1 }, layers),
            (Question::Units { dataset: DatasetId::Mnist, samples: 9 }, 1),
        ];
        for (question, expected) in questions {
            let found = answer(preset, question.clone());
            assert_eq!(found.len(), expected, "{question:?} of {}", preset.id());
            let is_none = matches!(found[0], Finding::NoMap);
            let wants_convolution = matches!(question, Question::GradCam { .. });
            assert_eq!(
                is_none,
                wants_convolution && preset == Preset::Mlp,
                "{question:?} of {}",
                preset.id()
            );
        }
    }
}

#[test]
fn a_verdict_is_a_softmax_of_its_logits() {
    let found = answer(Preset::Lenet5, Question::Verdict);
    let [Finding::Verdict { logits, outputs }] = &found[..] else { panic!("one verdict") };
    assert_eq!((logits.len(), outputs.len()), (10, 10));
    let mut row = logits.clone();
    crate::engine::layers::softmax(&mut row);
    assert!(row.iter().zip(outputs).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn a_convolution_comes_with_its_kernel() {
    let found = answer(Preset::Lenet5, Question::Layers);
    let Finding::Layer(first) = &found[0] else { panic!("a layer") };
    assert_eq!((first.shape, first.kernel_shape, first.kernel.len()), ([28, 28, 6], [5, 5, 1, 6], 150));
    let Finding::Layer(second) = &found[1] else { panic!("a layer") };
    assert_eq!((second.shape, second.kernel.len()), ([14, 14, 6], 0));
}

#[test]
fn a_map_grows_and_the_last_one_is_whole() {
    let found = answer(Preset::Mlp, Question::Occlusion { class: None, window: 4, stride: 4, fill: 0 });
    let done: Vec<usize> = found
        .iter()
        .map(|finding| match finding {
            Finding::Covered { values, .. } => values.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(done, [25, 49]);
}

#[test]
fn points_come_from_the_penultimate_layer_and_keep_their_side() {
    let ask = |method, from| {
        let question = Question::Points { dataset: DatasetId::Mnist, samples: 30, method, from };
        match answer(Preset::Lenet5, question).pop().unwrap() {
            Finding::Points { points, layer, dims, labels, iteration, epochs, .. } => {
                assert_eq!((layer, dims, labels.len(), epochs), (Some(6), 84, 30, Some(2)));
                (points, iteration)
            }
            other => panic!("{other:?}"),
        }
    };
    let (points, _) = ask(Embedding::Pca, Vec::new());
    assert_eq!(points.len(), 60);
    let mirrored: Vec<f32> = points.iter().map(|x| -x).collect();
    assert_eq!(ask(Embedding::Pca, mirrored.clone()).0, mirrored);
    let (_, iteration) = ask(Embedding::Tsne { perplexity: 99.0, iterations: 60 }, Vec::new());
    assert_eq!(iteration, 60);
}

#[test]
fn images_of_another_shape_are_refused() {
    let spec = Preset::Mlp.spec();
    let refused = |inspection: &Inspection, images| Inspector::new(probe(&spec), inspection, images).is_err();
    assert!(refused(&Inspection { image: vec![0; 5], question: Question::Verdict }, Images::default()));
    let units = Question::Units { dataset: DatasetId::Mnist, samples: 9 };
    assert!(refused(&inspection(units.clone()), Images::default()));
    let small = Arc::new(LabeledImages::new([1, 1, 1], vec![0], vec![0]));
    assert!(refused(&inspection(units), Images { sample: Some(small), ..Images::default() }));
}

#[test]
fn companions_make_a_batch_with_the_image() {
    let (companions, _) = sample().batch(&[0, 1, 2]);
    let images = Images { companions: Some(companions), ..Images::default() };
    let question = inspection(Question::Modes { step: 0 });
    let mut inspector = Inspector::new(probe(&Preset::MnistCnn.spec()), &question, images).unwrap();
    let Some(Finding::Modes { batch, shape, training, .. }) = inspector.step().finding else {
        panic!("modes")
    };
    assert_eq!((batch, training.len()), (4, shape.iter().product()));
}
