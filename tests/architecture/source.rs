//! Source files as tokens with line numbers, without comments, knowing what is test code.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Folders that hold no source of ours.
const NOT_OURS: [&str; 5] = ["target", "dist", "node_modules", "pkg", "data"];

/// A broken rule.
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// One token; a delimiter is a token of its own, `::` is one.
#[derive(Debug, Clone)]
pub struct Token {
    pub text: String,
    pub line: usize,
    /// Whether it stands under `#[cfg(test)]`.
    pub test: bool,
    /// How many inline modules are around it.
    pub depth: usize,
}

/// A path that begins with `crate`, `svertka`, `super`, `self` or a crate's name.
pub struct PathUse {
    /// From the crate's root if it is ours: `["crate", "engine", "spec", "ModelSpec"]`.
    pub segments: Vec<String>,
    pub line: usize,
    pub test: bool,
}

/// A Rust file.
pub struct Source {
    /// From the repository's root, with `/`.
    pub path: String,
    pub tokens: Vec<Token>,
}

/// The repository: where cargo runs the test, which may be another copy than it was built in.
pub fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

/// Every file of ours below `folder` (from the root), in order.
pub fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(folder), folder.trim_matches('/'), &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, name: &str, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("a folder can be listed")) {
        let own = entry.file_name().to_string_lossy().into_owned();
        let path = if name.is_empty() { own.clone() } else { format!("{name}/{own}") };
        if entry.path().is_dir() {
            // `src/data` is an area, `www/data` holds images.
            let ours = !NOT_OURS.contains(&own.as_str()) || path == "src/data";
            if ours && !own.starts_with('.') {
                walk(&entry.path(), &path, found);
            }
        } else {
            found.push(path);
        }
    }
}

pub fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|own| own == extension)
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file below `src`.
pub fn sources() -> Vec<Source> {
    let mut all: Vec<Source> = files("src")
        .iter()
        .filter(|path| has_extension(path, "rs"))
        .map(|path| Source::parse(path, &read(path)))
        .collect();
    assert!(all.len() > 50, "only {} files found: rules would hold for nothing", all.len());
    // A file that is listed under `#[cfg(test)]` is test code from end to end.
    let listed = all.iter().flat_map(Source::listed_modules);
    let tests: BTreeSet<Vec<String>> = listed.filter(|(_, test)| *test).map(|(module, _)| module).collect();
    for source in &mut all {
        let module: Vec<String> = source.module().into_iter().map(str::to_owned).collect();
        if tests.contains(&module) {
            source.tokens.iter_mut().for_each(|token| token.test = true);
        }
    }
    all
}

impl Source {
    pub fn parse(path: &str, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut tokens = Vec::new();
        flatten(stream, false, 0, &mut tokens);
        Self { path: path.to_owned(), tokens }
    }

    pub fn violation(&self, line: usize, rule: impl Into<String>) -> Violation {
        Violation { path: self.path.clone(), line, rule: rule.into() }
    }

    /// The file's module: `["engine", "layers", "conv2d"]`.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let path = path.strip_suffix(".rs").unwrap_or(path);
        path.split('/').filter(|part| !matches!(*part, "mod" | "lib")).collect()
    }

    pub fn text(&self, idx: usize) -> &str {
        self.tokens.get(idx).map_or("", |token| &token.text)
    }

    /// Modules this file lists: `["engine", "layers"]` for `mod layers;` in `src/engine/mod.rs`, and
    /// whether they are test code.
    pub fn listed_modules(&self) -> Vec<(Vec<String>, bool)> {
        let listed =
            (2..self.tokens.len()).filter(|idx| self.text(idx - 2) == "mod" && self.text(*idx) == ";");
        let module = |idx: usize| {
            let mut path: Vec<String> = self.module().into_iter().map(str::to_owned).collect();
            match self.path_attribute(idx - 2) {
                // Counts from the file's folder, which for `a.rs` is not `a`.
                Some(file) => {
                    if !self.path.ends_with("/mod.rs") {
                        path.pop();
                    }
                    path.push(file.trim_end_matches(".rs").to_owned());
                }
                None => path.push(self.text(idx - 1).to_owned()),
            }
            (path, self.tokens[idx - 1].test)
        };
        listed.map(module).collect()
    }

    /// `x.rs` if `#[path = "x.rs"]` stands right before this token.
    fn path_attribute(&self, idx: usize) -> Option<&str> {
        let start = idx.checked_sub(6)?;
        let attribute =
            ["#", "[", "path", "="].iter().enumerate().all(|(at, text)| self.text(start + at) == *text);
        attribute.then(|| self.text(start + 4).trim_matches('"'))
    }

    /// Every path in the file, groups in braces taken apart.
    pub fn paths(&self) -> Vec<PathUse> {
        let mut found = Vec::new();
        let mut idx = 0;
        while idx < self.tokens.len() {
            let begins = is_name(self.text(idx));
            let alone = idx > 0 && self.text(idx - 1) == "use";
            if begins && (self.text(idx + 1) == "::" || alone) {
                idx = self.path(idx, self.start(idx), &mut found);
            } else {
                idx += 1;
            }
        }
        found
    }

    /// What the first segment of a path stands for: the file's own module for `self` and `super`,
    /// nothing for a crate's name.
    fn start(&self, idx: usize) -> Vec<String> {
        if !matches!(self.text(idx), "self" | "super") {
            return Vec::new();
        }
        let mut module = vec!["crate".to_owned()];
        module.extend(self.module().into_iter().map(str::to_owned));
        module.extend((0..self.tokens[idx].depth).map(|_| "(inline)".to_owned()));
        module
    }

    /// Reads the path, or the group of paths, that begins at `idx` and goes on from `segments`;
    /// gives the index of the first token after it.
    fn path(&self, mut idx: usize, mut segments: Vec<String>, found: &mut Vec<PathUse>) -> usize {
        let (line, test) = (self.tokens[idx].line, self.tokens[idx].test);
        loop {
            match self.text(idx) {
                "super" => drop(segments.pop()),
                "self" => {}
                "svertka" if segments.is_empty() => segments.push("crate".to_owned()),
                "{" => {
                    idx += 1;
                    while idx < self.tokens.len() && self.text(idx) != "}" {
                        idx = self.path(idx, segments.clone(), found);
                        // What may stand before the next comma: `as name`.
                        while idx < self.tokens.len() && !matches!(self.text(idx), "," | "}") {
                            idx += 1;
                        }
                        idx += usize::from(self.text(idx) == ",");
                    }
                    return idx + 1;
                }
                name => segments.push(name.to_owned()),
            }
            let next = self.text(idx + 2);
            if self.text(idx + 1) != "::" || !(is_name(next) || next == "{") {
                break;
            }
            idx += 2;
        }
        found.push(PathUse { segments, line, test });
        idx + 1
    }
}

pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn flatten(stream: TokenStream, test: bool, depth: usize, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    // Set from `#[cfg(test)]` until the item after it ends.
    let mut item_is_test = false;
    for (idx, tree) in trees.iter().enumerate() {
        let line = tree.span().start().line;
        let test = test || item_is_test;
        match tree {
            TokenTree::Group(group) => {
                let content = group.stream().to_string().replace(' ', "");
                let is_attribute = idx > 0 && trees[idx - 1].to_string() == "#";
                if is_attribute && content == "cfg(test)" {
                    item_is_test = true;
                }
                let inline_module = idx > 1 && trees[idx - 2].to_string() == "mod";
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                tokens.push(Token { text: open.to_owned(), line, test, depth });
                flatten(group.stream(), test, depth + usize::from(inline_module), tokens);
                let line = group.span_close().start().line;
                tokens.push(Token { text: close.to_owned(), line, test, depth });
                if open == "{" {
                    item_is_test = false;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                // The second colon of `::` completes the first.
                let joined = idx > 0
                    && matches!(&trees[idx - 1], TokenTree::Punct(before)
                        if before.as_char() == ':' && before.spacing() == proc_macro2::Spacing::Joint);
                match tokens.last_mut() {
                    Some(last) if joined && last.text == ":" => "::".clone_into(&mut last.text),
                    _ => tokens.push(Token { text: ":".to_owned(), line, test, depth }),
                }
            }
            other => {
                let text = other.to_string();
                if text == ";" {
                    item_is_test = false;
                }
                tokens.push(Token { text, line, test, depth });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(path: &str, text: &str) -> Vec<String> {
        Source::parse(path, text).paths().iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn groups_are_taken_apart() {
        let text = "use crate::{data::A, engine::{self, spec::B as C, event}}; use std::{fs, io::Read as _};";
        let expected = [
            "crate::data::A",
            "crate::engine",
            "crate::engine::spec::B",
            "crate::engine::event",
            "std::fs",
            "std::io::Read",
        ];
        assert_eq!(paths("src/ui/x.rs", text), expected);
    }

    #[test]
    fn super_is_resolved_through_inline_modules() {
        assert_eq!(
            paths("src/engine/layers/dense.rs", "use super::Layer;"),
            ["crate::engine::layers::Layer"]
        );
        assert_eq!(paths("src/engine/layers/mod.rs", "use super::spec::A;"), ["crate::engine::spec::A"]);
        assert_eq!(
            paths("src/engine/spec.rs", "mod tests { use super::super::event; }"),
            ["crate::engine::event"]
        );
    }

    #[test]
    fn paths_in_expressions_and_macros_are_seen() {
        let text =
            "fn f() { m!(std::fs::read(x)); match y { A { z } => crate::ui::g::<u8>(), _ => B::c() } }";
        let found = paths("src/engine/x.rs", text);
        assert!(
            found.contains(&"std::fs::read".to_owned()) && found.contains(&"crate::ui::g".to_owned()),
            "{found:?}"
        );
    }

    #[test]
    fn test_items_end_where_they_end() {
        let source = Source::parse(
            "src/a.rs",
            "#[cfg(test)] mod check; fn a() {} #[cfg(test)] mod t { fn b() {} } fn c() {}",
        );
        let test: Vec<&str> =
            source.tokens.iter().filter(|t| t.test && is_name(&t.text)).map(|t| t.text.as_str()).collect();
        assert_eq!(test, ["mod", "check", "mod", "t", "fn", "b"]);
    }
}
