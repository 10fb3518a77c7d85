//! Texts that would become much more memory than they are long, each in several lengths: those of files that people
//! write, and those near the limits. Many are read, or refused for what they say; none may take more than any file.

use svertka::engine::layers::FlattenSpec;
use svertka::engine::spec::ModelSpec;
use svertka::formats::hdf5::{self, Group, Node};
use svertka::formats::keras_file::model_json;

use super::readers::{check, known};
use super::{archive, group, texts};

/// In bytes. The shorter ones take most for their length; the last but one is almost as long as a program may be, the last as
/// a description.
pub const LENGTHS: [usize; 6] = [10_000, 30_000, 50_000, 100_000, 199_000, 1_000_000];

/// `piece` as often as it fits between `begin` and `end`; `#` in it is its number.
pub fn filled(len: usize, begin: &str, piece: &str, end: &str) -> String {
    let mut text = begin.to_owned();
    for number in 0.. {
        let next = piece.replace('#', &number.to_string());
        if text.len() + next.len() + end.len() > len {
            break;
        }
        text.push_str(&next);
    }
    // The last of a list has no comma behind it.
    if (end.starts_with(']') || end.starts_with('}')) && text.ends_with(',') {
        text.pop();
    }
    text + end
}

/// `opening` repeated, then `closing` as often.
pub fn nested(len: usize, opening: &str, inner: &str, closing: &str, deepest: usize) -> String {
    let depth = (len.saturating_sub(inner.len()) / (opening.len() + closing.len())).min(deepest);
    opening.repeat(depth) + inner + &closing.repeat(depth)
}

pub fn check_all(reader: &str, cases: &[(&str, String, &str)]) {
    let known = known();
    for (begin, piece, end) in cases {
        // Longer programs are not looked at.
        for len in LENGTHS.into_iter().filter(|len| reader != "keras_code" || *len < 200_000) {
            let text = filled(len, begin, piece, end);
            eprintln!("{reader}, {len} bytes of {}", &piece[..piece.len().min(60)]);
            check(reader, &known, text.as_bytes());
        }
    }
}

const MODEL: &str = r#"{"model":{"name":"m","input_shape":[4],"layers":["#;

/// Beginnings, pieces that are repeated, and ends: of one JSON for each place of a run.
#[expect(clippy::too_many_lines, reason = "a list")]
fn runs() -> Vec<(&'static str, String, &'static str)> {
    let mut cases = Vec::new();
    let mut add = |begin: &'static str, piece: &str, end| cases.push((begin, piece.to_owned(), end));
    let layers = [
        r#""Flatten","#,
        r#""dense","#,
        r#""D","#,
        r#"{"Flatten":{}},"#,
        r#"{"Flatten":null},"#,
        r#"{"Flatten":{"name":"f#"}},"#,
        r#"{"Flatten":{"a":1}},"#,
        r#"{"Dense":{"units":1}},"#,
        r#"{"Dense":{"units":4,"activation":null,"kernel_regularizer":"l2","bias_regularizer":"l1"}},"#,
        r#"{"Dense":{"units":4,"name":"d","dtype":"float32","lora_rank":null,"autocast":true,"x":1}},"#,
        r#"{"class_name":"Flatten"},"#,
        r#"{"class_name":"Dense","config":{"units":2,"name":"dense_#"}},"#,
        r#"{"Reshape":{"target_shape":[2,2,1,1,1,1,1,1]}},"#,
        r#"{"Dropout":{"rate":0.5}},"#,
        "1,",
        "null,",
        "[],",
        "[1],",
        "{},",
        r#"{"a":{}},"#,
        r#"{"":1},"#,
        r#""","#,
        r#""\"\\\u0041","#,
    ];
    for piece in layers {
        add(MODEL, piece, "]}}");
        add(r#"{"model":{"class_name":"Sequential","config":{"name":"m","layers":["#, piece, "]}}}");
        add("[", piece, "]");
        add(r#"{"a":{"layers":["#, piece, "]}}");
    }
    let model = r#"{"model":{"input_shape":[4],"layers":[{"Dense":{"units":2}}]},"#;
    let with = |rest: &str| -> &'static str { format!("{model}{rest}").leak() };
    for (list, pieces) in [
        (
            r#""compile":{"metrics":["#,
            vec![
                r#""mse","#,
                r#""a","#,
                r#"{"Precision":{"thresholds":[0.5,0.1]}},"#,
                "1,",
                r#"{"AUC":{"name":"a#","dtype":1}},"#,
            ],
        ),
        (r#""compile":{"weighted_metrics":["#, vec![r#""acc","#, r#"{"TopKCategoricalAccuracy":{"k":1}},"#]),
        (r#""compile":{"loss_weights":["#, vec!["1,", "[1],", "[[[]]],", r#"{"a":1},"#, r#""","#]),
        (r#""compile":{"loss":["#, vec![r#""mse","#, r#"{"Huber":{}},"#]),
        (r#""compile":{"optimizer":["#, vec![r#""adam","#, r#"{"Adam":{"lr":1,"decay":1}},"#]),
        (
            r#""fit":{"callbacks":["#,
            vec![
                r#""History","#,
                r#"{"EarlyStopping":{}},"#,
                r##"{"ModelCheckpoint":{"filepath":"#","period":1}},"##,
                r#"{"TensorBoard":{"log_dir":"a","embeddings_metadata":1}},"#,
                r#"{"LearningRateScheduler":{"schedule":{"PerEpoch":{"learning_rates":[1,1]}}}},"#,
                "1,",
            ],
        ),
        (r#""fit":{"validation_freq":["#, vec!["1,", r#""","#]),
        (r#""data":{"class_counts":["#, vec!["1,", "[],"]),
        (r#""model2":{"a":["#, vec!["1,", r#"{"layers":["Flatten"]},"#, r#"{"activation":null},"#]),
    ] {
        for piece in pieces {
            add(with(list), piece, "]}}");
        }
    }
    for (object, piece) in [
        (r#""fit":{"class_weight":{"#, r##""#":1,"##),
        (r#""fit":{"class_weight":{"#, r##""#":"a","##),
        (r#""fit":{"a":{"#, r#""k#":1,"#),
        (r#""compile":{"a":{"#, r#""kernel_initializer#":"zeros","#),
        (r#""compile":{"optimizer":{"Adam":{"#, r#""k#":1,"#),
        (r#""compile":{"loss":{"Huber":{"#, r##""#":{"loss":"mse"},"##),
    ] {
        add(with(object), piece, "}}}}");
    }
    for key in [r##""#":1,"##, r#""k#":{},"#, r#""epoch#":null,"#, r#""//":"x","#] {
        add(with(r#""fit":{"#), key, "}}");
        add(with(r#""compile":{"#), key, "}}");
        add("{", key, "}");
        add(MODEL, &format!("{{\"Dense\":{{{}}}}},", key.repeat(20).trim_end_matches(',')), "]}}");
        add(r#"{"model":{"layers":[{"Dense":{"#, key, "}}]}}");
    }
    for text in ["a", r"\n", r"\u0041", "\u{7f}", "й", "\u{200b}", r"\u0001", "_", "A1"] {
        add(with(r#""a":""#), text, r#""}"#);
        add(with(r#""seed":""#), text, r#""}"#);
        add(with(r#""compile":{"loss":""#), text, r#""}}"#);
        add(with(r#""compile":{"metrics":[""#), text, r#""]}}"#);
        add(with(r#""compile":{"optimizer":{""#), text, r#"":{}}}}"#);
        add(with(r#""fit":{"verbose":""#), text, r#""}}"#);
        add(with(r#""fit":{"epochs":1,""#), text, r#"":1}}"#);
        add(r#"{"model":{"name":""#, text, r#"","input_shape":[4],"layers":[{"Dense":{"units":1}}]}}"#);
        add(r#"{"model":{"input_shape":[4],"layers":[""#, text, r#""]}}"#);
        add(r#"{"model":{"input_shape":[4],"layers":[{""#, text, r#"":1}]}}"#);
        add(r#"{"version":""#, text, r#""}"#);
        add(r#"{""#, text, r#"":{"layers":[{"Flatten":{"name":1,"dtype":2}},{"Flatten":{"name":1}}]}}"#);
    }
    for shape in ["1,", "[1],", r#""a","#, "{},"] {
        add(r#"{"model":{"layers":[],"input_shape":["#, shape, "]}}");
        add(r#"{"model":{"layers":[{"Dense":{"units":1,"batch_input_shape":["#, shape, "]}}]}}");
        add(r#"{"model":{"layers":[{"InputLayer":{"batch_shape":["#, shape, "]}}]}}");
    }
    cases
}

#[test]
fn runs_that_say_much_in_few_letters_take_little() {
    check_all("run_json", &runs());
}

#[test]
fn runs_deep_within_take_little() {
    let known = known();
    let notes = r#"{"Flatten":{"name":1,"dtype":1,"autocast":0}}"#;
    for key in [1, 10, 80, 1_000, 8_000] {
        let key = "k".repeat(key);
        for len in LENGTHS {
            let opening = format!("{{\"{key}\":");
            let inner = filled(len / 2, r#"{"layers":["#, &format!("{notes},"), "]}");
            check("run_json", &known, nested(len / 2, &opening, &inner, "}", 120).as_bytes());
            let inner = filled(len / 2, "{", r#""a#":1,"#, "}");
            let run = nested(len / 2, &opening, &inner, "}", 100);
            check("run_json", &known, run.as_bytes());
            let run = format!(r#"{{"model":{{"input_shape":[1],"layers":["Flatten"]}},"fit":{run}}}"#);
            check("run_json", &known, run.as_bytes());
            check("run_json", &known, nested(len, "[", "", "]", 127).as_bytes());
        }
    }
}

/// A `model.json` whose `"layers":[` are still to come, and what follows them.
const FILE: &str =
    r#"{"format":"svertka-model","version":1,"model":{"name":"m","input_shape":[4],"layers":["#;

#[test]
fn descriptions_that_say_much_in_few_letters_take_little() {
    let mut cases = Vec::new();
    for (begin, piece, end) in runs() {
        let begin: &'static str = match begin.strip_prefix(MODEL) {
            Some(rest) => format!("{FILE}{rest}").leak(),
            None => format!(
                r#"{{"format":"svertka-model","version":1,"model":{{"name":"m","input_shape":[4],"layers":[]}},"job":{begin}"#
            )
            .leak(),
        };
        let is_model = begin.starts_with(FILE);
        cases.push((begin, piece, if is_model { end } else { format!("{end}}}").leak() as &str }));
    }
    check_all("model_json", &cases);
    let text = |text: &str| (r#"{"format":""#, text.to_owned(), r#"","version":1}"#);
    check_all("model_json", &["a", "\u{7f}", r"\n", "й"].map(text));
}

/// What Keras's files say of a model and its training, in their own words.
fn configs() -> Vec<(&'static str, String, &'static str)> {
    let begin = r#"{"class_name":"Sequential","config":{"name":"m","layers":[{"class_name":"InputLayer","config":{"batch_shape":[null,4]}},"#;
    let graph = r#"{"class_name":"Functional","config":{"output_layers":[["a",0,0]],"layers":["#;
    let mut cases = Vec::new();
    for piece in [
        r#"{"class_name":"Flatten"},"#,
        r#"{"class_name":"Flatten","config":{"name":"a#"}},"#,
        r#"{"class_name":"Flatten","config":{"dtype":{"class_name":"DTypePolicy","config":{"name":"float32"}}}},"#,
        r#"{"class_name":"Dense","config":{"units":2,"kernel_initializer":{"class_name":"Zeros","config":{}}}},"#,
        r#"{"class_name":"Dense","config":{"units":2,"activation":{"class_name":"LeakyReLU","config":{}}}},"#,
        r#"{"class_name":"Dense","config":{"units":2,"kernel_regularizer":"l2","bias_regularizer":"l2"}},"#,
        r#"{"class_name":"Dense","config":{"units":2,"a#":1}},"#,
        r#"{"class_name":"Dense","config":{"units":{"class_name":"__tuple__","items":[1,1,1]}}},"#,
        r#"{"class_name":"Sequential","config":{"layers":[{"class_name":"Flatten"}]}},"#,
        r#"{"class_name":"A#"},"#,
        r#""Flatten","#,
        "1,",
        "{},",
        "[],",
        r#"{"class_name":"Flatten","inbound_nodes":[[["a",0,0],["a",0,0],["a",0,0]]]},"#,
        r#"{"name":"a","class_name":"InputLayer"},"#,
    ] {
        cases.push((begin, piece.to_owned(), "]}}"));
        cases.push((graph, piece.to_owned(), "]}}"));
        cases.push(("[", piece.to_owned(), "]"));
    }
    for text in ["a", "\u{7f}", r"\n", "й"] {
        let end = r#"","layers":[{"class_name":"Dense","config":{"units":1,"input_dim":4}}]}}"#;
        cases.push((r#"{"class_name":"Sequential","config":{"name":""#, text.to_owned(), end));
        cases.push((r#"{"class_name":""#, text.to_owned(), r#""}"#));
        cases.push((
            r#"{"class_name":"Sequential","config":{"layers":[{"class_name":""#,
            text.to_owned(),
            r#""}]}}"#,
        ));
        cases.push((r#"{"keras_version":""#, text.to_owned(), r#""}"#));
    }
    let training = r#"{"optimizer":{"class_name":"Adam","config":{}},"loss":"mse","metrics":["#;
    for metric in [
        r#""mse","#,
        r#""a","#,
        "1,",
        r#"{"class_name":"Precision","config":{"name":"p#","thresholds":[1]}},"#,
    ] {
        cases.push((training, metric.to_owned(), "]}"));
    }
    cases.push((r#"{"optimizer":{"class_name":"Adam","config":{"#, r#""a#":1,"#.to_owned(), "}}}"));
    cases.push((r#"{"optimizer":"adam","loss_weights":["#, "1,".to_owned(), "]}"));
    // Our own words for a run.
    let own = r#"{"svertka":{"version":1,"epochs":1,"model":{"name":"m","input_shape":[4],"layers":["#;
    for layer in [r#""Flatten","#, r#""Dropout","#, r#"{"Dense":{"units":4}},"#, "1,"] {
        cases.push((own, layer.to_owned(), r#"]},"job":null}}"#));
        cases.push((own.trim_start_matches(r#"{"svertka":"#), layer.to_owned(), r#"]},"job":null}"#));
    }
    cases
}

#[test]
fn files_of_keras_that_say_much_in_few_letters_take_little() {
    let known = known();
    let weights = hdf5::write(&group([], [("layers", Node::Group(Group::default()))])).unwrap();
    let model = model_json(&known.model).unwrap();
    let few =
        model_json(&ModelSpec { layers: vec![FlattenSpec::default().into(); 9], ..known.model.clone() });
    let few = few.unwrap();
    for (begin, piece, end) in configs() {
        for len in [10_000, 50_000, 100_000, 500_000] {
            let text = filled(len, begin, &piece, end);
            eprintln!("{len} bytes of {piece}");
            for config in [
                &text,
                &model,
                &few,
                &model.replace(r#""build_config""#, &format!(r#""compile_config":{text},"b""#)),
            ] {
                let files = [
                    ("metadata.json", text.as_bytes()),
                    ("config.json", config.as_bytes()),
                    ("model.weights.h5", weights.as_slice()),
                ];
                check("keras", &known, &archive(&files));
            }
            let model_weights = || ("model_weights", Node::Group(group([("layer_names", texts(&[]))], [])));
            for [config, training, own] in
                [[&text, "{}", "{}"], [&model, &text, "{}"], [&few, "{}", &text], [text.as_str(); 3]]
            {
                let attributes = [
                    ("model_config", texts(&[config])),
                    ("training_config", texts(&[training])),
                    ("svertka", texts(&[own])),
                ];
                check("legacy_h5", &known, &hdf5::write(&group(attributes, [model_weights()])).unwrap());
            }
        }
    }
}
