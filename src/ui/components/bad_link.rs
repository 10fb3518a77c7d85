//! Says which parts of a link could not be read.

use leptos::prelude::*;

use crate::ui::context::shell;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::routes::Query;

/// The names in the address whose values make no sense, found by `read` and joined by commas; nothing while there
/// are none. The children say why.
#[component]
pub fn BadLink(read: fn(&Query) -> String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let i18n = use_i18n();
    let query = shell().query();
    let keys = Memo::new(move |_| read(&query.read()));
    view! {
        <p class="field__error" role="status" hidden=move || keys.read().is_empty()>
            {t!(i18n, common.bad_link, keys = move || keys.get())} " " {children.map(|children| children())}
        </p>
    }
}
