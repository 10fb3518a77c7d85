//! The table: row and column headers, and a button in every cell with images.

use super::scene::{CellLook, matrix_scene};
use super::state::{Cell, Direction, MatrixMode, MatrixState};
use crate::engine::metrics::Confusion;
use crate::ui::components::fresh_id;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::names::are_long;
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

/// `names` are the classes in the reader's language, `mode` what cells say, `selected` the open cell.
#[component]
pub fn ConfusionMatrix(
    confusion: Confusion,
    #[prop(into)] names: Signal<Vec<String>>,
    #[prop(into)] mode: Signal<MatrixMode>,
    #[prop(into)] selected: Signal<Option<Cell>>,
    #[prop(into)] on_open: Callback<Cell>,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = StoredValue::new(MatrixState::new(confusion));
    let reached = RwSignal::new(state.with_value(|state| state.reached));
    let id = fresh_id("matrix");
    let looks = Memo::new(move |_| state.with_value(|state| matrix_scene(state, mode.get())));
    let num_classes = state.with_value(|state| state.confusion.num_classes());
    let shared =
        Shared { id: StoredValue::new(id.clone()), state, looks, mode, reached, names, selected, on_open };
    let hint_id = format!("{id}-hint");
    let is_long = move || are_long(&names.read());
    let caption_id = format!("{id}-caption");
    view! {
        <p class="confusion__hint" id=hint_id.clone()>{t!(i18n, evaluation.matrix.hint)}</p>
        <div
            class="table-scroll"
            tabindex="0"
            role="region"
            aria-labelledby=caption_id
            aria-describedby=hint_id
        >
            <table
                class="confusion"
                class:confusion--long=is_long
                data-testid="confusion"
                on:keydown=move |event| shared.on_key(&event)
            >
                <caption id=caption_id.clone()>
                    {t!(i18n, evaluation.matrix.caption)} " "
                    {move || match mode.get() {
                        MatrixMode::Counts => t_string!(i18n, evaluation.matrix.in_counts),
                        MatrixMode::Rows => t_string!(i18n, evaluation.matrix.in_rows),
                        MatrixMode::Columns => t_string!(i18n, evaluation.matrix.in_columns),
                    }}
                </caption>
                <thead>
                    <tr>
                        <th class="confusion__corner" rowspan="2" scope="col">
                            <span>{t!(i18n, evaluation.matrix.truth)}</span>
                        </th>
                        <th scope="colgroup" colspan=num_classes>{t!(i18n, evaluation.matrix.predicted)}</th>
                    </tr>
                    <tr>
                        {move || {
                            let head = |name: String| {
                                view! { <th class="confusion__head" scope="col"><span>{name}</span></th> }
                            };
                            names.get().into_iter().map(head).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody>
                    {(0..num_classes).map(|label| view! { <Row label num_classes shared /> }).collect_view()}
                </tbody>
            </table>
        </div>
        <ul class="confusion__legend" aria-hidden="true">
            <li><span class="confusion__sample confusion__cell--right"></span>{t!(i18n, evaluation.matrix.right)}</li>
            <li><span class="confusion__sample"></span>{t!(i18n, evaluation.matrix.wrong)}</li>
        </ul>
    }
}

#[derive(Clone, Copy)]
struct Shared {
    id: StoredValue<String>,
    state: StoredValue<MatrixState>,
    looks: Memo<Vec<Vec<CellLook>>>,
    mode: Signal<MatrixMode>,
    reached: RwSignal<Option<Cell>>,
    names: Signal<Vec<String>>,
    selected: Signal<Option<Cell>>,
    on_open: Callback<Cell>,
}

impl Shared {
    fn button_id(self, cell: Cell) -> String {
        format!("{}-{}-{}", self.id.get_value(), cell.label, cell.predicted)
    }

    fn name(self, class: usize) -> String {
        self.names.read().get(class).cloned().unwrap_or_else(|| class.to_string())
    }

    fn on_key(self, event: &KeyboardEvent) {
        let Some(direction) = Direction::from_key(&event.key()) else { return };
        let Some(from) = self.reached.get_untracked() else { return };
        event.prevent_default();
        let next = self.state.with_value(|state| state.next(from, direction));
        self.reached.set(Some(next));
        let button = document().get_element_by_id(&self.button_id(next));
        if let Some(button) = button.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            // A button that is gone needs no focus.
            let _ = button.focus();
        }
    }
}

#[component]
fn Row(label: usize, num_classes: usize, shared: Shared) -> impl IntoView {
    let cell = move |predicted| view! { <MatrixCell cell=Cell { label, predicted } shared /> };
    view! {
        <tr>
            <th class="confusion__row" scope="row">{move || shared.name(label)}</th>
            {(0..num_classes).map(cell).collect_view()}
        </tr>
    }
}

#[component]
fn MatrixCell(cell: Cell, shared: Shared) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let count = shared.state.with_value(|state| state.count(cell));
    let is_right = cell.label == cell.predicted;
    let look = move || shared.looks.read()[cell.label][cell.predicted];
    let number = move || language.get().count(count);
    // Percent without its sign, which no column has room for; the caption says what it is.
    let shown = move || match shared.mode.get() {
        MatrixMode::Counts => number(),
        MatrixMode::Rows | MatrixMode::Columns => language.get().decimal(look().value * 100.0, 1),
    };
    let content = if count == 0 {
        view! { <span class="confusion__zero">"0"</span> }.into_any()
    } else {
        let spoken = move || {
            let (truth, predicted) = (shared.name(cell.label), shared.name(cell.predicted));
            let images =
                t_string!(i18n, evaluation.matrix.cell, count = count, number = number(), truth, predicted)
                    .to_string();
            let percent = || language.get().percent(look().value, 1);
            match shared.mode.get() {
                MatrixMode::Counts => images,
                MatrixMode::Rows => {
                    t_string!(i18n, evaluation.matrix.cell_of_row, images, percent = percent()).to_string()
                }
                MatrixMode::Columns => {
                    t_string!(i18n, evaluation.matrix.cell_of_column, images, percent = percent()).to_string()
                }
            }
        };
        view! {
            <button
                type="button"
                id=shared.button_id(cell)
                tabindex=move || if shared.reached.get() == Some(cell) { "0" } else { "-1" }
                aria-label=spoken
                aria-pressed=move || (shared.selected.get() == Some(cell)).to_string()
                data-testid=format!("cell-{}-{}", cell.label, cell.predicted)
                on:click=move |_| {
                    shared.reached.set(Some(cell));
                    shared.on_open.run(cell);
                }
            >
                {shown}
            </button>
        }
        .into_any()
    };
    view! {
        <td
            class="confusion__cell"
            class:confusion__cell--right=is_right
            data-value=move || look().value.to_string()
            style=move || format!("--shade:{:.3}", look().shade)
        >
            {content}
        </td>
    }
}
