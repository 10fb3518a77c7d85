//! Addresses made to break the page: whatever stands in a link, the page opens, says so or leaves it out, and goes on.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;
use tokio::time::Instant;

use crate::browser::{HEADING, Lab, SOON};
use crate::harness::{Setup, drive};

/// Names that pages read from their addresses, and some that nobody reads.
const NAMES: &str = "activation activations at batch bias bins bottom callbacks channel condition curve dataset dilation \
    dilation_rate epoch epochs filter filters flip from_logits fit groups image images input kernel kernel_size kernels \
    kind label_smoothing lang layer layers learning_rate left logit look loss lock hide host id matrix metric model name \
    network neuron noise optimizer optimum order p padding params points pool_size preset q racers regularizer run \
    samples seed sent shape shown size smoothing sort source stack start steps stride strides surface theme top units \
    use_bias validation_samples view w weight workers x y __proto__ constructor toString";

/// What can stand behind a name: numbers at and beyond every edge, markup, other encodings, and much of it.
fn values() -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        "0",
        "-1",
        "1e309",
        "NaN",
        "-0",
        "18446744073709551616",
        "4294967296",
        "0.1",
        "1,2,,3",
        "7,7,7,7,7,7,7,7,7",
        "%00",
        "%",
        "%zz",
        "%F0%9F%92%A5",
        "%ff%fe",
        "<script>parent.pwned=1</script>",
        "%22%3E%3Cimg%20src=x%20onerror=%22window.pwned=1%22%3E",
        "javascript:window.pwned=1",
        "..%2f..%2fetc%2fpasswd",
        "null",
        "[object%20Object]",
        "{\"__proto__\":{\"pwned\":1}}",
        "https%3A%2F%2Felsewhere.example%2F",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("9".repeat(5_000));
    values.push("%5B".repeat(3_000));
    values.push("1,".repeat(20_000));
    values.push("dense-".repeat(2_000));
    values
}

/// No address may hold the page longer, on two cores that other work shares.
const LONGEST: Duration = Duration::from_secs(8);

#[test]
fn no_address_breaks_the_page() {
    drive(Setup::new("hostile-links", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        let names: Vec<&str> = NAMES.split_whitespace().collect();
        let values = values();
        for (at, route) in Route::ALL.into_iter().enumerate() {
            // One value behind all names; then, for values that mask one another so, another one behind each name.
            for value in &values {
                visit(&lab, &address(route, &names, |_| value)).await;
            }
            for shift in 0..3 {
                let each = |idx: usize| &values[(idx * 7 + at + shift * 11) % values.len()];
                visit(&lab, &address(route, &names, each)).await;
                for (idx, name) in names.iter().enumerate().skip(shift).step_by(9) {
                    visit(&lab, &address(route, &[name], |_| each(idx))).await;
                }
            }
        }
        for odd in [
            "#",
            "#/",
            "#//",
            "#/%00",
            "#/nowhere",
            "#/training/training",
            "#?x",
            "#/embed",
            "#/embed/",
            "#/embed/nowhere",
        ] {
            visit(&lab, odd).await;
        }
        let pwned: bool = lab.read("return 'pwned' in window || 'pwned' in {}", vec![]).await;
        assert!(!pwned, "something in an address was run");
        // The page is still the one that it was: a link of the menu works.
        let name = lab.words.say("common.nav.pooling");
        lab.open("#/convolution").await;
        lab.click("nav a", &name).await;
        lab.find(HEADING, Some(&lab.words.say("pooling.title"))).await;
    });
}

fn address<'a>(route: Route, names: &[&str], value: impl Fn(usize) -> &'a String) -> String {
    let mut address = route.href();
    for (idx, name) in names.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(address, "{}{name}={}", if idx == 0 { '?' } else { '&' }, value(idx));
    }
    address
}

/// Goes there without loading the document anew, so that one page meets all of them.
async fn visit(lab: &Lab, address: &str) {
    let shown: String = address.chars().take(120).collect();
    let began = Instant::now();
    lab.client.execute("location.hash = arguments[0]", vec![json!(address)]).await.unwrap();
    let there = async || lab.peek(HEADING, None).await.is_some();
    lab.until_true(&format!("a heading at {shown}"), SOON, there).await;
    assert!(began.elapsed() < LONGEST, "{shown} held the page for {:?}", began.elapsed());
}
