//! The pad with its tools. Strokes are told of when they end.

use super::scene::{hit, pad_scene};
use super::state::{Drawing, Tool};
use crate::ui::components::{Bounds, NumberField, Picture, Segmented};
use crate::ui::context::shell;
use crate::ui::convolution::limit;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::scene::Point;
use crate::ui::translations::text;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::{html, prelude::*};
use leptos_i18n::I18nContext;

/// The pad. `drawing` is kept by whoever shows it; `on_change` hears that a stroke ended, or that something
/// was taken back, cleared or scaled.
#[component]
pub fn DrawingPad(drawing: RwSignal<Drawing>, #[prop(into)] on_change: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let paper = NodeRef::<html::Div>::new();
    let is_drawing = RwSignal::new(false);
    let cell = move |event: &PointerEvent| {
        let rect = paper.get_untracked()?.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
        Some(hit(&drawing.read_untracked(), Point { x, y }, rect.width().max(1.0)))
    };
    let on_down = move |event: PointerEvent| {
        // Only what draws: not the right button, not a second finger.
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let Some(at) = cell(&event) else { return };
        if let Some(paper) = paper.get_untracked() {
            // Without it the stroke ends at the edge, no more.
            let _ = paper.set_pointer_capture(event.pointer_id());
        }
        is_drawing.set(true);
        drawing.update(|drawing| drawing.press(at));
    };
    let on_move = move |event: PointerEvent| {
        let Some(at) = is_drawing.get_untracked().then(|| cell(&event)).flatten() else { return };
        if drawing.read_untracked().cursor != at {
            drawing.update(|drawing| drawing.drag(at));
        }
    };
    let on_up = move |_: PointerEvent| {
        if is_drawing.get_untracked() {
            is_drawing.set(false);
            on_change.run(());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if let Some(is_change) = take_key(&event, drawing) {
            event.prevent_default();
            shell().announce(say(i18n, &drawing.read_untracked()));
            if is_change {
                on_change.run(());
            }
        }
    };
    let label = text!(i18n, sources.draw.paper);
    view! {
        <div class="drawing-pad">
            <Tools drawing />
            <div
                class="drawing-pad__paper"
                node_ref=paper
                tabindex="0"
                role="application"
                aria-label=move || label.get()
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=on_up
                on:keydown=on_key
            >
                <Picture scene=move |width| pad_scene(&drawing.read(), width) label=label />
            </div>
            <History drawing on_change />
            <NumberField
                label=text!(i18n, sources.side)
                value=Signal::derive(move || drawing.read().side as f64)
                bounds=Bounds { min: *limit::SIDE.start() as f64, max: *limit::SIDE.end() as f64, step: 1.0, decimals: 0 }
                on_change=move |side: f64| {
                    drawing.update(|drawing| drawing.resize(side as usize));
                    on_change.run(());
                }
            />
            <p class="field__hint">{t!(i18n, sources.draw.hint)}</p>
        </div>
    }
}

/// What a key does; says whether it changed the drawing, or nothing for a key of someone else.
fn take_key(event: &KeyboardEvent, drawing: RwSignal<Drawing>) -> Option<bool> {
    let is_undo = (event.ctrl_key() || event.meta_key()) && event.code() == "KeyZ";
    if is_undo {
        drawing.update(if event.shift_key() { Drawing::redo } else { Drawing::undo });
        return Some(true);
    }
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    let by = match event.key().as_str() {
        "ArrowUp" => [-1, 0],
        "ArrowDown" => [1, 0],
        "ArrowLeft" => [0, -1],
        "ArrowRight" => [0, 1],
        " " => {
            drawing.update(|drawing| drawing.press(drawing.cursor));
            return Some(true);
        }
        _ => return None,
    };
    drawing.update(|drawing| drawing.go(by[0], by[1]));
    Some(false)
}

/// What is under the pen.
fn say(i18n: I18nContext<Locale>, drawing: &Drawing) -> String {
    let (row, col) = (drawing.cursor[0] + 1, drawing.cursor[1] + 1);
    if drawing.has_ink() {
        t_string!(i18n, sources.draw.inked, row, col).to_string()
    } else {
        t_string!(i18n, sources.draw.blank, row, col).to_string()
    }
}

/// Undo, redo, clear.
#[component]
fn History(drawing: RwSignal<Drawing>, on_change: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let act = move |edit: fn(&mut Drawing)| {
        drawing.update(edit);
        on_change.run(());
    };
    let is_off = move |which: usize| (!drawing.read().history()[which]).then_some("true");
    view! {
        <div class="buttons">
            <button type="button" class="button" aria-disabled=move || is_off(0) on:click=move |_| act(Drawing::undo)>
                {t!(i18n, sources.draw.undo)}
            </button>
            <button type="button" class="button" aria-disabled=move || is_off(1) on:click=move |_| act(Drawing::redo)>
                {t!(i18n, sources.draw.redo)}
            </button>
            <button type="button" class="button" on:click=move |_| act(Drawing::clear)>
                {t!(i18n, sources.draw.clear)}
            </button>
        </div>
    }
}

/// Brush or eraser, and how wide.
#[component]
fn Tools(drawing: RwSignal<Drawing>) -> impl IntoView {
    let i18n = use_i18n();
    let tools = Signal::derive(move || {
        vec![
            ("brush".to_owned(), t_string!(i18n, sources.draw.brush).to_string()),
            ("eraser".to_owned(), t_string!(i18n, sources.draw.eraser).to_string()),
        ]
    });
    let tool = move || if drawing.read().tool == Tool::Brush { "brush" } else { "eraser" };
    let choose = move |name: String| {
        drawing.update(|drawing| drawing.tool = if name == "brush" { Tool::Brush } else { Tool::Eraser });
    };
    let pens: Vec<_> = (1..=Drawing::WIDEST).map(|pen| (pen.to_string(), pen.to_string())).collect();
    let choose_pen = move |pen: String| {
        if let Ok(pen) = pen.parse() {
            drawing.update(|drawing| drawing.pen = pen);
        }
    };
    view! {
        <div class="fields fields--small">
            <Segmented
                label=text!(i18n, sources.draw.tool)
                compact=true
                choices=tools
                value=Signal::derive(move || tool().to_owned())
                on_change=choose
            />
            <Segmented
                label=text!(i18n, sources.draw.pen)
                compact=true
                choices=Signal::stored(pens)
                value=Signal::derive(move || drawing.read().pen.to_string())
                on_change=choose_pen
            />
        </div>
    }
}
