//! The page: one neuron or three layers, and what to take along.

use super::code::{to_csv, to_python};
use super::setup::{Example, NeuronSetup, View};
use crate::ui::components::{
    BadLink, Card, Held, Later, Segmented, TakeAway, UndoButtons, is_text, undo_by_keys,
};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::neuron::{Desk, NetworkView, NeuronView, network_pictures, neuron_pictures};
use crate::ui::translations::text;
use leptos::prelude::*;

/// The page.
#[component]
pub fn NeuronPage() -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::open();
    let bench = desk.bench;
    let shown = Memo::new(move |_| bench.setup.read().view);
    let views = Signal::derive(move || {
        vec![
            ("neuron".to_owned(), t_string!(i18n, neuron.view.neuron).to_string()),
            ("network".to_owned(), t_string!(i18n, neuron.view.network).to_string()),
        ]
    });
    let choose = move |name: String| {
        bench.change(|setup| {
            setup.view = if name == "network" { View::Network } else { View::Neuron };
            // One neuron has one output, so its points have two classes.
            if setup.view == View::Neuron && setup.input.target > 1.0 {
                setup.take(Example::Blobs);
            }
        });
    };
    let pictures = move |()| match shown.get_untracked() {
        View::Neuron => neuron_pictures(desk),
        View::Network => network_pictures(desk),
    };
    // Typing is undone by the browser.
    let is_typing = StoredValue::new(false);
    view! {
        <article
            class="page"
            on:keydown=move |event| {
                undo_by_keys(|is_back| bench.travel(is_back), is_typing.get_value(), &event);
            }
            on:input=move |event| is_typing.set_value(is_text(&event))
            on:change=move |_| is_typing.set_value(false)
            on:focusin=move |_| is_typing.set_value(false)
        >
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, neuron.title)}</h1>
                <p class="lead for-site">{t!(i18n, neuron.lead)}</p>
            </header>
            <BadLink read=|query| NeuronSetup::read(query).1.join(", ") />
            <div class="fields">
                <Held name="view">
                    <Segmented
                        label=text!(i18n, neuron.view.label)
                        choices=views
                        value=Signal::derive(move || {
                            if shown.get() == View::Neuron { "neuron" } else { "network" }.to_owned()
                        })
                        on_change=choose
                    />
                </Held>
                <UndoButtons
                    steps=Signal::derive(move || bench.steps())
                    on_travel=move |is_back| bench.travel(is_back)
                />
            </div>
            <div class="losses">
                {move || match shown.get() {
                    View::Neuron => view! { <NeuronView desk /> }.into_any(),
                    View::Network => view! { <NetworkView desk /> }.into_any(),
                }}
                <Later>
                    <Held name="take">
                        <Card title=text!(i18n, neuron.take.title)>
                            <TakeAway
                                name="neuron"
                                title=text!(i18n, neuron.take.picture)
                                pictures=pictures
                                csv=move |()| to_csv(&bench.setup.read_untracked())
                                code=Signal::derive(move || to_python(&bench.setup.read()))
                            />
                        </Card>
                    </Held>
                </Later>
            </div>
        </article>
    }
}
