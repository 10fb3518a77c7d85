//! A run as a program for Keras 3.
//!
//! Every argument is written that differs from Keras's default. A few things Keras says in another way:
//!
//! - images have their channel axis, bytes become 0..1, and classes become one-hot rows unless the loss takes
//!   classes; a metric that wants the other kind than the loss does cannot be had in Keras, which a comment says;
//! - `accuracy` under a name of its own is the class that Keras would take;
//! - the elastic net is `L1L2`; gradients without their mean need a class of their own; functions of the epoch
//!   are written as `lambda`;
//! - `EarlyStopping`'s `reset_below_baseline` depends on Keras's version and is left out, as is a model's name
//!   that Keras does not take.

use serde_json::{Map, Value as Json, json};

use super::python::Python;
use super::signatures::{self, Parameter};
use super::{centralized, classes};
use crate::data::DatasetId;
use crate::engine::callbacks::repr;
use crate::engine::losses::LossSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::spec::{DataSpec, ModelSpec, RunSpec, snake_case};
use crate::formats::run_json::Family;

/// Arguments whose several values are a list in Python; those of others are a tuple.
const LISTS: [&str; 7] =
    ["axis", "shared_axes", "thresholds", "label_weights", "boundaries", "values", "validation_freq"];
/// Where one number stands for both ends.
const RANGES: [&str; 3] = ["factor", "height_factor", "width_factor"];
/// What Keras has no argument for.
const NOT_IN_KERAS: [&str; 2] = ["gradient_centralization", "reset_below_baseline"];

/// A model as Python: the imports it needs and `model = keras.Sequential([…])`.
pub fn write_model(model: &ModelSpec) -> String {
    format!("import keras\nfrom keras import layers\n\n{}", sequential(model))
}

/// A whole run as a program for Keras 3: data, model, `compile`, `fit`, `evaluate`.
pub fn write_program(run: &RunSpec) -> String {
    let Program { imports, seed, data, model, compile, fit } = Program::of(run);
    let evaluate = "print(model.evaluate(x_test, y_test, return_dict=True))\n";
    [&*imports, &seed, &data, &model, &compile, &fit, evaluate].join("\n")
}

/// A program in pieces, each with its line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What all of it needs.
    pub imports: String,
    /// The seed of everything random.
    pub seed: String,
    /// `x_train`, `y_train`, `x_test` and `y_test`; with validation `x_val` and `y_val`.
    pub data: String,
    /// `model` and its summary.
    pub model: String,
    /// `compile`
    pub compile: String,
    /// `history`
    pub fit: String,
}

impl Program {
    /// The program of a run.
    pub fn of(run: &RunSpec) -> Self {
        let run = &classes::with_explicit_split(run);
        let mut program = Self {
            imports: String::new(),
            seed: format!("keras.utils.set_random_seed({})\n", run.seed),
            data: data(run),
            model: format!("{}model.summary()\n", sequential(&run.model)),
            compile: compile(run),
            fit: fit(run),
        };
        let parts = [&program.data, &program.model, &program.compile, &program.fit];
        let says = |word| parts.iter().any(|part| part.contains(word));
        let (has_math, has_numpy) = (says("math.exp("), says("np."));
        if has_math {
            program.imports += "import math\n\n";
        }
        program.imports += "import keras\n";
        if has_numpy {
            program.imports += "import numpy as np\n";
        }
        program.imports += "from keras import layers\n";
        program
    }
}

/// An optimizer as the expression that makes it. One that takes the mean off gradients is of a class of the
/// program's own: [`optimizer_class`].
pub fn write_optimizer(optimizer: &OptimizerSpec) -> String {
    let json = saved(optimizer);
    match value("optimizer", &json) {
        // By its name alone it would be good for `compile` only.
        Python::Word(_) => format!("keras.optimizers.{}()", optimizer.class_name()),
        call => call.flat(),
    }
}

/// The class that an optimizer needs and Keras lacks, in Python.
pub fn optimizer_class(optimizer: &OptimizerSpec) -> Option<String> {
    let name = optimizer.class_name();
    let is_centralized = saved(optimizer)[name]["gradient_centralization"] == true;
    is_centralized.then(|| centralized::class(name))
}

/// A spec as JSON, 32-bit numbers as the decimals that people write.
fn saved(spec: &impl serde::Serialize) -> Json {
    let text = serde_json::to_string(spec).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn sequential(model: &ModelSpec) -> String {
    let shape = model.input_shape.0.iter().map(|extent| Python::word(extent.to_string())).collect();
    let shape = (Some("shape".to_owned()), Python::Tuple(shape));
    let mut items = vec![Python::Call("keras.Input".to_owned(), vec![shape])];
    items.extend(model.layers.iter().map(|layer| value("layers", &saved(layer))));
    let name = if is_legal_name(&model.name) {
        format!(", name={}", Python::text(&model.name).flat())
    } else {
        String::new()
    };
    format!("model = keras.Sequential({}{name})\n", Python::List(items).broken(0))
}

/// What Keras and TensorFlow take for a model's name.
fn is_legal_name(name: &str) -> bool {
    let is_legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
    name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.chars().all(is_legal)
}

/// How many columns one-hot targets have; none if the loss takes classes.
fn one_hot(run: &RunSpec) -> Option<usize> {
    let shapes = run.model.shapes().unwrap_or_default();
    let outputs = shapes.last().and_then(|shape| shape.0.last().copied()).unwrap_or(10);
    let takes_classes =
        matches!(run.compile.loss, LossSpec::SparseCategoricalCrossentropy(_) | LossSpec::Crossentropy(_));
    (!takes_classes && outputs > 1).then_some(outputs)
}

fn data(run: &RunSpec) -> String {
    let DataSpec { dataset, samples, validation_samples, test_samples, class_counts } = &run.data;
    let module = match dataset {
        DatasetId::Mnist => "mnist",
        DatasetId::FashionMnist => "fashion_mnist",
    };
    let mut lines =
        vec![format!("(x_train, y_train), (x_test, y_test) = keras.datasets.{module}.load_data()")];
    if *samples < 60_000 {
        lines.push(format!("x_train, y_train = x_train[:{samples}], y_train[:{samples}]"));
    }
    if *test_samples < 10_000 {
        lines.push(format!("x_test, y_test = x_test[:{test_samples}], y_test[:{test_samples}]"));
    }
    if let Some(counts) = class_counts {
        lines.extend(classes::lines(counts, samples.saturating_sub(*validation_samples)));
    }
    for images in ["x_train", "x_test"] {
        let scaled = format!("{images}.astype(\"float32\") / 255");
        let shaped = match &run.model.input_shape.0[..] {
            [28, 28, 1] => format!("np.expand_dims({scaled}, -1)"),
            [28, 28] => scaled,
            extents => {
                let extents: Vec<String> = extents.iter().map(usize::to_string).collect();
                format!("({scaled}).reshape((-1, {}))", extents.join(", "))
            }
        };
        lines.push(format!("{images} = {shaped}"));
    }
    if let Some(classes) = one_hot(run) {
        for labels in ["y_train", "y_test"] {
            lines.push(format!("{labels} = keras.utils.to_categorical({labels}, {classes})"));
        }
    }
    if *validation_samples > 0 {
        let at = match class_counts {
            Some(_) => classes::NUM_TRAIN.to_owned(),
            None => samples.saturating_sub(*validation_samples).to_string(),
        };
        lines.push("# The last images validate, cut off before any shuffling.".to_owned());
        for part in ["x", "y"] {
            lines.push(format!("{part}_train, {part}_val = {part}_train[:{at}], {part}_train[{at}:]"));
        }
    }
    lines.join("\n") + "\n"
}

fn compile(run: &RunSpec) -> String {
    let saved = saved(&run.compile);
    let optimizer = run.compile.optimizer.class_name();
    let class = if saved["optimizer"][optimizer]["gradient_centralization"] == true {
        format!("\n{}\n\n", centralized::class(optimizer))
    } else {
        String::new()
    };
    let mismatched = mismatched_metrics(run).join(", ");
    let comment = if mismatched.is_empty() {
        String::new()
    } else {
        let rows = if one_hot(run).is_some() { "one-hot rows" } else { "class numbers" };
        format!("# The loss takes {rows}, with which Keras cannot compare {mismatched}.\n")
    };
    let mut arguments = Vec::new();
    for parameter in signatures::parameters("compile").unwrap_or_default() {
        let Some(json) = saved.get(parameter.name) else { continue };
        let is_empty = json.is_null() || json.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            let json = with_named_accuracy(json, run);
            arguments.push((Some(parameter.name.to_owned()), value(parameter.name, &json)));
        }
    }
    let call = Python::Call("model.compile".to_owned(), arguments).broken(0);
    format!("{class}{comment}{call}\n")
}

/// Metrics that want other targets than the loss: here both have what they want, Keras has one kind.
fn mismatched_metrics(run: &RunSpec) -> Vec<&'static str> {
    let has_classes =
        matches!(run.compile.loss, LossSpec::SparseCategoricalCrossentropy(_) | LossSpec::Crossentropy(_));
    let metrics = run.compile.metrics.iter().chain(&run.compile.weighted_metrics);
    let wanted = metrics.filter(|metric| match metric {
        MetricSpec::Accuracy(_) => false,
        MetricSpec::SparseCategoricalAccuracy(_)
        | MetricSpec::SparseTopKCategoricalAccuracy(_)
        | MetricSpec::SparseCategoricalCrossentropy(_) => !has_classes,
        _ => has_classes,
    });
    wanted.map(MetricSpec::class_name).collect()
}

/// `accuracy` under a name of its own as the class that Keras takes for it: names are given to classes.
fn with_named_accuracy(json: &Json, run: &RunSpec) -> Json {
    let class = match (&run.compile.loss, one_hot(run)) {
        (LossSpec::SparseCategoricalCrossentropy(_) | LossSpec::Crossentropy(_), _) => {
            "SparseCategoricalAccuracy"
        }
        (_, Some(_)) => "CategoricalAccuracy",
        (_, None) => "BinaryAccuracy",
    };
    let one = |metric: &Json| match metric.pointer("/Accuracy/name").and_then(Json::as_str) {
        Some(name) if !matches!(name, "accuracy" | "acc") => json!({ class: { "name": name } }),
        _ => metric.clone(),
    };
    match json {
        Json::Array(metrics) => metrics.iter().map(one).collect(),
        other => other.clone(),
    }
}

fn fit(run: &RunSpec) -> String {
    let saved = saved(&run.fit);
    let mut arguments = vec![(None, Python::word("x_train")), (None, Python::word("y_train"))];
    for Parameter { name, default } in signatures::parameters("fit").unwrap_or_default() {
        if name == "validation_data" && run.data.validation_samples > 0 {
            let pair = ["x_val", "y_val"].map(Python::word).to_vec();
            arguments.push((Some(name.to_owned()), Python::Tuple(pair)));
        }
        let Some(json) = saved.get(name) else { continue };
        let written = value(name, json);
        let is_default = default.is_some_and(|default| written.flat() == default.replace('\'', "\""));
        // What every reader wants to know is said even where it is the default.
        let is_told = matches!(name, "batch_size" | "epochs");
        let is_empty = json.as_array().is_some_and(Vec::is_empty);
        if is_told || (!is_default && !is_empty) {
            arguments.push((Some(name.to_owned()), written));
        }
    }
    format!("history = {}\n", Python::Call("model.fit".to_owned(), arguments).broken(0))
}

/// The value of the argument called `key`.
fn value(key: &str, json: &Json) -> Python {
    match json {
        Json::Null => Python::word("None"),
        Json::Bool(true) => Python::word("True"),
        Json::Bool(false) => Python::word("False"),
        Json::Number(number) if number.is_f64() => Python::float(number.as_f64().unwrap_or_default()),
        Json::Number(number) => Python::word(number.to_string()),
        Json::String(text) => Python::text(text),
        Json::Array(items) => array(key, items),
        Json::Object(members) if key == "class_weight" => {
            let pairs =
                members.iter().map(|(class, weight)| (Python::word(class.as_str()), value("", weight)));
            Python::Dict(pairs.collect())
        }
        Json::Object(members) => match (Family::of_key(key), members.iter().next()) {
            (Some(family), Some((name, Json::Object(arguments)))) => kind(family, name, arguments),
            _ => Python::word("None"),
        },
    }
}

fn array(key: &str, items: &[Json]) -> Python {
    if let ([from, to], true) = (items, RANGES.contains(&key))
        && let (Some(from), Some(to)) = (from.as_f64(), to.as_f64())
        && to > 0.0
        && from == -to
    {
        return Python::float(to);
    }
    let is_kinds = Family::of_key(key).is_some();
    match items {
        [one] if key == "axis" => value(key, one),
        _ => {
            let values = items.iter().map(|item| value(key, item)).collect();
            if is_kinds || LISTS.contains(&key) { Python::List(values) } else { Python::Tuple(values) }
        }
    }
}

/// `keras.layers.Dense(10)` and everything else with arguments.
fn kind(family: Family, name: &str, arguments: &Map<String, Json>) -> Python {
    match (family, name) {
        (Family::Metric, "Accuracy") => return accuracy(arguments),
        (Family::Regularizer, "ElasticNet") => return elastic_net(arguments),
        (Family::Loss, "Crossentropy") => return Python::text("crossentropy"),
        _ => {}
    }
    let defaults = family.arguments(name).unwrap_or_default();
    let parameters = signatures::of_kind(family, name).unwrap_or_default();
    // In Keras's order; `trainable` and the like, which every layer has, come last.
    let order = parameters.iter().map(|parameter| parameter.name);
    let rest = arguments.keys().map(String::as_str);
    let rest = rest.filter(|key| !parameters.iter().any(|parameter| parameter.name == *key));
    let is_necessary =
        |key: &str| parameters.iter().any(|parameter| parameter.name == key && parameter.default.is_none());
    let by_place = matches!(family, Family::Layer | Family::Callback);
    let mut written = Vec::new();
    for key in order.chain(rest).filter(|key| !NOT_IN_KERAS.contains(key)) {
        let Some(json) = arguments.get(key) else { continue };
        // A metric that is named by its class is logged under another name.
        let default =
            if (family, key) == (Family::Metric, "name") { Some(&Json::Null) } else { defaults.get(key) };
        if is_necessary(key) || default != Some(json) {
            let name = (!(by_place && is_necessary(key))).then(|| key.to_owned());
            written.push((name, argument(family, key, json)));
        }
    }
    if let (Family::Metric, [(Some(_), Python::Word(_))]) = (family, &written[..])
        && let Some(Json::String(given)) = arguments.get("name")
        && Family::Metric.resolve(given) == Some(name)
        && is_log_name(given)
    {
        // Keras logs a metric under the very name it is given.
        return Python::text(given);
    }
    let is_centralized = arguments.get("gradient_centralization") == Some(&Json::Bool(true));
    if written.is_empty() && !is_centralized {
        let short = match family {
            // Keras takes these two under no short name, or not without an argument.
            _ if matches!(name, "L1L2" | "Constant") => None,
            Family::Optimizer => Some(name.to_ascii_lowercase()),
            Family::Loss | Family::Initializer | Family::Regularizer | Family::Constraint => {
                Some(snake_case(name))
            }
            _ => None,
        };
        if let Some(short) = short {
            return Python::text(&short);
        }
    }
    let call = match family {
        Family::Layer => format!("layers.{name}"),
        Family::Optimizer if is_centralized => centralized::class_name(name),
        _ => format!("keras.{}.{name}", signatures::module(family)),
    };
    Python::Call(call, written)
}

/// Names that stand for a metric without arguments everywhere: those of functions.
fn is_log_name(name: &str) -> bool {
    matches!(name, "mse" | "MSE" | "mae" | "MAE" | "mape" | "MAPE" | "msle" | "MSLE" | "bce" | "BCE")
        || (name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        || matches!(name, "hinge" | "poisson")
}

fn argument(family: Family, key: &str, json: &Json) -> Python {
    match (family, key, json) {
        (Family::Callback, "schedule", Json::Object(schedule)) => match schedule.iter().next() {
            Some((name, Json::Object(arguments))) => epoch_function(name, arguments),
            _ => Python::word("None"),
        },
        _ => value(key, json),
    }
}

fn number(arguments: &Map<String, Json>, key: &str) -> f64 {
    arguments.get(key).and_then(Json::as_f64).unwrap_or_default()
}

/// A schedule of epochs as a function that [`super::schedule`] reads.
fn epoch_function(name: &str, arguments: &Map<String, Json>) -> Python {
    let float = |key: &str| repr(number(arguments, key));
    let count = |key: &str| arguments.get(key).and_then(Json::as_u64).unwrap_or_default();
    Python::word(match name {
        "Constant" => format!("lambda epoch: {}", float("learning_rate")),
        "StepDecay" => {
            let drop = number(arguments, "drop");
            let drop = if drop < 0.0 { format!("({})", repr(drop)) } else { repr(drop) };
            let (initial, every) = (float("initial_learning_rate"), count("epochs_drop"));
            format!("lambda epoch: {initial} * {drop} ** (epoch // {every})")
        }
        "Multiply" => match (count("from_epoch"), float("factor")) {
            (0, factor) => format!("lambda epoch, lr: lr * {factor}"),
            (from, factor) => format!("lambda epoch, lr: lr if epoch < {from} else lr * {factor}"),
        },
        "Exponential" => {
            let (initial, decay) = (float("initial_learning_rate"), repr(-number(arguments, "decay")));
            format!("lambda epoch: {initial} * math.exp({decay} * epoch)")
        }
        "PerEpoch" => {
            let rates = arguments.get("learning_rates").and_then(Json::as_array);
            let rates: Vec<Python> = rates.into_iter().flatten().map(|rate| value("", rate)).collect();
            let last = rates.len().saturating_sub(1);
            format!("lambda epoch: {}[min(epoch, {last})]", Python::List(rates).flat())
        }
        _ => {
            let schedule = Box::new(kind(Family::Schedule, name, arguments));
            return Python::Within("lambda epoch: float(".to_owned(), schedule, "(epoch))");
        }
    })
}

fn accuracy(arguments: &Map<String, Json>) -> Python {
    Python::text(arguments.get("name").and_then(Json::as_str).unwrap_or("accuracy"))
}

/// `l·Σ(beta·w² + |w|)` in Keras's words.
fn elastic_net(arguments: &Map<String, Json>) -> Python {
    let (beta, l) = (number(arguments, "beta"), number(arguments, "l"));
    // The engine multiplies 32-bit numbers.
    let product = (beta as f32) * (l as f32);
    let product = product.to_string().parse().unwrap_or_else(|_| f64::from(product));
    let named = |name: &str, number: f64| (Some(name.to_owned()), Python::float(number));
    Python::Call("keras.regularizers.L1L2".to_owned(), vec![named("l1", l), named("l2", product)])
}
