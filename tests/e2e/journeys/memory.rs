//! Twenty runs leave no more behind than one.

use serde_json::json;
use svertka::ui::locale::Language;

use crate::browser::Lab;
use crate::harness::{Setup, drive};
use crate::pages::training::{self, Run};

/// Keeps a hand on the memory of the page's program.
const CATCH_MEMORY: &str = "
window.programs = [];
for (const name of ['instantiate', 'instantiateStreaming']) {
  const real = WebAssembly[name];
  WebAssembly[name] = async (...given) => {
    const made = await real.apply(WebAssembly, given);
    const memory = (made.instance ?? made).exports?.memory;
    if (memory && !programs.includes(memory)) programs.push(memory);
    return made;
  };
}
";
/// Runs before the first look: what is made once is made by then, and the shelf of kept runs is full.
const BEFORE: u64 = 3;
/// Runs before the second look.
const RUNS: u64 = 20;
/// How much more may be there after them.
const MORE: f64 = 1.1;

/// What the page holds, each with its name.
type Held = [(&'static str, f64); 4];

#[test]
fn twenty_runs_hold_no_more_than_the_first() {
    let setup = Setup { script: CATCH_MEMORY, ..Setup::new("memory", Language::En) };
    drive(setup, async |lab: Lab| {
        lab.open("").await;
        let mut before = None;
        for seed in 1..=BEFORE + RUNS {
            training::train(&lab, &Run { seed, ..Run::SECOND }).await;
            if seed == BEFORE {
                before = Some(look(&lab).await);
            }
        }
        let (before, after) = (before.unwrap(), look(&lab).await);
        eprintln!("after {BEFORE} runs {before:?}, after {} {after:?}", BEFORE + RUNS);
        for ((name, before), (_, after)) in before.into_iter().zip(after) {
            assert!(before > 0.0, "{name} was not measured");
            assert!(after <= before * MORE, "{name}: {before} grew to {after}");
        }
    });
}

async fn look(lab: &Lab) -> Held {
    for _ in 0..2 {
        lab.cdp("HeapProfiler.collectGarbage", json!({})).await;
    }
    let program = "return programs.reduce((sum, memory) => sum + memory.buffer.byteLength, 0)";
    let program: f64 = lab.read(program, vec![]).await;
    lab.cdp("Performance.enable", json!({})).await;
    let metrics = lab.cdp("Performance.getMetrics", json!({})).await;
    let metric = |name: &str| {
        let list = metrics["metrics"].as_array().unwrap();
        list.iter().find(|it| it["name"] == name).and_then(|it| it["value"].as_f64()).unwrap_or_default()
    };
    [
        ("bytes of the program's memory", program),
        ("bytes of JavaScript", metric("JSHeapUsedSize")),
        ("nodes of the document", metric("Nodes")),
        ("listeners", metric("JSEventListeners")),
    ]
}
