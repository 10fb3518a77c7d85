//! What a reader must know of the frame: what it does not allow, and what works all the same.

use leptos::prelude::*;

use super::host::Host;
use crate::ui::browser;
use crate::ui::components::fresh_id;
use crate::ui::context::shell;
use crate::ui::i18n::{t, use_i18n};

/// Parts of the address that make no sense, storage that is missing, and what was not allowed.
#[component]
pub fn Notices(host: Host) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let bad = shell.with_frame(|frame| frame.bad.join(", ")).unwrap_or_default();
    let has_bad = !bad.is_empty();
    let has_storage = browser::has_storage();
    let id = fresh_id("blocked");
    view! {
        {has_bad.then(|| view! {
            <p class="field__error" role="status">{t!(i18n, common.bad_link, keys = bad)}</p>
        })}
        {(!has_storage).then(|| view! {
            <p class="remark remark--warn" role="note" data-testid="no-storage">{t!(i18n, embed.no_storage)}</p>
        })}
        <Show when=move || host.has_saved.get()>
            <p class="remark" role="status" data-testid="saved">
                {t!(i18n, embed.saved)} " "
                <a href=move || shell.page_address() target="_blank" rel="noopener">{t!(i18n, embed.open)}</a>
            </p>
        </Show>
        <Show when=move || host.blocked.read().is_some()>
            <div class="remark remark--warn field" role="status" data-testid="blocked">
                <label for=id.clone()>{t!(i18n, embed.blocked)}</label>
                <input
                    class="input"
                    id=id.clone()
                    type="text"
                    readonly
                    prop:value=move || host.blocked.get().unwrap_or_default()
                />
            </div>
        </Show>
    }
}
