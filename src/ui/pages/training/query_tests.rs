use super::*;
use crate::data::{DatasetId, Shuffle};
use crate::engine::callbacks::{CallbackSpec, EarlyStoppingSpec};
use crate::engine::event::Monitor;
use crate::engine::spec::Verbose;
use crate::tensor::Shape;
use crate::tensor::rng::{Purpose, Rng};
use crate::ui::callbacks::MAX_CALLBACKS;
use crate::ui::callbacks::argument::{ArgumentKind, arguments, with_text};
use crate::ui::pages::training::{FitField, model_named};
use crate::ui::routes::Location;

fn read(query: &str) -> (RunSpec, Vec<&'static str>) {
    from_query(&Location::parse(&format!("#/training?{query}")).query)
}

#[test]
fn a_job_survives_the_address() {
    let mut job = default_job();
    assert_eq!(from_query(&to_query(&job)), (job.clone(), vec![]));
    job.data.dataset = DatasetId::FashionMnist;
    job.data.class_counts = Some([(3, 100), (5, 0)].into());
    job.model = Preset::KerasCnn.spec();
    set_optimizer(&mut job, "SGD");
    for field in Field::ALL {
        let value = field.bounds().nudged(field.get(&job).unwrap(), true);
        field.set(&mut job, value);
    }
    if let OptimizerSpec::Sgd(sgd) = &mut job.compile.optimizer {
        sgd.nesterov = true;
    }
    job.fit.callbacks.extend(CallbackSpec::palette());
    assert_eq!(from_query(&to_query(&job)), (job, vec![]));
}

#[test]
fn a_short_link_leaves_the_rest_as_it_is() {
    let (job, bad) = read("seed=7&preset=mlp&whatever=1");
    assert_eq!((job.seed, preset(&job.model), bad), (7, Some(Preset::Mlp), vec![]));
    assert_eq!(job.data, default_job().data);
}

#[test]
fn values_that_make_no_sense_are_named() {
    let (job, bad) = read("seed=abc&preset=vgg&optimizer=adam&batch_size=1.5&epochs=-1&nesterov=1");
    assert_eq!(job, default_job());
    assert_eq!(bad, ["preset", "optimizer", "nesterov", "batch_size", "epochs", "seed"]);
}

#[test]
fn a_network_of_ones_own_and_every_argument_survive_the_address() {
    let mut job = default_job();
    job.model =
        model_from_text(r#"["Flatten",{"Dense":{"units":10,"activation":"softmax","use_bias":false}}]"#)
            .unwrap();
    let text = r#"{"AdamW": {"learning_rate": {"CosineDecay": {"decay_steps": 500}}, "beta_1": 0.8, "clipnorm": 1.0}}"#;
    job.compile.optimizer = serde_json::from_str(text).unwrap();
    job.compile.loss =
        serde_json::from_str(r#"{"CategoricalCrossentropy": {"label_smoothing": 0.1}}"#).unwrap();
    job.compile.metrics =
        serde_json::from_str(r#"["accuracy", {"TopKCategoricalAccuracy": {"k": 3}}]"#).unwrap();
    job.fit = serde_json::from_value(serde_json::json!({
        "validation_split": 0.25, "shuffle": "batch", "class_weight": {"3": 2.5}, "steps_per_epoch": 20,
        "validation_freq": [1, 3], "callbacks": to_value(&job.fit.callbacks),
    }))
    .unwrap();
    let query = to_query(&job);
    assert_eq!(query.get(OPTIMIZER), Some("AdamW"));
    assert_eq!(from_query(&query), (job.clone(), vec![]));
    let location = Location { route: None, query };
    assert_eq!(from_query(&Location::parse(&location.to_hash()).query), (job, vec![]));
}

#[test]
fn hostile_values_are_named_and_change_nothing() {
    let long = format!("[\"{}\"]", "x".repeat(5_000));
    let endless = format!("CSVLogger~filename-{}", "x".repeat(50_000));
    let many = ["History"; MAX_CALLBACKS + 1].join("~~");
    for (name, value) in [
        (MODEL, "[{\"Dense\":{\"units\":-5}}]"),
        (MODEL, &long),
        (OPTIMIZER_REST, "{\"beta_9\":1}"),
        (OPTIMIZER_REST, "[]"),
        (OPTIMIZER_REST, "{\"beta_1\":\"x\"}"),
        (CLASS_COUNTS, "{\"10\":5}"),
        (CLASS_COUNTS, "{\"3\":-1}"),
        (CLASS_COUNTS, "[3,8]"),
        (LOSS, "\"None\""),
        (LOSS, &long),
        (METRICS, "[\"accuracy\",3]"),
        (METRICS, "{}"),
        (FIT, "{\"callbacks\":[]}"),
        (FIT, "{\"validation_split\":\"half\"}"),
        (FIT, "{\"validation_freq\":{}}"),
        (FIT, "{\"shuffle\":\"all\"}"),
        (FIT, "{\"verbose\":3}"),
        (FIT, "{\"class_weight\":{\"one\":1}}"),
        (CALLBACKS, "EarlyStop"),
        (CALLBACKS, "EarlyStopping~patience-two"),
        (CALLBACKS, "~~~~~~"),
        (CALLBACKS, &many),
        (CALLBACKS, &endless),
    ] {
        let query = Query::default().with(name, &value);
        assert_eq!(from_query(&query), (default_job(), vec![name]), "{value}");
    }
}

#[test]
fn a_number_out_of_bounds_reaches_its_field() {
    let (job, bad) = read("batch_size=0&learning_rate=50");
    assert_eq!((job.fit.batch_size, bad), (0, vec![]));
    assert_eq!(super::super::job::problems(&job).len(), 2);
}

/// A value that a field of this kind takes.
fn any_text(kind: ArgumentKind, rng: &mut Rng) -> String {
    let pick = |rng: &mut Rng, names: &[&str]| names[rng.below(names.len() as u32) as usize].to_owned();
    match kind {
        ArgumentKind::Whole { max } => (rng.below(max.min(50) + 1)).to_string(),
        ArgumentKind::Number { max, .. } => {
            (f64::from(rng.below(1_000)) / 1_000.0 * max.min(1.0)).to_string()
        }
        ArgumentKind::Optional { .. } => pick(rng, &["", "-0.125", "1000000", "0.1"]),
        ArgumentKind::Flag => pick(rng, &["true", "false"]),
        ArgumentKind::Choice(names) => pick(rng, names),
        ArgumentKind::Monitor => pick(rng, &["val_loss", "accuracy", "val_f1_score_3", "my ~metric%7E"]),
        ArgumentKind::Text => pick(rng, &["a~b%25.keras", "лог.csv", ";", "{epoch:02d}~~{val_loss:.2f}.h5"]),
        ArgumentKind::Frequency => pick(rng, &["epoch", "7"]),
        ArgumentKind::Pair => pick(rng, &["3", "2 9"]),
        ArgumentKind::Numbers => pick(rng, &["0.5", "0.25 1 3"]),
    }
}

fn any_callbacks(rng: &mut Rng) -> Vec<CallbackSpec> {
    let palette = CallbackSpec::palette();
    let mut list = Vec::new();
    for _ in 0..rng.below(MAX_CALLBACKS as u32 + 1) {
        let mut spec = palette[rng.below(palette.len() as u32) as usize].clone();
        for argument in arguments(&spec) {
            if rng.below(3) == 0 {
                let text = any_text(argument.kind, rng);
                // A number may be too fine for a float32 or too large for a list of epochs.
                spec = with_text(&spec, argument.name, &text).unwrap_or(spec);
            }
        }
        list.push(spec);
    }
    list
}

fn any_fit(fit: &mut FitSpec, rng: &mut Rng) {
    let texts = ["", "0", "1", "3", "0.3", "0.125", "64", "[]", "[1, 4]"];
    for field in FitField::all(10) {
        let text = texts[rng.below(texts.len() as u32) as usize];
        // What it does not take changes nothing.
        field.accept(text, fit);
    }
    fit.shuffle = [Shuffle::All, Shuffle::Off, Shuffle::WithinBatch][rng.below(3) as usize];
    fit.verbose = [Verbose::Auto, Verbose::Silent, Verbose::Bar, Verbose::Line][rng.below(4) as usize];
}

#[test]
fn any_job_survives_the_address() {
    for seed in 0..300 {
        let mut rng = Rng::new(seed, Purpose::Init, 0, 0);
        let mut job = default_job();
        any_fit(&mut job.fit, &mut rng);
        job.fit.callbacks = any_callbacks(&mut rng);
        for field in Field::ALL {
            if let Some(value) = field.get(&job).filter(|_| rng.below(2) == 0) {
                field.set(&mut job, field.bounds().nudged(value, rng.below(2) == 0));
            }
        }
        let location = Location { route: None, query: to_query(&job) };
        let back = Location::parse(&location.to_hash()).query;
        assert_eq!(from_query(&back), (job, vec![]), "seed {seed}");
    }
}

#[test]
fn callbacks_are_written_only_where_they_are_not_as_always() {
    let mut job = default_job();
    assert_eq!(to_query(&job).get(CALLBACKS), None);
    job.fit.callbacks.clear();
    let query = to_query(&job);
    assert_eq!(query.get(CALLBACKS), Some(""));
    assert_eq!(from_query(&query), (job, vec![]), "a list without any is a list");
}

#[test]
fn a_link_of_earlier_days_brings_its_early_stopping() {
    let (job, bad) = read("early_stopping=val_accuracy&restore_best_weights=true&patience=4&min_delta=0.001");
    let stopping = EarlyStoppingSpec {
        monitor: Monitor::VAL_ACCURACY,
        restore_best_weights: true,
        patience: 4,
        min_delta: 0.001,
        ..EarlyStoppingSpec::default()
    };
    let mut expected = default_job();
    expected.fit.callbacks.push(CallbackSpec::EarlyStopping(stopping));
    assert_eq!((job.clone(), bad), (expected, vec![]));
    assert_eq!(from_query(&to_query(&job)), (job, vec![]), "and is written anew");
    let (short, bad) = read("early_stopping=loss");
    let Some(CallbackSpec::EarlyStopping(spec)) = short.fit.callbacks.last() else { panic!("{short:?}") };
    assert_eq!((spec.monitor.name(), spec.patience, bad), ("loss", 2, vec![]));
}

#[test]
fn what_an_old_link_says_wrongly_is_named() {
    let (job, bad) = read("early_stopping=val_f2&restore_best_weights=1&patience=many&min_delta=NaN");
    assert_eq!(job, default_job());
    assert_eq!(bad, ["early_stopping", "restore_best_weights", "patience", "min_delta"]);
    assert_eq!(read("patience=3&min_delta=0.5"), (default_job(), vec![]), "of no EarlyStopping");
    let (job, bad) = read("callbacks=History&early_stopping=val_loss&patience=x");
    assert_eq!(
        (job.fit.callbacks, bad),
        (vec![CallbackSpec::palette()[8].clone()], vec![]),
        "the list counts"
    );
}

#[test]
fn what_the_address_cannot_hold_is_named() {
    let mut job = default_job();
    assert_eq!(too_long(&job), None);
    // No longer than the number of layers allows, but of layers of which nothing is as always.
    let dense = r#"{"Dense":{"units":10,"kernel_initializer":{"VarianceScaling":{"scale":0.1234567,
        "mode":"fan_avg","distribution":"untruncated_normal","seed":4294967295}},
        "bias_initializer":{"RandomUniform":{"minval":-0.1234567,"maxval":0.1234567,"seed":4294967295}},
        "kernel_regularizer":{"L1L2":{"l1":0.001234567,"l2":0.001234567}},
        "kernel_constraint":{"MinMaxNorm":{"min_value":0.1234567,"max_value":1.1234567}}}}"#;
    let layers = |count: usize| format!("[{{\"Flatten\":{{}}}},{}]", vec![dense; count].join(","));
    let model = |count| model_named(Shape::from([28, 28, 1]), serde_json::from_str(&layers(count)).unwrap());
    job.model = model(63);
    assert_eq!((too_long(&job), from_query(&to_query(&job)).1), (Some(MODEL), vec![MODEL]));
    job.model = model(30);
    assert_eq!((too_long(&job), from_query(&to_query(&job)).1), (None, vec![]));
    job.compile.metrics = vec![job.compile.metrics[0].clone(); MAX_METRICS + 1];
    assert_eq!((too_long(&job), from_query(&to_query(&job)).1), (Some(METRICS), vec![METRICS]));
}
