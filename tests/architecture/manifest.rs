//! Dependencies have reasons, invariants have tests.

use crate::report;
use crate::source::{Violation, read, root};

/// Dependencies without a comment that says what for.
fn without_reason(manifest: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut in_dependencies = false;
    // The entry being read: its line, whether it has a reason, and brackets still open.
    let mut entry: Option<(usize, bool, i32)> = None;
    for (idx, line) in manifest.lines().enumerate() {
        if entry.is_none() {
            if line.starts_with('[') {
                in_dependencies = line.trim_end_matches(']').ends_with("dependencies");
            }
            if !in_dependencies || line.trim().is_empty() || line.starts_with(['[', '#']) {
                continue;
            }
        }
        let (code, comment) = line.split_once('#').unwrap_or((line, ""));
        let (first, reason, open) = entry.unwrap_or((idx + 1, false, 0));
        let reason = reason || !comment.trim().is_empty();
        let open = open
            + code.chars().map(|c| i32::from("[{".contains(c)) - i32::from("]}".contains(c))).sum::<i32>();
        entry = (open > 0).then_some((first, reason, open));
        if entry.is_none() && !reason {
            let path = "Cargo.toml".to_owned();
            found.push(Violation { path, line: first, rule: "a dependency without its reason".to_owned() });
        }
    }
    found
}

/// Items of the list under `# Invariants` that name no test that exists. A test is named
/// `` `path/to/file.rs::its_name` ``, from the repository's root.
fn untested(page: &str, test_exists: impl Fn(&str, &str) -> bool) -> Vec<Violation> {
    let mut items: Vec<(usize, String)> = Vec::new();
    let mut in_section = false;
    for (idx, line) in
        page.lines().enumerate().filter_map(|(idx, line)| Some((idx, line.strip_prefix("//!")?.trim())))
    {
        if line.starts_with('#') {
            in_section = line == "# Invariants";
        } else if in_section && line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
        {
            items.push((idx + 1, line.to_owned()));
        } else if let Some((_, text)) = items.last_mut().filter(|_| in_section) {
            text.push(' ');
            text.push_str(line);
        }
    }
    let violation = |line, rule: String| Violation { path: "src/lib.rs".to_owned(), line, rule };
    let mut found = Vec::new();
    if items.is_empty() {
        found.push(violation(1, "no list under `# Invariants`".to_owned()));
    }
    for (line, text) in items {
        let named: Vec<(&str, &str)> = text.split('`').filter_map(|word| word.split_once(".rs::")).collect();
        if named.is_empty() {
            found.push(violation(line, "an invariant that names no test".to_owned()));
        }
        for (file, name) in named.iter().filter(|(file, name)| !test_exists(file, name)) {
            found.push(violation(line, format!("there is no test `{file}.rs::{name}`")));
        }
    }
    found
}

#[test]
fn every_dependency_has_its_reason() {
    report(&without_reason(&read("Cargo.toml")));
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let exists = |file: &str, name: &str| {
        let path = format!("{file}.rs");
        root().join(&path).exists() && read(&path).contains(&format!("fn {name}("))
    };
    report(&untested(&read("src/lib.rs"), exists));
}

#[test]
fn a_dependency_without_reason_is_caught() {
    let manifest = "[dependencies]\na = \"1\" # why\nb = { version = \"1\", features = [\n  \"x\", # not a brace\n] }\n\
        c = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\nd = \"1\"\n[features]\ne = []\n";
    let lines: Vec<usize> = without_reason(manifest).iter().map(|violation| violation.line).collect();
    assert_eq!(lines, [6, 8]);
}

#[test]
fn an_invariant_without_test_is_caught() {
    let page = "//! # Invariants\n//! 1. One thing, `tests/a.rs::holds`\n//! 2. Another,\n//!    `tests/a.rs::gone`\n//! 3. A third\n";
    let lines: Vec<usize> =
        untested(page, |_, name| name == "holds").iter().map(|violation| violation.line).collect();
    assert_eq!(lines, [3, 5]);
    assert_eq!(untested("//! Nothing.\n", |_, _| true).len(), 1);
}
