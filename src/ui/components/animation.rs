//! The buttons that make a film of the page's walk, with its progress.

use super::super::animation::Plan;
use super::super::browser::{ObjectUrl, download, focus_id};
use super::super::context::{Shell, shell};
use super::super::i18n::{Locale, t, t_string, use_i18n};
use super::super::translations::text;
use super::film::{Animation, gif, webm, webm_type};
use super::{Icon, IconMark, ProgressBar, fresh_id};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use wasm_bindgen_futures::spawn_local;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gif,
    WebM,
}

/// What the buttons have led to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Idle,
    Making { kind: Kind, done: usize, total: usize },
    Failed,
}

/// The walk, and how far its film is.
#[derive(Clone, Copy)]
struct Studio {
    name: &'static str,
    animation: Animation,
    shell: Shell,
    i18n: I18nContext<Locale>,
    stage: RwSignal<Stage>,
    plan: Memo<Plan>,
    /// The ids of the two buttons.
    ids: StoredValue<[String; 2]>,
}

impl Studio {
    fn is_making(self) -> bool {
        matches!(self.stage.get(), Stage::Making { .. })
    }

    fn make(self, kind: Kind) {
        if untrack(|| self.is_making()) {
            return;
        }
        let Studio { name, animation, stage, .. } = self;
        stage.set(Stage::Making { kind, done: 0, total: self.plan.read_untracked().positions.len() });
        // Whether the work goes on; it ends as well when the page is left.
        let tell = move |done, total| {
            let goes_on = matches!(stage.try_get_untracked(), Some(Stage::Making { .. }));
            if goes_on {
                stage.set(Stage::Making { kind, done, total });
            }
            goes_on
        };
        let palette = self.shell.palette.get_untracked();
        spawn_local(async move {
            let (made, ending, media_type) = match kind {
                Kind::Gif => (gif(animation, palette, tell).await, "gif", "image/gif"),
                Kind::WebM => (webm(animation, palette, tell).await, "webm", "video/webm"),
            };
            let file = format!("{name}.{ending}");
            let saved = match made {
                Ok(Some(bytes)) => ObjectUrl::new(&bytes, media_type).map(|url| download(&url, &file)),
                Ok(None) => return,
                Err(_) => None,
            };
            let after = if saved.is_some() { Stage::Idle } else { Stage::Failed };
            if stage.try_set(after).is_none() && saved.is_some() {
                self.shell.announce(t_string!(self.i18n, take.animation.saved, file).to_string());
            }
        });
    }

    fn cancel(self) {
        let Stage::Making { kind, .. } = self.stage.get_untracked() else { return };
        self.stage.set(Stage::Idle);
        self.shell.announce(t_string!(self.i18n, take.animation.cancelled));
        focus_id(self.ids.with_value(|ids| ids[kind as usize].clone()));
    }

    /// How many positions are shown, and for how long.
    fn words(self) -> String {
        let plan = self.plan.read();
        let (count, total) = (plan.positions.len(), self.animation.count.get());
        let seconds = self.shell.language.get().short(f64::from(plan.length_ms()) / 1000.0, 1);
        if count == total {
            t_string!(self.i18n, take.animation.whole, count, seconds).to_string()
        } else {
            t_string!(self.i18n, take.animation.thinned, total, count, seconds).to_string()
        }
    }
}

/// GIF and WebM of a walk. `name` begins the files' names.
#[component]
pub fn AnimationButtons(name: &'static str, animation: Animation) -> impl IntoView {
    let i18n = use_i18n();
    let studio = Studio {
        name,
        animation,
        shell: shell(),
        i18n,
        stage: RwSignal::new(Stage::Idle),
        plan: Memo::new(move |_| Plan::of(animation.count.get())),
        ids: StoredValue::new([fresh_id("gif"), fresh_id("webm")]),
    };
    let has_webm = webm_type().is_some();
    let hint_id = fresh_id("film-hint");
    let described = hint_id.clone();
    let is_making = Memo::new(move |_| studio.is_making());
    let button = move |kind: Kind, word: &'static str| {
        view! {
            <button
                type="button"
                class="button"
                id=studio.ids.with_value(|ids| ids[kind as usize].clone())
                aria-disabled=move || is_making.get().then_some("true")
                aria-describedby=described.clone()
                on:click=move |_| studio.make(kind)
            >
                <IconMark icon=Icon::Download />
                <span lang="en">{word}</span>
            </button>
        }
    };
    let group_id = fresh_id("film");
    let labelled_by = group_id.clone();
    view! {
        <div class="take-away__film" role="group" aria-labelledby=labelled_by>
            <p class="field__label" id=group_id>{t!(i18n, take.animation.title)}</p>
            <div class="buttons">
                {button(Kind::Gif, "GIF")} {has_webm.then(|| button(Kind::WebM, "WebM"))}
                <Show when=move || is_making.get()>
                    <button type="button" class="button" on:click=move |_| studio.cancel()>
                        {t!(i18n, take.animation.cancel)}
                    </button>
                </Show>
            </div>
            <p class="field__hint" id=hint_id>
                {move || studio.words()} " "
                {if has_webm {
                    t!(i18n, take.animation.hint).into_any()
                } else {
                    t!(i18n, take.animation.no_webm).into_any()
                }}
            </p>
            <Show when=move || is_making.get()>
                <Making stage=studio.stage />
            </Show>
            <div role="alert">
                <Show when=move || studio.stage.get() == Stage::Failed>
                    <p class="field__error">{t!(i18n, take.animation.failed)}</p>
                </Show>
            </div>
        </div>
    }
}

/// How many frames are done.
#[component]
fn Making(stage: RwSignal<Stage>) -> impl IntoView {
    let i18n = use_i18n();
    let at = move || match stage.get() {
        Stage::Making { done, total, .. } => (done, total.max(1)),
        Stage::Idle | Stage::Failed => (0, 1),
    };
    let share = move || {
        let (done, total) = at();
        Some(done as f64 / total as f64)
    };
    let text = move || {
        let (number, total) = at();
        t_string!(i18n, take.animation.frame, number, total).to_string()
    };
    view! {
        <ProgressBar
            label=text!(i18n, take.animation.progress)
            share=Signal::derive(share)
            text=Signal::derive(text)
        />
    }
}
