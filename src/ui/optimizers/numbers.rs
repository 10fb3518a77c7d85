//! What every racer is at, and what the chosen one remembers, as tables.

use leptos::prelude::*;

use super::Track;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::optimizers::{Moment, Trace};
use crate::ui::widgets::line_chart::value_text;
use leptos_i18n::I18nContext;

/// Rows of the second table, at most.
const ROWS: usize = 12;

/// Both tables.
#[component]
pub fn Numbers(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    // Hundreds of cells are made anew once the racers rest.
    let settled = Memo::new(move |before: Option<&usize>| match before {
        Some(before) if track.playing.get() => *before,
        _ => track.at(),
    });
    let now = move || t_string!(i18n, optimizers.numbers.now, step = settled.get()).to_string();
    let name = Memo::new(move |_| track.setup.read().label(track.racer()));
    let own = move || t_string!(i18n, optimizers.numbers.own, name = name.get()).to_string();
    let has_corrections = Memo::new(move |_| {
        let state = track.state.read();
        let trace = state.trace(track.racer());
        trace
            .is_some_and(|trace| trace.moment(1).step.as_ref().is_some_and(|step| step.corrections.is_some()))
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=now data-testid="race-now">
            <table class="table race__numbers">
                <caption>{now}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, optimizers.numbers.racer)}</th>
                        <th scope="col">"x"</th>
                        <th scope="col">"y"</th>
                        <th scope="col">{t!(i18n, optimizers.numbers.value)}</th>
                        <th scope="col">{t!(i18n, optimizers.numbers.distance)}</th>
                        <th scope="col">{t!(i18n, optimizers.numbers.gradient)}</th>
                        <th scope="col">{t!(i18n, optimizers.numbers.update)}</th>
                        <th scope="col">{t!(i18n, optimizers.numbers.rate)}</th>
                    </tr>
                </thead>
                <tbody>{move || all(track, settled.get())}</tbody>
            </table>
        </div>
        <div class="table-scroll" tabindex="0" role="region" aria-label=own data-testid="race-own">
            <table class="table race__numbers">
                <caption>
                    {own} ". " {t!(i18n, optimizers.numbers.own_hint, rows = ROWS)}
                </caption>
                {move || memory(i18n, track, settled.get())}
            </table>
        </div>
        <p class="note" hidden=move || !has_corrections.get()>{t!(i18n, optimizers.numbers.correction_hint)}</p>
    }
}

/// Two numbers side by side.
fn pair(language: Language, numbers: [f32; 2]) -> String {
    let [a, b] = numbers.map(|number| value_text(number.into(), language));
    format!("{a}; {b}")
}

fn all(track: Track, step: usize) -> Vec<AnyView> {
    let (state, language, chosen) = (track.state.read(), track.shell.language.get(), track.racer());
    let row = |(racer, trace): (usize, &Trace)| {
        let moment = trace.moment(step);
        let Moment { at: [x, y], value, gradient, step: led } = moment;
        let numbers = [f64::from(*x), f64::from(*y), f64::from(*value), state.distance(moment)];
        let led = led.as_ref();
        let mut cells: Vec<String> = numbers.into_iter().map(|number| value_text(number, language)).collect();
        cells.push(pair(language, *gradient));
        cells.push(led.map_or("–".to_owned(), |led| pair(language, led.update)));
        cells.push(led.map_or("–".to_owned(), |led| language.short(led.learning_rate.into(), 8)));
        let cells = cells.into_iter().map(|text| view! { <td>{text}</td> }).collect_view();
        let name = state.setup.label(racer);
        view! {
            <tr class:race__chosen-row={racer == chosen}>
                <th scope="row" lang="en">{name}</th>
                {cells}
            </tr>
        }
        .into_any()
    };
    state.running().map(row).collect()
}

/// The chosen racer's last steps with all that its optimizer keeps.
fn memory(i18n: I18nContext<Locale>, track: Track, to: usize) -> Option<AnyView> {
    let (state, language, racer) = (track.state.read(), track.shell.language.get(), track.racer());
    let trace = state.trace(racer)?;
    let last = to.min(trace.moments.len() - 1);
    // What is kept is the same after every step; at the start there is nothing yet.
    let kept = trace.moment(1).step.as_ref()?;
    let slots: Vec<&'static str> = kept.slots.iter().map(|(name, _)| *name).collect();
    let has_corrections = kept.corrections.is_some();
    let code = |name: &'static str| view! { <th scope="col"><code lang="en">{name}</code></th> };
    let heads = slots.iter().copied().map(code).collect_view();
    let corrections = has_corrections.then(|| {
        view! {
            <th scope="col">{t!(i18n, optimizers.numbers.correction_1)}</th>
            <th scope="col">{t!(i18n, optimizers.numbers.correction_2)}</th>
        }
    });
    let row = |step: usize| {
        let Moment { at, value, gradient, step: led } = &trace.moments[step];
        let mut cells =
            vec![pair(language, *at), value_text(f64::from(*value), language), pair(language, *gradient)];
        match led {
            None => cells.extend(vec!["–".to_owned(); 2 + slots.len() + 2 * usize::from(has_corrections)]),
            Some(led) => {
                cells.push(pair(language, led.update));
                cells.push(language.short(led.learning_rate.into(), 8));
                cells.extend(led.slots.iter().map(|(_, values)| {
                    let numbers = values.iter().map(|number| value_text(f64::from(*number), language));
                    numbers.collect::<Vec<_>>().join("; ")
                }));
                cells.extend(led.corrections.iter().flatten().map(|number| language.short(*number, 6)));
            }
        }
        let cells = cells.into_iter().map(|text| view! { <td>{text}</td> }).collect_view();
        view! { <tr><th scope="row">{step}</th>{cells}</tr> }
    };
    let rows = ((last + 1).saturating_sub(ROWS)..=last).map(row).collect_view();
    Some(
        view! {
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, optimizers.numbers.step)}</th>
                    <th scope="col">"x; y"</th>
                    <th scope="col">{t!(i18n, optimizers.numbers.value)}</th>
                    <th scope="col">{t!(i18n, optimizers.numbers.gradient)}</th>
                    <th scope="col">{t!(i18n, optimizers.numbers.update)}</th>
                    <th scope="col">{t!(i18n, optimizers.numbers.rate)}</th>
                    {heads}
                    {corrections}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        }
        .into_any(),
    )
}
