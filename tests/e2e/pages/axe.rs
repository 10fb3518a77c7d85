//! axe looks over the page at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::wd::TimeoutConfiguration;
use serde::Deserialize;
use serde_json::json;

use crate::browser::Lab;

/// The rules of WCAG 2.0 to 2.2 at A and AA, and what axe's makers hold to be good practice.
const TAGS: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// Runs the rules with these tags over the document, and gives what breaks them.
const RUN: &str = "
const [tags, done] = arguments;
const options = {
  runOnly: { type: 'tag', values: tags },
  // Left out unless asked for by name.
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};
const say = node => `${node.target.join(' ')}: ${node.html.slice(0, 200)}: ${node.failureSummary}`;
// Colours on their way to others are not what a reader reads by. What turns for ever has no end to wait for, nor has what
// is folded away: it stands still until it is seen.
const ends = it =>
  it.playState === 'running' && it.effect.getComputedTiming().endTime !== Infinity && it.effect.target?.checkVisibility();
const settled = Promise.allSettled(document.getAnimations().filter(ends).map(it => it.finished));
// Nor is a box that has not yet found out that it scrolls.
const drawn = () => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(go))));
settled.then(drawn).then(() => axe.run(document, options)).then(
  found => done(found.violations.map(({ id, help, tags, nodes }) => ({ id, help, is_wcag: !tags.includes('best-practice'), count: nodes.length, nodes: nodes.slice(0, 4).map(say) }))),
  error => done([{ id: 'axe', help: String(error), is_wcag: true, count: 0, nodes: [] }]),
);
";

/// A rule that is broken.
#[derive(Debug, Deserialize)]
pub struct Violation {
    /// The rule's name.
    pub id: String,
    /// What it asks for.
    pub help: String,
    /// Whether WCAG itself asks for it; the rest is good practice.
    pub is_wcag: bool,
    /// How many elements break it.
    pub count: usize,
    /// The first of them, and how.
    pub nodes: Vec<String>,
}

/// How long axe may look at one page.
const PATIENCE: Duration = Duration::from_mins(2);

/// axe's program, as the packages of `package.json` have it.
fn program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js")
}

/// What axe finds on the page at hand.
pub async fn violations(lab: &Lab) -> Vec<Violation> {
    if !lab.read::<bool>("return 'axe' in window", vec![]).await {
        let program = program();
        let source = fs::read_to_string(&program)
            .unwrap_or_else(|error| panic!("{}: {error}; run: scripts/setup.sh test", program.display()));
        lab.client.execute(&source, vec![]).await.unwrap();
    }
    // Half a minute, the usual limit, is short for a large page beside a training that has both cores.
    let patience = TimeoutConfiguration::new(Some(PATIENCE), None, None);
    lab.client.update_timeouts(patience).await.unwrap();
    let found = lab.client.execute_async(RUN, vec![json!(TAGS)]).await.unwrap();
    serde_json::from_value(found).unwrap()
}
