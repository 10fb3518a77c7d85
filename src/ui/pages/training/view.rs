//! The page: the form beside the run, the curves, the log and the result.

use leptos::prelude::*;

use crate::ui::browser;
use crate::ui::callbacks::{LiveCallbacks, LiveProtocol};
use crate::ui::components::{Card, Held, Later};
use crate::ui::curves::CurvesPanel;
use crate::ui::data_panel::{DataPanel, PanelDoor};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::TrainingState;
use crate::ui::routes::Route;
use crate::ui::training::{
    Controls, EventLog, Form, LoadingProgress, RateControls, ResultCard, RunProgress, SetupForm, Workers,
};
use crate::ui::translations::text;

/// The page.
#[component]
pub fn TrainingPage() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let form = Form::at(Route::Training);
    PanelDoor::provide();
    let is_active = Memo::new(move |_| run.read(TrainingState::phase).is_active());
    // The form locks and unlocks once the page has shown that a run begins or ends: both in one frame held it for 45 ms.
    let is_locked = RwSignal::new(is_active.get_untracked());
    Effect::new(move |_| {
        is_active.track();
        browser::after_paint(move || {
            // The reader may have left the page.
            if let Some(is_active) = is_active.try_get_untracked() {
                is_locked.try_set(is_active);
            }
        });
    });
    view! {
        <article class="page training">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.training)}</h1>
                <p class="lead for-site">{t!(i18n, training.lead)}</p>
            </header>
            <div class="training__columns">
                <Held name="setup">
                    <Card title=text!(i18n, training.setup) class="training__setup">
                        <SetupForm form locked=is_locked />
                    </Card>
                </Held>
                <div class="training__run">
                    // On a telephone it stands below the form.
                    <Later unless=browser::has_two_columns()>
                        <Card title=text!(i18n, training.run.title)>
                            <Controls form />
                            <LoadingProgress form />
                            <RunProgress />
                            <RateControls />
                            <Workers />
                        </Card>
                    </Later>
                    <Later><ResultCard /></Later>
                    <Later>
                        <Held name="data">
                            <DataPanel form locked=is_locked />
                        </Held>
                    </Later>
                    <Later>
                        <Held name="curves">
                            <CurvesPanel />
                        </Held>
                    </Later>
                    <Later>
                        <Held name="protocol">
                            <Card title=text!(i18n, callbacks.live.title)>
                                <LiveCallbacks />
                                <LiveProtocol />
                                <p><a href=Route::Callbacks.href()>{t!(i18n, callbacks.live.rehearse)}</a></p>
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="log">
                            <Card title=text!(i18n, training.log.title)>
                                <EventLog />
                            </Card>
                        </Held>
                    </Later>
                </div>
            </div>
        </article>
    }
}
