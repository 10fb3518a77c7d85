//! Where a network errs: the matrix, the classes, the calibration, a second network, and the numbers behind
//! them, recomputed from the saved table.

use std::fs;
use std::time::Duration;

use fantoccini::key::Key;
use serde_json::json;
use svertka::engine::metrics::Confusion;
use svertka::engine::scores::{Calibration, ClassReport, McNemar, Pairs, wilson};
use svertka::ui::locale::Language;
use svertka::ui::theme::Theme;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::evaluation::{evaluate, open_worst_cell};
use crate::pages::training::{self, Run};

/// Two networks over a thousand images, on a slow machine.
const COMPARISON: Duration = Duration::from_mins(3);

/// What the saved table says of every image.
struct Table {
    labels: Vec<u8>,
    /// Of each network.
    predicted: Vec<Vec<u8>>,
    /// The first network's for the predicted class, with whether it was right.
    answers: Vec<(f64, bool)>,
}

async fn table(lab: &Lab) -> Table {
    lab.click_id("csv-images").await;
    let text = String::from_utf8(lab.downloaded("test-images.csv").await).unwrap();
    // The next one gets the same name.
    fs::remove_file(lab.downloads.join("test-images.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let column = |name: &str| head.iter().position(|own| *own == name);
    let label = column("label").unwrap();
    let models: Vec<usize> = ["prediction", "other_prediction"].into_iter().filter_map(column).collect();
    let first = column("probability_0").unwrap();
    let mut table = Table { labels: vec![], predicted: vec![vec![]; models.len()], answers: vec![] };
    for line in lines {
        let class: u8 = line[label].parse().unwrap();
        table.labels.push(class);
        for (predicted, at) in table.predicted.iter_mut().zip(&models) {
            predicted.push(line[*at].parse().unwrap());
        }
        let own = table.predicted[0][table.labels.len() - 1];
        let probability: f32 = line[first + usize::from(own)].parse().unwrap();
        let all: f32 = (0..10).map(|other| line[first + other].parse::<f32>().unwrap()).sum();
        assert!((all - 1.0).abs() < 1e-4, "{line:?} adds up to {all}");
        table.answers.push((f64::from(probability), own == class));
    }
    table
}

/// The exact value that an element tells of.
async fn value(lab: &Lab, selector: &str, name: &str) -> f64 {
    let script = "return document.querySelector(arguments[0]).dataset[arguments[1]]";
    lab.read::<String>(script, vec![json!(selector), json!(name)]).await.parse().unwrap()
}

async fn count(lab: &Lab, id: &str) -> usize {
    let text = lab.text(&format!("[data-testid={id}]")).await;
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

async fn address_has(lab: &Lab, part: &str) {
    let has = async || lab.read::<String>("return location.hash", vec![]).await.contains(part);
    lab.until_true(&format!("{part} in the address"), SOON, has).await;
}

#[track_caller]
fn assert_near(what: &str, got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-9, "{what}: {got}, and {expected} by the table");
}

#[test]
fn a_network_is_judged_and_compared_and_its_table_says_the_same() {
    drive(Setup::new("evaluation", Language::En), async |lab: Lab| {
        lab.open("").await;
        training::train(&lab, &Run { seed: 2, ..Run::default() }).await;
        training::train(&lab, &Run { epochs: 2, ..Run::default() }).await;
        let accuracy = evaluate(&lab).await;
        assert!(open_worst_cell(&lab).await > 0);
        let table = table(&lab).await;
        let confusion = Confusion::new(10, &table.labels, &table.predicted[0]);
        assert_eq!(confusion.num_samples(), 1_000);
        assert_near("accuracy", accuracy, confusion.accuracy().unwrap());
        let [low, high] = wilson(confusion.num_right(), 1_000).unwrap();
        assert_near("low end", value(&lab, "[data-testid=interval]", "low").await, low);
        assert_near("high end", value(&lab, "[data-testid=interval]", "high").await, high);

        looks_at_shares(&lab, &confusion).await;
        orders_classes(&lab, &confusion).await;
        counts_bins(&lab, &table).await;
        opens_lists(&lab, &confusion).await;
        compares(&lab, accuracy).await;
        prints(&lab).await;
    });
}

/// Cells in percent of their rows, by keyboard; the address keeps the choice.
async fn looks_at_shares(lab: &Lab, confusion: &Confusion) {
    lab.find("label", Some(&lab.words.say("evaluation.matrix.mode.counts"))).await;
    let focus = "document.querySelector('fieldset input[value=counts]').focus()";
    lab.client.execute(focus, vec![]).await.unwrap();
    lab.key(Key::Right).await;
    address_has(lab, "matrix=rows").await;
    lab.see(&lab.words.say("evaluation.matrix.in_rows"), SOON).await;
    let script = "return [...document.querySelectorAll('[data-testid=confusion] tbody tr')]
        .map(row => [...row.querySelectorAll('td')].map(cell => +cell.dataset.value))";
    let rows: Vec<Vec<f64>> = lab.read(script, vec![]).await;
    for (label, row) in rows.iter().enumerate() {
        for (predicted, share) in row.iter().enumerate() {
            assert_near("share", *share, confusion.share_of_label(label, predicted));
        }
    }
    lab.key(Key::Right).await;
    address_has(lab, "matrix=columns").await;
}

/// The classes by recall, and their scores.
async fn orders_classes(lab: &Lab, confusion: &Confusion) {
    let report = ClassReport::new(confusion);
    let focus = "document.querySelector('[data-testid=sort-recall]').focus()";
    lab.client.execute(focus, vec![]).await.unwrap();
    lab.key(Key::Enter).await;
    address_has(lab, "sort=recall").await;
    let script = "return [...document.querySelectorAll('[data-testid=classes] tbody tr')]
        .map(row => [+row.dataset.class, ...[...row.querySelectorAll('[data-value]')].map(it => +it.dataset.value)])";
    let is_ordered = async || {
        let rows: Vec<Vec<f64>> = lab.read(script, vec![]).await;
        rows.len() == 10 && rows.windows(2).all(|pair| pair[0][2] >= pair[1][2])
    };
    lab.until_true("the classes by falling recall", SOON, is_ordered).await;
    for row in lab.read::<Vec<Vec<f64>>>(script, vec![]).await {
        let scores = report.classes[row[0] as usize].unwrap();
        for (got, expected) in row[1..].iter().zip([scores.precision, scores.recall, scores.f1]) {
            assert_near("score", *got, expected);
        }
    }
    let mean = "[data-testid=classes] tfoot [data-class=macro] td:nth-child(6)";
    assert_near("macro F1", value(lab, mean, "value").await, report.macro_mean.f1);
}

/// Another number of bins, and the error of the calibration.
async fn counts_bins(lab: &Lab, table: &Table) {
    let error = async || value(lab, "[data-testid=calibration]", "value").await;
    let expected = |bins| Calibration::new(bins, table.answers.iter().copied()).expected_error().unwrap();
    assert_near("error of ten bins", error().await, expected(10));
    lab.fill(&lab.words.say("evaluation.calibration.bins"), "15").await;
    address_has(lab, "bins=15").await;
    assert_near("error of fifteen bins", error().await, expected(15));
}

async fn opens_lists(lab: &Lab, confusion: &Confusion) {
    let mistakes = value(lab, "[data-testid=list-mistakes]", "count").await as usize;
    assert_eq!(mistakes, 1_000 - confusion.num_right());
    lab.click_id("list-mistakes").await;
    lab.see(&lab.words.say("evaluation.images.title_mistakes"), SOON).await;
    lab.click_id("list-close").await;
    lab.see(&lab.words.say("evaluation.images.title_close"), SOON).await;
    let tiles = "return document.querySelectorAll('[data-testid=images] li').length";
    lab.until_true("the closest calls", SOON, async || lab.read::<usize>(tiles, vec![]).await == 100).await;
}

/// The run before this one is the second network.
async fn compares(lab: &Lab, accuracy: f64) {
    let label = lab.words.say("evaluation.compare.second");
    lab.find("select", Some(&label)).await;
    let script = "return [...document.querySelectorAll('.evaluation__compare select')[0].options]
        .map(option => option.value)";
    let older = async || {
        let runs: Vec<String> = lab.read(script, vec![]).await;
        // Two runs, and the disk.
        (runs.len() == 3).then(|| runs[1].clone())
    };
    let older = lab.until("both kept runs", SOON, older).await;
    lab.choose("evaluation.compare.second", &older).await;
    lab.choose("evaluation.compare.weights", &format!("last/{older}")).await;
    lab.click_id("compare").await;
    let is_there = async || lab.peek_id("compared").await.is_some();
    lab.until_true("the comparison", COMPARISON, is_there).await;

    let table = table(lab).await;
    let pairs = Pairs::new(&table.labels, &table.predicted[0], &table.predicted[1]);
    let [both, only_first, only_second, neither] = [
        count(lab, "both-right").await,
        count(lab, "only-a").await,
        count(lab, "only-b").await,
        count(lab, "neither").await,
    ];
    assert_eq!(Pairs { both, only_first, only_second, neither }, pairs);
    assert_near("accuracy of A", value(lab, "tr[data-model=A] [data-value]", "value").await, accuracy);
    let other = (both + only_second) as f64 / 1_000.0;
    assert_near("accuracy of B", value(lab, "tr[data-model=B] [data-value]", "value").await, other);
    let test = McNemar::new(&pairs);
    assert_near("p", value(lab, "[data-testid=mcnemar]", "p").await, test.p_value);

    lab.click_id("list-only-a").await;
    lab.see(&lab.words.say("evaluation.images.title_only_first"), SOON).await;
    let tiles = "return document.querySelectorAll('.evaluation__compared [data-testid=images] li').length";
    let wanted = only_first.min(100);
    lab.until_true("their images", SOON, async || lab.read::<usize>(tiles, vec![]).await == wanted).await;
}

/// On paper stands the report, in the colours of paper even where the screen is dark.
async fn prints(lab: &Lab) {
    lab.choose("common.theme.label", Theme::Dark.name()).await;
    let text = "return getComputedStyle(document.documentElement).getPropertyValue('--text').trim()";
    let dark: String = lab.read(text, vec![]).await;
    lab.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    assert_ne!(lab.read::<String>(text, vec![]).await, dark);
    lab.see(&lab.words.say("evaluation.report.model"), SOON).await;
    assert!(lab.peek_id("print").await.is_none(), "no buttons on paper");
    assert!(lab.page_text().await.contains("Total params:"));
    lab.cdp("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
}
