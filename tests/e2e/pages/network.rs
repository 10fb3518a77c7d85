//! The page where a network is built.

use fantoccini::key::Key;
use svertka::engine::spec::RunSpec;
use svertka::ui::pages::training::from_query;
use svertka::ui::routes::Location;

use crate::browser::{Lab, SOON};

/// The job in the address.
pub async fn job(lab: &Lab) -> RunSpec {
    let hash: String = lab.read("return location.hash", vec![]).await;
    let (job, bad) = from_query(&Location::parse(&hash).query);
    assert!(bad.is_empty(), "{bad:?} in {hash}");
    job
}

/// Waits until the job in the address is so.
pub async fn until_job(lab: &Lab, what: &str, is_so: impl Fn(&RunSpec) -> bool) {
    lab.until_true(what, SOON, async || is_so(&job(lab).await)).await;
}

/// Keras's names of the layers in the address, with commas between them.
pub fn classes(job: &RunSpec) -> String {
    use svertka::engine::layers::LayerDef;

    job.model.layers.iter().map(LayerDef::class_name).collect::<Vec<_>>().join(",")
}

/// Walks to a button of the palette and adds its layer.
pub async fn add(lab: &Lab, class: &str) {
    lab.tab_to("button", &format!("+{class}")).await;
    lab.key(Key::Enter).await;
}

/// Types into what has the focus, in the place of what is there.
pub async fn type_in(lab: &Lab, text: &str) {
    lab.client.active_element().await.unwrap().send_keys(&format!("\u{e009}a\u{e000}{text}")).await.unwrap();
}

/// Ctrl+Z, or with Shift what makes it again.
pub async fn undo(lab: &Lab, again: bool) {
    let keys = if again { "\u{e009}\u{e008}z\u{e000}" } else { "\u{e009}z\u{e000}" };
    lab.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
}
