//! The program is compared as text and the weights are read again; `scripts/interop/torch_check.py` runs both.

use std::collections::BTreeSet;

use safetensors::SafeTensors;

use super::classes::Class;
use super::*;
use crate::engine::presets::Preset;
use crate::engine::spec::ModelSpec;
use crate::formats::model_zoo::{filled, zoo};

fn wrapping() -> Wrapping {
    Wrapping {
        stem: "mnist-cnn".to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: crate::formats::Language::English,
    }
}

fn written(saved: &SavedModel) -> (Vec<u8>, String) {
    let files = write(saved, &wrapping()).unwrap();
    let [weights, program] = &files[..] else { panic!("{} files", files.len()) };
    assert_eq!((&*weights.name, &*program.name), ("mnist-cnn.safetensors", "mnist-cnn.py"));
    (weights.bytes.clone(), String::from_utf8(program.bytes.clone()).unwrap())
}

fn model(name: &str) -> ModelSpec {
    zoo().into_iter().find(|model| model.name == name).unwrap()
}

fn values(bytes: &[u8], name: &str) -> (Vec<usize>, Vec<f32>) {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let view = file.tensor(name).unwrap();
    let floats = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    (view.shape().to_vec(), floats.collect())
}

#[test]
fn a_known_network_reads_as_one_writes_it() {
    let (bytes, text) = written(&filled(&Preset::Lenet5.spec()));
    let network = r#"class Network(nn.Sequential):
    def __init__(self):
        super().__init__(
            # conv2d
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            # max_pooling2d
            nn.MaxPool2d(2),
            # conv2d_1
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            # max_pooling2d_1
            nn.MaxPool2d(2),
            # flatten
            nn.Flatten(),
            # dense
            nn.Linear(400, 120),
            nn.ReLU(),
            # dense_1
            nn.Linear(120, 84),
            nn.ReLU(),
            # dense_2
            nn.Linear(84, 10),
            nn.Softmax(dim=1),
        )

    def forward(self, x):
        """Takes [n, 1, 28, 28], gives [n, 10]."""
        return super().forward(x)
"#;
    assert!(text.contains(network), "{text}");
    assert!(text.contains("WEIGHTS = Path(__file__).with_name(\"mnist-cnn.safetensors\")\n"), "{text}");
    assert_eq!(values(&bytes, "3.weight").0, [16, 6, 5, 5]);
    assert_eq!(values(&bytes, "7.weight").0, [120, 400]);
}

#[test]
fn kernels_change_their_axes_and_columns_follow_the_channels() {
    let mut model = model("flat-end-channels_last");
    model.input_shape = crate::tensor::Shape::from([1, 2, 2]);
    model.layers = model.layers.split_off(1);
    model.layers.push(crate::engine::layers::DenseSpec { units: 1, ..Default::default() }.into());
    let saved = SavedModel { params: vec![1.0, 2.0, 3.0, 4.0, 5.0], ..filled(&model) };
    let (bytes, text) = written(&saved);
    // Keras counts columns, then channels; torch channels, then columns.
    assert_eq!(values(&bytes, "1.weight"), (vec![1, 4], vec![1.0, 3.0, 2.0, 4.0]));
    assert!(text.contains("def from_keras(x):"), "{text}");
    assert!(!text.contains("def to_keras"), "{text}");
}

#[test]
fn batch_normalization_says_keras_epsilon_and_turns_the_momentum_round() {
    let (bytes, text) = written(&filled(&model("batchnormalization-3-axis-1")));
    assert!(text.contains("nn.BatchNorm2d(3, eps=0.01, momentum=1 - 0.9),"), "{text}");
    // Scale alone, center alone: torch has both or none.
    assert_eq!(values(&bytes, "1.bias"), (vec![3], vec![0.0; 3]));
    assert_eq!(values(&bytes, "2.weight"), (vec![3], vec![1.0; 3]));
    assert!(SafeTensors::deserialize(&bytes).unwrap().tensor("0.num_batches_tracked").is_err());
}

#[test]
fn borders_that_differ_stand_in_front() {
    let program = |name: &str| written(&filled(&model(name))).1;
    let text = program("maxpooling2d-same-channels_last");
    // Of 9 rows and 8 columns, windows of 2×2.
    assert!(
        text.contains("nn.ConstantPad2d((0, 0, 0, 1), -torch.inf),\n            nn.MaxPool2d(2),"),
        "{text}"
    );
    let text = program("averagepooling2d-odd-same-channels_last");
    assert!(text.contains("nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),"), "{text}");
    let text = program("averagepooling2d-same-channels_first");
    assert!(text.contains("AveragePooling(2, 2, (0, 0, 0, 1)),"), "{text}");
    assert!(text.contains("from torch.nn import functional as F\n"), "{text}");
    let text = program("conv2d-strides-same-channels_last");
    assert!(
        text.contains("nn.ZeroPad2d((0, 1, 1, 1)),\n            nn.Conv2d(4, 6, 3, stride=2),"),
        "{text}"
    );
}

#[test]
fn every_tensor_belongs_to_a_module_that_is_there() {
    let mut used = BTreeSet::new();
    for model in zoo() {
        let saved = filled(&model);
        let (bytes, text) = written(&saved);
        let lines: Vec<&str> = text
            .lines()
            .skip_while(|line| !line.starts_with("class Network"))
            .skip(3)
            .take_while(|line| *line != "        )")
            .filter(|line| line.starts_with("            ") && !line.trim_start().starts_with('#'))
            // A line of a call that is broken into many is indented further.
            .filter(|line| !line.starts_with("             ") && *line != "            ),")
            .collect();
        assert!(!lines.is_empty(), "{}", model.name);
        for name in SafeTensors::deserialize(&bytes).unwrap().names() {
            let (position, tensor) = name.split_once('.').unwrap();
            let module = lines[position.parse::<usize>().unwrap()].trim();
            let learns =
                ["Conv2d", "Linear", "Norm", "PReLU", "Prelu"].iter().any(|kind| module.contains(kind));
            assert!(learns, "{}: {tensor} of {module}", model.name);
        }
        used.extend(Class::ALL.into_iter().filter(|class| text.contains(class.source())));
    }
    assert_eq!(used.into_iter().collect::<Vec<_>>(), Class::ALL);
}

#[test]
fn names_of_files_are_quoted() {
    let saved = filled(&Preset::Softmax.spec());
    let wrapping = Wrapping { stem: "a\"b\\c".to_owned(), ..wrapping() };
    let program = String::from_utf8(write(&saved, &wrapping).unwrap().remove(1).bytes).unwrap();
    assert!(program.contains(r#"with_name("a\"b\\c.safetensors")"#), "{program}");
}
