//! Every language says the same things with the same placeholders.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::report;
use crate::source::{Violation, files, has_extension, read};

const FOLDER: &str = "www/locales/";
/// Whose keys the others must have.
const REFERENCE: &str = "en";
/// The plural forms of each language, as the Unicode CLDR has them.
const PLURALS: &[(&str, &[&str])] = &[("en", &["one", "other"]), ("ru", &["few", "many", "one", "other"])];

/// A translated text: its plural forms (none if it has none) and what is filled in.
#[derive(Debug, Default, PartialEq)]
struct Text {
    forms: BTreeSet<String>,
    placeholders: BTreeSet<String>,
}

type Texts = BTreeMap<String, Text>;

/// Adds every text below `value`, plural forms under their common key.
fn collect(prefix: &str, value: &Value, texts: &mut Texts) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let Value::String(text) = value else {
            collect(&path, value, texts);
            continue;
        };
        let form = path
            .rsplit_once('_')
            .filter(|(_, form)| matches!(*form, "zero" | "one" | "two" | "few" | "many" | "other"));
        let is_plural = |base: &str| {
            let own = base.rsplit('.').next().unwrap_or(base);
            map.contains_key(&format!("{own}_other"))
        };
        let (base, form) = match form {
            Some((base, form)) if is_plural(base) => (base, Some(form)),
            _ => (path.as_str(), None),
        };
        let entry = texts.entry(base.to_owned()).or_default();
        entry.forms.extend(form.map(str::to_owned));
        entry.placeholders.extend(placeholders(text));
    }
}

/// `{{ name }}` and `<name>`.
fn placeholders(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (open, close) in [("{{", "}}"), ("<", ">")] {
        for part in text.split(open).skip(1) {
            if let Some((name, _)) = part.split_once(close) {
                let name = name.split(',').next().unwrap_or(name).trim().trim_matches('/').trim();
                found.insert(format!("{open}{name}{close}"));
            }
        }
    }
    found
}

fn compare(path: &str, language: &str, reference: &Texts, texts: &Texts) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut add = |rule: String| found.push(Violation { path: path.to_owned(), line: 1, rule });
    for key in reference.keys().filter(|key| !texts.contains_key(*key)) {
        add(format!("`{key}` is missing"));
    }
    let forms = PLURALS.iter().find(|(name, _)| *name == language).map_or(&[][..], |(_, forms)| forms);
    for (key, text) in texts {
        let Some(expected) = reference.get(key) else {
            add(format!("`{key}` is not in `{REFERENCE}`"));
            continue;
        };
        if text.placeholders != expected.placeholders {
            add(format!(
                "`{key}` fills in {:?}, `{REFERENCE}` {:?}",
                text.placeholders, expected.placeholders
            ));
        }
        if text.forms.is_empty() != expected.forms.is_empty() {
            add(format!("`{key}` has plural forms in one language alone"));
        } else if !text.forms.is_empty() && !text.forms.iter().map(String::as_str).eq(forms.iter().copied()) {
            add(format!("`{key}` has the forms {:?}, needs {forms:?}", text.forms));
        }
    }
    found
}

#[test]
fn languages_have_the_same_keys_and_placeholders() {
    let paths = files("www/locales");
    let parts: Vec<(&str, &str)> =
        paths.iter().filter_map(|path| path.strip_prefix(FOLDER)?.split_once('/')).collect();
    let languages: BTreeSet<&str> = parts.iter().map(|(language, _)| *language).collect();
    let names: BTreeSet<&str> = parts.iter().map(|(_, name)| *name).collect();
    assert!(languages.contains(REFERENCE) && languages.len() > 1, "the languages found are {languages:?}");
    let mut found = Vec::new();
    for language in languages {
        if !PLURALS.iter().any(|(name, _)| *name == language) {
            let path = format!("{FOLDER}{language}");
            found.push(Violation {
                path,
                line: 1,
                rule: "add this language's plural forms to PLURALS".to_owned(),
            });
        }
        for name in &names {
            let path = format!("{FOLDER}{language}/{name}");
            if !paths.contains(&path) {
                found.push(Violation { path, line: 1, rule: "this language lacks a file".to_owned() });
            } else if has_extension(&path, "json") && paths.contains(&format!("{FOLDER}{REFERENCE}/{name}")) {
                found.extend(compare(
                    &path,
                    language,
                    &texts(&format!("{FOLDER}{REFERENCE}/{name}")),
                    &texts(&path),
                ));
            }
        }
    }
    report(&found);
}

fn texts(path: &str) -> Texts {
    let value = serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut texts = Texts::new();
    collect("", &value, &mut texts);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(en: &Value, ru: &Value) -> Vec<String> {
        let both = [en, ru].map(|value| {
            let mut texts = Texts::new();
            collect("", value, &mut texts);
            texts
        });
        compare("ru.json", "ru", &both[0], &both[1]).into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn the_same_texts_pass() {
        let en = serde_json::json!({ "a": { "b": "{{ n }} <b>left</b>" }, "c_one": "{{ count }} image", "c_other": "{{ count }} images" });
        let ru = serde_json::json!({ "a": { "b": "<b>осталось</b> {{n}}" }, "c_one": "{{ count }} картинка",
            "c_few": "{{ count }} картинки", "c_many": "{{ count }} картинок", "c_other": "{{ count }} картинки" });
        assert_eq!(rules(&en, &ru), Vec::<String>::new());
    }

    #[test]
    fn what_differs_is_caught() {
        let en = serde_json::json!({ "a": "{{ n }} left", "b": "text", "c_one": "x", "c_other": "y" });
        let ru = serde_json::json!({ "a": "осталось {{ m }}", "d": "лишнее", "c_one": "x", "c_other": "y" });
        let rules = rules(&en, &ru);
        for expected in ["`b` is missing", "`d` is not in", "`a` fills in", "`c` has the forms"] {
            assert!(rules.iter().any(|rule| rule.starts_with(expected)), "{expected}: {rules:?}");
        }
    }
}
