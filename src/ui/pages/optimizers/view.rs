//! The page: the slope with its racers, their numbers and curves, and what to take along.

use super::code::{to_csv, to_python};
use super::scene::race_scene;
use super::setup::{Lane, Setup};
use crate::ui::components::{Animation, BadLink, Card, Held, Later, SHEET, TakeAway, is_text, undo_by_keys};
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::optimizers::{Charts, Controls, Ground, Network, Numbers, Racers, Track, surface_name};
use crate::ui::routes::Route;
use crate::ui::scene::Scene;
use crate::ui::sheet::sheet;
use crate::ui::translations::text;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The page.
#[component]
pub fn OptimizersPage() -> impl IntoView {
    let i18n = use_i18n();
    let track = Track::open();
    let code = Signal::derive(move || to_python(&track.state.read()));
    // Typing is undone by the browser.
    let is_typing = StoredValue::new(false);
    let on_key = move |event: KeyboardEvent| {
        undo_by_keys(|is_back| track.travel(is_back), is_typing.get_value(), &event);
    };
    view! {
        <article
            class="page"
            on:keydown=on_key
            on:input=move |event| is_typing.set_value(is_text(&event))
            on:change=move |_| is_typing.set_value(false)
        >
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, optimizers.title)}</h1>
                <p class="lead for-site">{t!(i18n, optimizers.lead)}</p>
                <p><a href=Route::Training.href()>{t!(i18n, optimizers.back)}</a></p>
            </header>
            <BadLink read=|query| Setup::from_query(query).1.join(", ") />
            <div class="bench">
                <div class="stack">
                    <Card title=text!(i18n, optimizers.stage.title)>
                        <Ground track />
                    </Card>
                    <Later>
                        <Held name="numbers">
                            <Card title=text!(i18n, optimizers.numbers.title)>
                                <Numbers track />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="charts">
                            <Card title=text!(i18n, optimizers.charts.title)>
                                <Charts track />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="take">
                            <Card title=text!(i18n, optimizers.take.title)>
                                <TakeAway
                                    name="optimizers"
                                    title=text!(i18n, optimizers.take.picture)
                                    pictures=move |()| pictures_at(i18n, track, track.step.get_untracked())
                                    csv=move |()| to_csv(&track.state.read_untracked())
                                    code=code
                                    animation=film(i18n, track)
                                />
                            </Card>
                        </Held>
                    </Later>
                </div>
                <div class="stack">
                    <Later>
                        <Card title=text!(i18n, optimizers.surface.title)>
                            <Controls track />
                        </Card>
                    </Later>
                    <Later>
                        <Held name="racers">
                            <Card title=text!(i18n, optimizers.racers.title)>
                                <Racers track lane=Lane::Surface />
                            </Card>
                        </Held>
                    </Later>
                </div>
            </div>
            <Later>
                <Held name="networks">
                    <Card title=text!(i18n, optimizers.network.title)>
                        <Network track />
                    </Card>
                </Held>
            </Later>
            <Later>
                <section class="section for-site" aria-labelledby="optimizers-notes">
                    <h2 id="optimizers-notes">{t!(i18n, optimizers.notes.title)}</h2>
                    <div class="columns">
                        <p>{t!(i18n, optimizers.notes.momentum)}</p>
                        <p>{t!(i18n, optimizers.notes.adaptive)}</p>
                        <p>{t!(i18n, optimizers.notes.centralization)}</p>
                    </div>
                </section>
            </Later>
        </article>
    }
}

/// The picture after so many steps, for a file.
fn pictures_at(i18n: I18nContext<Locale>, track: Track, step: usize) -> Vec<(String, Scene)> {
    let (state, language) = (track.state.get_untracked(), track.shell.language.get_untracked());
    let step = step.min(state.setup.steps);
    let chosen = untrack(|| track.racer());
    let surface = surface_name(i18n, &state.setup);
    let caption = t_string!(i18n, optimizers.take.caption, surface, step).to_string();
    vec![(caption, race_scene(&state, step, chosen, language, SHEET))]
}

/// The whole race.
fn film(i18n: I18nContext<Locale>, track: Track) -> Animation {
    Animation {
        count: Signal::derive(move || track.setup.read().steps + 1),
        frame: Callback::new(move |step| sheet(&pictures_at(i18n, track, step), SHEET)),
    }
}
