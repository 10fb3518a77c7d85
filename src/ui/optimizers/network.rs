//! The race with a real network: what is trained, by whom, and what comes of it.

use leptos::prelude::*;

use super::relay::NetworkRace;
use super::results::Results;
use super::{Lane, Racers, Track};
use crate::data::DatasetId;
use crate::engine::presets::Preset;
use crate::ui::components::{Bounds, Icon, IconMark, NumberField, Segmented, Select};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::optimizers::NetworkSetup;
use crate::ui::pages::training::{default_job, problems};
use crate::ui::training::words;
use crate::ui::translations::text;

/// A network that was built.
const OWN: &str = "own";

/// All of it.
#[component]
pub fn Network(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let race = NetworkRace::open();
    view! {
        <p>{t!(i18n, optimizers.network.fair)}</p>
        <Settings track />
        <Racers track lane=Lane::Network />
        <StartStop track race />
        <Results race />
    }
}

/// Network, images, epochs, batches and seed.
#[component]
fn Settings(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let network = Memo::new(move |_| track.setup.read().network.clone());
    let edit = move |change: &dyn Fn(&mut NetworkSetup)| track.edit(|setup| change(&mut setup.network));
    let models = Signal::derive(move || {
        let named = |preset: Preset| (preset.id().to_owned(), words(i18n).preset(preset));
        let mut all: Vec<_> = Preset::ALL.into_iter().map(named).collect();
        if network.read().preset().is_none() {
            all.push((OWN.to_owned(), t_string!(i18n, optimizers.network.own).to_string()));
        }
        all
    });
    let model = Signal::derive(move || network.read().preset().map_or(OWN, Preset::id).to_owned());
    let choose_model = move |id: String| {
        if let Some(preset) = Preset::from_id(&id) {
            edit(&|network| network.job.model = preset.spec());
        }
    };
    let datasets = Signal::stored(
        DatasetId::ALL.map(|dataset| (dataset.folder().to_owned(), dataset.title().to_owned())).to_vec(),
    );
    let choose_dataset = move |name: String| {
        if let Ok(dataset) = name.parse::<DatasetId>() {
            edit(&|network| {
                network.job.data.dataset = dataset;
                network.job.data.class_counts = None;
            });
        }
    };
    let draft = laboratory().draft;
    let take = move |_| {
        let job = draft.get_value().unwrap_or_else(default_job);
        edit(&|network| network.take(job.clone()));
    };
    let whole = |min: usize, max: usize, step| Bounds { min: min as f64, max: max as f64, step, decimals: 0 };
    let number = move |read: fn(&NetworkSetup) -> f64| Signal::derive(move || read(&network.read()));
    view! {
        <div class="fields">
            <Select
                label=text!(i18n, optimizers.network.model)
                choices=models
                value=model
                on_change=choose_model
            />
            <Segmented
                label=text!(i18n, optimizers.network.dataset)
                choices=datasets
                value=Signal::derive(move || network.read().job.data.dataset.folder().to_owned())
                on_change=choose_dataset
            />
        </div>
        <div class="fields fields--small">
            <NumberField
                label=text!(i18n, optimizers.network.samples)
                value=number(|network| network.job.data.samples as f64)
                bounds=whole(60, NetworkSetup::MAX_SAMPLES, 600.0)
                on_change=move |it: f64| edit(&|network| network.set_samples(it as usize))
            />
            <NumberField
                label=text!(i18n, optimizers.network.epochs)
                value=number(|network| network.job.fit.epochs as f64)
                bounds=whole(1, NetworkSetup::MAX_EPOCHS, 1.0)
                on_change=move |it: f64| edit(&|network| network.job.fit.epochs = it as usize)
            />
            <NumberField
                label=text!(i18n, optimizers.network.batch_size)
                value=number(|network| network.job.fit.batch_size as f64)
                bounds=whole(1, 1024, 16.0)
                on_change=move |it: f64| edit(&|network| network.job.fit.batch_size = it as usize)
            />
            <NumberField
                label=text!(i18n, optimizers.network.seed)
                value=number(|network| network.job.seed as f64)
                bounds=whole(0, 999_999, 1.0)
                on_change=move |it: f64| edit(&|network| network.job.seed = it as u64)
            />
        </div>
        <p class="field__hint">{t!(i18n, optimizers.network.samples_hint)}</p>
        <div class="buttons">
            <button type="button" class="button" on:click=take>{t!(i18n, optimizers.network.take)}</button>
        </div>
    }
}

/// The buttons, and why there is nothing to start.
#[component]
fn StartStop(track: Track, race: NetworkRace) -> impl IntoView {
    let i18n = use_i18n();
    let training = laboratory().training.phase();
    let is_training = Memo::new(move |_| training.get().is_active());
    let is_racing = Memo::new(move |_| race.read(|relay| relay.current().is_some()));
    let fault = Memo::new(move |_| {
        let network = track.setup.read().network.clone();
        let found = network.runs().into_iter().enumerate().find_map(|(racer, run)| {
            let problem = problems(&run).into_iter().find(|problem| !problem.is_warning())?;
            Some((racer, words(i18n).problem(&problem, &run)))
        });
        found.map(|(racer, text)| format!("{}. {text}", Lane::Network.label(&track.setup.read(), racer)))
    });
    let start = move |_| {
        if !is_training.get_untracked() && fault.read_untracked().is_none() {
            let runs = track.setup.with_untracked(|setup| setup.network.runs());
            race.start(runs);
        }
    };
    let is_refused = Memo::new(move |_| is_training.get() || fault.read().is_some());
    let progress = move || {
        let language = track.shell.language.get();
        race.read(|relay| {
            let racer = relay.current()?;
            let (run, state) = relay.racers().get(racer)?;
            let name = super::racer_name(racer, &run.compile.optimizer);
            let share = language.percent(state.share_done().unwrap_or(0.0), 0);
            let (number, total) = (racer + 1, relay.racers().len());
            Some(t_string!(i18n, optimizers.network.progress, number, total, name, share).to_string())
        })
    };
    view! {
        <div class="buttons">
            <button
                type="button"
                class="button button--primary"
                disabled=move || is_racing.get() || is_refused.get()
                on:click=start
            >
                <IconMark icon=Icon::Play />
                {t!(i18n, optimizers.network.start)}
            </button>
            <button
                type="button"
                class="button"
                disabled=move || !is_racing.get()
                on:click=move |_| race.stop()
            >
                <IconMark icon=Icon::Stop />
                {t!(i18n, optimizers.network.stop)}
            </button>
        </div>
        <p class="remark" role="status" hidden=move || !is_training.get()>
            {t!(i18n, optimizers.network.busy)}
        </p>
        <p class="field__error" hidden=move || fault.read().is_none()>{move || fault.get()}</p>
        <p class="note">{progress}</p>
        <p class="field__hint">{t!(i18n, optimizers.network.apart)}</p>
    }
}
