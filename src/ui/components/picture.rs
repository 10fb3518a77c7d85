//! A canvas that shows a [`Scene`], repainted at most once per animation frame.

use super::super::canvas::paint;
use super::super::context::shell;
use super::super::scene::{Point, Scene};
use leptos::{ev::PointerEvent, html, prelude::*};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlCanvasElement, ResizeObserver};

/// What the pointer does over a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PointerHit {
    /// It is over this place.
    Over(Point),
    /// It was pressed at this place.
    Press(Point),
    /// It has left.
    Left,
}

/// `scene` gets the width at hand in CSS px and is called again when a signal it read changes;
/// `label` says in words what the picture shows; without words it is an ornament. `over` lies on top and is painted by itself, so that what
/// moves does not repaint what stands still.
#[component]
pub fn Picture(
    scene: impl Fn(f64) -> Scene + 'static,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] over: Option<Callback<f64, Scene>>,
    #[prop(optional, into)] on_pointer: Option<Callback<PointerHit>>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let (canvas, top) = (NodeRef::<html::Canvas>::new(), NodeRef::<html::Canvas>::new());
    let width = RwSignal::new(0.0);
    frame.on_load(move |element| observe_width(&element, width));
    keep_painted(canvas, width, scene);
    if let Some(over) = over {
        keep_painted(top, width, move |at_hand| over.run(at_hand));
    }
    let tell = move |hit: PointerHit| {
        if let Some(on_pointer) = on_pointer {
            on_pointer.run(hit);
        }
    };
    view! {
        <div class="picture" node_ref=frame>
            <canvas
                node_ref=canvas
                role=move || label.with(|label| !label.is_empty()).then_some("img")
                aria-label=move || label.with(|label| !label.is_empty()).then(|| label.get())
                aria-hidden=move || label.with(String::is_empty).then_some("true")
                width="1"
                height="1"
                on:pointermove=move |event| tell(PointerHit::Over(place(&event)))
                on:pointerdown=move |event| tell(PointerHit::Press(place(&event)))
                on:pointerleave=move |_| tell(PointerHit::Left)
            ></canvas>
            {over.map(|_| view! {
                <canvas class="picture__over" node_ref=top aria-hidden="true" width="1" height="1"></canvas>
            })}
        </div>
    }
}

/// Paints a scene again whenever a signal it read changes, at most once per frame.
fn keep_painted(canvas: NodeRef<html::Canvas>, width: RwSignal<f64>, scene: impl Fn(f64) -> Scene + 'static) {
    let pending: Rc<RefCell<Option<Scene>>> = Rc::default();
    let is_painted = Cell::new(false);
    let palette = shell().palette;
    Effect::new(move |_| {
        palette.track();
        let at_hand = width.get();
        if at_hand <= 0.0 {
            return;
        }
        let waited = pending.replace(Some(scene(at_hand))).is_some();
        if waited {
            return;
        }
        let pending = pending.clone();
        let paint_it = move || {
            let Some(scene) = pending.take() else { return };
            let Some(canvas) = canvas.try_get_untracked().flatten() else { return };
            let Some(palette) = palette.try_get_untracked() else { return };
            if let Err(error) = paint(&canvas, &scene, &palette) {
                leptos::logging::error!("canvas: {error:?}");
            }
        };
        // The first time in the next frame whatever it costs, since what stands below would jump in a later one.
        if is_painted.replace(true) {
            in_turn(paint_it);
        } else {
            request_animation_frame(paint_it);
        }
    });
}

/// Paints in the next frame, or in a later one if others have used up its time: all charts of a run change at once.
fn in_turn(paint: impl FnOnce() + 'static) {
    let is_first = TURNS.with_borrow_mut(|turns| {
        turns.push_back(Box::new(paint));
        turns.len() == 1
    });
    if is_first {
        request_animation_frame(take_turns);
    }
}

fn take_turns() {
    let now = || window().performance().map_or(0.0, |clock| clock.now());
    let begun = now();
    // Whoever paints asks for no other turn, so that nobody is added meanwhile.
    while let Some(paint) = TURNS.with_borrow_mut(VecDeque::pop_front) {
        paint();
        if now() - begun > FRAME_MS {
            break;
        }
    }
    if TURNS.with_borrow(|turns| !turns.is_empty()) {
        request_animation_frame(take_turns);
    }
}

type Turns = VecDeque<Box<dyn FnOnce()>>;

thread_local! {
    /// Pictures that wait to be painted again.
    static TURNS: RefCell<Turns> = const { RefCell::new(VecDeque::new()) };
}

/// How long pictures are painted again in one frame, in ms; one at least.
const FRAME_MS: f64 = 8.0;

fn place(event: &PointerEvent) -> Point {
    let origin = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlCanvasElement>().ok())
        .map(|canvas| canvas.get_bounding_client_rect());
    let (left, top) = origin.map_or((0.0, 0.0), |rect| (rect.left(), rect.top()));
    Point { x: f64::from(event.client_x()) - left, y: f64::from(event.client_y()) - top }
}

fn observe_width(element: &web_sys::HtmlDivElement, width: RwSignal<f64>) {
    let measured = element.clone();
    let measure = move || {
        let now = f64::from(measured.client_width());
        // The observer may fire once more after the page is gone.
        if width.try_get_untracked().is_some_and(|before| (before - now).abs() >= 1.0) {
            width.set(now);
        }
    };
    // At once: the observer fires so late that the first frame would be shown without the picture, and what
    // stands below it would jump.
    measure();
    let callback = Closure::<dyn FnMut()>::new(measure);
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        // The callback lives as long as the component.
        StoredValue::new_local(callback);
        on_cleanup(move || observer.disconnect());
    }
}
