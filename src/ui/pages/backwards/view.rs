//! The page: settings, the way back, numbers, and what to take along.

use super::code::{gradients_to_csv, gradients_to_python, transposed_to_csv, transposed_to_python};
use super::dilated_code::{dilated_to_csv, dilated_to_python};
use super::setup::{BackSetup, View};
use crate::ui::backwards::{
    Controls, Desk, Dilated, Gradients, Numbers, StackCard, Transposed, film, pictures, view_name,
};
use crate::ui::components::{BadLink, Card, Held, Later, TakeAway};
use crate::ui::i18n::{t, t_string, use_i18n};
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
        View::Dilated => dilated_to_python(&desk.dilated.read()),
    });
    let csv = move |()| match view_now.get_untracked() {
        View::Gradients => gradients_to_csv(&desk.state.read_untracked()),
        View::Transposed => transposed_to_csv(&desk.transposed.read_untracked()),
        View::Dilated => dilated_to_csv(&desk.dilated.read_untracked()),
    };
    let title = Signal::derive(move || match view_now.get() {
        View::Gradients => t_string!(i18n, backwards.stage.title).to_string(),
        view => view_name(i18n, view),
    });
    let animation = film(desk);
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, backwards.title)}</h1>
                <p class="lead for-site">{t!(i18n, backwards.lead)}</p>
            </header>
            <BadLink read=|query| BackSetup::from_query(query).1.join(", ") />
            <div class="bench">
                <div class="stack">
                    <Card title=title>
                        <Controls desk />
                        {move || match view_now.get() {
                            View::Gradients => {
                                view! {
                                    <Show when=move || desk.fault.get().is_none()>
                                        <Gradients desk />
                                    </Show>
                                }
                                    .into_any()
                            }
                            View::Transposed => view! { <Transposed desk /> }.into_any(),
                            View::Dilated => {
                                view! {
                                    <Show when=move || desk.fault.get().is_none()>
                                        <Dilated desk />
                                    </Show>
                                }
                                    .into_any()
                            }
                        }}
                    </Card>
                    <Later>
                        <Show when=move || view_now.get() == View::Dilated>
                            <Card title=text!(i18n, backwards.stack.title)>
                                <StackCard desk />
                            </Card>
                        </Show>
                    </Later>
                    // Files would hold what earlier settings led to.
                    <Later>
                        <Show when=move || desk.fault.get().is_none()>
                            <Held name="take">
                                <Card title=text!(i18n, pooling.take.title)>
                                    <TakeAway
                                        name="backwards"
                                        title=text!(i18n, backwards.title)
                                        pictures=move |()| pictures(desk)
                                        csv=csv
                                        code=code
                                        animation=animation
                                    />
                                </Card>
                            </Held>
                        </Show>
                    </Later>
                </div>
                <div class="stack">
                    <Later>
                        <Card title=text!(i18n, backwards.numbers.title) class="backwards-numbers">
                            <Numbers desk />
                        </Card>
                    </Later>
                </div>
            </div>
            <Later>
                <section class="section for-site" aria-labelledby="backwards-notes">
                    <h2 id="backwards-notes">{t!(i18n, pooling.notes.title)}</h2>
                    <div class="columns">
                        <p>{t!(i18n, backwards.notes.kernel)}</p>
                        <p>{t!(i18n, backwards.notes.input)}</p>
                        <p>{t!(i18n, backwards.notes.transposed)}</p>
                        <p>{t!(i18n, backwards.notes.dilated)}</p>
                    </div>
                </section>
            </Later>
        </article>
    }
}
