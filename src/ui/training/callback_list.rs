//! The callbacks of the run that is about to begin.

use leptos::prelude::*;

use super::form::Form;
use super::words::{Words, words};
use crate::engine::callbacks::CallbackSpec;
use crate::ui::callbacks::{CallbackEditor, Remark, Stand};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::training::{Problem, monitors};

/// The list, what is wrong with each card, and the way to the rehearsal.
#[component]
pub(super) fn CallbacksPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let callbacks = Memo::new(move |_| form.job.read().fit.callbacks.clone());
    let names = Memo::new(move |_| monitors(&form.job.read()));
    let remarks = Signal::derive(move || {
        let remark = |problem: &Problem| match problem {
            Problem::Callback { callback, class_name, fault } => Some(Remark {
                callback: *callback,
                text: words(i18n).callback_fault(class_name, fault),
                is_warning: problem.is_warning(),
            }),
            _ => None,
        };
        form.problems.read().iter().filter_map(remark).collect::<Vec<_>>()
    });
    let stand: Stand = Callback::new(move |(_, spec): (usize, Signal<CallbackSpec>)| {
        let here = move || words(i18n).callback_here(&spec.read());
        view! { <p class="note">{here}</p> }.into_any()
    });
    view! {
        <p class="field__hint">{t!(i18n, fit.callbacks.help)}</p>
        <CallbackEditor
            callbacks=callbacks
            on_change=move |callbacks| form.edit(|job| job.fit.callbacks = callbacks)
            remarks=remarks
            stand=stand
            monitors=Signal::from(names)
            drafts=form.callback_drafts
            is_nested=true
        />
        <p><a class="button" href=move || form.rehearsal()>{t!(i18n, fit.callbacks.rehearse)}</a></p>
    }
}

impl Words {
    /// What this page does where a callback of Keras writes files or prints; nothing for the others.
    fn callback_here(self, spec: &CallbackSpec) -> String {
        let i18n = self.i18n;
        match spec {
            CallbackSpec::ModelCheckpoint(_) => t_string!(i18n, fit.here.checkpoint),
            CallbackSpec::TensorBoard(_) => t_string!(i18n, fit.here.tensor_board),
            CallbackSpec::CsvLogger(_) => t_string!(i18n, fit.here.csv),
            CallbackSpec::BackupAndRestore(_) => t_string!(i18n, fit.here.backup),
            CallbackSpec::History(_) => t_string!(i18n, fit.here.history),
            CallbackSpec::ProgbarLogger(_) => t_string!(i18n, fit.here.progbar),
            CallbackSpec::EarlyStopping(_)
            | CallbackSpec::ReduceLrOnPlateau(_)
            | CallbackSpec::LearningRateScheduler(_)
            | CallbackSpec::TerminateOnNan(_) => return String::new(),
        }
        .to_string()
    }
}
