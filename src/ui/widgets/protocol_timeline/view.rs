//! The hooks as a nested list; the one that is being called is lit, with the callbacks that act in it.

use super::scene::{StripText, strip_scene};
use super::state::ProtocolState;
use crate::engine::callbacks::CallbackSpec;
use crate::ui::callbacks::Hook;
use crate::ui::components::Picture;
use crate::ui::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;

/// The timeline. Names of callbacks stand where Keras's classes have a method for the hook.
#[component]
pub fn ProtocolTimeline(
    #[prop(into)] protocol: Signal<ProtocolState>,
    #[prop(into)] callbacks: Signal<Vec<CallbackSpec>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || StripText {
        epochs: t_string!(i18n, callbacks.protocol.epochs).to_string(),
        batches: t_string!(i18n, callbacks.protocol.batches).to_string(),
        validation: t_string!(i18n, callbacks.protocol.validation).to_string(),
    };
    let hook = Memo::new(move |_| protocol.read().hook);
    let acted = Memo::new(move |_| protocol.read().acted.clone());
    let row = move |which: Hook| view! { <HookRow which hook acted callbacks /> };
    let rows = move |hooks: &[Hook]| hooks.iter().copied().map(row).collect_view();
    let place = move || place(i18n, &protocol.read());
    view! {
        <div class="protocol">
            <Picture scene=move |width| strip_scene(&protocol.read(), &text(), width) label=Signal::derive(place) />
            <ol class="protocol__list">
                {rows(&[Hook::TrainBegin])}
                <li class="protocol__loop">
                    <p class="protocol__loop-name">{t!(i18n, callbacks.protocol.each_epoch)}</p>
                    <ol class="protocol__list">
                        {rows(&[Hook::EpochBegin])}
                        <li class="protocol__loop">
                            <p class="protocol__loop-name">{t!(i18n, callbacks.protocol.each_batch)}</p>
                            <ol class="protocol__list">{rows(&[Hook::TrainBatchBegin, Hook::TrainBatchEnd])}</ol>
                        </li>
                        {rows(&[Hook::TestBegin])}
                        <li class="protocol__loop">
                            <p class="protocol__loop-name">{t!(i18n, callbacks.protocol.each_test_batch)}</p>
                            <ol class="protocol__list">{rows(&[Hook::TestBatchBegin, Hook::TestBatchEnd])}</ol>
                        </li>
                        {rows(&[Hook::TestEnd, Hook::EpochEnd])}
                    </ol>
                </li>
                {rows(&[Hook::TrainEnd])}
            </ol>
        </div>
    }
}

#[component]
fn HookRow(
    which: Hook,
    hook: Memo<Option<Hook>>,
    acted: Memo<Vec<usize>>,
    callbacks: Signal<Vec<CallbackSpec>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_now = Memo::new(move |_| hook.get() == Some(which));
    let names = move || {
        let chip = |(idx, spec): (usize, &CallbackSpec)| {
            let has_acted = move || is_now.get() && acted.read().contains(&idx);
            let name = format!("{} {}", idx + 1, spec.class_name());
            view! {
                <li class="protocol__chip" class:protocol__chip--acted=has_acted>
                    <code lang="en">{name}</code>
                    " "
                    <span class="protocol__acted" hidden=move || !has_acted()>
                        {t!(i18n, callbacks.protocol.acted)}
                    </span>
                </li>
            }
        };
        let list = callbacks.read();
        let heard = list.iter().enumerate().filter(|(_, spec)| which.is_heard_by(spec));
        let chips = heard.map(chip).collect_view();
        (!chips.is_empty()).then(|| view! { <ul class="protocol__chips">{chips}</ul> })
    };
    view! {
        <li
            class="protocol__hook"
            class:protocol__hook--now=move || is_now.get()
            aria-current=move || is_now.get().then_some("step")
        >
            <code class="protocol__name" lang="en">{which.name()}</code>
            {names}
        </li>
    }
}

/// Where the run is, in words.
fn place(i18n: leptos_i18n::I18nContext<crate::ui::i18n::Locale>, state: &ProtocolState) -> String {
    let Some(hook) = state.hook else { return t_string!(i18n, callbacks.protocol.waiting).to_string() };
    let (name, epoch, epochs) = (hook.name(), state.epoch + 1, state.epochs);
    t_string!(i18n, callbacks.protocol.place, name, epoch, epochs).to_string()
}
