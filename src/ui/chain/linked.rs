//! What a link carries of a network, in words: to who opens one, and to who takes one along.

use super::Desk;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::chain::{Carried, Kernels};
use crate::ui::routes::Route;
use leptos::prelude::*;

/// Says that the link's picture is made with a network that was too large for it, and how to see it.
#[component]
pub fn MissingNetwork(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let is_missing =
        Memo::new(move |_| matches!(desk.setup.read().network, Carried::Mark(_)) && desk.shown().is_none());
    let is_other = Memo::new(move |_| desk.network.read().front().is_some());
    view! {
        <Show when=move || is_missing.get()>
            <div class="remark remark--warn" role="status">
                <p>{t!(i18n, chain.network.missing)}</p>
                <p>
                    {t!(i18n, chain.network.how)} " "
                    <a href=Route::Files.href()>{t!(i18n, common.nav.files)}</a>
                </p>
                <Show when=move || is_other.get()>
                    <p>{t!(i18n, chain.network.other)}</p>
                </Show>
            </div>
        </Show>
    }
}

/// Says of the link to a network's picture what it carries, and what to send along where that is not all.
#[component]
pub fn LinkNote(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = desk.shell.language;
    let note = move || {
        let setup = desk.setup.read();
        if setup.kernels != Kernels::Trained {
            return None;
        }
        Some(match (&setup.network, desk.shown()) {
            (Carried::Whole(_), _) => {
                let letters = setup.network.to_text().map_or(0, |text| text.len());
                let number = language.get().count(letters);
                let words = t_string!(i18n, chain.network.whole, number).to_string();
                view! { <p class="field__hint">{words}</p> }.into_any()
            }
            (Carried::Mark(_), Some(shown)) => {
                let count = language.get().count(shown.num_params());
                let most = language.get().count(Carried::MOST_PARAMS);
                let words = t_string!(i18n, chain.network.too_large, count, most).to_string();
                view! {
                    <div class="remark remark--warn">
                        <p>{words}</p>
                        <p>
                            {t!(i18n, chain.network.send)} " "
                            <a href=Route::Files.href()>{t!(i18n, common.nav.files)}</a>
                        </p>
                    </div>
                }
                .into_any()
            }
            (Carried::Mark(_), None) => {
                view! { <p class="field__hint">{t!(i18n, chain.network.passed_on)}</p> }.into_any()
            }
            (Carried::Nothing, _) => {
                view! { <p class="field__hint">{t!(i18n, chain.network.none)}</p> }.into_any()
            }
        })
    };
    view! { <div class="chain-link">{note}</div> }
}
