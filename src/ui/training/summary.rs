//! A network as `model.summary()` prints it.

use leptos::prelude::*;

use super::words::words;
use crate::engine::spec::ModelSpec;
use crate::ui::i18n::{t, t_string, use_i18n};

/// The table.
#[component]
pub fn ModelSummary(#[prop(into)] model: Signal<ModelSpec>) -> impl IntoView {
    let i18n = use_i18n();
    let count = move |value| words(i18n).language.count(value);
    let rows = move || {
        let lines = model.read().summary().unwrap_or_default();
        let row = |line: crate::engine::spec::LayerSummary| {
            view! {
                <tr>
                    <th scope="row">
                        <code lang="en">{line.name} <span class="summary__type">"("{line.class_name}")"</span></code>
                    </th>
                    <td><code lang="en">{line.output_shape.to_string()}</code></td>
                    <td>{move || count(line.num_params)}</td>
                </tr>
            }
        };
        lines.into_iter().map(row).collect_view()
    };
    let totals = move || {
        let model = model.read();
        (model.num_params().unwrap_or_default(), model.num_trainable().unwrap_or_default())
    };
    // Keras's three lines, of which the last two are only news where they differ.
    let split = move || {
        let (total, trainable) = totals();
        (trainable < total).then(|| {
            view! {
                <tr>
                    <th scope="row" colspan="2">{t!(i18n, training.summary.trainable)}</th>
                    <td>{move || count(trainable)}</td>
                </tr>
                <tr>
                    <th scope="row" colspan="2">{t!(i18n, training.summary.non_trainable)}</th>
                    <td>{move || count(total - trainable)}</td>
                </tr>
            }
        })
    };
    view! {
        <div
            class="table-scroll"
            tabindex="0"
            role="region"
            aria-label=move || t_string!(i18n, training.summary.title)
        >
            <table class="table summary">
                <caption>{t!(i18n, training.summary.caption)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, training.summary.layer)}</th>
                        <th scope="col">{t!(i18n, training.summary.shape)}</th>
                        <th scope="col">{t!(i18n, training.summary.params)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="2">{t!(i18n, training.summary.total)}</th>
                        <td>{move || count(totals().0)}</td>
                    </tr>
                    {split}
                </tfoot>
            </table>
        </div>
    }
}
