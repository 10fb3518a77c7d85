//! The page: one of three things to take in the hand, and what to take along.

use super::code::{to_csv, to_python};
use super::setup::{LossSetup, View};
use crate::ui::bench::Bench;
use crate::ui::components::{
    BadLink, Card, Held, Later, Segmented, TakeAway, UndoButtons, is_text, undo_by_keys,
};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::losses::{
    BinaryView, EntropyView, LossBench, PenaltyView, binary_pictures, entropy_pictures, penalty_pictures,
};
use crate::ui::translations::text;
use leptos::prelude::*;

/// The page.
#[component]
pub fn LossesPage() -> impl IntoView {
    let i18n = use_i18n();
    let bench: LossBench = Bench::open();
    let setup = bench.setup;
    let shown = Memo::new(move |_| setup.read().view);
    let views = Signal::derive(move || {
        let name = |view| match view {
            View::Entropy => t_string!(i18n, losses.view.entropy),
            View::Binary => t_string!(i18n, losses.view.binary),
            View::Penalty => t_string!(i18n, losses.view.penalty),
        };
        View::ALL.into_iter().map(|view| (view.name().to_owned(), name(view).to_string())).collect::<Vec<_>>()
    });
    let choose = move |name: String| {
        if let Some(view) = View::ALL.into_iter().find(|view| view.name() == name) {
            bench.change(|setup| setup.view = view);
        }
    };
    let pictures = move |()| match setup.read_untracked().view {
        View::Entropy => entropy_pictures(bench),
        View::Binary => binary_pictures(bench),
        View::Penalty => penalty_pictures(bench),
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
                <h1 tabindex="-1">{t!(i18n, losses.title)}</h1>
                <p class="lead for-site">{t!(i18n, losses.lead)}</p>
            </header>
            <BadLink read=|query| LossSetup::read(query).1.join(", ") />
            <div class="fields">
                <Held name="view">
                    <Segmented
                        label=text!(i18n, losses.view.label)
                        choices=views
                        value=Signal::derive(move || shown.get().name().to_owned())
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
                    View::Entropy => view! { <EntropyView bench /> }.into_any(),
                    View::Binary => view! { <BinaryView bench /> }.into_any(),
                    View::Penalty => view! { <PenaltyView bench /> }.into_any(),
                }}
                <Later>
                    <Held name="take">
                        <Card title=text!(i18n, losses.take.title)>
                            <TakeAway
                                name="losses"
                                title=text!(i18n, losses.take.picture)
                                pictures=pictures
                                csv=move |()| to_csv(&setup.read_untracked())
                                code=Signal::derive(move || to_python(&setup.read()))
                            />
                        </Card>
                    </Held>
                </Later>
            </div>
        </article>
    }
}
