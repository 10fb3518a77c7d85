//! A progress bar whose state is also said in words.

use leptos::prelude::*;

/// `share` is 0..1, or `None` while the amount is unknown; `text` says it with numbers.
#[component]
pub fn ProgressBar(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] share: Signal<Option<f64>>,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <div
                class="progress__track"
                role="progressbar"
                aria-label=move || label.get()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || share.get().map(|share| format!("{:.0}", share * 100.0))
                aria-valuetext=move || text.get()
            >
                <div
                    class="progress__bar"
                    style=move || format!("--share:{:.4}", share.get().unwrap_or(0.0).clamp(0.0, 1.0))
                ></div>
            </div>
            <span class="progress__text" aria-hidden="true">{move || text.get()}</span>
        </div>
    }
}
