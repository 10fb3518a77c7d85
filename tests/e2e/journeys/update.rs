//! A new version is offered, and never swapped under a running session.

use std::fs;
use std::path::Path;

use svertka::ui::locale::Language;

use crate::browser::{HEADING, Lab, SOON};
use crate::harness::{Setup, dist, drive};

/// Marks the second version, as a changed page would.
const MARK: &str = r#"<meta name="edition" content="second"/>"#;

#[test]
fn a_new_version_is_offered_and_starts_when_it_is_accepted() {
    drive(Setup::new("update", Language::En), async |lab: Lab| {
        lab.open("").await;
        wait_for_offline_copy(&lab).await;
        // A first visit is not under the service worker's control yet.
        lab.reload().await;
        let next = lab.folder.join("next");
        make_second_version(&dist(), &next);
        lab.site.borrow().replace(&next);

        lab.reload().await;
        lab.see(&lab.words.say("common.update.ready"), SOON).await;
        assert!(!is_second(&lab).await, "the page was swapped unasked");

        lab.press("common.update.later").await;
        lab.reload().await;
        lab.see(&lab.words.say("common.update.ready"), SOON).await;
        assert!(!is_second(&lab).await, "a reload must not swap it either");

        lab.press("common.update.accept").await;
        lab.until_true("the second version", SOON, async || is_second(&lab).await).await;
        lab.find(HEADING, None).await;
        lab.reload().await;
        assert!(is_second(&lab).await);
        assert!(!lab.page_text().await.contains(&lab.words.say("common.update.ready")));
    });
}

#[test]
fn a_version_in_use_in_another_tab_is_not_swapped() {
    drive(Setup::new("update_tabs", Language::En), async |lab: Lab| {
        lab.open("").await;
        wait_for_offline_copy(&lab).await;
        lab.reload().await;
        let first = lab.client.window().await.unwrap();
        let second = lab.client.new_window(true).await.unwrap().handle;
        lab.client.switch_to_window(second.clone()).await.unwrap();
        lab.open("#/convolution").await;
        lab.client.switch_to_window(first.clone()).await.unwrap();

        let next = lab.folder.join("next");
        make_second_version(&dist(), &next);
        lab.site.borrow().replace(&next);
        lab.reload().await;
        lab.press("common.update.accept").await;
        let is_refused = async || lab.words.says(&lab.text(".offer").await, "common.update.other_tabs_one");
        lab.until_true("the other tab named as the reason", SOON, is_refused).await;
        assert!(!is_second(&lab).await);

        lab.client.switch_to_window(second).await.unwrap();
        assert!(!is_second(&lab).await, "the other tab was swapped");
        lab.client.close_window().await.unwrap();
        lab.client.switch_to_window(first).await.unwrap();
        lab.press("common.update.accept").await;
        lab.until_true("the second version", SOON, async || is_second(&lab).await).await;
    });
}

/// Waits until the service worker has all files of the app.
pub async fn wait_for_offline_copy(lab: &Lab) {
    let script =
        "return navigator.serviceWorker.getRegistration().then(it => it?.active?.state === 'activated')";
    lab.until_true("the service worker's copy", SOON, async || lab.read(script, vec![]).await).await;
}

async fn is_second(lab: &Lab) -> bool {
    // In the middle of a reload there may be no document to ask.
    let script = "return document.querySelector('meta[name=edition]') !== null";
    lab.client.execute(script, vec![]).await.is_ok_and(|found| found == true)
}

/// A copy with a mark and another version, but without the shards, which belong to no version.
pub fn make_second_version(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            make_second_version(&path, &copy);
            continue;
        }
        match entry.file_name().to_str() {
            Some("index.html") => {
                let page = fs::read_to_string(&path).unwrap();
                fs::write(copy, page.replacen("<head>", &format!("<head>{MARK}"), 1)).unwrap();
            }
            Some("sw.js") => {
                let worker = fs::read_to_string(&path).unwrap();
                let changed = worker.replacen("const VERSION = '", "const VERSION = 'second-", 1);
                assert_ne!(worker, changed, "the service worker has no version");
                fs::write(copy, changed).unwrap();
            }
            _ if path.extension().is_some_and(|it| it == "bin") => {}
            _ => {
                fs::copy(&path, copy).unwrap();
            }
        }
    }
}
