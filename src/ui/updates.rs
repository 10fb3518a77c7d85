//! Registers the service worker and tells when a new version waits; it is never swapped in unasked.

use super::context::shell;
use super::i18n::{t, use_i18n};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState as WorkerState,
};

type Waiting = RwSignal<Option<ServiceWorker>, LocalStorage>;

/// The bar that offers a waiting version.
#[component]
pub fn UpdateOffer() -> impl IntoView {
    let i18n = use_i18n();
    let waiting: Waiting = RwSignal::new_local(None);
    let dismissed = RwSignal::new(false);
    let other_tabs = RwSignal::new(None::<u32>);
    if let Some(container) = container() {
        listen(&container, other_tabs);
        register(container, waiting);
    }
    let shown = move || waiting.read().is_some() && !dismissed.get();
    Effect::new(move |_| {
        if shown() {
            shell().announce(leptos_i18n::td_string!(
                super::context::locale_of(shell().language.get_untracked()),
                common.update.ready
            ));
        }
    });
    view! {
        <Show when=shown>
            <aside class="offer">
                <div class="offer__inner">
                    <p role="status">
                        {move || match other_tabs.get() {
                            None => t!(i18n, common.update.ready).into_any(),
                            Some(count) => t!(i18n, common.update.other_tabs, count = move || count).into_any(),
                        }}
                    </p>
                    <div class="buttons">
                        <button type="button" class="button button--primary" on:click=move |_| accept(waiting)>
                            {t!(i18n, common.update.accept)}
                        </button>
                        <button type="button" class="button" on:click=move |_| dismissed.set(true)>
                            {t!(i18n, common.update.later)}
                        </button>
                    </div>
                </div>
            </aside>
        </Show>
    }
}

/// Absent over plain HTTP and in some frames; the page then works without it.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker"))
        .ok()?
        .then(|| js_sys::Reflect::get(&navigator, &JsValue::from_str("serviceWorker")).ok())
        .flatten()
        .filter(|it| !it.is_undefined())
        .map(JsCast::unchecked_into)
}

/// The worker swaps nothing while other tabs run the old version, and says how many there are.
fn listen(container: &ServiceWorkerContainer, other_tabs: RwSignal<Option<u32>>) {
    let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let field = |name: &str| js_sys::Reflect::get(&event.data(), &JsValue::from_str(name)).ok();
        if field("type").and_then(|kind| kind.as_string()).as_deref() == Some("OTHER_TABS") {
            other_tabs.set(field("count").and_then(|count| count.as_f64()).map(|count| count as u32));
        }
    });
    container.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

fn register(container: ServiceWorkerContainer, waiting: Waiting) {
    let building = shell().building;
    spawn_local(async move {
        // A first version fetches all of the app, which can wait until the page stands.
        if container.controller().is_none() {
            building.settled().await;
        }
        // Relative, so that the scope is the folder the app is served from.
        let Ok(registration) = JsFuture::from(container.register("sw.js")).await else { return };
        // A browser that blocks service workers may answer with nothing.
        let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else { return };
        if let Some(worker) = registration.waiting().filter(|_| container.controller().is_some()) {
            waiting.set(Some(worker));
        }
        // Its update may have been found before anybody listened.
        if let Some(worker) = registration.installing() {
            watch(&worker, container.clone(), waiting);
        }
        let found = {
            let registration = registration.clone();
            Closure::<dyn FnMut()>::new(move || {
                if let Some(worker) = registration.installing() {
                    watch(&worker, container.clone(), waiting);
                }
            })
        };
        registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        found.forget();
    });
}

/// The first version ever installed replaces nothing, so only a page that is controlled gets an offer.
fn watch(worker: &ServiceWorker, container: ServiceWorkerContainer, waiting: Waiting) {
    let installed = {
        let worker = worker.clone();
        Closure::<dyn FnMut()>::new(move || {
            if worker.state() == WorkerState::Installed && container.controller().is_some() {
                waiting.set(Some(worker.clone()));
            }
        })
    };
    worker.set_onstatechange(Some(installed.as_ref().unchecked_ref()));
    installed.forget();
}

fn accept(waiting: Waiting) {
    let (Some(container), Some(worker)) = (container(), waiting.get_untracked()) else { return };
    let reload = Closure::<dyn FnMut()>::new(|| {
        // The new version controls this page now; a failed reload leaves the old one running.
        let _ = window().location().reload();
    });
    container.set_oncontrollerchange(Some(reload.as_ref().unchecked_ref()));
    reload.forget();
    let message = js_sys::Object::new();
    let key = JsValue::from_str("type");
    if js_sys::Reflect::set(&message, &key, &JsValue::from_str("SKIP_WAITING")).is_ok() {
        // A worker that has gone away needs no message.
        let _ = worker.post_message(&message);
    }
}
