//! The diagram on the page; the sentence for those who do not see it is the picture's name.

use super::scene::network_diagram;
use super::state::NetworkDiagramState;
use crate::ui::components::Picture;
use leptos::prelude::*;

/// `title` says which network it is, `caption` how to read the picture.
#[component]
pub fn NetworkDiagram(
    #[prop(into)] state: Signal<NetworkDiagramState>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] caption: Signal<String>,
) -> impl IntoView {
    let label = Signal::derive(move || format!("{}: {}", title.get(), state.read().sentence()));
    view! {
        <figure class="network-diagram">
            <Picture scene=move |width| network_diagram(&state.read(), width) label=label />
            <figcaption>{move || caption.get()}</figcaption>
        </figure>
    }
}
