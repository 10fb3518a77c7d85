//! The page: the form beside the run, the curves, the log and the result.

use leptos::prelude::*;

use crate::ui::callbacks::{LiveCallbacks, LiveProtocol};
use crate::ui::components::{Card, Held, Later};
use crate::ui::curves::CurvesPanel;
use crate::ui::data_panel::{DataPanel, PanelDoor};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
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
    let phase = run.phase();
    let is_active = Signal::derive(move || phase.get().is_active());
    view! {
        <article class="page training">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.training)}</h1>
                <p class="lead for-site">{t!(i18n, training.lead)}</p>
            </header>
            <div class="training__columns">
                <Held name="setup">
                    <Card title=text!(i18n, training.setup) class="training__setup">
                        <SetupForm form locked=is_active />
                    </Card>
                </Held>
                <div class="training__run">
                    <Card title=text!(i18n, training.run.title)>
                        <Controls form />
                        <LoadingProgress form />
                        <RunProgress />
                        <RateControls />
                        <Workers />
                    </Card>
                    <Later><ResultCard /></Later>
                    <Later>
                        <Held name="data">
                            <DataPanel form locked=is_active />
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
