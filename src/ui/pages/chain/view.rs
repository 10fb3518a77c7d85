//! The page: the maps level by level, the stack, the fields of view, and what to take along.

use super::code::{to_csv, to_python};
use super::scene::{hit, map_scene};
use super::setup::{ChainSetup, Look};
use crate::ui::chain::{Desk, Fault, Fields, LinkNote, MissingNetwork, Stack, level_name, sentence};
use crate::ui::components::{
    Animation, BadLink, Card, Held, Later, PointerHit, SHEET, Select, Stage, StagePart, TakeAway, WalkKeys,
    WalkPlayer, is_text, once_quiet, undo_by_keys,
};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::scene::Scene;
use crate::ui::sheet::sheet;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridTable, NumberGrid};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The page.
#[component]
pub fn ChainPage() -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::open();
    let code = Signal::derive(move || {
        to_python(&desk.state.read()).unwrap_or_else(|| t_string!(i18n, chain.no_code).to_string())
    });
    // Typing is undone by the browser.
    let is_typing = StoredValue::new(false);
    view! {
        <article
            class="page"
            on:keydown=move |event| {
                undo_by_keys(|is_back| desk.travel(is_back), is_typing.get_value(), &event);
            }
            on:input=move |event| is_typing.set_value(is_text(&event))
            on:change=move |_| is_typing.set_value(false)
            on:focusin=move |_| is_typing.set_value(false)
        >
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, chain.title)}</h1>
                <p class="lead for-site">{t!(i18n, chain.lead)}</p>
            </header>
            <BadLink read=|query| ChainSetup::from_query(query).1.join(", ") />
            <div class="bench">
                <div class="stack">
                    <Card title=text!(i18n, chain.stage.title)>
                        <MissingNetwork desk />
                        <Fault desk />
                        <Maps desk />
                    </Card>
                    <Later>
                        <Held name="table">
                            <Card title=text!(i18n, chain.table.title)>
                                <Fields desk />
                            </Card>
                        </Held>
                    </Later>
                    <Later>
                        <Held name="take">
                            <Card title=text!(i18n, pooling.take.title)>
                                <TakeAway
                                    name="chain"
                                    title=text!(i18n, chain.stage.title)
                                    pictures=move |()| pictures(desk)
                                    csv=move |()| to_csv(&desk.state.read_untracked())
                                    code=code
                                    animation=film(desk)
                                />
                                <LinkNote desk />
                            </Card>
                        </Held>
                    </Later>
                </div>
                <Later>
                    <div class="stack chain-settings">
                        <Card title=text!(i18n, chain.stack.title)>
                            <Stack desk />
                        </Card>
                    </div>
                </Later>
            </div>
            <Later>
                <section class="section for-site" aria-labelledby="chain-notes">
                    <h2 id="chain-notes">{t!(i18n, pooling.notes.title)}</h2>
                    <div class="columns">
                        <p>{t!(i18n, chain.notes.grows)}</p>
                        <p>{t!(i18n, chain.notes.mixes)}</p>
                        <p>{t!(i18n, chain.notes.border)}</p>
                    </div>
                </section>
            </Later>
        </article>
    }
}

/// Every level's maps, the player, and the sentence.
#[component]
fn Maps(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = desk.shell.language;
    let on_move = once_quiet(move || desk.keep());
    let walk = desk.walk;
    let say = move |()| sentence(&desk.state.read_untracked(), untrack(|| desk.settled()));
    let on_other_key = move |key: String| {
        let (level, channel) = untrack(|| (desk.settled().level, desk.settled().channel));
        match key.as_str() {
            "PageUp" => desk.go_to(level.saturating_sub(1), channel),
            "PageDown" => desk.go_to(level + 1, channel),
            "," => desk.go_to(level, channel.saturating_sub(1)),
            "." => desk.go_to(level, channel + 1),
            _ => return false,
        }
        desk.shell.announce(say(()));
        on_move.run(());
        true
    };
    // Figures are made anew only when levels come or go.
    let num_levels = Memo::new(move |_| desk.state.read().maps.len());
    let levels =
        move || (0..num_levels.get()).map(|level| view! { <Level desk level on_move /> }).collect_view();
    let words = move || {
        language.track();
        sentence(&desk.state.read(), desk.look())
    };
    let level_choices = Signal::derive(move || {
        let (state, locale) = (desk.state.read(), locale_of(language.get()));
        (0..state.maps.len()).map(|level| (level.to_string(), level_name(&state, level, locale))).collect()
    });
    let map_choices = Signal::derive(move || {
        let state = desk.state.read();
        let channels = state.maps[desk.settled().level].shape[2];
        (0..channels).map(|channel| (channel.to_string(), (channel + 1).to_string())).collect()
    });
    let go = move |level: Option<usize>, channel: Option<usize>| {
        let now = untrack(|| desk.settled());
        desk.go_to(level.unwrap_or(now.level), channel.unwrap_or(now.channel));
        on_move.run(());
    };
    let grid = Signal::derive(move || {
        let state = desk.state.read();
        let look = desk.settled();
        let map = &state.maps[look.level];
        NumberGrid::new(map.shape[1], map.channel(look.channel))
    });
    view! {
        <Stage
            walk
            label=text!(i18n, chain.stage.keys)
            say=say
            on_move=on_move
            on_other_key=on_other_key
            class="stage--levels"
        >
            {levels}
        </Stage>
        <p class="pooling__sentence" data-testid="chain-sentence"><strong>{words}</strong></p>
        <div class="fields">
            <Select
                label=text!(i18n, chain.stage.level)
                choices=level_choices
                value=Signal::derive(move || desk.settled().level.to_string())
                on_change=move |text: String| go(text.parse().ok(), None)
            />
            <Select
                label=text!(i18n, chain.stage.map)
                choices=map_choices
                value=Signal::derive(move || desk.settled().channel.to_string())
                on_change=move |text: String| go(None, text.parse().ok())
            />
        </div>
        <WalkPlayer walk on_move=on_move />
        <div class="hints">
            <p>{t!(i18n, chain.stage.hint)}</p>
            <WalkKeys />
            <p>
                <kbd>"PageUp"</kbd> " " <kbd>"PageDown"</kbd> " " {t!(i18n, chain.stage.key_level)} "; "
                <kbd>","</kbd> " " <kbd>"."</kbd> " " {t!(i18n, chain.stage.key_map)}
            </p>
        </div>
        <GridTable summary=text!(i18n, chain.stage.as_table) grid=grid decimals=3 />
    }
}

#[component]
fn Level(desk: Desk, level: usize, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let language = desk.shell.language;
    let width = StoredValue::new(0.0);
    // A figure may live a moment longer than its level.
    let level_now = move || level.min(desk.state.read().maps.len() - 1);
    let scene =
        move |at_hand: f64| map_scene(&desk.state.read(), level_now(), desk.look(), language.get(), at_hand);
    let on_pointer = move |event| {
        let PointerHit::Press(point) = event else { return };
        let state = desk.state.get_untracked();
        let Some(map) = state.maps.get(level) else { return };
        if let Some(cell) = hit(map, point, width.get_value()) {
            desk.pick(Look { level, channel: cell.channel, cell: cell.cell });
            on_move.run(());
        }
    };
    let caption = Signal::derive(move || caption(i18n, desk, level_now()));
    let sentence = Signal::derive(move || sentence(&desk.state.read(), desk.settled()));
    view! { <StagePart caption sentence width scene=scene on_pointer=on_pointer /> }
}

fn caption(i18n: I18nContext<Locale>, desk: Desk, level: usize) -> String {
    let state = desk.state.read();
    let [rows, cols, maps] = state.maps[level].shape;
    let name = level_name(&state, level, locale_of(desk.shell.language.get()));
    t_string!(i18n, chain.level.caption, name, rows, cols, count = maps).to_string()
}

/// The pictures as they are now, for a file.
fn pictures(desk: Desk) -> Vec<(String, Scene)> {
    pictures_at(use_i18n(), desk, untrack(|| desk.settled()), 520.0)
}

fn pictures_at(i18n: I18nContext<Locale>, desk: Desk, look: Look, width: f64) -> Vec<(String, Scene)> {
    untrack(|| {
        let state = desk.state.get();
        let look = look.within(&state.shapes());
        let picture = |level| {
            let scene = map_scene(&state, level, look, desk.shell.language.get(), width);
            (caption(i18n, desk, level), scene)
        };
        (0..state.maps.len()).map(picture).collect()
    })
}

/// The walk through the map that is looked at.
fn film(desk: Desk) -> Animation {
    let i18n = use_i18n();
    let frame = move |cell| {
        let (level, channel) = (desk.level.get_untracked(), desk.channel.get_untracked());
        sheet(&pictures_at(i18n, desk, Look { level, channel, cell }, 340.0), SHEET)
    };
    let count = Signal::derive(move || {
        let state = desk.state.read();
        let [rows, cols, _] = state.maps[desk.level.get().min(state.maps.len() - 1)].shape;
        rows * cols
    });
    Animation { count, frame: Callback::new(frame) }
}
