//! A field for each weight of one channel, and the picture of all filters.

use super::scene::{bank_hit, bank_scene};
use super::state::{Drag, Way, is_tight, shown, stepped, whole};
use crate::ui::components::{Bounds, NumberField, Picture, PointerHit, fresh_id};
use crate::ui::context::shell;
use crate::ui::convolution::{Setup, limit};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::parse_number;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::{html, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Rows, columns and numbers of what is edited.
pub type Weights = ([usize; 2], Vec<f32>);

/// The signals of one table of fields.
#[derive(Clone, Copy)]
struct Table {
    weights: Signal<Weights>,
    size: Memo<[usize; 2]>,
    /// The field that Tab comes to.
    active: RwSignal<usize>,
    /// The field whose text is no weight.
    wrong: RwSignal<Option<usize>>,
    drag: RwSignal<Option<Drag>>,
    group: NodeRef<html::Div>,
    on_change: Callback<(usize, f32, bool)>,
}

impl Table {
    fn value(self, idx: usize) -> f32 {
        self.weights.read().1.get(idx).copied().unwrap_or(0.0)
    }

    fn place(self, idx: usize) -> [usize; 2] {
        let cols = self.size.get_untracked()[1].max(1);
        [idx / cols, idx % cols]
    }

    fn go(self, idx: usize) {
        self.active.set(idx);
        if let Some(field) = self.field(idx) {
            // A field that cannot take the focus is no harm.
            let _ = field.focus();
        }
    }

    fn field(self, idx: usize) -> Option<HtmlInputElement> {
        let fields = self.group.get_untracked()?.get_elements_by_tag_name("input");
        fields.item(idx as u32)?.dyn_into().ok()
    }

    /// Names the field whose text is no weight; the one before shows its weight again.
    fn mark(self, wrong: Option<usize>) {
        let before = self.wrong.try_update(|now| std::mem::replace(now, wrong)).flatten();
        if let Some(idx) = before.filter(|before| Some(*before) != wrong)
            && let Some(field) = self.field(idx)
        {
            field.set_value(&self.shown(idx));
        }
    }

    /// What the field of a weight shows.
    fn shown(self, idx: usize) -> String {
        let weight = untrack(|| self.value(idx));
        shown(weight, self.size.get_untracked()[1], shell().language.get_untracked())
    }

    /// A field that is typed into holds the whole weight, and when it is left what it has room for.
    fn open(self, field: &HtmlInputElement, idx: usize, is_open: bool) {
        let cols = self.size.try_get_untracked().map_or(0, |[_, cols]| cols);
        if !is_tight(cols) || self.wrong.get_untracked() == Some(idx) {
            return;
        }
        let weight = untrack(|| self.value(idx));
        let language = shell().language.get_untracked();
        field.set_value(&if is_open { whole(weight, language) } else { shown(weight, cols, language) });
    }

    fn on_key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        if event.key() == "Escape" {
            self.mark(None);
            return;
        }
        let (field, idx) = (event_target::<HtmlInputElement>(event), self.active.get_untracked());
        let start = field.selection_start().ok().flatten().unwrap_or(0);
        let end = field.selection_end().ok().flatten().unwrap_or(0);
        let ends = (start == 0, end as usize >= field.value().encode_utf16().count());
        let way = Way::of_key(&event.key(), event.shift_key(), self.size.get_untracked(), idx, ends);
        let Some(way) = way else { return };
        event.prevent_default();
        match way {
            Way::Go(next) => self.go(next),
            Way::Step(steps) => {
                self.mark(None);
                let weight = stepped(untrack(|| self.value(idx)), f64::from(steps));
                self.on_change.run((idx, weight, true));
            }
        }
    }

    fn accept(self, idx: usize, typed: &str) {
        match parse_number(typed).map(|value| value as f32) {
            Some(weight) if weight.abs() <= limit::VALUE => {
                self.mark(None);
                self.on_change.run((idx, weight, false));
            }
            _ => self.mark(Some(idx)),
        }
    }

    fn on_down(self, event: &PointerEvent, idx: usize) {
        let (weight, from) = (untrack(|| self.value(idx)), f64::from(event.client_x()));
        self.drag.set(Some(Drag { idx, weight, from, is_moving: false }));
    }

    fn on_drag(self, event: &PointerEvent) {
        let Some(mut now) = self.drag.get_untracked() else { return };
        if let Some(weight) = now.to(f64::from(event.client_x())) {
            event.prevent_default();
            if let Some(group) = self.group.get_untracked() {
                // Without the capture the drag ends at the edge, which is no harm.
                let _ = group.set_pointer_capture(event.pointer_id());
            }
            self.on_change.run((now.idx, weight, true));
        }
        self.drag.set(Some(now));
    }

    /// Why the text of a field is no weight.
    fn reason(self) -> Option<String> {
        let [row, col] = self.place(self.wrong.get()?).map(|at| at + 1);
        let language = shell().language.get();
        let limit = f64::from(limit::VALUE);
        let (min, max, example) =
            (language.short(-limit, 0), language.short(limit, 0), language.short(-0.5, 1));
        Some(t_string!(use_i18n(), convolution.kernel.wrong, row, col, min, max, example).to_string())
    }
}

/// The fields. `on_change` hears a number within the limit and whether it is one of many on a way;
/// `on_look` which weight has the focus or is under the pointer.
#[component]
pub fn WeightEditor(
    #[prop(into)] weights: Signal<Weights>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_change: Callback<(usize, f32, bool)>,
    #[prop(into)] on_look: Callback<Option<[usize; 2]>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let error_id = fresh_id("weights-error");
    let described = error_id.clone();
    let table = Table {
        weights,
        size: Memo::new(move |_| weights.read().0),
        active: RwSignal::new(0),
        wrong: RwSignal::new(None),
        drag: RwSignal::new(None),
        group: NodeRef::new(),
        on_change,
    };
    // Weights that came from elsewhere, as by undoing, take the place of a text that is none.
    Effect::new(move |before: Option<Weights>| {
        let now = weights.get();
        if before.is_some_and(|before| before != now) {
            table.mark(None);
        }
        now
    });
    let cells = move || {
        let [rows, cols] = table.size.get();
        if table.active.get_untracked() >= rows * cols {
            table.active.set(0);
        }
        let style = format!("--cols:{cols}");
        let class = if is_tight(cols) { "kernel__grid kernel__grid--tight" } else { "kernel__grid" };
        let cell = |idx| view! { <Field table idx described=described.clone() on_look /> };
        let cells = (0..rows * cols).map(cell).collect_view();
        view! { <div class=class style=style>{cells}</div> }
    };
    view! {
        <Chosen table />
        <div
            class="kernel"
            role="group"
            aria-label=move || label.get()
            node_ref=table.group
            on:keydown=move |event| table.on_key(&event)
            on:pointermove=move |event| table.on_drag(&event)
            on:pointerup=move |_| table.drag.set(None)
            on:pointercancel=move |_| table.drag.set(None)
            on:pointerleave=move |_| look_away(on_look)
        >
            {cells}
            <p class="field__error" id=error_id role="alert" hidden=move || table.wrong.get().is_none()>
                {move || table.reason()}
            </p>
            <p class="field__hint">{t!(i18n, convolution.kernel.hint)}</p>
        </div>
    }
}

/// The weight that was gone to last, in full and in a field of its own: where the others have no room for it.
#[component]
fn Chosen(table: Table) -> impl IntoView {
    let i18n = use_i18n();
    let bounds =
        Bounds { min: -f64::from(limit::VALUE), max: f64::from(limit::VALUE), step: 0.1, decimals: 6 };
    // Made anew for another weight, so that a text that is no number stays with its own.
    move || {
        let ([rows, cols], idx) = (table.size.get(), table.active.get());
        let (row, col) = (idx / cols.max(1) + 1, idx % cols.max(1) + 1);
        (is_tight(cols) && idx < rows * cols).then(|| {
            view! {
                <NumberField
                    label=Signal::derive(move || t_string!(i18n, convolution.kernel.cell, row, col).to_string())
                    value=Signal::derive(move || f64::from(table.value(idx)))
                    bounds=bounds
                    hint=Signal::derive(move || t_string!(i18n, convolution.kernel.rounded).to_string())
                    on_change=move |weight: f64| table.on_change.run((idx, weight as f32, true))
                />
            }
        })
    }
}

/// A field loses the focus also when the page goes, after everything that hears of it.
fn look_away(on_look: Callback<Option<[usize; 2]>>) {
    let _ = on_look.try_run(None);
}

#[component]
fn Field(
    table: Table,
    idx: usize,
    described: String,
    on_look: Callback<Option<[usize; 2]>>,
) -> impl IntoView {
    let (i18n, language) = (use_i18n(), shell().language);
    let weight = Memo::new(move |_| table.value(idx));
    let tone = move || match weight.get() {
        weight if weight < 0.0 => "minus",
        weight if weight > 0.0 => "plus",
        _ => "zero",
    };
    let [row, col] = table.place(idx);
    let is_wrong = move || table.wrong.get() == Some(idx);
    view! {
        <input
            class="kernel__cell"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            data-tone=tone
            tabindex=move || if table.active.get() == idx { "0" } else { "-1" }
            prop:value=move || shown(weight.get(), table.size.get()[1], language.get())
            title=move || whole(weight.get(), language.get())
            aria-label=move || t_string!(i18n, convolution.kernel.cell, row = row + 1, col = col + 1)
            aria-invalid=move || is_wrong().to_string()
            aria-describedby=move || is_wrong().then(|| described.clone())
            on:focus=move |event| {
                table.active.set(idx);
                on_look.run(Some([row, col]));
                let field = event_target::<HtmlInputElement>(&event);
                table.open(&field, idx, true);
                field.select();
            }
            on:blur=move |event| {
                table.open(&event_target::<HtmlInputElement>(&event), idx, false);
                look_away(on_look);
            }
            on:pointerenter=move |_| on_look.run(Some([row, col]))
            on:pointerdown=move |event| table.on_down(&event, idx)
            // A dragged weight is not a dragged text.
            on:dragstart=move |event| event.prevent_default()
            on:drop=move |event| event.prevent_default()
            on:change=move |event| table.accept(idx, &event_target_value(&event))
        />
    }
}

/// All filters; a press chooses one with its channel. The same choice is offered by name beside it.
#[component]
pub fn FilterBank(
    #[prop(into)] setup: Signal<Arc<Setup>>,
    #[prop(into)] chosen: Signal<(usize, usize)>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_choose: Callback<(usize, usize)>,
) -> impl IntoView {
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        bank_scene(&setup.read(), chosen.get(), at_hand)
    };
    let on_pointer = move |hit: PointerHit| {
        let PointerHit::Press(point) = hit else { return };
        if let Some(found) = bank_hit(&setup.read_untracked(), point, width.get_value()) {
            on_choose.run(found);
        }
    };
    view! {
        <div class="kernel-bank">
            <Picture scene=scene label=label on_pointer=Callback::new(on_pointer) />
        </div>
    }
}
