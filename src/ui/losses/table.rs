//! A table of numbers that is always in view and scrolls by itself where it is wide.

use crate::ui::components::Table;
use leptos::prelude::*;

/// The table; its caption names it.
#[component]
pub fn NumberTable(
    #[prop(into)] caption: Signal<String>,
    #[prop(into)] table: Signal<Table>,
) -> impl IntoView {
    let head = |text: String| view! { <th scope="col">{text}</th> };
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let first = cells.next();
        let rest = cells.map(|text| view! { <td>{text}</td> }).collect_view();
        view! { <tr><th scope="row">{first}</th>{rest}</tr> }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || caption.get()>
            <table class="table table--sizes">
                <caption>{move || caption.get()}</caption>
                <thead>
                    <tr>{move || table.get().heads.into_iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{move || table.get().rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
