//! The page's heading.

use crate::ui::i18n::{t, use_i18n};
use leptos::prelude::*;

/// The page.
#[component]
pub fn FilesPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.files)}</h1>
                <p class="lead">{t!(i18n, files.lead)}</p>
            </header>
        </article>
    }
}
