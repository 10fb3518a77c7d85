//! The page: the cards, what can be added, the sums, the diagram and the summary.

use super::scene::to_csv;
use crate::formats::keras_code::write_program;
use crate::ui::components::{Card, Held, Later, SHEET, TakeAway, is_text, undo_by_keys};
use crate::ui::embed::Heard;
use crate::ui::framed::host;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::network::{Bench, Layers, Palette, Paste, StartFrom, Summary, Totals};
use crate::ui::scene::Scene;
use crate::ui::training::LinkFull;
use crate::ui::translations::text;
use crate::ui::widgets::network_diagram::{NetworkDiagram, NetworkDiagramState, network_diagram};
use leptos::prelude::*;

/// The page.
#[component]
pub fn NetworkPage() -> impl IntoView {
    let i18n = use_i18n();
    let bench = Bench::open();
    if let Some(host) = host() {
        let first = bench.model.get_untracked();
        Effect::new(move |_| {
            if *bench.model.read() != first && bench.state.read().is_sound() {
                host.hear(Heard::Sound);
            }
        });
    }
    let is_typing = StoredValue::new(false);
    let bad_names = move || {
        let names = bench.form.bad_names.read().join(", ");
        (!names.is_empty())
            .then(|| view! { <p class="field__error" role="status">{t!(i18n, training.bad_link, names)}</p> })
    };
    let diagram = Memo::new(move |_| NetworkDiagramState::of(&bench.model.read()));
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
                <h1 tabindex="-1">{t!(i18n, common.nav.network)}</h1>
                <p class="lead for-site">{t!(i18n, network.lead)}</p>
            </header>
            {bad_names}
            <LinkFull form=bench.form />
            <div class="network__bench">
                <div class="stack">
                    <Card title=text!(i18n, network.layers)>
                        <Held name="network">
                            <StartFrom bench />
                        </Held>
                        <Held name="network">
                            <Layers bench />
                        </Held>
                    </Card>
                </div>
                <div class="stack network__side">
                    <Later>
                        <Card title=text!(i18n, network.total.title)>
                            <Totals bench />
                        </Card>
                    </Later>
                    <Later>
                        <Held name="palette">
                            <Card title=text!(i18n, network.palette.title)>
                                <Held name="network">
                                    <Palette bench />
                                </Held>
                            </Card>
                        </Held>
                    </Later>
                </div>
                <div class="stack">
                    <Later>
                        <Held name="diagram">
                            <Card title=text!(i18n, network.diagram.title)>
                                <NetworkDiagram
                                    state=diagram
                                    title=text!(i18n, network.diagram.title)
                                    caption=text!(i18n, network.diagram.caption)
                                />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="summary">
                            <Card title=text!(i18n, network.summary.title)>
                                <Summary bench />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="code">
                            <Card title=text!(i18n, network.code.title)>
                                <Code bench diagram />
                            </Card>
                        </Held>
                    </Later>
                </div>
            </div>
        </article>
    }
}

/// The network as a Keras program, there and back, and what else there is to take along.
#[component]
fn Code(bench: Bench, diagram: Memo<NetworkDiagramState>) -> impl IntoView {
    let i18n = use_i18n();
    let pictures = move |()| -> Vec<(String, Scene)> {
        let title = t_string!(i18n, network.diagram.title).to_string();
        vec![(title, network_diagram(&diagram.read_untracked(), SHEET))]
    };
    let csv = move |()| to_csv(&bench.model.read_untracked(), &bench.state.read_untracked());
    let code = Signal::derive(move || write_program(&bench.form.job.read()));
    view! {
        <details>
            <summary>{t!(i18n, network.code.paste)}</summary>
            <Held name="network">
                <Paste bench />
            </Held>
        </details>
        <TakeAway
            name="network"
            title=text!(i18n, network.diagram.title)
            pictures=pictures
            csv=csv
            code=code
        />
    }
}
