//! A first visit with a slow telephone: what can be read before the program is there, and how it answers then.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use svertka::ui::locale::Language;
use url::Url;

use crate::browser::{HEADING, Lab};
use crate::harness::{Setup, drive};
use crate::pages::convolution::step;

/// The browser notes what it painted, what jumped, and how long answers took, in ms.
const WATCH: &str = "
window.seen = { largest: 0, jumps: 0, answers: [] };
const watch = (options, take) => new PerformanceObserver(list => list.getEntries().forEach(take)).observe(options);
watch({ type: 'largest-contentful-paint', buffered: true }, it => { seen.largest = it.startTime; });
watch({ type: 'layout-shift', buffered: true }, it => { if (!it.hadRecentInput) seen.jumps += it.value; });
watch({ type: 'event', durationThreshold: 16, buffered: true }, it => { if (it.interactionId) seen.answers.push(it.duration); });
";
/// "Fast 3G" of Chromium's own tools: the way to a host and back in ms, bytes a second in each direction.
const LATENCY_MS: f64 = 562.5;
const DOWN: f64 = 1_474_560.0 / 8.0;
const UP: f64 = 675_000.0 / 8.0;
/// How many times slower the processor is.
const SLOWER: u32 = 4;
/// The host of these tests sends everything as it is, which other hosts make four times smaller.
const ARRIVED: Duration = Duration::from_mins(2);
/// Visits; the middle one counts.
const TIMES: usize = 3;

/// The largest text or picture is painted within this, in ms.
const LARGEST_MS: f64 = 2_500.0;
/// Layout shift of all that moves by itself.
const JUMPS: f64 = 0.05;
/// The slowest answer, in ms.
const ANSWER_MS: f64 = 200.0;

#[derive(Debug, Deserialize)]
struct Seen {
    largest: f64,
    jumps: f64,
    answers: Vec<f64>,
}

#[test]
fn a_slow_telephone_shows_the_first_page_soon_and_answers() {
    let setup = Setup { script: WATCH, ..Setup::new("slow_device", Language::Ru) };
    drive(setup, async |lab: Lab| {
        let address = lab.site.borrow().url();
        let origin = Url::parse(&address).unwrap().origin().ascii_serialization();
        lab.cdp("Network.enable", json!({})).await;
        let mut visits = vec![];
        for _ in 0..TIMES {
            lab.client.goto("about:blank").await.unwrap();
            lab.cdp("Network.clearBrowserCache", json!({})).await;
            lab.cdp("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" })).await;
            slow_down(&lab, true).await;
            lab.client.goto(&address).await.unwrap();
            lab.until_true("the program", ARRIVED, async || lab.peek(HEADING, None).await.is_some()).await;
            visits.push(seen(&lab).await);
            slow_down(&lab, false).await;
        }
        visits.sort_by(|a, b| a.largest.total_cmp(&b.largest));
        let largest: Vec<f64> = visits.iter().map(|visit| visit.largest).collect();
        let jumps = visits.iter().map(|visit| visit.jumps).fold(0.0, f64::max);
        eprintln!("the largest paint after {largest:.0?} ms, layout shift at most {jumps:.3}");
        assert!(jumps <= JUMPS, "{jumps}");
        assert!(largest[TIMES / 2] <= LARGEST_MS && largest[0] > 0.0, "{largest:.0?}");

        lab.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await;
        lab.visit("convolution").await;
        for _ in 0..5 {
            step(&lab).await;
        }
        for path in ["convolution.player.last", "convolution.player.first"] {
            lab.press(path).await;
        }
        let mut answers = seen(&lab).await.answers;
        answers.sort_by(f64::total_cmp);
        eprintln!("answers after {answers:.0?} ms");
        let slowest = answers.last().copied().expect("clicks are timed");
        assert!(slowest <= ANSWER_MS, "{answers:.0?}");
    });
}

async fn slow_down(lab: &Lab, is_slow: bool) {
    let (latency, down, up) = if is_slow { (LATENCY_MS, DOWN, UP) } else { (0.0, -1.0, -1.0) };
    let network =
        json!({ "offline": false, "latency": latency, "downloadThroughput": down, "uploadThroughput": up });
    lab.cdp("Network.emulateNetworkConditions", network).await;
    lab.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": if is_slow { SLOWER } else { 1 } })).await;
}

async fn seen(lab: &Lab) -> Seen {
    lab.read("return window.seen", vec![]).await
}
