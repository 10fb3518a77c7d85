//! The buttons of a run.

use leptos::{html, prelude::*};

use super::form::Form;
use super::words::words;
use crate::ui::bridge::WorkerStatus;
use crate::ui::components::{Icon, IconMark, fresh_id};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::Phase;

/// Start, pause or resume, step, stop.
#[component]
pub fn Controls(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let run = lab.training;
    let phase = run.phase();
    let is_active = move || phase.get().is_active();
    // A measurement would share the processor with the run.
    let is_measuring = Memo::new(move |_| lab.device.read().is_measuring());
    let reason = Memo::new(move |_| {
        if matches!(*lab.bridge.status.read(), WorkerStatus::Dead { .. }) {
            return Some(t_string!(i18n, training.problem.worker).to_string());
        }
        if is_measuring.get() {
            return Some(t_string!(i18n, training.problem.measuring).to_string());
        }
        form.reason(words(i18n))
    });
    let can_start = Memo::new(move |_| !is_active() && reason.read().is_none());
    let (start, pause) = (NodeRef::<html::Button>::new(), NodeRef::<html::Button>::new());
    let wants_focus = StoredValue::new(false);
    // A disabled button loses the focus, so it is handed on to the one that now does what comes next.
    Effect::new(move |_| {
        let next = match phase.get() {
            Phase::Loading => return,
            Phase::Running | Phase::Paused => pause,
            Phase::Idle | Phase::Ended | Phase::Failed | Phase::Interrupted => start,
        };
        if wants_focus.try_update_value(std::mem::take) == Some(true) {
            focus_if_lost(next);
        }
    });
    let on_start = move |_| {
        run.start(form.job.get_untracked());
        wants_focus.set_value(true);
    };
    let on_pause = move |_| {
        if phase.get_untracked() == Phase::Paused { run.resume() } else { run.pause() }
    };
    let on_step = move |_| run.step(form.job.get_untracked());
    let on_stop = move |_| {
        run.stop();
        wants_focus.set_value(true);
    };
    let is_new = move || matches!(phase.get(), Phase::Idle);
    let is_paused = move || phase.get() == Phase::Paused;
    let can_go_on = move || is_paused() && !is_measuring.get();
    let reason_id = fresh_id("start-reason");
    let step_help_id = fresh_id("step-help");
    view! {
        <div class="buttons" role="group" aria-label=move || t_string!(i18n, training.run.controls)>
            <button
                type="button"
                class="button"
                class:button--primary=move || !is_active()
                node_ref=start
                disabled=move || !can_start.get()
                aria-describedby=reason_id.clone()
                on:click=on_start
            >
                <IconMark icon=Icon::Play />
                {move || if is_new() { t_string!(i18n, training.run.start) } else { t_string!(i18n, training.run.again) }}
            </button>
            <button
                type="button"
                class="button"
                class:button--primary=is_active
                node_ref=pause
                disabled=move || phase.get() != Phase::Running && !can_go_on()
                aria-describedby=reason_id.clone()
                on:click=on_pause
            >
                <IconMark icon=Signal::derive(move || if is_paused() { Icon::Play } else { Icon::Pause }) />
                {move || if is_paused() { t_string!(i18n, training.run.resume) } else { t_string!(i18n, training.run.pause) }}
            </button>
            <button
                type="button"
                class="button"
                disabled=move || !(can_go_on() || can_start.get())
                aria-describedby=format!("{step_help_id} {reason_id}")
                on:click=on_step
            >
                <IconMark icon=Icon::Next />
                {t!(i18n, training.run.step)}
            </button>
            <button type="button" class="button" disabled=move || !is_active() on:click=on_stop>
                <IconMark icon=Icon::Stop />
                {t!(i18n, training.run.stop)}
            </button>
        </div>
        <p class="field__hint" id=step_help_id>{t!(i18n, training.run.step_help)}</p>
        <p class="field__error" id=reason_id hidden=move || reason.read().is_none()>{move || reason.get()}</p>
    }
}

/// Focuses a button, unless the reader has moved on to something else meanwhile.
fn focus_if_lost(button: NodeRef<html::Button>) {
    request_animation_frame(move || {
        let is_lost = document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY" || element.has_attribute("disabled"));
        if let Some(button) = button.try_get_untracked().flatten().filter(|_| is_lost) {
            // A button that cannot take the focus is no harm.
            let _ = button.focus();
        }
    });
}
