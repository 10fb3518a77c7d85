//! Sizes, folders and lists.

use std::collections::BTreeSet;

use crate::report;
use crate::source::{Source, Violation, files, read, sources};

/// Lines of a file, at most.
const MAX_LINES: usize = 500;
const SIZED: &[&str] = &[".rs", ".css", ".js", ".sh"];
/// Lines of a start-up file, fewer than.
const MAX_BIN_LINES: usize = 30;
/// Every folder of these has five files…
const QUINTETS: &[&str] = &["src/ui/widgets/", "src/ui/pages/"];
/// …but a page that only puts words and widgets together may be these two alone.
const WORDS_ALONE: (&str, [&str; 2]) = ("src/ui/pages/", ["mod.rs", "view.rs"]);
const FIVE: &[&str] = &["mod.rs", "state.rs", "scene.rs", "view.rs", "style.css"];

fn too_long(path: &str, text: &str) -> Option<Violation> {
    let lines = text.lines().count();
    let limit = if path.starts_with("src/bin/") { MAX_BIN_LINES - 1 } else { MAX_LINES };
    (lines > limit).then(|| Violation {
        path: path.to_owned(),
        line: lines,
        rule: format!("more than {limit} lines"),
    })
}

/// Folders of five with a file missing.
fn incomplete(paths: &[String]) -> Vec<Violation> {
    let mut found = Vec::new();
    for place in QUINTETS {
        let below = paths.iter().filter_map(|path| path.strip_prefix(place));
        let folders: BTreeSet<&str> =
            below.filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
        for folder in folders {
            let own = format!("{place}{folder}/");
            let files = paths.iter().filter_map(|path| path.strip_prefix(&own));
            if *place == WORDS_ALONE.0 && files.eq(WORDS_ALONE.1) {
                continue;
            }
            for file in FIVE {
                let path = format!("{place}{folder}/{file}");
                if !paths.contains(&path) {
                    found.push(Violation {
                        path,
                        line: 1,
                        rule: "missing from its folder of five".to_owned(),
                    });
                }
            }
        }
    }
    found
}

/// Files that no module lists, so that nobody builds them.
fn unlisted(sources: &[Source]) -> Vec<Violation> {
    let listed: BTreeSet<Vec<String>> =
        sources.iter().flat_map(Source::listed_modules).map(|(module, _)| module).collect();
    let not_listed = |source: &&Source| {
        let module: Vec<String> = source.module().into_iter().map(str::to_owned).collect();
        !module.is_empty() && !source.path.starts_with("src/bin/") && !listed.contains(&module)
    };
    let violation = |source: &Source| source.violation(1, "not listed in the module above it");
    sources.iter().filter(not_listed).map(violation).collect()
}

#[test]
fn files_are_short() {
    let paths = files("");
    let sized = paths.iter().filter(|path| SIZED.iter().any(|end| path.ends_with(end)));
    report(&sized.filter_map(|path| too_long(path, &read(path))).collect::<Vec<_>>());
}

#[test]
fn widgets_and_pages_have_their_five_files() {
    report(&incomplete(&files("src/ui")));
}

#[test]
fn every_file_and_folder_is_listed() {
    report(&unlisted(&sources()));
}

#[test]
fn a_long_file_and_a_long_start_are_caught() {
    assert!(too_long("www/boot.js", &"\n".repeat(501)).is_some());
    assert!(too_long("www/boot.js", &"\n".repeat(500)).is_none());
    assert!(too_long("src/bin/ui.rs", &"\n".repeat(30)).is_some());
    assert!(too_long("src/bin/ui.rs", &"\n".repeat(29)).is_none());
}

#[test]
fn a_missing_file_is_caught() {
    let mut paths: Vec<String> = FIVE.iter().map(|file| format!("src/ui/widgets/chart/{file}")).collect();
    assert!(incomplete(&paths).is_empty());
    paths.pop();
    assert_eq!(incomplete(&paths)[0].path, "src/ui/widgets/chart/style.css");
    let two = |place: &str| WORDS_ALONE.1.map(|file| format!("{place}about/{file}"));
    assert!(incomplete(&two("src/ui/pages/")).is_empty());
    assert_eq!(incomplete(&two("src/ui/widgets/")).len(), 3);
}

#[test]
fn an_unlisted_folder_is_caught() {
    let parse = |list: &str| {
        [
            Source::parse("src/lib.rs", "pub mod ui;"),
            Source::parse("src/ui/mod.rs", list),
            Source::parse("src/ui/chart/mod.rs", ""),
        ]
    };
    assert!(unlisted(&parse("mod chart;")).is_empty());
    assert!(unlisted(&parse("#[cfg(test)] #[path = \"chart.rs\"] mod tests;")).is_empty());
    assert_eq!(unlisted(&parse(""))[0].path, "src/ui/chart/mod.rs");
}
