//! The reader chooses speed over the same bits everywhere, and takes it back.

use svertka::engine::presets::Preset;
use svertka::formats::{ModelFile, read_weights};
use svertka::ui::locale::Language;

use super::same_bits::trained_here;
use super::update::wait_for_offline_copy;
use super::workers::{loader, start_with_crew};
use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::files as files_page;
use crate::pages::training::{self, Run};
use crate::site::Fault;

/// A worker says what it is and which program it began with.
const TELLS: &str = "new BroadcastChannel('builds').postMessage(self.name + ' ' + self.location.pathname);\n";
/// The page keeps what they say.
const LISTENS: &str = "
window.builds = [];
new BroadcastChannel('builds').onmessage = ({ data }) => window.builds.push(data);
";
/// How far weights may lie apart after two epochs, relative to the largest: only roundings differ.
const NEAR: f32 = 1e-3;

#[test]
fn the_fast_program_computes_where_it_is_chosen_and_nowhere_else() {
    drive(Setup { script: LISTENS, ..Setup::new("builds", Language::Ru) }, async |lab: Lab| {
        for fast in [false, true] {
            lab.site.borrow().spoil(&loader(fast), Fault::Preceded(TELLS));
        }
        lab.open("#/device").await;
        wait_for_build(&lab, "reproducible").await;
        let reproducible = train(&lab).await;

        choose(&lab, "fast").await;
        // The choice is kept, and holds for the helpers as well.
        wait_for_offline_copy(&lab).await;
        lab.reload().await;
        wait_for_build(&lab, "fast").await;
        // What was used once is there without a network.
        lab.site.borrow().stop();
        lab.reload().await;
        wait_for_build(&lab, "fast").await;
        lab.site.borrow_mut().go_on();
        let fast = train(&lab).await;
        let heard: Vec<String> = lab.read("return window.builds", vec![]).await;
        assert!(heard.iter().any(|said| said.starts_with("crew-")), "no helper: {heard:?}");
        assert!(heard.iter().all(|said| said.ends_with(&loader(true))), "another program: {heard:?}");

        choose(&lab, "reproducible").await;
        let again = train(&lab).await;

        let (model_json, _) = files_page::save(&lab).await;
        let file = ModelFile::from_json(&String::from_utf8(model_json).unwrap()).unwrap();
        let expected = trained_here(&file.job.unwrap());
        assert!(reproducible == expected && again == expected, "the reproducible program gives other bits");
        let [fast, expected] = [fast, expected].map(|weights| read_weights(&file.model, &weights).unwrap());
        let largest = expected.iter().fold(0.0f32, |largest, weight| largest.max(weight.abs()));
        let apart = fast.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart <= NEAR * largest, "{apart} apart, where the largest weight is {largest}");
    });
}

/// Trains with two workers, which must be told of, and gives the weights file.
async fn train(lab: &Lab) -> Vec<u8> {
    training::follow(lab, &Run { preset: Preset::Lenet5, epochs: 2, ..Run::default() }).await;
    lab.choose("training.workers.label", "2").await;
    start_with_crew(lab, "2").await;
    training::wait_for_end(lab).await;
    files_page::save(lab).await.1
}

async fn choose(lab: &Lab, build: &str) {
    lab.open("#/device").await;
    let shown = lab.words.say(&format!("device.build.{build}"));
    lab.choose_segment("device.build.label", &shown).await;
    wait_for_build(lab, build).await;
}

async fn wait_for_build(lab: &Lab, build: &str) {
    let path = format!("device.build.computing.{build}");
    let is_said = async || lab.words.says(&lab.text("[data-testid=build]").await, &path);
    lab.until_true(&path, SOON, is_said).await;
}
