//! Files as large as people make them are read within the same bounds as damaged ones.

use svertka::engine::layers::{
    Activation, ActivationSpec, BatchNormalizationSpec, Conv2dSpec, DenseSpec, DropoutSpec, FlattenSpec,
    LayerSpec, Padding,
};
use svertka::engine::presets::Preset;
use svertka::engine::spec::{ModelSpec, RunSpec};
use svertka::formats::hdf5::Node;
use svertka::formats::{
    Language, ModelFile, ModelFormat, SavedModel, Wrapping, hdf5, keras_code, run_json, write,
};
use svertka::tensor::Shape;

use super::readers::{check, known};
use super::{archive, group};

fn run<const N: usize>(input_shape: [usize; N], layers: Vec<LayerSpec>) -> RunSpec {
    RunSpec::new(ModelSpec { name: "net".to_owned(), input_shape: Shape::from(input_shape), layers })
}

/// Fifty blocks of four layers, all with arguments.
fn two_hundred() -> RunSpec {
    let block = || -> [LayerSpec; 4] {
        let conv = Conv2dSpec { filters: 2, padding: Padding::Same, ..Conv2dSpec::default() };
        let relu = ActivationSpec { activation: Activation::Relu };
        [
            conv.into(),
            BatchNormalizationSpec::default().into(),
            relu.into(),
            DropoutSpec { rate: 0.5, ..DropoutSpec::default() }.into(),
        ]
    };
    let mut layers: Vec<LayerSpec> = (0..49).flat_map(|_| block()).collect();
    layers.extend([FlattenSpec::default().into(), DenseSpec { units: 3, ..DenseSpec::default() }.into()]);
    layers.extend(vec![DropoutSpec { rate: 0.5, ..DropoutSpec::default() }.into(); 2]);
    assert_eq!(layers.len(), 200);
    run([4, 4, 1], layers)
}

/// Small ones without weights, and one with.
fn thousand() -> RunSpec {
    let mut layers = vec![LayerSpec::from(DropoutSpec { rate: 0.5, ..DropoutSpec::default() }); 999];
    layers.push(DenseSpec { units: 1, ..DenseSpec::default() }.into());
    run([4], layers)
}

fn saved(job: RunSpec) -> SavedModel {
    let params = vec![0.5; job.model.num_params().unwrap()];
    SavedModel { model: job.model.clone(), params, job: Some(job), epochs: Some(2), optimizer: None }
}

fn file(format: ModelFormat, saved: &SavedModel) -> Vec<u8> {
    let wrapping = Wrapping { stem: "m".to_owned(), date: String::new(), language: Language::English };
    write(format, saved, &wrapping).unwrap().remove(0).bytes
}

#[test]
fn descriptions_of_many_layers_are_read() {
    let presets = Preset::ALL.iter().map(|preset| RunSpec::new(preset.spec()));
    for run in presets.chain([two_hundred(), thousand()]) {
        let layers = run.model.layers.len();
        assert!(check("run_json", &known(), run_json::write_run(&run).as_bytes()), "{layers} layers");
        let file = ModelFile::new(run.model.clone(), Some(run));
        assert!(check("model_json", &known(), file.to_json().as_bytes()), "{layers} layers");
    }
}

#[test]
fn programs_of_many_lines_are_read() {
    let presets = Preset::ALL.iter().map(|preset| RunSpec::new(preset.spec()));
    for run in presets.chain([two_hundred()]) {
        let program = keras_code::write_program(&run);
        let layers = run.model.layers.len();
        assert!(check("keras_code", &known(), program.as_bytes()), "{layers} layers");
        // As notebooks have it: a line for each layer, others between them.
        let mut lines = "import keras\nfrom keras import layers\nmodel = keras.Sequential()\n".to_owned();
        let model = keras_code::write_model(&run.model);
        let calls = model
            .lines()
            .filter(|line| line.starts_with("    "))
            .map(|line| line.trim().trim_end_matches(','));
        for (number, call) in calls.enumerate() {
            let others = if run.model.layers.len() == 200 {
                "print(model.output_shape)  # after the layer\n"
            } else {
                ""
            };
            lines.extend(["model.add(", call, ")\n", others]);
            if number == 100 {
                lines
                    .push_str(&"\n# A comment between the layers, as people write them.\nx = 1\n".repeat(50));
            }
        }
        assert!(check("keras_code", &known(), lines.as_bytes()), "{layers} layers");
    }
}

#[test]
fn files_of_thousands_of_layers_with_weights_are_read() {
    let dense = || LayerSpec::from(DenseSpec { units: 1, ..DenseSpec::default() });
    let dropout = || LayerSpec::from(DropoutSpec { rate: 0.5, ..DropoutSpec::default() });
    let many = run([4], (0..2_000).map(|_| dense()).collect());
    let mixed = run([4], (0..2_000).flat_map(|_| [dense(), dropout()]).collect());
    for job in [two_hundred(), thousand(), many, mixed] {
        let layers = job.model.layers.len();
        let saved = saved(job.clone());
        for (format, reader) in [
            (ModelFormat::Keras, "keras"),
            (ModelFormat::KerasH5, "legacy_h5"),
            (ModelFormat::KerasWeights, "weights_h5"),
        ] {
            // Thousands of layers that say the same are packed so well in an archive that they are taken for a bomb.
            if format != ModelFormat::Keras || layers <= 2_000 {
                assert!(check(reader, &job, &file(format, &saved)), "{reader}, {layers} layers");
            }
        }
    }
}

/// As Keras 3 writes it, with all that it says of each.
fn keras3_layer(class: &str, number: usize, arguments: &str) -> String {
    format!(
        r#"{{"module": "keras.layers", "class_name": "{class}", "config": {{"name": "{}_{number}", "trainable": true, "dtype": {{"module": "keras", "class_name": "DTypePolicy", "config": {{"name": "float32"}}, "registered_name": null}}, {arguments}}}, "registered_name": null, "build_config": {{"input_shape": [null, 8, 8, 1]}}}}"#,
        class.to_lowercase()
    )
}

#[test]
fn archives_that_pack_many_layers_into_little_are_read() {
    let first = r#"{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1], "dtype": "float32", "sparse": false, "ragged": false, "name": "input_layer"}, "registered_name": null}"#;
    let pooling =
        r#""pool_size": [1, 1], "padding": "valid", "strides": [1, 1], "data_format": "channels_last""#;
    let layers: Vec<String> = std::iter::once(first.to_owned())
        .chain((0..200).map(|number| match number % 3 {
            0 => keras3_layer("MaxPooling2D", number, pooling),
            1 => keras3_layer("Dropout", number, r#""rate": 0.25, "seed": null, "noise_shape": null"#),
            _ => keras3_layer("Activation", number, r#""activation": "relu""#),
        }))
        .collect();
    let config = format!(
        r#"{{"module": "keras", "class_name": "Sequential", "config": {{"name": "sequential", "trainable": true, "dtype": {{"module": "keras", "class_name": "DTypePolicy", "config": {{"name": "float32"}}, "registered_name": null}}, "layers": [{}], "build_input_shape": [null, 8, 8, 1]}}, "registered_name": null, "build_config": {{"input_shape": [null, 8, 8, 1]}}}}"#,
        layers.join(", ")
    );
    let metadata = br#"{"keras_version": "3.15.1", "date_saved": "2026-11-29@13:05:00"}"#;
    let names = ["max_pooling2d", "dropout", "activation"];
    let members = (0..200).map(|number| {
        let (class, count) = (names[number % 3], number / 3);
        let name = if count == 0 { class.to_owned() } else { format!("{class}_{count}") };
        (name, Node::Group(group([], [("vars", Node::Group(hdf5::Group::default()))])))
    });
    let layers = hdf5::Group { attributes: vec![], members: members.collect() };
    let root = group([], [("layers", Node::Group(layers)), ("vars", Node::Group(hdf5::Group::default()))]);
    let weights = hdf5::write(&root).unwrap();
    let files = [
        ("metadata.json", metadata.as_slice()),
        ("config.json", config.as_bytes()),
        ("model.weights.h5", weights.as_slice()),
    ];
    let bytes = archive(&files);
    assert!(bytes.len() < 30_000, "{}", bytes.len());
    assert!(check("keras", &known(), &bytes));
    // Keras 2's file holds the same description, as it is.
    let texts = |text: &str| super::texts(&[text]);
    let names = hdf5::Array { extents: vec![0], values: hdf5::Values::Text(vec![]) };
    let weights = group([("layer_names", names)], []);
    let root = group([("model_config", texts(&config))], [("model_weights", Node::Group(weights))]);
    assert!(check("legacy_h5", &known(), &hdf5::write(&root).unwrap()));
}
