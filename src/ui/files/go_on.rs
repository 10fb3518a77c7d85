//! Offers to train a model from a file further.

use leptos::prelude::*;

use super::reading::form_job;
use crate::ui::components::{Bounds, Icon, IconMark, NumberField};
use crate::ui::context::{Shell, shell};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::pages::files::{Further, further};
use crate::ui::pages::training::to_query;
use crate::ui::routes::{Location, Route};
use crate::ui::translations::text;
use crate::ui::worker_model::Origin;

/// Epochs that can be asked for at once.
const MORE: Bounds = Bounds { min: 1.0, max: 1_000.0, step: 1.0, decimals: 0 };

/// What can be done with the current model, if it came from a file and rests.
fn offered(lab: Laboratory) -> Option<Further> {
    let model = lab.bridge.model.read();
    let is_from_file = model.current.as_ref().is_some_and(|model| model.stamp.origin == Origin::Files);
    if !is_from_file || model.is_starting() {
        return None;
    }
    lab.bridge.with_imported(|saved| Further::of(saved, &form_job(lab)))
}

/// Begins the run, on the training page.
fn go_on(lab: Laboratory, shell: Shell, name: String, more: usize) {
    let Some((job, from)) = lab.bridge.with_imported(|saved| further(saved, &form_job(lab), more)) else {
        return;
    };
    let location = Location { route: Some(Route::Training), query: to_query(&job) };
    if shell.location.with_untracked(|now| now.route == location.route) {
        shell.replace_query(Route::Training, location.query);
    } else {
        // An address that cannot be set leaves the reader here; the run goes on all the same.
        let _ = window().location().set_hash(&location.to_hash());
    }
    lab.training.go_on_from_file(job, from, name);
}

/// The offer, while there is something to offer.
#[component]
pub fn FileOffer() -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let language = shell.language;
    let lab = laboratory();
    let phase = lab.training.phase();
    let offer = Memo::new(move |_| offered(lab));
    move || {
        let offer = offer.get()?;
        let more = RwSignal::new(offer.more as f64);
        let (name, shown) = (offer.name.clone(), offer.name.clone());
        let (optimizer, has_optimizer, done) = (offer.optimizer, offer.has_optimizer, offer.done);
        let how = move || {
            if has_optimizer {
                t_string!(i18n, files.further.with_state, optimizer).to_string()
            } else {
                t_string!(i18n, files.further.anew, optimizer).to_string()
            }
        };
        let epochs = move || {
            let n = language.get().count(done);
            (done > 0).then(|| t_string!(i18n, files.further.done, count = done, n).to_string())
        };
        let start = move |_| go_on(lab, shell, name.clone(), more.get_untracked() as usize);
        Some(view! {
            <section class="notice" data-testid="further" aria-label=move || t_string!(i18n, files.further.title)>
                <p class="notice__title">{t!(i18n, files.further.title)}</p>
                <p>{t!(i18n, files.further.lead, name = shown)} " " {epochs} " " {how}</p>
                <div class="fields">
                    <NumberField
                        label=text!(i18n, files.further.more)
                        value=more
                        bounds=MORE
                        on_change=move |number| more.set(number)
                    />
                </div>
                <p class="buttons">
                    <button
                        type="button"
                        class="button"
                        data-testid="train-further"
                        disabled=move || phase.get().is_active()
                        on:click=start
                    >
                        <IconMark icon=Icon::Play />
                        {t!(i18n, files.further.start)}
                    </button>
                </p>
            </section>
        })
    }
}
