//! [`Lease`]: which tab a run belongs to. The browser's own locks end with their tab, whether it is closed,
//! reloaded or killed, so that nobody waits for a tab that is gone.

use std::collections::BTreeSet;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Before a run's id in the name of its lock.
const PREFIX: &str = "svertka-run-";

/// The right to train and to store a run; given back when it is dropped.
pub struct Lease {
    release: Function,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Resolving a promise cannot fail.
        drop(self.release.call0(&JsValue::NULL));
    }
}

/// What became of a wish.
pub enum Claim {
    /// It is ours.
    Granted(Lease),
    /// Another tab has it.
    Taken,
    /// This browser, or this insecure address, has no locks.
    Unknown,
}

/// Asks for a run.
pub async fn claim(id: &str) -> Claim {
    let Some(locks) = manager() else { return Claim::Unknown };
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let mut asked = None;
    let granted = Promise::new(&mut |answer, _| {
        let held = held.clone();
        let hold = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let is_granted = !lock.is_null() && !lock.is_undefined();
            // Resolving a promise cannot fail.
            drop(answer.call1(&JsValue::NULL, &is_granted.into()));
            if is_granted { held.into() } else { JsValue::UNDEFINED }
        });
        let options = Object::new();
        let is_set = Reflect::set(&options, &"ifAvailable".into(), &true.into()).is_ok();
        let name = JsValue::from_str(&format!("{PREFIX}{id}"));
        asked = method(&locks, "request")
            .filter(|_| is_set)
            .and_then(|it| it.call3(&locks, &name, &options, &hold).ok());
    });
    if asked.is_none() {
        return Claim::Unknown;
    }
    let is_granted = JsFuture::from(granted).await.is_ok_and(|granted| granted.is_truthy());
    match release {
        Some(release) if is_granted => Claim::Granted(Lease { release }),
        _ => Claim::Taken,
    }
}

/// The runs that some tab has, this one included; none where the browser has no locks.
pub async fn held() -> BTreeSet<String> {
    let list = async {
        let locks = manager()?;
        let asked = method(&locks, "query")?.call0(&locks).ok()?;
        let answer = JsFuture::from(asked.dyn_into::<Promise>().ok()?).await.ok()?;
        Reflect::get(&answer, &"held".into()).ok()?.dyn_into::<Array>().ok()
    };
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    let ids = list.await.into_iter().flat_map(|list| list.to_vec()).filter_map(name);
    ids.filter_map(|name| name.strip_prefix(PREFIX).map(str::to_owned)).collect()
}

/// `navigator.locks`. `web_sys` knows it only with a compiler flag for unstable interfaces.
/// A frame without an origin has it, too, and is then refused every lock.
fn manager() -> Option<JsValue> {
    let global = js_sys::global();
    let origin = Reflect::get(&global, &"origin".into()).ok().and_then(|origin| origin.as_string());
    if origin.as_deref() == Some("null") {
        return None;
    }
    let navigator = Reflect::get(&global, &"navigator".into()).ok()?;
    Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
