//! The card: folded it computes nothing and asks for nothing.

use std::sync::Arc;

use leptos::prelude::*;

use super::augment_view::AugmentPart;
use super::balance_view::BalancePart;
use super::browse_view::BrowsePart;
use super::labels::{LabelsNote, labels_of};
use super::parts::is_usable;
use super::strip_view::StripPart;
use crate::engine::spec::FitSpec;
use crate::ui::browser;
use crate::ui::components::fresh_id;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::inputs::Tile;
use crate::ui::training::Form;

/// The heading, which takes the focus when the card is opened from elsewhere.
const SUMMARY: &str = "data-panel";

/// The way to the card from elsewhere on its page.
#[derive(Clone, Copy)]
pub struct PanelDoor {
    is_open: RwSignal<bool>,
}

impl PanelDoor {
    /// A closed one, for everything on a page.
    pub fn provide() {
        provide_context(PanelDoor { is_open: RwSignal::new(false) });
    }

    /// Opens the card and goes there.
    pub fn open(self) {
        self.is_open.set(true);
        browser::focus_id(SUMMARY.to_owned());
    }
}

/// The way to the card, where the page has one.
pub fn panel_door() -> Option<PanelDoor> {
    use_context()
}

/// The card; nothing can be changed while it is `locked`.
#[component]
pub fn DataPanel(form: Form, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = panel_door().map_or_else(|| RwSignal::new(false), |door| door.is_open);
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    let id = fresh_id("card");
    view! {
        <section class="card data-panel" aria-labelledby=id.clone()>
            <details prop:open=move || is_open.get() on:toggle=on_toggle data-testid="data-panel">
                <summary id=SUMMARY>
                    <h2 class="card__title data-panel__title" id=id.clone()>{t!(i18n, data.title)}</h2>
                </summary>
                <Show when=move || is_open.get()>
                    <Opened form locked />
                </Show>
            </details>
        </section>
    }
}

#[component]
fn Opened(form: Form, locked: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    // Another batch size or number of epochs changes no image's use.
    let wanted = Memo::new(move |_| {
        let job = form.job.read();
        let validation_split = job.fit.validation_split;
        (job.data.clone(), FitSpec { validation_split, ..FitSpec::default() })
    });
    let can_be_shown = Memo::new(move |_| {
        let (data, fit) = &*wanted.read();
        is_usable(data, fit)
    });
    let labels = labels_of(wanted);
    let parts = labels.parts;
    let chosen = RwSignal::new(None::<Arc<Tile>>);
    view! {
        <div class="data-panel__body">
            <p>{t!(i18n, data.lead)}</p>
            <Show
                when=move || can_be_shown.get()
                fallback=move || view! { <p class="remark remark--warn">{t!(i18n, data.unusable)}</p> }
            >
                <StripPart wanted parts />
                <LabelsNote labels />
                <Show when=move || parts.read().is_some()>
                    <BalancePart parts />
                    <BrowsePart parts chosen />
                    <AugmentPart form locked chosen />
                </Show>
            </Show>
        </div>
    }
}
