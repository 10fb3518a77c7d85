//! What names mean: imports, Keras's modules under their several names, and names nobody imported.

use std::collections::HashMap;

use super::signatures::module;
use super::value::Value;
use crate::formats::run_json::Family;

/// Modules that are often pasted without their imports.
const USUAL: [(&str, &str); 20] = [
    ("keras", "keras"),
    ("tf", "tensorflow"),
    ("tensorflow", "tensorflow"),
    ("np", "numpy"),
    ("numpy", "numpy"),
    ("math", "math"),
    ("K", "keras.backend"),
    ("layers", "keras.layers"),
    ("models", "keras.models"),
    ("optimizers", "keras.optimizers"),
    ("schedules", "keras.optimizers.schedules"),
    ("losses", "keras.losses"),
    ("metrics", "keras.metrics"),
    ("callbacks", "keras.callbacks"),
    ("regularizers", "keras.regularizers"),
    ("initializers", "keras.initializers"),
    ("constraints", "keras.constraints"),
    ("activations", "keras.activations"),
    ("datasets", "keras.datasets"),
    ("utils", "keras.utils"),
];

/// Names of the ways to make a model.
const MODELS: [&str; 3] = ["keras.Sequential", "keras.Model", "keras.Input"];

/// One name for what Keras has under several: `tensorflow.keras.models.Sequential` is `keras.Sequential`.
pub fn canonical(path: &str) -> String {
    let mut path = path.to_owned();
    for (prefix, short) in [
        ("tensorflow.keras", "keras"),
        ("tensorflow.python.keras", "keras"),
        ("tf_keras", "keras"),
        ("keras.api", "keras"),
        ("keras.optimizers.legacy", "keras.optimizers"),
        ("keras.layers.experimental.preprocessing", "keras.layers"),
        ("keras.layers.preprocessing", "keras.layers"),
        ("keras.models.Sequential", "keras.Sequential"),
        ("keras.models.Model", "keras.Model"),
        ("keras.models.Functional", "keras.Model"),
        ("keras.layers.Input", "keras.Input"),
        ("keras.engine.input_layer.Input", "keras.Input"),
        ("keras.utils.np_utils", "keras.utils"),
        ("keras.preprocessing.image", "keras.utils"),
    ] {
        if let Some(rest) = path.strip_prefix(prefix)
            && (rest.is_empty() || rest.starts_with('.'))
        {
            path = format!("{short}{rest}");
        }
    }
    path
}

/// Whether a path names something a model is made of.
pub fn builds(path: &str) -> bool {
    MODELS.contains(&path) || family(path).is_some()
}

/// The kind and the class that a path of Keras's names: `keras.layers.Dense`.
pub fn family(path: &str) -> Option<(Family, &str)> {
    let inner = path.strip_prefix("keras.")?;
    let (own, name) = inner.rsplit_once('.')?;
    // The longest module first: schedules stand below optimizers.
    let mut families = Family::OF_CLASSES;
    families.sort_by_key(|family| std::cmp::Reverse(module(*family).len()));
    let found = families.into_iter().find(|family| {
        let rest = own.strip_prefix(module(*family));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    found
        .map(|family| (family, name))
        .filter(|(_, name)| !matches!(*name, "get" | "serialize" | "deserialize"))
}

/// The path of a name that nobody bound: a usual module, or a class of Keras's.
pub fn usual(name: &str) -> Option<String> {
    if let Some((_, path)) = USUAL.iter().find(|(usual, _)| *usual == name) {
        return Some((*path).to_owned());
    }
    if matches!(name, "Sequential" | "Model" | "Input") {
        return Some(format!("keras.{name}"));
    }
    if name == "InputLayer" {
        return Some("keras.layers.InputLayer".to_owned());
    }
    let is_class = name.starts_with(|first: char| first.is_ascii_uppercase());
    let shorthand = matches!(name, "l1" | "l2" | "l1_l2" | "to_categorical");
    if !is_class && !shorthand {
        return None;
    }
    if name == "to_categorical" {
        return Some("keras.utils.to_categorical".to_owned());
    }
    let found = Family::OF_CLASSES.into_iter().find(|family| family.resolve(name).is_some());
    found.map(|family| format!("keras.{}.{name}", module(family)))
}

/// Variables within functions, one set within the other.
#[derive(Debug, Default)]
pub struct Scope {
    frames: Vec<HashMap<String, Value>>,
    /// Modules whose names were all imported.
    starred: Vec<String>,
}

impl Scope {
    pub fn new() -> Self {
        Self { frames: vec![HashMap::new()], starred: Vec::new() }
    }

    /// What the name stood for until now.
    pub fn bind(&mut self, name: &str, value: Value) -> Option<Value> {
        self.frames.last_mut().and_then(|frame| frame.insert(name.to_owned(), value))
    }

    /// What a name takes that stands for a value.
    pub fn bytes(name: &str, value: &Value) -> usize {
        // In a table that grows to twice what it needs.
        const PLACE: usize = 4 * size_of::<(String, Value)>();
        PLACE + name.len() + value.bytes()
    }

    /// A function sees its own names, then those of the program.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let own = self.frames.last().and_then(|frame| frame.get(name));
        own.or_else(|| self.frames.first().and_then(|frame| frame.get(name)))
    }

    pub fn enter(&mut self) {
        self.frames.push(HashMap::new());
    }

    /// What its names took.
    pub fn leave(&mut self) -> usize {
        let frame = self.frames.pop().unwrap_or_default();
        frame.iter().map(|(name, value)| Self::bytes(name, value)).sum()
    }

    pub fn import_all(&mut self, module: &str) {
        self.starred.push(canonical(module));
    }

    /// Whether `from module import *` gave `path`.
    pub fn was_starred(&self, path: &str) -> bool {
        let module = path.rsplit_once('.').map_or("", |(module, _)| module);
        self.starred.iter().any(|starred| starred == module || starred == "keras")
            || self.starred.iter().any(|starred| starred == "keras.models" && !path.contains(".layers."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_one_name() {
        for (given, expected) in [
            ("tensorflow.keras.layers.Dense", "keras.layers.Dense"),
            ("tensorflow.keras.models.Sequential", "keras.Sequential"),
            ("keras.layers.Input", "keras.Input"),
            ("keras.layers.InputLayer", "keras.layers.InputLayer"),
            ("keras.optimizers.legacy.Adam", "keras.optimizers.Adam"),
            ("kerastuner", "kerastuner"),
        ] {
            assert_eq!(canonical(given), expected);
        }
    }

    #[test]
    fn paths_name_their_family() {
        assert_eq!(family("keras.layers.Dense"), Some((Family::Layer, "Dense")));
        assert_eq!(family("keras.optimizers.schedules.CosineDecay"), Some((Family::Schedule, "CosineDecay")));
        assert_eq!(family("keras.layers.core.Dense"), Some((Family::Layer, "Dense")));
        assert_eq!(family("keras.optimizers.get"), None);
        assert_eq!(family("numpy.array"), None);
        assert!(builds("keras.Sequential") && !builds("keras.datasets.mnist"));
    }

    #[test]
    fn names_nobody_imported_are_keras_own() {
        assert_eq!(usual("Dense").as_deref(), Some("keras.layers.Dense"));
        assert_eq!(usual("EarlyStopping").as_deref(), Some("keras.callbacks.EarlyStopping"));
        assert_eq!(usual("layers").as_deref(), Some("keras.layers"));
        assert_eq!(usual("dense"), None);
        assert_eq!(usual("Spam"), None);
    }
}
