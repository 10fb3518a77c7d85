//! The page: settings, the way back, numbers, and what to take along.

use super::code::{gradients_to_csv, gradients_to_python, transposed_to_csv, transposed_to_python};
use super::setup::{BackSetup, View};
use crate::ui::backwards::{Controls, Desk, Gradients, Numbers, Transposed, film, pictures};
use crate::ui::components::{Card, TakeAway};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::translations::text;
use leptos::prelude::*;

/// The page.
#[component]
pub fn BackwardsPage() -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::open();
    let view_now = Memo::new(move |_| desk.setup.read().view);
    let code = Signal::derive(move || match view_now.get() {
        View::Gradients => gradients_to_python(&desk.state.read()),
        View::Transposed => transposed_to_python(&desk.transposed.read()),
    });
    let csv = move |()| match view_now.get_untracked() {
        View::Gradients => gradients_to_csv(&desk.state.read_untracked()),
        View::Transposed => transposed_to_csv(&desk.transposed.read_untracked()),
    };
    let bad = Memo::new(move |_| BackSetup::from_query(&desk.shell.location.read().query).1);
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, backwards.title)}</h1>
                <p class="lead">{t!(i18n, backwards.lead)}</p>
            </header>
            <Show when=move || !bad.read().is_empty()>
                <p class="field__error" role="status">
                    {t!(i18n, convolution.bad_link, keys = move || bad.read().join(", "))}
                </p>
            </Show>
            <div class="bench">
                <div class="stack">
                    <Card title=text!(i18n, backwards.stage.title)>
                        <Controls desk />
                        {move || match view_now.get() {
                            View::Gradients => {
                                view! {
                                    <Show when=move || desk.fault().is_none()>
                                        <Gradients desk />
                                    </Show>
                                }
                                    .into_any()
                            }
                            View::Transposed => view! { <Transposed desk /> }.into_any(),
                        }}
                    </Card>
                    <Card title=text!(i18n, pooling.take.title)>
                        <TakeAway
                            name="backwards"
                            title=text!(i18n, backwards.title)
                            pictures=move |()| pictures(desk)
                            csv=csv
                            code=code
                            animation=film(desk)
                        />
                    </Card>
                </div>
                <div class="stack">
                    <Card title=text!(i18n, backwards.numbers.title) class="backwards-numbers">
                        <Numbers desk />
                    </Card>
                </div>
            </div>
            <section class="section" aria-labelledby="backwards-notes">
                <h2 id="backwards-notes">{t!(i18n, pooling.notes.title)}</h2>
                <div class="columns">
                    <p>{t!(i18n, backwards.notes.kernel)}</p>
                    <p>{t!(i18n, backwards.notes.input)}</p>
                    <p>{t!(i18n, backwards.notes.transposed)}</p>
                </div>
            </section>
        </article>
    }
}
