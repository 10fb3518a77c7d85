//! Gradient descent: one step, ten, or on and on.

use super::Desk;
use crate::ui::browser::prefers_reduced_motion;
use crate::ui::components::{Held, NumberField};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::losses::bounds;
use crate::ui::pages::neuron::NeuronSetup;
use leptos::prelude::*;
use std::time::Duration;

/// Steps of one beat while it goes on by itself, and the time between beats in ms.
const SMOOTH: (usize, u64) = (4, 60);
/// The same number of steps a second, in few large changes.
const STILL: (usize, u64) = (67, 1_000);

/// The buttons, the learning rate, and how well it does.
#[component]
pub fn Descent(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (bench, language) = (desk.bench, desk.bench.shell.language);
    let timer = RwSignal::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update(Option::take).flatten() {
            timer.clear();
            bench.let_go();
        }
    };
    on_cleanup(stop);
    let said = Signal::derive(move || {
        let (state, language) = (desk.state.read(), language.get());
        let own = language.short(state.trace.loss.into(), 4);
        match state.fit {
            Some((loss, right)) => {
                let (loss, right) = (language.short(loss, 4), language.percent(right, 0));
                t_string!(i18n, neuron.descent.said, own, loss, right).to_string()
            }
            None => t_string!(i18n, neuron.descent.said_one, own).to_string(),
        }
    });
    let fail = move || {
        stop();
        bench.shell.announce(t_string!(i18n, neuron.descent.diverged).to_string());
    };
    let take = move |steps: usize| {
        stop();
        let mut is_taken = true;
        bench.change(|setup| is_taken = setup.step(steps));
        if is_taken {
            bench.shell.announce(said.get_untracked());
        } else {
            fail();
        }
    };
    let toggle = move |_| {
        if timer.read_untracked().is_some() {
            stop();
            return;
        }
        let (steps, beat) = if prefers_reduced_motion() { STILL } else { SMOOTH };
        let go = move || {
            let mut is_taken = true;
            bench.drag(|setup| is_taken = setup.step(steps));
            if !is_taken {
                fail();
            }
        };
        timer.set(set_interval_with_handle(go, Duration::from_millis(beat)).ok());
    };
    let reset = move |_| {
        stop();
        bench.change(NeuronSetup::reset);
    };
    let is_playing = move || timer.read().is_some();
    view! {
        <div class="fields">
            <Held name="learning_rate">
                <NumberField
                    label=Signal::stored("learning_rate".to_owned())
                    value=Signal::derive(move || f64::from(bench.setup.read().learning_rate))
                    bounds=bounds(&NeuronSetup::RATES, 0.05, 4)
                    on_change=move |rate: f64| bench.change(|setup| setup.learning_rate = rate as f32)
                />
            </Held>
        </div>
        <div class="buttons">
            <button type="button" class="button button--primary" on:click=move |_| take(1)>
                {t!(i18n, neuron.descent.one)}
            </button>
            <button type="button" class="button" on:click=move |_| take(10)>
                {t!(i18n, neuron.descent.ten)}
            </button>
            <button type="button" class="button" on:click=toggle>
                {move || {
                    if is_playing() {
                        t_string!(i18n, neuron.descent.pause).to_string()
                    } else {
                        t_string!(i18n, neuron.descent.play).to_string()
                    }
                }}
            </button>
            <button type="button" class="button" on:click=reset>{t!(i18n, neuron.descent.reset)}</button>
        </div>
        <p data-testid="neuron-fit"><strong>{move || said.get()}</strong></p>
    }
}
