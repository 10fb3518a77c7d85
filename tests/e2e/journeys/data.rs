//! What a network is trained on: looked at, limited to classes, changed at random.

use fantoccini::key::Key;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

const IMAGES: &str = "[data-testid=data-images] button";

async fn images_are(lab: &Lab, wanted: usize) {
    let look = format!("return document.querySelectorAll('{IMAGES}').length");
    let are_there = async || lab.read::<usize>(&look, vec![]).await == wanted;
    lab.until_true(&format!("{wanted} images"), SOON, are_there).await;
}

async fn address_has(lab: &Lab, part: &str) {
    let has = async || {
        let hash: String = lab.read("return decodeURIComponent(location.hash)", vec![]).await;
        hash.contains(part)
    };
    lab.until_true(&format!("{part} in the address"), SOON, has).await;
}

#[test]
fn data_are_seen_limited_and_changed_at_random() {
    drive(Setup::new("data", Language::Ru), async |lab: Lab| {
        lab.open("#/training").await;
        // Folded it shows nothing.
        images_are(&lab, 0).await;
        let shards =
            "return performance.getEntriesByType('resource').filter(it => /data\\//.test(it.name)).length";
        assert_eq!(lab.read::<usize>(shards, vec![]).await, 0);

        lab.press("data.open").await;
        images_are(&lab, 60).await;
        lab.see(&lab.words.say("data.balance.title"), SOON).await;

        // The first digits of the training file are 5, 0, 4, 1.
        let first = lab.words.say_with("sources.samples.item", &[("name", "5"), ("number", "0")]);
        let second = lab.words.say_with("sources.samples.item", &[("name", "0"), ("number", "1")]);
        lab.tab_to("button", &first).await;
        lab.key(Key::Right).await;
        lab.until_true("the second image", SOON, async || lab.focus().await.1 == second).await;
        lab.key(Key::Enter).await;
        let enlarged = async || lab.text(".data-panel__enlarged .facts").await.contains("от 0 до 25");
        lab.until_true("its pixels", SOON, enlarged).await;

        // One class of the test part: of the first 1,000 test images 107 are threes.
        lab.choose_segment("data.browse.part", &lab.words.say("data.part.test")).await;
        lab.choose("data.browse.class", "3").await;
        lab.press("data.browse.next").await;
        images_are(&lab, 47).await;

        // Threes and eights alone.
        let classes = [lab.words.say("data.classes.title"), lab.words.say("data.classes.all")].join(": ");
        lab.click("summary", &classes).await;
        lab.press("data.classes.take_none").await;
        lab.see(&lab.words.say("data.classes.nothing_left"), SOON).await;
        lab.click("label", "3").await;
        lab.click("label", "8").await;
        address_has(&lab, r#"class_counts={"0":0,"1":0,"2":0,"4":0,"5":0,"6":0,"7":0,"9":0}"#).await;
        lab.see(&lab.words.say_with("data.balance.missing", &[("names", "0, 1, 2, 4, 5, 6, 7, 9")]), SOON)
            .await;

        // A layer that changes images at random.
        lab.click("button", &lab.words.say_with("data.augment.add", &[("class_name", "RandomTranslation")]))
            .await;
        address_has(&lab, "RandomTranslation").await;
        let drawn =
            |step: &str| lab.words.say_with("data.augment.explained", &[("seed", "1"), ("step", step)]);
        lab.see(&drawn("0"), SOON).await;
        lab.press("data.augment.draw").await;
        lab.see(&drawn("1"), SOON).await;
    });
}
