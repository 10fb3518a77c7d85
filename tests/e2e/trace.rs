//! What Chromium itself notes of the page's main thread: every task, how long it took, and how much of that it ran.
//!
//! A task's own time on a processor does not grow when other programs want the same cores; the time on the clock does.
//! The observers that a page has for itself see the clock alone.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use crate::browser::Lab;

/// Tasks, and the marks that the page sets with `performance.mark`.
const CATEGORIES: &str = "toplevel,blink.user_timing";

/// How long Chromium may write.
const WRITTEN: Duration = Duration::from_mins(1);

/// The trace of a test that keeps its files in `folder`.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("trace.json")
}

/// With these Chromium traces from its start to its end, and then writes `file`.
pub fn arguments(file: &Path) -> [String; 4] {
    [
        format!("--trace-startup={CATEGORIES}"),
        format!("--trace-startup-file={}", file.display()),
        "--trace-startup-format=json".to_owned(),
        "--trace-startup-duration=0".to_owned(),
    ]
}

/// Ends the browser by its own means, as a reader who closes it, and waits until it has written the trace. A driver would
/// kill it before that.
///
/// # Panics
/// If it does not come to an end.
pub async fn end(lab: &Lab) {
    let file = file(&lab.folder);
    // Its answer may not come any more.
    let _ = timeout(WRITTEN, lab.cdp("Browser.close", json!({}))).await;
    let is_whole = async || fs::read(&file).is_ok_and(|text| text.trim_ascii_end().ends_with(b"}"));
    lab.until_true("the whole trace", WRITTEN, is_whole).await;
}

/// One task of the main thread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Task {
    /// When it began, after the first mark.
    pub at: Duration,
    /// How long it took on the clock.
    pub clock: Duration,
    /// How much of that it ran.
    pub own: Duration,
}

/// The main thread's tasks between the marks `begin` and `end`, in their order.
///
/// # Panics
/// If Chromium left no trace, or one without these marks.
pub fn tasks_between(folder: &Path, begin: &str, end: &str) -> Vec<Task> {
    let path = file(folder);
    let opened = File::open(&path).unwrap_or_else(|error| panic!("no trace in {}: {error}", path.display()));
    let trace: Trace = serde_json::from_reader(BufReader::new(opened)).expect("Chromium writes JSON");
    let events = trace.events;
    let mark = |name: &str| {
        let found = events.iter().find(|it| it.category.contains("user_timing") && it.name == name);
        found.unwrap_or_else(|| panic!("the trace has no mark {name}"))
    };
    let (from, to) = (mark(begin), mark(end));
    assert_eq!(from.thread(), to.thread(), "both marks are of one page");
    let within =
        events.iter().filter(|it| it.thread() == from.thread() && it.at >= from.at && it.at <= to.at);
    // Whatever else is noted of a task lies inside it: what begins before the last one's end is a part of that.
    let (mut tasks, mut last_end) = (vec![], 0);
    let mut complete: Vec<&Event> = within.filter(|it| it.phase == "X").collect();
    complete.sort_by_key(|it| (it.at, u64::MAX - it.clock));
    for event in complete {
        if event.at < last_end {
            continue;
        }
        last_end = event.at + event.clock;
        let [at, clock, own] = [event.at - from.at, event.clock, event.own].map(Duration::from_micros);
        tasks.push(Task { at, clock, own });
    }
    tasks
}

#[derive(Deserialize)]
struct Trace {
    #[serde(rename = "traceEvents")]
    events: Vec<Event>,
}

/// As Chromium's trace event format has it; times in µs.
#[derive(Deserialize)]
struct Event {
    name: String,
    #[serde(rename = "cat", default)]
    category: String,
    #[serde(rename = "ph")]
    phase: String,
    #[serde(rename = "ts", default)]
    at: u64,
    #[serde(rename = "dur", default)]
    clock: u64,
    #[serde(rename = "tdur", default)]
    own: u64,
    pid: u64,
    tid: u64,
}

impl Event {
    fn thread(&self) -> (u64, u64) {
        (self.pid, self.tid)
    }
}
