//! A neuron and three layers, by keyboard alone.

use fantoccini::key::Key;
use svertka::ui::locale::Language;
use svertka::ui::pages::neuron::{Example, NeuronSetup, NeuronState};

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};

#[test]
fn a_neuron_learns_a_step_at_a_time_and_three_layers_show_their_pass() {
    drive(Setup::new("neuron", Language::En), async |lab: Lab| {
        lab.open("").await;
        lab.tab_to("a", &lab.words.say("common.nav.benches")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("losses.title"))).await;
        lab.tab_to("a", &lab.words.say("common.nav.neuron")).await;
        lab.key(Key::Enter).await;
        lab.find("h1", Some(&lab.words.say("neuron.title"))).await;

        // A step is the engine's, a reload keeps it, undo takes the next one back.
        let mut setup = NeuronSetup::default();
        says(&lab, "neuron-fit", loss(&setup)).await;
        lab.tab_to("button", &lab.words.say("neuron.descent.one")).await;
        lab.key(Key::Enter).await;
        assert!(setup.step(1));
        says(&lab, "neuron-fit", loss(&setup)).await;
        let kept =
            format!("neuron={}", setup.neuron.iter().map(f32::to_string).collect::<Vec<_>>().join(","));
        let is_kept = async || lab.read::<String>("return location.hash", vec![]).await.contains(&kept);
        lab.until_true("the weights in the address", SOON, is_kept).await;
        lab.reload().await;
        says(&lab, "neuron-fit", loss(&setup)).await;
        let before = loss(&setup);
        lab.tab_to("button", &lab.words.say("neuron.descent.ten")).await;
        lab.key(Key::Enter).await;
        assert!(setup.step(10));
        says(&lab, "neuron-fit", loss(&setup)).await;
        lab.tab_to("button", &lab.words.say("convolution.kernel.undo")).await;
        lab.key(Key::Enter).await;
        says(&lab, "neuron-fit", before).await;

        // XOR by hand: back to the input, and forward through the first layer.
        lab.open("#/neuron?view=network").await;
        let mut setup = NeuronSetup::default();
        setup.take(Example::XorByHand);
        lab.choose("neuron.example.label", Example::XorByHand.name()).await;
        says(&lab, "neuron-fit", loss(&setup)).await;
        lab.tab_to("button", &lab.words.say("neuron.phase.first")).await;
        lab.key(Key::Enter).await;
        lab.tab_to("button", &lab.words.say("neuron.phase.next")).await;
        lab.key(Key::Enter).await;
        let first = NeuronState::new(&setup).trace.layers[0].sums[0];
        says(&lab, "neuron-phase", first.into()).await;
        let is_first =
            async || lab.words.says(&lab.text("[data-testid=neuron-phase]").await, "neuron.phase.forward");
        lab.until_true("the first layer", SOON, is_first).await;
    });
}

fn loss(setup: &NeuronSetup) -> f64 {
    NeuronState::new(setup).trace.loss.into()
}

/// Waits for a number in the sentence of that name.
async fn says(lab: &Lab, id: &str, value: f64) {
    let text = Language::En.short(value, 4);
    let selector = format!("[data-testid={id}]");
    let said = async || lab.text(&selector).await.contains(&text);
    lab.until_true(&format!("{text} in {id}"), SOON, said).await;
}
