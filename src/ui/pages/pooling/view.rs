//! The page: settings, the window on its way, the arithmetic, the formula, and what to take along.

use super::code::{to_csv, to_python};
use super::scene::{Part, hit, part_scene};
use super::setup::{PoolKind, PoolSetup};
use super::state::PoolState;
use crate::ui::components::{
    Animation, BadLink, Card, Guess, Held, Later, SHEET, Stage, StagePart, TakeAway, WalkKeys, WalkPlayer,
    once_quiet,
};
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::pooling::{Arithmetic, Controls, Fault, Formula, Lesson, Numbers, sentence};
use crate::ui::scene::Scene;
use crate::ui::sheet::sheet;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::GridTable;
use crate::ui::widgets::sliding_filter::Known;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The page.
#[component]
pub fn PoolingPage() -> impl IntoView {
    let i18n = use_i18n();
    let lesson = Lesson::open();
    let code = Signal::derive(move || to_python(&lesson.state.read()));
    let animation = film(lesson);
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, pooling.title)}</h1>
                <p class="lead for-site">{t!(i18n, pooling.lead)}</p>
            </header>
            <BadLink read=|query| PoolSetup::from_query(query).1.join(", ") />
            <div class="bench">
                <div class="stack">
                    <Card title=text!(i18n, pooling.stage.title)>
                        <Controls lesson />
                        <Fault lesson />
                        <Show when=move || lesson.works.get()>
                            <Pictures lesson />
                        </Show>
                    </Card>
                    <Later>
                        <Show when=move || lesson.works.get()>
                            <Held name="take">
                                <Card title=text!(i18n, pooling.take.title)>
                                    <Show
                                        when=move || !lesson.is_guessing.get() || lesson.asked().is_none()
                                        fallback=move || view! { <p>{t!(i18n, pooling.take.later)}</p> }
                                    >
                                        <TakeAway
                                            name="pooling"
                                            title=text!(i18n, pooling.take.picture)
                                            pictures=move |()| pictures(lesson)
                                            csv=move |()| to_csv(&lesson.state.read_untracked())
                                            code=code
                                            animation=animation
                                        />
                                    </Show>
                                </Card>
                            </Held>
                        </Show>
                    </Later>
                </div>
                <div class="stack">
                    <Later>
                        <Held name="input">
                            <Card title=text!(i18n, pooling.input.title)>
                                <Numbers lesson />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Show when=move || lesson.works.get()>
                            <Held name="formula">
                                <Card title=text!(i18n, pooling.formula.title)>
                                    <Formula lesson />
                                </Card>
                            </Held>
                        </Show>
                    </Later>
                </div>
            </div>
            <Later>
                <section class="section for-site" aria-labelledby="pooling-notes">
                    <h2 id="pooling-notes">{t!(i18n, pooling.notes.title)}</h2>
                    <div class="columns">
                        <p>{t!(i18n, pooling.notes.why)}</p>
                        <p>{t!(i18n, pooling.notes.gradient)}</p>
                        <p>{t!(i18n, pooling.notes.padding)}</p>
                    </div>
                </section>
            </Later>
        </article>
    }
}

/// The three pictures with player and arithmetic.
#[component]
fn Pictures(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let walk = lesson.walk;
    let on_move = once_quiet(move || lesson.keep());
    let say = move |()| {
        let at = walk.position.get_untracked();
        sentence(&lesson.state.read_untracked(), &untrack(|| lesson.known(at)), at)
    };
    let tables = move || {
        let summary = move |part| match part {
            Part::Input => text!(i18n, pooling.stage.table_input),
            Part::Output => text!(i18n, pooling.stage.table_output),
            Part::Gradient => text!(i18n, pooling.stage.table_gradient),
        };
        let grid = move |part| {
            Signal::derive(move || {
                let (state, at) = (lesson.state.read(), walk.settled());
                let known = lesson.known(at);
                match part {
                    Part::Input => state.grid.clone(),
                    Part::Output if lesson.is_guessing.get() => state.shown(&known, at),
                    Part::Output => state.output.clone(),
                    Part::Gradient => state.gradient_of(|idx| known.has(idx, at)),
                }
            })
        };
        let table = |part| view! { <GridTable summary=summary(part) grid=grid(part) decimals=3 /> };
        PARTS.map(table).into_iter().collect_view()
    };
    view! {
        <Stage walk label=text!(i18n, pooling.stage.keys) say=say on_move=on_move>
            <PartPicture lesson part=Part::Input on_move />
            <PartPicture lesson part=Part::Output on_move />
            <PartPicture lesson part=Part::Gradient on_move />
        </Stage>
        <WalkPlayer walk on_move=on_move />
        <NextGuess lesson on_move />
        <Arithmetic lesson />
        <div class="hints">
            <p>
                <Show when=move || lesson.state.read().setup.kind == PoolKind::Max>
                    {t!(i18n, pooling.stage.winner)} " "
                </Show>
                {t!(i18n, pooling.stage.marks)}
            </p>
            <WalkKeys />
        </div>
        <div>{tables}</div>
    }
}

/// Asks for the number under the window, or for the next that was not guessed.
#[component]
fn NextGuess(lesson: Lesson, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let question = Signal::derive(move || {
        let (row, col) = lesson.state.read().place(lesson.asked()?);
        Some(t_string!(i18n, pooling.guess.question, row = row + 1, col = col + 1).to_string())
    });
    let truth = move |()| {
        let state = lesson.state.read_untracked();
        let asked = untrack(|| lesson.asked()).and_then(|idx| state.output.values.get(idx));
        asked.map_or(f64::NAN, |value| f64::from(*value))
    };
    let on_answer = move |()| {
        lesson.reveal();
        on_move.run(());
    };
    view! { <Guess question=question truth=truth on_answer=on_answer is_on=lesson.is_guessing /> }
}

const PARTS: [Part; 3] = [Part::Input, Part::Output, Part::Gradient];

#[component]
fn PartPicture(lesson: Lesson, part: Part, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let (language, walk) = (lesson.shell.language, lesson.walk);
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        let state = lesson.state.read();
        part_scene(part, &state, &lesson.known(walk.reached()), walk.current(), language.get(), at_hand)
    };
    let on_pointer = walk
        .follow(on_move, move |point| hit(part, &lesson.state.read_untracked(), point, width.get_value()));
    let caption = Signal::derive(move || caption(i18n, &lesson.state.read(), part));
    let sentence = Signal::derive(move || {
        let state = lesson.state.get();
        let at = walk.settled();
        sentence(&state, &lesson.known(at), at)
    });
    view! { <StagePart caption sentence width scene=scene on_pointer=on_pointer /> }
}

fn caption(i18n: I18nContext<Locale>, state: &PoolState, part: Part) -> String {
    let (rows, cols) = (state.grid.rows, state.grid.cols);
    match part {
        Part::Input => t_string!(i18n, pooling.stage.input, rows, cols).to_string(),
        Part::Output => {
            let [rows, cols] = state.cells();
            t_string!(i18n, pooling.stage.output, rows, cols).to_string()
        }
        Part::Gradient => t_string!(i18n, pooling.stage.gradient).to_string(),
    }
}

/// The pictures as they are now, for a file.
fn pictures(lesson: Lesson) -> Vec<(String, Scene)> {
    pictures_at(use_i18n(), lesson, lesson.walk.position.get_untracked())
}

fn pictures_at(i18n: I18nContext<Locale>, lesson: Lesson, position: usize) -> Vec<(String, Scene)> {
    let state = lesson.state.get_untracked();
    let at = position.min(state.output.values.len().saturating_sub(1));
    let language = lesson.shell.language.get_untracked();
    // Files are offered when nothing is left to guess.
    let known = Known::First(at + 1);
    let picture = |part| (caption(i18n, &state, part), part_scene(part, &state, &known, at, language, 340.0));
    PARTS.map(picture).to_vec()
}

/// The whole walk.
fn film(lesson: Lesson) -> Animation {
    let i18n = use_i18n();
    Animation {
        count: Signal::derive(move || lesson.state.read().output.values.len()),
        frame: Callback::new(move |position| sheet(&pictures_at(i18n, lesson, position), SHEET)),
    }
}
