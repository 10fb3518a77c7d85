//! The camera: asked for on a click, and let go as soon as the picture is taken or the page is left.

use super::decode::{PhotoFault, photo_of_video};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::inputs::Photo;
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Closed,
    Asking,
    Open,
}

/// The button, and the camera's picture while it is on.
#[component]
pub fn Camera(on_photo: Callback<Photo>, on_fault: Callback<PhotoFault>) -> impl IntoView {
    let i18n = use_i18n();
    let step = RwSignal::new(Step::Closed);
    let stream = StoredValue::new_local(None::<MediaStream>);
    let video = NodeRef::<html::Video>::new();
    let begin = NodeRef::<html::Button>::new();
    let close = move || {
        if let Some(Some(open)) = stream.try_update_value(Option::take) {
            stop(&open);
        }
    };
    on_cleanup(close);
    let end = move || {
        close();
        step.set(Step::Closed);
        if let Some(button) = begin.get_untracked() {
            // An element that cannot take the focus is no harm.
            let _ = button.focus();
        }
    };
    let open = move |_| {
        if step.get_untracked() != Step::Closed {
            return;
        }
        step.set(Step::Asking);
        spawn_local(async move {
            match ask().await {
                Ok(opened) => {
                    // The page may have been left while the reader was asked.
                    if step.try_set(Step::Open).is_some() {
                        stop(&opened);
                    } else {
                        stream.set_value(Some(opened));
                    }
                }
                Err(fault) => {
                    if step.try_set(Step::Closed).is_none() {
                        on_fault.run(fault);
                    }
                }
            }
        });
    };
    video.on_load(move |element| {
        stream.with_value(|stream| element.set_src_object(stream.as_ref()));
    });
    let take = move |_| {
        let Some(element) = video.get_untracked() else { return };
        match photo_of_video(&element) {
            Ok(photo) => {
                on_photo.run(photo);
                end();
            }
            Err(fault) => on_fault.run(fault),
        }
    };
    view! {
        <button
            type="button"
            class="button"
            node_ref=begin
            aria-disabled=move || (step.get() != Step::Closed).then_some("true")
            on:click=open
        >
            {t!(i18n, sources.camera.open)}
        </button>
        <p class="field__hint" role="status">
            {move || (step.get() == Step::Asking).then_some(t!(i18n, sources.camera.asking))}
        </p>
        <Show when=move || step.get() == Step::Open>
            <div class="sources__camera">
                <video
                    node_ref=video
                    prop:muted=true
                    autoplay
                    playsinline
                    aria-label=move || t_string!(i18n, sources.camera.view)
                ></video>
                <div class="buttons">
                    <button type="button" class="button button--primary" on:click=take>
                        {t!(i18n, sources.camera.take)}
                    </button>
                    <button type="button" class="button" on:click=move |_| end()>
                        {t!(i18n, sources.camera.close)}
                    </button>
                </div>
            </div>
        </Show>
    }
}

async fn ask() -> Result<MediaStream, PhotoFault> {
    // A page that did not come over a secure connection has none.
    let devices = window().navigator().media_devices().map_err(|_| PhotoFault::NoCamera)?;
    if devices.is_undefined() {
        return Err(PhotoFault::NoCamera);
    }
    let wanted = js_sys::Object::new();
    // The camera that looks away from the reader, where there are two.
    if js_sys::Reflect::set(&wanted, &"facingMode".into(), &"environment".into()).is_err() {
        return Err(PhotoFault::NoCamera);
    }
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    let stream = devices.get_user_media_with_constraints(&constraints).map_err(|error| fault(&error))?;
    JsFuture::from(stream).await.map(JsCast::unchecked_into).map_err(|error| fault(&error))
}

fn fault(error: &JsValue) -> PhotoFault {
    let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => PhotoFault::Refused,
        Some("NotFoundError" | "OverconstrainedError" | "TypeError") => PhotoFault::NoCamera,
        _ => PhotoFault::Busy,
    }
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}
