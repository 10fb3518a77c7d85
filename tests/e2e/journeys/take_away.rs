//! What goes out of the laboratory's pages as films, and what comes in as drawings and images.

use std::fs;
use std::path::Path;
use std::time::Duration;

use fantoccini::key::Key;
use gif::DecodeOptions;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

/// A film is recorded as long as it plays: four positions, the last one a while longer.
const FILMED: Duration = Duration::from_secs(30);

#[test]
fn a_walk_is_filmed_as_gif_and_as_webm() {
    drive(Setup::new("film", Language::En), async |lab: Lab| {
        lab.open("#/pooling").await;
        lab.click("button", "GIF").await;
        let file = lab.downloaded("pooling.gif").await;
        let mut decoder = DecodeOptions::new().read_info(&file[..]).unwrap();
        assert!(decoder.width() > 300 && decoder.height() > 100);
        let mut delays = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            delays.push(frame.delay);
        }
        assert_eq!(delays, [50, 50, 50, 150]);

        lab.click("button", "WebM").await;
        let path = lab.downloads.join("pooling.webm");
        lab.until_true("the recorded film", FILMED, async || path.exists()).await;
        let file = lab.downloaded("pooling.webm").await;
        assert!(file.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) && file.len() > 5_000, "{} bytes", file.len());
        assert!(file.windows(4).any(|part| part == b"webm"));

        // A recording that is given up leaves no file.
        fs::remove_file(&path).unwrap();
        lab.click("button", "WebM").await;
        lab.press("take.animation.cancel").await;
        lab.see(&lab.words.say("take.animation.cancelled"), SOON).await;
        lab.click("button", "WebM").await;
        lab.until_true("the film after that", FILMED, async || path.exists()).await;
    });
}

#[test]
fn a_drawing_and_an_image_run_through_the_chain() {
    drive(Setup::new("sources", Language::En), async |lab: Lab| {
        lab.open("#/chain").await;
        lab.click("summary", &lab.words.say("sources.other")).await;
        lab.choose_segment("sources.way.label", &lab.words.say("sources.way.draw")).await;
        lab.tab_to("div", &lab.words.say("sources.draw.paper")).await;
        lab.key(Key::Space).await;
        let image = async || {
            let hash = lab.read::<String>("return location.hash", vec![]).await;
            hash.split("image=").nth(1).and_then(|rest| rest.split('&').next()).map(str::to_owned)
        };
        let is_own = async |shape: &str| image().await.is_some_and(|image| image.starts_with(shape));
        lab.until_true("the drawing in the address", SOON, async || is_own("own-28x28x1-").await).await;
        let drawn = image().await;

        // A file that is no image says so, and the drawing stays.
        lab.choose_segment("sources.way.label", &lab.words.say("sources.way.photo")).await;
        let broken = lab.folder.join("broken.png");
        fs::write(&broken, b"\x89PNG\r\n\x1a\nand no more").unwrap();
        let input = lab.find("input[type=file]", None).await;
        input.send_keys(broken.to_str().unwrap()).await.unwrap();
        lab.see(&lab.words.say("sources.fault.damaged"), SOON).await;
        assert_eq!(image().await, drawn);

        let icon = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/icons/icon-192.png");
        input.send_keys(icon.to_str().unwrap()).await.unwrap();
        lab.until_true("the image in the address", SOON, async || is_own("own-32x32x3-").await).await;

        // An image of a data set comes through the worker, and a reload brings it again.
        lab.choose_segment("sources.way.label", &lab.words.say("sources.way.samples")).await;
        let item = lab.words.say_with("sources.samples.item", &[("name", "7"), ("number", "0")]);
        lab.click("button", &item).await;
        lab.until_true("the sample in the address", SOON, async || is_own("mnist-test-0").await).await;
        lab.reload().await;
        lab.find("h1", Some(&lab.words.say("chain.title"))).await;
        assert_eq!(image().await.as_deref(), Some("mnist-test-0"));
    });
}
