//! [`FramedPage`]: a page without the site around it.

use leptos::ev::MouseEvent;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::host::Host;
use super::notices::Notices;
use crate::ui::browser;
use crate::ui::context::shell;
use crate::ui::i18n::{t, use_i18n};

/// The page, what is said of its frame, and the way to the site. `make` makes the page once the frame is there.
#[component]
pub fn FramedPage<F>(make: F) -> impl IntoView
where
    F: FnOnce() -> AnyView + 'static,
{
    let i18n = use_i18n();
    let shell = shell();
    let host = Host::start();
    let is_busy = shell.when_building();
    let root = NodeRef::<html::Div>::new();
    root.on_load(move |element| host.observe(&element));
    // Every link to another page leaves the frame.
    let on_click = move |event: MouseEvent| {
        let is_plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if event.default_prevented() || !is_plain {
            return;
        }
        let clicked = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link =
            clicked.and_then(|element| element.closest("a[href^='#/'], a[target=_blank]").ok().flatten());
        let Some(href) = link.and_then(|link| link.get_attribute("href")) else { return };
        event.prevent_default();
        host.open(if href.starts_with('#') { format!("{}{href}", browser::base_address()) } else { href });
    };
    let address = move || {
        shell.location.track();
        shell.page_address()
    };
    view! {
        <div class="shell shell--framed" node_ref=root on:click=on_click>
            <main class="main" id="main" tabindex="-1" aria-busy=is_busy>
                <Notices host />
                {make()}
            </main>
            <footer class="frame-foot">
                <a href=address target="_blank" rel="noopener">{t!(i18n, embed.open)}</a>
                <span>{t!(i18n, common.footer.local)}</span>
            </footer>
        </div>
    }
}
