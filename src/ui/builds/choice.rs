//! Which of the two programs computes: the reader's choice, and what came of it.

use crate::protocol::Build;
use crate::ui::bridge::WorkerStatus;
use crate::ui::builds;
use crate::ui::components::Segmented;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::device::DeviceState;
use crate::ui::translations::text;
use leptos::prelude::*;

/// The choice, what it costs, and who computes now.
#[component]
pub fn BuildChoice() -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let (bridge, device) = (lab.bridge, lab.device);
    let phase = lab.training.phase();
    let has_fast = builds::has_fast();
    let is_busy = Memo::new(move |_| phase.get().is_active() || device.read().is_measuring());
    let choices = Signal::derive(move || {
        vec![
            (Build::Reproducible, t_string!(i18n, device.build.reproducible).to_string()),
            (Build::Fast, t_string!(i18n, device.build.fast).to_string()),
        ]
        .into_iter()
        .map(|(build, shown)| (builds::name(build).to_owned(), shown))
        .collect::<Vec<_>>()
    });
    let choose = move |chosen: String| {
        let build = if chosen == builds::name(Build::Fast) { Build::Fast } else { Build::Reproducible };
        bridge.choose(build);
        // What was measured was the other program.
        device.set(DeviceState::default());
    };
    let obstacle = move || {
        if !has_fast {
            Some(t_string!(i18n, device.build.impossible).to_string())
        } else if is_busy.get() {
            Some(t_string!(i18n, device.build.busy).to_string())
        } else {
            None
        }
    };
    let running = move || match &*bridge.status.read() {
        WorkerStatus::Ready { build: Build::Reproducible } => {
            t_string!(i18n, device.build.computing.reproducible).to_string()
        }
        WorkerStatus::Ready { build: Build::Fast } => {
            t_string!(i18n, device.build.computing.fast).to_string()
        }
        WorkerStatus::Starting => t_string!(i18n, device.build.computing.starting).to_string(),
        // The shell says so.
        WorkerStatus::Dead { .. } => String::new(),
    };
    view! {
        <p>{t!(i18n, device.build.lead)}</p>
        <Segmented
            label=text!(i18n, device.build.label)
            choices=choices
            value=Signal::derive(move || builds::name(bridge.build.get()).to_owned())
            on_change=choose
            disabled=Signal::derive(move || !has_fast || is_busy.get())
        />
        <p hidden=move || obstacle().is_none()>{obstacle}</p>
        <p class="note" role="status" data-testid="build">
            {running}
        </p>
    }
}
