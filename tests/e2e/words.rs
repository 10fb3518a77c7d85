//! The page's own words, from the same files as the page has them: a test that looks for a button
//! survives a change of its name, and fails when it has none.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use svertka::ui::locale::Language;

/// Every text of one language by its path, such as `common.nav.training`.
#[derive(Clone)]
pub struct Words {
    texts: BTreeMap<String, String>,
}

impl Words {
    /// Reads `www/locales`.
    pub fn of(language: Language) -> Self {
        let mut texts = BTreeMap::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/locales").join(language.tag());
        for file in fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            collect(file.file_stem().unwrap().to_str().unwrap(), &value, &mut texts);
        }
        Self { texts }
    }

    /// The text at a path.
    pub fn say(&self, path: &str) -> String {
        flat(self.texts.get(path).unwrap_or_else(|| panic!("no text {path} in www/locales")))
    }

    /// The text at a path with its placeholders filled in.
    pub fn say_with(&self, path: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.say(path);
        for (name, value) in values {
            text = text.replace(&format!("{{{{ {name} }}}}"), value);
        }
        assert!(!text.contains("{{"), "{path} has more placeholders: {text}");
        flat(&text)
    }

    /// Whether a shown text is the one at a path, whatever its placeholders were filled with.
    pub fn says(&self, shown: &str, path: &str) -> bool {
        let (shown, pattern) = (flat(shown), self.say(path));
        let mut rest = shown.as_str();
        pattern.split("{{").enumerate().all(|(idx, part)| {
            let fixed = if idx == 0 { part } else { part.split_once("}}").map_or("", |(_, fixed)| fixed) };
            let found = rest.find(fixed);
            rest = found.map_or("", |at| &rest[at + fixed.len()..]);
            found.is_some()
        })
    }

    /// Every path.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// Texts without placeholders that another language says otherwise.
    pub fn unlike<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = String> + 'a {
        let own: Vec<&String> = other.texts.values().collect();
        self.texts
            .iter()
            .filter(move |(_, text)| !text.contains("{{") && !text.contains('<') && !own.contains(text))
            .map(|(_, text)| flat(text))
    }
}

/// White space as it is shown: no-break and narrow spaces as plain ones, none at the ends.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collect(path: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect(&format!("{path}.{key}"), value, texts);
            }
        }
        Value::String(text) => {
            texts.insert(path.to_owned(), text.clone());
        }
        _ => {}
    }
}

#[test]
fn a_text_is_recognized_whatever_fills_it() {
    let texts = BTreeMap::from([("a".to_owned(), "cell {{ n }} of {{ total }}".to_owned())]);
    let words = Words { texts };
    assert!(words.says("cell 3\u{a0}of 12", "a"));
    assert!(!words.says("cell 3", "a"));
    assert_eq!(words.say_with("a", &[("n", "3"), ("total", "12")]), "cell 3 of 12");
}
