//! How one callback stands: what it remembers and what it has done.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::record::{Record, Track};
use super::scene::{Rates, rate_scene};
use super::schedule;
use crate::engine::callbacks::{
    CallbackAction, CallbackSpec, CallbackState, Direction, EarlyStoppingState, ModelCheckpointState,
    ReduceLrOnPlateauState,
};
use crate::engine::event::Monitor;
use crate::ui::components::{AsTable, Picture, Table};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::runs::{CallbackFiles, FileActions, FilesHint};
use crate::ui::training::{Words, words};

/// A name and its value.
type Fact = (String, String);

/// Facts, files and lines of one callback. `epochs` is how many the run was planned for, `rate` the
/// learning rate it began with, `run` the id of the kept run, if there is one.
#[component]
pub fn CallbackStand(
    position: usize,
    #[prop(into)] spec: Signal<CallbackSpec>,
    #[prop(into)] record: Signal<Arc<Record>>,
    #[prop(into)] epochs: Signal<usize>,
    #[prop(into)] rate: Signal<f64>,
    #[prop(optional, into)] run: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| record.read().state(position).cloned());
    let track = Memo::new(move |_| record.read().track(position).cloned().unwrap_or_default());
    let facts = move || {
        let text = StandText { i18n, words: words(i18n) };
        let facts = text.facts(&spec.read(), state.read().as_ref(), &track.read());
        let fact = |(name, value): Fact| view! { <dt>{name}</dt> <dd>{value}</dd> };
        (!facts.is_empty())
            .then(|| view! { <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl> })
    };
    let waiting = move || match state.get() {
        Some(CallbackState::EarlyStopping(state)) => Some(dots(state.wait, state.patience)),
        Some(CallbackState::ReduceLrOnPlateau(state)) => Some(dots(state.wait, state.patience)),
        _ => None,
    };
    let last = move || {
        let track = track.read();
        let (epoch, action) = track.actions.back()?;
        Some(deed(i18n, *epoch, action, &spec.read()))
    };
    view! {
        <div class="callback-stand">
            {waiting}
            {facts}
            {move || staircase(i18n, &spec.read(), &track.read(), epochs.get(), rate.get())}
            <Shelf spec state track run />
            <CallbackFiles id=run callback=position />
            {move || lines(&track.read())}
            <p class="callback-stand__last">{last}</p>
        </div>
    }
}

/// What a callback did, with the epoch (from 0) that it belongs to.
pub(super) fn deed(
    i18n: I18nContext<Locale>,
    epoch: usize,
    action: &CallbackAction,
    spec: &CallbackSpec,
) -> String {
    let sentence = words(i18n).action(action, Some(spec));
    if action.is_of_train_end() {
        t_string!(i18n, callbacks.stand.at_end, sentence).to_string()
    } else {
        t_string!(i18n, callbacks.stand.last, epoch = epoch + 1, sentence).to_string()
    }
}

/// One square for every epoch of patience, full for those that are used up.
fn dots(wait: usize, patience: usize) -> impl IntoView {
    // More of them say no more.
    const MOST: usize = 24;
    let count = patience.max(1);
    (count <= MOST).then(|| {
        let dot = |idx| {
            let is_full = idx < wait;
            view! { <span class="callback-stand__dot" class:callback-stand__dot--full=is_full></span> }
        };
        view! { <div class="callback-stand__dots" aria-hidden="true">{(0..count).map(dot).collect_view()}</div> }
    })
}

fn staircase(
    i18n: I18nContext<Locale>,
    spec: &CallbackSpec,
    track: &Track,
    epochs: usize,
    rate: f64,
) -> Option<AnyView> {
    let planned = match spec {
        CallbackSpec::LearningRateScheduler(own) if spec.validate(&super::rehearsal_context()).is_ok() => {
            schedule::course(&own.schedule, rate, epochs)
        }
        CallbackSpec::ReduceLrOnPlateau(_) if !track.rates.is_empty() => Vec::new(),
        _ => return None,
    };
    let rates = Arc::new(Rates { done: track.rates.clone(), planned, epochs });
    let language = shell().language;
    let now = words(i18n).rate(track.rates.last().map_or(rate, |(_, rate)| *rate));
    let label = t_string!(i18n, callbacks.stand.staircase, now).to_string();
    let listed = Arc::clone(&rates);
    let title = label.clone();
    let picture = view! {
        <Picture scene=move |width| rate_scene(&rates, language.get(), width) label=label />
        <AsTable title=Signal::stored(title) table=move |()| rate_table(i18n, &listed) />
    };
    Some(picture.into_any())
}

/// The staircase's numbers: the rate of every epoch, and the one that was planned for it.
fn rate_table(i18n: I18nContext<Locale>, rates: &Rates) -> Table {
    let words = words(i18n);
    let done = |epoch| rates.done.iter().find(|(at, _)| *at == epoch).map(|(_, rate)| *rate);
    let last = rates.done.last().map_or(0, |(epoch, _)| epoch + 1);
    let text = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| words.rate(rate));
    let is_planned = !rates.planned.is_empty();
    let row = |epoch: usize| {
        let mut cells = vec![words.language.count(epoch + 1), text(done(epoch))];
        cells.extend(is_planned.then(|| text(rates.planned.get(epoch).copied())));
        cells
    };
    let mut heads = vec![
        t_string!(i18n, callbacks.paper.epoch).to_string(),
        t_string!(i18n, callbacks.stand.rate_done).to_string(),
    ];
    heads.extend(is_planned.then(|| t_string!(i18n, callbacks.stand.rate_planned).to_string()));
    Table { heads, rows: (0..rates.planned.len().max(last)).map(row).collect() }
}

/// The files of `ModelCheckpoint`, the newest first; with a run each can be opened and saved to disk.
#[component]
fn Shelf(
    spec: Signal<CallbackSpec>,
    state: Memo<Option<CallbackState>>,
    track: Memo<Track>,
    #[prop(into)] run: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let best = Memo::new(move |_| {
        let (spec, track) = (spec.read(), track.read());
        let only_best = matches!(&*spec, CallbackSpec::ModelCheckpoint(own) if own.save_best_only);
        let at = match &*state.read() {
            // A single file that is written anew every time need not be the best of anything.
            Some(CallbackState::ModelCheckpoint(ModelCheckpointState { direction, .. }))
                if only_best || track.shelf.len() > 1 =>
            {
                track.best_file(*direction)
            }
            _ => None,
        };
        at.map(|at| track.shelf[at].path.clone())
    });
    // Only names: a file that is written over stays in its place and keeps the focus. The newest first, since
    // an old one may be scrolled for.
    let paths = Memo::new(move |_| {
        track.read().shelf.iter().rev().map(|file| file.path.clone()).collect::<Vec<String>>()
    });
    let facts = move |path: &str| {
        let (words, track, spec) = (words(i18n), track.read(), spec.read());
        let file = track.shelf.iter().find(|file| file.path == path)?;
        let mut facts = vec![t_string!(i18n, callbacks.stand.saved, epoch = file.epoch + 1).to_string()];
        if let (Some(value), Some(monitor)) = (file.value, spec.monitor()) {
            facts.push(format!("{monitor} {}", words.value(monitor, value)));
        }
        if file.times > 1 {
            let times = words.language.count(file.times);
            facts.push(t_string!(i18n, callbacks.stand.times, times).to_string());
        }
        Some(facts.join(" · "))
    };
    let file = move |path: String| {
        let name = StoredValue::new(path.clone());
        let is_best =
            Memo::new(move |_| best.read().as_ref().is_some_and(|best| name.with_value(|name| best == name)));
        let shown = path.clone();
        view! {
            <li class="callback-stand__file" class:callback-stand__file--best=is_best>
                <code lang="en">{shown}</code>
                <span class="note">{move || name.with_value(|name| facts(name))}</span>
                {move || is_best.get().then(|| view! { <strong>{t!(i18n, callbacks.stand.best_file)}</strong> })}
                <FileActions id=run path />
            </li>
        }
    };
    let forgotten = Signal::derive(move || track.read().forgotten_files);
    view! {
        <Show when=move || !paths.read().is_empty()>
            <ul
                class="callback-stand__shelf"
                tabindex="0"
                aria-label=move || t_string!(i18n, callbacks.stand.shelf).to_string()
            >
                <For each=move || paths.get() key=String::clone children=file />
            </ul>
            <Show when=move || run.read().is_some()>
                <FilesHint forgotten />
            </Show>
        </Show>
    }
}

fn lines(track: &Track) -> Option<AnyView> {
    if track.lines.is_empty() {
        return None;
    }
    let text = track.lines.iter().cloned().collect::<Vec<_>>().join("\n");
    let name = track.file.clone().unwrap_or_default();
    Some(
        view! { <pre class="callback-stand__lines" lang="en" tabindex="0" aria-label=name>{text}</pre> }
            .into_any(),
    )
}

/// Finds the words for what a callback remembers.
#[derive(Clone, Copy)]
struct StandText {
    i18n: I18nContext<Locale>,
    words: Words,
}

/// `t_string!` as a `String`.
macro_rules! say {
    ($text:expr, $($rest:tt)*) => { t_string!($text.i18n, $($rest)*).to_string() };
}

impl StandText {
    fn facts(self, spec: &CallbackSpec, state: Option<&CallbackState>, track: &Track) -> Vec<Fact> {
        match (spec, state) {
            (_, Some(CallbackState::EarlyStopping(state))) => self.early_stopping(spec, state),
            (_, Some(CallbackState::ReduceLrOnPlateau(state))) => self.plateau(spec, state, track),
            (CallbackSpec::ModelCheckpoint(_), Some(CallbackState::ModelCheckpoint(state))) => {
                self.checkpoint(spec, state, track)
            }
            (_, Some(CallbackState::TensorBoard(state))) => vec![
                (say!(self, callbacks.stand.logged), self.count(track.logged)),
                (say!(self, callbacks.stand.train_batches), self.count(state.train_batches)),
                (say!(self, callbacks.stand.test_batches), self.count(state.test_batches)),
            ],
            (_, Some(CallbackState::CsvLogger(state))) => {
                let columns = if state.columns.is_empty() {
                    say!(self, callbacks.stand.no_columns)
                } else {
                    format!("epoch, {}", state.columns.join(", "))
                };
                let file = track.file.iter().map(|file| (say!(self, callbacks.stand.file), file.clone()));
                file.chain([(say!(self, callbacks.stand.columns), columns)]).collect()
            }
            (_, Some(CallbackState::BackupAndRestore(state))) => {
                let kept = track.backup.as_ref().map_or_else(
                    || say!(self, callbacks.stand.no_backup),
                    |backup| say!(self, callbacks.stand.backup, epoch = backup.epoch + 1),
                );
                let mut facts = vec![(say!(self, callbacks.stand.kept), kept)];
                facts.extend(track.backup.iter().flat_map(|backup| {
                    [&backup.weights, &backup.metadata]
                        .map(|file| (say!(self, callbacks.stand.file), file.clone()))
                }));
                facts.extend(self.since_saved(state.batches));
                facts
            }
            (CallbackSpec::LearningRateScheduler(_), _) => {
                let rate = track.rates.last().map(|(_, rate)| self.words.rate(*rate));
                rate.map(|rate| (say!(self, callbacks.stand.rate), rate)).into_iter().collect()
            }
            (CallbackSpec::TerminateOnNan(_), _) if track.count == 0 => {
                vec![(say!(self, callbacks.stand.seen), say!(self, callbacks.stand.finite))]
            }
            _ => Vec::new(),
        }
    }

    fn count(self, count: usize) -> String {
        self.words.language.count(count)
    }

    fn wait(self, wait: usize, patience: usize) -> Fact {
        // The first epoch that is no better is always waited for.
        let (wait, patience) = (self.count(wait), self.count(patience.max(1)));
        (say!(self, callbacks.stand.wait), say!(self, callbacks.stand.wait_of, wait, patience))
    }

    fn next(self, monitor: &Monitor, direction: Direction, threshold: Option<f64>) -> Fact {
        let name = say!(self, callbacks.stand.next);
        let value = match threshold {
            None => say!(self, callbacks.stand.anything),
            Some(value) if value.is_nan() => say!(self, callbacks.stand.nothing),
            Some(value) => {
                let value = self.words.value(monitor, value);
                match direction {
                    Direction::Down => say!(self, callbacks.stand.below, value),
                    Direction::Up => say!(self, callbacks.stand.above, value),
                }
            }
        };
        (name, value)
    }

    fn early_stopping(self, spec: &CallbackSpec, state: &EarlyStoppingState) -> Vec<Fact> {
        let CallbackSpec::EarlyStopping(own) = spec else { return Vec::new() };
        let monitor = &own.monitor;
        let epoch = state.best_epoch + 1;
        let best = state.best.map_or_else(
            || say!(self, callbacks.stand.none_yet),
            |best| say!(self, callbacks.stand.best_in_epoch, value = self.words.value(monitor, best), epoch),
        );
        let weights = if state.keeps_weights {
            say!(self, callbacks.stand.weights_of, epoch)
        } else if own.restore_best_weights {
            say!(self, callbacks.stand.none_yet_or_restored)
        } else {
            say!(self, callbacks.stand.weights_not_kept)
        };
        let mut facts = vec![
            (say!(self, callbacks.stand.best), best),
            self.next(monitor, state.direction, state.threshold),
            self.wait(state.wait, state.patience),
            (say!(self, callbacks.stand.weights), weights),
        ];
        if let Some(baseline) = own.baseline {
            facts.push(("baseline".to_owned(), self.words.value(monitor, baseline)));
        }
        if let Some(epoch) = state.stopped_epoch {
            facts.push((say!(self, callbacks.stand.stopped), self.count(epoch + 1)));
        }
        facts
    }

    fn plateau(self, spec: &CallbackSpec, state: &ReduceLrOnPlateauState, track: &Track) -> Vec<Fact> {
        let Some(monitor) = spec.monitor() else { return Vec::new() };
        let best = state
            .best
            .map_or_else(|| say!(self, callbacks.stand.none_yet), |best| self.words.value(monitor, best));
        let mut facts = vec![
            (say!(self, callbacks.stand.best), best),
            self.next(monitor, state.direction, state.threshold),
            self.wait(state.wait, state.patience),
            (say!(self, callbacks.stand.cooldown), self.count(state.cooldown)),
        ];
        if let Some(rate) = track.next_rate {
            facts.push((say!(self, callbacks.stand.next_rate), self.words.rate(rate)));
        }
        facts
    }

    fn checkpoint(self, spec: &CallbackSpec, state: &ModelCheckpointState, track: &Track) -> Vec<Fact> {
        let mut facts = Vec::new();
        if let CallbackSpec::ModelCheckpoint(own) = spec
            && own.save_best_only
        {
            facts.push(self.next(&own.monitor, state.direction, state.best));
        }
        facts.push((say!(self, callbacks.stand.files), self.count(track.shelf.len())));
        facts.extend(self.since_saved(state.batches));
        facts
    }

    fn since_saved(self, batches: Option<usize>) -> Option<Fact> {
        batches.map(|batches| (say!(self, callbacks.stand.since_saved), self.count(batches)))
    }
}
