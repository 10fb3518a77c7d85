//! How weights and activations change over the epochs.

use leptos::prelude::*;

use super::ridges::{HistogramsOf, ridges};
use crate::ui::components::{Card, Later, Segmented};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::TrainingState;
use crate::ui::translations::text;
use crate::ui::widgets::histogram_ridges::{HistogramRidges, RidgesState};

const WEIGHTS: &str = "weights";
const ACTIVATIONS: &str = "activations";

/// The card; it is there when histograms are measured.
#[component]
pub fn HistogramsPanel() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let of = RwSignal::new(HistogramsOf::default());
    // The state changes with every batch, its histograms once an epoch.
    let last = Memo::new(move |_| {
        let last = run.read(|state| state.history().curves.histograms.last().map(|event| event.epochs));
        (run.read(TrainingState::run), last)
    });
    let all = Memo::new(move |_| {
        last.with(|_| ());
        run.read_untracked(|state| {
            // One before the first epoch.
            let planned = state.plan().epochs.saturating_sub(state.plan().first_epoch) + 1;
            ridges(&state.history().curves.histograms, of.get(), planned)
        })
    });
    let is_there = Memo::new(move |_| run.watch.read().histograms || last.get().1.is_some());
    let is_empty = move || all.read().is_empty();
    let names = move || all.get().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let one = move |name: String| {
        let own = name.clone();
        let state = Signal::derive(move || {
            let all = all.read();
            all.iter()
                .find(|(name, _)| *name == own)
                .map_or_else(RidgesState::default, |(_, state)| state.clone())
        });
        // There may be a hundred of them, which all come with the first histograms.
        view! {
            <Later>
                <HistogramRidges state=state name=name.clone() />
            </Later>
        }
    };
    let choices = Signal::derive(move || {
        vec![
            (WEIGHTS.to_owned(), t_string!(i18n, curves.histograms.weights).to_string()),
            (ACTIVATIONS.to_owned(), t_string!(i18n, curves.histograms.activations).to_string()),
        ]
    });
    let chosen = move || match of.get() {
        HistogramsOf::Weights => WEIGHTS.to_owned(),
        HistogramsOf::Activations => ACTIVATIONS.to_owned(),
    };
    let choose = move |text: String| {
        of.set(if text == ACTIVATIONS { HistogramsOf::Activations } else { HistogramsOf::Weights });
    };
    view! {
        <Show when=move || is_there.get()>
            <Card title=text!(i18n, curves.histograms.title)>
                <p class="note">{t!(i18n, curves.histograms.note)}</p>
                <Segmented
                    label=text!(i18n, curves.histograms.of)
                    choices=choices
                    value=Signal::derive(chosen)
                    on_change=choose
                />
                <p class="note" hidden=move || !is_empty()>{t!(i18n, curves.histograms.empty)}</p>
                <div class="curves__histograms">
                    <For each=names key=|name| name.clone() children=one />
                </div>
            </Card>
        </Show>
    }
}
